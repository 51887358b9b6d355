//! The file as it is written: under another name until it is whole and on disk.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// A backup that is being written. Dropped before its end it leaves nothing.
pub(super) struct Pack {
    tar: Option<tar::Builder<GzEncoder<BufWriter<File>>>>,
    part: PathBuf,
    digest: Sha256,
    made_at: DateTime<Utc>,
}

impl Pack {
    /// Begins beside the place where it is to be, for its owner alone.
    pub(super) fn begin(file: &Path, made_at: DateTime<Utc>) -> io::Result<Self> {
        let part = file.with_added_extension(format!("{}.part", std::process::id()));
        let to = OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&part)?;
        let tar = tar::Builder::new(GzEncoder::new(BufWriter::new(to), Compression::fast()));
        Ok(Self { tar: Some(tar), part, digest: Sha256::new(), made_at })
    }

    /// Adds an entry.
    pub(super) fn add(&mut self, name: &str, content: &[u8]) -> io::Result<()> {
        self.add_from(name, content.len() as u64, content)
    }

    /// Adds an entry of a known size.
    pub(super) fn add_from(&mut self, name: &str, size: u64, content: impl Read) -> io::Result<()> {
        let mut header = tar::Header::new_ustar();
        header.set_size(size);
        header.set_mode(0o600);
        header.set_mtime(u64::try_from(self.made_at.timestamp()).unwrap_or(0));
        head(&mut self.digest, name, size);
        let content = Digested { from: content, digest: &mut self.digest };
        let Some(tar) = &mut self.tar else { return Ok(()) };
        tar.append_data(&mut header, name, content)
    }

    /// The digest of all that was added.
    pub(super) fn digest(&self) -> String {
        hex(self.digest.clone())
    }

    /// Ends the file and gives it its name.
    pub(super) fn end(mut self, file: &Path) -> io::Result<u64> {
        let Some(tar) = self.tar.take() else { return Ok(0) };
        let written = tar.into_inner()?.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        written.sync_all()?;
        let size = written.metadata()?.len();
        fs::rename(&self.part, file)?;
        sync_folder(file)?;
        Ok(size)
    }
}

impl Drop for Pack {
    fn drop(&mut self) {
        // Gone already when it was given its name.
        let _ = fs::remove_file(&self.part);
    }
}

/// A name in a folder outlives a power cut once the folder itself is on disk.
pub(super) fn sync_folder(of: &Path) -> io::Result<()> {
    let folder = of.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Counts the name and the size of an entry into a digest, so that no two lists of entries are alike.
pub(super) fn head(digest: &mut Sha256, name: &str, size: u64) {
    digest.update((name.len() as u64).to_be_bytes());
    digest.update(name.as_bytes());
    digest.update(size.to_be_bytes());
}

pub(super) fn hex(digest: Sha256) -> String {
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Counts into a digest what is read.
pub(super) struct Digested<'d, R> {
    pub from: R,
    pub digest: &'d mut Sha256,
}

impl<R: Read> Read for Digested<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(into)?;
        self.digest.update(&into[..read]);
        Ok(read)
    }
}

/// The lines of a table, cut into entries that fit into memory.
pub(super) struct Lines<'p> {
    pack: &'p mut Pack,
    folder: String,
    lines: Vec<u8>,
    parts: u64,
    /// How many there were.
    pub count: u64,
}

/// The size from which on a part is an entry.
const PART: usize = 1 << 20;

impl<'p> Lines<'p> {
    pub(super) fn of(pack: &'p mut Pack, folder: String) -> Self {
        Self { pack, folder, lines: Vec::new(), parts: 0, count: 0 }
    }

    pub(super) fn add(&mut self, line: &serde_json::Value) -> io::Result<()> {
        serde_json::to_writer(&mut self.lines, line)?;
        self.lines.write_all(b"\n")?;
        self.count += 1;
        if self.lines.len() < PART { Ok(()) } else { self.cut() }
    }

    /// Writes what is left; answers how many lines there were.
    pub(super) fn end(mut self) -> io::Result<u64> {
        if !self.lines.is_empty() {
            self.cut()?;
        }
        Ok(self.count)
    }

    fn cut(&mut self) -> io::Result<()> {
        self.parts += 1;
        self.pack.add(&format!("{}/{:06}.jsonl", self.folder, self.parts), &self.lines)?;
        self.lines.clear();
        Ok(())
    }
}
