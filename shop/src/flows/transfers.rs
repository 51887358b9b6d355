//! What staff bring in and take out as files. An upload is looked at first, without writing anything; then it is taken in
//! small parts by a job, which goes on where it was when it was interrupted.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, BufWriter, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use axum::body::Bytes;
use commerce::ids::ImportId;
use commerce::transfer::ImportState;
use tokio::task::spawn_blocking;

use crate::app::App;
use crate::error::{Error, Result};
use crate::export::{self, What};
use crate::import::{self, Book, Format, Options, Problem, Target};
use crate::jobs::{self, Job};
use crate::store::imports::{self, Counts, Import, Phase};

/// The largest file that is taken.
pub const MOST_BYTES: usize = 64 << 20;
/// The longest name of a file that is kept.
const MOST_NAME: usize = 200;

/// A file as it arrived.
pub struct Upload {
    /// What it is called.
    pub file_name: String,
    /// What was said of its format; else its name and its content tell.
    pub format: Option<Format>,
    /// What is in it.
    pub bytes: Bytes,
}

/// Keeps an upload and has it looked at.
pub async fn upload(app: &App, upload: Upload, actor: &str) -> Result<ImportId> {
    let name: String = upload.file_name.chars().filter(|letter| !letter.is_control()).take(MOST_NAME).collect();
    if upload.bytes.is_empty() {
        return Err(Error::field("file", "Choose a file that has something in it."));
    }
    if upload.bytes.len() > MOST_BYTES {
        return Err(Error::Code("body_too_large", format!("A file may have {} MiB here.", MOST_BYTES >> 20)));
    }
    let (id, now): (ImportId, _) = (app.clock.id(), app.clock.now());
    let import = Import {
        id,
        format: upload.format.or_else(|| Format::of_name(Path::new(&name))),
        file_name: name,
        bytes: upload.bytes.len() as i64,
        state: ImportState::Checking,
        problem: None,
        actor: actor.to_owned(),
        batches: 0,
        checked: Counts::default(),
        imported: Counts::default(),
        created_at: now,
        updated_at: now,
    };
    let path = path(app, id);
    let kept = spawn_blocking(move || keep(&path, &upload.bytes)).await;
    kept.map_err(|error| Error::Internal(error.to_string()))?.map_err(unkept)?;
    let mut tx = app.db.begin().await?;
    imports::create(&mut tx, &import).await?;
    jobs::enqueue(&mut tx, &app.clock, Job::RunImport { import_id: id }, now, now).await?;
    tx.commit().await?;
    app.job_bell.ring_all();
    Ok(id)
}

/// Lets an import that was looked at begin.
pub async fn begin(app: &App, id: ImportId) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    imports::load(&mut tx, id).await?;
    if !imports::begin(&mut tx, id, now).await? {
        return Err(Error::Code("not_allowed", "This import has begun already, or was stopped.".into()));
    }
    jobs::enqueue(&mut tx, &app.clock, Job::RunImport { import_id: id }, now, now).await?;
    tx.commit().await?;
    app.job_bell.ring_all();
    Ok(())
}

/// Stops an import. What was taken in by now stays.
pub async fn cancel(app: &App, id: ImportId) -> Result<()> {
    let mut tx = app.db.begin().await?;
    imports::load(&mut tx, id).await?;
    if !imports::cancel(&mut tx, id, app.clock.now()).await? {
        return Err(Error::Code("not_allowed", "This import is over.".into()));
    }
    Ok(tx.commit().await?)
}

/// Looks at a file, or takes it in: the job of both. Run again after a crash it ends the same.
pub async fn run(app: &App, id: ImportId) -> Result<()> {
    let import = imports::load(&mut app.db.read().await?, id).await?;
    let phase = match import.state {
        ImportState::Checking => Phase::Check,
        ImportState::Importing => Phase::Import,
        _ => return Ok(()),
    };
    if phase == Phase::Check && import.batches > 0 {
        let mut tx = app.db.begin().await?;
        imports::restart_check(&mut tx, id).await?;
        tx.commit().await?;
    }
    let done = if phase == Phase::Import { import.batches } else { 0 };
    let options = Options {
        dry_run: phase == Phase::Check,
        actor: Some(import.actor),
        book: Some(Book { import: id, phase, done }),
        ..Options::default()
    };
    let currency = app.shop.load().currency;
    let target = Target { db: app.db.clone(), clock: app.clock.clone(), files: app.files.clone(), currency };
    let ended = match File::open(path(app, id)) {
        Ok(source) => import::run(target, source, import.format, options).await.map(|_| ()),
        Err(_) => Err(Error::Malformed("The file is no longer there. Upload it again.".into())),
    };
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    match ended {
        Ok(()) => imports::finish(&mut tx, id, phase, now).await?,
        Err(Error::Malformed(problem)) => imports::fail(&mut tx, id, &problem, now).await?,
        Err(error) => return Err(error),
    }
    Ok(tx.commit().await?)
}

/// What was not taken, or would not be, as a file in the upload's format; and that format.
pub async fn errors(app: &App, import: &Import) -> Result<(File, Format)> {
    let skipped = imports::skipped(&mut app.db.read().await?, import.id, import.phase()).await?;
    let problem = |row: imports::ImportRow| {
        let line = row.line.and_then(|line| u64::try_from(line).ok())?;
        Some(Problem { line, name: row.name, message: row.message })
    };
    let problems: Vec<Problem> = skipped.into_iter().filter_map(problem).collect();
    let (source, folder, format) = (path(app, import.id), folder(app), import.format);
    let written = spawn_blocking(move || {
        let source = File::open(source).map_err(|_| Error::NotFound)?;
        let mut to = BufWriter::new(nameless(&folder).map_err(unkept)?);
        let format = import::error_file(source, format, problems, &mut to)?;
        Ok::<_, Error>((from_start(to).map_err(unkept)?, format))
    });
    written.await.map_err(|error| Error::Internal(error.to_string()))?
}

/// An export as a file without a name. It is written at once, so that the picture of the database is held for as long as
/// that takes, and not for as long as somebody reads.
pub async fn export(app: &App, what: What) -> Result<File> {
    let mut to = BufWriter::new(nameless(&folder(app)).map_err(unkept)?);
    export::write(&app.db, app.shop.load().currency, what, &mut to).await?;
    from_start(to).map_err(unkept)
}

/// Forgets uploads whose import nobody looked at any more.
pub fn forget(app: &App, ids: &[ImportId]) {
    for id in ids {
        // One that is gone already needs no second farewell.
        let _ = std::fs::remove_file(path(app, *id));
    }
}

fn folder(app: &App) -> PathBuf {
    app.config.data_dir.join("transfers")
}

fn path(app: &App, id: ImportId) -> PathBuf {
    folder(app).join(id.to_string())
}

fn keep(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// A file that is gone as soon as nobody holds it.
fn nameless(folder: &Path) -> io::Result<File> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let path = folder.join(format!("{:032x}.part", rand::random::<u128>()));
    let file = OpenOptions::new().create_new(true).read(true).write(true).mode(0o600).open(&path)?;
    std::fs::remove_file(&path)?;
    Ok(file)
}

fn from_start(to: BufWriter<File>) -> io::Result<File> {
    let mut file = to.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.rewind()?;
    Ok(file)
}

fn unkept(error: io::Error) -> Error {
    Error::Internal(format!("a file of a transfer can't be kept: {error}"))
}
