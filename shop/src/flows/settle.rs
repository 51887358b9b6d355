//! What a provider's answer does, whoever brings it: the request that asked, a webhook, or the reconciling job.

use chrono::{DateTime, Utc};
use commerce::checkout::{Checkout, CheckoutStatus, complete};
use commerce::ids::{OrderId, PaymentId};
use commerce::payment::{Attempt, AttemptStatus, DeclineCode, Effect, Outcome, Transition, apply};
use serde_json::json;

use super::{end_checkout, retrying};
use crate::app::App;
use crate::error::{Error, Result};
use crate::faults::{self, Fault};
use crate::jobs::{self, Job};
use crate::store::events::{self, Event};
use crate::store::{Conn, carts, checkouts, coupons, orders, payments, stock};

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

/// Applies an answer, on the attempt's version, in one transaction.
pub async fn settle(app: &App, id: PaymentId, outcome: Outcome) -> Result<Settled> {
    // Set aside before the transaction, which must not wait for another one.
    let number = match outcome {
        Outcome::Succeeded { .. } => Some(app.numbers.next_order(&app.db).await?),
        _ => None,
    };
    let settled = retrying(|| settle_once(app, id, outcome.clone(), number.clone())).await?;
    app.job_bell.notify_waiters();
    Ok(settled)
}

async fn settle_once(app: &App, id: PaymentId, outcome: Outcome, number: Option<String>) -> Result<Settled> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    carts::hold_of_payment(&mut tx, id).await?;
    let before = payments::load(&mut tx, id).await?;
    let checkout = checkouts::load(&mut tx, before.checkout_id).await?.checkout;
    let Transition { attempt, effect } = match apply(&before, outcome, now) {
        Ok(transition) => transition,
        Err(error) => {
            tracing::error!(payment = %id, %error, "the provider contradicts itself");
            let event = Event {
                kind: "payment.second_charge",
                subject: "payment",
                subject_id: id.0,
                version: before.version,
                data: json!({ "checkout": before.checkout_id }),
                actor: "provider",
                at: now,
            };
            events::append(&mut tx, &app.clock, event).await?;
            tx.commit().await?;
            return Ok(Settled::Review);
        }
    };
    let mut told = vec![];
    if attempt != before {
        keep(&mut tx, &before, &attempt, checkout.order.is_some()).await?;
        told.push(turned(&attempt, now));
    }
    let effect = match effect {
        Effect::Nothing if number.is_some() && faults::is(Fault::WebhookAppliedTwice) => Effect::Paid,
        Effect::Review if number.is_some() && faults::is(Fault::LateMoneySells) => Effect::Paid,
        effect => effect,
    };
    let settled = match effect {
        Effect::Nothing => standing(&attempt, &checkout),
        Effect::Wait => Settled::Waiting,
        Effect::Paid => paid(app, &mut tx, &checkout, &attempt, number, &mut told, now).await?,
        Effect::Declined | Effect::Canceled => {
            reopen(app, &mut tx, &checkout, &before, &attempt, &mut told, now).await?
        }
        Effect::Review => review(&mut tx, &checkout, &attempt, &mut told, now).await?,
    };
    events::append_all(&mut tx, &app.clock, told).await?;
    tx.commit().await?;
    Ok(settled)
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

