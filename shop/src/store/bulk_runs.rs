//! Changes to many products at once: what is to be done, and what became of each product.

use chrono::{DateTime, Utc};
use commerce::ids::{BulkRunId, ProductId};
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

use super::{Arg, Conn};
use crate::args;
use crate::clock::Clock;

/// How a product came out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemOutcome {
    /// It is otherwise now.
    Changed,
    /// It was as wanted already.
    Unchanged,
    /// It could not be changed.
    Failed,
}

impl ItemOutcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Failed => "failed",
        }
    }
}

/// What is to be done, and who wants it.
#[derive(Clone, Debug)]
pub struct Run {
    /// The change, as the flow reads it.
    pub change: Value,
    /// Who began it.
    pub actor: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Progress {
    /// Products in all.
    pub total: i64,
    /// Of those, changed.
    pub changed: i64,
    /// Of those, as wanted already.
    pub unchanged: i64,
    /// Of those, not to be changed.
    pub failed: i64,
}

impl Progress {
    /// How many are done, however they came out.
    pub fn done(&self) -> i64 {
        self.changed + self.unchanged + self.failed
    }

    /// Whether nothing is left.
    pub fn is_finished(&self) -> bool {
        self.done() == self.total
    }
}

/// A product that could not be changed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Failure {
    /// Which.
    pub product_id: Uuid,
    /// Its name, if it is there.
    pub name: Option<String>,
    /// Why.
    pub message: String,
}

#[derive(sqlx::FromRow)]
struct RunRow {
    change: Json<Value>,
    actor: String,
    created_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct ItemRow {
    position: i64,
    product_id: Uuid,
}

/// Writes down what is to be done, and to which products.
pub async fn insert(
    conn: &mut Conn,
    clock: &Clock,
    change: Value,
    products: &[ProductId],
    actor: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<BulkRunId> {
    const RUN: &str = "INSERT INTO bulk_runs (id, change, actor, created_at) VALUES ($1, $2, $3, $4)";
    let id: BulkRunId = clock.id();
    conn.execute(RUN, args![id, Arg::json(&change), actor, now]).await?;
    let items = (0_i64..).zip(products).map(|(position, product)| args![id, position, *product]);
    conn.insert_many("INSERT INTO bulk_items (run_id, position, product_id)", items.collect(), "").await?;
    Ok(id)
}

/// A run.
pub async fn load(conn: &mut Conn, id: BulkRunId) -> sqlx::Result<Option<Run>> {
    const RUN: &str = "SELECT change, actor, created_at FROM bulk_runs WHERE id = $1";
    let row: Option<RunRow> = conn.optional(RUN, args![id]).await?;
    Ok(row.map(|RunRow { change, actor, created_at }| Run { change: change.0, actor, created_at }))
}

/// The next products of a run: place and product.
pub async fn next(conn: &mut Conn, id: BulkRunId, limit: i64) -> sqlx::Result<Vec<(i64, ProductId)>> {
    const NEXT: &str = "SELECT position, product_id FROM bulk_items
         WHERE run_id = $1 AND outcome IS NULL ORDER BY position LIMIT $2";
    let rows: Vec<ItemRow> = conn.all(NEXT, args![id, limit]).await?;
    Ok(rows.into_iter().map(|row| (row.position, ProductId(row.product_id))).collect())
}

/// Writes down how a product came out, in the transaction of its change; `false` when that was known already.
pub async fn settle(
    conn: &mut Conn,
    id: BulkRunId,
    position: i64,
    outcome: ItemOutcome,
    message: Option<String>,
) -> sqlx::Result<bool> {
    const SETTLE: &str = "UPDATE bulk_items SET outcome = $3, message = $4
         WHERE run_id = $1 AND position = $2 AND outcome IS NULL";
    Ok(conn.execute(SETTLE, args![id, position, outcome.as_str(), message]).await? > 0)
}

/// How far a run is.
pub async fn progress(conn: &mut Conn, id: BulkRunId) -> sqlx::Result<Progress> {
    const PROGRESS: &str = "SELECT COUNT(*) AS total, COUNT(CASE WHEN outcome = 'changed' THEN 1 END) AS changed,
         COUNT(CASE WHEN outcome = 'unchanged' THEN 1 END) AS unchanged,
         COUNT(CASE WHEN outcome = 'failed' THEN 1 END) AS failed FROM bulk_items WHERE run_id = $1";
    conn.one(PROGRESS, args![id]).await
}

/// The products of a run that could not be changed, up to a number.
pub async fn failures(conn: &mut Conn, id: BulkRunId, limit: i64) -> sqlx::Result<Vec<Failure>> {
    const FAILURES: &str = "SELECT i.product_id, p.name, COALESCE(i.message, '') AS message FROM bulk_items i
         LEFT JOIN products p ON p.id = i.product_id
         WHERE i.run_id = $1 AND i.outcome = 'failed' ORDER BY i.position LIMIT $2";
    conn.all(FAILURES, args![id, limit]).await
}

/// Forgets runs that are long over.
pub async fn prune(conn: &mut Conn, before: DateTime<Utc>) -> sqlx::Result<()> {
    const ITEMS: &str = "DELETE FROM bulk_items WHERE run_id IN (SELECT id FROM bulk_runs WHERE created_at < $1)";
    conn.execute(ITEMS, args![before]).await?;
    conn.execute("DELETE FROM bulk_runs WHERE created_at < $1", args![before]).await.map(|_| ())
}
