//! What was bought with what, by whom and when: the past that recommendations learn from.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use commerce::ids::ProductId;
use discovery::recommend::history::{History, Recorder};
use uuid::Uuid;

use super::Conn;
use crate::args;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    email_canonical: String,
    placed_at: DateTime<Utc>,
    product_id: Uuid,
    quantity: i64,
}

/// Every line of every order that stands. Products go by their id.
pub async fn history(conn: &mut Conn) -> sqlx::Result<History> {
    const LINES: &str = "SELECT o.id, o.email_canonical, o.placed_at, i.product_id, i.quantity
         FROM orders o JOIN order_items i ON i.order_id = o.id WHERE o.status <> 'canceled'";
    Ok(recorded(conn.all(LINES, args![]).await?))
}

/// The lines of the latest `most` orders that stand. Products go by their id.
pub async fn latest(conn: &mut Conn, most: i64) -> sqlx::Result<History> {
    const LINES: &str = "SELECT o.id, o.email_canonical, o.placed_at, i.product_id, i.quantity
         FROM (SELECT id, email_canonical, placed_at FROM orders WHERE status <> 'canceled'
               ORDER BY placed_at DESC, id DESC LIMIT $1) o JOIN order_items i ON i.order_id = o.id";
    Ok(recorded(conn.all(LINES, args![most]).await?))
}

fn recorded(rows: Vec<Row>) -> History {
    let mut recorder = Recorder::default();
    for row in rows {
        let (product, order) = (row.product_id.to_string(), row.id.to_string());
        let quantity = u32::try_from(row.quantity).unwrap_or(u32::MAX);
        recorder.add(&row.email_canonical, &product, Some(&order), row.placed_at.timestamp(), quantity);
    }
    recorder.finish()
}

/// What was ordered after a time.
pub async fn ordered_since(conn: &mut Conn, time: DateTime<Utc>) -> sqlx::Result<HashSet<ProductId>> {
    #[derive(sqlx::FromRow)]
    struct Ordered {
        product_id: Uuid,
    }
    const ORDERED: &str = "SELECT DISTINCT i.product_id
         FROM orders o JOIN order_items i ON i.order_id = o.id WHERE o.placed_at > $1";
    let rows: Vec<Ordered> = conn.all(ORDERED, args![time]).await?;
    Ok(rows.into_iter().map(|row| ProductId(row.product_id)).collect())
}
