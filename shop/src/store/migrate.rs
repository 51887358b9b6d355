//! Brings the schema to what this program expects. A migration is one text for both engines, unless it comes as a
//! `.sqlite.sql` / `.postgres.sql` pair.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use super::{Conn, Db, defaults};
use crate::args;

#[derive(RustEmbed)]
#[folder = "migrations/"]
struct Migrations;

/// Any number that no other program on the same PostgreSQL uses: it keeps two nodes from migrating at once.
const ADVISORY_LOCK: i64 = 0x6f78_6361_7274;

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The database was made by a newer program.
    #[error("the database has migration {0}, which this version of Oxcart does not know; start the newer version")]
    Newer(String),
    /// A migration that was applied is not the one that is built in.
    #[error("migration {0} was changed after it was applied; restore the original text")]
    Changed(String),
}

#[derive(sqlx::FromRow)]
struct Applied {
    name: String,
    digest: String,
}

/// Applies what is missing, all or nothing; answers the names applied.
pub async fn run(db: &Db, now: DateTime<Utc>) -> Result<Vec<String>, MigrateError> {
    let mut tx = db.begin().await?;
    lock(&mut tx).await?;
    let applied_now = apply(&mut tx, &migrations(db.engine()), now).await?;
    tx.commit().await?;
    defaults::ensure(db).await?;
    Ok(applied_now)
}

/// Applies those of some migrations that are missing; answers their names.
pub async fn apply(
    conn: &mut Conn,
    wanted: &BTreeMap<String, String>,
    now: DateTime<Utc>,
) -> Result<Vec<String>, MigrateError> {
    let mut applied_now = Vec::new();
    conn.script(CREATE_TABLE.to_owned()).await?;
    let applied = conn.all::<Applied>("SELECT name, digest FROM schema_migrations ORDER BY name", args![]).await?;
    check(&applied, wanted)?;
    for (name, sql) in wanted.iter().filter(|(name, _)| applied.iter().all(|a| a.name != **name)) {
        conn.script(sql.clone()).await?;
        let row = args![name, digest(sql), now];
        conn.execute("INSERT INTO schema_migrations (name, digest, applied_at) VALUES ($1, $2, $3)", row).await?;
        applied_now.push(name.clone());
    }
    Ok(applied_now)
}

const CREATE_TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
    name TEXT NOT NULL PRIMARY KEY, digest TEXT NOT NULL, applied_at TIMESTAMPTZ NOT NULL)";

/// Two nodes that start at once migrate one after the other. SQLite's writer is alone already.
async fn lock(conn: &mut Conn) -> sqlx::Result<()> {
    if matches!(conn, Conn::PostgresTx(_)) {
        conn.execute("SELECT pg_advisory_xact_lock($1)", args![ADVISORY_LOCK]).await?;
    }
    Ok(())
}

fn check(applied: &[Applied], wanted: &BTreeMap<String, String>) -> Result<(), MigrateError> {
    for row in applied {
        match wanted.get(&row.name) {
            None => return Err(MigrateError::Newer(row.name.clone())),
            Some(sql) if digest(sql) != row.digest => return Err(MigrateError::Changed(row.name.clone())),
            Some(_) => {}
        }
    }
    Ok(())
}

/// The migrations of an engine by name, in order: `0001_shop`, ...
pub fn migrations(engine: &str) -> BTreeMap<String, String> {
    let own = format!(".{engine}.sql");
    Migrations::iter()
        .filter_map(|file| {
            let name = file.strip_suffix(&own).or_else(|| {
                let name = file.strip_suffix(".sql")?;
                (!name.contains('.')).then_some(name)
            })?;
            let text = Migrations::get(&file)?.data.into_owned();
            Some((name.to_owned(), String::from_utf8_lossy(&text).into_owned()))
        })
        .collect()
}

fn digest(sql: &str) -> String {
    Sha256::digest(sql.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
