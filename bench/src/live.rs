//! How soon what staff change is what visitors see, while others look around.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use clap::Args;
use hyper::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::Failure;
use crate::load::goods::Goods;
use crate::load::histogram::Histogram;
use crate::load::keep;
use crate::load::staff::{SignIn, Staff};
use crate::load::tally::times_of;
use crate::load::wire::{Answer, Place, Wire};

/// Who looks around, each on a connection of their own.
const VISITORS: u32 = 16;
/// How often it is looked whether a change is there.
const LOOK: Duration = Duration::from_millis(2);
/// After so long a change counts as lost.
const PATIENCE: Duration = Duration::from_secs(120);
/// The price that the first change sets; each one after it a cent more.
const FIRST_CENTS: usize = 123_401;

/// What is watched.
#[derive(Args)]
pub struct Watch {
    /// Where the shop answers
    #[arg(long, default_value = "http://127.0.0.1:3000")]
    url: String,
    /// A word to search for, to see when there is a product that has it; then no price is changed
    #[arg(long)]
    word: Option<String>,
    /// How many prices are changed, one after the other
    #[arg(long, default_value_t = 20)]
    changes: usize,
    /// How many pages others look at in a second
    #[arg(long, default_value_t = 1_000)]
    rate: u32,
    #[command(flatten)]
    staff: SignIn,
    /// Where to keep the results
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Watches.
pub async fn run(watch: &Watch) -> Result<(), Failure> {
    let place = Place::parse(&watch.url)?;
    let result = match &watch.word {
        Some(word) => found(&place, word).await?,
        None => changed(&place, watch).await?,
    };
    eprintln!("{result}");
    keep(watch.json.as_ref(), &result)
}

/// How long it takes until a search for a word finds something.
async fn found(place: &Place, word: &str) -> Result<Value, Failure> {
    let mut wire = Wire::new(place);
    let path = format!("/api/products?q={word}");
    let has_some = |answer: &Answer| {
        let list: Option<Value> = serde_json::from_slice(&answer.body).ok();
        list.is_some_and(|list| list["items"].as_array().is_some_and(|items| items.len() == 1))
    };
    let took = until(&mut wire, &path, has_some).await?;
    Ok(json!({ "word": word, "found_after_ms": took.as_millis() }))
}

/// How long it takes until a changed price is on the product's page, in the API and in a list, while others look around.
async fn changed(place: &Place, watch: &Watch) -> Result<Value, Failure> {
    let mut staff = Staff::sign_in(place, &watch.staff).await?;
    let goods = Arc::new(Goods::look(place, 1).await?);
    let over = Arc::new(AtomicBool::new(false));
    let began = Instant::now();
    let mut crowd = look_around(place, &goods, watch.rate, &over);
    let (mut seen, mut wire) = (Histogram::default(), Wire::new(place));
    for nth in 0..watch.changes {
        let slug = goods.product[nth % goods.product.len()].trim_start_matches("/p/");
        seen.add(change(&mut staff, &mut wire, slug, FIRST_CENTS + nth).await?);
    }
    over.store(true, Ordering::Relaxed);
    let mut looks = Histogram::default();
    while let Some(part) = crowd.join_next().await {
        looks.merge(&part??);
    }
    let rate = looks.count() as f64 / began.elapsed().as_secs_f64();
    Ok(json!({ "seen": times_of(&seen), "looks_per_second": rate, "looks": times_of(&looks) }))
}

/// Visitors who together look at so many pages in a second.
fn look_around(
    place: &Place,
    goods: &Arc<Goods>,
    rate: u32,
    over: &Arc<AtomicBool>,
) -> JoinSet<Result<Histogram, Failure>> {
    let mut crowd = JoinSet::new();
    for first in 0..VISITORS {
        let (mut wire, goods, over) = (Wire::new(place), goods.clone(), over.clone());
        crowd.spawn(async move {
            let mut pace = interval(Duration::from_secs(1) * VISITORS / rate.max(1));
            pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let pages: Vec<&String> = goods.browse.iter().chain(&goods.product).collect();
            let mut looks = Histogram::default();
            let mut nth = first as usize;
            while !over.load(Ordering::Relaxed) {
                pace.tick().await;
                let began = Instant::now();
                let answer = wire.get(pages[nth % pages.len()]).await?;
                if answer.status != 200 {
                    return Err(format!("{} answers {}", pages[nth % pages.len()], answer.status).into());
                }
                looks.add(began.elapsed());
                nth += 7;
            }
            Ok(looks)
        });
    }
    crowd
}

/// Changes the price of a product; how long it takes until everybody sees it, from when staff are told that it is done.
async fn change(staff: &mut Staff, wire: &mut Wire, slug: &str, cents: usize) -> Result<Duration, Failure> {
    let shown: Value = serde_json::from_slice(&wire.get(&format!("/api/products/{slug}")).await?.body)?;
    let variants = shown["variants"].as_array().ok_or("a product has no variants")?;
    let rows =
        variants.iter().map(|variant| json!({ "variant_id": variant["id"], "delta": 0, "price": cents })).collect();
    let sku = variants.first().and_then(|variant| variant["sku"].as_str()).unwrap_or(slug);
    staff.ask(Method::POST, "/api/admin/inventory/bulk", Some(Value::Array(rows))).await?;
    let done = Instant::now();
    // As a price is written in JSON and in HTML: with a point, or with what a language groups and parts by.
    let is_there = |answer: &Answer| {
        let digits: String =
            String::from_utf8_lossy(&answer.body).chars().filter(|c| !",. \u{a0}\u{202f}".contains(*c)).collect();
        digits.contains(&cents.to_string())
    };
    for path in [format!("/p/{slug}"), format!("/api/products/{slug}"), format!("/search?q={sku}")] {
        until(wire, &path, is_there).await?;
    }
    Ok(done.elapsed())
}

/// Asks again and again, until it is there.
async fn until(wire: &mut Wire, path: &str, is_there: impl Fn(&Answer) -> bool) -> Result<Duration, Failure> {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if is_there(&wire.get(path).await?) {
            return Ok(began.elapsed());
        }
        sleep(LOOK).await;
    }
    Err(format!("{path} does not show it after {} s", PATIENCE.as_secs()).into())
}
