//! Carts and their lines. The cart's row is the lock of everything that grows from it: checkouts, payments, the order.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chrono::{DateTime, Utc};
use commerce::cart::{Cart, CartItem, CartStatus};
use commerce::ids::{CartId, CartItemId, CheckoutId, OrderId, PaymentId, VariantId};
use commerce::money::{Currency, Money};
use sqlx::types::Json;
use uuid::Uuid;

use super::{Arg, Conn, Query, Writes, keys};
use crate::args;
use crate::error::{Error, Result};
use crate::faults::{self, Fault};

/// A cart as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct CartRecord {
    /// The cart of the rules.
    pub cart: Cart,
    /// Its latest checkout.
    pub checkout: Option<CheckoutId>,
    /// The price of one that the buyer last saw, by line.
    pub seen_prices: HashMap<CartItemId, Money>,
}

impl CartRecord {
    /// A new cart, without lines.
    pub fn new(cart: Cart) -> Self {
        CartRecord { cart, checkout: None, seen_prices: HashMap::new() }
    }
}

/// How often what grew from each cart was changed.
pub type SaleVersions = HashMap<CartId, i64>;

/// A cart's row, once for each of its lines and at least once.
#[derive(sqlx::FromRow)]
struct CartRow {
    id: Uuid,
    version: i64,
    currency: String,
    coupons: Json<Vec<String>>,
    checkout_id: Option<Uuid>,
    order_id: Option<Uuid>,
    updated_at: DateTime<Utc>,
    #[sqlx(flatten)]
    line: LineRow,
}

#[derive(sqlx::FromRow)]
struct LineRow {
    item_id: Option<Uuid>,
    variant_id: Option<Uuid>,
    quantity: Option<i64>,
    seen_price: Option<i64>,
    added_at: Option<DateTime<Utc>>,
}

/// The carts of these ids that exist, with their lines.
pub async fn these(conn: &mut Conn, ids: Vec<CartId>) -> Result<HashMap<CartId, CartRecord>> {
    const THESE: &str = "SELECT c.id, c.version, c.currency, c.coupons, c.checkout_id, c.order_id, c.updated_at,
            i.id AS item_id, i.variant_id, i.quantity, i.seen_price, i.added_at
         FROM carts c LEFT JOIN cart_items i ON i.cart_id = c.id WHERE c.id IN";
    let rows: Vec<CartRow> = conn.all_in(THESE, keys(ids), "ORDER BY c.id, i.added_at, i.id").await?;
    let mut found: HashMap<CartId, CartRecord> = HashMap::new();
    for row in rows {
        let record = match found.entry(CartId(row.id)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(row.without_lines()?),
        };
        if let Some((item, seen)) = row.line.item() {
            record.seen_prices.insert(item.id, Money::new(seen, record.cart.currency));
            record.cart.items.push(item);
        }
    }
    Ok(found)
}

/// A cart, or `NotFound`.
pub async fn load(conn: &mut Conn, id: CartId) -> Result<CartRecord> {
    these(conn, vec![id]).await?.remove(&id).ok_or(Error::NotFound)
}

impl CartRow {
    fn without_lines(&self) -> Result<CartRecord> {
        let currency = Currency::parse(&self.currency).map_err(|error| Error::Internal(error.to_string()))?;
        let cart = Cart {
            id: CartId(self.id),
            version: self.version,
            currency,
            items: vec![],
            coupons: self.coupons.0.clone(),
            status: self.order_id.map_or(CartStatus::Open, |order| CartStatus::Completed(OrderId(order))),
            updated_at: self.updated_at,
        };
        Ok(CartRecord { cart, checkout: self.checkout_id.map(CheckoutId), seen_prices: HashMap::new() })
    }
}

impl LineRow {
    /// The line and the price that was seen; a cart without lines has a row without one.
    fn item(self) -> Option<(CartItem, i64)> {
        let item = CartItem {
            id: CartItemId(self.item_id?),
            variant_id: VariantId(self.variant_id?),
            quantity: self.quantity?,
            added_at: self.added_at?,
        };
        Some((item, self.seen_price?))
    }
}

