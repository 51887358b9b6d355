//! The one writer of a SQLite shop. A commit costs one flush whatever it holds, so transactions that wait for the writer
//! share one: each but the first is a savepoint in an outer transaction, alone while it runs, and is told that it is kept only
//! when the outer one is durable. Nothing waits on a timer: a transaction that is alone is committed at once.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{Executor, Sqlite};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};
use tokio::time::timeout;

use super::statements;

/// Where transactions that want to write stand in line, first come first served.
#[derive(Clone, Debug)]
pub struct Writer {
    line: Arc<Mutex<Turn>>,
    /// How long a transaction stands in line before it is told to come back.
    patience: Duration,
    commits: Arc<AtomicU64>,
}

/// What whoever is next in line gets.
#[derive(Debug)]
struct Turn {
    pool: SqlitePool,
    /// The connection; none before the first transaction and after a failure.
    conn: Option<PoolConnection<Sqlite>>,
    /// Whether the outer transaction is open.
    open: bool,
    /// Whether the current transaction has a savepoint; to take back the first is to take back all.
    saved: bool,
    /// Those that are done and wait to be durable.
    done: Vec<oneshot::Sender<sqlx::Result<()>>>,
    commits: Arc<AtomicU64>,
}

/// A transaction of the writer; taken back unless [`Savepoint::commit`] is called.
#[derive(Debug)]
pub struct Savepoint {
    writer: Writer,
    /// Only ever empty while it is committed or dropped.
    turn: Option<OwnedMutexGuard<Turn>>,
}

impl Writer {
    /// A writer on a pool of one connection.
    pub fn new(pool: SqlitePool, patience: Duration) -> Self {
        let commits = Arc::<AtomicU64>::default();
        let turn = Turn { pool, conn: None, open: false, saved: false, done: vec![], commits: commits.clone() };
        Self { line: Arc::new(Mutex::new(turn)), patience, commits }
    }

    /// Stands in line, then begins.
    pub async fn begin(&self) -> sqlx::Result<Savepoint> {
        statements::needed(self.line.try_lock().is_err());
        let turn = timeout(self.patience, self.line.clone().lock_owned()).await;
        let mut turn = turn.map_err(|_| sqlx::Error::PoolTimedOut)?;
        turn.begin().await?;
        Ok(Savepoint { writer: self.clone(), turn: Some(turn) })
    }

    /// How often something was made durable.
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// Lets those in line finish, then closes the connection.
    pub async fn close(&self) {
        let mut turn = self.line.lock().await;
        turn.commit().await;
        turn.conn = None;
        turn.pool.close().await;
    }

    /// Waits until one that is done is durable: either somebody before us in line makes it so, or we do.
    async fn durable(&self, mut told: oneshot::Receiver<sqlx::Result<()>>) -> sqlx::Result<()> {
        let told = tokio::select! {
            biased;
            told = &mut told => told,
            mut turn = self.line.lock() => {
                turn.commit().await;
                drop(turn);
                told.await
            }
        };
        told.unwrap_or(Err(sqlx::Error::WorkerCrashed))
    }
}

impl Turn {
    async fn begin(&mut self) -> sqlx::Result<()> {
        if self.conn.is_none() {
            self.conn = Some(self.pool.acquire().await?);
        }
        self.saved = self.open;
        if !self.open {
            self.run("BEGIN IMMEDIATE").await?;
            self.open = true;
            return Ok(());
        }
        match self.run("SAVEPOINT one").await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.fail(error).await),
        }
    }

    /// Keeps what the current transaction did, for the commit that follows.
    async fn keep(&mut self, tell: oneshot::Sender<sqlx::Result<()>>) {
        self.done.push(tell);
        // It is gone when an error of the disk took the whole outer transaction back.
        if let Err(error) = self.release().await {
            self.fail(error).await;
        }
    }

    /// Takes back what the current transaction did, and nothing else.
    async fn take_back(&mut self) {
        let undone = match self.saved {
            true => self.undo().await,
            false => self.run("ROLLBACK").await,
        };
        match undone {
            Ok(()) => self.open = self.saved,
            Err(error) => drop(self.fail(error).await),
        }
    }

    async fn undo(&mut self) -> sqlx::Result<()> {
        self.run("ROLLBACK TO SAVEPOINT one").await?;
        self.release().await
    }

    async fn release(&mut self) -> sqlx::Result<()> {
        match self.saved {
            true => self.run("RELEASE SAVEPOINT one").await,
            false => Ok(()),
        }
    }

    /// Makes everything that is done durable, and says so.
    async fn commit(&mut self) {
        if !self.open {
            return;
        }
        match self.run("COMMIT").await {
            Ok(()) => {
                self.open = false;
                self.commits.fetch_add(1, Ordering::Relaxed);
                // Who no longer listens has gone.
                self.done.drain(..).for_each(|tell| drop(tell.send(Ok(()))));
            }
            Err(error) => drop(self.fail(error).await),
        }
    }

    /// Nothing of the outer transaction is kept. Everybody in it is told, and the next one gets a new connection.
    async fn fail(&mut self, error: sqlx::Error) -> sqlx::Error {
        tracing::error!(%error, transactions = self.done.len(), "what was written can't be kept");
        let _ = self.run("ROLLBACK").await;
        (self.open, self.conn) = (false, None);
        for tell in self.done.drain(..) {
            // Who no longer listens has gone.
            let _ = tell.send(Err(sqlx::Error::Io(std::io::Error::other(error.to_string()))));
        }
        error
    }

    async fn run(&mut self, sql: &'static str) -> sqlx::Result<()> {
        let conn = self.conn.as_mut().ok_or(sqlx::Error::WorkerCrashed)?;
        (&mut **conn).execute(sqlx::query(sql)).await.map(|_| ())
    }
}

impl Savepoint {
    /// Makes what was done durable, together with what others did who were in line. It goes on to its end even when
    /// nobody waits for it any more.
    pub async fn commit(mut self) -> sqlx::Result<()> {
        let mut turn = self.turn.take().expect("only commit and drop take the turn");
        let writer = self.writer.clone();
        let whole = tokio::spawn(async move {
            let (tell, told) = oneshot::channel();
            turn.keep(tell).await;
            drop(turn);
            writer.durable(told).await
        });
        whole.await.map_err(|_| sqlx::Error::WorkerCrashed)?
    }
}

impl Drop for Savepoint {
    fn drop(&mut self) {
        let Some(mut turn) = self.turn.take() else { return };
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(async move { turn.take_back().await })),
            // The program ends: what is not committed is gone with the connection.
            Err(_) => turn.conn = None,
        }
    }
}

impl Deref for Savepoint {
    type Target = SqliteConnection;
    fn deref(&self) -> &SqliteConnection {
        let turn = self.turn.as_ref().expect("only commit and drop take the turn");
        turn.conn.as_ref().expect("a transaction has a connection")
    }
}

impl DerefMut for Savepoint {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        let turn = self.turn.as_mut().expect("only commit and drop take the turn");
        turn.conn.as_mut().expect("a transaction has a connection")
    }
}
