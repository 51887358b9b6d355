//! The built-in bank: it knows its test cards, keeps its own books, and behaves like a real one: it declines, asks the
//! buyer to confirm, and answers late.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use commerce::ids::{PaymentId, RefundId};
use commerce::money::Money;
use commerce::payment::{Attempt, BankAnswer, DeclineCode, LATE_AFTER_SECONDS, Outcome, ProviderKind};
use commerce::returns::RefundOutcome;

use super::{Answer, Provider, RefundAnswer};
use crate::clock::Clock;
use crate::desk::{Changes, Command, Desk, Needs, Picture};
use crate::error::{Error, Result};
use crate::jobs::Job;
use crate::store::sandbox::{self as books, BankRecord, BankRefund};
use crate::store::{Db, Tx};
use crate::trade::Trade;

/// The bank. It shares the database with the shop, but never a transaction with the payment that it is asked for.
#[derive(Clone)]
pub struct Sandbox {
    db: Db,
    clock: Clock,
    desk: Arc<Desk>,
}

impl Sandbox {
    /// Opens the bank.
    pub fn new(db: Db, clock: Clock, desk: Arc<Desk>) -> Self {
        Sandbox { db, clock, desk }
    }

    /// The buyer, or the bank itself, ends a payment that is pending; answers how it stands then.
    pub async fn finish(&self, id: PaymentId, succeed: bool) -> Result<Outcome> {
        let (status, decline) = if succeed { ("succeeded", None) } else { ("declined", Some("card_declined")) };
        let mut tx = self.db.begin().await?;
        books::end(&mut tx, id, status, decline, self.clock.now()).await?;
        let outcome = standing(&mut tx, id).await?;
        tx.commit().await?;
        Ok(outcome)
    }

    async fn write_down(&self, attempt: &Attempt, bank: BankAnswer) -> Result<Outcome> {
        match self.desk.ask(Charge { id: attempt.id, amount: attempt.amount, bank }).await {
            Ok(outcome) => Ok(outcome),
            // It was asked for before, or it can't be written down now: the books say how it stands.
            Err(_) => self.look_up(attempt.id).await,
        }
    }

    async fn look_up(&self, id: PaymentId) -> Result<Outcome> {
        let mut tx = self.db.begin().await?;
        let outcome = standing(&mut tx, id).await?;
        // What is told has to be durable.
        tx.commit().await?;
        Ok(outcome)
    }

    async fn close(&self, attempt: &Attempt) -> Result<Outcome> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        // Even a payment the bank never heard of is written down as canceled, so that a late charge can't pass.
        let canceled = BankRecord { status: "canceled".to_owned(), decline: None, amount: attempt.amount };
        books::ensure(&mut tx, attempt.id, &canceled, now).await?;
        books::end(&mut tx, attempt.id, "canceled", None, now).await?;
        let outcome = standing(&mut tx, attempt.id).await?;
        tx.commit().await?;
        Ok(outcome)
    }
}

/// A payment that the bank is asked for. It can be written down once.
struct Charge {
    id: PaymentId,
    amount: Money,
    bank: BankAnswer,
}

impl Command for Charge {
    type Answer = Outcome;

    fn needs(&self) -> Needs {
        Needs::default()
    }

    fn decide(&self, _known: &Picture, trade: &Trade, now: DateTime<Utc>) -> Result<(Outcome, Changes)> {
        let mut changes = Changes::default();
        let (status, decline) = match self.bank {
            BankAnswer::Approve => ("succeeded", None),
            BankAnswer::Decline(code) => ("declined", Some(code.as_str().to_owned())),
            BankAnswer::ThreeDSecure => ("action", None),
            BankAnswer::Late => ("pending", None),
        };
        let record = BankRecord { status: status.to_owned(), decline, amount: self.amount };
        changes.write_down(self.id, record.clone());
        if self.bank == BankAnswer::Late {
            let answer = Job::SandboxAnswer { payment_id: self.id };
            changes.plan(&trade.clock, answer, now + TimeDelta::seconds(LATE_AFTER_SECONDS));
        }
        Ok((told(self.id, record)?, changes))
    }
}

