//! The sandbox bank's own books. Only the sandbox provider reads and writes them.

use chrono::{DateTime, Utc};
use commerce::ids::{PaymentId, RefundId};
use commerce::money::{Currency, Money};

use super::{Arg, Conn, Writes};
use crate::args;

/// A payment as the bank has it.
#[derive(Clone, Debug)]
pub struct BankRecord {
    /// pending, action, succeeded, declined or canceled.
    pub status: String,
    /// Why it was declined.
    pub decline: Option<String>,
    /// What it is over.
    pub amount: Money,
}

#[derive(sqlx::FromRow)]
struct BankRow {
    status: String,
    decline: Option<String>,
    currency: String,
    amount: i64,
}

/// What the bank knows of a payment.
pub async fn find(conn: &mut Conn, id: PaymentId) -> sqlx::Result<Option<BankRecord>> {
    const FIND: &str = "SELECT status, decline, currency, amount FROM sandbox_payments WHERE id = $1";
    conn.optional::<BankRow>(FIND, args![id]).await?.map(BankRow::record).transpose()
}

impl BankRow {
    fn record(self) -> sqlx::Result<BankRecord> {
        let currency = Currency::parse(&self.currency).map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
        Ok(BankRecord { status: self.status, decline: self.decline, amount: Money::new(self.amount, currency) })
    }
}

const OPENED: &str = "INSERT INTO sandbox_payments (id, currency, amount, status, decline, created_at, updated_at)";
const ONCE: &str = "ON CONFLICT (id) DO NOTHING";

/// Writes payments down, once each: the attempt's id is the idempotency key, and all of them have to be new.
pub fn open(writes: &mut Writes, records: &[(PaymentId, BankRecord)], now: DateTime<Utc>) {
    writes.insert_each(OPENED, records.iter().map(|(id, record)| row(*id, record, now)).collect(), ONCE);
}

/// Writes a payment down unless it was before.
pub async fn ensure(conn: &mut Conn, id: PaymentId, record: &BankRecord, now: DateTime<Utc>) -> sqlx::Result<()> {
    conn.insert_many(OPENED, vec![row(id, record, now)], ONCE).await.map(|_| ())
}

fn row(id: PaymentId, record: &BankRecord, now: DateTime<Utc>) -> Vec<Arg> {
    let amount = record.amount;
    args![id, amount.currency.code(), amount.minor, &record.status, &record.decline, now, now]
}

/// Ends a payment that is still pending; one that has ended stays as it is.
pub async fn end(
    conn: &mut Conn,
    id: PaymentId,
    status: &str,
    decline: Option<&str>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    const END: &str = "UPDATE sandbox_payments SET status = $2, decline = $3, updated_at = $4
         WHERE id = $1 AND status IN ('pending', 'action')";
    conn.execute(END, args![id, status, decline.map(str::to_owned), now]).await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct RefundRow {
    currency: String,
    amount: i64,
    status: String,
}

/// A refund as the bank has it.
#[derive(Clone, Copy, Debug)]
pub struct BankRefund {
    /// Whether the money went back.
    pub succeeded: bool,
    /// What it is over.
    pub amount: Money,
}

/// What the bank knows of a refund.
pub async fn find_refund(conn: &mut Conn, id: RefundId) -> sqlx::Result<Option<BankRefund>> {
    const FIND: &str = "SELECT currency, amount, status FROM sandbox_refunds WHERE id = $1";
    let row: Option<RefundRow> = conn.optional(FIND, args![id]).await?;
    row.map(|row| {
        let currency = Currency::parse(&row.currency).map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
        Ok(BankRefund { succeeded: row.status == "succeeded", amount: Money::new(row.amount, currency) })
    })
    .transpose()
}

/// Pays back, once: the refund's id is the idempotency key. More than came in is refused, and so is another currency.
pub async fn refund(
    conn: &mut Conn,
    payment: PaymentId,
    id: RefundId,
    amount: Money,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    const PAYMENT: &str = "SELECT status, decline, currency, amount FROM sandbox_payments WHERE id = $1";
    const BEFORE: &str = "SELECT currency, amount, status FROM sandbox_refunds
         WHERE payment_id = $1 AND status = 'succeeded' AND id <> $2";
    const KEEP: &str = "INSERT INTO sandbox_refunds (id, payment_id, currency, amount, status, created_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING";
    // The payment's row is the lock of its refunds.
    let paid: Option<BankRow> = conn.lock_one(PAYMENT, args![payment]).await?;
    let before: Vec<RefundRow> = conn.all(BEFORE, args![payment, id]).await?;
    let gone: i64 = before.iter().map(|row| row.amount).sum();
    let is_there = |paid: &BankRow| {
        let left = paid.amount - gone;
        paid.status == "succeeded" && paid.currency == amount.currency.code() && (1..=left).contains(&amount.minor)
    };
    let status = if paid.is_some_and(|paid| is_there(&paid)) { "succeeded" } else { "refused" };
    conn.execute(KEEP, args![id, payment, amount.currency.code(), amount.minor, status, now]).await?;
    Ok(())
}
