//! Catalogs that staff upload: where each import stands, and what became of each thing in its file.

use chrono::{DateTime, Utc};
use commerce::UnknownName;
use commerce::ids::ImportId;
use commerce::transfer::ImportState;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use uuid::Uuid;

use super::{Arg, Conn};
use crate::args;
use crate::error::{Error, Result};
use crate::import::{Format, Level, Report, Row as Remark, Taken, Tally};

/// Things without a problem that are kept row by row; further ones are only counted.
const MOST_TAKEN: u64 = 20_000;
/// Problems that are kept row by row.
const MOST_PROBLEMS: u64 = 50_000;

/// The two passes over a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// What would happen.
    Check,
    /// What happened.
    Import,
}

impl Phase {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Phase::Check => "check",
            Phase::Import => "import",
        }
    }

    /// Where an import stands during the pass, and after it.
    fn states(self) -> (ImportState, ImportState) {
        match self {
            Phase::Check => (ImportState::Checking, ImportState::Checked),
            Phase::Import => (ImportState::Importing, ImportState::Done),
        }
    }
}

/// How much of a file came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Products.
    pub products: Tally,
    /// Categories.
    pub categories: Tally,
    /// Coupons.
    pub coupons: Tally,
    /// Not taken.
    pub skipped: u64,
    /// Things to know about what was taken.
    pub warnings: u64,
}

impl Counts {
    /// Everything that is taken.
    pub fn taken(&self) -> u64 {
        [self.products, self.categories, self.coupons]
            .iter()
            .map(|tally| tally.new + tally.changed + tally.unchanged)
            .sum()
    }

    /// What the import makes or changes.
    pub fn to_write(&self) -> u64 {
        [self.products, self.categories, self.coupons].iter().map(|tally| tally.new + tally.changed).sum()
    }

    fn add(&mut self, report: &Report) {
        self.products.add(report.products);
        self.categories.add(report.categories);
        self.coupons.add(report.coupons);
        self.skipped += report.skipped;
        self.warnings += report.warnings;
    }
}

/// An upload and what became of it.
#[derive(Clone, Debug)]
pub struct Import {
    /// Its id, and the name of its file in the data folder.
    pub id: ImportId,
    /// What the file was called.
    pub file_name: String,
    /// How large it is.
    pub bytes: i64,
    /// What was said of its format.
    pub format: Option<Format>,
    /// Where it stands.
    pub state: ImportState,
    /// Why it failed.
    pub problem: Option<String>,
    /// Who uploaded it.
    pub actor: String,
    /// Parts of the file that are through.
    pub batches: i64,
    /// What the dry run found.
    pub checked: Counts,
    /// What the import did.
    pub imported: Counts,
    /// When it was uploaded.
    pub created_at: DateTime<Utc>,
    /// When something last happened to it.
    pub updated_at: DateTime<Utc>,
}

impl Import {
    /// The pass that its rows are of: the last one.
    pub fn phase(&self) -> Phase {
        let began = self.imported != Counts::default() || self.state == ImportState::Importing;
        if began || self.state == ImportState::Done { Phase::Import } else { Phase::Check }
    }

    /// What that pass came to.
    pub fn counts(&self) -> Counts {
        match self.phase() {
            Phase::Check => self.checked,
            Phase::Import => self.imported,
        }
    }
}

/// What became of one thing in the file, or something to know about it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ImportRow {
    /// The line; `None` is the whole file.
    pub line: Option<i64>,
    /// The slug or code.
    pub name: String,
    /// new, changed, unchanged, warning or skipped.
    pub verdict: String,
    /// Why, where there is a reason.
    pub message: String,
}

