//! What a provider's answer about a refund does, whoever brings it.

use chrono::{DateTime, Utc};
use commerce::checkout::CheckoutStatus;
use commerce::error::Refusal;
use commerce::ids::{OrderId, OrderItemId, RefundId, VariantId};
use commerce::inventory::MovementKind;
use commerce::order::Order;
use commerce::returns::{Refund, RefundOutcome, RefundStatus, after_refund};
use serde_json::json;

use super::{end_checkout, keep_order, retrying};
use crate::app::App;
use crate::error::{Error, Result};
use crate::faults::{self, Fault};
use crate::jobs::{self, Job};
use crate::store::events::{self, Event};
use crate::store::{Conn, carts, checkouts, coupons, orders, payments, refunds, stock};

/// Applies an answer, once, in one transaction.
pub async fn settle(app: &App, id: RefundId, outcome: RefundOutcome) -> Result<RefundStatus> {
    let status = retrying(|| settle_once(app, id, outcome.clone())).await?;
    app.job_bell.ring_all();
    Ok(status)
}

async fn settle_once(app: &App, id: RefundId, outcome: RefundOutcome) -> Result<RefundStatus> {
    let mut tx = app.db.begin().await?;
    let seen = refunds::load(&mut tx, id).await?;
    let checkout = payments::load(&mut tx, seen.payment_id).await?.checkout_id;
    end_checkout::load_locked(&mut tx, checkout).await?;
    // Read behind the lock, so that times stand in the order in which things happened.
    let now = app.clock.now();
    let refund = refunds::load(&mut tx, id).await?;
    let status = apply(app, &mut tx, &refund, outcome, now).await?;
    tx.commit().await?;
    Ok(status)
}

/// Writes what an answer makes of a refund, and all that follows. Its cart is locked.
pub(super) async fn apply(
    app: &App,
    conn: &mut Conn,
    refund: &Refund,
    outcome: RefundOutcome,
    now: DateTime<Utc>,
) -> Result<RefundStatus> {
    let ended = match refund.after(outcome, now) {
        Ok(Some(ended)) => ended,
        Ok(None) => return Ok(refund.status),
        Err(error) => {
            tracing::error!(refund = %refund.id, %error, "a refund needs a person to look");
            return Ok(refund.status);
        }
    };
    if !refunds::settle(conn, &ended).await? {
        return Err(Error::Internal("a refund changed under its cart's lock".into()));
    }
    let succeeded = ended.status == RefundStatus::Succeeded;
    let event = Event {
        kind: if succeeded { "refund.succeeded" } else { "refund.failed" },
        subject: "refund",
        subject_id: ended.id.0,
        version: 2,
        data: json!({ "order": ended.order_id, "payment": ended.payment_id, "amount": ended.plan.amount }),
        actor: "provider",
        at: now,
    };
    events::append(conn, event).await?;
    if succeeded {
        paid_back(app, conn, &ended, now).await?;
    } else {
        tracing::error!(refund = %ended.id, "the provider refused a refund");
    }
    Ok(ended.status)
}

/// The money went back: the payment counts it, the order follows, the buyer is told.
async fn paid_back(app: &App, conn: &mut Conn, refund: &Refund, now: DateTime<Utc>) -> Result<()> {
    match refund.order_id {
        Some(id) => order_follows(app, conn, refund, id, now).await?,
        None => let_go(conn, refund, now).await?,
    }
    let uncounted = faults::is(Fault::RefundUncounted);
    if !uncounted && !payments::add_refunded(conn, refund.payment_id, refund.plan.amount, now).await? {
        return Err(Error::Internal("more was paid back than had come in".into()));
    }
    if refund.notify {
        let mail = Job::MailOrderRefunded { refund_id: refund.id };
        jobs::enqueue(conn, &app.clock, mail, now, now).await?;
    }
    Ok(())
}

async fn order_follows(app: &App, conn: &mut Conn, refund: &Refund, id: OrderId, now: DateTime<Utc>) -> Result<()> {
    let before = orders::load(conn, id).await?.order;
    let mut order = after_refund(&before, &refund.plan, refund.restock).map_err(Refusal::from)?;
    if faults::is(Fault::LinesForgotten) {
        order.items = before.items;
    }
    let data = json!({ "refund": refund.id, "amount": refund.plan.amount });
    keep_order(conn, &order, ("order.refunded", data, &refund.actor), now).await?;
    if refund.restock {
        let units: Vec<_> = refund.plan.lines.iter().map(|line| (line.item_id, line.quantity)).collect();
        let units = of_variants(&order, &units);
        let cause = (MovementKind::Return, order.number.as_str(), refund.actor.as_str());
        let counted = stock::restock(conn, &app.clock, order.checkout_id, &units, cause, now).await?;
        end_checkout::tell_stock(conn, &counted, now).await?;
    }
    Ok(())
}

/// Units of lines as units of variants: an order has one line of each.
pub(super) fn of_variants(order: &Order, units: &[(OrderItemId, i64)]) -> Vec<(VariantId, i64)> {
    let variant = |id| order.items.iter().find(|item| item.id == id).map(|item| item.variant_id);
    units.iter().filter_map(|(id, quantity)| Some((variant(*id)?, *quantity))).collect()
}

/// A payment under review went back: what its checkout still held is free, and so is the cart.
async fn let_go(conn: &mut Conn, refund: &Refund, now: DateTime<Utc>) -> Result<()> {
    let attempt = payments::load(conn, refund.payment_id).await?;
    let checkout = checkouts::load(conn, attempt.checkout_id).await?.checkout;
    if checkout.status != CheckoutStatus::NeedsReview {
        return Ok(());
    }
    let released = stock::release(conn, checkout.id).await?;
    coupons::release(conn, checkout.id).await?;
    carts::leave_checkout(conn, checkout.cart_id, checkout.id).await?;
    end_checkout::tell_stock(conn, &end_checkout::variants_of(&released), now).await
}
