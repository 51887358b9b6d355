//! Runs of seeds, on their own or many of them, and what is told when one fails.

use super::faults::Fault;
use super::paths::Paths;
use super::verdict::Violation;
use super::world::World;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A run that broke something.
#[derive(Debug)]
pub struct Failure {
    pub seed: u64,
    pub step: u64,
    pub violations: Vec<Violation>,
    pub latest: String,
}

/// What many runs came to.
#[derive(Debug, Default)]
pub struct Tally {
    pub operations: u64,
    pub paths: Paths,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, step, violations, latest } = self;
        writeln!(f, "seed {seed}, operation {step}:")?;
        for Violation { invariant, subject } in violations {
            writeln!(f, "  {invariant}: {subject}")?;
        }
        writeln!(f, "the latest operations:\n{latest}")?;
        write!(f, "replay: OXCART_SIM_SEED={seed} cargo test -p commerce --test sim -- --nocapture a_seed_replays")
    }
}

/// How many operations a seed has before it comes to rest: many short worlds meet more than a long one.
fn operations(seed: u64) -> usize {
    [200, 300, 400, 600][usize::try_from(seed % 4).expect("below four")]
}

/// Runs a seed to its end.
pub fn run(seed: u64, fault: Option<Fault>, aloud: bool) -> Result<Tally, Box<Failure>> {
    let mut world = World::new(seed, fault);
    world.trace.aloud = aloud;
    let ended = catch_unwind(AssertUnwindSafe(|| world.run(operations(seed))));
    let panicked = Violation { invariant: "nothing_panics", subject: "see the message above".to_owned() };
    match ended.unwrap_or_else(|_| Err(vec![panicked])) {
        Ok(()) => Ok(Tally { operations: world.steps, paths: world.shop.paths }),
        Err(violations) => Err(Box::new(Failure { seed, step: world.steps, violations, latest: world.trace.told() })),
    }
}

/// Runs many seeds on two threads; the first that fails, by its number, is told.
pub fn run_all(seeds: impl Iterator<Item = u64>) -> Result<Tally, Box<Failure>> {
    let seeds: Vec<u64> = seeds.collect();
    let (one, other): (Vec<_>, Vec<_>) = seeds.into_iter().partition(|seed| seed % 8 < 4);
    let halves = std::thread::scope(|scope| {
        let other = scope.spawn(|| run_each(&other));
        [run_each(&one), other.join().expect("a run answers, whatever it finds")]
    });
    let mut tally = Tally::default();
    for half in halves {
        tally.add(&half?);
    }
    Ok(tally)
}

fn run_each(seeds: &[u64]) -> Result<Tally, Box<Failure>> {
    let mut tally = Tally::default();
    for seed in seeds {
        tally.add(&run(*seed, None, false)?);
    }
    Ok(tally)
}

impl Tally {
    pub fn add(&mut self, other: &Self) {
        self.operations += other.operations;
        self.paths.add(&other.paths);
    }
}
