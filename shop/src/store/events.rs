//! What happened: append-only, in the transaction of the change. Ids and amounts only, never personal data.

use chrono::{DateTime, Utc};
use commerce::ids::EventId;
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

use super::{Arg, Conn};
use crate::args;
use crate::clock::Clock;

/// A fact about one thing.
#[derive(Clone, Debug)]
pub struct Event<'a> {
    /// Such as `order.placed`.
    pub kind: &'static str,
    /// The sort of thing it is about: product, checkout, order ...
    pub subject: &'static str,
    /// Which one.
    pub subject_id: Uuid,
    /// The thing's version after it.
    pub version: i64,
    /// Ids and amounts.
    pub data: Value,
    /// Who did it: `buyer`, `system`, `import`, a member of staff.
    pub actor: &'a str,
    /// When.
    pub at: DateTime<Utc>,
}

/// A fact as it was read back.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Recorded {
    /// Where it stands; pass the last one to [`tail`] to go on from there.
    pub position: i64,
    /// Such as `order.placed`.
    pub kind: String,
    /// The sort of thing it is about.
    pub subject: String,
    /// Which one.
    pub subject_id: Uuid,
    /// Ids and amounts.
    pub data: Json<Value>,
    /// Who did it.
    pub actor: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Appends one event.
pub async fn append(conn: &mut Conn, clock: &Clock, event: Event<'_>) -> sqlx::Result<()> {
    append_all(conn, clock, vec![event]).await
}

/// Appends events in order.
pub async fn append_all(conn: &mut Conn, clock: &Clock, events: Vec<Event<'_>>) -> sqlx::Result<()> {
    const HEAD: &str = "INSERT INTO events (id, kind, subject, subject_id, version, data, actor, at)";
    let rows = events.into_iter().map(|event| {
        let id: EventId = clock.id();
        args![id, event.kind, event.subject, event.subject_id, event.version, Arg::Json(Some(event.data)), event.actor, event.at]
    });
    conn.insert_many(HEAD, rows.collect(), "").await?;
    Ok(())
}

/// The timeline of one thing.
pub async fn of(conn: &mut Conn, subject_id: Uuid) -> sqlx::Result<Vec<Recorded>> {
    const OF: &str = "SELECT position, kind, subject, subject_id, data, actor, at FROM events
         WHERE subject_id = $1 ORDER BY version, position";
    conn.all(OF, args![subject_id]).await
}

/// Up to `limit` events after a position, none of which can be preceded by one that commits later.
///
/// On PostgreSQL a position may commit after a higher one, so what is not older than every running transaction waits.
pub async fn tail(conn: &mut Conn, after: i64, limit: i64) -> sqlx::Result<Vec<Recorded>> {
    const SQLITE: &str = "SELECT position, kind, subject, subject_id, data, actor, at FROM events
         WHERE position > $1 ORDER BY position LIMIT $2";
    const POSTGRES: &str = "SELECT position, kind, subject, subject_id, data, actor, at FROM events
         WHERE position > $1 AND xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY position LIMIT $2";
    let sql = if conn.is_postgres() { POSTGRES } else { SQLITE };
    conn.all(sql, args![after, limit]).await
}

#[derive(sqlx::FromRow)]
struct Position {
    position: i64,
}

/// The position that [`tail`] goes on from so that everything committed after this call is seen.
pub async fn position(conn: &mut Conn) -> sqlx::Result<i64> {
    const SQLITE: &str = "SELECT COALESCE(MAX(position), 0) AS position FROM events";
    const POSTGRES: &str = "SELECT COALESCE(MIN(position) - 1, (SELECT COALESCE(MAX(position), 0) FROM events)) AS position
         FROM events WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())";
    let sql = if conn.is_postgres() { POSTGRES } else { SQLITE };
    Ok(conn.one::<Position>(sql, args![]).await?.position)
}
