//! The bare driver: one connection, statements for many rows, one commit. Nothing of the shop is in between; the texts are
//! those of `seed/tables.rs`.

use std::convert::identity;
use std::path::Path;
use std::str::FromStr;

use oxcart::store::Arg;
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::types::Json;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Sqlite, SqliteConnection, query, query::Query};

use crate::seed::tables::Rows;

/// SQLite binds at most 32,766 values in a statement.
const MOST_BINDS: usize = 32_766;

/// Rows, and the statement that takes a list of them.
pub struct Write {
    /// What stands before the list.
    head: String,
    /// The rows.
    rows: Rows,
    /// What stands after it.
    tail: &'static str,
    /// Whether the rows are new; else they say what changes of rows that are there.
    is_new: bool,
}

impl Write {
    /// New rows.
    pub fn insert(head: &str, rows: Rows) -> Self {
        Self::insert_or(head, rows, "")
    }

    /// New rows, and what happens to those that are there.
    pub fn insert_or(head: &str, rows: Rows, tail: &'static str) -> Self {
        Write { head: head.to_owned(), rows, tail, is_new: true }
    }

    /// Changes of rows that are there.
    pub fn change((head, tail): (&str, &'static str), rows: Rows) -> Self {
        Write { head: head.to_owned(), rows, tail, is_new: false }
    }

    /// The text over rows one after the other, as SQLite wants them.
    fn by_rows(&self, rows: usize, width: usize) -> String {
        let row = format!("({})", vec!["?"; width].join(", "));
        let (head, list, tail) = (&self.head, vec![row; rows].join(", "), self.tail);
        match self.is_new {
            true => format!("{head} VALUES {list} {tail}"),
            false => format!("{head} FROM (VALUES {list}) AS v {tail}"),
        }
    }

    /// The text over an array for each column, as PostgreSQL takes them quickest.
    fn by_columns(&self, width: usize) -> String {
        let list = |name: &str| (1..=width).map(|nth| format!("{name}{nth}")).collect::<Vec<_>>().join(", ");
        let (head, marks, tail) = (&self.head, list("$"), self.tail);
        match self.is_new {
            true => format!("{head} SELECT * FROM UNNEST ({marks}) {tail}"),
            false => format!("{head} FROM UNNEST ({marks}) AS v ({}) {tail}", list("column")),
        }
    }
}

/// A connection of one of the engines.
pub enum Driver {
    /// To a file.
    Sqlite(SqliteConnection),
    /// To a server.
    Postgres(PgConnection),
}

/// The values of a column, all of one type.
macro_rules! column {
    ($query:expr, $rows:expr, $place:expr, $($arm:ident => $make:expr),* $(,)?) => {
        match &$rows[0][$place] {
            $(Arg::$arm(_) => {
                let values = $rows.iter().map(|row| match &row[$place] {
                    Arg::$arm(value) => $make(value.clone()),
                    other => unreachable!("{other:?} is not of its column's type"),
                });
                $query.bind(values.collect::<Vec<_>>())
            })*
            Arg::List(_) => unreachable!("no row has lists"),
        }
    };
}

async fn write_columns(conn: &mut PgConnection, write: &Write) -> sqlx::Result<()> {
    let Some(width) = write.rows.first().map(Vec::len) else { return Ok(()) };
    let rows = &write.rows;
    let mut statement = query(AssertSqlSafe(write.by_columns(width)));
    for place in 0..width {
        statement = column!(statement, rows, place, Bool => identity, Int => identity, Text => identity, Uuid => identity,
            Time => identity, Json => |value: Option<_>| value.map(Json));
    }
    statement.execute(conn).await.map(drop)
}

async fn write_rows(conn: &mut SqliteConnection, write: &Write) -> sqlx::Result<()> {
    let width = write.rows.first().map_or(1, Vec::len);
    let mut rows = write.rows.iter();
    while rows.len() > 0 {
        let count = at_once(rows.len(), width);
        let values = rows.by_ref().take(count).flatten().cloned();
        let text = query(AssertSqlSafe(write.by_rows(count, width)));
        let statement = values.fold(text, |statement: Query<'_, Sqlite, SqliteArguments>, value| match value {
            Arg::Bool(value) => statement.bind(value),
            Arg::Int(value) => statement.bind(value),
            Arg::Text(value) => statement.bind(value),
            Arg::Uuid(value) => statement.bind(value),
            Arg::Time(value) => statement.bind(value),
            Arg::Json(value) => statement.bind(value.map(Json)),
            Arg::List(_) => unreachable!("no row has lists"),
        });
        statement.execute(&mut *conn).await?;
    }
    Ok(())
}

impl Driver {
    /// Opens a file as the shop does: with a log, and on the disk when a commit ends.
    pub async fn sqlite(file: &Path) -> sqlx::Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .pragma("cache_size", "-32000");
        Ok(Driver::Sqlite(SqliteConnection::connect_with(&options).await?))
    }

    /// Connects to a server.
    pub async fn postgres(url: &str) -> sqlx::Result<Self> {
        let options = sqlx::postgres::PgConnectOptions::from_str(url)?;
        Ok(Driver::Postgres(PgConnection::connect_with(&options).await?))
    }

    /// Writes all of it in one transaction, and makes it durable.
    pub async fn commit(&mut self, writes: Vec<Write>) -> sqlx::Result<()> {
        match self {
            Driver::Sqlite(conn) => {
                let mut tx = conn.begin_with("BEGIN IMMEDIATE").await?;
                for write in &writes {
                    write_rows(&mut tx, write).await?;
                }
                tx.commit().await
            }
            Driver::Postgres(conn) => {
                let mut tx = conn.begin().await?;
                for write in &writes {
                    write_columns(&mut tx, write).await?;
                }
                tx.commit().await
            }
        }
    }
}

/// Rows of one statement: a power of two, so that few texts fill the statement cache.
fn at_once(rows: usize, width: usize) -> usize {
    let most = (MOST_BINDS / width.max(1)).clamp(1, 512);
    1 << rows.clamp(1, most).ilog2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_marked_as_their_engine_wants_them() {
        let new = Write::insert_or("INSERT INTO t (a, b)", vec![], "ON CONFLICT DO NOTHING");
        assert_eq!(new.by_rows(2, 2), "INSERT INTO t (a, b) VALUES (?, ?), (?, ?) ON CONFLICT DO NOTHING");
        assert_eq!(new.by_columns(2), "INSERT INTO t (a, b) SELECT * FROM UNNEST ($1, $2) ON CONFLICT DO NOTHING");
        let change = Write::change(("UPDATE t SET b = v.column2", "WHERE a = v.column1"), vec![]);
        assert_eq!(change.by_rows(1, 2), "UPDATE t SET b = v.column2 FROM (VALUES (?, ?)) AS v WHERE a = v.column1");
        assert_eq!(
            change.by_columns(2),
            "UPDATE t SET b = v.column2 FROM UNNEST ($1, $2) AS v (column1, column2) WHERE a = v.column1"
        );
        assert_eq!((at_once(64, 20), at_once(65, 20), at_once(9_000, 100)), (64, 64, 256));
    }
}
