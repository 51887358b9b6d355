//! Writes batches, each in a transaction. When the database refuses a batch, its entries are tried one by one, so that a
//! single one can't take the others along.

use super::save::save;
use super::{Entry, Item, Report, Row, Target};
use crate::error::{Error, Result, is_retryable};
use crate::store::Tx;
use crate::store::savepoint;

/// How often a batch is tried that lost a race against somebody else.
const ATTEMPTS: usize = 5;

/// The writing half of an import.
pub(super) struct Writer {
    target: Target,
    /// The one transaction of a dry run, which is never committed.
    dry_run: Option<Tx>,
    report: Report,
}

impl Writer {
    pub(super) async fn begin(target: Target, dry_run: bool) -> Result<Self> {
        let report = Report { dry_run, ..Report::default() };
        let dry_run = if dry_run { Some(target.db.begin().await?) } else { None };
        Ok(Self { target, dry_run, report })
    }

    pub(super) async fn write(&mut self, batch: Vec<Item>) -> Result<()> {
        let mut entries = Vec::with_capacity(batch.len());
        for item in batch {
            match item {
                Item::Entry(entry) => entries.push(entry),
                Item::Row(row) => self.report.add(row),
            }
        }
        match self.attempt(&entries).await {
            Ok(report) => self.report.merge(report),
            Err(error) if is_about_a_row(&error) => self.write_one_by_one(&entries).await?,
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// What was done, its rows by line.
    pub(super) async fn finish(mut self) -> Result<Report> {
        self.report.rows.sort_by_key(|row| row.line);
        Ok(self.report)
    }

    async fn write_one_by_one(&mut self, entries: &[Entry]) -> Result<()> {
        for entry in entries {
            match self.attempt(std::slice::from_ref(entry)).await {
                Ok(report) => self.report.merge(report),
                Err(error) if is_about_a_row(&error) => {
                    self.report.add(Row::skipped(entry.line, entry.name(), error.to_string()));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn attempt(&mut self, entries: &[Entry]) -> Result<Report> {
        for _ in 1..ATTEMPTS {
            match self.once(entries).await {
                Err(error) if lost_a_race(&error) => {}
                result => return result,
            }
        }
        self.once(entries).await
    }

    async fn once(&mut self, entries: &[Entry]) -> Result<Report> {
        let Some(tx) = &mut self.dry_run else {
            let mut tx = self.target.db.begin().await?;
            let report = save(&mut tx, &self.target, entries).await?;
            tx.commit().await?;
            return Ok(report);
        };
        savepoint::set(tx).await?;
        let saved = save(tx, &self.target, entries).await;
        match saved {
            Ok(_) => savepoint::keep(tx).await?,
            Err(_) => savepoint::take_back(tx).await?,
        }
        saved
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
