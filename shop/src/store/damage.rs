//! Whether SQLite's file is what was written into it. PostgreSQL looks after its own.

use super::Db;
use crate::args;

/// SQLite's words for a file that is damaged, and for one that is none of its own.
const CORRUPT: u32 = 11;
const NOT_A_DATABASE: u32 = 26;

/// What is wrong with the file, looked for in all of its pages.
pub async fn find(db: &Db) -> sqlx::Result<Option<String>> {
    #[derive(sqlx::FromRow)]
    struct Found {
        quick_check: String,
    }
    let mut conn = db.read().await?;
    if conn.is_postgres() {
        return Ok(None);
    }
    match conn.all::<Found>("PRAGMA quick_check(1)", args![]).await {
        Ok(found) => Ok(found.into_iter().map(|row| row.quick_check).find(|said| said != "ok")),
        Err(error) => told(&error).map(Some).ok_or(error),
    }
}

/// What an error says of the file; `None` when it is about something else.
pub fn told(error: &sqlx::Error) -> Option<String> {
    let error = error.as_database_error()?;
    // The upper bits of a code say more of the same.
    let code = error.code()?.parse::<u32>().ok()? & 0xff;
    let is_sqlite = error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some();
    (is_sqlite && [CORRUPT, NOT_A_DATABASE].contains(&code)).then(|| error.message().to_owned())
}
