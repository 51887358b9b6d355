//! Which picture of the shop was fetched from which link.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{Conn, keys};
use crate::args;

#[derive(sqlx::FromRow)]
struct FetchedRow {
    link: String,
    src: String,
}

/// The `src` of what was fetched, by link.
pub async fn find(conn: &mut Conn, links: &[String]) -> sqlx::Result<HashMap<String, String>> {
    const HEAD: &str = "SELECT link, src FROM fetched_pictures WHERE link IN";
    let rows: Vec<FetchedRow> = conn.all_in(HEAD, keys(links), "").await?;
    Ok(rows.into_iter().map(|row| (row.link, row.src)).collect())
}

/// Keeps what a link led to; the latest stands.
pub async fn record(conn: &mut Conn, link: &str, src: &str, now: DateTime<Utc>) -> sqlx::Result<()> {
    const RECORD: &str = "INSERT INTO fetched_pictures (link, src, fetched_at) VALUES ($1, $2, $3)
         ON CONFLICT (link) DO UPDATE SET src = excluded.src, fetched_at = excluded.fetched_at";
    conn.execute(RECORD, args![link, src, now]).await?;
    Ok(())
}
