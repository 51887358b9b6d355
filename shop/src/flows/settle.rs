//! What a provider's answer does, whoever brings it: the request that asked, a webhook, or the reconciling job.

use chrono::{DateTime, Utc};
use commerce::checkout::{Checkout, CheckoutStatus, complete};
use commerce::ids::{OrderId, PaymentId};
use commerce::payment::{Attempt, AttemptStatus, DeclineCode, Effect, Outcome, Transition, apply};
use serde_json::json;

use crate::app::App;
use crate::desk::{Changes, Command, Holds, Key, Needs, Picture};
use crate::error::Result;
use crate::faults::{self, Fault};
use crate::jobs::{ASK_AFTER, Job};
use crate::store::checkouts::CheckoutRecord;
use crate::store::events::Event;
use crate::store::orders::Placed;
use crate::store::payments::Turn;
use crate::trade::Trade;

/// Where an attempt stands after an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// There is an order.
    Order(OrderId),
    /// No money moved; the buyer may try again.
    Declined(DeclineCode),
    /// It goes on.
    Waiting,
    /// It ended without money, or it said nothing new.
    Ended,
    /// A person has to look.
    Review,
}

/// What an answer came to, and what it was about as it is then.
pub struct Settlement {
    /// Where the attempt stands.
    pub settled: Settled,
    /// The checkout.
    pub checkout: Checkout,
    /// The attempt.
    pub attempt: Attempt,
}

/// Applies an answer, on the attempt's version, in one transaction.
pub async fn settle(app: &App, id: PaymentId, outcome: Outcome) -> Result<Settled> {
    Ok(settle_up(app, id, outcome).await?.settled)
}

/// The same, with what it was about.
pub async fn settle_up(app: &App, id: PaymentId, outcome: Outcome) -> Result<Settlement> {
    app.desk.ask(Settle { id, outcome }).await
}

struct Settle {
    id: PaymentId,
    outcome: Outcome,
}

impl Command for Settle {
    type Answer = Settlement;

    fn needs(&self) -> Needs {
        let paid = matches!(self.outcome, Outcome::Succeeded { .. });
        let holds = if paid { Holds::MayEnd } else { Holds::Stay };
        Needs { key: Key::Payment(self.id), holds, may_order: paid, ..Needs::default() }
    }

    fn decide(&self, known: &Picture, trade: &Trade, now: DateTime<Utc>) -> Result<(Settlement, Changes)> {
        let before = known.payment(self.id)?;
        let checkout = &known.checkout(before.checkout_id)?.checkout;
        let as_it_is = |settled| Settlement { settled, checkout: checkout.clone(), attempt: before.clone() };
        let mut changes = Changes::default();
        let Transition { attempt, effect } = match apply(before, self.outcome.clone(), now) {
            Ok(transition) => transition,
            Err(error) => {
                tracing::error!(payment = %self.id, %error, "the provider contradicts itself");
                changes.tell(second_charge(before, now));
                return Ok((as_it_is(Settled::Review), changes));
            }
        };
        if attempt != *before {
            let has_order = checkout.order.is_some();
            changes.turn_attempt(Turn { before: before.clone(), after: attempt.clone(), has_order });
            changes.tell(turned(&attempt, now));
        }
        if before.status == AttemptStatus::Pending && attempt.status.reference().is_some() && attempt.status.in_flight()
        {
            // Whoever keeps us waiting is asked, should the answer never come.
            changes.plan(&trade.clock, Job::ReconcilePayment { payment_id: attempt.id }, now + ASK_AFTER);
        }
        let came_in = matches!(self.outcome, Outcome::Succeeded { .. });
        let effect = match effect {
            Effect::Nothing if came_in && faults::is(Fault::WebhookAppliedTwice) => Effect::Paid,
            Effect::Review if came_in && faults::is(Fault::LateMoneySells) => Effect::Paid,
            effect => effect,
        };
        let settled = match effect {
            Effect::Nothing => standing(&attempt, checkout),
            Effect::Wait => Settled::Waiting,
            Effect::Paid => paid(known, trade, &mut changes, checkout, &attempt, now)?,
            Effect::Declined | Effect::Canceled => reopen(trade, &mut changes, checkout, before, &attempt, now),
            Effect::Review => review(&mut changes, checkout, &attempt, now),
        };
        let checkout = changes.advanced().unwrap_or(checkout).clone();
        Ok((Settlement { settled, checkout, attempt }, changes))
    }
}

fn standing(attempt: &Attempt, checkout: &Checkout) -> Settled {
    match (&attempt.status, checkout.order) {
        (AttemptStatus::NeedsReview { .. }, _) => Settled::Review,
        (_, Some(order)) => Settled::Order(order),
        (AttemptStatus::Declined { code }, None) => Settled::Declined(*code),
        (status, None) if status.in_flight() => Settled::Waiting,
        _ => Settled::Ended,
    }
}

fn second_charge(attempt: &Attempt, now: DateTime<Utc>) -> Event<'static> {
    Event {
        kind: "payment.second_charge",
        subject: "payment",
        subject_id: attempt.id.0,
        version: attempt.version,
        data: json!({ "checkout": attempt.checkout_id }),
        actor: "provider",
        at: now,
    }
}

