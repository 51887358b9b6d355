//! One scenario at one number of visitors, from the first request to the record of what it came to.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use super::buyer::{Buyer, Open};
use super::goods::Goods;
use super::scenario::Scenario;
use super::server::{self, Idle};
use super::tally::{Tally, times_of};
use super::window::Window;
use super::wire::Place;
use crate::Failure;

/// How many times the memory is looked at in a run.
const LOOKS: u32 = 40;

/// A shop under load.
pub struct Load {
    /// Where it answers.
    pub place: Place,
    /// What there is.
    pub goods: Arc<Goods>,
    /// Its process, when its memory shall be watched.
    pub process: Option<u32>,
    /// For how long each run is measured.
    pub time: Duration,
}

/// What a run came to.
pub struct Outcome {
    /// What was done.
    pub scenario: Scenario,
    /// How many visitors there were.
    pub at_once: usize,
    /// What they saw.
    pub tally: Tally,
    /// How long that took.
    pub took: Duration,
    /// Statements for each thing that was done, with its jobs and without what an idle shop runs; none where nobody counts.
    pub statements: Option<f64>,
    /// The server's memory over the run, in KiB.
    pub memory: Vec<u64>,
    /// The most of it.
    pub peak: Option<u64>,
    /// What else there is to say.
    pub note: Option<String>,
}

impl Load {
    /// Runs a scenario with so many visitors.
    pub async fn run(&self, scenario: Scenario, at_once: usize) -> Result<Outcome, Failure> {
        let before = Idle::wait(&self.place).await.ok();
        self.process.into_iter().for_each(server::forget_peak);
        let mut memory = Vec::new();
        let (tally, took) = tokio::select! {
            done = self.work(scenario, at_once) => done?,
            () = look(self.process, self.time / LOOKS, &mut memory) => return Err("looking never ends".into()),
        };
        let peak = self.process.and_then(server::memory).map(|memory| memory.peak);
        let after = match before {
            Some(_) if tally.all_deeds > 0 => Idle::wait(&self.place).await.ok(),
            _ => None,
        };
        let run = before.zip(after).map(|(before, after)| after.since(&before));
        let statements = run.map(|run| run / tally.all_deeds as f64);
        Ok(Outcome { scenario, at_once, tally, took, statements, memory, peak, note: None })
    }

    /// Everybody does the same again and again; a first part is not measured, so that connections and caches are there.
    async fn visit(&self, scenario: Scenario, at_once: usize) -> Result<(Tally, Duration), Failure> {
        let window = Arc::new(Window::default());
        let mut visitors = JoinSet::new();
        for seed in 0..at_once as u64 {
            let mut buyer = Buyer::new(&self.place, &self.goods, seed, Tally::during(&window));
            let (mut draw, window) = (StdRng::seed_from_u64(seed), window.clone());
            visitors.spawn(async move {
                while !window.is_closed() {
                    buyer.once(scenario.deed(&mut draw)).await;
                }
                buyer.tally
            });
        }
        let took = window.pass(at_once, self.time).await;
        Ok((all_of(visitors).await?, took))
    }

    /// Opens checkouts for as long as a run takes, then measures how they are paid.
    async fn pay(&self, at_once: usize) -> Result<(Tally, Duration), Failure> {
        let until = Instant::now() + self.time;
        let mut openers = JoinSet::new();
        for seed in 0..at_once as u64 {
            let mut buyer = Buyer::new(&self.place, &self.goods, seed, Tally::default());
            openers.spawn(async move {
                let mut opened = Vec::new();
                while Instant::now() < until {
                    let good = buyer.some_good();
                    opened.extend(buyer.open(good).await.ok());
                }
                (opened, buyer.tally)
            });
        }
        let (mut opened, mut tally) = (Vec::new(), Tally::default());
        while let Some(part) = openers.join_next().await {
            let (some, seen) = part?;
            opened.extend(some);
            tally.merge(seen);
        }
        let began = Instant::now();
        tally.merge(self.pay_all(opened, at_once).await?);
        Ok((tally, began.elapsed()))
    }

    async fn pay_all(&self, opened: Vec<Open>, at_once: usize) -> Result<Tally, Failure> {
        let opened = Arc::new(Mutex::new(opened));
        let mut payers = JoinSet::new();
        for seed in 0..at_once as u64 {
            let mut buyer = Buyer::new(&self.place, &self.goods, seed, Tally::default());
            let opened = opened.clone();
            payers.spawn(async move {
                while let Some(open) = next(&opened).await {
                    let began = Instant::now();
                    if buyer.pay(&open).await.is_ok() {
                        buyer.tally.deed(began.elapsed());
                    }
                }
                buyer.tally
            });
        }
        all_of(payers).await
    }

    async fn work(&self, scenario: Scenario, at_once: usize) -> Result<(Tally, Duration), Failure> {
        match scenario {
            Scenario::Pay => self.pay(at_once).await,
            _ => self.visit(scenario, at_once).await,
        }
    }
}

/// Looks at the memory of a process until it is dropped.
async fn look(process: Option<u32>, every: Duration, seen: &mut Vec<u64>) {
    let mut looks = interval(every);
    looks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        looks.tick().await;
        seen.extend(process.and_then(server::memory).map(|memory| memory.now));
    }
}

async fn next(opened: &Mutex<Vec<Open>>) -> Option<Open> {
    opened.lock().await.pop()
}

/// What all of them saw.
pub async fn all_of(mut buyers: JoinSet<Tally>) -> Result<Tally, Failure> {
    let mut all = Tally::default();
    while let Some(tally) = buyers.join_next().await {
        all.merge(tally?);
    }
    Ok(all)
}

impl Outcome {
    /// How much was done in a second.
    pub fn per_second(&self) -> f64 {
        self.tally.deeds.count() as f64 / self.took.as_secs_f64()
    }

    /// For the record.
    pub fn record(&self) -> Value {
        json!({
            "scenario": self.scenario.name(),
            "at_once": self.at_once,
            "seconds": self.took.as_secs_f64(),
            "per_second": self.per_second(),
            "deeds": times_of(&self.tally.deeds),
            "requests": self.tally.requests(),
            "errors": self.tally.errors(),
            "wrong": self.tally.wrong,
            "statements_each": self.statements,
            "peak_rss_kib": self.peak,
            "rss_kib": self.memory,
            "note": self.note,
        })
    }
}
