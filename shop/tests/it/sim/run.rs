//! Runs of seeds, and what is told when one fails.

use std::collections::BTreeMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use oxcart::faults::{self, Fault};
use oxcart::store::verify::Violation;
use tokio::runtime;

use super::world::{Done, World, violation};
use crate::app::Engine;

/// A run that broke something.
#[derive(Debug)]
pub struct Failure {
    pub engine: Engine,
    pub seed: u64,
    pub step: u64,
    pub violations: Vec<Violation>,
    pub latest: String,
}

/// What runs came to.
#[derive(Debug, Default)]
pub struct Tally {
    pub operations: u64,
    /// How often each thing ended in each way.
    pub ends: BTreeMap<Done, u64>,
    /// What was done, one after another.
    pub story: Vec<Done>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { engine, seed, step, violations, latest } = self;
        let engine = if *engine == Engine::Sqlite { "sqlite" } else { "postgres" };
        writeln!(f, "seed {seed} on {engine}, operation {step}:")?;
        for Violation { invariant, subject } in violations {
            writeln!(f, "  {invariant}: {subject}")?;
        }
        writeln!(f, "the latest operations:\n{latest}")?;
        let test = format!("sim::a_seed_replays::{engine}");
        write!(f, "replay: OXCART_SIM_SEED={seed} cargo test -p oxcart --test it -- --exact {test} --nocapture")
    }
}

impl Tally {
    fn of(story: Vec<Done>) -> Self {
        let mut ends = BTreeMap::new();
        for done in &story {
            *ends.entry(*done).or_default() += 1;
        }
        Tally { operations: story.len() as u64, ends, story }
    }
}

/// How many operations a seed has before it comes to rest: many short worlds meet more than a long one.
fn operations(seed: u64) -> u64 {
    [150, 200, 300, 400][usize::try_from(seed % 4).expect("below four")]
}

/// Stories within stories need room while nothing is optimised.
const STACK: usize = 16 << 20;

/// Runs a seed to its end, on a thread of its own: what it spawns runs nowhere else and dies with it.
pub fn run(engine: Engine, seed: u64, fault: Option<Fault>, aloud: bool) -> Result<Tally, Box<Failure>> {
    let alone = thread::Builder::new().stack_size(STACK);
    let running = alone.spawn(move || run_here(engine, seed, fault, aloud)).expect("there is room for a thread");
    running.join().expect("a run answers, whatever it finds")
}

fn run_here(engine: Engine, seed: u64, fault: Option<Fault>, aloud: bool) -> Result<Tally, Box<Failure>> {
    faults::breaks(fault);
    let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime of one thread");
    let mut world = runtime.block_on(World::new(engine, seed, aloud));
    let ended = catch_unwind(AssertUnwindSafe(|| runtime.block_on(world.run(operations(seed)))));
    let panicked = violation("nothing_panics", "see the message above");
    let (step, latest) = (world.steps, world.trace.told());
    let outcome = match ended.unwrap_or_else(|_| Err(vec![panicked])) {
        Ok(()) => Ok(Tally::of(std::mem::take(&mut world.story))),
        Err(violations) => Err(Box::new(Failure { engine, seed, step, violations, latest })),
    };
    runtime.block_on(world.close());
    outcome
}

/// Runs many seeds; stops at the first that fails.
pub fn run_all(engine: Engine, seeds: impl Iterator<Item = u64>) -> Result<Tally, Box<Failure>> {
    let mut tally = Tally::default();
    for seed in seeds {
        let one = run(engine, seed, None, false)?;
        tally.operations += one.operations;
        for (end, times) in one.ends {
            *tally.ends.entry(end).or_default() += times;
        }
    }
    Ok(tally)
}
