//! The simulator of the whole shop: the rules, the real store on both engines and a bank that fails it. One seed is one
//! run of a small shop, in which everything that can go wrong does, at any moment, and after every step the invariants of
//! `oxcart verify` hold, and what buyers and the bank know besides.
//!
//! One process runs at a time. It is one call of a flow, or a worker at its jobs, and a seed writes its script: where it
//! waits while others come first (before a transaction, before and after a call of the bank), and the point at which it
//! dies: before or in the middle of any statement, any commit and any call. A commit that nobody waits for any more is the
//! unknown one. What a dead process has left, the jobs have to end.
//!
//! Time and ids are the simulator's own, so that a seed is replayed exactly: who does what in which order, what the bank
//! says, and at which point a process waits or dies. What is not: on PostgreSQL whether a commit that nobody waits for went
//! through, and how soon what a dead process had locked is free. A failure that hangs on one of those may need some tries.
//!
//! `OXCART_SIM_SEEDS=1000` runs so many seeds on SQLite, about 270 operations each, and a sixth of them on PostgreSQL;
//! `OXCART_SIM_SEED=7` replays one and prints what it does.

mod assortment;
mod bank;
mod buyers;
mod checks;
#[path = "../../../../commerce/tests/sim/dice.rs"]
mod dice;
mod mutations;
mod programs;
mod run;
mod script;
mod staff;
mod trace;
mod world;

use oxcart::faults::Fault;

use crate::app::Engine;
use run::{Tally, run, run_all};

/// How many seeds run when nobody says.
const SEEDS: u64 = 12;

/// One seed of so many runs on PostgreSQL as well, which is slower.
const ON_POSTGRES: u64 = 6;

/// Seeds that found something once, or walk a way that few others do. They run always.
const CASES: &[(u64, &str)] = &[
    (7, "a request under a key sleeps until another has done what it asks for"),
    (15, "the bank is silent, and has the money"),
    (19, "a buyer pays a checkout as it was before it changed"),
    (27, "a payment under review is paid back"),
    (29, "a buyer edits and amends while a payment is under review"),
    (36, "a payment under review is paid back, and the bank takes its time"),
    (37, "a refund ends at the bank, later"),
    (61, "twice money comes in after the bank had said no"),
    (63, "money comes in after the bank had said no, and a refund fails"),
];

/// What some seed has to meet, or nothing is shown about it.
const MET: &[(&str, &str)] = &[
    ("add under a key", "done"),
    ("ask under a key", "answered again"),
    ("ask under a key", "dies"),
    ("ask under a key", "still running"),
    ("ask under a key", "was done"),
    ("bank", "pays after all"),
    ("cancel order", "succeeded"),
    ("edit cart", "payment_in_progress"),
    ("jobs", "dies"),
    ("open checkout", "insufficient_stock"),
    ("pay", "checkout_changed"),
    ("pay", "checkout_expired"),
    ("pay", "declined"),
    ("pay", "dies"),
    ("pay", "ordered before"),
    ("pay", "ordered"),
    ("pay", "payment_in_progress"),
    ("pay", "waiting"),
    ("pay", "waits"),
    ("refund", "dies"),
    ("refund", "failed"),
    ("refund", "pending"),
    ("refund", "succeeded"),
    ("send", "done"),
    ("stock sheet", "done"),
    ("stock sheet", "refused"),
    ("webhook", "dies"),
    ("webhook", "done"),
    ("webhook", "lost"),
];

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a number, not {text:?}")))
}

fn sure(tally: Result<Tally, Box<run::Failure>>) -> Tally {
    tally.unwrap_or_else(|failure| panic!("{failure}"))
}

fn seeds() -> u64 {
    number("OXCART_SIM_SEEDS").unwrap_or(SEEDS)
}

fn the_invariants_hold(engine: Engine, seeds: u64) {
    let tally = sure(run_all(engine, (1..=seeds).chain(CASES.iter().map(|(seed, _)| *seed))));
    println!("{} operations of {seeds} seeds on {engine:?}", tally.operations);
    for ((what, ended), times) in &tally.ends {
        println!("{times:>9}  {what}: {ended}");
    }
    // Few seeds need not meet everything.
    let unmet: Vec<_> = MET.iter().filter(|end| !tally.ends.contains_key(*end)).collect();
    assert!(unmet.is_empty() || seeds < SEEDS, "no seed meets this: {unmet:?}");
}

mod the_invariants_hold_after_every_step {
    use super::*;

    #[test]
    fn sqlite() {
        the_invariants_hold(Engine::Sqlite, seeds());
    }

    #[test]
    fn postgres() {
        the_invariants_hold(Engine::Postgres, seeds().div_ceil(ON_POSTGRES));
    }
}

mod a_seed_replays {
    use super::*;

    #[test]
    fn sqlite() {
        let seed = number("OXCART_SIM_SEED");
        let first = sure(run(Engine::Sqlite, seed.unwrap_or(1), None, seed.is_some()));
        let again = sure(run(Engine::Sqlite, seed.unwrap_or(1), None, false));
        assert_eq!(first.story, again.story, "the same seed does the same");
    }

    #[test]
    fn postgres() {
        let seed = number("OXCART_SIM_SEED");
        sure(run(Engine::Postgres, seed.unwrap_or(1), None, seed.is_some()));
    }
}

#[test]
fn a_failing_run_says_how_to_replay_it() {
    let failure = run(Engine::Sqlite, 1, Some(Fault::MovementForgotten), false).expect_err("it breaks the stock");
    let told = failure.to_string();
    let command = "OXCART_SIM_SEED=1 cargo test -p oxcart --test it -- --exact sim::a_seed_replays::sqlite --nocapture";
    for part in ["seed 1 on sqlite, operation ", "stock_equals_movements", " min  ", command] {
        assert!(told.contains(part), "{part:?} is missing: {told}");
    }
}
