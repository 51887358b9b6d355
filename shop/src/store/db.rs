//! The two engines. Everything above speaks one SQL text through [`Conn`]; what differs between SQLite and PostgreSQL
//! is in this file and in `migrate.rs`, nowhere else.

use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, Connection, Database, FromRow, Pool, Postgres, SqlSafeStr, SqlStr, Sqlite, Transaction};

use super::args::{Arg, filled_up};
use super::patience::within;
use super::writer::{Savepoint, Writer};
use super::{idempotency, statements};
use crate::faults::{self, Fault, Point};

/// How long a request waits for a connection, or SQLite for its one writer, before it is told to come back.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// After how long a connection that nobody used is asked whether it is still there.
const STALE: Duration = Duration::from_secs(1);
/// Connections a node opens to PostgreSQL.
const POSTGRES_CONNECTIONS: u32 = 16;
/// Readers of SQLite beside its one writer.
const SQLITE_READERS: u32 = 8;
/// Pages of the file that the writer keeps in memory, in KiB with a minus.
const WRITER_CACHE: &str = "-32000";
/// The same for each reader: what they leave out the system still has in memory.
const READER_CACHE: &str = "-8000";
/// Pages in the journal before they are brought to the file, 32 MiB: a page that is written again and again is brought there once.
const WAL_PAGES: &str = "8192";
/// Rows that SQLite's thread reads ahead of whoever takes them: a thread that is woken for every row is slow.
const SQLITE_ROWS_AHEAD: usize = 512;

/// Statements a connection keeps ready: those of the write desk come in several lengths each.
const STATEMENTS_KEPT: usize = 600;
/// Keys a statement, in a list.
const MOST_KEYS: usize = 512;

/// A row type that both engines can decode.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// The shop's database.
#[derive(Clone, Debug)]
pub enum Db {
    /// One file. Many readers, one writer.
    Sqlite {
        /// Reads, each on a connection of its own.
        readers: SqlitePool,
        /// The one connection that writes.
        writer: Writer,
    },
    /// A server that any number of nodes share.
    Postgres(PgPool),
}

/// A connection, inside a transaction or not. Store functions take `&mut Conn`.
pub enum Conn {
    /// A SQLite connection that reads.
    Sqlite(PoolConnection<Sqlite>),
    /// A PostgreSQL connection outside a transaction.
    Postgres(PoolConnection<Postgres>),
    /// A SQLite transaction that reads.
    SqliteTx(Transaction<'static, Sqlite>),
    /// A SQLite transaction that writes.
    SqliteWrite(Savepoint),
    /// A PostgreSQL transaction.
    PostgresTx(Transaction<'static, Postgres>),
}

/// A transaction: a [`Conn`] that is rolled back unless [`Tx::commit`] is called.
pub struct Tx(Conn);

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.0
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}

impl Tx {
    /// Makes everything since `begin` durable.
    pub async fn commit(mut self) -> sqlx::Result<()> {
        idempotency::note_change(&mut self).await?;
        faults::reach(Point::Commit).await;
        match self.0 {
            Conn::SqliteTx(tx) => tx.commit().await?,
            Conn::SqliteWrite(savepoint) => savepoint.commit().await?,
            Conn::PostgresTx(tx) => within(tx.commit()).await?,
            Conn::Sqlite(_) | Conn::Postgres(_) => unreachable!("a Tx is only ever made by Db::begin"),
        }
        faults::reach(Point::Committed).await;
        Ok(())
    }
}

impl Db {
    /// Opens the SQLite file, making it when it is not there.
    pub async fn open_sqlite(file: &Path) -> sqlx::Result<Self> {
        // NORMAL would lose acknowledged commits at a power loss.
        let lazy = faults::is(Fault::SynchronousNormal);
        let synchronous = if lazy { SqliteSynchronous::Normal } else { SqliteSynchronous::Full };
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .foreign_keys(true)
            .busy_timeout(ACQUIRE_TIMEOUT)
            .row_buffer_size(SQLITE_ROWS_AHEAD)
            .statement_cache_capacity(STATEMENTS_KEPT)
            .pragma("cache_size", WRITER_CACHE)
            .pragma("temp_store", "memory")
            .pragma("wal_autocheckpoint", WAL_PAGES);
        let pool = |size| SqlitePoolOptions::new().max_connections(size).acquire_timeout(ACQUIRE_TIMEOUT);
        let writer = Writer::new(pool(1).connect_with(options.clone()).await?, ACQUIRE_TIMEOUT);
        let options = options.read_only(true).pragma("cache_size", READER_CACHE);
        // There is no way to a file that could be gone.
        let readers = pool(SQLITE_READERS).test_before_acquire(false).connect_with(options).await?;
        Ok(Db::Sqlite { readers, writer })
    }

