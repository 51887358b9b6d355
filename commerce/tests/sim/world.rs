//! One run: a shop, a bank, buyers, staff and a clock, and chance that says who does the next step.

use super::assortment;
use super::bank::Bank;
use super::buyers::Buyer;
use super::checks;
use super::dice::Dice;
use super::faults::Fault;
use super::paths::Path;
use super::processes::{By, Process, Step};
use super::shop::{Ended, Fate, Shop, Written};
use super::trace::{Op, Trace};
use super::verdict::Violation;
use chrono::Duration;

/// Who may do the next step, and how often.
const TURNS: [(Turn, usize); 7] = [
    (Turn::Process, 36),
    (Turn::Job, 12),
    (Turn::Webhook, 8),
    (Turn::Bank, 4),
    (Turn::Buyer, 26),
    (Turn::Staff, 9),
    (Turn::Clock, 5),
];

/// After so many steps without an end of it a shop that nobody disturbs hangs.
const PATIENCE: usize = 3_000;

#[derive(Debug, Clone, Copy)]
enum Turn {
    Process,
    Job,
    Webhook,
    Bank,
    Buyer,
    Staff,
    Clock,
}

/// What was done, to what, and how it ended.
pub type Done = (&'static str, u128, &'static str);

#[derive(Debug)]
pub struct World {
    pub shop: Shop,
    pub bank: Bank,
    pub dice: Dice,
    pub processes: Vec<Process>,
    pub buyers: Vec<Buyer>,
    pub trace: Trace,
    /// Nobody comes any more, nothing crashes, and every call arrives.
    pub calm: bool,
    pub steps: u64,
}

impl World {
    pub fn new(seed: u64, fault: Option<Fault>) -> Self {
        let mut dice = Dice::new(seed);
        let terms = assortment::terms(&mut dice);
        let mut shop = Shop::new(assortment::beginning(), terms, fault);
        shop.surely(|shop| assortment::stock_up(shop, &mut dice));
        shop.publish();
        let buyers = (0..assortment::EMAILS.len()).map(|who| Buyer::new(&mut shop, who)).collect();
        Self {
            shop,
            bank: Bank::default(),
            dice,
            processes: Vec::new(),
            buyers,
            trace: Trace::default(),
            calm: false,
            steps: 0,
        }
    }

    /// Runs so many operations, then lets everything come to rest; answers what broke, if anything did.
    pub fn run(&mut self, operations: usize) -> Result<(), Vec<Violation>> {
        for _ in 0..operations {
            let turn = self.turn();
            self.step(turn)?;
        }
        self.come_to_rest()?;
        let mut found = std::mem::take(&mut self.shop.found);
        checks::everything(&self.shop, &mut found);
        checks::at_rest(self, &mut found);
        broken(found.take())
    }

    fn turn(&mut self) -> Turn {
        let weights = TURNS.map(|(_, weight)| weight);
        TURNS[self.dice.weighted(&weights)].0
    }

    fn step(&mut self, turn: Turn) -> Result<(), Vec<Violation>> {
        let done = match turn {
            Turn::Process => self.advance_one(),
            Turn::Job => self.claim_job(),
            Turn::Webhook => self.deliver(),
            Turn::Bank => self.stir_bank(),
            Turn::Buyer => Some(self.buy()),
            Turn::Staff => Some(self.manage()),
            Turn::Clock => Some(self.tick()),
        };
        let Some((what, of, ended)) = done else { return Ok(()) };
        self.steps += 1;
        let minute = (self.shop.now - assortment::beginning()).num_minutes();
        self.trace.note(Op { number: self.steps, what, of, ended, minute });
        self.check()
    }

