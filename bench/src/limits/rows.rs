//! How many complete sales the bare driver makes durable in a second, in batches of a size.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::driver::{Driver, Write};
use super::sale::{STEPS, steps};
use crate::Failure;
use crate::load::histogram::Histogram;
use crate::load::tally::times_of;
use crate::seed::Till;

/// Sales that are told before they are committed, so that telling them takes no time from the driver.
const TOLD: usize = 2_048;
/// Connections that write at once on a server, as many as the shop has. A file has one writer.
const SERVER_WRITERS: usize = 2;

/// An empty shop to write into.
pub struct Scratch {
    folder: PathBuf,
    server: Option<String>,
    till: Till,
}

impl Scratch {
    /// Fills an empty shop with goods: a folder, or the server that DATABASE_URL names.
    pub async fn fill(folder: &Path) -> Result<Self, Failure> {
        let server = std::env::var("DATABASE_URL").ok();
        Ok(Scratch { folder: folder.to_owned(), server, till: Till::fill(folder).await? })
    }

    /// Commits sales in batches of a size, for so long or until all that were told are there.
    pub async fn measure(&mut self, batch: usize, time: Duration) -> Result<Value, Failure> {
        let writers = if self.server.is_some() { SERVER_WRITERS } else { 1 };
        let mut ready = Vec::new();
        for part in 0..writers {
            let rounds = (TOLD / writers / batch).max(4);
            let told = (0..rounds).map(|_| steps(self.till.sell(batch, (part, writers))?));
            ready.push((told.collect::<Result<Vec<_>, Failure>>()?, self.connect().await?));
        }
        let mut work = JoinSet::new();
        ready.into_iter().for_each(|(told, driver)| drop(work.spawn(write(driver, told, time))));
        let (mut all, mut longest) = (Written::default(), Duration::ZERO);
        while let Some(written) = work.join_next().await {
            let written = written??;
            longest = longest.max(written.took());
            all.add(&written);
        }
        Ok(all.record(batch, writers, longest))
    }

    async fn connect(&self) -> Result<Driver, Failure> {
        Ok(match &self.server {
            Some(url) => Driver::postgres(url).await?,
            None => Driver::sqlite(&self.folder.join("oxcart.db")).await?,
        })
    }
}

/// What one connection committed.
#[derive(Default)]
struct Written {
    batches: usize,
    /// How long the commits of each step took.
    times: [Histogram; 4],
    /// The same, all together.
    spent: [Duration; 4],
}

impl Written {
    fn took(&self) -> Duration {
        self.spent.iter().sum()
    }

    fn add(&mut self, other: &Written) {
        self.batches += other.batches;
        self.times.iter_mut().zip(&other.times).for_each(|(mine, more)| mine.merge(more));
        self.spent.iter_mut().zip(other.spent).for_each(|(mine, more)| *mine += more);
    }

    fn record(&self, batch: usize, writers: usize, longest: Duration) -> Value {
        let sales = (self.batches * batch) as f64;
        let step = |(place, name): (usize, &&str)| {
            // What all writers spent, as if each had done nothing else.
            let rate = sales * writers as f64 / self.spent[place].as_secs_f64();
            ((*name).to_owned(), json!({ "per_second": rate, "commit": times_of(&self.times[place]) }))
        };
        json!({
            "batch": batch,
            "writers": writers,
            "sales": sales,
            "sales_per_second": sales / longest.as_secs_f64(),
            "steps": STEPS.iter().enumerate().map(step).collect::<serde_json::Map<_, _>>(),
        })
    }
}

async fn write(mut driver: Driver, told: Vec<[Vec<Write>; 4]>, time: Duration) -> Result<Written, Failure> {
    let mut written = Written::default();
    let until = Instant::now() + time;
    for sale in told {
        for (place, writes) in sale.into_iter().enumerate() {
            let began = Instant::now();
            driver.commit(writes).await?;
            let took = began.elapsed();
            written.times[place].add(took);
            written.spent[place] += took;
        }
        written.batches += 1;
        if Instant::now() >= until {
            break;
        }
    }
    Ok(written)
}