async fn keep(conn: &mut Conn, before: &Attempt, after: &Attempt, has_order: bool) -> Result<()> {
    match payments::save(conn, before, after, has_order).await? {
        true => Ok(()),
        false => Err(Error::Internal("an attempt changed under its cart's lock".into())),
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
async fn paid(
    app: &App,
    conn: &mut Conn,
    checkout: &Checkout,
    attempt: &Attempt,
    number: Option<String>,
    told: &mut Vec<Event<'static>>,
    now: DateTime<Utc>,
) -> Result<Settled> {
    let sells_anyway = faults::is(Fault::LateMoneySells) || faults::is(Fault::WebhookAppliedTwice);
    if checkout.status != CheckoutStatus::Processing && !sells_anyway {
        return review(conn, checkout, attempt, told, now).await;
    }
    let number = number.ok_or_else(|| Error::Internal("no order number was set aside".into()))?;
    let (order, sold) = place_order(app, conn, checkout, attempt, &number, now).await?;
    told.extend(sold);
    Ok(Settled::Order(order))
}

/// Writes the order, the sale and the mail; answers the events as well. The attempt has been written before.
pub async fn place_order(
    app: &App,
    conn: &mut Conn,
    checkout: &Checkout,
    attempt: &Attempt,
    number: &str,
    now: DateTime<Utc>,
) -> Result<(OrderId, Vec<Event<'static>>)> {
    let order = complete(checkout, attempt, number, now);
    let sold = stock::sell(conn, &app.clock, checkout.id, number, now).await?;
    if !checkout.quote.discounts.is_empty() {
        coupons::consume(conn, checkout.id).await?;
    }
    let completed = Checkout {
        status: CheckoutStatus::Completed,
        order: Some(order.id),
        version: checkout.version + 1,
        ..checkout.clone()
    };
    checkouts::save(conn, &completed, Some(attempt.id), now).await?;
    carts::complete(conn, checkout.cart_id, order.id, now).await?;
    orders::insert(conn, &order, checkout.cart_id, &checkout.quote.explanation).await?;
    let event = |kind, subject, subject_id, version| Event {
        kind,
        subject,
        subject_id,
        version,
        data: json!({ "order": order.id, "checkout": checkout.id, "total": order.totals.total }),
        actor: "buyer",
        at: now,
    };
    let mut told = vec![
        event("checkout.completed", "checkout", checkout.id.0, completed.version),
        event("order.placed", "order", order.id.0, order.version),
    ];
    told.extend(end_checkout::stock_events(&end_checkout::variants_of(&sold), now));
    jobs::enqueue(conn, &app.clock, Job::MailOrderConfirmation { order_id: order.id }, now, now).await?;
    Ok((order.id, told))
}

/// No money moved: the checkout is open again, with its stock still held for as long as a new one would be.
async fn reopen(
    app: &App,
    conn: &mut Conn,
    checkout: &Checkout,
    before: &Attempt,
    attempt: &Attempt,
    told: &mut Vec<Event<'static>>,
    now: DateTime<Utc>,
) -> Result<Settled> {
    if checkout.status == CheckoutStatus::Processing {
        let held = checkout.held_after_decline(app.terms().reservation, now);
        let open = Checkout { status: CheckoutStatus::Open, expires_at: held, ..checkout.clone() };
        checkouts::save(conn, &open, Some(attempt.id), now).await?;
        let event = Event {
            kind: "checkout.reopened",
            subject: "checkout",
            subject_id: checkout.id.0,
            version: checkout.version,
            data: json!({ "payment": attempt.id }),
            actor: "provider",
            at: now,
        };
        told.push(event);
        jobs::enqueue(conn, &app.clock, Job::ExpireCheckout { checkout_id: checkout.id }, held, now).await?;
    }
    let AttemptStatus::Declined { code } = attempt.status else { return Ok(Settled::Ended) };
    // Who is still looking at the page is told there; who was sent away or kept waiting is written to.
    if before.status.reference().is_some() {
        jobs::enqueue(conn, &app.clock, Job::MailPaymentFailed { checkout_id: checkout.id }, now, now).await?;
    }
    Ok(Settled::Declined(code))
}

async fn review(
    conn: &mut Conn,
    checkout: &Checkout,
    attempt: &Attempt,
    told: &mut Vec<Event<'static>>,
    now: DateTime<Utc>,
) -> Result<Settled> {
    if checkout.status != CheckoutStatus::Completed {
        let review =
            Checkout { status: CheckoutStatus::NeedsReview, version: checkout.version + 1, ..checkout.clone() };
        checkouts::save(conn, &review, Some(attempt.id), now).await?;
        let event = Event {
            kind: "checkout.needs_review",
            subject: "checkout",
            subject_id: checkout.id.0,
            version: review.version,
            data: json!({ "payment": attempt.id }),
            actor: "provider",
            at: now,
        };
        told.push(event);
    }
    tracing::error!(payment = %attempt.id, checkout = %checkout.id, "a payment needs review");
    Ok(Settled::Review)
}
