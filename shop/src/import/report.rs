//! What an import did, and everything it did not take as it stood.

use std::fmt;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};

/// Rows that are shown to people before the rest is only counted.
const SHOWN: usize = 50;

/// How much a row weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Taken, but not all of it, or not as it stood.
    Warning,
    /// Not taken.
    Skipped,
}

/// One thing to know about a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The line it is about; `None` is the whole file.
    pub line: Option<u64>,
    /// The slug or code of what it is about.
    pub product: Option<String>,
    /// How much it weighs.
    pub level: Level,
    /// What happened, and why.
    pub message: String,
}

impl Row {
    /// Something about the whole file.
    pub fn of_file(message: impl Into<String>) -> Self {
        Row { line: None, product: None, level: Level::Warning, message: message.into() }
    }

    /// Something about a thing that is taken nonetheless.
    pub fn warning(line: u64, product: &str, message: impl Into<String>) -> Self {
        Row { line: Some(line), product: named(product), level: Level::Warning, message: message.into() }
    }

    /// Why a thing is not taken.
    pub fn skipped(line: u64, product: &str, message: impl Into<String>) -> Self {
        Row { level: Level::Skipped, ..Row::warning(line, product, message) }
    }
}

fn named(product: &str) -> Option<String> {
    (!product.is_empty()).then(|| product.to_owned())
}

/// What a file is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A product.
    Product,
    /// A category, listed or only named by a product.
    Category,
    /// A coupon.
    Coupon,
}

/// What became of a thing that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The shop did not have it.
    New,
    /// The shop had it otherwise.
    Changed,
    /// The shop had it as it is.
    Unchanged,
}

impl Verdict {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::New => "new",
            Verdict::Changed => "changed",
            Verdict::Unchanged => "unchanged",
        }
    }
}

/// A thing that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The line it begins on.
    pub line: u64,
    /// Its slug or code.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// What became of it.
    pub verdict: Verdict,
}

/// How many things of one kind were taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// New to the shop.
    pub new: u64,
    /// Known, and changed.
    pub changed: u64,
    /// Known, and the same.
    pub unchanged: u64,
}

impl Tally {
    fn count(&mut self, verdict: Verdict) {
        *match verdict {
            Verdict::New => &mut self.new,
            Verdict::Changed => &mut self.changed,
            Verdict::Unchanged => &mut self.unchanged,
        } += 1;
    }

    /// Adds what another part came to.
    pub fn add(&mut self, other: Tally) {
        self.new += other.new;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
    }
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The products of the file.
    pub products: Tally,
    /// The categories of the file, and those that were made because a product names them.
    pub categories: Tally,
    /// The coupons of the file.
    pub coupons: Tally,
    /// Not taken; a row says why.
    pub skipped: u64,
    /// Rows about things that were taken nonetheless.
    pub warnings: u64,
    /// Everything to know, by line.
    pub rows: Vec<Row>,
    /// Everything that was taken, as it was.
    pub taken: Vec<Taken>,
    /// Whether it was taken back at the end.
    pub dry_run: bool,
}

impl Report {
    /// Adds a row and counts it.
    pub fn add(&mut self, row: Row) {
        match row.level {
            Level::Skipped => self.skipped += 1,
            Level::Warning => self.warnings += 1,
        }
        self.rows.push(row);
    }

    /// Notes what became of a thing, and counts it.
    pub fn take(&mut self, line: u64, name: &str, kind: Kind, verdict: Verdict) {
        match kind {
            Kind::Product => self.products.count(verdict),
            Kind::Category => self.categories.count(verdict),
            Kind::Coupon => self.coupons.count(verdict),
        }
        self.taken.push(Taken { line, name: name.to_owned(), kind, verdict });
    }

    /// Adds what another import did.
    pub fn merge(&mut self, other: Report) {
        self.products.add(other.products);
        self.categories.add(other.categories);
        self.coupons.add(other.coupons);
        self.skipped += other.skipped;
        self.warnings += other.warnings;
        self.rows.extend(other.rows);
        self.taken.extend(other.taken);
    }

    /// Products, and the other kinds that came up.
    fn tallies(&self) -> impl Iterator<Item = (&'static str, Tally)> {
        let others = [("categories", self.categories), ("coupons", self.coupons)];
        let others = others.into_iter().filter(|(_, tally)| *tally != Tally::default());
        std::iter::once(("products", self.products)).chain(others)
    }

    /// Writes every row as a line of JSON.
    pub fn write_json_lines(&self, mut to: impl Write) -> io::Result<()> {
        for row in &self.rows {
            serde_json::to_writer(&mut to, row)?;
            to.write_all(b"\n")?;
        }
        to.flush()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kind, tally) in self.tallies() {
            let Tally { new, changed, unchanged } = tally;
            writeln!(f, "{kind}: {new} new, {changed} changed, {unchanged} unchanged")?;
        }
        let mood = if self.dry_run { " (dry run: nothing was kept)" } else { "" };
        writeln!(f, "{} skipped, {} warnings{mood}", self.skipped, self.warnings)?;
        let (skips, remarks): (Vec<&Row>, Vec<&Row>) = self.rows.iter().partition(|row| row.level == Level::Skipped);
        for row in skips.into_iter().chain(remarks).take(SHOWN) {
            writeln!(f, "  {row}")?;
        }
        match self.rows.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => writeln!(f, "  and {more} more; --report FILE writes all of them"),
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}")?,
            None => write!(f, "the file")?,
        }
        if let Some(product) = &self.product {
            write!(f, ", {product}")?;
        }
        let verdict = if self.level == Level::Skipped { " skipped" } else { "" };
        write!(f, "{verdict}: {}", self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_says_of_what() {
        let products = Tally { new: 20, ..Tally::default() };
        let coupons = Tally { new: 1, changed: 2, unchanged: 3 };
        let mut report = Report { products, coupons, dry_run: true, ..Report::default() };
        report.merge(Report { products, ..Report::default() });
        assert_eq!(
            report.to_string(),
            "products: 40 new, 0 changed, 0 unchanged\ncoupons: 1 new, 2 changed, 3 unchanged\n\
             0 skipped, 0 warnings (dry run: nothing was kept)\n"
        );
    }
}
