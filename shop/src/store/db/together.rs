//! Changes that belong together. Each way to the database and back costs more than what is done there, so PostgreSQL is told
//! all of them in one statement, and SQLite's thread is handed all of its statements at once.

use std::fmt::Write as _;

use futures_util::TryStreamExt as _;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Executor as _, SqlSafeStr as _};

use super::super::args::Arg;
use super::Conn;
use super::bind::Bind as _;
use super::lists::{List, chunk_size, columns};
use crate::faults::{self, Point};
use crate::store::statements;

/// Bytes of text that SQLite is handed at once; it takes no more than a million.
const MOST_TEXT: usize = 250_000;

/// Rows to be written. No row may be changed by two of them, for none of them sees what the others do.
#[derive(Default)]
pub struct Writes {
    together: Vec<Change>,
    after: Vec<Change>,
}

/// What becomes of the rows of one table.
struct Change {
    kind: Kind,
    head: &'static str,
    rows: Vec<Vec<Arg>>,
    tail: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Insert,
    Update,
    Delete,
    /// An insert or update that has to touch as many rows as it names.
    InsertEach,
    UpdateEach,
}

#[derive(sqlx::FromRow)]
struct Touched {
    touched: i64,
}

impl Writes {
    /// New rows. `head` ends before the list of rows, `tail` follows it.
    pub fn insert(&mut self, head: &'static str, rows: Vec<Vec<Arg>>, tail: &'static str) {
        self.change(Kind::Insert, head, rows, tail);
    }

    /// New rows, all of which have to be new.
    pub fn insert_each(&mut self, head: &'static str, rows: Vec<Vec<Arg>>, tail: &'static str) {
        self.change(Kind::InsertEach, head, rows, tail);
    }

    /// Rows that another of these changes may have written: they are written after it.
    pub fn insert_after(&mut self, head: &'static str, rows: Vec<Vec<Arg>>, tail: &'static str) {
        self.after.push(Change { kind: Kind::Insert, head, rows, tail });
    }

    /// Changes of rows. `head` is `UPDATE .. SET ..` over `v.column1`, `v.column2`, ..; `tail` is the `WHERE` that joins them.
    pub fn update(&mut self, head: &'static str, rows: Vec<Vec<Arg>>, tail: &'static str) {
        self.change(Kind::Update, head, rows, tail);
    }

    /// Changes of rows, all of which have to be there.
    pub fn update_each(&mut self, head: &'static str, rows: Vec<Vec<Arg>>, tail: &'static str) {
        self.change(Kind::UpdateEach, head, rows, tail);
    }

    /// Rows that go. `head` ends with the `IN` before their keys.
    pub fn delete(&mut self, head: &'static str, keys: Vec<Arg>) {
        self.change(Kind::Delete, head, keys.into_iter().map(|key| vec![key]).collect(), "");
    }

    fn change(&mut self, kind: Kind, head: &'static str, rows: Vec<Vec<Arg>>, tail: &'static str) {
        if !rows.is_empty() {
            self.together.push(Change { kind, head, rows, tail });
        }
    }
}

impl Change {
    /// How many rows it has to touch, if that matters.
    fn expected(&self) -> u64 {
        match self.kind {
            Kind::InsertEach | Kind::UpdateEach => self.rows.len() as u64,
            Kind::Insert | Kind::Update | Kind::Delete => 0,
        }
    }

    /// Its text on PostgreSQL, with its values from a number on, and those values.
    fn over_columns(self, first: usize) -> (String, Vec<Arg>) {
        let Change { kind, head, rows, tail } = self;
        let width = rows.first().map_or(0, Vec::len);
        (kind.text(List::Columns(first, width), head, tail), columns(rows.into_iter(), width))
    }
}

impl Kind {
    fn text(self, list: List, head: &str, tail: &str) -> String {
        match self {
            Kind::Insert | Kind::InsertEach => list.inserted(head, tail),
            Kind::Update | Kind::UpdateEach => list.updated(head, tail),
            Kind::Delete => list.deleted(head),
        }
    }
}

/// Statements for SQLite, one after the other in one text.
#[derive(Default)]
struct Script {
    text: String,
    values: Vec<Arg>,
    /// For each of them, whether it has to touch as many rows as it names, and how many that are.
    expected: Vec<(bool, u64)>,
}

