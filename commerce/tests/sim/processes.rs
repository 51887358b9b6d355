//! What the shop does between two waits. Each step ends where the program would wait: there another may come first, and
//! there it may die.

use super::faults::Fault;
use super::flows::checkout::Expiry;
use super::flows::settle::Settled;
use super::paths::Path;
use super::shop::Ended;
use super::world::{Done, World};
use chrono::{DateTime, Utc};
use commerce::ids::*;
use commerce::payment::{Attempt, AttemptStatus, BankAnswer, Outcome};
use commerce::returns::{Refund, RefundOutcome, RefundStatus};
use std::rc::Rc;

/// How long an attempt in flight is left alone between two questions to the provider.
const ASK_AGAIN: i64 = 30;

/// What is done next.
#[derive(Debug, Clone)]
pub enum Step {
    Charge { attempt: Rc<Attempt>, bank: BankAnswer },
    Settle { payment: PaymentId, outcome: Outcome, overdue: bool },
    Expire(CheckoutId),
    ExpireNow(CheckoutId),
    LookAt(PaymentId),
    Fetch { attempt: Rc<Attempt>, overdue: bool },
    CancelThere { attempt: Rc<Attempt>, overdue: bool },
    LookAtRefund(RefundId),
    FetchRefund(Rc<Refund>),
    PayBack(Rc<Refund>),
    SettleRefund(RefundId, RefundOutcome),
    Finish(Option<DateTime<Utc>>),
}

#[derive(Debug, Clone)]
pub struct Process {
    pub step: Step,
    pub by: By,
}

/// On whose behalf.
#[derive(Debug, Clone, Copy)]
pub enum By {
    Request,
    /// A worker, with its job and the how manieth try it is.
    Worker(usize, u32),
    /// The bank. What nobody else will bring it sends again until it is taken.
    Webhook {
        sure: bool,
    },
}

impl By {
    fn comes_again(self) -> bool {
        matches!(self, Self::Webhook { sure: true })
    }
}

/// What comes after a step.
pub enum Next {
    Step(Step),
    /// The end, or when the job is to look again.
    End(Option<DateTime<Utc>>),
    Died,
}

/// How a call to the bank goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Good,
    LostThere,
    LostBack,
}

impl World {
    /// One step of any process.
    pub fn advance_one(&mut self) -> Option<Done> {
        let at = match self.processes.len() {
            0 => return None,
            many => self.dice.below(many),
        };
        let process = self.processes.swap_remove(at);
        let (what, of) = process.step.named();
        if !self.calm && !process.by.comes_again() && self.dice.chance(2) {
            self.shop.walked(Path::Crash);
            return Some((what, of, "the process died before"));
        }
        let ended = match self.advance(&process) {
            Next::Step(step) => {
                self.processes.push(Process { step, ..process });
                "goes on"
            }
            Next::End(again) => self.ended(process, again),
            Next::Died if process.by.comes_again() => {
                self.processes.push(process);
                "will be sent again"
            }
            Next::Died => "lost",
        };
        Some((what, of, ended))
    }

