//! A thousand buyers for the last 500 of one SKU: how many were sold, and what is there afterwards.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use tokio::task::JoinSet;

use super::buyer::{Buyer, Refused};
use super::run::{Load, Outcome, all_of};
use super::scenario::Scenario;
use super::server;
use super::staff::{SignIn, Staff};
use super::tally::Tally;
use crate::Failure;

/// Who wants one.
const BUYERS: usize = 1_000;
/// How many there are.
const UNITS: i64 = 500;

/// Lets a thousand buyers, so many at once, after 500 units. What does not fit together counts as an error.
pub async fn run(load: &Load, at_once: usize, who: &SignIn) -> Result<Outcome, Failure> {
    let mut staff = Staff::sign_in(&load.place, who).await?;
    // The last one is nobody's favourite; what others hold of it would be in the way.
    let wanted = load.goods.variants.len() - 1;
    let good = &load.goods.variants[wanted];
    let sku = good.sku.as_deref().ok_or("the variant to sell out has no SKU")?;
    let held = staff.shelf(sku).await?.reserved;
    staff.set_stock(&good.id, UNITS + held).await?;
    let began = Instant::now();
    let (mut tally, refused) = rush(load, wanted, at_once).await?;
    let took = began.elapsed();
    let left = staff.shelf(sku).await?;
    let sold = tally.deeds.count();
    let note = format!("{sold} sold, {refused} refused, {} left, {} held", left.on_hand, left.reserved);
    if i64::try_from(sold)? != UNITS || (left.on_hand, left.reserved) != (held, held) {
        tally.wrong(format!("not exactly {UNITS} of {BUYERS}: {note}"));
    }
    let peak = load.process.and_then(server::memory).map(|memory| memory.peak);
    let statements = None;
    Ok(Outcome {
        scenario: Scenario::LastUnits,
        at_once,
        tally,
        took,
        statements,
        memory: vec![],
        peak,
        note: Some(note),
    })
}

async fn rush(load: &Load, wanted: usize, at_once: usize) -> Result<(Tally, usize), Failure> {
    let (waiting, refused) = (Arc::new(AtomicUsize::new(BUYERS)), Arc::new(AtomicUsize::new(0)));
    let mut buyers = JoinSet::new();
    for seed in 0..at_once as u64 {
        let buyer = Buyer::new(&load.place, &load.goods, seed, Tally::default());
        let mut buyer = buyer.expecting("insufficient_stock");
        let (waiting, refused) = (waiting.clone(), refused.clone());
        buyers.spawn(async move {
            while take_one(&waiting) {
                let began = Instant::now();
                match buyer.buy(wanted).await {
                    Ok(()) => buyer.tally.deed(began.elapsed()),
                    Err(Refused::AsExpected) => drop(refused.fetch_add(1, Ordering::Relaxed)),
                    Err(Refused::Wrong) => {}
                }
            }
            buyer.tally
        });
    }
    let tally = all_of(buyers).await?;
    Ok((tally, refused.load(Ordering::Relaxed)))
}

/// Takes one of those who wait, while there is one.
fn take_one(waiting: &AtomicUsize) -> bool {
    waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
}
