//! `transfers/*.html`: files that come in and go out.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::sampled;

/// Where files are brought in and taken out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransfersPage {
    /// The latest imports, newest first.
    pub imports: Vec<ImportSummary>,
    /// Why a file was not taken.
    pub refused: Option<String>,
}

sampled!(TransfersPage, "transfers.json");

/// How many things of one kind come to what.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TallyView {
    /// The shop does not have them.
    pub new: u64,
    /// The shop has them otherwise.
    pub changed: u64,
    /// The shop has them as they are.
    pub unchanged: u64,
}

/// An import in a few numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportSummary {
    /// Its page.
    pub url: String,
    /// What the file is called.
    pub file_name: String,
    /// checking, checked, importing, done, canceled or failed.
    pub state: String,
    /// Whether the numbers are of the import and no longer of the dry run.
    pub imported: bool,
    /// Whether the shop is working on it.
    pub busy: bool,
    /// Why it failed.
    pub problem: Option<String>,
    /// Things that are made or changed.
    pub to_write: u64,
    /// Things that are through.
    pub through: u64,
    /// Things there are, once it is known.
    pub total: Option<u64>,
    /// Products.
    pub products: TallyView,
    /// Categories.
    pub categories: TallyView,
    /// Coupons.
    pub coupons: TallyView,
    /// Not taken.
    pub skipped: u64,
    /// Things to know about what is taken.
    pub warnings: u64,
    /// When it was uploaded.
    pub created_at: DateTime<Utc>,
}

/// An import and what became of each thing in its file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportPage {
    /// In a few numbers.
    pub import: ImportSummary,
    /// A page of what became of each thing.
    pub rows: Vec<ImportRowView>,
    /// How many rows there are.
    pub total: i64,
    /// Whether only problems are shown.
    pub problems_only: bool,
    /// Which page, from 1.
    pub page: i64,
    /// How many pages.
    pub pages: i64,
    /// The page before.
    pub previous_url: Option<String>,
    /// The page after.
    pub next_url: Option<String>,
    /// With everything.
    pub all_url: String,
    /// With problems only.
    pub problems_url: String,
}

sampled!(ImportPage, "import.json");

/// What became of one thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportRowView {
    /// The line; `None` is the whole file.
    pub line: Option<i64>,
    /// The slug or code.
    pub name: String,
    /// new, changed, unchanged, warning or skipped.
    pub verdict: String,
    /// Why.
    pub message: String,
}
