//! What staff write down about an order. It may name people, so it is kept beside the events and not in them.

use chrono::{DateTime, Utc};
use commerce::ids::OrderId;
use uuid::Uuid;

use super::Conn;
use crate::args;
use crate::clock::Clock;

/// A note about an order, for staff alone.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Note {
    /// Its id.
    pub id: Uuid,
    /// What it says.
    pub text: String,
    /// Who wrote it.
    pub actor: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// The notes of an order, oldest first.
pub async fn of(conn: &mut Conn, order: OrderId) -> sqlx::Result<Vec<Note>> {
    const OF: &str = "SELECT id, text, actor, created_at FROM order_notes WHERE order_id = $1 ORDER BY created_at, id";
    conn.all(OF, args![order]).await
}

/// Keeps a note.
pub async fn add(
    conn: &mut Conn,
    clock: &Clock,
    order: OrderId,
    text: &str,
    actor: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    const ADD: &str = "INSERT INTO order_notes (id, order_id, text, actor, created_at) VALUES ($1, $2, $3, $4, $5)";
    let id: Uuid = clock.id();
    conn.execute(ADD, args![id, order, text, actor, now]).await?;
    Ok(())
}
