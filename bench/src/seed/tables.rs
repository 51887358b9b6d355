//! Rows by the thousand, straight into the tables: two years of trade through the shop's own front door would take hours.
//! `oxcart verify` says whether they fit.

use chrono::{DateTime, Utc};
use oxcart::args;
use oxcart::store::{Arg, Conn};

/// Carts.
pub const CARTS: &str = "INSERT INTO carts
     (id, version, currency, coupons, checkout_id, order_id, created_at, updated_at)";
/// Their lines.
pub const CART_ITEMS: &str = "INSERT INTO cart_items (id, cart_id, variant_id, quantity, seen_price, added_at)";
/// Checkouts.
pub const CHECKOUTS: &str = "INSERT INTO checkouts (id, cart_id, version, status, currency, total, expires_at,
     payment_id, order_id, created_at, updated_at)";
/// What they froze.
pub const FROZEN: &str = "INSERT INTO frozen_checkouts (checkout_id, body)";
/// What they hold.
pub const RESERVATIONS: &str = "INSERT INTO reservations (checkout_id, variant_id, location_id, quantity, status)";
/// Attempts to pay.
pub const PAYMENTS: &str = "INSERT INTO payments (id, checkout_id, order_id, checkout_version, provider, reference,
     status, state, currency, amount, captured, refunded, version, created_at, updated_at)";
/// What the sandbox bank knows of them.
pub const BANK: &str = "INSERT INTO sandbox_payments (id, currency, amount, status, created_at, updated_at)";
/// Orders.
pub const ORDERS: &str = "INSERT INTO orders (id, number, checkout_id, cart_id, payment_id, status, payment_status,
     fulfillment_status, email, email_canonical, currency, subtotal, discount, shipping, tax, tax_included, total,
     body, version, placed_at, updated_at, customer_folded, search_folded)";
/// Their lines.
pub const ORDER_ITEMS: &str = "INSERT INTO order_items (id, order_id, position, variant_id, product_id, product_slug,
     name, variant_title, sku, image, requires_shipping, quantity, unit_price, discount, tax_rate_ppm, tax, total,
     fulfilled, delivered, returned, refunded_quantity, refunded)";
const REFUNDS: &str = "INSERT INTO refunds (id, order_id, payment_id, status, currency, amount, reason, restock,
     notify, actor, created_at, settled_at)";
const REFUND_ITEMS: &str = "INSERT INTO refund_items (refund_id, order_item_id, quantity, amount)";
const FULFILLMENTS: &str = "INSERT INTO fulfillments (id, order_id, carrier, tracking_number, actor, created_at)";
const FULFILLMENT_ITEMS: &str = "INSERT INTO fulfillment_items (fulfillment_id, order_item_id, quantity)";
const CANCELLATIONS: &str = "INSERT INTO cancellations (order_id, reason, restock, actor, created_at)";
/// What moved in stock.
pub const MOVEMENTS: &str =
    "INSERT INTO stock_movements (id, variant_id, location_id, kind, delta, reference, actor, at)";
/// What was told.
pub const EVENTS: &str = "INSERT INTO events (kind, subject, subject_id, version, data, actor, at)";
const JOBS: &str = "INSERT INTO jobs
     (id, kind, payload, status, run_at, lease_until, attempts, last_error, created_at)";
/// Who has ordered.
pub const CUSTOMERS: &str = "INSERT INTO customers (id, email_canonical, email, name, name_folded, search_folded,
     orders, currency, spent, first_order_at, last_order_at)";

/// Rows of one table.
pub type Rows = Vec<Vec<Arg>>;

/// Rows that are written together, in the order in which they refer to each other.
#[derive(Default)]
pub struct Batch {
    /// Carts.
    pub carts: Rows,
    /// Their lines.
    pub cart_items: Rows,
    /// Checkouts.
    pub checkouts: Rows,
    /// What they froze.
    pub frozen: Rows,
    /// What they held.
    pub reservations: Rows,
    /// Attempts to pay.
    pub payments: Rows,
    /// What the sandbox bank knows of them.
    pub bank: Rows,
    /// Orders.
    pub orders: Rows,
    /// Their lines.
    pub order_items: Rows,
    /// Money that went back.
    pub refunds: Rows,
    /// What it was for.
    pub refund_items: Rows,
    /// Parcels.
    pub fulfillments: Rows,
    /// What is in them.
    pub fulfillment_items: Rows,
    /// Why orders were called off.
    pub cancellations: Rows,
    /// What moved in stock.
    pub movements: Rows,
    /// What was told.
    pub events: Rows,
    /// What is still to be done, or could not be.
    pub jobs: Rows,
    /// Who has ordered.
    pub customers: Rows,
}

