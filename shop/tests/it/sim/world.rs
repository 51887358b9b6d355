//! One run: a shop, a bank, buyers, staff and a clock, and chance that says who does the next step.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use commerce::ids::{CheckoutId, OrderId, VariantId};
use oxcart::app::Shop;
use oxcart::error::Error;
use oxcart::flows::settle;
use oxcart::jobs::{self, Job};
use oxcart::store::Conn;
use oxcart::store::verify::Violation;

use super::assortment;
use super::bank::Bank;
use super::buyers::Buyer;
use super::checks::{self, broken};
use super::dice::Dice;
use super::programs::Programs;
use super::script::{Came, Process, Script, Then};
use super::trace::Trace;
use crate::app::{Engine, TestApp};
use crate::buyer::Api;

/// Who may do the next step, and how often.
const TURNS: [(Turn, usize); 7] = [
    (Turn::Process, 34),
    (Turn::Job, 10),
    (Turn::Webhook, 9),
    (Turn::Bank, 5),
    (Turn::Buyer, 28),
    (Turn::Staff, 9),
    (Turn::Clock, 5),
];

/// So many are under way at once.
const MOST_PROCESSES: usize = 8;

/// After so many steps without an end of it a shop that nobody disturbs hangs.
const PATIENCE: usize = 600;

#[derive(Clone, Copy, Debug)]
enum Turn {
    Process,
    Job,
    Webhook,
    Bank,
    Buyer,
    Staff,
    Clock,
}

/// What was done, and how it ended.
pub type Done = (&'static str, &'static str);

/// What somebody was told of a paid checkout.
#[derive(Clone, Copy, Debug)]
pub struct Answered {
    pub checkout: CheckoutId,
    pub order: OrderId,
}

pub struct World {
    pub test: TestApp,
    pub api: Api,
    pub shop: Shop,
    /// Another node of the same shop, which remembers for itself.
    pub other: Shop,
    pub bank: Bank,
    /// Through which the world looks at the database: always one, so that it knows every question already.
    pub window: Conn,
    pub dice: Dice,
    pub processes: Vec<Process>,
    pub buyers: Vec<Buyer>,
    pub programs: Programs,
    pub variants: Vec<VariantId>,
    /// What each version of a checkout was shown to cost.
    pub shown: HashMap<(CheckoutId, i64), i64>,
    pub answered: Vec<Answered>,
    pub found: Vec<Violation>,
    pub trace: Trace,
    /// Everything that was done, one after another.
    pub story: Vec<Done>,
    pub steps: u64,
    /// Nobody comes any more, nothing dies, and every call arrives.
    calm: bool,
    /// Whether anything was committed since the last check.
    dirty: bool,
    began: DateTime<Utc>,
}

impl World {
    pub async fn new(engine: Engine, seed: u64, aloud: bool) -> Self {
        let mut dice = Dice::new(seed);
        let bank = Bank::new(fork(&mut dice));
        let test = assortment::open(engine, &bank, &mut dice).await;
        let (shop, other) = (test.app.clone(), test.beside().await);
        bank.knows(shop.db.clone());
        let began = shop.clock.now();
        let mut tx = shop.db.begin().await.expect("the database answers");
        jobs::enqueue(&mut tx, &shop.clock, Job::Prune {}, began, began).await.expect("a job is written");
        tx.commit().await.expect("it is kept");
        let mut window = shop.db.read().await.expect("the database answers");
        if window.is_postgres() {
            // Whoever only looks may be slow on a busy machine.
            let patient = "SET idle_in_transaction_session_timeout = 0";
            window.script(patient.to_owned()).await.expect("a session says how long it may be idle");
        }
        let mut variants = Vec::new();
        for sku in assortment::SKUS {
            variants.push(VariantId(test.variant(sku).await.parse().expect("an id of ours")));
        }
        World {
            buyers: (0..assortment::EMAILS.len()).map(Buyer::new).collect(),
            trace: Trace { aloud, ..Trace::default() },
            api: test.api(),
            test,
            shop,
            other,
            bank,
            dice,
            window,
            variants,
            processes: vec![],
            programs: Programs::new(seed),
            shown: HashMap::new(),
            answered: vec![],
            found: vec![],
            story: vec![],
            steps: 0,
            calm: false,
            dirty: true,
            began,
        }
    }

