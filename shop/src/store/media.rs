//! Pictures that staff brought: their sizes, and whether their smaller widths were made.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use commerce::ids::ProductId;
use uuid::Uuid;

use super::{Conn, keys};
use crate::args;

#[derive(sqlx::FromRow)]
struct SizeRow {
    name: String,
    width: i64,
    height: i64,
}

/// A product that shows a picture.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct ShownBy {
    id: Uuid,
    /// Its version.
    pub version: i64,
}

impl ShownBy {
    /// Which.
    pub fn product(&self) -> ProductId {
        ProductId(self.id)
    }
}

/// Width and height of those of these pictures that were brought.
pub async fn sizes(conn: &mut Conn, names: &[String]) -> sqlx::Result<HashMap<String, (i64, i64)>> {
    let rows: Vec<SizeRow> =
        conn.all_in("SELECT name, width, height FROM media WHERE name IN", keys(names), "").await?;
    Ok(rows.into_iter().map(|row| (row.name, (row.width, row.height))).collect())
}

/// Writes down a picture; answers whether it is new here.
pub async fn insert(
    conn: &mut Conn,
    name: &str,
    (width, height): (u32, u32),
    bytes: usize,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    const INSERT: &str = "INSERT INTO media (name, width, height, bytes, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (name) DO NOTHING";
    let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
    Ok(conn.execute(INSERT, args![name, i64::from(width), i64::from(height), bytes, now]).await? > 0)
}

/// Its widths are made.
pub async fn made(conn: &mut Conn, name: &str, now: DateTime<Utc>) -> sqlx::Result<()> {
    conn.execute("UPDATE media SET made_at = $2 WHERE name = $1", args![name, now]).await.map(|_| ())
}

/// The products that show a picture.
pub async fn shown_by(conn: &mut Conn, src: &str) -> sqlx::Result<Vec<ShownBy>> {
    const SHOWN_BY: &str = "SELECT DISTINCT p.id, p.version FROM images i JOIN products p ON p.id = i.product_id
         WHERE i.src = $1";
    conn.all(SHOWN_BY, args![src]).await
}
