//! Writing: one picture of the database, however long it takes and whoever sells meanwhile.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::pack::{Lines, Pack};
use super::{BackupError, END, End, FORMAT, MANIFEST, MEDIA, Manifest, SECRET, Standing, TABLES, VERSION};
use crate::clock::Clock;
use crate::error::Error;
use crate::files::Files;
use crate::store::{Arg, Conn, dump};

/// What a backup holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Rows of all tables.
    pub rows: u64,
    /// Pictures, with their widths.
    pub pictures: u64,
    /// The size of the file.
    pub bytes: u64,
}

/// Rows between two looks at the progress.
const ROWS_A_LOOK: u64 = 5_000;

/// Writes the shop into a file that is not there yet.
pub async fn write(shop: &Standing, clock: &Clock, file: &Path) -> Result<Written, BackupError> {
    if file.exists() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    let unwritable = |error| BackupError::File(file.to_owned(), error);
    let progress = spinner();
    let mut snapshot = shop.db.snapshot().await?;
    dump::take_time(&mut snapshot).await?;
    let manifest = manifest(&mut snapshot, shop, clock).await?;
    let mut pack = Pack::begin(file, manifest.made_at).map_err(unwritable)?;
    pack.add(MANIFEST, &to_json(&manifest)?).map_err(unwritable)?;
    pack.add(SECRET, shop.secret.as_bytes()).map_err(unwritable)?;
    let mut end = End::default();
    for table in dump::tables(&mut snapshot).await? {
        let count = rows(&mut snapshot, &table, &mut pack, &progress).await?;
        end.rows.insert(table.name, count);
    }
    drop(snapshot);
    // The pictures of a row are there before it is.
    end.pictures = pictures(&shop.files, &mut pack, &progress).map_err(unwritable)?;
    end.sha256 = pack.digest();
    pack.add(END, &to_json(&end)?).map_err(unwritable)?;
    let bytes = pack.end(file).map_err(unwritable)?;
    progress.finish_and_clear();
    Ok(Written { rows: end.rows.values().sum(), pictures: end.pictures, bytes })
}

async fn manifest(conn: &mut Conn, shop: &Standing, clock: &Clock) -> Result<Manifest, BackupError> {
    let migrations = dump::migrations(conn).await?;
    if migrations.is_empty() {
        return Err(BackupError::NoShop(shop.place.clone()));
    }
    let columns = |table: dump::Table| (table.name, table.columns.into_iter().map(|column| column.name).collect());
    let tables: BTreeMap<String, Vec<String>> = dump::tables(conn).await?.into_iter().map(columns).collect();
    Ok(Manifest {
        format: FORMAT.to_owned(),
        version: VERSION,
        oxcart: env!("CARGO_PKG_VERSION").to_owned(),
        engine: shop.db.engine().to_owned(),
        made_at: clock.now(),
        migrations,
        tables,
    })
}

async fn rows(
    conn: &mut Conn,
    table: &dump::Table,
    pack: &mut Pack,
    progress: &ProgressBar,
) -> Result<u64, BackupError> {
    let mut lines = Lines::of(pack, format!("{TABLES}{}", table.name));
    let take = |row: Vec<Arg>| {
        if lines.count.is_multiple_of(ROWS_A_LOOK) {
            progress.set_message(format!("{} ({} rows)", table.name, lines.count));
            progress.tick();
        }
        lines.add(&Value::Array(row.into_iter().map(cell).collect())).map_err(unkept)
    };
    conn.each_row(&table.name, &table.columns, take).await?;
    Ok(lines.end().map_err(unkept)?)
}

fn cell(value: Arg) -> Value {
    match value {
        Arg::Bool(value) => json!(value),
        Arg::Int(value) => json!(value),
        Arg::Text(value) => json!(value),
        Arg::Uuid(value) => json!(value),
        Arg::Time(value) => json!(value),
        Arg::Json(value) => json!(value),
        Arg::List(values) => values.into_iter().map(cell).collect(),
    }
}

fn pictures(files: &Files, pack: &mut Pack, progress: &ProgressBar) -> io::Result<u64> {
    let mut names = files.names()?;
    names.sort_unstable();
    for (nth, name) in names.iter().enumerate() {
        progress.set_message(format!("pictures ({nth} of {})", names.len()));
        progress.tick();
        let Some(place) = files.place(name) else { continue };
        let picture = File::open(place)?;
        pack.add_from(&format!("{MEDIA}{name}"), picture.metadata()?.len(), picture)?;
    }
    Ok(names.len() as u64)
}

fn to_json(value: &impl serde::Serialize) -> Result<Vec<u8>, Error> {
    serde_json::to_vec_pretty(value).map_err(|error| Error::Internal(error.to_string()))
}

fn unkept(error: io::Error) -> Error {
    Error::Malformed(format!("the backup can't be written: {error}"))
}

/// What is being done, on standard error when that is a terminal.
fn spinner() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {elapsed} {msg}").expect("the template is a constant");
    ProgressBar::new_spinner().with_style(style)
}
