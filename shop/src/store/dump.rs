//! The database as a whole, for backups: its tables, and what has to be loosened while they are filled in any order.

use super::Conn;
use super::db::{Column, Kind};
use crate::args;
use crate::error::{Error, Result};

/// A table with those of its columns that are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
}

#[derive(sqlx::FromRow)]
struct ColumnRow {
    table_name: String,
    name: String,
    kind: String,
}

#[derive(sqlx::FromRow)]
struct Name {
    name: String,
}

#[derive(sqlx::FromRow)]
struct Count {
    n: i64,
}

/// A foreign key of PostgreSQL.
#[derive(sqlx::FromRow)]
pub struct ForeignKey {
    on_table: String,
    name: String,
    definition: String,
}

/// The tables of the shop by name. The list of migrations is none of them: it says which program made the tables.
pub async fn tables(conn: &mut Conn) -> Result<Vec<Table>> {
    const SQLITE: &str = "SELECT m.name AS table_name, c.name, LOWER(c.type) AS kind
         FROM sqlite_master m JOIN pragma_table_info(m.name) c
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'schema_migrations' ORDER BY m.name, c.cid";
    const POSTGRES: &str = "SELECT CAST(table_name AS TEXT) AS table_name, CAST(column_name AS TEXT) AS name,
             CAST(data_type AS TEXT) AS kind FROM information_schema.columns
         WHERE table_schema = current_schema() AND table_name <> 'schema_migrations'
         ORDER BY table_name, ordinal_position";
    let sql = if conn.is_postgres() { POSTGRES } else { SQLITE };
    let mut tables: Vec<Table> = Vec::new();
    for ColumnRow { table_name, name, kind } in conn.all::<ColumnRow>(sql, args![]).await? {
        if tables.last().is_none_or(|table| table.name != table_name) {
            tables.push(Table { name: table_name.clone(), columns: vec![] });
        }
        if let (Some(kind), Some(table)) = (kind_of(&kind, &table_name, &name)?, tables.last_mut()) {
            table.columns.push(Column { name, kind });
        }
    }
    Ok(tables)
}

/// What a column holds; `None` for one that only means something to the server that it is on.
fn kind_of(kind: &str, table: &str, column: &str) -> Result<Option<Kind>> {
    Ok(Some(match kind {
        "boolean" => Kind::Bool,
        "bigint" | "integer" => Kind::Int,
        "text" => Kind::Text,
        "uuid" => Kind::Uuid,
        "timestamptz" | "timestamp with time zone" => Kind::Time,
        "jsonb" => Kind::Json,
        "xid8" => return Ok(None),
        other => return Err(Error::Internal(format!("{table}.{column} is {other}, which no backup holds"))),
    }))
}

/// The migrations that were applied, by name; none where there is no shop.
pub async fn migrations(conn: &mut Conn) -> sqlx::Result<Vec<String>> {
    if count_tables(conn).await? == 0 {
        return Ok(vec![]);
    }
    let rows: Vec<Name> = conn.all("SELECT name FROM schema_migrations ORDER BY name", args![]).await?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

/// How many tables the database has.
pub async fn count_tables(conn: &mut Conn) -> sqlx::Result<i64> {
    const SQLITE: &str = "SELECT COUNT(*) AS n FROM sqlite_master";
    const POSTGRES: &str = "SELECT COUNT(*) AS n FROM information_schema.tables WHERE table_schema = current_schema()";
    let sql = if conn.is_postgres() { POSTGRES } else { SQLITE };
    Ok(conn.one::<Count>(sql, args![]).await?.n)
}

/// Nothing of this transaction is too long: what a request may wait for is no measure for a whole shop.
pub async fn take_time(conn: &mut Conn) -> sqlx::Result<()> {
    if conn.is_postgres() {
        conn.execute("SET LOCAL statement_timeout = 0", args![]).await?;
        conn.execute("SET LOCAL idle_in_transaction_session_timeout = 0", args![]).await?;
    }
    Ok(())
}

/// Lets rows come before those that they refer to, until [`tighten`].
pub async fn loosen(conn: &mut Conn) -> sqlx::Result<Vec<ForeignKey>> {
    const POSTGRES: &str = "SELECT CAST(CAST(conrelid AS REGCLASS) AS TEXT) AS on_table, CAST(conname AS TEXT) AS name,
             pg_get_constraintdef(oid) AS definition
         FROM pg_constraint WHERE contype = 'f' AND connamespace = CAST(current_schema() AS REGNAMESPACE)";
    if !conn.is_postgres() {
        conn.execute("PRAGMA defer_foreign_keys = ON", args![]).await?;
        return Ok(vec![]);
    }
    let keys: Vec<ForeignKey> = conn.all(POSTGRES, args![]).await?;
    for ForeignKey { on_table, name, .. } in &keys {
        conn.script(format!("ALTER TABLE {on_table} DROP CONSTRAINT \"{name}\"")).await?;
    }
    Ok(keys)
}

/// Holds every row to what it refers to again, and lets the numbers that the database draws go on from the last.
pub async fn tighten(conn: &mut Conn, keys: &[ForeignKey]) -> sqlx::Result<()> {
    const POSTGRES: &str = "SELECT setval(pg_get_serial_sequence('events', 'position'),
         (SELECT COALESCE(MAX(position), 0) + 1 FROM events), false)";
    for ForeignKey { on_table, name, definition } in keys {
        conn.script(format!("ALTER TABLE {on_table} ADD CONSTRAINT \"{name}\" {definition}")).await?;
    }
    if conn.is_postgres() {
        conn.execute(POSTGRES, args![]).await?;
    }
    Ok(())
}
