//! What no shop can pass on this machine: its disk, its HTTP server without a shop, and its database without one.

mod disk;
mod driver;
mod rows;
mod sale;
mod stack;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use serde_json::json;

use self::rows::Scratch;
use crate::Failure;
use crate::load::goods::Goods;
use crate::load::keep;
use crate::load::run::Load;
use crate::load::scenario::Scenario;
use crate::load::wire::Place;

/// What is only read.
const READS: [Scenario; 3] = [Scenario::Browse, Scenario::Product, Scenario::Search];

/// Which limits, and for how long.
#[derive(Args)]
pub struct Edges {
    /// A running shop, whose pages are answered again from memory
    #[arg(long)]
    url: Option<String>,
    /// An empty folder to write into; DATABASE_URL names an empty database instead of its file
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    /// How many visitors at once, and how many sales in a batch
    #[arg(long, value_delimiter = ',', default_value = "1,16,64,256")]
    at_once: Vec<usize>,
    /// For how long each is measured
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Where to keep the results
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Measures all of them.
pub async fn run(edges: &Edges) -> Result<(), Failure> {
    let time = Duration::from_secs(edges.seconds.max(1));
    std::fs::create_dir_all(&edges.data)?;
    let fsync = disk::measure(&edges.data, time)?;
    eprintln!("fsync: p50 {} us, p99 {} us", fsync["p50_us"], fsync["p99_us"]);
    let mut stack = Vec::new();
    if let Some(url) = &edges.url {
        let shop = Place::parse(url)?;
        let goods = Goods::look(&shop, 1).await?;
        let place = stack::copy(&shop, &goods).await?;
        let load = Load { place, goods: Arc::new(goods), process: None, time };
        for (scenario, at_once) in READS.iter().flat_map(|read| edges.at_once.iter().map(move |n| (*read, *n))) {
            let outcome = load.run(scenario, at_once).await?;
            eprintln!("{} at {at_once} from memory: {:.0}/s", scenario.name(), outcome.per_second());
            stack.push(outcome.record());
        }
    }
    let mut scratch = Scratch::fill(&edges.data).await?;
    let mut rows = Vec::new();
    for batch in &edges.at_once {
        let row = scratch.measure(*batch, time).await?;
        eprintln!("sales by {batch} by the bare driver: {:.0}/s", row["sales_per_second"].as_f64().unwrap_or(0.0));
        rows.push(row);
    }
    keep(edges.json.as_ref(), &json!({ "fsync": fsync, "stack": stack, "rows": rows }))
}