    fn ended(&mut self, process: Process, again: Option<DateTime<Utc>>) -> &'static str {
        if let (By::Worker(..), false) = (process.by, matches!(process.step, Step::Finish(_))) {
            self.processes.push(Process { step: Step::Finish(again), ..process });
        }
        "done"
    }

    fn advance(&mut self, process: &Process) -> Next {
        match process.step.clone() {
            Step::Charge { attempt, bank } => self.charge(attempt, bank),
            Step::Settle { payment, outcome, overdue } => self.settle(payment, outcome, overdue, process.by),
            Step::Expire(checkout) => match self.transact(|shop| shop.expire(checkout, false)) {
                Ended::Done(Expiry::At(time)) => Next::End(Some(time)),
                Ended::Done(Expiry::Over | Expiry::Paying) => Next::End(None),
                Ended::Refused(_) | Ended::Lost => Next::Died,
            },
            Step::ExpireNow(checkout) => match self.transact(|shop| shop.expire(checkout, true)) {
                Ended::Done(_) => Next::End(None),
                Ended::Refused(_) | Ended::Lost => Next::Died,
            },
            Step::LookAt(payment) => self.look_at(payment),
            Step::Fetch { attempt, overdue } => self.fetch(attempt, overdue),
            Step::CancelThere { attempt, overdue } => {
                let now = self.shop.now;
                let outcome = self.call(Outcome::Unknown, |world| world.bank.cancel(&attempt, now));
                Next::Step(Step::Settle { payment: attempt.id, outcome, overdue })
            }
            Step::LookAtRefund(refund) => {
                let row = &self.shop.db.refunds[self.shop.refund_at(refund)];
                match row.refund.status {
                    RefundStatus::Pending => Next::Step(Step::FetchRefund(row.refund.clone())),
                    RefundStatus::Succeeded | RefundStatus::Failed => Next::End(None),
                }
            }
            Step::FetchRefund(refund) => {
                match self.call(RefundOutcome::Unknown, |world| world.bank.fetch_refund(refund.id)) {
                    RefundOutcome::Unknown => Next::Step(Step::PayBack(refund)),
                    known => Next::Step(Step::SettleRefund(refund.id, known)),
                }
            }
            Step::PayBack(refund) => self.pay_back(&refund),
            Step::SettleRefund(refund, outcome) => match self.transact(|shop| shop.settle_refund(refund, outcome)) {
                Ended::Done(RefundStatus::Pending) => Next::End(Some(self.shop.after(ASK_AGAIN))),
                Ended::Done(_) => Next::End(None),
                Ended::Refused(_) | Ended::Lost => Next::Died,
            },
            Step::Finish(again) => match process.by {
                By::Worker(at, tries) => self.finish((at, tries), again),
                By::Request | By::Webhook { .. } => Next::End(None),
            },
        }
    }

    /// Calls the bank with nothing locked. What was said may be lost on the way there or back.
    fn call<T>(&mut self, nothing: T, ask: impl FnOnce(&mut Self) -> T) -> T {
        let line = match self.dice.below(100) {
            _ if self.calm => Line::Good,
            0..=5 => Line::LostThere,
            6..=13 => Line::LostBack,
            _ => Line::Good,
        };
        match line {
            Line::Good => ask(self),
            Line::LostThere => {
                self.shop.walked(Path::CallLost);
                nothing
            }
            Line::LostBack => {
                ask(self);
                self.shop.walked(Path::AnswerLost);
                nothing
            }
        }
    }

    fn charge(&mut self, attempt: Rc<Attempt>, bank: BankAnswer) -> Next {
        if bank == BankAnswer::ThreeDSecure {
            self.shop.walked(Path::ThreeDSecure);
        }
        let outcome = self.ask_for_money(&attempt, bank);
        if outcome == Outcome::Unknown && self.shop.is(Fault::NewIdOnRetry) {
            let id = self.shop.id();
            let attempt = Rc::new(Attempt { id, ..Attempt::clone(&attempt) });
            return Next::Step(Step::Charge { attempt, bank });
        }
        Next::Step(Step::Settle { payment: attempt.id, outcome, overdue: false })
    }

    pub fn ask_for_money(&mut self, attempt: &Attempt, bank: BankAnswer) -> Outcome {
        let now = self.shop.now;
        self.call(Outcome::Unknown, |world| world.bank.charge(attempt, bank, now, &mut world.dice))
    }

    fn pay_back(&mut self, refund: &Refund) -> Next {
        let id = if self.shop.is(Fault::NewRefundIdOnRetry) { self.shop.id() } else { refund.id };
        let outcome = self.call(RefundOutcome::Unknown, |world| world.bank.pay_back(id, refund, &mut world.dice));
        Next::Step(Step::SettleRefund(refund.id, outcome))
    }

    fn settle(&mut self, payment: PaymentId, outcome: Outcome, overdue: bool, by: By) -> Next {
        let in_flight = |world: &Self| {
            let row = world.shop.find_payment(payment).map(|at| &world.shop.db.payments[at]);
            row.map(|row| (row.attempt.status.in_flight(), row.attempt.checkout_id))
        };
        let before = in_flight(self);
        let settled = match self.transact(|shop| shop.settle(payment, outcome)) {
            Ended::Done(settled) => settled,
            // Nobody here knows of it, and nobody will.
            Ended::Refused(_) => return Next::End(None),
            Ended::Lost => return Next::Died,
        };
        let Some((was_in_flight, checkout)) = before else { return Next::End(None) };
        if was_in_flight && matches!(settled, Settled::Order(_)) {
            match by {
                By::Request => {}
                By::Worker(..) => self.shop.walked(Path::JobFinishedIt),
                By::Webhook { .. } => self.shop.walked(Path::LateWebhook),
            }
        }
        match settled {
            Settled::Ended if overdue => Next::Step(Step::ExpireNow(checkout)),
            Settled::Waiting => Next::End(Some(self.shop.after(ASK_AGAIN))),
            _ => Next::End(None),
        }
    }

    fn look_at(&mut self, payment: PaymentId) -> Next {
        let Some(at) = self.shop.find_payment(payment) else { return Next::End(None) };
        let attempt = self.shop.db.payments[at].attempt.clone();
        if !attempt.status.in_flight() {
            return Next::End(None);
        }
        let checkout = &self.shop.db.checkouts[self.shop.checkout_at(attempt.checkout_id)].checkout;
        let overdue = self.shop.now >= checkout.expires_at;
        Next::Step(Step::Fetch { attempt, overdue })
    }

    /// Asks how an attempt stands. When its hold ran out, or the bank never heard of it, it is not to pass from here on.
    fn fetch(&mut self, attempt: Rc<Attempt>, overdue: bool) -> Next {
        let outcome = self.call(Outcome::Unknown, |world| world.bank.fetch(attempt.id));
        let unheard = outcome == Outcome::Unknown && attempt.status == AttemptStatus::Pending;
        if unheard && self.shop.is(Fault::SilenceIsNo) {
            return Next::Step(Step::Settle { payment: attempt.id, outcome: Outcome::Canceled, overdue });
        }
        if overdue || unheard {
            if self.bank.find(attempt.id).is_none() {
                self.shop.walked(Path::NeverHeardOf);
            }
            return Next::Step(Step::CancelThere { attempt, overdue });
        }
        Next::Step(Step::Settle { payment: attempt.id, outcome, overdue })
    }
}

impl Step {
    pub fn named(&self) -> (&'static str, u128) {
        match self {
            Self::Charge { attempt, .. } => ("charge", attempt.id.0.as_u128()),
            Self::Settle { payment, .. } => ("settle", payment.0.as_u128()),
            Self::Expire(checkout) => ("expire", checkout.0.as_u128()),
            Self::ExpireNow(checkout) => ("expire at once", checkout.0.as_u128()),
            Self::LookAt(payment) => ("look at payment", payment.0.as_u128()),
            Self::Fetch { attempt, .. } => ("fetch payment", attempt.id.0.as_u128()),
            Self::CancelThere { attempt, .. } => ("cancel at the bank", attempt.id.0.as_u128()),
            Self::LookAtRefund(refund) => ("look at refund", refund.0.as_u128()),
            Self::FetchRefund(refund) => ("fetch refund", refund.id.0.as_u128()),
            Self::PayBack(refund) => ("pay back", refund.id.0.as_u128()),
            Self::SettleRefund(refund, _) => ("settle refund", refund.0.as_u128()),
            Self::Finish(_) => ("finish job", 0),
        }
    }
}
