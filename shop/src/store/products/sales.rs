//! How a product sold lately.

use chrono::{DateTime, Utc};
use commerce::ids::ProductId;
use commerce::money::Currency;

use super::super::Conn;
use crate::args;

/// What was sold of a product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Sales {
    /// Units.
    pub units: i64,
    /// What the lines come to, in minor units.
    pub revenue: i64,
}

/// What was sold of a product since a moment. Canceled orders count as never placed.
pub async fn sales(conn: &mut Conn, id: ProductId, currency: Currency, since: DateTime<Utc>) -> sqlx::Result<Sales> {
    const SALES: &str = "SELECT CAST(COALESCE(SUM(i.quantity), 0) AS BIGINT) AS units,
            CAST(COALESCE(SUM(i.total), 0) AS BIGINT) AS revenue
         FROM orders o JOIN order_items i ON i.order_id = o.id
         WHERE o.placed_at >= $1 AND o.currency = $2 AND o.status <> 'canceled' AND i.product_id = $3";
    conn.one(SALES, args![since, currency.code(), id]).await
}