    /// Runs so many operations, then lets everything come to rest; answers what broke, if anything did.
    pub async fn run(&mut self, operations: u64) -> Result<(), Vec<Violation>> {
        checks::settings(self).await?;
        while self.steps < operations {
            let turn = TURNS[self.dice.weighted(&TURNS.map(|(_, weight)| weight))].0;
            self.step(turn).await?;
            self.programs_go_on().await?;
        }
        self.come_to_rest().await?;
        checks::at_rest(self).await
    }

    async fn step(&mut self, turn: Turn) -> Result<(), Vec<Violation>> {
        let done = match turn {
            Turn::Process => self.go_on().await,
            Turn::Job => Some(self.work().await),
            Turn::Webhook => self.deliver().await,
            Turn::Bank => self.bank.books().stir().map(|did| ("bank", did)),
            Turn::Buyer if self.processes.len() >= MOST_PROCESSES => self.go_on().await,
            Turn::Buyer => Some(self.buy().await),
            Turn::Staff => Some(self.manage().await),
            Turn::Clock => Some(self.tick()),
        };
        let Some(done) = done else { return Ok(()) };
        self.steps += 1;
        self.is_done(done).await
    }

    /// Tells what was done, and looks whether all is well after it.
    pub async fn is_done(&mut self, done: Done) -> Result<(), Vec<Violation>> {
        self.story.push(done);
        let minute = (self.shop.clock.now() - self.began).num_minutes();
        self.trace.note(format!("{:>5}  +{minute:>4} min  {}: {}", self.steps, done.0, done.1));
        self.check().await
    }

    /// The invariants, wherever something was committed.
    async fn check(&mut self) -> Result<(), Vec<Violation>> {
        let mut found = std::mem::take(&mut self.found);
        let bank_is_dirty = {
            let books = &mut *self.bank.books();
            found.append(&mut books.found);
            std::mem::take(&mut books.dirty)
        };
        if std::mem::take(&mut self.dirty) || bank_is_dirty {
            found.extend(checks::always(self).await);
        }
        broken(found)
    }

    /// Somebody begins something, and comes as far as their script lets them.
    pub async fn begin(&mut self, what: &'static str, process: impl Future<Output = Then> + Send + 'static) -> Done {
        let script = Script::new(fork(&mut self.dice), self.calm);
        let process = Process::new(what, script, process);
        self.let_go_on(process).await
    }

    async fn go_on(&mut self) -> Option<Done> {
        if self.processes.is_empty() {
            return None;
        }
        let at = self.dice.below(self.processes.len());
        let process = self.processes.swap_remove(at);
        Some(self.let_go_on(process).await)
    }

    pub async fn let_go_on(&mut self, process: Process) -> Done {
        let (done, waits) = self.comes_as_far_as_it_may(process).await;
        self.processes.extend(waits);
        done
    }

    /// How far a process came, and the process if it waits there.
    pub async fn comes_as_far_as_it_may(&mut self, mut process: Process) -> (Done, Option<Process>) {
        let (what, before) = (process.what, process.script.seen().0);
        let came = process.go_on().await;
        self.dirty |= process.script.seen().0 > before;
        let ended = match came {
            Came::Through(then) => then(self),
            Came::Waits => return ((what, "waits"), Some(process)),
            Came::Died => {
                drop(process);
                self.is_swept().await;
                "dies"
            }
        };
        ((what, ended), None)
    }

    /// Something was written past every process.
    pub fn changed(&mut self) {
        self.dirty = true;
    }

    /// Closes the shop, and throws its database away.
    pub async fn close(self) {
        let World { test, processes, window, .. } = self;
        drop((processes, window));
        test.throw_away().await;
    }

    /// The node that whoever comes now is served by: mostly the one that served them before.
    pub fn node(&self) -> Shop {
        if self.steps.is_multiple_of(4) { self.other.clone() } else { self.shop.clone() }
    }