impl Sandbox {
    async fn pay_back(&self, payment: PaymentId, id: RefundId, amount: Money) -> Result<RefundOutcome> {
        let mut tx = self.db.begin().await?;
        books::refund(&mut tx, payment, id, amount, self.clock.now()).await?;
        let outcome = refund_standing(&mut tx, id).await?;
        tx.commit().await?;
        Ok(outcome)
    }

    async fn look_up_refund(&self, id: RefundId) -> Result<RefundOutcome> {
        let mut tx = self.db.begin().await?;
        let outcome = refund_standing(&mut tx, id).await?;
        tx.commit().await?;
        Ok(outcome)
    }
}

async fn refund_standing(tx: &mut Tx, id: RefundId) -> Result<RefundOutcome> {
    Ok(match books::find_refund(tx, id).await? {
        Some(BankRefund { succeeded: true, amount }) => RefundOutcome::Succeeded { amount },
        Some(_) => RefundOutcome::Refused { reason: "The bank holds less of this payment than that.".to_owned() },
        None => RefundOutcome::Unknown,
    })
}

async fn standing(tx: &mut Tx, id: PaymentId) -> Result<Outcome> {
    books::find(tx, id).await?.map_or(Ok(Outcome::Unknown), |record| told(id, record))
}

/// What the bank says of a payment it has written down.
fn told(id: PaymentId, BankRecord { status, decline, amount }: BankRecord) -> Result<Outcome> {
    let reference = format!("sb_{}", id.0.simple());
    Ok(match status.as_str() {
        "succeeded" => Outcome::Succeeded { reference, amount },
        "declined" => {
            Outcome::Declined { code: decline.and_then(|code| code.parse().ok()).unwrap_or(DeclineCode::CardDeclined) }
        }
        "action" => Outcome::RequiresAction { url: format!("/sandbox/3ds/{id}"), reference },
        "pending" => Outcome::Processing { reference },
        "canceled" => Outcome::Canceled,
        other => return Err(Error::Internal(format!("the sandbox bank wrote down {other:?}"))),
    })
}

/// A bank that can't be reached has said nothing.
fn heard<T>(answer: Result<T>, nothing: T) -> T {
    answer.unwrap_or_else(|error| {
        tracing::warn!(%error, "the sandbox bank could not answer");
        nothing
    })
}

impl Provider for Sandbox {
    fn kind(&self) -> ProviderKind {
        ProviderKind::Sandbox
    }

    fn charge<'a>(&'a self, attempt: &'a Attempt, bank: Option<BankAnswer>) -> Answer<'a> {
        Box::pin(async move {
            match bank {
                Some(bank) => heard(self.write_down(attempt, bank).await, Outcome::Unknown),
                None => Outcome::Unknown,
            }
        })
    }

    fn fetch<'a>(&'a self, attempt: &'a Attempt) -> Answer<'a> {
        Box::pin(async move { heard(self.look_up(attempt.id).await, Outcome::Unknown) })
    }

    fn cancel<'a>(&'a self, attempt: &'a Attempt) -> Answer<'a> {
        Box::pin(async move { heard(self.close(attempt).await, Outcome::Unknown) })
    }

    fn refund<'a>(&'a self, attempt: &'a Attempt, id: RefundId, amount: Money) -> RefundAnswer<'a> {
        Box::pin(async move { heard(self.pay_back(attempt.id, id, amount).await, RefundOutcome::Unknown) })
    }

    fn fetch_refund<'a>(&'a self, _attempt: &'a Attempt, id: RefundId) -> RefundAnswer<'a> {
        Box::pin(async move { heard(self.look_up_refund(id).await, RefundOutcome::Unknown) })
    }
}
