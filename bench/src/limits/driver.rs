//! The bare driver: one connection, statements for many rows, one commit. Nothing of the shop is in between; the texts are
//! those of `seed/tables.rs`.

use std::path::Path;
use std::str::FromStr;

use oxcart::store::Arg;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::types::Json;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Postgres, Sqlite, SqliteConnection, query, query::Query};

use crate::seed::tables::Rows;

/// SQLite binds at most 32,766 values in a statement.
const MOST_BINDS: usize = 32_766;

/// Rows, between the two halves of a statement.
pub struct Write {
    /// What stands before the list of rows.
    pub before: String,
    /// The rows.
    pub rows: Rows,
    /// What stands after it.
    pub after: String,
}

impl Write {
    /// New rows.
    pub fn insert(head: &str, rows: Rows) -> Self {
        Write { before: format!("{head} VALUES "), rows, after: String::new() }
    }

    /// Changes of rows that are there.
    pub fn change((before, after): (&str, &str), rows: Rows) -> Self {
        Write { before: before.to_owned(), rows, after: after.to_owned() }
    }
}

/// A connection of one of the engines.
pub enum Driver {
    /// To a file.
    Sqlite(SqliteConnection),
    /// To a server.
    Postgres(PgConnection),
}

trait Bind: Sized {
    fn arg(self, arg: Arg) -> Self;
}

macro_rules! bind_on {
    ($engine:ty, $arguments:ty) => {
        impl Bind for Query<'_, $engine, $arguments> {
            fn arg(self, arg: Arg) -> Self {
                match arg {
                    Arg::Bool(value) => self.bind(value),
                    Arg::Int(value) => self.bind(value),
                    Arg::Text(value) => self.bind(value),
                    Arg::Uuid(value) => self.bind(value),
                    Arg::Time(value) => self.bind(value),
                    Arg::Json(value) => self.bind(value.map(Json)),
                }
            }
        }
    };
}
bind_on!(Sqlite, SqliteArguments);
bind_on!(Postgres, PgArguments);

macro_rules! commit_on {
    ($conn:expr, $begin:expr, $numbered:expr, $writes:expr) => {{
        let mut tx = $conn.begin_with($begin).await?;
        for write in $writes {
            let Write { before, rows, after } = write;
            let width = rows.first().map_or(1, Vec::len);
            let mut rows = rows.into_iter();
            while rows.len() > 0 {
                let count = at_once(rows.len(), width);
                let text = format!("{before}{}{after}", marks($numbered, count, width));
                let values = rows.by_ref().take(count).flatten();
                let statement = values.fold(query(AssertSqlSafe(text)), Bind::arg);
                statement.execute(&mut *tx).await?;
            }
        }
        tx.commit().await
    }};
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
            Driver::Sqlite(conn) => commit_on!(conn, "BEGIN IMMEDIATE", false, writes),
            Driver::Postgres(conn) => commit_on!(conn, "BEGIN", true, writes),
        }
    }
}

/// Rows of one statement: a power of two, so that few texts fill the statement cache.
fn at_once(rows: usize, width: usize) -> usize {
    let most = (MOST_BINDS / width.max(1)).clamp(1, 512);
    1 << rows.clamp(1, most).ilog2()
}

/// `(?, ?), (?, ?)`, or with numbers where the engine wants them.
fn marks(numbered: bool, rows: usize, width: usize) -> String {
    let mark = |nth: usize| if numbered { format!("${nth}") } else { "?".to_owned() };
    let row = |row: usize| {
        let row: Vec<_> = (1..=width).map(|column| mark(row * width + column)).collect();
        format!("({})", row.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_marked_as_their_engine_wants_them() {
        assert_eq!(marks(true, 2, 2), "($1, $2), ($3, $4)");
        assert_eq!(marks(false, 2, 1), "(?), (?)");
        assert_eq!((at_once(64, 20), at_once(65, 20), at_once(9_000, 100)), (64, 64, 256));
    }
}