    /// The invariants, wherever something was committed.
    fn check(&mut self) -> Result<(), Vec<Violation>> {
        let mut found = std::mem::take(&mut self.shop.found);
        if self.shop.dirty {
            checks::what_was_touched(&self.shop, &mut found);
            self.shop.dirty = false;
        }
        self.shop.db.touched.clear();
        if self.bank.dirty {
            checks::bank(self, &mut found);
            self.bank.dirty = false;
        }
        broken(found.take())
    }

    /// A transaction with whatever happens to transactions.
    pub fn transact<T>(&mut self, body: impl FnOnce(&mut Shop) -> Written<T>) -> Ended<T> {
        let fate = match self.dice.below(100) {
            _ if self.calm => Fate::Commit,
            0..=2 => Fate::CrashAt(self.dice.below(14)),
            3..=4 => Fate::Unknown,
            _ => Fate::Commit,
        };
        let ended = self.shop.transact(fate, body);
        if let Ended::Refused(refusal) = &ended {
            self.shop.walked_refusal(refusal);
        }
        ended
    }

    fn tick(&mut self) -> Done {
        let seconds = match self.dice.below(20) {
            0..=10 => self.dice.between(1, 45),
            11..=17 => self.dice.between(60, 900),
            _ => self.dice.between(1_800, 7_200),
        };
        self.shop.now += Duration::seconds(seconds);
        ("clock", u128::from(seconds.unsigned_abs()), "seconds on")
    }

    /// A webhook arrives: any of those on their way, so that the order is nobody's.
    fn deliver(&mut self) -> Option<Done> {
        let at = match self.bank.webhooks.len() {
            0 => return None,
            many => self.dice.below(many),
        };
        let webhook = self.bank.webhooks.swap_remove(at);
        let number = webhook.payment.0.as_u128();
        if !webhook.sure && !self.calm && self.dice.chance(15) {
            self.shop.walked(Path::LostWebhook);
            return Some(("webhook", number, "lost"));
        }
        if webhook.again {
            self.shop.walked(Path::DoubledWebhook);
        }
        if self.bank.fetch(webhook.payment) != webhook.outcome {
            self.shop.walked(Path::StaleWebhook);
        }
        if !self.calm && self.dice.chance(25) {
            self.bank.webhooks.push(super::bank::Webhook { again: true, ..webhook.clone() });
        }
        let step = Step::Settle { payment: webhook.payment, outcome: webhook.outcome, overdue: false };
        self.processes.push(Process { step, by: By::Webhook { sure: webhook.sure } });
        Some(("webhook", number, "arrives"))
    }

    fn stir_bank(&mut self) -> Option<Done> {
        if self.dice.chance(40)
            && let Some(refund) = self.bank.stir_refund(&mut self.dice)
        {
            self.shop.walked(Path::RefundLater);
            return Some(("bank", refund.0.as_u128(), "has paid back"));
        }
        let payment = self.bank.stir(self.shop.now, &mut self.dice)?;
        Some(("bank", payment.0.as_u128(), "has moved"))
    }

    /// Nobody comes any more. All that is under way ends, the clock going on to whatever is due next.
    fn come_to_rest(&mut self) -> Result<(), Vec<Violation>> {
        self.calm = true;
        for _ in 0..PATIENCE {
            let turn = if !self.processes.is_empty() {
                Turn::Process
            } else if !self.bank.webhooks.is_empty() {
                Turn::Webhook
            } else if self.bank.is_restless() {
                Turn::Bank
            } else if self.is_job_due() {
                Turn::Job
            } else {
                match self.next_job() {
                    // Workers are late: who asks every half minute is not followed through every hour.
                    Some(then) => self.shop.now = then + Duration::seconds(self.dice.between(0, 900)),
                    None => return Ok(()),
                }
                continue;
            };
            self.step(turn)?;
        }
        broken(vec![Violation { invariant: "nothing_hangs", subject: "there is always one more thing to do".into() }])
    }
}

fn broken(found: Vec<Violation>) -> Result<(), Vec<Violation>> {
    if found.is_empty() { Ok(()) } else { Err(found) }
}
