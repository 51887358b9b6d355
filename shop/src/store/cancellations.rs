//! Why orders were called off.

use chrono::{DateTime, Utc};
use commerce::ids::OrderId;

use super::Conn;
use crate::args;

/// Why and by whom an order was called off.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Cancellation {
    /// Why, in the words of who did it.
    pub reason: String,
    /// Whether its goods went back on the shelf.
    pub restock: bool,
    /// Who did it.
    pub actor: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// The cancelation of an order that was called off.
pub async fn of_order(conn: &mut Conn, order: OrderId) -> sqlx::Result<Option<Cancellation>> {
    const OF: &str = "SELECT reason, restock, actor, created_at FROM cancellations WHERE order_id = $1";
    conn.optional(OF, args![order]).await
}

/// Keeps a cancelation; an order has at most one.
pub async fn insert(conn: &mut Conn, order: OrderId, cancellation: &Cancellation) -> sqlx::Result<()> {
    const INSERT: &str =
        "INSERT INTO cancellations (order_id, reason, restock, actor, created_at) VALUES ($1, $2, $3, $4, $5)";
    let Cancellation { reason, restock, actor, created_at } = cancellation;
    conn.execute(INSERT, args![order, reason, *restock, actor, *created_at]).await?;
    Ok(())
}
