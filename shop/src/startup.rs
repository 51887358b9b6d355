//! From settings to an open database: the data folder, the shop's lock, the secret, the schema. Whatever is in the way
//! is told with what to do about it.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use tokio::time::sleep;

use crate::clock::Clock;
use crate::config::Config;
use crate::secret::Secret;
use crate::store::migrate::{self, MigrateError};
use crate::store::{Db, damage};

/// How often the shop's lock is tried, and the pause between two tries.
const LOCK_TRIES: u32 = 10;
const LOCK_PAUSE: Duration = Duration::from_millis(10);
/// A file of so many bytes is looked through in about ten milliseconds.
const QUICK: u64 = 8 << 20;
/// How long the look through a large file leaves the cores to those who come first.
const CALM: Duration = Duration::from_secs(1);

/// What the shop is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To serve visitors. On SQLite only one program does that.
    Serve,
    /// To work on the database beside a server that may be running.
    Beside,
}

/// What every command stands on.
pub struct Opened {
    /// The settings of this node.
    pub config: Config,
    /// The database, its schema up to date.
    pub db: Db,
    /// The clock, ahead when a test asks for it.
    pub clock: Clock,
    /// The shop's secret.
    pub secret: Secret,
    /// Looks through SQLite's file, for who serves.
    pub check: Option<Check>,
    /// Kept as long as this program serves; the system lets go of it however the program ends.
    _lock: Option<File>,
}

/// Why the shop can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder is not there and can't be made, or is somebody else's.
    #[error("the data folder {0} can't be written: {1}; set OXCART_DATA_DIR to a folder of your own")]
    Folder(PathBuf, io::Error),
    /// Two programs on one SQLite file would both keep a catalog in memory and both run its jobs.
    #[error("another Oxcart is serving this shop and holds {0}; stop it, or set OXCART_DATA_DIR to another folder")]
    Locked(PathBuf),
    /// A file of the data folder can't be read or written.
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
    /// The secret in the data folder was tampered with.
    #[error("{0} holds fewer than 32 characters; restore it: private links that were sent depend on it")]
    ShortSecret(PathBuf),
    /// Pages of SQLite's file are not what was written.
    #[error(
        "the database {0} is damaged ({1}); keep a copy of the data folder, empty it, and bring the latest backup back \
         with `oxcart restore FILE`"
    )]
    Damaged(String, String),
    /// The database does not answer.
    #[error("the database {0} can't be opened: {1}; is it running, and is DATABASE_URL right?")]
    Database(String, sqlx::Error),
    /// The schema is not one that this program can work on.
    #[error(transparent)]
    Schema(#[from] MigrateError),
}

/// Opens the shop that the settings describe.
pub async fn open(config: Config, purpose: Purpose) -> Result<Opened, StartError> {
    make_folder(&config.data_dir)?;
    let database = Database::of(&config);
    let lock = if purpose == Purpose::Serve { database.lock()? } else { None };
    if purpose == Purpose::Serve {
        database.is_not_emptied(&config.data_dir)?;
    }
    let secret = match &config.secret {
        Some(secret) => Secret::new(secret),
        None => kept_secret(&config.data_dir.join("secret"))?,
    };
    let clock = config.test_clock.map(Clock::ahead_by).unwrap_or_default();
    let db = database.open().await?;
    for migration in migrate::run(&db, clock.now()).await.map_err(|error| database.unusable(error))? {
        tracing::info!(migration, "schema brought up to date");
    }
    let check = (purpose == Purpose::Serve).then(|| database.check(&db));
    Ok(Opened { config, db, clock, secret, check, _lock: lock })
}

/// A look through all of SQLite's file. For a large one it takes longer than a start may: it goes on beside the shop then.
pub struct Check {
    db: Db,
    place: String,
    is_quick: bool,
}

impl Check {
    /// Whether it is through before anybody would notice.
    pub fn is_quick(&self) -> bool {
        self.is_quick
    }

    /// Looks when the first visitors have been served, and ends when there is damage; a sound file is waited for in vain.
    pub async fn finds_damage(self) -> StartError {
        sleep(CALM).await;
        match self.damage().await {
            Some(damage) => damage,
            None => std::future::pending().await,
        }
    }

    /// Looks through all of it; answers the damage.
    pub async fn damage(self) -> Option<StartError> {
        match damage::find(&self.db).await {
            Ok(found) => found.map(|what| StartError::Damaged(self.place, what)),
            Err(error) => {
                tracing::warn!(%error, "whether the database is damaged could not be found out");
                None
            }
        }
    }
}

/// Where the shop's rows are.
pub(crate) enum Database {
    Sqlite(PathBuf),
    Postgres(String),
}

impl Database {
    pub(crate) fn of(config: &Config) -> Self {
        match config.database_url.as_deref() {
            None => Database::Sqlite(config.data_dir.join("oxcart.db")),
            Some(url) => match url.strip_prefix("sqlite:") {
                Some(file) => Database::Sqlite(file.strip_prefix("//").unwrap_or(file).into()),
                None => Database::Postgres(url.to_owned()),
            },
        }
    }