    /// Waits until what a dead process had locked is free again: whoever writes next has to stand in line for it.
    async fn is_swept(&mut self) {
        drop(self.shop.db.begin().await.expect("the database answers"));
        self.dirty = true;
    }

    async fn work(&mut self) -> Done {
        let shop = self.node();
        self.begin("jobs", async move {
            let ran = jobs::drain(&shop).await;
            then(move |world| world.said("jobs", &ran))
        })
        .await
    }

    /// A webhook arrives: any of those on their way, so that the order is nobody's.
    async fn deliver(&mut self) -> Option<Done> {
        let webhook = {
            let webhooks = &mut self.bank.books().webhooks;
            let at = if webhooks.is_empty() { return None } else { self.dice.below(webhooks.len()) };
            webhooks.swap_remove(at)
        };
        let sure = webhook.sure;
        if !self.calm && !sure && self.dice.chance(15) {
            return Some(("webhook", "lost"));
        }
        if !self.calm && self.dice.chance(25) {
            self.bank.books().webhooks.push(webhook.clone());
        }
        let (shop, payment, outcome) = (self.node(), webhook.payment, webhook.outcome.clone());
        let done = self
            .begin("webhook", async move {
                let settled = settle::settle(&shop, payment, outcome).await;
                then(move |world| world.said("webhook", &settled))
            })
            .await;
        // Whether it was taken is not known of one that waits: the bank sends it once more.
        if sure && matches!(done.1, "dies" | "waits") {
            self.bank.books().webhooks.push(webhook);
        }
        Some(done)
    }

    fn tick(&mut self) -> Done {
        let (seconds, how) = match self.dice.below(20) {
            0..=10 => (self.dice.between(1, 45), "seconds on"),
            11..=17 => (self.dice.between(60, 900), "minutes on"),
            _ => (self.dice.between(1_800, 7_200), "hours on"),
        };
        self.shop.clock.advance(seconds);
        ("clock", how)
    }

    /// Nobody comes any more. All that is under way ends, the clock going on to whatever is due next.
    async fn come_to_rest(&mut self) -> Result<(), Vec<Violation>> {
        self.calm = true;
        self.bank.books().calm = true;
        self.processes.iter().for_each(|process| process.script.calm());
        self.programs_end().await?;
        for _ in 0..PATIENCE {
            let (is_told, is_restless) = {
                let books = self.bank.books();
                (books.webhooks.is_empty(), books.is_restless())
            };
            let turn = if !self.processes.is_empty() {
                Turn::Process
            } else if !is_told {
                Turn::Webhook
            } else if is_restless {
                Turn::Bank
            } else {
                let Some(due) = checks::next_job(self).await else { return Ok(()) };
                let wait = due - self.shop.clock.now();
                if wait > TimeDelta::zero() {
                    // Workers are late: who asks every half minute is not followed through every hour.
                    self.shop.clock.advance(wait.num_seconds() + 1 + self.dice.between(0, 900));
                }
                Turn::Job
            };
            self.step(turn).await?;
        }
        broken(vec![violation("nothing_hangs", "there is always one more thing to do")])
    }

    /// How something ended, in a word. What fails inside has broken something.
    pub fn said<T>(&mut self, what: &'static str, ended: &Result<T, Error>) -> &'static str {
        let Err(error) = ended else { return "done" };
        if matches!(error, Error::Internal(_) | Error::Database(_)) {
            self.found.push(violation("nothing_fails_inside", format!("{what}: {error}")));
        }
        error.code()
    }
}

/// Chance of its own for a part, so that what it throws moves nothing else.
pub fn fork(dice: &mut Dice) -> Dice {
    Dice::new(dice.below(usize::MAX) as u64)
}

pub fn then(told: impl FnOnce(&mut World) -> &'static str + Send + 'static) -> Then {
    Box::new(told)
}

pub fn violation(invariant: &'static str, subject: impl ToString) -> Violation {
    Violation { invariant, subject: subject.to_string() }
}