impl Batch {
    /// Writes all of it.
    pub async fn write(self, conn: &mut Conn) -> Result<(), crate::Failure> {
        for (head, rows) in [
            (CARTS, self.carts),
            (CART_ITEMS, self.cart_items),
            (CHECKOUTS, self.checkouts),
            (FROZEN, self.frozen),
            (RESERVATIONS, self.reservations),
            (PAYMENTS, self.payments),
            (BANK, self.bank),
            (ORDERS, self.orders),
            (ORDER_ITEMS, self.order_items),
            (REFUNDS, self.refunds),
            (REFUND_ITEMS, self.refund_items),
            (FULFILLMENTS, self.fulfillments),
            (FULFILLMENT_ITEMS, self.fulfillment_items),
            (CANCELLATIONS, self.cancellations),
            (MOVEMENTS, self.movements),
            (EVENTS, self.events),
            (JOBS, self.jobs),
            (CUSTOMERS, self.customers),
        ] {
            conn.insert_many(head, rows, "").await?;
        }
        Ok(())
    }
}

/// Brings the stock to what its movements and reservations come to, and the order numbers behind the last one.
pub async fn settle(conn: &mut Conn, next_number: i64) -> Result<(), crate::Failure> {
    const ON_HAND: &str = "UPDATE stock SET on_hand = COALESCE((SELECT CAST(SUM(m.delta) AS BIGINT)
         FROM stock_movements m WHERE m.variant_id = stock.variant_id AND m.location_id = stock.location_id), 0)";
    const RESERVED: &str = "UPDATE stock SET reserved = r.held FROM (SELECT variant_id, location_id,
             CAST(SUM(quantity) AS BIGINT) AS held FROM reservations WHERE status = 'active'
             GROUP BY variant_id, location_id) AS r
         WHERE stock.variant_id = r.variant_id AND stock.location_id = r.location_id";
    const NUMBER: &str = "INSERT INTO counters (name, value) VALUES ('order', $1)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    conn.execute(ON_HAND, args![]).await?;
    conn.execute(RESERVED, args![]).await?;
    conn.execute(NUMBER, args![next_number]).await?;
    Ok(())
}

/// Lets the engine learn what the tables hold now, as it would have over the years.
pub async fn learn(conn: &mut Conn) -> Result<(), crate::Failure> {
    match conn.is_postgres() {
        true => conn.script("ANALYZE".to_owned()).await?,
        false => oxcart::store::learn::learn(conn).await?,
    }
    Ok(())
}

/// A job as it lies in the queue.
pub fn job(id: uuid::Uuid, kind: &str, payload: serde_json::Value, dead: Option<&str>, at: DateTime<Utc>) -> Vec<Arg> {
    let (status, attempts) = if dead.is_some() { ("dead", 12_i64) } else { ("waiting", 0) };
    args![id, kind, Arg::json(&payload), status, at, at, attempts, dead.map(str::to_owned), at]
}

/// What a cart, a checkout and a payment change in rows that are there, for many of them in one statement each: the list of
/// values, `v`, stands between the two texts. `bench limits` commits them with the bare driver.
pub mod changes {
    /// A cart has one more line: id, version, time.
    pub const CART_EDITED: (&str, &str) =
        ("UPDATE carts SET version = v.column2, updated_at = v.column3", "WHERE carts.id = v.column1");
    /// A cart has a checkout: id, checkout.
    pub const CART_CHECKED_OUT: (&str, &str) =
        ("UPDATE carts SET checkout_id = v.column2", "WHERE carts.id = v.column1");
    /// A cart is bought: id, order, version, time.
    pub const CART_BOUGHT: (&str, &str) = (
        "UPDATE carts SET order_id = v.column2, version = v.column3, updated_at = v.column4",
        "WHERE carts.id = v.column1",
    );
    /// Units are held: variant, units.
    pub const STOCK_HELD: (&str, &str) =
        ("UPDATE stock SET reserved = stock.reserved + v.column2", "WHERE stock.variant_id = v.column1");
    /// Units that were held are sold: variant, units.
    pub const STOCK_SOLD: (&str, &str) = (
        "UPDATE stock SET on_hand = stock.on_hand - v.column2, reserved = stock.reserved - v.column2",
        "WHERE stock.variant_id = v.column1",
    );
    /// What a checkout held is no longer held: checkout, status.
    pub const HOLDS_ENDED: (&str, &str) =
        ("UPDATE reservations SET status = v.column2", "WHERE reservations.checkout_id = v.column1");
    /// A checkout is paid: id, version, status, payment, order, time.
    pub const CHECKOUT_PAID: (&str, &str) = (
        "UPDATE checkouts SET version = v.column2, status = v.column3, payment_id = v.column4, order_id = v.column5,
            updated_at = v.column6",
        "WHERE checkouts.id = v.column1",
    );
    /// What follows the rows of customers who may have ordered before.
    pub const CUSTOMER_KNOWN: &str = "ON CONFLICT (email_canonical) DO UPDATE SET orders = customers.orders + 1,
         spent = customers.spent + excluded.spent, last_order_at = excluded.last_order_at";
    /// Jobs.
    pub const JOBS: &str = super::JOBS;
}
