//! A bank with a memory of its own, and strict: it does everything once, knows what it may be asked, and tells by webhook
//! what it has done: late, doubled, in another order, or not at all.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use commerce::ids::{PaymentId, RefundId};
use commerce::money::Money;
use commerce::payment::{Attempt, BankAnswer, DeclineCode, Outcome, ProviderKind};
use commerce::returns::RefundOutcome;
use oxcart::faults::{Point, reach};
use oxcart::payments::{Answer, Provider, RefundAnswer};
use oxcart::store::verify::Violation;
use oxcart::store::{Db, payments, refunds};

use super::dice::Dice;
use super::world::violation;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The buyer has to confirm.
    Action,
    Pending,
    Succeeded,
    Declined(DeclineCode),
    Canceled,
}

/// What a bank does that it should not. The shop must neither sell on it nor lose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Odd {
    No,
    TakesLess,
    /// It says no, or that it has ended it, and takes the money later all the same.
    PaysAfterAll,
}

#[derive(Clone, Debug)]
pub struct Charge {
    pub id: PaymentId,
    pub standing: Standing,
    pub taken: Money,
    odd: Odd,
}

#[derive(Clone, Debug)]
pub struct PayBack {
    pub id: RefundId,
    pub payment: PaymentId,
    pub amount: Money,
    /// `None` while it takes its time.
    pub done: Option<bool>,
}

#[derive(Clone, Debug)]
pub struct Webhook {
    pub payment: PaymentId,
    pub outcome: Outcome,
    /// Nobody else will bring this news, so the bank sends it until it is taken.
    pub sure: bool,
}

/// What the bank has written down.
pub struct Books {
    pub charges: Vec<Charge>,
    pub refunds: Vec<PayBack>,
    pub webhooks: Vec<Webhook>,
    pub found: Vec<Violation>,
    /// Whether it was written in since the last check.
    pub dirty: bool,
    /// It answers whatever it is asked.
    pub calm: bool,
    dice: Dice,
}

/// The bank, as the shop and the world hold it.
#[derive(Clone)]
pub struct Bank {
    books: Arc<Mutex<Books>>,
    shop: Arc<OnceLock<Db>>,
}

impl Charge {
    pub fn outcome(&self) -> Outcome {
        let reference = format!("b{}", self.id);
        match self.standing {
            Standing::Action => Outcome::RequiresAction { url: String::new(), reference },
            Standing::Pending => Outcome::Processing { reference },
            Standing::Succeeded => Outcome::Succeeded { reference, amount: self.taken },
            Standing::Declined(code) => Outcome::Declined { code },
            Standing::Canceled => Outcome::Canceled,
        }
    }

    fn in_flight(&self) -> bool {
        matches!(self.standing, Standing::Action | Standing::Pending)
    }

    /// It will take the money of its own accord.
    fn pays_later(&self) -> bool {
        self.odd == Odd::PaysAfterAll && matches!(self.standing, Standing::Declined(_) | Standing::Canceled)
    }
}

impl Books {
    fn find(&mut self, id: PaymentId) -> Option<&mut Charge> {
        self.charges.iter_mut().find(|charge| charge.id == id)
    }

    pub fn standing(&self, id: PaymentId) -> Outcome {
        self.charges.iter().find(|charge| charge.id == id).map_or(Outcome::Unknown, Charge::outcome)
    }

    fn open(&mut self, attempt: &Attempt, standing: Standing) {
        if self.find(attempt.id).is_some() {
            return;
        }
        let odd = match self.dice.below(100) {
            0..=1 => Odd::TakesLess,
            2..=9 => Odd::PaysAfterAll,
            _ => Odd::No,
        };
        let asked = attempt.amount;
        let taken = if odd == Odd::TakesLess { Money::new((asked.minor - 1).max(1), asked.currency) } else { asked };
        self.charges.push(Charge { id: attempt.id, standing, taken, odd });
        self.send(attempt.id, false);
    }

    fn charge(&mut self, attempt: &Attempt, answer: Option<BankAnswer>) -> Outcome {
        self.open(
            attempt,
            match answer.unwrap_or(BankAnswer::Approve) {
                BankAnswer::Approve => Standing::Succeeded,
                BankAnswer::Decline(code) => Standing::Declined(code),
                BankAnswer::ThreeDSecure => Standing::Action,
                BankAnswer::Late => Standing::Pending,
            },
        );
        self.standing(attempt.id)
    }

    /// Even what it never heard of is written down, so that a charge that comes later can't pass.
    fn cancel(&mut self, attempt: &Attempt) -> Outcome {
        self.open(attempt, Standing::Canceled);
        if let Some(charge) = self.find(attempt.id).filter(|charge| charge.in_flight()) {
            charge.standing = Standing::Canceled;
        }
        self.dirty = true;
        self.standing(attempt.id)
    }

    fn send(&mut self, payment: PaymentId, sure: bool) {
        self.dirty = true;
        let outcome = self.standing(payment);
        self.webhooks.push(Webhook { payment, outcome, sure });
    }

