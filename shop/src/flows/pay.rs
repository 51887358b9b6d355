//! Paying, in three paragraphs: write the attempt down, ask the provider with nothing locked, apply what it said.
//!
//! A crash between the first and the last is finished by the job that the first one wrote.

use chrono::TimeDelta;
use commerce::checkout::{Checkout, CheckoutStatus, PayCommand, PayPlan, begin_payment};
use commerce::error::Refusal;
use commerce::ids::{CheckoutId, OrderId};
use commerce::payment::{DeclineCode, Outcome, ProviderKind};
use serde_json::json;

use super::settle::{self, Settled};
use super::{end_checkout, retrying};
use crate::app::App;
use crate::error::{Error, Result};
use crate::jobs::{self, Job};
use crate::store::events::{self, Event};
use crate::store::{Conn, checkouts, payments};

/// How long the provider has to answer before the reconciling job asks it on its own.
const RECONCILE_AFTER: TimeDelta = TimeDelta::seconds(20);

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

/// Pays a checkout. Paying again answers the same order.
pub async fn pay(app: &App, id: CheckoutId, command: &PayCommand) -> Result<Paid> {
    let begun = retrying(|| begin(app, id, command)).await?;
    let plan = match begun {
        Begun::Done(paid) => return Ok(paid),
        Begun::Ask(plan) => *plan,
    };

    let outcome = match app.provider(plan.attempt.provider) {
        Some(provider) => provider.charge(&plan.attempt, plan.bank).await,
        None => Outcome::Unknown,
    };

    match settle::settle(app, plan.attempt.id, outcome).await? {
        Settled::Order(order) => Ok(Paid::Order(order)),
        Settled::Declined(code) => Ok(Paid::Declined(code)),
        Settled::Review => Err(Refusal::PaymentInReview.into()),
        Settled::Waiting | Settled::Ended => {
            let mut conn = app.db.read().await?;
            Ok(Paid::Waiting(Box::new(checkouts::load(&mut conn, id).await?.checkout)))
        }
    }
}

enum Begun {
    Done(Paid),
    Ask(Box<PayPlan>),
}

/// The first paragraph: one transaction that writes down what is about to be asked, and what finishes it if we don't.
async fn begin(app: &App, id: CheckoutId, command: &PayCommand) -> Result<Begun> {
    let now = app.clock.now();
    let number = number_if_immediate(app, id).await?;
    let mut tx = app.db.begin().await?;
    let checkout = end_checkout::load_locked(&mut tx, id).await?;
    let is_free = checkout.quote.totals.total.is_zero();
    if checkout.order.is_none() && !is_free && !app.terms().providers.contains(&checkout.payment_method) {
        return Err(Refusal::PaymentMethodUnavailable.into());
    }
    let plan = match begin_payment(&checkout, command, app.clock.id(), app.clock.id(), now) {
        Ok(plan) => plan,
        Err(Refusal::AlreadyPaid { order }) => {
            // On SQLite it may have been paid by somebody who shares our commit: it is told once that is durable.
            tx.commit().await?;
            return Ok(Begun::Done(Paid::Order(order)));
        }
        Err(refusal) => return Err(refusal.into()),
    };
    payments::insert(&mut tx, &plan.attempt).await?;
    tell(app, &mut tx, &plan, now).await?;
    if plan.immediate {
        let number = number.ok_or_else(|| Error::Internal("no order number was set aside".into()))?;
        let (order, told) = settle::place_order(app, &mut tx, &checkout, &plan.attempt, &number, now).await?;
        events::append_all(&mut tx, &app.clock, told).await?;
        tx.commit().await?;
        app.job_bell.notify_waiters();
        return Ok(Begun::Done(Paid::Order(order)));
    }
    let paying = Checkout { status: CheckoutStatus::Processing, expires_at: plan.hold_until, ..checkout };
    checkouts::save(&mut tx, &paying, Some(plan.attempt.id), now).await?;
    let job = Job::ReconcilePayment { payment_id: plan.attempt.id };
    jobs::enqueue(&mut tx, &app.clock, job, now + RECONCILE_AFTER, now).await?;
    tx.commit().await?;
    Ok(Begun::Ask(Box::new(plan)))
}

/// An order number where the order is written at once. It is set aside before the transaction, which must not wait.
async fn number_if_immediate(app: &App, id: CheckoutId) -> Result<Option<String>> {
    let mut conn = app.db.read().await?;
    let checkout = checkouts::load(&mut conn, id).await?.checkout;
    drop(conn);
    let immediate = checkout.payment_method == ProviderKind::Manual || checkout.quote.totals.total.is_zero();
    if !immediate || checkout.status != CheckoutStatus::Open {
        return Ok(None);
    }
    Ok(Some(app.numbers.next_order(&app.db).await?))
}

/// The attempt, and the checkout that it keeps. The checkout's version stays: the buyer who is declined names the same one.
async fn tell(app: &App, conn: &mut Conn, plan: &PayPlan, now: chrono::DateTime<chrono::Utc>) -> Result<()> {
    let attempt = &plan.attempt;
    let started = Event {
        kind: "payment.started",
        subject: "payment",
        subject_id: attempt.id.0,
        version: attempt.version,
        data: json!({ "checkout": attempt.checkout_id, "provider": attempt.provider, "amount": attempt.amount }),
        actor: "buyer",
        at: now,
    };
    let processing = Event {
        kind: "checkout.processing",
        subject: "checkout",
        subject_id: attempt.checkout_id.0,
        version: attempt.checkout_version,
        data: json!({ "payment": attempt.id }),
        actor: "buyer",
        at: now,
    };
    let told = if plan.immediate { vec![started] } else { vec![started, processing] };
    Ok(events::append_all(conn, &app.clock, told).await?)
}
