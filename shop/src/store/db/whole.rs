//! Whole tables in and out, for backups: which tables and columns there are is only known at run time. Their names come
//! from the database itself, never from a file.

use std::convert::identity;
use std::pin::pin;

use futures_util::TryStreamExt;
use sqlx::types::Json;
use sqlx::{AssertSqlSafe, Row as _};

use super::super::args::Arg;
use super::super::statements;
use super::Conn;
use crate::error::Result;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// BOOLEAN
    Bool,
    /// BIGINT
    Int,
    /// TEXT
    Text,
    /// UUID
    Uuid,
    /// TIMESTAMPTZ
    Time,
    /// JSONB
    Json,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// The cell of a row, as it can be bound again.
macro_rules! cell {
    ($row:expr, $place:expr, $kind:expr) => {
        match $kind {
            Kind::Bool => Arg::Bool($row.try_get($place)?),
            Kind::Int => Arg::Int($row.try_get($place)?),
            Kind::Text => Arg::Text($row.try_get($place)?),
            Kind::Uuid => Arg::Uuid($row.try_get($place)?),
            Kind::Time => Arg::Time($row.try_get($place)?),
            Kind::Json => Arg::Json($row.try_get::<Option<Json<_>>, _>($place)?.map(|Json(value)| value)),
        }
    };
}

impl Conn {
    /// Hands over every row of a table, one after the other: they are never held together.
    pub async fn each_row(
        &mut self,
        table: &str,
        columns: &[Column],
        mut take: impl FnMut(Vec<Arg>) -> Result<()>,
    ) -> Result<()> {
        statements::count();
        let sql = format!("SELECT {} FROM {}", list(columns), quoted(table));
        // A table takes as long as it is.
        on!(self, identity, c => {
            let mut rows = pin!(sqlx::query(AssertSqlSafe(sql)).fetch(c));
            while let Some(row) = rows.try_next().await? {
                let mut cells = Vec::with_capacity(columns.len());
                for (place, column) in columns.iter().enumerate() {
                    cells.push(cell!(row, place, column.kind));
                }
                take(cells)?;
            }
            Result::Ok(())
        })
    }

    /// Writes rows of a table as they were, the numbers that PostgreSQL would draw itself included.
    pub async fn put_rows(&mut self, table: &str, columns: &[Column], rows: Vec<Vec<Arg>>) -> sqlx::Result<()> {
        let own = if self.is_postgres() { "OVERRIDING SYSTEM VALUE" } else { "" };
        let head = format!("INSERT INTO {} ({}) {own}", quoted(table), list(columns));
        self.insert_rows(&head, rows, "").await?;
        Ok(())
    }

    /// Takes all rows out of a table.
    pub async fn clear(&mut self, table: &str) -> sqlx::Result<()> {
        self.script(format!("DELETE FROM {}", quoted(table))).await
    }
}

fn list(columns: &[Column]) -> String {
    columns.iter().map(|column| quoted(&column.name)).collect::<Vec<_>>().join(", ")
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
