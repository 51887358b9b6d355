//! Where a shop is, and where one can be made anew.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::BackupError;
use super::pack::sync_folder;
use crate::config::Config;
use crate::files::Files;
use crate::startup::{self, Database};
use crate::store::{Db, Tx, dump};

/// The name of what is being restored, until it is whole.
const UNFINISHED: &str = "restoring";

/// A shop as it is: nothing of it is made or brought up to date for a backup.
pub struct Standing {
    /// Its database.
    pub db: Db,
    /// Its pictures.
    pub files: Files,
    /// Its secret.
    pub secret: String,
    /// Where its rows are, for people.
    pub place: String,
}

impl Standing {
    /// Opens the shop that the settings describe, beside whoever serves it.
    pub async fn open(config: &Config) -> Result<Self, BackupError> {
        let database = Database::of(config);
        let place = database.shown();
        if matches!(&database, Database::Sqlite(file) if !file.exists()) {
            return Err(BackupError::NoShop(place));
        }
        let kept = config.data_dir.join("secret");
        let secret = match &config.secret {
            Some(secret) => secret.clone(),
            None => fs::read_to_string(&kept).map_err(|_| BackupError::NoSecret(kept))?,
        };
        let db = database.open().await?;
        let files = Files::open(&config.data_dir).map_err(|error| file(&config.data_dir, error))?;
        Ok(Self { db, files, secret, place })
    }
}

/// An empty place for a shop. What is made there stands under another name until it is settled, and goes when it is not.
pub(super) struct Vacant {
    /// Takes the rows.
    pub db: Db,
    /// Takes the pictures.
    pub files: Files,
    database: Database,
    folder: PathBuf,
    _lock: Option<fs::File>,
}

impl Vacant {
    /// Takes the place that the settings describe, which nobody may serve and in which nothing may be.
    pub(super) async fn take(config: &Config) -> Result<Self, BackupError> {
        startup::make_folder(&config.data_dir)?;
        let database = Database::of(config);
        let lock = database.lock()?;
        let folder = config.data_dir.clone();
        is_empty(&folder, &database)?;
        let unfinished = database.named(UNFINISHED);
        remove(&folder, &unfinished);
        let db = unfinished.open().await?;
        if dump::count_tables(&mut db.read().await?).await? > 0 {
            return Err(BackupError::NotEmpty(format!("the database {}", database.shown())));
        }
        let staging = folder.join(UNFINISHED);
        let files = Files::open(&staging).map_err(|error| file(&staging, error))?;
        Ok(Self { db, files, database, folder, _lock: lock })
    }

    /// Puts everything where it belongs. SQLite's file comes last: without it there is no shop yet.
    pub(super) async fn settle(&self, tx: Tx, secret: &[u8]) -> Result<(), BackupError> {
        let Database::Sqlite(to) = &self.database else {
            self.settle_files(secret)?;
            tx.commit().await?;
            self.db.close().await;
            return Ok(());
        };
        tx.commit().await?;
        self.db.close().await;
        self.settle_files(secret)?;
        let Database::Sqlite(from) = self.database.named(UNFINISHED) else { return Ok(()) };
        fs::rename(&from, to).and_then(|()| sync_folder(to)).map_err(|error| file(to, error))
    }

    /// Opens the shop that was settled.
    pub(super) async fn open(&self) -> Result<Db, BackupError> {
        Ok(self.database.open().await?)
    }

    fn settle_files(&self, secret: &[u8]) -> Result<(), BackupError> {
        let (media, kept) = (self.folder.join("media"), self.folder.join("secret"));
        // A folder without pictures may be there.
        let _ = fs::remove_dir(&media);
        fs::rename(self.folder.join(UNFINISHED).join("media"), &media).map_err(|error| file(&media, error))?;
        write_secret(&kept, secret).map_err(|error| file(&kept, error))
    }
}

impl Drop for Vacant {
    fn drop(&mut self) {
        remove(&self.folder, &self.database.named(UNFINISHED));
    }
}

/// Removes what a restore has not finished.
fn remove(folder: &Path, unfinished: &Database) {
    let _ = fs::remove_dir_all(folder.join(UNFINISHED));
    if let Database::Sqlite(file) = unfinished {
        for end in ["", "-wal", "-shm"] {
            let mut name = file.clone().into_os_string();
            name.push(end);
            let _ = fs::remove_file(name);
        }
    }
}

fn is_empty(folder: &Path, database: &Database) -> Result<(), BackupError> {
    let media = folder.join("media");
    let has_pictures = fs::read_dir(&media).is_ok_and(|mut entries| entries.next().is_some());
    let rows = match database {
        Database::Sqlite(file) => Some(file.clone()),
        Database::Postgres(_) => None,
    };
    let there = [rows, Some(folder.join("secret"))].into_iter().flatten().find(|file| file.exists());
    match there.or(has_pictures.then_some(media)) {
        Some(_) => Err(BackupError::NotEmpty(format!("the data folder {}", folder.display()))),
        None => Ok(()),
    }
}

/// Writes the secret, for its owner alone.
fn write_secret(path: &Path, secret: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(secret)?;
    file.sync_all()?;
    sync_folder(path)
}

fn file(path: &Path, error: io::Error) -> BackupError {
    BackupError::File(path.to_owned(), error)
}
