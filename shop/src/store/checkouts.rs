//! Checkouts. What was frozen is kept as it was seen; how far it has come since, and what is searched for, has columns.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use commerce::checkout::Checkout;
use commerce::ids::{CheckoutId, OrderId, PaymentId};
use sqlx::types::Json;
use uuid::Uuid;

use super::{Arg, Conn, Writes, keys};
use crate::args;
use crate::error::{Error, Result};

/// A checkout as it is kept.
#[derive(Clone, Debug, PartialEq)]
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

/// The checkouts of these ids that exist.
pub async fn these(conn: &mut Conn, ids: Vec<CheckoutId>) -> Result<HashMap<CheckoutId, CheckoutRecord>> {
    const THESE: &str = "SELECT c.version, c.status, f.body, c.expires_at, c.payment_id, c.order_id
         FROM checkouts c JOIN frozen_checkouts f ON f.checkout_id = c.id WHERE c.id IN";
    let rows: Vec<CheckoutRow> = conn.all_in(THESE, keys(ids), "").await?;
    let record = |row: CheckoutRow| row.record().map(|record| (record.checkout.id, record));
    rows.into_iter().map(record).collect()
}

/// A checkout, or `NotFound`.
pub async fn load(conn: &mut Conn, id: CheckoutId) -> Result<CheckoutRecord> {
    these(conn, vec![id]).await?.remove(&id).ok_or(Error::NotFound)
}

impl CheckoutRow {
    fn record(self) -> Result<CheckoutRecord> {
        let status = self.status.parse().map_err(|error: commerce::UnknownName| Error::Internal(error.to_string()))?;
        let order = self.order_id.map(OrderId);
        let checkout = Checkout { version: self.version, status, expires_at: self.expires_at, order, ..self.body.0 };
        Ok(CheckoutRecord { checkout, payment: self.payment_id.map(PaymentId) })
    }
}

/// Open checkouts whose time has run out and that no job is about to end.
pub async fn run_out(conn: &mut Conn, now: DateTime<Utc>) -> sqlx::Result<Vec<CheckoutId>> {
    const RUN_OUT: &str = "SELECT id FROM checkouts WHERE status = 'open' AND expires_at <= $1
         AND status IN ('open', 'processing', 'needs_review')
         AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.id = checkouts.id AND jobs.status <> 'done')
         ORDER BY expires_at LIMIT 500";
    let rows: Vec<IdRow> = conn.all(RUN_OUT, args![now]).await?;
    Ok(rows.into_iter().map(|row| CheckoutId(row.id)).collect())
}

/// Open checkouts whose time ran out before a moment: their job should have ended them.
pub async fn overdue(conn: &mut Conn, before: DateTime<Utc>) -> sqlx::Result<Vec<CheckoutId>> {
    const OVERDUE: &str = "SELECT id FROM checkouts WHERE status = 'open' AND expires_at < $1
         AND status IN ('open', 'processing', 'needs_review') ORDER BY id LIMIT 500";
    let rows: Vec<IdRow> = conn.all(OVERDUE, args![before]).await?;
    Ok(rows.into_iter().map(|row| CheckoutId(row.id)).collect())
}

/// Keeps new checkouts.
pub fn insert_all(writes: &mut Writes, checkouts: &[Checkout]) {
    const HEAD: &str = "INSERT INTO checkouts
            (id, cart_id, version, status, currency, total, expires_at, created_at, updated_at)";
    const FROZEN: &str = "INSERT INTO frozen_checkouts (checkout_id, body)";
    let row = |checkout: &Checkout| {
        let total = checkout.quote.totals.total;
        args![
            checkout.id,
            checkout.cart_id,
            checkout.version,
            checkout.status.as_str(),
            total.currency.code(),
            total.minor,
            checkout.expires_at,
            checkout.created_at,
            checkout.created_at,
        ]
    };
    writes.insert(HEAD, checkouts.iter().map(row).collect(), "");
    let frozen = |checkout: &Checkout| args![checkout.id, Arg::json(checkout)];
    writes.insert(FROZEN, checkouts.iter().map(frozen).collect(), "");
}

/// Writes a checkout that was amended over what was there.
pub async fn save(conn: &mut Conn, checkout: &Checkout, now: DateTime<Utc>) -> sqlx::Result<()> {
    const SAVE: &str = "UPDATE checkouts SET version = $2, total = $3, expires_at = $4, updated_at = $5 WHERE id = $1";
    const FREEZE: &str = "UPDATE frozen_checkouts SET body = $2 WHERE checkout_id = $1";
    let total = checkout.quote.totals.total.minor;
    conn.execute(SAVE, args![checkout.id, checkout.version, total, checkout.expires_at, now]).await?;
    conn.execute(FREEZE, args![checkout.id, Arg::json(checkout)]).await.map(|_| ())
}

/// Writes how far checkouts have come. What was frozen in them stays as it is.
pub fn advance_all(writes: &mut Writes, records: &[CheckoutRecord], now: DateTime<Utc>) {
    const ADVANCE: &str = "UPDATE checkouts SET version = v.column2, status = v.column3, expires_at = v.column4,
            payment_id = v.column5, order_id = v.column6, updated_at = v.column7";
    let row = |CheckoutRecord { checkout, payment }: &CheckoutRecord| {
        let Checkout { id, version, status, expires_at, order, .. } = checkout;
        args![*id, *version, status.as_str(), *expires_at, *payment, *order, now]
    };
    writes.update(ADVANCE, records.iter().map(row).collect(), "WHERE checkouts.id = v.column1");
}