    /// Something that waited ends, or something that had ended is paid after all.
    pub fn stir(&mut self) -> Option<&'static str> {
        if let Some(refund) = self.refunds.iter_mut().find(|refund| refund.done.is_none()) {
            refund.done = Some(!self.dice.chance(30));
            self.dirty = true;
            return Some("a refund ends");
        }
        let moving: Vec<usize> = (0..self.charges.len())
            .filter(|at| self.charges[*at].in_flight() || self.charges[*at].pays_later())
            .collect();
        let at = self.dice.pick(&moving)?;
        let later = self.charges[at].pays_later();
        let paid = later || self.dice.chance(70);
        self.charges[at].standing =
            if paid { Standing::Succeeded } else { Standing::Declined(DeclineCode::CardDeclined) };
        self.send(self.charges[at].id, later);
        Some(if later { "pays after all" } else { "decides" })
    }

    /// Whether it has something to do of itself, that nothing in the shop can stop.
    pub fn is_restless(&self) -> bool {
        self.charges.iter().any(Charge::pays_later) || self.refunds.iter().any(|refund| refund.done.is_none())
    }

    /// Pays back, once: asked again it does nothing more, and more than came in is refused.
    fn pay_back(&mut self, payment: PaymentId, id: RefundId, amount: Money) -> RefundOutcome {
        if self.refunds.iter().all(|known| known.id != id) {
            let own = self.refunds.iter().filter(|known| known.payment == payment && known.done != Some(false));
            let gone: i64 = own.map(|known| known.amount.minor).sum();
            let is_there = self.charges.iter().any(|charge| {
                charge.id == payment
                    && charge.standing == Standing::Succeeded
                    && (1..=charge.taken.minor - gone).contains(&amount.minor)
            });
            let done =
                if !is_there || self.dice.chance(10) { Some(false) } else { (!self.dice.chance(15)).then_some(true) };
            self.dirty = true;
            self.refunds.push(PayBack { id, payment, amount, done });
        }
        self.refund_standing(id)
    }

    fn refund_standing(&self, id: RefundId) -> RefundOutcome {
        match self.refunds.iter().find(|known| known.id == id) {
            None => RefundOutcome::Unknown,
            Some(PayBack { done: None, .. }) => RefundOutcome::Processing,
            Some(PayBack { done: Some(true), amount, .. }) => RefundOutcome::Succeeded { amount: *amount },
            Some(PayBack { done: Some(false), .. }) => RefundOutcome::Refused { reason: "The bank says no.".into() },
        }
    }

    fn holds(&mut self, invariant: &'static str, it_does: bool, subject: impl ToString) {
        if !it_does {
            self.found.push(violation(invariant, subject));
        }
    }
}

impl Bank {
    pub fn new(dice: Dice) -> Self {
        let books = Books {
            charges: vec![],
            refunds: vec![],
            webhooks: vec![],
            found: vec![],
            dirty: false,
            calm: false,
            dice,
        };
        Bank { books: Arc::new(Mutex::new(books)), shop: Arc::default() }
    }

    /// From here on it looks whether the shop has written down what it asks for.
    pub fn knows(&self, shop: Db) {
        assert!(self.shop.set(shop).is_ok(), "a bank has one shop");
    }

    pub fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().expect("nobody panics with it")
    }

    async fn is_written_down(&self, attempt: &Attempt) -> bool {
        let Some(shop) = self.shop.get() else { return true };
        let mut conn = shop.read().await.expect("the database answers");
        payments::load(&mut conn, attempt.id).await.is_ok_and(|known| known.amount == attempt.amount)
    }

    async fn refund_is_written_down(&self, id: RefundId, amount: Money) -> bool {
        let Some(shop) = self.shop.get() else { return true };
        let mut conn = shop.read().await.expect("the database answers");
        refunds::load(&mut conn, id).await.is_ok_and(|known| known.plan.amount == amount)
    }

    /// A call: it may not arrive, and its answer may not come back.
    async fn call<T>(&self, nothing: T, does: impl FnOnce(&mut Books) -> T) -> T {
        reach(Point::Call).await;
        let (says, lost) = {
            let books = &mut *self.books();
            let lost = !books.calm && books.dice.chance(12);
            if lost && books.dice.chance(50) {
                return nothing;
            }
            (does(books), lost)
        };
        reach(Point::Answer).await;
        if lost { nothing } else { says }
    }
}

impl Provider for Bank {
    fn kind(&self) -> ProviderKind {
        ProviderKind::Sandbox
    }

    fn charge<'a>(&'a self, attempt: &'a Attempt, bank: Option<BankAnswer>) -> Answer<'a> {
        Box::pin(async move {
            let known = self.is_written_down(attempt).await;
            self.books().holds("bank_payment_is_known", known, attempt.id);
            self.call(Outcome::Unknown, |books| books.charge(attempt, bank)).await
        })
    }

    fn fetch<'a>(&'a self, attempt: &'a Attempt) -> Answer<'a> {
        Box::pin(self.call(Outcome::Unknown, |books| books.standing(attempt.id)))
    }

    fn cancel<'a>(&'a self, attempt: &'a Attempt) -> Answer<'a> {
        Box::pin(self.call(Outcome::Unknown, |books| books.cancel(attempt)))
    }

    fn refund<'a>(&'a self, attempt: &'a Attempt, id: RefundId, amount: Money) -> RefundAnswer<'a> {
        Box::pin(async move {
            let known = self.refund_is_written_down(id, amount).await;
            self.books().holds("bank_refund_is_known", known, id);
            self.call(RefundOutcome::Unknown, |books| books.pay_back(attempt.id, id, amount)).await
        })
    }

    fn fetch_refund<'a>(&'a self, _attempt: &'a Attempt, id: RefundId) -> RefundAnswer<'a> {
        Box::pin(self.call(RefundOutcome::Unknown, move |books| books.refund_standing(id)))
    }
}
