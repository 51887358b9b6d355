//! The whole shop in one file, and anew from it: rows, pictures and the secret, the same from either engine for either.
//!
//! The file is a tar packed with gzip: what it is, the secret, every table in parts of JSON lines, every picture, and at
//! the end how much there was and a digest of it all. Anybody can read it without this program.

mod pack;
mod place;
mod restore;
mod unpack;
mod write;

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use place::Standing;
pub use restore::{Restored, restore};
pub use write::{Written, write};

use crate::error::Error;
use crate::startup::StartError;
use crate::store::migrate::MigrateError;

/// What the first entry says that this is.
const FORMAT: &str = "oxcart backup";
/// Raised when an older program could not read the file any more.
const VERSION: u32 = 1;
/// The names of entries.
const MANIFEST: &str = "manifest.json";
const SECRET: &str = "secret";
const TABLES: &str = "tables/";
const MEDIA: &str = "media/";
const END: &str = "end.json";

/// The first entry: what the rest is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Manifest {
    format: String,
    version: u32,
    /// The program that wrote it, for people.
    oxcart: String,
    engine: String,
    made_at: chrono::DateTime<chrono::Utc>,
    /// What makes the schema that the rows fit.
    migrations: Vec<String>,
    /// The columns of each table, in the order of its rows.
    tables: BTreeMap<String, Vec<String>>,
}

/// The last entry: how much there was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct End {
    rows: BTreeMap<String, u64>,
    pictures: u64,
    /// SHA-256 of the names and contents of all entries before.
    sha256: String,
}

/// Why there is no backup, or no shop from it.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A backup is never written over something.
    #[error("{0} is there already; a backup overwrites nothing, so name another file")]
    Exists(PathBuf),
    /// There is nothing to keep.
    #[error("there is no shop in {0} yet, so there is nothing to back up; are OXCART_DATA_DIR and DATABASE_URL right?")]
    NoShop(String),
    /// The links that were sent would be lost.
    #[error("the shop's secret is not in {0}; set OXCART_SECRET or OXCART_DATA_DIR as the server has them")]
    NoSecret(PathBuf),
    /// A file can't be read or written.
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
    /// It never was one.
    #[error("{0} is no backup of Oxcart")]
    Foreign(PathBuf),
    /// It was one.
    #[error("{0} is damaged or not whole ({1}); nothing was restored, take another backup")]
    Damaged(PathBuf, String),
    /// This program does not know what is in it.
    #[error("{0} was made by a newer version of Oxcart ({1}); restore it with that one")]
    Newer(PathBuf, String),
    /// Nothing that is there is lost to a restore.
    #[error("{0} is not empty, so nothing was restored; a shop is restored into an empty data folder and database")]
    NotEmpty(String),
    /// The place can't be opened.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The schema can't be made.
    #[error(transparent)]
    Schema(#[from] MigrateError),
    /// The database failed.
    #[error(transparent)]
    Shop(#[from] Error),
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> Self {
        BackupError::Shop(error.into())
    }
}
