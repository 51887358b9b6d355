//! How long the disk takes to keep one page for good: nothing that is durable is faster.

use std::fs::OpenOptions;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Failure;
use crate::load::histogram::Histogram;
use crate::load::tally::times_of;

/// What is written at once.
const PAGE: usize = 4_096;
/// Pages of the file, which are written over like those of a log.
const PAGES: u64 = 4_096;

/// Writes pages one after the other, each kept before the next, for so long.
pub fn measure(folder: &Path, time: Duration) -> Result<Value, Failure> {
    let path = folder.join("fsync");
    let file = OpenOptions::new().create(true).write(true).truncate(true).open(&path)?;
    let page = [0x6f; PAGE];
    (0..PAGES).try_for_each(|place| file.write_all_at(&page, place * PAGE as u64))?;
    file.sync_all()?;
    let mut times = Histogram::default();
    let until = Instant::now() + time;
    for place in (0..PAGES).cycle() {
        let began = Instant::now();
        file.write_all_at(&page, place * PAGE as u64)?;
        file.sync_data()?;
        times.add(began.elapsed());
        if Instant::now() >= until {
            break;
        }
    }
    std::fs::remove_file(&path)?;
    Ok(times_of(&times))
}
