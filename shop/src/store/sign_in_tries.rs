//! When somebody tried to sign in, shared by all nodes and kept over a restart.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use super::{Arg, Conn};
use crate::args;

#[derive(sqlx::FromRow)]
struct TriesRow {
    times: Json<Vec<DateTime<Utc>>>,
}

/// The times of a digest, locked until the transaction ends.
pub async fn lock(conn: &mut Conn, digest: &str, now: DateTime<Utc>) -> sqlx::Result<Vec<DateTime<Utc>>> {
    const MAKE: &str = "INSERT INTO sign_in_tries (digest, times, last_at) VALUES ($1, $2, $3)
         ON CONFLICT (digest) DO NOTHING";
    const LOCK: &str = "SELECT times FROM sign_in_tries WHERE digest = $1";
    conn.execute(MAKE, args![digest, Arg::json(&Vec::<DateTime<Utc>>::new()), now]).await?;
    let row: Option<TriesRow> = conn.lock_one(LOCK, args![digest]).await?;
    Ok(row.map(|row| row.times.0).unwrap_or_default())
}

/// Keeps the times of a digest that is locked.
pub async fn keep(conn: &mut Conn, digest: &str, times: &[DateTime<Utc>], now: DateTime<Utc>) -> sqlx::Result<()> {
    const KEEP: &str = "UPDATE sign_in_tries SET times = $2, last_at = $3 WHERE digest = $1";
    conn.execute(KEEP, args![digest, Arg::json(&times), now]).await?;
    Ok(())
}

/// Forgets the tries of a digest.
pub async fn forget(conn: &mut Conn, digest: &str) -> sqlx::Result<()> {
    conn.execute("DELETE FROM sign_in_tries WHERE digest = $1", args![digest]).await?;
    Ok(())
}

/// Forgets what was tried long ago.
pub async fn prune(conn: &mut Conn, before: DateTime<Utc>) -> sqlx::Result<u64> {
    conn.execute("DELETE FROM sign_in_tries WHERE last_at < $1", args![before]).await
}