    /// Connects to PostgreSQL.
    pub async fn open_postgres(url: &str) -> sqlx::Result<Self> {
        let options = PgConnectOptions::from_str(url)?.statement_cache_capacity(STATEMENTS_KEPT).options([
            ("lock_timeout", "3500ms"),
            ("statement_timeout", "30s"),
            // A connection that was lost gives its locks back soon.
            ("idle_in_transaction_session_timeout", "15s"),
            ("tcp_keepalives_idle", "10"),
            ("tcp_keepalives_interval", "5"),
            ("tcp_keepalives_count", "3"),
            // As on disks without an arm: to look into an index costs little more than to read on.
            ("random_page_cost", "1.1"),
            ("client_min_messages", "warning"),
        ]);
        Ok(Db::Postgres(pool_of(POSTGRES_CONNECTIONS).connect_with(options).await?))
    }

    /// The same database for a thread of its own: a connection to PostgreSQL is looked after by the runtime that opened it.
    pub fn apart(&self, connections: u32) -> Self {
        match self {
            Db::Sqlite { .. } => self.clone(),
            Db::Postgres(pool) => {
                let options = PgConnectOptions::clone(&pool.connect_options());
                Db::Postgres(pool_of(connections).connect_lazy_with(options))
            }
        }
    }

    /// A connection for reading.
    pub async fn read(&self) -> sqlx::Result<Conn> {
        Ok(match self {
            Db::Sqlite { readers, .. } => Conn::Sqlite(needed(readers).acquire().await?),
            Db::Postgres(pool) => Conn::Postgres(within(needed(pool).acquire()).await?),
        })
    }

    /// A transaction that may write. On SQLite it has the one writer from the start.
    pub async fn begin(&self) -> sqlx::Result<Tx> {
        Ok(Tx(match self {
            Db::Sqlite { writer, .. } => {
                let writer = writer.clone();
                Conn::SqliteWrite(whole(async move { writer.begin().await }).await?)
            }
            Db::Postgres(pool) => {
                let pool = needed(pool).clone();
                Conn::PostgresTx(within(whole(async move { pool.begin().await })).await?)
            }
        }))
    }

    /// One picture of the whole database, for `verify` and exports: nothing that commits meanwhile is seen.
    pub async fn snapshot(&self) -> sqlx::Result<Tx> {
        Ok(Tx(match self {
            Db::Sqlite { readers, .. } => Conn::SqliteTx(readers.begin().await?),
            Db::Postgres(pool) => {
                let pool = pool.clone();
                let begin = async move { pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await };
                Conn::PostgresTx(within(whole(begin)).await?)
            }
        }))
    }

    /// The pools by name, each with its connections and how many of those are idle.
    pub fn pools(&self) -> Vec<(&'static str, i64, i64)> {
        fn counts<D: Database>(name: &'static str, pool: &Pool<D>) -> (&'static str, i64, i64) {
            (name, i64::from(pool.size()), i64::try_from(pool.num_idle()).unwrap_or(i64::MAX))
        }
        match self {
            Db::Sqlite { readers, .. } => vec![counts("readers", readers)],
            Db::Postgres(pool) => vec![counts("postgres", pool)],
        }
    }

    /// How often SQLite's writer made something durable; PostgreSQL counts for itself.
    pub fn commits(&self) -> Option<u64> {
        match self {
            Db::Sqlite { writer, .. } => Some(writer.commits()),
            Db::Postgres(_) => None,
        }
    }

    /// Closes every connection, finishing what they are doing.
    pub async fn close(&self) {
        match self {
            Db::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Db::Postgres(pool) => pool.close().await,
        }
    }

    /// "sqlite" or "postgres", for people and for migrations that come in pairs.
    pub fn engine(&self) -> &'static str {
        match self {
            Db::Sqlite { .. } => "sqlite",
            Db::Postgres(_) => "postgres",
        }
    }
}

fn pool_of(connections: u32) -> PgPoolOptions {
    let pool = PgPoolOptions::new().max_connections(connections).acquire_timeout(ACQUIRE_TIMEOUT);
    // One that was just in use is not asked whether it is there.
    pool.test_before_acquire(false).before_acquire(|conn, meta| {
        Box::pin(async move {
            if meta.idle_for >= STALE {
                conn.ping().await?;
            }
            Ok(true)
        })
    })
}

/// The pool, from which a connection is about to be taken: counts whether there is none left.
fn needed<D: Database>(pool: &Pool<D>) -> &Pool<D> {
    statements::needed(pool.num_idle() == 0 && pool.size() >= pool.options().get_max_connections());
    pool
}

/// Begins a transaction to its end, even when nobody waits for it any more: one that is dropped within the round trip
/// would go back to the pool open. One that nobody takes is rolled back by its own drop.
async fn whole<T: Send + 'static>(begin: impl Future<Output = sqlx::Result<T>> + Send + 'static) -> sqlx::Result<T> {
    tokio::spawn(begin).await.map_err(|_| sqlx::Error::WorkerCrashed)?
}

