//! A point within a transaction that can be gone back to, for a dry run that goes on after a refused statement.

use super::Conn;
use crate::args;

/// Sets the point.
pub async fn set(conn: &mut Conn) -> sqlx::Result<()> {
    conn.execute("SAVEPOINT batch", args![]).await.map(|_| ())
}

/// Keeps what was done since.
pub async fn keep(conn: &mut Conn) -> sqlx::Result<()> {
    conn.execute("RELEASE SAVEPOINT batch", args![]).await.map(|_| ())
}

/// Takes back what was done since.
pub async fn take_back(conn: &mut Conn) -> sqlx::Result<()> {
    conn.execute("ROLLBACK TO SAVEPOINT batch", args![]).await.map(|_| ())
}
