//! What SQLite knows of the sizes of its tables, to choose between ways to look something up. PostgreSQL looks by itself.

use super::Conn;

/// Looks at the tables as they are now, at a thousand rows of each index at most. Nothing is noted of what comes and goes,
/// which are queues and the indexes over what is still going on: where there was little of it at that moment it would be
/// read from end to end when there is much.
pub async fn learn(conn: &mut Conn) -> sqlx::Result<()> {
    const LOOK: &str = "PRAGMA analysis_limit = 1000;
         ANALYZE;
         DELETE FROM sqlite_stat1 WHERE tbl IN ('jobs', 'idempotency_keys', 'sign_in_tries')
             OR idx IN (SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE '% WHERE %');
         ANALYZE sqlite_schema";
    if conn.is_postgres() {
        return Ok(());
    }
    conn.script(LOOK.to_owned()).await
}