/// What became of an attempt.
fn turned(after: &Attempt, now: DateTime<Utc>) -> Event<'static> {
    Event {
        kind: match after.status {
            AttemptStatus::Pending | AttemptStatus::Processing { .. } => "payment.processing",
            AttemptStatus::RequiresAction { .. } => "payment.requires_action",
            AttemptStatus::Succeeded { .. } => "payment.succeeded",
            AttemptStatus::Declined { .. } => "payment.declined",
            AttemptStatus::Canceled => "payment.canceled",
            AttemptStatus::NeedsReview { .. } => "payment.needs_review",
        },
        subject: "payment",
        subject_id: after.id.0,
        version: after.version,
        data: json!({ "checkout": after.checkout_id, "amount": after.amount }),
        actor: "provider",
        at: now,
    }
}

/// The money is there. A checkout that still holds its stock becomes an order; one that does not is for a person to see,
/// since what it held may have been sold.
fn paid(
    known: &Picture,
    trade: &Trade,
    changes: &mut Changes,
    checkout: &Checkout,
    attempt: &Attempt,
    now: DateTime<Utc>,
) -> Result<Settled> {
    let sells_anyway = faults::is(Fault::LateMoneySells) || faults::is(Fault::WebhookAppliedTwice);
    if checkout.status != CheckoutStatus::Processing && !sells_anyway {
        return Ok(review(changes, checkout, attempt, now));
    }
    Ok(Settled::Order(place_order(known, trade, changes, checkout, attempt, now)?))
}

/// The order, the sale and the mail. The attempt is written by whoever asks.
pub fn place_order(
    known: &Picture,
    trade: &Trade,
    changes: &mut Changes,
    checkout: &Checkout,
    attempt: &Attempt,
    now: DateTime<Utc>,
) -> Result<OrderId> {
    let number = known.next_number()?;
    let order = complete(checkout, attempt, &number, now);
    let (id, version, total) = (order.id, order.version, order.totals.total);
    let completed = Checkout {
        status: CheckoutStatus::Completed,
        order: Some(id),
        version: checkout.version + 1,
        ..checkout.clone()
    };
    let event = |kind, subject, subject_id, version| Event {
        kind,
        subject,
        subject_id,
        version,
        data: json!({ "order": id, "checkout": checkout.id, "total": total }),
        actor: "buyer",
        at: now,
    };
    changes.sell(checkout.id, known.held(checkout.id), &number);
    if !checkout.quote.discounts.is_empty() {
        changes.consume_uses(checkout.id);
    }
    changes.tell(event("checkout.completed", "checkout", checkout.id.0, completed.version));
    changes.tell(event("order.placed", "order", id.0, version));
    changes.advance_checkout(CheckoutRecord { checkout: completed, payment: Some(attempt.id) });
    let explanation = checkout.quote.explanation.clone();
    changes.place(Placed { order, cart: checkout.cart_id, explanation });
    changes.plan(&trade.clock, Job::MailOrderConfirmation { order_id: id }, now);
    Ok(id)
}

/// No money moved: the checkout is open again, with its stock still held for as long as a new one would be.
fn reopen(
    trade: &Trade,
    changes: &mut Changes,
    checkout: &Checkout,
    before: &Attempt,
    attempt: &Attempt,
    now: DateTime<Utc>,
) -> Settled {
    if checkout.status == CheckoutStatus::Processing {
        let held = checkout.held_after_decline(trade.terms().reservation, now);
        let open = Checkout { status: CheckoutStatus::Open, expires_at: held, ..checkout.clone() };
        changes.advance_checkout(CheckoutRecord { checkout: open, payment: Some(attempt.id) });
        changes.tell(Event {
            kind: "checkout.reopened",
            subject: "checkout",
            subject_id: checkout.id.0,
            version: checkout.version,
            data: json!({ "payment": attempt.id }),
            actor: "provider",
            at: now,
        });
    }
    let AttemptStatus::Declined { code } = attempt.status else { return Settled::Ended };
    // Who is still looking at the page is told there; who was sent away or kept waiting is written to.
    if before.status.reference().is_some() {
        changes.plan(&trade.clock, Job::MailPaymentFailed { checkout_id: checkout.id }, now);
    }
    Settled::Declined(code)
}

fn review(changes: &mut Changes, checkout: &Checkout, attempt: &Attempt, now: DateTime<Utc>) -> Settled {
    if checkout.status != CheckoutStatus::Completed {
        let review =
            Checkout { status: CheckoutStatus::NeedsReview, version: checkout.version + 1, ..checkout.clone() };
        changes.tell(Event {
            kind: "checkout.needs_review",
            subject: "checkout",
            subject_id: checkout.id.0,
            version: review.version,
            data: json!({ "payment": attempt.id }),
            actor: "provider",
            at: now,
        });
        changes.advance_checkout(CheckoutRecord { checkout: review, payment: Some(attempt.id) });
    }
    tracing::error!(payment = %attempt.id, checkout = %checkout.id, "a payment needs review");
    Settled::Review
}
