//! Attempts to pay.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use commerce::ids::{CheckoutId, OrderId, PaymentId};
use commerce::money::{Currency, Money};
use commerce::payment::{Attempt, AttemptStatus};
use uuid::Uuid;

use super::{Arg, Conn, Writes, customers, keys};
use crate::args;
use crate::error::{Error, Result};
use crate::faults::{self, Fault};

#[derive(sqlx::FromRow)]
struct PaymentRow {
    id: Uuid,
    checkout_id: Uuid,
    order_id: Uuid,
    checkout_version: i64,
    provider: String,
    reference: String,
    status: String,
    /// JSON, read only when the row is looked at: `verify` names a state that can't be read.
    state: String,
    currency: String,
    amount: i64,
    captured: i64,
    version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// An attempt, or `NotFound`.
pub async fn load(conn: &mut Conn, id: PaymentId) -> Result<Attempt> {
    const LOAD: &str = "SELECT id, checkout_id, order_id, checkout_version, provider, reference, status,
            CAST(state AS TEXT) AS state, currency, amount, captured, version, created_at, updated_at
         FROM payments WHERE id = $1";
    let row: PaymentRow = conn.optional(LOAD, args![id]).await?.ok_or(Error::NotFound)?;
    row.attempt()
}

/// The attempts of these ids that can be read.
pub async fn these(conn: &mut Conn, ids: Vec<PaymentId>) -> Result<HashMap<PaymentId, Attempt>> {
    const THESE: &str = "SELECT id, checkout_id, order_id, checkout_version, provider, reference, status,
            CAST(state AS TEXT) AS state, currency, amount, captured, version, created_at, updated_at
         FROM payments WHERE id IN";
    let rows: Vec<PaymentRow> = conn.all_in(THESE, keys(ids), "").await?;
    rows.iter().map(|row| Ok((PaymentId(row.id), row.attempt()?))).collect()
}

/// An attempt of many: its id, and what it is if it can be read and its columns say the same as its state.
pub type OneOfMany = (PaymentId, Option<Attempt>);

/// The attempts of the checkouts whose ids lie after one and up to another.
pub async fn of_checkouts(conn: &mut Conn, after: CheckoutId, last: CheckoutId) -> sqlx::Result<Vec<OneOfMany>> {
    const OF: &str = "SELECT id, checkout_id, order_id, checkout_version, provider, reference, status,
            CAST(state AS TEXT) AS state, currency, amount, captured, version, created_at, updated_at
         FROM payments WHERE checkout_id > $1 AND checkout_id <= $2";
    let rows: Vec<PaymentRow> = conn.all(OF, args![after, last]).await?;
    let one = |row: PaymentRow| (PaymentId(row.id), row.attempt().ok().filter(|attempt| row.says(attempt)));
    Ok(rows.into_iter().map(one).collect())
}

impl PaymentRow {
    fn attempt(&self) -> Result<Attempt> {
        let internal = |error: String| Error::Internal(error);
        let currency = Currency::parse(&self.currency).map_err(|error| internal(error.to_string()))?;
        Ok(Attempt {
            id: PaymentId(self.id),
            checkout_id: CheckoutId(self.checkout_id),
            checkout_version: self.checkout_version,
            order_id: OrderId(self.order_id),
            provider: self.provider.parse().map_err(|error: commerce::UnknownName| internal(error.to_string()))?,
            amount: Money::new(self.amount, currency),
            status: serde_json::from_str(&self.state).map_err(|error| internal(error.to_string()))?,
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }

    /// Whether the columns that are searched for say what the state says.
    fn says(&self, attempt: &Attempt) -> bool {
        self.status == attempt.status.as_str()
            && self.captured == captured(attempt)
            && self.reference == reference(attempt)
    }
}

/// Attempts begun before a moment whose bank was not heard, and that no job asks about.
pub async fn unanswered(conn: &mut Conn, before: DateTime<Utc>) -> sqlx::Result<Vec<PaymentId>> {
    const UNANSWERED: &str =
        "SELECT id FROM payments WHERE status = 'pending' AND provider <> 'manual' AND created_at <= $1
         AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.id = payments.id AND jobs.status <> 'done')
         ORDER BY created_at LIMIT 500";
    let rows: Vec<IdRow> = conn.all(UNANSWERED, args![before]).await?;
    Ok(rows.into_iter().map(|row| PaymentId(row.id)).collect())
}

/// Attempts in flight whose checkout was held until before a moment: their job should have ended them.
pub async fn overdue(conn: &mut Conn, before: DateTime<Utc>) -> sqlx::Result<Vec<PaymentId>> {
    const OVERDUE: &str = "SELECT p.id FROM payments p JOIN checkouts c ON c.payment_id = p.id
         WHERE c.status = 'processing' AND c.status IN ('open', 'processing', 'needs_review') AND c.expires_at < $1
           AND p.status IN ('pending', 'processing', 'requires_action')
         ORDER BY p.id LIMIT 500";
    let rows: Vec<IdRow> = conn.all(OVERDUE, args![before]).await?;
    Ok(rows.into_iter().map(|row| PaymentId(row.id)).collect())
}

#[derive(sqlx::FromRow)]
struct IdRow {
    id: Uuid,
}

/// Keeps new attempts.
pub fn insert_all(writes: &mut Writes, attempts: &[Attempt]) {
    const HEAD: &str = "INSERT INTO payments (id, checkout_id, order_id, checkout_version, provider, reference, status,
            state, currency, amount, captured, refunded, version, created_at, updated_at)";
    let row = |attempt: &Attempt| {
        args![
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
            0,
            attempt.version,
            attempt.created_at,
            attempt.updated_at,
        ]
    };
    writes.insert(HEAD, attempts.iter().map(row).collect(), "");
}

/// An attempt that turned.
#[derive(Clone, Debug)]
pub struct Turn {
    /// As it was.
    pub before: Attempt,
    /// As it is.
    pub after: Attempt,
    /// Whether its order was there before; one that follows counts its money itself.
    pub has_order: bool,
}

/// Writes attempts over the versions they came from, all of which have to be there still.
pub fn save_all(writes: &mut Writes, turns: &[Turn]) {
    const SAVE: &str = "UPDATE payments SET reference = v.column3, status = v.column4, state = v.column5,
            captured = v.column6, version = v.column7, updated_at = v.column8";
    let row = |Turn { before, after, .. }: &Turn| {
        args![
            after.id,
            before.version,
            reference(after),
            after.status.as_str(),
            Arg::json(&after.status),
            captured(after),
            after.version,
            after.updated_at,
        ]
    };
    let tail = "WHERE payments.id = v.column1 AND payments.version = v.column2";
    writes.update_each(SAVE, turns.iter().map(row).collect(), tail);
}

/// Counts what came in by attempts that turned, for the customers of orders that were there before.
pub async fn count_in(conn: &mut Conn, turns: &[Turn]) -> sqlx::Result<()> {
    for Turn { before, after, has_order } in turns {
        let came_in = captured(after) - captured(before);
        if *has_order && came_in != 0 {
            customers::paid(conn, after.id, came_in).await?;
        }
    }
    Ok(())
}

/// Counts money that went back; answers whether so much had come in.
pub async fn add_refunded(conn: &mut Conn, id: PaymentId, amount: Money, now: DateTime<Utc>) -> sqlx::Result<bool> {
    const ADD: &str = "UPDATE payments SET refunded = refunded + $2, updated_at = $4
         WHERE id = $1 AND currency = $3 AND refunded + $2 <= captured";
    let counted = conn.execute(ADD, args![id, amount.minor, amount.currency.code(), now]).await? == 1;
    if counted && !faults::is(Fault::SumForgotten) {
        customers::paid(conn, id, -amount.minor).await?;
    }
    Ok(counted)
}

/// What came in by a payment, and what of it went back.
pub async fn sums(conn: &mut Conn, id: PaymentId) -> Result<(i64, i64)> {
    #[derive(sqlx::FromRow)]
    struct SumsRow {
        captured: i64,
        refunded: i64,
    }
    let row: Option<SumsRow> =
        conn.optional("SELECT captured, refunded FROM payments WHERE id = $1", args![id]).await?;
    row.map(|row| (row.captured, row.refunded)).ok_or(Error::NotFound)
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
