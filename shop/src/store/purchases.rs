//! What was bought with what, by whom and when: the past that recommendations learn from.

use chrono::{DateTime, Utc};
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
    let rows: Vec<Row> = conn.all(LINES, args![]).await?;
    let mut recorder = Recorder::default();
    for row in rows {
        let (product, order) = (row.product_id.to_string(), row.id.to_string());
        let quantity = u32::try_from(row.quantity).unwrap_or(u32::MAX);
        recorder.add(&row.email_canonical, &product, Some(&order), row.placed_at.timestamp(), quantity);
    }
    Ok(recorder.finish())
}
