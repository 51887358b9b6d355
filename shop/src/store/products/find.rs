//! Whose a slug is.

use commerce::ids::ProductId;
use uuid::Uuid;

use super::super::{Conn, keys};
use super::rows::SlugRow;
use crate::args;

#[derive(sqlx::FromRow)]
struct IdRow {
    id: Uuid,
}

/// The product that has a slug now.
pub async fn slug_owner(conn: &mut Conn, slug: &str) -> sqlx::Result<Option<ProductId>> {
    let row: Option<IdRow> = conn.optional("SELECT id FROM products WHERE slug = $1", args![slug]).await?;
    Ok(row.map(|row| ProductId(row.id)))
}

/// Which of these slugs a product has, or once had.
pub async fn known_slugs(conn: &mut Conn, slugs: &[String]) -> sqlx::Result<Vec<String>> {
    let now: Vec<SlugRow> = conn.all_in("SELECT slug FROM products WHERE slug IN", keys(slugs), "").await?;
    const ONCE: &str = "SELECT slug FROM slug_history WHERE entity = 'product' AND slug IN";
    let once: Vec<SlugRow> = conn.all_in(ONCE, keys(slugs), "").await?;
    Ok(now.into_iter().chain(once).map(|row| row.slug).collect())
}
