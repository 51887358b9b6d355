//! Restoring: everything is made beside the place where it is to be, and put there once it is whole.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use chrono::{DateTime, Utc};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use super::place::Vacant;
use super::unpack::{self, Entry, Unpack};
use super::{BackupError, END, End, MEDIA, Manifest, SECRET, TABLES};
use crate::clock::Clock;
use crate::config::Config;
use crate::files::Files;
use crate::store::dump::{self, Table};
use crate::store::migrate::{self, migrations};
use crate::store::verify::{self, Violation};
use crate::store::{Arg, Column, Conn, Kind};

/// Rows that are written together.
const ROWS: usize = 500;

/// What became of a restore.
#[derive(Debug)]
pub struct Restored {
    /// Rows of all tables.
    pub rows: u64,
    /// Pictures, with their widths.
    pub pictures: u64,
    /// When the backup was made.
    pub made_at: DateTime<Utc>,
    /// What breaks an invariant, as it did when the backup was made.
    pub violations: Vec<Violation>,
    /// Whether `OXCART_SECRET` is another one than the backup's.
    pub other_secret: bool,
}

/// Makes the shop anew in an empty place.
pub async fn restore(config: &Config, clock: &Clock, file: &Path) -> Result<Restored, BackupError> {
    let progress = bar();
    let mut tar = unpack::open(file, &progress)?;
    let (mut unpack, manifest) = Unpack::begin(&mut tar, file)?;
    let place = Vacant::take(config).await?;
    let known = migrations(place.db.engine());
    if let Some(new) = manifest.migrations.iter().find(|name| !known.contains_key(*name)) {
        return Err(BackupError::Newer(file.to_owned(), format!("it has migration {new}")));
    }
    let mut read = End::default();
    let mut tx = place.db.begin().await?;
    dump::take_time(&mut tx).await?;
    let wanted = known.iter().filter(|(name, _)| manifest.migrations.contains(name));
    let wanted: BTreeMap<String, String> = wanted.map(|(name, sql)| (name.clone(), sql.clone())).collect();
    migrate::apply(&mut tx, &wanted, clock.now()).await?;
    let keys = dump::loosen(&mut tx).await?;
    let tables = empty_tables(&mut tx, &manifest, &unpack).await?;
    read.rows = tables.keys().map(|name| (name.clone(), 0)).collect();
    let secret = unpack_all(&mut unpack, &mut tx, &tables, &mut read, &place).await?;
    drop(unpack);
    unpack::finish(tar, file)?;
    let unfit = |error: sqlx::Error| BackupError::Damaged(file.to_owned(), error.to_string());
    dump::tighten(&mut tx, &keys).await.map_err(unfit)?;
    migrate::apply(&mut tx, &known, clock.now()).await?;
    place.settle(tx, &secret).await?;
    progress.finish_and_clear();
    let db = place.open().await?;
    let violations = verify::run(&mut *db.snapshot().await?).await?;
    db.close().await;
    Ok(Restored {
        rows: read.rows.values().sum(),
        pictures: read.pictures,
        made_at: manifest.made_at,
        violations,
        other_secret: config.secret.as_ref().is_some_and(|own| own.as_bytes() != secret),
    })
}

/// The tables of the new schema with the columns of the backup, which have to be the same; nothing is in them.
async fn empty_tables(
    conn: &mut Conn,
    manifest: &Manifest,
    unpack: &Unpack<'_>,
) -> Result<BTreeMap<String, Table>, BackupError> {
    let mut tables = BTreeMap::new();
    for table in dump::tables(conn).await? {
        let columns = manifest.tables.get(&table.name).ok_or_else(|| unpack.damaged("a table is missing"))?;
        let of = |name: &String| table.columns.iter().find(|column| column.name == *name).cloned();
        let named: Option<Vec<Column>> = columns.iter().map(of).collect();
        let columns = named.filter(|named| named.len() == table.columns.len());
        let columns = columns.ok_or_else(|| unpack.damaged(format!("{} has other columns", table.name)))?;
        conn.clear(&table.name).await?;
        tables.insert(table.name.clone(), Table { columns, ..table });
    }
    Ok(tables)
}

/// Brings every entry where it belongs, up to the end; answers the secret.
async fn unpack_all(
    unpack: &mut Unpack<'_>,
    conn: &mut Conn,
    tables: &BTreeMap<String, Table>,
    read: &mut End,
    place: &Vacant,
) -> Result<Vec<u8>, BackupError> {
    let mut secret = None;
    loop {
        read.sha256 = unpack.digest();
        let Some(entry) = unpack.next()? else { return Err(unpack.damaged("it has no end")) };
        if entry.name == END {
            let end: End = entry.json()?;
            unpack.check(&end, read)?;
            return secret.ok_or_else(|| unpack.damaged("it has no secret"));
        } else if entry.name == SECRET {
            secret = Some(entry.bytes()?);
        } else if let Some(name) = entry.name.strip_prefix(MEDIA).map(str::to_owned) {
            picture(entry, &name, &place.files)?;
            read.pictures += 1;
        } else {
            let name = entry.name.strip_prefix(TABLES).and_then(|name| name.split('/').next());
            let table = name.and_then(|name| tables.get(name)).ok_or_else(|| entry.damaged("a strange entry"))?;
            *read.rows.entry(table.name.clone()).or_default() += rows(entry, conn, table).await?;
        }
    }
}

async fn rows(entry: Entry<'_, '_>, conn: &mut Conn, table: &Table) -> Result<u64, BackupError> {
    let wrong = entry.damaged(format!("a row of {} does not fit", table.name));
    let mut count = 0;
    let mut waiting = Vec::with_capacity(ROWS);
    for line in entry.lines() {
        let line = line?;
        let cells = line.into_iter().zip(&table.columns).map(|(value, column)| cell(value, column.kind));
        let cells: Option<Vec<Arg>> = cells.collect();
        let Some(cells) = cells.filter(|cells| cells.len() == table.columns.len()) else { return Err(wrong) };
        waiting.push(cells);
        count += 1;
        if waiting.len() == ROWS {
            conn.put_rows(&table.name, &table.columns, std::mem::take(&mut waiting)).await?;
        }
    }
    conn.put_rows(&table.name, &table.columns, waiting).await?;
    Ok(count)
}

fn cell(value: Value, kind: Kind) -> Option<Arg> {
    fn read<T: serde::de::DeserializeOwned>(value: Value) -> Option<Option<T>> {
        serde_json::from_value(value).ok()
    }
    Some(match kind {
        Kind::Bool => Arg::Bool(value.as_bool()?),
        Kind::Int => Arg::Int(read(value)?),
        Kind::Text => Arg::Text(read(value)?),
        Kind::Uuid => Arg::Uuid(read(value)?),
        Kind::Time => read::<DateTime<Utc>>(value)?.into(),
        Kind::Json if value.is_null() => Arg::Json(None),
        Kind::Json => Arg::json(&value),
    })
}

fn picture(entry: Entry<'_, '_>, name: &str, files: &Files) -> Result<(), BackupError> {
    let path = files.place(name).ok_or_else(|| entry.damaged("a picture with a strange name"))?;
    let failed = |error| BackupError::File(path.clone(), error);
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
    let mut to = fs::File::create(&path).map_err(failed)?;
    entry.copy(&mut to, &path)?;
    to.sync_all().map_err(failed)
}

/// A bar on standard error, when that is a terminal.
fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {bar:40} {percent:>3} %  {elapsed} passed, {eta} to go")
        .expect("the template is a constant");
    ProgressBar::new(0).with_style(style)
}