/// Runs one body against whichever connection is there. Its answer is waited for only so long, unless `$wait` says
/// otherwise.
macro_rules! on {
    ($conn:expr, $c:ident => $body:expr) => {
        on!($conn, within, $c => $body)
    };
    ($conn:expr, $wait:expr, $c:ident => $body:expr) => {{
        $crate::faults::reach($crate::faults::Point::Statement).await;
        match $conn {
            Conn::Sqlite(conn) => {
                let $c = &mut **conn;
                $body
            }
            Conn::SqliteTx(conn) => {
                let $c = &mut **conn;
                $body
            }
            Conn::SqliteWrite(conn) => {
                let $c = &mut **conn;
                $body
            }
            Conn::Postgres(conn) => {
                let $c = &mut **conn;
                $wait(async { $body }).await
            }
            Conn::PostgresTx(conn) => {
                let $c = &mut **conn;
                $wait(async { $body }).await
            }
        }
    }};
}

impl Conn {
    /// Runs a statement; answers how many rows it touched.
    pub async fn execute(&mut self, sql: &'static str, args: Vec<Arg>) -> sqlx::Result<u64> {
        on!(self, c => bind(sqlx::query(sql), args).execute(c).await.map(|done| done.rows_affected()))
    }

    /// All rows of a query.
    pub async fn all<R: Row>(&mut self, sql: &'static str, args: Vec<Arg>) -> sqlx::Result<Vec<R>> {
        self.all_of(sql.into_sql_str(), args).await
    }

    /// All rows of a query whose conditions were put together at run time.
    pub async fn all_by<R: Row>(&mut self, query: super::Query) -> sqlx::Result<Vec<R>> {
        let (sql, args) = query.into_parts();
        self.all_of(AssertSqlSafe(sql).into_sql_str(), args).await
    }

    /// The row of a query, if there is one.
    pub async fn optional<R: Row>(&mut self, sql: &'static str, args: Vec<Arg>) -> sqlx::Result<Option<R>> {
        on!(self, c => {
            let row = bind(sqlx::query(sql), args).fetch_optional(c).await?;
            row.map(|row| R::from_row(&row)).transpose()
        })
    }

    /// The one row of a query that always answers one.
    pub async fn one<R: Row>(&mut self, sql: &'static str, args: Vec<Arg>) -> sqlx::Result<R> {
        self.optional(sql, args).await?.ok_or(sqlx::Error::RowNotFound)
    }

    /// All rows of a query, locked in the order of the query until the transaction ends.
    ///
    /// SQLite's writer is alone already; PostgreSQL takes `FOR NO KEY UPDATE`, which does not block inserts that
    /// refer to the row.
    pub async fn lock_all<R: Row>(&mut self, sql: &'static str, args: Vec<Arg>) -> sqlx::Result<Vec<R>> {
        self.locking(sql, " FOR NO KEY UPDATE", args).await
    }

    /// The first row of a query, locked until the transaction ends.
    pub async fn lock_one<R: Row>(&mut self, sql: &'static str, args: Vec<Arg>) -> sqlx::Result<Option<R>> {
        Ok(self.lock_all(sql, args).await?.into_iter().next())
    }

    /// Rows that no other worker has locked, now locked: how a job is claimed.
    pub async fn claim_all<R: Row>(&mut self, sql: &'static str, args: Vec<Arg>) -> sqlx::Result<Vec<R>> {
        self.locking(sql, " FOR NO KEY UPDATE SKIP LOCKED", args).await
    }

    async fn locking<R: Row>(
        &mut self,
        sql: &'static str,
        clause: &'static str,
        args: Vec<Arg>,
    ) -> sqlx::Result<Vec<R>> {
        let sql = match self {
            Conn::Sqlite(_) | Conn::SqliteTx(_) | Conn::SqliteWrite(_) => sql.into_sql_str(),
            Conn::Postgres(_) | Conn::PostgresTx(_) => AssertSqlSafe(format!("{sql}{clause}")).into_sql_str(),
        };
        self.all_of(sql, args).await
    }

    /// All rows whose key is one of `keys`. `head` ends before the list in brackets, `tail` follows it.
    pub async fn all_in<R: Row>(
        &mut self,
        head: &'static str,
        keys: Vec<Arg>,
        tail: &'static str,
    ) -> sqlx::Result<Vec<R>> {
        let mut found = Vec::new();
        for keys in keys.chunks(MOST_KEYS) {
            let (is_one, keys) = self.one_of(head, keys);
            found.extend(self.all_of(AssertSqlSafe(format!("{is_one} {tail}")).into_sql_str(), keys).await?);
        }
        Ok(found)
    }