impl Script {
    fn add(&mut self, text: &str, values: impl Iterator<Item = Arg>, expected: (bool, u64)) {
        self.text.push_str(text);
        self.text.push(';');
        self.values.extend(values);
        self.expected.push(expected);
    }

    /// Whether each touched what it has to.
    fn is_done(&self, touched: &[u64]) -> bool {
        let as_expected = |((each, rows), touched): (&(bool, u64), &u64)| !each || rows == touched;
        touched.len() == self.expected.len() && self.expected.iter().zip(touched).all(as_expected)
    }
}

impl Conn {
    /// Writes all of it. When a row is not there that has to be, nothing of it may be kept.
    pub async fn write(&mut self, writes: Writes) -> sqlx::Result<()> {
        let Writes { together, after } = writes;
        if !self.is_postgres() {
            return self.write_in_turn(together.into_iter().chain(after)).await;
        }
        self.write_at_once(together).await?;
        for change in after {
            self.write_at_once(vec![change]).await?;
        }
        Ok(())
    }

    async fn write_in_turn(&mut self, changes: impl Iterator<Item = Change>) -> sqlx::Result<()> {
        let mut script = Script::default();
        for Change { kind, head, rows, tail } in changes {
            let width = rows.first().map_or(0, Vec::len);
            let each = matches!(kind, Kind::InsertEach | Kind::UpdateEach);
            let mut rows = rows.into_iter();
            while rows.len() > 0 {
                let size = chunk_size(rows.len(), width);
                let text = kind.text(List::Rows(size, width), head, tail);
                script.add(&text, rows.by_ref().take(size).flatten(), (each, size as u64));
                if script.text.len() > MOST_TEXT {
                    self.run_script(std::mem::take(&mut script)).await?;
                }
            }
        }
        self.run_script(script).await
    }

    async fn run_script(&mut self, mut script: Script) -> sqlx::Result<()> {
        if script.expected.is_empty() {
            return Ok(());
        }
        faults::reach(Point::Statement).await;
        script.expected.iter().for_each(|_| statements::count());
        let (text, values) = (std::mem::take(&mut script.text), std::mem::take(&mut script.values));
        let conn: &mut SqliteConnection = match self {
            Conn::Sqlite(conn) => conn,
            Conn::SqliteTx(conn) => conn,
            Conn::SqliteWrite(conn) => conn,
            Conn::Postgres(_) | Conn::PostgresTx(_) => unreachable!("PostgreSQL takes one statement at a time"),
        };
        // A text that is hardly ever the same again is not worth keeping.
        let query =
            values.into_iter().fold(sqlx::query(AssertSqlSafe(text)).persistent(false), |query, arg| query.arg(arg));
        let mut touched = Vec::with_capacity(script.expected.len());
        let mut results = conn.fetch_many(query);
        while let Some(result) = results.try_next().await? {
            touched.extend(result.left().map(|done| done.rows_affected()));
        }
        all_there(script.is_done(&touched))
    }

    async fn write_at_once(&mut self, changes: Vec<Change>) -> sqlx::Result<()> {
        if changes.is_empty() {
            return Ok(());
        }
        let expected: u64 = changes.iter().map(Change::expected).sum();
        let (mut text, mut values, mut counts) = (String::from("WITH "), vec![], String::from("CAST(0 AS BIGINT)"));
        for (place, change) in changes.into_iter().enumerate() {
            if change.expected() > 0 {
                let _ = write!(counts, " + (SELECT COUNT(*) FROM w{place})");
            }
            let (one, of_it) = change.over_columns(values.len() + 1);
            let comma = if place == 0 { "" } else { ", " };
            let _ = write!(text, "{comma}w{place} AS ({one} RETURNING 1)");
            values.extend(of_it);
        }
        let _ = write!(text, " SELECT {} AS touched", counts);
        let rows: Vec<Touched> = self.all_of(AssertSqlSafe(text).into_sql_str(), values).await?;
        all_there(rows.iter().all(|row| row.touched as u64 == expected))
    }
}

fn all_there(is_so: bool) -> sqlx::Result<()> {
    match is_so {
        true => Ok(()),
        false => Err(sqlx::Error::RowNotFound),
    }
}
