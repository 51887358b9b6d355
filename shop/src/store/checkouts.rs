//! Checkouts. The whole frozen checkout is kept as it was seen; what is searched for has columns.

use chrono::{DateTime, Utc};
use commerce::checkout::Checkout;
use commerce::ids::{CheckoutId, OrderId, PaymentId};
use sqlx::types::Json;
use uuid::Uuid;

use super::{Arg, Conn};
use crate::args;
use crate::error::{Error, Result};

/// A checkout as it is kept.
#[derive(Clone, Debug)]
pub struct CheckoutRecord {
    /// The checkout of the rules.
    pub checkout: Checkout,
    /// Its latest attempt to pay.
    pub payment: Option<PaymentId>,
}

#[derive(sqlx::FromRow)]
struct CheckoutRow {
    version: i64,
    status: String,
    body: Json<Checkout>,
    expires_at: DateTime<Utc>,
    payment_id: Option<Uuid>,
    order_id: Option<Uuid>,
}

#[derive(sqlx::FromRow)]
struct IdRow {
    id: Uuid,
}

/// A checkout, or `NotFound`.
pub async fn load(conn: &mut Conn, id: CheckoutId) -> Result<CheckoutRecord> {
    const LOAD: &str = "SELECT version, status, body, expires_at, payment_id, order_id FROM checkouts WHERE id = $1";
    let row: CheckoutRow = conn.optional(LOAD, args![id]).await?.ok_or(Error::NotFound)?;
    let status = row.status.parse().map_err(|error: commerce::UnknownName| Error::Internal(error.to_string()))?;
    let order = row.order_id.map(OrderId);
    let checkout = Checkout { version: row.version, status, expires_at: row.expires_at, order, ..row.body.0 };
    Ok(CheckoutRecord { checkout, payment: row.payment_id.map(PaymentId) })
}

/// Open checkouts whose time ran out before a moment: their job should have ended them.
pub async fn overdue(conn: &mut Conn, before: DateTime<Utc>) -> sqlx::Result<Vec<CheckoutId>> {
    const OVERDUE: &str = "SELECT id FROM checkouts WHERE status = 'open' AND expires_at < $1 ORDER BY id LIMIT 500";
    let rows: Vec<IdRow> = conn.all(OVERDUE, args![before]).await?;
    Ok(rows.into_iter().map(|row| CheckoutId(row.id)).collect())
}

/// Keeps a new checkout.
pub async fn insert(conn: &mut Conn, checkout: &Checkout) -> sqlx::Result<()> {
    const INSERT: &str = "INSERT INTO checkouts
            (id, cart_id, version, status, body, currency, total, expires_at, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)";
    let total = checkout.quote.totals.total;
    let row = args![
        checkout.id,
        checkout.cart_id,
        checkout.version,
        checkout.status.as_str(),
        Arg::json(checkout),
        total.currency.code(),
        total.minor,
        checkout.expires_at,
        checkout.created_at,
    ];
    conn.execute(INSERT, row).await?;
    Ok(())
}

/// Writes a checkout over what was there, with its latest attempt to pay.
pub async fn save(
    conn: &mut Conn,
    checkout: &Checkout,
    payment: Option<PaymentId>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    const SAVE: &str = "UPDATE checkouts SET version = $2, status = $3, body = $4, total = $5, expires_at = $6,
            payment_id = $7, order_id = $8, updated_at = $9 WHERE id = $1";
    let row = args![
        checkout.id,
        checkout.version,
        checkout.status.as_str(),
        Arg::json(checkout),
        checkout.quote.totals.total.minor,
        checkout.expires_at,
        payment,
        checkout.order,
        now,
    ];
    conn.execute(SAVE, row).await?;
    Ok(())
}
