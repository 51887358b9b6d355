//! A bank with a memory of its own. It knows each attempt by its id, does everything once, and tells by webhook what it
//! has done: late, doubled, in another order, or not at all.

use super::dice::Dice;
use chrono::{DateTime, Duration, Utc};
use commerce::ids::{PaymentId, RefundId};
use commerce::money::{Currency, Money};
use commerce::payment::{Attempt, BankAnswer, DeclineCode, LATE_AFTER_SECONDS, Outcome};
use commerce::returns::{Refund, RefundOutcome};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The buyer has to confirm.
    Action,
    Pending,
    Succeeded,
    Declined(DeclineCode),
    Canceled,
}

/// What a bank does that it should not. Rules must neither sell on it nor lose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Odd {
    No,
    TakesLess,
    TakesDollars,
    /// It says no, or that it has ended it, and takes the money later all the same.
    PaysAfterAll,
    /// It takes the money once more under another name.
    ChargesTwice,
}

#[derive(Debug, Clone)]
pub struct Charge {
    pub id: PaymentId,
    pub standing: Standing,
    pub taken: Money,
    pub due: DateTime<Utc>,
    pub odd: Odd,
}

#[derive(Debug, Clone)]
pub struct PayBack {
    pub id: RefundId,
    pub payment: PaymentId,
    pub amount: Money,
    /// `None` while it takes its time.
    pub done: Option<bool>,
}

#[derive(Debug, Clone)]
pub struct Webhook {
    pub payment: PaymentId,
    pub outcome: Outcome,
    /// Nobody else will bring this news, so the bank sends it until it is taken.
    pub sure: bool,
    /// It arrived before and arrives once more.
    pub again: bool,
}

#[derive(Debug, Default)]
pub struct Bank {
    pub charges: Vec<Charge>,
    pub refunds: Vec<PayBack>,
    pub webhooks: Vec<Webhook>,
    /// Whether its books have changed since the last check.
    pub dirty: bool,
}

impl Charge {
    pub fn outcome(&self) -> Outcome {
        let reference = format!("b{}", self.id.0.as_u128());
        match self.standing {
            Standing::Action => Outcome::RequiresAction { url: String::new(), reference },
            Standing::Pending => Outcome::Processing { reference },
            Standing::Succeeded => Outcome::Succeeded { reference, amount: self.taken },
            Standing::Declined(code) => Outcome::Declined { code },
            Standing::Canceled => Outcome::Canceled,
        }
    }

    pub fn in_flight(&self) -> bool {
        matches!(self.standing, Standing::Action | Standing::Pending)
    }
}

impl Bank {
    pub fn find(&self, id: PaymentId) -> Option<&Charge> {
        self.charges.iter().rfind(|charge| charge.id == id)
    }

    /// Asks for the money of an attempt; asked again it does nothing more.
    pub fn charge(&mut self, attempt: &Attempt, answer: BankAnswer, now: DateTime<Utc>, dice: &mut Dice) -> Outcome {
        if self.find(attempt.id).is_none() {
            let standing = match answer {
                BankAnswer::Approve => Standing::Succeeded,
                BankAnswer::Decline(code) => Standing::Declined(code),
                BankAnswer::ThreeDSecure => Standing::Action,
                BankAnswer::Late => Standing::Pending,
            };
            let odd = match dice.below(100) {
                0..=1 => Odd::TakesLess,
                2 => Odd::TakesDollars,
                3..=9 => Odd::PaysAfterAll,
                10 => Odd::ChargesTwice,
                _ => Odd::No,
            };
            self.open(attempt, standing, odd, now);
            self.send(attempt.id, false);
        }
        self.fetch(attempt.id)
    }

    fn open(&mut self, attempt: &Attempt, standing: Standing, odd: Odd, now: DateTime<Utc>) {
        let asked = attempt.amount;
        let dollars = Currency::parse("USD").expect("it is a currency");
        let taken = match odd {
            Odd::TakesLess => Money::new((asked.minor - 1).max(1), asked.currency),
            Odd::TakesDollars => Money::new(asked.minor, dollars),
            Odd::No | Odd::PaysAfterAll | Odd::ChargesTwice => asked,
        };
        let due = now + Duration::seconds(LATE_AFTER_SECONDS);
        self.dirty = true;
        self.charges.push(Charge { id: attempt.id, standing, taken, due, odd });
    }

    /// How an attempt stands.
    pub fn fetch(&self, id: PaymentId) -> Outcome {
        self.find(id).map_or(Outcome::Unknown, Charge::outcome)
    }