    pub(crate) async fn open(&self) -> Result<Db, StartError> {
        let opened = match self {
            Database::Sqlite(file) => Db::open_sqlite(file).await,
            Database::Postgres(url) => Db::open_postgres(url).await,
        };
        let db = opened.map_err(|error| self.unopened(error))?;
        match damage::in_schema(&db).await.map_err(|error| self.unopened(error))? {
            Some(what) => Err(StartError::Damaged(self.shown(), what)),
            None => Ok(db),
        }
    }

    fn check(&self, db: &Db) -> Check {
        let is_quick = match self {
            Database::Sqlite(file) => fs::metadata(file).is_ok_and(|found| found.len() <= QUICK),
            Database::Postgres(_) => true,
        };
        Check { db: db.clone(), place: self.shown(), is_quick }
    }

    fn unopened(&self, error: sqlx::Error) -> StartError {
        self.damaged(&error).unwrap_or_else(|| StartError::Database(self.shown(), error))
    }

    /// Takes the lock of who serves. Nodes on PostgreSQL are many.
    pub(crate) fn lock(&self) -> Result<Option<File>, StartError> {
        match self {
            Database::Sqlite(file) => take_lock(&file.with_extension("lock")).map(Some),
            Database::Postgres(_) => Ok(None),
        }
    }

    /// SQLite's file with a second ending; a server's database has no other name.
    pub(crate) fn named(&self, ending: &str) -> Self {
        match self {
            Database::Sqlite(file) => Database::Sqlite(file.with_added_extension(ending)),
            Database::Postgres(url) => Database::Postgres(url.clone()),
        }
    }

    /// SQLite takes an empty file for a new database; where a shop was before, it is one that was lost.
    fn is_not_emptied(&self, data: &Path) -> Result<(), StartError> {
        let Database::Sqlite(file) = self else { return Ok(()) };
        let is_empty = fs::metadata(file).is_ok_and(|found| found.len() == 0);
        if is_empty && data.join("secret").exists() {
            return Err(StartError::Damaged(self.shown(), "the file is empty".into()));
        }
        Ok(())
    }

    fn unusable(&self, error: MigrateError) -> StartError {
        let damaged = match &error {
            MigrateError::Database(error) => self.damaged(error),
            _ => None,
        };
        damaged.unwrap_or(StartError::Schema(error))
    }

    fn damaged(&self, error: &sqlx::Error) -> Option<StartError> {
        damage::told(error).map(|what| StartError::Damaged(self.shown(), what))
    }

    /// The place without user, password and options.
    pub(crate) fn shown(&self) -> String {
        match self {
            Database::Sqlite(file) => file.display().to_string(),
            Database::Postgres(url) => {
                let (_, rest) = url.split_once("://").unwrap_or_default();
                let (_, place) = rest.rsplit_once('@').unwrap_or(("", rest));
                place.split('?').next().unwrap_or_default().to_owned()
            }
        }
    }
}

/// Makes the folder, for this user alone, and tries whether it can be written.
pub(crate) fn make_folder(folder: &Path) -> Result<(), StartError> {
    let probe = folder.join(".writable");
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .and_then(|()| fs::write(&probe, b""))
        .and_then(|()| fs::remove_file(&probe))
        .map_err(|error| StartError::Folder(folder.to_owned(), error))
}

fn take_lock(path: &Path) -> Result<File, StartError> {
    let file = |error| StartError::File(path.to_owned(), error);
    let lock = OpenOptions::new().create(true).write(true).truncate(false).open(path).map_err(file)?;
    // A program that is just being started has the files of who starts it until it runs: for that moment a lock that was
    // let go of is still taken.
    for _ in 0..LOCK_TRIES {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(TryLockError::WouldBlock) => thread::sleep(LOCK_PAUSE),
            Err(TryLockError::Error(error)) => return Err(file(error)),
        }
    }
    Err(StartError::Locked(path.to_owned()))
}

/// The secret in the data folder, made when it is not there yet.
fn kept_secret(path: &Path) -> Result<Secret, StartError> {
    let kept = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make_secret(path).and_then(|()| fs::read_to_string(path))
        }
        kept => kept,
    };
    let secret = kept.map_err(|error| StartError::File(path.to_owned(), error))?;
    match secret.trim() {
        short if short.len() < 32 => Err(StartError::ShortSecret(path.to_owned())),
        secret => Ok(Secret::new(secret)),
    }
}

/// Writes a new secret that appears whole or not at all. Of two programs that start at once the first one's stays.
fn make_secret(path: &Path) -> io::Result<()> {
    let fresh = path.with_extension(std::process::id().to_string());
    let digits: String = rand::random::<[u8; 32]>().iter().map(|byte| format!("{byte:02x}")).collect();
    let mut file = OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&fresh)?;
    file.write_all(digits.as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&fresh, path);
    fs::remove_file(&fresh)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
