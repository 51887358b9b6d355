//! Whether SQLite's file is what was written into it. PostgreSQL looks after its own.

use super::Db;
use crate::args;

/// SQLite's words for a file that is damaged, and for one that is none of its own.
const CORRUPT: u32 = 11;
const NOT_A_DATABASE: u32 = 26;

/// What is wrong with the words of SQLite's schema. The driver ends its thread on a word that is not UTF-8, and whoever
/// asked then waits for ever: this is looked at before anything else is asked.
pub async fn in_schema(db: &Db) -> sqlx::Result<Option<String>> {
    #[derive(sqlx::FromRow)]
    struct Words {
        words: Vec<u8>,
    }
    // A column that is an expression has no declared type, which is where the driver stumbles.
    const SQLITE: &str = "SELECT CAST(COALESCE(name, '') || COALESCE(sql, '') AS BLOB) AS words FROM sqlite_schema";
    let mut conn = db.read().await?;
    if conn.is_postgres() {
        return Ok(None);
    }
    let damaged = |row: &Words| std::str::from_utf8(&row.words).is_err();
    let is_damaged = conn.all::<Words>(SQLITE, args![]).await?.iter().any(damaged);
    Ok(is_damaged.then(|| "the schema is not text".to_owned()))
}

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
