//! The file as it is read: entry by entry, each counted into the digest that its end has to name.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use indicatif::{ProgressBar, ProgressBarIter};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::pack::{Digested, head, hex};
use super::{BackupError, END, End, FORMAT, MANIFEST, Manifest, VERSION};

/// The longest entry that is read at once.
const MOST_TOLD: u64 = 16 << 20;

type Tar = tar::Archive<GzDecoder<BufReader<ProgressBarIter<File>>>>;

/// Opens a backup.
pub(super) fn open(file: &Path, progress: &ProgressBar) -> Result<Tar, BackupError> {
    let failed = |error| BackupError::File(file.to_owned(), error);
    let from = File::open(file).map_err(failed)?;
    progress.set_length(from.metadata().map_err(failed)?.len());
    Ok(tar::Archive::new(GzDecoder::new(BufReader::new(progress.wrap_read(from)))))
}

/// Reads what follows the last entry: what was cut off there, or does not fit its checksum, is noticed too.
pub(super) fn finish(tar: Tar, file: &Path) -> Result<(), BackupError> {
    let rest = io::copy(&mut tar.into_inner(), &mut io::sink());
    rest.map(|_| ()).map_err(|error| BackupError::Damaged(file.to_owned(), error.to_string()))
}

/// The entries of a backup, one after the other.
pub(super) struct Unpack<'t> {
    entries: tar::Entries<'t, GzDecoder<BufReader<ProgressBarIter<File>>>>,
    file: PathBuf,
    digest: Sha256,
}

/// An entry whose content is still to be read.
pub(super) struct Entry<'t, 'd> {
    pub name: String,
    content: Digested<'d, tar::Entry<'t, GzDecoder<BufReader<ProgressBarIter<File>>>>>,
    file: PathBuf,
}

impl<'t> Unpack<'t> {
    /// Begins, with what the file says that it is.
    pub(super) fn begin(tar: &'t mut Tar, file: &Path) -> Result<(Self, Manifest), BackupError> {
        let foreign = || BackupError::Foreign(file.to_owned());
        let entries = tar.entries().map_err(|_| foreign())?;
        let mut unpack = Self { entries, file: file.to_owned(), digest: Sha256::new() };
        // What does not even begin as a backup is something else, or was cut off at once.
        let manifest = match unpack.next() {
            Ok(Some(entry)) if entry.name == MANIFEST => entry.json::<serde_json::Value>(),
            _ => return Err(foreign()),
        }?;
        if manifest["format"] != FORMAT {
            return Err(foreign());
        }
        if manifest["version"].as_u64().is_none_or(|version| version > u64::from(VERSION)) {
            return Err(BackupError::Newer(file.to_owned(), manifest["oxcart"].to_string()));
        }
        let manifest = serde_json::from_value(manifest).map_err(|error| unpack.damaged(error))?;
        Ok((unpack, manifest))
    }

    /// The next entry; `None` when there is none, which is too early before the end was read.
    pub(super) fn next(&mut self) -> Result<Option<Entry<'t, '_>>, BackupError> {
        let Some(entry) = self.entries.next() else { return Ok(None) };
        let entry = entry.map_err(|error| self.damaged(error))?;
        let name = entry.path().map_err(|error| self.damaged(error))?.display().to_string();
        if name != END {
            head(&mut self.digest, &name, entry.size());
        }
        let content = Digested { from: entry, digest: &mut self.digest };
        Ok(Some(Entry { name, content, file: self.file.clone() }))
    }

    /// What the entries before the end come to.
    pub(super) fn digest(&self) -> String {
        hex(self.digest.clone())
    }

    /// Compares the end with what was read.
    pub(super) fn check(&self, end: &End, read: &End) -> Result<(), BackupError> {
        if end == read { Ok(()) } else { Err(self.damaged("it does not hold what its end says")) }
    }

    pub(super) fn damaged(&self, why: impl ToString) -> BackupError {
        BackupError::Damaged(self.file.clone(), why.to_string())
    }
}

impl Entry<'_, '_> {
    /// All of a short entry.
    pub(super) fn bytes(mut self) -> Result<Vec<u8>, BackupError> {
        let mut bytes = Vec::new();
        let read = (&mut self.content).take(MOST_TOLD).read_to_end(&mut bytes);
        read.map_err(|error| self.damaged(error))?;
        Ok(bytes)
    }

    /// A short entry read as JSON.
    pub(super) fn json<T: DeserializeOwned>(self) -> Result<T, BackupError> {
        let file = self.file.clone();
        serde_json::from_slice(&self.bytes()?).map_err(|error| BackupError::Damaged(file, error.to_string()))
    }

    /// Copies the entry to a file.
    pub(super) fn copy(mut self, to: &mut File, path: &Path) -> Result<(), BackupError> {
        let mut piece = vec![0; 1 << 16];
        loop {
            let read = self.content.read(&mut piece).map_err(|error| self.damaged(error))?;
            if read == 0 {
                return Ok(());
            }
            to.write_all(&piece[..read]).map_err(|error| BackupError::File(path.to_owned(), error))?;
        }
    }

    /// The lines of the entry.
    pub(super) fn lines(self) -> impl Iterator<Item = Result<Vec<serde_json::Value>, BackupError>> {
        let file = self.file.clone();
        let damaged = move |error: io::Error| BackupError::Damaged(file.clone(), error.to_string());
        BufReader::new(self.content).split(b'\n').map(move |line| {
            let line = line.map_err(&damaged)?;
            serde_json::from_slice(&line).map_err(|error| damaged(error.into()))
        })
    }

    pub(super) fn damaged(&self, why: impl ToString) -> BackupError {
        BackupError::Damaged(self.file.clone(), why.to_string())
    }
}
