//! How things stand, counted for whoever watches over the shop.

use chrono::{DateTime, Utc};

use super::Conn;
use crate::args;

/// How many attempts to pay stand in one place.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PaymentCount {
    /// Who takes the money.
    pub provider: String,
    /// Where they stand.
    pub status: String,
    /// How many.
    pub payments: i64,
}

/// Attempts to pay by provider and state.
pub async fn payments(conn: &mut Conn) -> sqlx::Result<Vec<PaymentCount>> {
    const COUNT: &str = "SELECT provider, status, COUNT(*) AS payments FROM payments GROUP BY provider, status";
    conn.all(COUNT, args![]).await
}

/// What checkouts hold.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Held {
    /// Checkouts that hold something or could.
    pub checkouts: i64,
    /// Reservations of theirs.
    pub active: i64,
    /// Those whose checkout's time has run out.
    pub overdue: i64,
}

/// What checkouts hold now.
pub async fn held(conn: &mut Conn, now: DateTime<Utc>) -> sqlx::Result<Held> {
    const HELD: &str = "SELECT COUNT(DISTINCT c.id) AS checkouts, COUNT(r.checkout_id) AS active,
            COUNT(r.checkout_id) FILTER (WHERE c.expires_at < $1 AND c.status = 'open') AS overdue
         FROM checkouts c LEFT JOIN reservations r ON r.checkout_id = c.id AND r.status = 'active'
         WHERE c.status IN ('open', 'processing', 'needs_review')";
    conn.one(HELD, args![now]).await
}

#[derive(sqlx::FromRow)]
struct Count {
    n: i64,
}

/// Carts that were not bought.
pub async fn open_carts(conn: &mut Conn) -> sqlx::Result<i64> {
    Ok(conn.one::<Count>("SELECT COUNT(*) - COUNT(order_id) AS n FROM carts", args![]).await?.n)
}

#[derive(sqlx::FromRow)]
struct Due {
    run_at: DateTime<Utc>,
}

/// Since when the oldest job that is due waits.
pub async fn oldest_due_job(conn: &mut Conn, now: DateTime<Utc>) -> sqlx::Result<Option<DateTime<Utc>>> {
    const OLDEST: &str = "SELECT run_at FROM jobs
         WHERE status = 'waiting' AND status IN ('waiting', 'running') AND run_at <= $1 ORDER BY run_at LIMIT 1";
    Ok(conn.optional::<Due>(OLDEST, args![now]).await?.map(|due| due.run_at))
}
