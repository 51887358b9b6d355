//! A table as spreadsheets read it: comma-separated, the columns named, and no cell that could be a formula.

use std::io::Write;

use chrono::{DateTime, SecondsFormat, Utc};
use commerce::money::Money;

use super::unwritable;
use crate::csv_cells::guarded;
use crate::error::{Error, Result};

/// Writes rows under named columns.
pub(super) struct Table<W: Write> {
    csv: csv::Writer<W>,
    row: csv::StringRecord,
    columns: usize,
    rows: u64,
}

impl<W: Write> Table<W> {
    /// A table with its first line.
    pub(super) fn begin<'c>(to: W, columns: impl IntoIterator<Item = &'c str>) -> Result<Self> {
        let mut table = Self { csv: csv::Writer::from_writer(to), row: csv::StringRecord::new(), columns: 0, rows: 0 };
        for column in columns {
            table.columns += 1;
            table.text(column);
        }
        table.write()?;
        Ok(table)
    }

    /// A cell of text that somebody chose.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.row.push_field(&guarded(text));
        self
    }

    /// A cell of text, empty when there is none.
    pub(super) fn maybe(&mut self, text: Option<&str>) -> &mut Self {
        self.text(text.unwrap_or_default())
    }

    /// A number: it stays one, whatever its sign.
    pub(super) fn number(&mut self, number: i64) -> &mut Self {
        self.row.push_field(&number.to_string());
        self
    }

    /// An amount, as a decimal number.
    pub(super) fn money(&mut self, amount: Money) -> &mut Self {
        self.row.push_field(&amount.to_decimal());
        self
    }

    /// A time, in UTC.
    pub(super) fn time(&mut self, at: DateTime<Utc>) -> &mut Self {
        self.row.push_field(&at.to_rfc3339_opts(SecondsFormat::Secs, true));
        self
    }

    /// Cells that say nothing.
    pub(super) fn skip(&mut self, cells: usize) -> &mut Self {
        (0..cells).for_each(|_| self.row.push_field(""));
        self
    }

    /// Ends the row; cells that were not named are empty.
    pub(super) fn end(&mut self) -> Result<()> {
        self.skip(self.columns.saturating_sub(self.row.len()));
        self.rows += 1;
        self.write()
    }

    /// How many rows there are.
    pub(super) fn finish(mut self) -> Result<u64> {
        self.csv.flush().map_err(unwritable)?;
        Ok(self.rows)
    }

    fn write(&mut self) -> Result<()> {
        self.csv
            .write_record(&self.row)
            .map_err(|error| Error::Malformed(format!("the export can't be written: {error}")))?;
        self.row.clear();
        Ok(())
    }
}
