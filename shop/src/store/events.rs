//! What happened: append-only, in the transaction of the change. Ids and amounts only, never personal data.

use chrono::{DateTime, Utc};
use commerce::ids::VariantId;
use serde_json::{Value, json};
use sqlx::types::Json;
use uuid::Uuid;

use super::{Arg, Conn, Writes, keys};
use crate::args;
use crate::faults::{self, Fault};

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
pub async fn append(conn: &mut Conn, event: Event<'_>) -> sqlx::Result<()> {
    append_all(conn, vec![event]).await
}

/// Appends events in order.
pub async fn append_all(conn: &mut Conn, events: Vec<Event<'_>>) -> sqlx::Result<()> {
    let mut writes = Writes::default();
    tell(&mut writes, events);
    conn.write(writes).await
}

/// Appends events in order, with other changes.
pub fn tell(writes: &mut Writes, events: Vec<Event<'_>>) {
    const HEAD: &str = "INSERT INTO events (kind, subject, subject_id, version, data, actor, at)";
    let row = |event: Event<'_>| {
        let data = Arg::json(&event.data);
        args![event.kind, event.subject, event.subject_id, event.version, data, event.actor, event.at]
    };
    writes.insert(HEAD, events.into_iter().map(row).collect(), "");
}

/// What tells the read side that what is there of these variants has changed.
pub fn stock_changed(variants: &[VariantId], now: DateTime<Utc>) -> Vec<Event<'static>> {
    let event = |variant: &VariantId| Event {
        kind: "stock.changed",
        subject: "variant",
        subject_id: variant.0,
        version: 0,
        data: json!({}),
        actor: "system",
        at: now,
    };
    variants.iter().filter(|_| !faults::is(Fault::StockEventForgotten)).map(event).collect()
}

/// The timeline of one thing, but for variants, which have their ledger.
pub async fn of(conn: &mut Conn, subject_id: Uuid) -> sqlx::Result<Vec<Recorded>> {
    const OF: &str = "SELECT position, kind, subject, subject_id, data, actor, at FROM events
         WHERE subject_id = $1 AND subject <> 'variant' ORDER BY version, position";
    conn.all(OF, args![subject_id]).await
}

/// The timelines of several things as one, in the order of time.
pub async fn of_all(conn: &mut Conn, subjects: Vec<Uuid>) -> sqlx::Result<Vec<Recorded>> {
    const OF: &str = "SELECT position, kind, subject, subject_id, data, actor, at FROM events
         WHERE subject <> 'variant' AND subject_id IN";
    let mut found: Vec<Recorded> = conn.all_in(OF, keys(subjects), "ORDER BY at, position").await?;
    found.sort_by_key(|event| (event.at, event.position));
    Ok(found)
}

/// How far the events have been read. On PostgreSQL the order of reading is (transaction, position): a position alone may
/// commit after a higher one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    transaction: i64,
    position: i64,
}

impl Cursor {
    /// What an index keeps of it: reading on from the mark repeats at most one transaction.
    pub fn mark(self) -> i64 {
        if self.transaction > 0 { self.transaction } else { self.position }
    }

    /// The cursor of a mark.
    pub fn from_mark(mark: i64, is_postgres: bool) -> Self {
        if is_postgres { Self { transaction: mark, position: 0 } } else { Self { transaction: 0, position: mark } }
    }
}

#[derive(sqlx::FromRow)]
struct Place {
    xid: i64,
    position: i64,
}

/// What an event was about: all that who follows them needs.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Told {
    /// The sort of thing.
    pub subject: String,
    /// Which one.
    pub subject_id: Uuid,
}

/// Up to `limit` events after a cursor and where they end. None of them can be preceded by one that commits later: what
/// is not older than every running transaction waits.
pub async fn tail(conn: &mut Conn, after: Cursor, limit: i64) -> sqlx::Result<(Vec<Told>, Cursor)> {
    between(conn, after, Cursor { transaction: i64::MAX, position: i64::MAX }, limit).await
}

/// The same, up to another cursor.
pub async fn between(conn: &mut Conn, after: Cursor, until: Cursor, limit: i64) -> sqlx::Result<(Vec<Told>, Cursor)> {
    const SQLITE: &str = "SELECT CAST(0 AS BIGINT) AS xid, position, subject, subject_id FROM events
         WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3";
    // The column has to be named with its table: alone it would be the number that is answered, which no index knows.
    const POSTGRES: &str =
        "SELECT CAST(CAST(e.xid AS TEXT) AS BIGINT) AS xid, position, subject, subject_id FROM events e
         WHERE (xid, position) > (CAST($4 AS XID8), $1) AND (xid, position) <= (CAST($5 AS XID8), $2)
             AND xid < pg_snapshot_xmin(pg_current_snapshot())
         ORDER BY e.xid, e.position LIMIT $3";
    let rows: Vec<Tailed> = if conn.is_postgres() {
        let (first, last) = (after.transaction.to_string(), until.transaction.to_string());
        conn.all(POSTGRES, args![after.position, until.position, limit, first, last]).await?
    } else {
        conn.all(SQLITE, args![after.position, until.position, limit]).await?
    };
    let end = rows.last().map_or(after, |row| Cursor { transaction: row.xid, position: row.position });
    Ok((rows.into_iter().map(|row| row.told).collect(), end))
}

#[derive(sqlx::FromRow)]
struct Tailed {
    xid: i64,
    position: i64,
    #[sqlx(flatten)]
    told: Told,
}

/// Where the log ends as far as this connection sees: the cursor that has read everything.
pub async fn end(conn: &mut Conn) -> sqlx::Result<Cursor> {
    const SQLITE: &str = "SELECT CAST(0 AS BIGINT) AS xid, position FROM events ORDER BY position DESC LIMIT 1";
    const POSTGRES: &str = "SELECT CAST(CAST(e.xid AS TEXT) AS BIGINT) AS xid, position FROM events e
         ORDER BY e.xid DESC, e.position DESC LIMIT 1";
    let sql = if conn.is_postgres() { POSTGRES } else { SQLITE };
    let last: Option<Place> = conn.optional(sql, args![]).await?;
    Ok(last.map_or_else(Cursor::default, |Place { xid, position }| Cursor { transaction: xid, position }))
}

/// The cursor that [`tail`] goes on from so that everything committed after this call is seen, and perhaps a little of
/// what was committed before.
pub async fn cursor(conn: &mut Conn) -> sqlx::Result<Cursor> {
    const SQLITE: &str = "SELECT CAST(0 AS BIGINT) AS xid, COALESCE(MAX(position), 0) AS position FROM events";
    const POSTGRES: &str = "SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT) AS xid,
         CAST(0 AS BIGINT) AS position";
    let sql = if conn.is_postgres() { POSTGRES } else { SQLITE };
    let Place { xid, position } = conn.one(sql, args![]).await?;
    Ok(Cursor { transaction: xid, position })
}