    /// Deletes the rows whose key is one of `keys`. `head` ends before the list in brackets.
    pub async fn delete_in(&mut self, head: &'static str, keys: Vec<Arg>) -> sqlx::Result<()> {
        for keys in keys.chunks(MOST_KEYS) {
            let (is_one, keys) = self.one_of(head, keys);
            on!(self, c => bind(sqlx::query(AssertSqlSafe(is_one)), keys).execute(c).await.map(|_| ()))?;
        }
        Ok(())
    }

    /// All rows whose key is one of `keys`, locked in the order of `tail` until the transaction ends.
    pub async fn lock_in<R: Row>(
        &mut self,
        head: &'static str,
        keys: Vec<Arg>,
        tail: &'static str,
    ) -> sqlx::Result<Vec<R>> {
        if keys.is_empty() {
            return Ok(vec![]);
        }
        let (is_one, keys) = self.one_of(head, &keys);
        let lock = if self.is_postgres() { "FOR NO KEY UPDATE" } else { "" };
        self.all_of(AssertSqlSafe(format!("{is_one} {tail} {lock}")).into_sql_str(), keys).await
    }

    /// A statement up to and with the list of keys that its `IN` is about.
    fn one_of(&self, head: &str, keys: &[Arg]) -> (String, Vec<Arg>) {
        if self.is_postgres() {
            let column = head.strip_suffix("IN").expect("what goes before a list of keys ends with IN");
            return (format!("{column}= ANY ($1)"), vec![Arg::List(keys.to_vec())]);
        }
        let keys = filled_up(keys.to_vec());
        (format!("{head} {}", marks(1, keys.len())), keys)
    }

    /// Updates many rows from a list of values: `head` is `UPDATE .. SET ..` over `v.column1`, `v.column2`, ..; `tail`
    /// is the `WHERE` that joins the list.
    pub async fn update_many(
        &mut self,
        head: &'static str,
        rows: Vec<Vec<Arg>>,
        tail: &'static str,
    ) -> sqlx::Result<u64> {
        self.write_rows(rows, |list| list.updated(head, tail)).await
    }

    /// Inserts many rows with as few statements as the engines' bind limits allow. `head` ends before `VALUES`.
    pub async fn insert_many(
        &mut self,
        head: &'static str,
        rows: Vec<Vec<Arg>>,
        tail: &'static str,
    ) -> sqlx::Result<u64> {
        self.insert_rows(head, rows, tail).await
    }

    async fn insert_rows(&mut self, head: &str, rows: Vec<Vec<Arg>>, tail: &str) -> sqlx::Result<u64> {
        self.write_rows(rows, |list| list.inserted(head, tail)).await
    }

    /// Runs a statement over rows, a part of them at a time; answers how many rows it touched.
    async fn write_rows(&mut self, rows: Vec<Vec<Arg>>, text: impl Fn(List) -> String) -> sqlx::Result<u64> {
        let Some(width) = rows.first().map(Vec::len) else { return Ok(0) };
        let in_columns = self.is_postgres();
        let mut touched = 0;
        let mut rows = rows.into_iter();
        while rows.len() > 0 {
            let size = if in_columns { MOST_ROWS } else { chunk_size(rows.len(), width) };
            let part = rows.by_ref().take(size);
            let (sql, args) = match in_columns {
                true => (text(List::Columns(1, width)), columns(part, width)),
                false => (text(List::Rows(size, width)), part.flatten().collect()),
            };
            touched += on!(self, c => bind(sqlx::query(AssertSqlSafe(sql)), args).execute(c).await.map(|done| done.rows_affected()))?;
        }
        Ok(touched)
    }

    /// Runs several statements that take no arguments: migrations.
    pub async fn script(&mut self, sql: String) -> sqlx::Result<()> {
        statements::count();
        on!(self, c => sqlx::raw_sql(AssertSqlSafe(sql)).execute(c).await.map(|_| ()))
    }

    /// Whether this is PostgreSQL, for the few statements that come in pairs.
    pub fn is_postgres(&self) -> bool {
        matches!(self, Conn::Postgres(_) | Conn::PostgresTx(_))
    }

    /// Answers whether the server is there.
    pub async fn ping(&mut self) -> sqlx::Result<()> {
        on!(self, c => c.ping().await)
    }

    async fn all_of<R: Row>(&mut self, sql: SqlStr, args: Vec<Arg>) -> sqlx::Result<Vec<R>> {
        // Row by row: the rows of a large table are never held beside what they become.
        on!(self, c => bind(sqlx::query(sql), args).try_map(|row| R::from_row(&row)).fetch_all(c).await)
    }
}

mod bind;
mod lists;
mod together;
mod whole;

use bind::bind;
use lists::{List, MOST_ROWS, chunk_size, columns, marks};
pub use together::Writes;
pub use whole::{Column, Kind};
