//! Attempts to pay.

use chrono::{DateTime, Utc};
use commerce::ids::{CheckoutId, OrderId, PaymentId};
use commerce::money::{Currency, Money};
use commerce::payment::{Attempt, AttemptStatus};
use sqlx::types::Json;
use uuid::Uuid;

use super::{Arg, Conn};
use crate::args;
use crate::error::{Error, Result};

#[derive(sqlx::FromRow)]
struct PaymentRow {
    id: Uuid,
    checkout_id: Uuid,
    order_id: Uuid,
    checkout_version: i64,
    provider: String,
    state: Json<AttemptStatus>,
    currency: String,
    amount: i64,
    version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// An attempt, or `NotFound`.
pub async fn load(conn: &mut Conn, id: PaymentId) -> Result<Attempt> {
    const LOAD: &str = "SELECT id, checkout_id, order_id, checkout_version, provider, state, currency, amount, version,
            created_at, updated_at FROM payments WHERE id = $1";
    let row: PaymentRow = conn.optional(LOAD, args![id]).await?.ok_or(Error::NotFound)?;
    let internal = |error: String| Error::Internal(error);
    let currency = Currency::parse(&row.currency).map_err(|error| internal(error.to_string()))?;
    Ok(Attempt {
        id: PaymentId(row.id),
        checkout_id: CheckoutId(row.checkout_id),
        checkout_version: row.checkout_version,
        order_id: OrderId(row.order_id),
        provider: row.provider.parse().map_err(|error: commerce::UnknownName| internal(error.to_string()))?,
        amount: Money::new(row.amount, currency),
        status: row.state.0,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// Keeps a new attempt.
pub async fn insert(conn: &mut Conn, attempt: &Attempt) -> sqlx::Result<()> {
    const INSERT: &str =
        "INSERT INTO payments (id, checkout_id, order_id, checkout_version, provider, reference, status,
            state, currency, amount, captured, refunded, version, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, $13, $14)";
    let row = args![
        attempt.id,
        attempt.checkout_id,
        attempt.order_id,
        attempt.checkout_version,
        attempt.provider.as_str(),
        reference(attempt),
        attempt.status.as_str(),
        Arg::json(&attempt.status),
        attempt.amount.currency.code(),
        attempt.amount.minor,
        captured(attempt),
        attempt.version,
        attempt.created_at,
        attempt.updated_at,
    ];
    conn.execute(INSERT, row).await?;
    Ok(())
}

/// Writes an attempt over the version it came from; answers whether that was still there.
pub async fn save(conn: &mut Conn, before: &Attempt, after: &Attempt) -> sqlx::Result<bool> {
    const SAVE: &str = "UPDATE payments SET reference = $3, status = $4, state = $5, captured = $6, version = $7,
            updated_at = $8 WHERE id = $1 AND version = $2";
    let row = args![
        after.id,
        before.version,
        reference(after),
        after.status.as_str(),
        Arg::json(&after.status),
        captured(after),
        after.version,
        after.updated_at,
    ];
    Ok(conn.execute(SAVE, row).await? == 1)
}

/// The provider's name for it, or our own id until there is one: no nullable column takes part in a unique key.
fn reference(attempt: &Attempt) -> String {
    attempt.status.reference().filter(|name| !name.is_empty()).map_or_else(|| attempt.id.to_string(), str::to_owned)
}

fn captured(attempt: &Attempt) -> i64 {
    match &attempt.status {
        AttemptStatus::Succeeded { amount, .. } | AttemptStatus::NeedsReview { amount, .. } => amount.minor,
        _ => 0,
    }
}
