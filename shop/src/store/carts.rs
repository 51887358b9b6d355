//! Carts and their lines. The cart's row is the lock of everything that grows from it: checkouts, payments, the order.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use commerce::cart::{Cart, CartItem, CartStatus};
use commerce::ids::{CartId, CartItemId, CheckoutId, OrderId, PaymentId, VariantId};
use commerce::money::{Currency, Money};
use sqlx::types::Json;
use uuid::Uuid;

use super::{Arg, Conn};
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

#[derive(sqlx::FromRow)]
struct CartRow {
    id: Uuid,
    version: i64,
    currency: String,
    coupons: Json<Vec<String>>,
    checkout_id: Option<Uuid>,
    order_id: Option<Uuid>,
    updated_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct ItemRow {
    id: Uuid,
    variant_id: Uuid,
    quantity: i64,
    seen_price: i64,
    added_at: DateTime<Utc>,
}

const CART: &str = "SELECT id, version, currency, coupons, checkout_id, order_id, updated_at FROM carts WHERE id = $1";

/// A cart, or `NotFound`.
pub async fn load(conn: &mut Conn, id: CartId) -> Result<CartRecord> {
    let row = conn.optional(CART, args![id]).await?.ok_or(Error::NotFound)?;
    with_items(conn, row).await
}

/// A cart, alone until the transaction ends, or `NotFound`.
pub async fn lock(conn: &mut Conn, id: CartId) -> Result<CartRecord> {
    let row = conn.lock_one(CART, args![id]).await?.ok_or(Error::NotFound)?;
    with_items(conn, row).await
}

/// Holds the cart of a checkout until the transaction ends.
pub async fn hold_of_checkout(conn: &mut Conn, checkout: CheckoutId) -> sqlx::Result<()> {
    const OF: &str = "SELECT id FROM carts WHERE id = (SELECT cart_id FROM checkouts WHERE id = $1)";
    conn.hold(OF, args![checkout]).await
}

/// Holds the cart of a payment's checkout until the transaction ends.
pub async fn hold_of_payment(conn: &mut Conn, payment: PaymentId) -> sqlx::Result<()> {
    const OF: &str = "SELECT id FROM carts WHERE id =
         (SELECT c.cart_id FROM checkouts c JOIN payments p ON p.checkout_id = c.id WHERE p.id = $1)";
    conn.hold(OF, args![payment]).await
}

async fn with_items(conn: &mut Conn, row: CartRow) -> Result<CartRecord> {
    const ITEMS: &str = "SELECT id, variant_id, quantity, seen_price, added_at FROM cart_items WHERE cart_id = $1 ORDER BY added_at, id";
    let items: Vec<ItemRow> = conn.all(ITEMS, args![row.id]).await?;
    let currency = Currency::parse(&row.currency).map_err(|error| Error::Internal(error.to_string()))?;
    let seen_prices = items.iter().map(|i| (CartItemId(i.id), Money::new(i.seen_price, currency))).collect();
    let cart = Cart {
        id: CartId(row.id),
        version: row.version,
        currency,
        items: items.iter().map(ItemRow::item).collect(),
        coupons: row.coupons.0,
        status: row.order_id.map_or(CartStatus::Open, |order| CartStatus::Completed(OrderId(order))),
        updated_at: row.updated_at,
    };
    Ok(CartRecord { cart, checkout: row.checkout_id.map(CheckoutId), seen_prices })
}

impl ItemRow {
    fn item(&self) -> CartItem {
        CartItem {
            id: CartItemId(self.id),
            variant_id: VariantId(self.variant_id),
            quantity: self.quantity,
            added_at: self.added_at,
        }
    }
}

/// Keeps a new cart.
pub async fn insert(conn: &mut Conn, cart: &Cart) -> sqlx::Result<()> {
    const INSERT: &str = "INSERT INTO carts (id, version, currency, coupons, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $5)";
    let row = args![cart.id, cart.version, cart.currency.code(), Arg::json(&cart.coupons), cart.updated_at];
    conn.execute(INSERT, row).await?;
    Ok(())
}

/// Writes what an edit changed. The cart was locked before; `prices` are those the buyer sees now.
pub async fn save(
    conn: &mut Conn,
    before: &Cart,
    after: &Cart,
    prices: &HashMap<VariantId, Money>,
) -> sqlx::Result<()> {
    const CART: &str = "UPDATE carts SET version = $2, coupons = $3, updated_at = $4, checkout_id = NULL WHERE id = $1";
    const DELETE: &str = "DELETE FROM cart_items WHERE id = $1";
    const LINE: &str = "INSERT INTO cart_items (id, cart_id, variant_id, quantity, seen_price, added_at)";
    const OVER: &str = "ON CONFLICT (id) DO UPDATE SET quantity = excluded.quantity, seen_price = excluded.seen_price";
    let row = args![after.id, after.version, Arg::json(&after.coupons), after.updated_at];
    conn.execute(CART, row).await?;
    for gone in before.items.iter().filter(|item| after.items.iter().all(|kept| kept.id != item.id)) {
        conn.execute(DELETE, args![gone.id]).await?;
    }
    let line = |item: &CartItem| {
        let seen = prices.get(&item.variant_id).map_or(0, |price| price.minor);
        args![item.id, after.id, item.variant_id, item.quantity, seen, item.added_at]
    };
    conn.insert_many(LINE, after.items.iter().map(line).collect(), OVER).await?;
    Ok(())
}

/// Names the checkout that the cart is in.
pub async fn set_checkout(conn: &mut Conn, cart: CartId, checkout: CheckoutId) -> sqlx::Result<()> {
    conn.execute("UPDATE carts SET checkout_id = $2 WHERE id = $1", args![cart, checkout]).await?;
    Ok(())
}

/// The cart is in no checkout any more.
pub async fn leave_checkout(conn: &mut Conn, cart: CartId, checkout: CheckoutId) -> sqlx::Result<()> {
    const LEAVE: &str = "UPDATE carts SET checkout_id = NULL WHERE id = $1 AND checkout_id = $2";
    conn.execute(LEAVE, args![cart, checkout]).await?;
    Ok(())
}

/// Ends the cart: it became an order.
pub async fn complete(conn: &mut Conn, cart: CartId, order: OrderId, now: DateTime<Utc>) -> sqlx::Result<()> {
    const COMPLETE: &str = "UPDATE carts SET order_id = $2, version = version + 1, updated_at = $3 WHERE id = $1";
    conn.execute(COMPLETE, args![cart, order, now]).await?;
    Ok(())
}
