//! Writes batches, each in a transaction. When the database refuses a batch, its entries are tried one by one, so that a
//! single one can't take the others along.

use std::time::Duration;

use tokio::time::sleep;

use super::save::{Foreseen, save};
use super::{Book, Entry, Item, Options, Report, Row, Target};
use crate::error::{Error, Result, is_retryable};
use crate::store::{imports, savepoint};

/// How often a batch is tried that lost a race against somebody else.
const ATTEMPTS: usize = 5;
/// How long an import in an open shop leaves the writer to others between two batches.
const PAUSE: Duration = Duration::from_millis(15);

/// The writing half of an import.
pub(super) struct Writer {
    target: Target,
    actor: String,
    /// What a dry run would have written.
    foreseen: Option<Foreseen>,
    book: Option<Book>,
    /// Batches that are through.
    batches: i64,
    report: Report,
}

impl Writer {
    pub(super) fn new(target: Target, options: &Options) -> Self {
        Self {
            target,
            actor: options.actor.clone().unwrap_or_else(|| "import".to_owned()),
            foreseen: options.dry_run.then(Foreseen::default),
            book: options.book,
            batches: 0,
            report: Report { dry_run: options.dry_run, ..Report::default() },
        }
    }

    /// Writes a batch; `false` when the import was stopped.
    pub(super) async fn write(&mut self, batch: Vec<Item>) -> Result<bool> {
        if self.book.is_some_and(|book| self.batches < book.done) {
            self.batches += 1;
            return Ok(true);
        }
        let mut said = Report::default();
        let mut entries = Vec::with_capacity(batch.len());
        for item in batch {
            match item {
                Item::Entry(entry) => entries.push(entry),
                Item::Row(row) => said.add(row),
            }
        }
        let written = match self.attempt(&entries, &said, false).await {
            Err(error) if is_about_a_row(&error) => self.attempt(&entries, &said, true).await?,
            written => written?,
        };
        let Some(report) = written else { return Ok(false) };
        self.report.merge(report);
        self.batches += 1;
        if self.book.is_some() {
            sleep(PAUSE).await;
        }
        Ok(true)
    }

    /// What was done, its rows by line.
    pub(super) fn finish(mut self) -> Report {
        self.report.rows.sort_by_key(|row| row.line);
        self.report
    }

    async fn attempt(&mut self, entries: &[Entry], said: &Report, singly: bool) -> Result<Option<Report>> {
        for _ in 1..ATTEMPTS {
            match self.once(entries, said, singly).await {
                Err(error) if lost_a_race(&error) => {}
                result => return result,
            }
        }
        self.once(entries, said, singly).await
    }

    /// One transaction with everything of the batch. `None`: the import was stopped, and nothing of it is kept.
    async fn once(&mut self, entries: &[Entry], said: &Report, singly: bool) -> Result<Option<Report>> {
        let mut report = said.clone();
        if let Some(foreseen) = &mut self.foreseen {
            let mut conn = self.target.db.read().await?;
            report.merge(save(&mut conn, &self.target, entries, &self.actor, Some(foreseen)).await?);
            drop(conn);
            return Ok(self.noted(&report).await?.then_some(report));
        }
        let mut tx = self.target.db.begin().await?;
        let size = if singly { 1 } else { entries.len().max(1) };
        for part in entries.chunks(size) {
            savepoint::set(&mut tx).await?;
            match save(&mut tx, &self.target, part, &self.actor, None).await {
                Ok(saved) => report.merge(saved),
                Err(error) if singly && is_about_a_row(&error) => {
                    savepoint::take_back(&mut tx).await?;
                    report.add(Row::skipped(part[0].line, part[0].name(), error.to_string()));
                }
                Err(error) => return Err(error),
            }
            savepoint::keep(&mut tx).await?;
        }
        if let Some(book) = self.book {
            let now = self.target.clock.now();
            if !imports::record(&mut tx, book.import, book.phase, self.batches, &report, now).await? {
                return Ok(None);
            }
        }
        tx.commit().await?;
        Ok(Some(report))
    }

    /// Writes down what a part of a dry run found; `false` when it was stopped.
    async fn noted(&self, report: &Report) -> Result<bool> {
        let Some(book) = self.book else { return Ok(true) };
        let mut tx = self.target.db.begin().await?;
        let now = self.target.clock.now();
        let goes_on = imports::record(&mut tx, book.import, book.phase, self.batches, report, now).await?;
        tx.commit().await?;
        Ok(goes_on)
    }
}

/// Whether the rows themselves were refused, rather than the database failing.
fn is_about_a_row(error: &Error) -> bool {
    match error {
        Error::Database(sqlx::Error::Database(error)) => error.kind() != sqlx::error::ErrorKind::Other,
        other => other.code() == "version_conflict",
    }
}

fn lost_a_race(error: &Error) -> bool {
    is_retryable(error) || matches!(error.code(), "version_conflict" | "unavailable")
}
