//! Paying, in three paragraphs: write the attempt down, ask the provider with nothing locked, apply what it said.
//!
//! A crash between the first and the last is finished by the job that is written for attempts nobody answered.

use chrono::{DateTime, Utc};
use commerce::checkout::{Checkout, CheckoutStatus, PayCommand, PayPlan, begin_payment};
use commerce::error::Refusal;
use commerce::ids::{CheckoutId, OrderId, PaymentId};
use commerce::payment::{Attempt, DeclineCode, Outcome};
use serde_json::json;

use super::settle::{self, Settled, Settlement};
use crate::app::App;
use crate::desk::{Changes, Command, Holds, Key, Needs, Picture};
use crate::error::Result;
use crate::faults::{self, Fault};
use crate::store::checkouts::CheckoutRecord;
use crate::store::events::Event;
use crate::trade::Trade;

/// How a payment went.
#[derive(Clone, Debug)]
pub enum Paid {
    /// There is an order, from now or from before.
    Order(OrderId),
    /// The bank said no; the stock is still held and the buyer may try again.
    Declined(DeclineCode),
    /// The bank will say later, or the buyer has to act first.
    Waiting(Box<Checkout>),
}

/// How a payment went, and with what is known of it then.
pub struct Receipt {
    /// How it went.
    pub paid: Paid,
    /// The checkout and the attempt, where they are known without asking for them.
    pub about: Option<(Checkout, Attempt)>,
}

/// Pays a checkout. Paying again answers the same order.
pub async fn pay(app: &App, id: CheckoutId, command: &PayCommand) -> Result<Paid> {
    Ok(pay_for(app, id, command).await?.paid)
}

/// The same, with what is known of it then.
pub async fn pay_for(app: &App, id: CheckoutId, command: &PayCommand) -> Result<Receipt> {
    let (payment, order) = (app.clock.id(), app.clock.id());
    let begun = app.desk.ask(Begin { id, command: command.clone(), payment, order }).await?;
    let plan = match begun {
        Begun::Done(paid) => return Ok(Receipt { paid, about: None }),
        Begun::Ask(plan) => *plan,
    };

    let outcome = match app.provider(plan.attempt.provider) {
        Some(provider) => provider.charge(&plan.attempt, plan.bank).await,
        None => Outcome::Unknown,
    };

    let Settlement { settled, checkout, attempt } = settle::settle_up(app, plan.attempt.id, outcome).await?;
    let paid = match settled {
        Settled::Order(order) => Paid::Order(order),
        Settled::Declined(code) => Paid::Declined(code),
        Settled::Review => return Err(Refusal::PaymentInReview.into()),
        Settled::Waiting | Settled::Ended => Paid::Waiting(Box::new(checkout.clone())),
    };
    Ok(Receipt { paid, about: Some((checkout, attempt)) })
}

/// The first paragraph: one transaction that writes down what is about to be asked, and what finishes it if we don't.
struct Begin {
    id: CheckoutId,
    command: PayCommand,
    payment: PaymentId,
    order: OrderId,
}

/// How it goes on.
enum Begun {
    /// There is nothing to ask.
    Done(Paid),
    /// The provider is to be asked.
    Ask(Box<PayPlan>),
}

impl Command for Begin {
    type Answer = Begun;

    fn needs(&self) -> Needs {
        Needs { key: Key::Checkout(self.id), holds: Holds::EndIfImmediate, may_order: true, ..Needs::default() }
    }

    fn decide(&self, known: &Picture, trade: &Trade, now: DateTime<Utc>) -> Result<(Begun, Changes)> {
        let checkout = &known.checkout(self.id)?.checkout;
        let is_free = checkout.quote.totals.total.is_zero();
        if checkout.order.is_none() && !is_free && !trade.terms().providers.contains(&checkout.payment_method) {
            return Err(Refusal::PaymentMethodUnavailable.into());
        }
        let plan = match begin_payment(checkout, &self.command, self.payment, self.order, now) {
            Ok(plan) => plan,
            Err(Refusal::AlreadyPaid { order }) => return Ok((Begun::Done(Paid::Order(order)), Changes::default())),
            Err(refusal) => return Err(refusal.into()),
        };
        let mut changes = Changes::default();
        changes.new_attempt(plan.attempt.clone());
        tell(&mut changes, &plan, now);
        if plan.immediate {
            let order = settle::place_order(known, trade, &mut changes, checkout, &plan.attempt, now)?;
            return Ok((Begun::Done(Paid::Order(order)), changes));
        }
        let status = CheckoutStatus::Processing;
        let held = if faults::is(Fault::HoldNotExtended) { checkout.expires_at } else { plan.hold_until };
        let paying = Checkout { status, expires_at: held, ..checkout.clone() };
        changes.advance_checkout(CheckoutRecord { checkout: paying, payment: Some(plan.attempt.id) });
        Ok((Begun::Ask(Box::new(plan)), changes))
    }
}

/// The attempt, and the checkout that it keeps. The checkout's version stays: the buyer who is declined names the same one.
fn tell(changes: &mut Changes, plan: &PayPlan, now: DateTime<Utc>) {
    let attempt = &plan.attempt;
    changes.tell(Event {
        kind: "payment.started",
        subject: "payment",
        subject_id: attempt.id.0,
        version: attempt.version,
        data: json!({ "checkout": attempt.checkout_id, "provider": attempt.provider, "amount": attempt.amount }),
        actor: "buyer",
        at: now,
    });
    if plan.immediate {
        return;
    }
    changes.tell(Event {
        kind: "checkout.processing",
        subject: "checkout",
        subject_id: attempt.checkout_id.0,
        version: attempt.checkout_version,
        data: json!({ "payment": attempt.id }),
        actor: "buyer",
        at: now,
    });
}