    /// Ends an attempt that has not ended. One that it never heard of will not pass from here on.
    pub fn cancel(&mut self, attempt: &Attempt, now: DateTime<Utc>) -> Outcome {
        match self.charges.iter().rposition(|charge| charge.id == attempt.id) {
            None => self.open(attempt, Standing::Canceled, Odd::No, now),
            Some(at) if self.charges[at].in_flight() => self.end(at, Standing::Canceled, false),
            Some(_) => {}
        }
        self.fetch(attempt.id)
    }

    fn end(&mut self, at: usize, standing: Standing, sure: bool) {
        self.dirty = true;
        self.charges[at].standing = standing;
        self.send(self.charges[at].id, sure);
    }

    fn send(&mut self, payment: PaymentId, sure: bool) {
        self.webhooks.push(Webhook { payment, outcome: self.fetch(payment), sure, again: false });
    }

    /// Something that the bank or a buyer at its page does by itself; answers about which attempt.
    pub fn stir(&mut self, now: DateTime<Utc>, dice: &mut Dice) -> Option<PaymentId> {
        let restless = |charge: &Charge| match charge.standing {
            Standing::Action => true,
            Standing::Pending => now >= charge.due,
            Standing::Declined(_) | Standing::Canceled => charge.odd == Odd::PaysAfterAll,
            Standing::Succeeded => charge.odd == Odd::ChargesTwice,
        };
        let waiting: Vec<usize> = (0..self.charges.len()).filter(|at| restless(&self.charges[*at])).collect();
        let at = dice.pick(&waiting)?;
        match self.charges[at].standing {
            Standing::Action | Standing::Pending if dice.chance(25) => {
                self.end(at, Standing::Declined(DeclineCode::CardDeclined), false);
            }
            Standing::Action | Standing::Pending => self.end(at, Standing::Succeeded, false),
            Standing::Declined(_) | Standing::Canceled => {
                self.charges[at].odd = Odd::No;
                self.end(at, Standing::Succeeded, true);
            }
            Standing::Succeeded => self.charge_twice(at),
        }
        Some(self.charges[at].id)
    }

    fn charge_twice(&mut self, at: usize) {
        let charge = &mut self.charges[at];
        charge.odd = Odd::No;
        let outcome = Outcome::Succeeded { reference: "another".to_owned(), amount: charge.taken };
        // Who hears of the second charge only takes it for the first.
        let first = Webhook { payment: charge.id, outcome: charge.outcome(), sure: true, again: false };
        let second = Webhook { outcome, sure: false, ..first.clone() };
        self.webhooks.extend([first, second]);
    }

    /// Whether it still has something to do of itself, that nothing in the shop can stop.
    pub fn is_restless(&self) -> bool {
        let odd = |charge: &Charge| charge.odd == Odd::PaysAfterAll && !charge.in_flight();
        let pays_later = |charge: &Charge| odd(charge) && charge.standing != Standing::Succeeded;
        self.charges.iter().any(pays_later) || self.refunds.iter().any(|refund| refund.done.is_none())
    }

    /// Pays back, once: asked again it does nothing more. More than came in is refused, and so is another currency.
    pub fn pay_back(&mut self, id: RefundId, refund: &Refund, dice: &mut Dice) -> RefundOutcome {
        if self.refunds.iter().all(|known| known.id != id) {
            let (payment, amount) = (refund.payment_id, refund.plan.amount);
            let own = self.refunds.iter().filter(|known| known.payment == payment && known.done != Some(false));
            let gone: i64 = own.map(|known| known.amount.minor).sum();
            let is_there = self.find(payment).is_some_and(|charge| {
                charge.standing == Standing::Succeeded
                    && charge.taken.currency == amount.currency
                    && (1..=charge.taken.minor - gone).contains(&amount.minor)
            });
            let done = if !is_there || dice.chance(10) { Some(false) } else { (!dice.chance(15)).then_some(true) };
            self.dirty = true;
            self.refunds.push(PayBack { id, payment, amount, done });
        }
        self.fetch_refund(id)
    }

    pub fn fetch_refund(&self, id: RefundId) -> RefundOutcome {
        match self.refunds.iter().find(|known| known.id == id) {
            None => RefundOutcome::Unknown,
            Some(PayBack { done: None, .. }) => RefundOutcome::Processing,
            Some(PayBack { done: Some(true), amount, .. }) => RefundOutcome::Succeeded { amount: *amount },
            Some(PayBack { done: Some(false), .. }) => RefundOutcome::Refused { reason: String::new() },
        }
    }

    /// A refund that took its time has come through, or failed after all.
    pub fn stir_refund(&mut self, dice: &mut Dice) -> Option<RefundId> {
        let late = self.refunds.iter_mut().find(|refund| refund.done.is_none())?;
        late.done = Some(!dice.chance(30));
        self.dirty = true;
        Some(late.id)
    }
}