#[derive(sqlx::FromRow)]
struct Stored {
    id: Uuid,
    file_name: String,
    bytes: i64,
    format: Option<String>,
    state: String,
    problem: Option<String>,
    actor: String,
    batches: i64,
    checked: Json<Counts>,
    imported: Json<Counts>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct Count {
    n: i64,
}

#[derive(sqlx::FromRow)]
struct IdRow {
    id: Uuid,
}

/// Keeps a new upload, to be checked.
pub async fn create(conn: &mut Conn, import: &Import) -> sqlx::Result<()> {
    const CREATE: &str = "INSERT INTO imports
         (id, file_name, bytes, format, state, actor, batches, checked, imported, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $7, $8, $8)";
    let (format, counts) = (import.format.map(|format| format.as_str().to_owned()), Arg::json(&Counts::default()));
    let row = args![
        import.id,
        &import.file_name,
        import.bytes,
        format,
        import.state.as_str(),
        &import.actor,
        counts,
        import.created_at
    ];
    conn.execute(CREATE, row).await?;
    Ok(())
}

/// An import, or `NotFound`.
pub async fn load(conn: &mut Conn, id: ImportId) -> Result<Import> {
    const LOAD: &str =
        "SELECT id, file_name, bytes, format, state, problem, actor, batches, checked, imported, created_at,
         updated_at FROM imports WHERE id = $1";
    let stored: Stored = conn.optional(LOAD, args![id]).await?.ok_or(Error::NotFound)?;
    stored.import()
}

/// The latest imports, newest first.
pub async fn latest(conn: &mut Conn, limit: i64) -> Result<Vec<Import>> {
    const LATEST: &str = "SELECT id, file_name, bytes, format, state, problem, actor, batches, checked, imported,
         created_at, updated_at FROM imports ORDER BY created_at DESC, id DESC LIMIT $1";
    let rows: Vec<Stored> = conn.all(LATEST, args![limit]).await?;
    rows.into_iter().map(Stored::import).collect()
}

/// Lets a checked import begin. Answers whether it was one.
pub async fn begin(conn: &mut Conn, id: ImportId, now: DateTime<Utc>) -> sqlx::Result<bool> {
    const BEGIN: &str = "UPDATE imports SET state = 'importing', batches = 0, updated_at = $2
         WHERE id = $1 AND state = 'checked'";
    Ok(conn.execute(BEGIN, args![id, now]).await? == 1)
}

/// Stops an import. Answers whether there was something to stop.
pub async fn cancel(conn: &mut Conn, id: ImportId, now: DateTime<Utc>) -> sqlx::Result<bool> {
    const CANCEL: &str = "UPDATE imports SET state = 'canceled', updated_at = $2
         WHERE id = $1 AND state IN ('checking', 'checked', 'importing')";
    Ok(conn.execute(CANCEL, args![id, now]).await? == 1)
}

/// A dry run holds nothing of what it found, so that one that was interrupted begins again.
pub async fn restart_check(conn: &mut Conn, id: ImportId) -> sqlx::Result<()> {
    const ROWS: &str = "DELETE FROM import_rows WHERE import_id = $1 AND phase = 'check'";
    const COUNTS: &str = "UPDATE imports SET batches = 0, checked = $2 WHERE id = $1 AND state = 'checking'";
    conn.execute(ROWS, args![id]).await?;
    conn.execute(COUNTS, args![id, Arg::json(&Counts::default())]).await?;
    Ok(())
}

/// Writes down what a part of the file came to. `false`: the import was stopped, or somebody else is past that part.
pub async fn record(
    conn: &mut Conn,
    id: ImportId,
    phase: Phase,
    batch: i64,
    report: &Report,
    now: DateTime<Utc>,
) -> Result<bool> {
    const CHECKED: &str = "UPDATE imports SET batches = batches + 1, checked = $4, updated_at = $5
         WHERE id = $1 AND state = $2 AND batches = $3";
    const IMPORTED: &str = "UPDATE imports SET batches = batches + 1, imported = $4, updated_at = $5
         WHERE id = $1 AND state = $2 AND batches = $3";
    const ROWS: &str = "INSERT INTO import_rows (import_id, phase, position, line, name, verdict, message, is_problem)";
    let import = load(conn, id).await?;
    let (sql, before) = match phase {
        Phase::Check => (CHECKED, import.checked),
        Phase::Import => (IMPORTED, import.imported),
    };
    let mut counts = before;
    counts.add(report);
    let row = args![id, phase.states().0.as_str(), batch, Arg::json(&counts), now];
    if conn.execute(sql, row).await? != 1 {
        return Ok(false);
    }
    let first = before.taken() + before.skipped + before.warnings;
    let rows = kept(report, before).into_iter().zip(first as i64..);
    let rows = rows.map(|((line, name, verdict, message, is_problem), position)| {
        args![id, phase.as_str(), position, line, name, verdict, message, is_problem]
    });
    conn.insert_many(ROWS, rows.collect(), "").await?;
    Ok(true)
}

/// Line, name, verdict, message, whether it is a problem.
type Kept = (Option<i64>, String, &'static str, String, bool);

/// The rows of a part of the file by line, as far as there is room for them.
fn kept(report: &Report, before: Counts) -> Vec<Kept> {
    let room = |most: u64, used: u64| usize::try_from(most.saturating_sub(used)).unwrap_or(usize::MAX);
    let taken =
        |taken: &Taken| (Some(taken.line as i64), taken.name.clone(), taken.verdict.as_str(), String::new(), false);
    let remark = |row: &Remark| {
        let verdict = if row.level == Level::Skipped { "skipped" } else { "warning" };
        (row.line.map(|line| line as i64), row.product.clone().unwrap_or_default(), verdict, row.message.clone(), true)
    };
    let problems = report.rows.iter().take(room(MOST_PROBLEMS, before.skipped + before.warnings)).map(remark);
    let taken = report.taken.iter().take(room(MOST_TAKEN, before.taken())).map(taken);
    let mut rows: Vec<Kept> = taken.chain(problems).collect();
    rows.sort_by_key(|row| row.0);
    rows
}

/// The file is through.
pub async fn finish(conn: &mut Conn, id: ImportId, phase: Phase, now: DateTime<Utc>) -> sqlx::Result<()> {
    const FINISH: &str = "UPDATE imports SET state = $3, updated_at = $4 WHERE id = $1 AND state = $2";
    let (during, after) = phase.states();
    conn.execute(FINISH, args![id, during.as_str(), after.as_str(), now]).await?;
    Ok(())
}

/// The file can't be read.
pub async fn fail(conn: &mut Conn, id: ImportId, problem: &str, now: DateTime<Utc>) -> sqlx::Result<()> {
    const FAIL: &str = "UPDATE imports SET state = 'failed', problem = $2, updated_at = $3
         WHERE id = $1 AND state IN ('checking', 'importing')";
    conn.execute(FAIL, args![id, problem, now]).await?;
    Ok(())
}

/// A page of what became of each thing.
pub async fn rows(
    conn: &mut Conn,
    id: ImportId,
    phase: Phase,
    problems_only: bool,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<ImportRow>> {
    const ALL: &str = "SELECT line, name, verdict, message FROM import_rows WHERE import_id = $1 AND phase = $2
         ORDER BY position LIMIT $3 OFFSET $4";
    const PROBLEMS: &str = "SELECT line, name, verdict, message FROM import_rows
         WHERE import_id = $1 AND phase = $2 AND is_problem ORDER BY position LIMIT $3 OFFSET $4";
    conn.all(if problems_only { PROBLEMS } else { ALL }, args![id, phase.as_str(), limit, offset]).await
}

/// How many of them are kept.
pub async fn count_rows(conn: &mut Conn, id: ImportId, phase: Phase, problems_only: bool) -> sqlx::Result<i64> {
    const ALL: &str = "SELECT COUNT(*) AS n FROM import_rows WHERE import_id = $1 AND phase = $2";
    const PROBLEMS: &str = "SELECT COUNT(*) AS n FROM import_rows WHERE import_id = $1 AND phase = $2 AND is_problem";
    let count: Count = conn.one(if problems_only { PROBLEMS } else { ALL }, args![id, phase.as_str()]).await?;
    Ok(count.n)
}

/// Everything that was not taken.
pub async fn skipped(conn: &mut Conn, id: ImportId, phase: Phase) -> sqlx::Result<Vec<ImportRow>> {
    const SKIPPED: &str = "SELECT line, name, verdict, message FROM import_rows
         WHERE import_id = $1 AND phase = $2 AND is_problem AND verdict = 'skipped' ORDER BY position";
    conn.all(SKIPPED, args![id, phase.as_str()]).await
}

/// Forgets imports that nothing happened to for long; answers which, so that their files go too.
pub async fn prune(conn: &mut Conn, before: DateTime<Utc>) -> sqlx::Result<Vec<ImportId>> {
    const OLD: &str = "SELECT id FROM imports WHERE updated_at < $1 AND state NOT IN ('checking', 'importing')";
    let old: Vec<IdRow> = conn.all(OLD, args![before]).await?;
    for row in &old {
        conn.execute("DELETE FROM import_rows WHERE import_id = $1", args![row.id]).await?;
        conn.execute("DELETE FROM imports WHERE id = $1", args![row.id]).await?;
    }
    Ok(old.into_iter().map(|row| ImportId(row.id)).collect())
}

impl Stored {
    fn import(self) -> Result<Import> {
        let internal = |error: UnknownName| Error::Internal(error.to_string());
        Ok(Import {
            id: ImportId(self.id),
            file_name: self.file_name,
            bytes: self.bytes,
            format: self.format.and_then(|format| format.parse().ok()),
            state: self.state.parse().map_err(internal)?,
            problem: self.problem,
            actor: self.actor,
            batches: self.batches,
            checked: self.checked.0,
            imported: self.imported.0,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}