/// Holds a cart until the transaction ends, to change something that grew from it, or `NotFound`.
pub async fn hold(conn: &mut Conn, id: CartId) -> Result<()> {
    const HOLD: &str = "UPDATE carts SET sale_version = sale_version + 1 WHERE id = $1";
    match conn.execute(HOLD, args![id]).await? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

#[derive(sqlx::FromRow)]
struct VersionRow {
    id: Uuid,
    sale_version: i64,
}

/// Holds carts until the transaction ends, in the order of their ids: these, and those of checkouts and payments. Answers
/// how often what grew from them was changed. SQLite's writer is alone already.
pub async fn hold_all(
    conn: &mut Conn,
    carts: Vec<CartId>,
    checkouts: Vec<CheckoutId>,
    payments: Vec<PaymentId>,
) -> sqlx::Result<SaleVersions> {
    if carts.is_empty() && checkouts.is_empty() && payments.is_empty() {
        return Ok(SaleVersions::new());
    }
    let mut query = Query::new("SELECT id, sale_version FROM carts WHERE id IN (SELECT k.id FROM carts k");
    query.and_any_of("k.id", keys(carts));
    if !checkouts.is_empty() {
        query.then("UNION SELECT c.cart_id FROM checkouts c WHERE 1 = 1");
        query.and_any_of("c.id", keys(checkouts));
    }
    if !payments.is_empty() {
        query.then("UNION SELECT c.cart_id FROM checkouts c JOIN payments p ON p.checkout_id = c.id WHERE 1 = 1");
        query.and_any_of("p.id", keys(payments));
    }
    query.then(if conn.is_postgres() { ") ORDER BY id FOR NO KEY UPDATE" } else { ")" });
    let rows: Vec<VersionRow> = conn.all_by(query).await?;
    Ok(rows.into_iter().map(|row| (CartId(row.id), row.sale_version)).collect())
}

/// How often what grew from carts was changed.
pub async fn versions(conn: &mut Conn, carts: Vec<CartId>) -> sqlx::Result<SaleVersions> {
    let rows: Vec<VersionRow> = conn.all_in("SELECT id, sale_version FROM carts WHERE id IN", keys(carts), "").await?;
    Ok(rows.into_iter().map(|row| (CartId(row.id), row.sale_version)).collect())
}

/// Holds the cart of a checkout until the transaction ends, to change something that grew from it.
pub async fn hold_of_checkout(conn: &mut Conn, checkout: CheckoutId) -> sqlx::Result<()> {
    const HOLD: &str = "UPDATE carts SET sale_version = sale_version + 1
         WHERE id = (SELECT cart_id FROM checkouts WHERE id = $1)";
    conn.execute(HOLD, args![checkout]).await.map(|_| ())
}

/// Keeps new carts.
pub fn insert_all(writes: &mut Writes, carts: &[Cart]) {
    const HEAD: &str = "INSERT INTO carts (id, version, currency, coupons, created_at, updated_at)";
    let row = |cart: &Cart| {
        let coupons = Arg::json(&cart.coupons);
        args![cart.id, cart.version, cart.currency.code(), coupons, cart.updated_at, cart.updated_at]
    };
    writes.insert(HEAD, carts.iter().map(row).collect(), "");
}

/// A cart as an edit left it.
#[derive(Clone, Debug)]
pub struct Edited {
    /// The cart.
    pub cart: Cart,
    /// Lines that are no more.
    pub gone: Vec<CartItemId>,
    /// The prices that the buyer sees now.
    pub prices: HashMap<VariantId, Money>,
}

impl Edited {
    /// The cart as it is kept then.
    pub fn record(&self) -> CartRecord {
        let seen = |item: &CartItem| (item.id, self.seen_price(item));
        let seen_prices = self.cart.items.iter().map(seen).collect();
        CartRecord { cart: self.cart.clone(), checkout: None, seen_prices }
    }

    fn seen_price(&self, item: &CartItem) -> Money {
        self.prices.get(&item.variant_id).copied().unwrap_or(Money::zero(self.cart.currency))
    }
}

/// What a change of a sale is written under: the sale is as it was known, and is one version on.
fn as_known(known: &SaleVersions, cart: CartId) -> Arg {
    known.get(&cart).copied().into()
}

/// Carts that are as they were known.
fn where_as_known() -> &'static str {
    match faults::is(Fault::SaleVersionUnchecked) {
        true => "WHERE carts.id = v.column1",
        false => "WHERE carts.id = v.column1 AND carts.sale_version = v.column2",
    }
}

