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

/// A cart as it is kept.
#[derive(Clone, Debug)]
pub struct CartRecord {
    /// The cart of the rules.
    pub cart: Cart,
    /// Its latest checkout.
    pub checkout: Option<CheckoutId>,
    /// The price of one that the buyer last saw, by line.
    pub seen_prices: HashMap<CartItemId, Money>,
}

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

/// Holds a cart until the transaction ends, or `NotFound`.
pub async fn hold(conn: &mut Conn, id: CartId) -> Result<()> {
    let row: Option<IdRow> = conn.lock_one("SELECT id FROM carts WHERE id = $1", args![id]).await?;
    row.map(|_| ()).ok_or(Error::NotFound)
}

#[derive(sqlx::FromRow)]
#[expect(dead_code, reason = "only whether there is a row matters")]
struct IdRow {
    id: Uuid,
}

/// Holds carts until the transaction ends, in the order of their ids: these, and those of checkouts and payments.
pub async fn hold_all(
    conn: &mut Conn,
    carts: Vec<CartId>,
    checkouts: Vec<CheckoutId>,
    payments: Vec<PaymentId>,
) -> sqlx::Result<()> {
    if !conn.is_postgres() || (carts.is_empty() && checkouts.is_empty() && payments.is_empty()) {
        return Ok(());
    }
    let mut query = Query::new("SELECT id FROM carts WHERE id IN (SELECT k.id FROM carts k");
    query.and_any_of("k.id", keys(carts));
    if !checkouts.is_empty() {
        query.then("UNION SELECT c.cart_id FROM checkouts c WHERE 1 = 1");
        query.and_any_of("c.id", keys(checkouts));
    }
    if !payments.is_empty() {
        query.then("UNION SELECT c.cart_id FROM checkouts c JOIN payments p ON p.checkout_id = c.id WHERE 1 = 1");
        query.and_any_of("p.id", keys(payments));
    }
    query.then(") ORDER BY id FOR NO KEY UPDATE");
    conn.all_by::<IdRow>(query).await.map(|_| ())
}

/// Holds the cart of a checkout until the transaction ends.
pub async fn hold_of_checkout(conn: &mut Conn, checkout: CheckoutId) -> sqlx::Result<()> {
    const OF: &str = "SELECT id FROM carts WHERE id = (SELECT cart_id FROM checkouts WHERE id = $1)";
    conn.hold(OF, args![checkout]).await
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

/// Writes what edits changed. The carts were held before; they are in no checkout any more.
pub fn save_all(writes: &mut Writes, edited: &[Edited]) {
    const CARTS: &str = "UPDATE carts SET version = v.column2, coupons = v.column3, updated_at = v.column4,
            checkout_id = NULL";
    const DELETE: &str = "DELETE FROM cart_items WHERE id IN";
    const LINES: &str = "INSERT INTO cart_items (id, cart_id, variant_id, quantity, seen_price, added_at)";
    const OVER: &str = "ON CONFLICT (id) DO UPDATE SET quantity = excluded.quantity, seen_price = excluded.seen_price";
    let cart = |edit: &Edited| {
        let Cart { id, version, coupons, updated_at, .. } = &edit.cart;
        args![*id, *version, Arg::json(coupons), *updated_at]
    };
    writes.update(CARTS, edited.iter().map(cart).collect(), "WHERE carts.id = v.column1");
    writes.delete(DELETE, keys(edited.iter().flat_map(|edit| edit.gone.iter().copied())));
    let lines = edited.iter().flat_map(|edit| edit.cart.items.iter().map(move |item| (edit, item)));
    let line = |(edit, item): (&Edited, &CartItem)| {
        let seen = edit.prices.get(&item.variant_id).map_or(0, |price| price.minor);
        args![item.id, edit.cart.id, item.variant_id, item.quantity, seen, item.added_at]
    };
    writes.insert(LINES, lines.map(line).collect(), OVER);
}

/// Names the checkouts that carts are in.
pub fn set_checkouts(writes: &mut Writes, entered: &[(CartId, CheckoutId)]) {
    const ENTER: &str = "UPDATE carts SET checkout_id = v.column2";
    let rows = entered.iter().map(|(cart, checkout)| args![*cart, *checkout]).collect();
    writes.update(ENTER, rows, "WHERE carts.id = v.column1");
}

/// The cart is in no checkout any more.
pub async fn leave_checkout(conn: &mut Conn, cart: CartId, checkout: CheckoutId) -> sqlx::Result<()> {
    const LEAVE: &str = "UPDATE carts SET checkout_id = NULL WHERE id = $1 AND checkout_id = $2";
    conn.execute(LEAVE, args![cart, checkout]).await?;
    Ok(())
}

/// Ends carts: each became an order.
pub fn complete_all(writes: &mut Writes, bought: &[(CartId, OrderId)], now: DateTime<Utc>) {
    const COMPLETE: &str = "UPDATE carts SET order_id = v.column2, version = carts.version + 1, updated_at = v.column3";
    let rows = bought.iter().map(|(cart, order)| args![*cart, *order, now]).collect();
    writes.update(COMPLETE, rows, "WHERE carts.id = v.column1");
}
