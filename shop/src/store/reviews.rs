//! Payments that a person has to look at: money that came in and fits no order, as long as it has not all gone back.

use commerce::checkout::Checkout;
use commerce::ids::PaymentId;
use commerce::money::Money;
use commerce::payment::{Attempt, AttemptStatus};
use sqlx::types::Json;
use uuid::Uuid;

use super::{Conn, payments};
use crate::args;
use crate::error::Result;

/// The most that are shown at once; there are hardly ever any.
const MOST: i64 = 200;

/// A payment under review.
#[derive(Clone, Debug)]
pub struct Reviewed {
    /// The attempt.
    pub attempt: Attempt,
    /// What was to be bought.
    pub checkout: Checkout,
    /// What came in.
    pub taken: Money,
    /// What went back.
    pub refunded: Money,
    /// What is on its way back.
    pub pending: Money,
}

impl Reviewed {
    /// Why a person has to look at it.
    pub fn reason(&self) -> String {
        match &self.attempt.status {
            AttemptStatus::NeedsReview { reason, .. } => reason.to_string(),
            _ => "sold_meanwhile".to_owned(),
        }
    }
}

#[derive(sqlx::FromRow)]
struct ReviewRow {
    id: Uuid,
    body: Json<Checkout>,
    captured: i64,
    refunded: i64,
    pending: i64,
}

#[derive(sqlx::FromRow)]
struct Count {
    n: i64,
}

/// All of them, the latest first.
pub async fn all(conn: &mut Conn) -> Result<Vec<Reviewed>> {
    const ALL: &str = "SELECT p.id, f.body, p.captured, p.refunded,
            COALESCE((SELECT CAST(SUM(r.amount) AS BIGINT) FROM refunds r
                      WHERE r.payment_id = p.id AND r.status = 'pending'), 0) AS pending
         FROM payments p JOIN frozen_checkouts f ON f.checkout_id = p.checkout_id
         WHERE p.refunded < p.captured AND p.id IN
             (SELECT odd.id FROM payments odd WHERE odd.status = 'needs_review'
              UNION SELECT late.id FROM checkouts k JOIN payments late ON late.checkout_id = k.id
              WHERE k.status = 'needs_review' AND late.status = 'succeeded')
         ORDER BY p.updated_at DESC, p.id LIMIT $1";
    let rows: Vec<ReviewRow> = conn.all(ALL, args![MOST]).await?;
    let ids = rows.iter().map(|row| PaymentId(row.id)).collect();
    let mut attempts = payments::these(conn, ids).await?;
    let reviewed = rows.into_iter().filter_map(|row| {
        let attempt = attempts.remove(&PaymentId(row.id))?;
        let money = |minor| Money::new(minor, attempt.amount.currency);
        // What was taken may be in another currency than was asked for.
        let taken = match &attempt.status {
            AttemptStatus::NeedsReview { amount, .. } => *amount,
            _ => money(row.captured),
        };
        let (refunded, pending) = (money(row.refunded), money(row.pending));
        Some(Reviewed { attempt, checkout: row.body.0, taken, refunded, pending })
    });
    Ok(reviewed.collect())
}

/// How many there are.
pub async fn count(conn: &mut Conn) -> sqlx::Result<i64> {
    const COUNT: &str = "SELECT COUNT(*) AS n FROM payments p
         WHERE p.refunded < p.captured AND p.id IN
             (SELECT odd.id FROM payments odd WHERE odd.status = 'needs_review'
              UNION SELECT late.id FROM checkouts k JOIN payments late ON late.checkout_id = k.id
              WHERE k.status = 'needs_review' AND late.status = 'succeeded')";
    let count: Count = conn.one(COUNT, args![]).await?;
    Ok(count.n)
}