/// Notes that something which grew from carts was changed, where the carts are not changed themselves.
pub fn note_change(writes: &mut Writes, carts: &[CartId], known: &SaleVersions) {
    const NOTE: &str = "UPDATE carts SET sale_version = carts.sale_version + 1";
    let rows = carts.iter().map(|cart| args![*cart, as_known(known, *cart)]).collect();
    writes.update_each(NOTE, rows, where_as_known());
}

/// Writes what edits changed, over carts that are as they were known; they are in no checkout any more.
pub fn save_all(writes: &mut Writes, edited: &[Edited], known: &SaleVersions) {
    const CARTS: &str = "UPDATE carts SET version = v.column3, coupons = v.column4, updated_at = v.column5,
            checkout_id = NULL, sale_version = carts.sale_version + 1";
    const DELETE: &str = "DELETE FROM cart_items WHERE id IN";
    const LINES: &str = "INSERT INTO cart_items (id, cart_id, variant_id, quantity, seen_price, added_at)";
    const OVER: &str = "ON CONFLICT (id) DO UPDATE SET quantity = excluded.quantity, seen_price = excluded.seen_price";
    let cart = |edit: &Edited| {
        let Cart { id, version, coupons, updated_at, .. } = &edit.cart;
        args![*id, as_known(known, *id), *version, Arg::json(coupons), *updated_at]
    };
    writes.update_each(CARTS, edited.iter().map(cart).collect(), where_as_known());
    writes.delete(DELETE, keys(edited.iter().flat_map(|edit| edit.gone.iter().copied())));
    let lines = edited.iter().flat_map(|edit| edit.cart.items.iter().map(move |item| (edit, item)));
    let line = |(edit, item): (&Edited, &CartItem)| {
        args![item.id, edit.cart.id, item.variant_id, item.quantity, edit.seen_price(item).minor, item.added_at]
    };
    writes.insert(LINES, lines.map(line).collect(), OVER);
}

/// Names the checkouts that carts are in.
pub fn set_checkouts(writes: &mut Writes, entered: &[(CartId, CheckoutId)], known: &SaleVersions) {
    const ENTER: &str = "UPDATE carts SET checkout_id = v.column3, sale_version = carts.sale_version + 1";
    let rows = entered.iter().map(|(cart, checkout)| args![*cart, as_known(known, *cart), *checkout]).collect();
    writes.update_each(ENTER, rows, where_as_known());
}

/// The cart is in no checkout any more.
pub async fn leave_checkout(conn: &mut Conn, cart: CartId, checkout: CheckoutId) -> sqlx::Result<()> {
    const LEAVE: &str = "UPDATE carts SET checkout_id = NULL WHERE id = $1 AND checkout_id = $2";
    conn.execute(LEAVE, args![cart, checkout]).await?;
    Ok(())
}

/// Ends carts: each became an order.
pub fn complete_all(writes: &mut Writes, bought: &[(CartId, OrderId)], known: &SaleVersions, now: DateTime<Utc>) {
    const COMPLETE: &str = "UPDATE carts SET order_id = v.column3, version = carts.version + 1, updated_at = v.column4,
            sale_version = carts.sale_version + 1";
    let row = |(cart, order): &(CartId, OrderId)| args![*cart, as_known(known, *cart), *order, now];
    writes.update_each(COMPLETE, bought.iter().map(row).collect(), where_as_known());
}
