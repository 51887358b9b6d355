//! Numbers that people read. They are taken in blocks, so that orders do not queue for one row.

use tokio::sync::Mutex;

use super::patience::within;
use super::{Conn, Db};
use crate::args;

#[derive(sqlx::FromRow)]
struct Counter {
    value: i64,
}

/// How many order numbers a node sets aside at once. What it has not used when it stops stays unused.
const BLOCK: i64 = 20;
/// The first order of a shop, so that nobody feels to be its first guinea pig.
const FIRST_ORDER: i64 = 10_001;

/// Order numbers set aside for this node.
#[derive(Debug, Default)]
pub struct Numbers {
    left: Mutex<std::ops::Range<i64>>,
}

impl Numbers {
    /// The next order number. Not part of the order's transaction: an order that fails leaves a gap.
    pub async fn next_order(&self, db: &Db) -> sqlx::Result<String> {
        // Whoever is before us may wait for the database.
        let mut left = within(async { Ok::<_, sqlx::Error>(self.left.lock().await) }).await?;
        if left.is_empty() {
            let mut tx = db.begin().await?;
            let end = take(&mut tx, "order", FIRST_ORDER, BLOCK).await?;
            tx.commit().await?;
            *left = end - BLOCK..end;
        }
        let number = left.start;
        left.start += 1;
        Ok(number.to_string())
    }
}

/// Takes `count` numbers from a counter; answers the one after the last.
async fn take(conn: &mut Conn, name: &str, first: i64, count: i64) -> sqlx::Result<i64> {
    const TAKE: &str = "INSERT INTO counters (name, value) VALUES ($1, $2 + $3)
         ON CONFLICT (name) DO UPDATE SET value = counters.value + $3 RETURNING value";
    Ok(conn.one::<Counter>(TAKE, args![name, first, count]).await?.value)
}
