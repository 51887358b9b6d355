//! Numbers that people read. They are taken in blocks, so that orders do not queue for one row.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Conn, Db};
use crate::args;

#[derive(sqlx::FromRow)]
struct Counter {
    value: i64,
}

/// How many order numbers a node sets aside at once. What it has not used when it stops stays unused.
const BLOCK: i64 = 20;
/// How many batches like the one that came short it sets aside when that is more.
const AHEAD: i64 = 8;
/// The first order of a shop, so that nobody feels to be its first guinea pig.
const FIRST_ORDER: i64 = 10_001;

/// Order numbers set aside for this node.
#[derive(Debug, Default)]
pub struct Numbers {
    left: Mutex<VecDeque<i64>>,
}

impl Numbers {
    /// As many numbers as are set aside, up to so many.
    pub fn take(&self, orders: usize) -> VecDeque<i64> {
        let mut left = self.left();
        let there = orders.min(left.len());
        left.drain(..there).collect()
    }

    /// Puts back what was taken and not used.
    pub fn put_back(&self, unused: VecDeque<i64>) {
        let mut left = self.left();
        left.extend(unused);
        left.make_contiguous().sort_unstable();
    }

    /// Sets more numbers aside. Not part of the orders' transaction: an order that fails leaves a gap.
    pub async fn stock_up(&self, db: &Db, orders: usize) -> sqlx::Result<()> {
        let more = BLOCK.max(AHEAD * orders as i64);
        let mut tx = db.begin().await?;
        let end = take(&mut tx, "order", FIRST_ORDER, more).await?;
        tx.commit().await?;
        self.left().extend(end - more..end);
        Ok(())
    }

    fn left(&self) -> MutexGuard<'_, VecDeque<i64>> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts on: shows whether anything can be kept. What is written as it was, SQLite would not write.
pub async fn count_on(conn: &mut Conn) -> sqlx::Result<()> {
    take(conn, "probe", 0, 1).await.map(|_| ())
}

/// Takes `count` numbers from a counter; answers the one after the last.
async fn take(conn: &mut Conn, name: &str, first: i64, count: i64) -> sqlx::Result<i64> {
    const TAKE: &str = "INSERT INTO counters (name, value) VALUES ($1, $2 + $3)
         ON CONFLICT (name) DO UPDATE SET value = counters.value + $3 RETURNING value";
    Ok(conn.one::<Counter>(TAKE, args![name, first, count]).await?.value)
}
