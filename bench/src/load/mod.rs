//! Visitors of a running shop, as many at once as are asked for: how much is done in a second, how long it takes, and
//! what goes wrong.

pub mod buyer;
pub mod goods;
pub mod histogram;
mod large;
mod last_units;
pub mod run;
pub mod scenario;
mod server;
pub mod staff;
pub mod tally;
mod unheard;
mod window;
pub mod wire;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use self::goods::Goods;
use self::run::{Load, Outcome};
use self::scenario::Scenario;
use self::staff::{SignIn, Staff};
use self::wire::Place;
use crate::Failure;

/// Which load, on what, for how long.
#[derive(Args)]
pub struct Visits {
    /// Where the shop answers
    #[arg(long, default_value = "http://127.0.0.1:3000")]
    url: String,
    /// What visitors do, one after the other
    #[arg(long, value_enum, value_delimiter = ',', required = true)]
    scenario: Vec<Scenario>,
    /// How many visitors at once
    #[arg(long, value_delimiter = ',', default_value = "64")]
    at_once: Vec<usize>,
    /// For how long each is measured
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// For how many minutes instead: to see whether memory grows
    #[arg(long, conflicts_with = "seconds")]
    minutes: Option<u64>,
    /// Over how many SKUs purchases are spread
    #[arg(long, default_value_t = 10_000)]
    skus: usize,
    /// The process of the shop, to watch its memory
    #[arg(long, value_name = "PID")]
    process: Option<u32>,
    #[command(flatten)]
    staff: SignIn,
    /// Where to keep the results
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Runs every scenario at every number of visitors.
pub async fn run(visits: &Visits) -> Result<(), Failure> {
    let place = Place::parse(&visits.url)?;
    // One is everybody's favourite, one is sold out.
    let mut goods = Goods::look(&place, visits.skus + 2).await?;
    if visits.scenario.contains(&Scenario::Large) {
        goods.large = Some(large::make(&mut Staff::sign_in(&place, &visits.staff).await?).await?);
    }
    eprintln!("{} SKUs, {} pages", goods.variants.len(), goods.browse.len() + goods.product.len() + goods.search.len());
    let seconds = visits.minutes.map_or(visits.seconds, |minutes| minutes * 60);
    let time = Duration::from_secs(seconds.max(1));
    let load = Load { place, goods: Arc::new(goods), process: visits.process, time };
    let mut records = Vec::new();
    for scenario in &visits.scenario {
        for at_once in &visits.at_once {
            let outcome = match scenario {
                Scenario::LastUnits => last_units::run(&load, *at_once, &visits.staff).await?,
                _ => load.run(*scenario, *at_once).await?,
            };
            tell(&outcome);
            records.push(outcome.record());
        }
    }
    keep(visits.json.as_ref(), &json!({ "skus": load.goods.variants.len(), "runs": records }))
}

/// Writes a result where it was asked for.
pub fn keep(file: Option<&PathBuf>, result: &Value) -> Result<(), Failure> {
    match file {
        Some(file) => Ok(std::fs::write(file, serde_json::to_vec_pretty(result)?)?),
        None => Ok(()),
    }
}

fn tell(outcome: &Outcome) {
    let (name, times) = (outcome.scenario.name(), &outcome.tally.deeds);
    let ms = |percent| times.percentile(percent) as f64 / 1_000.0;
    let (rate, errors) = (outcome.per_second(), outcome.tally.errors());
    eprintln!(
        "{name} at {}: {rate:.1}/s, p50 {:.2} ms, p99 {:.2} ms, {errors} errors",
        outcome.at_once,
        ms(50),
        ms(99)
    );
    for (kind, times) in &outcome.tally.kinds {
        let ms = |percent| times.percentile(percent) as f64 / 1_000.0;
        eprintln!("    {kind}: {}, p50 {:.2} ms, p99 {:.2} ms", times.count(), ms(50), ms(99));
    }
    outcome.statements.iter().for_each(|each| eprintln!("    {each:.1} statements each"));
    outcome.peak.iter().for_each(|peak| eprintln!("    at most {} MiB resident", peak / 1024));
    outcome.note.iter().for_each(|note| eprintln!("    {note}"));
    outcome.tally.wrong.iter().for_each(|(what, count)| eprintln!("    {count} times {what}"));
}
