//! Refunds, and the units they are for.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use commerce::ids::{OrderId, OrderItemId, PaymentId, RefundId};
use commerce::money::{Currency, Money};
use commerce::returns::{Refund, RefundLine, RefundPlan};
use uuid::Uuid;

use super::{Conn, keys};
use crate::args;
use crate::error::{Error, Result};

#[derive(sqlx::FromRow)]
struct RefundRow {
    id: Uuid,
    order_id: Option<Uuid>,
    payment_id: Uuid,
    status: String,
    currency: String,
    amount: i64,
    reason: String,
    restock: bool,
    notify: bool,
    actor: String,
    failure: Option<String>,
    created_at: DateTime<Utc>,
    settled_at: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct LineRow {
    refund_id: Uuid,
    order_item_id: Uuid,
    quantity: i64,
    amount: i64,
}

#[derive(sqlx::FromRow)]
struct IdRow {
    id: Uuid,
}

/// A refund, or `NotFound`.
pub async fn load(conn: &mut Conn, id: RefundId) -> Result<Refund> {
    const LOAD: &str = "SELECT id, order_id, payment_id, status, currency, amount, reason, restock, notify, actor,
            failure, created_at, settled_at FROM refunds WHERE id = $1";
    let rows: Vec<RefundRow> = conn.all(LOAD, args![id]).await?;
    with_lines(conn, rows).await?.pop().ok_or(Error::NotFound)
}

/// The refunds of a payment, oldest first.
pub async fn of_payment(conn: &mut Conn, payment: PaymentId) -> Result<Vec<Refund>> {
    const OF: &str = "SELECT id, order_id, payment_id, status, currency, amount, reason, restock, notify, actor,
            failure, created_at, settled_at FROM refunds WHERE payment_id = $1 ORDER BY created_at, id";
    let rows: Vec<RefundRow> = conn.all(OF, args![payment]).await?;
    with_lines(conn, rows).await
}

async fn with_lines(conn: &mut Conn, rows: Vec<RefundRow>) -> Result<Vec<Refund>> {
    const LINES: &str = "SELECT refund_id, order_item_id, quantity, amount FROM refund_items WHERE refund_id IN";
    let mut lines: HashMap<Uuid, Vec<LineRow>> = HashMap::new();
    let ids = keys(rows.iter().map(|row| row.id));
    for line in conn.all_in::<LineRow>(LINES, ids, "ORDER BY order_item_id").await? {
        lines.entry(line.refund_id).or_default().push(line);
    }
    let refund = |row: RefundRow| {
        let of_it = lines.remove(&row.id).unwrap_or_default();
        row.with(of_it)
    };
    rows.into_iter().map(refund).collect()
}

/// Refunds that have been on their way since before a moment: their job should have ended them.
pub async fn overdue(conn: &mut Conn, before: DateTime<Utc>) -> sqlx::Result<Vec<RefundId>> {
    const OVERDUE: &str =
        "SELECT id FROM refunds WHERE status = 'pending' AND created_at < $1 ORDER BY created_at LIMIT 500";
    let rows: Vec<IdRow> = conn.all(OVERDUE, args![before]).await?;
    Ok(rows.into_iter().map(|row| RefundId(row.id)).collect())
}

/// Keeps a new refund.
pub async fn insert(conn: &mut Conn, refund: &Refund) -> sqlx::Result<()> {
    const REFUND: &str = "INSERT INTO refunds (id, order_id, payment_id, status, currency, amount, reason, restock,
            notify, actor, failure, created_at, settled_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    const LINES: &str = "INSERT INTO refund_items (refund_id, order_item_id, quantity, amount)";
    let row = args![
        refund.id,
        refund.order_id,
        refund.payment_id,
        refund.status.as_str(),
        refund.plan.amount.currency.code(),
        refund.plan.amount.minor,
        &refund.reason,
        refund.restock,
        refund.notify,
        &refund.actor,
        &refund.failure,
        refund.created_at,
        refund.settled_at,
    ];
    conn.execute(REFUND, row).await?;
    let line = |line: &RefundLine| args![refund.id, line.item_id, line.quantity, line.amount.minor];
    conn.insert_many(LINES, refund.plan.lines.iter().map(line).collect(), "").await?;
    Ok(())
}

/// Writes how a refund ended; answers whether it was still on its way.
pub async fn settle(conn: &mut Conn, refund: &Refund) -> sqlx::Result<bool> {
    const SETTLE: &str =
        "UPDATE refunds SET status = $2, failure = $3, settled_at = $4 WHERE id = $1 AND status = 'pending'";
    let row = args![refund.id, refund.status.as_str(), &refund.failure, refund.settled_at];
    Ok(conn.execute(SETTLE, row).await? == 1)
}

impl RefundRow {
    fn with(self, lines: Vec<LineRow>) -> Result<Refund> {
        let currency = Currency::parse(&self.currency).map_err(|error| Error::Internal(error.to_string()))?;
        let line = |line: LineRow| RefundLine {
            item_id: OrderItemId(line.order_item_id),
            quantity: line.quantity,
            amount: Money::new(line.amount, currency),
        };
        Ok(Refund {
            id: RefundId(self.id),
            payment_id: PaymentId(self.payment_id),
            order_id: self.order_id.map(OrderId),
            status: self.status.parse().map_err(|error: commerce::UnknownName| Error::Internal(error.to_string()))?,
            plan: RefundPlan {
                lines: lines.into_iter().map(line).collect(),
                amount: Money::new(self.amount, currency),
            },
            reason: self.reason,
            restock: self.restock,
            notify: self.notify,
            actor: self.actor,
            failure: self.failure,
            created_at: self.created_at,
            settled_at: self.settled_at,
        })
    }
}
