//! Calling an order off before anything was sent: its goods, its coupons and its money go back.

use commerce::ids::{OrderId, RefundId};
use commerce::inventory::MovementKind;
use commerce::order::OrderAction;
use commerce::returns::{RefundStatus, RefundWhat, decide};
use serde_json::json;

use super::refund::{self, Asked, MOST_REASON};
use super::settle_refund::of_variants;
use super::{end_checkout, keep_order, retrying, typed};
use crate::app::App;
use crate::error::Result;
use crate::jobs::{self, Job};
use crate::store::cancellations::{self, Cancellation};
use crate::store::{coupons, orders, stock};

/// Why an order is called off.
#[derive(Clone, Debug)]
pub struct Cancel {
    /// Why; only staff read it.
    pub reason: String,
    /// Whether its goods go back on the shelf.
    pub restock: bool,
    /// Whether the buyer is written to.
    pub notify: bool,
}

/// Calls an order off, or says why not. What was paid goes back; answers how far that came, if anything was paid.
pub async fn cancel(app: &App, id: OrderId, cancel: Cancel, actor: &str) -> Result<Option<RefundStatus>> {
    let refund = retrying(|| cancel_once(app, id, &cancel, actor)).await?;
    app.job_bell.ring_all();
    match refund {
        Some(refund) => refund::ask(app, refund).await.map(Some),
        None => Ok(None),
    }
}

async fn cancel_once(app: &App, id: OrderId, cancel: &Cancel, actor: &str) -> Result<Option<RefundId>> {
    let reason = typed("reason", &cancel.reason, MOST_REASON)?;
    let mut tx = app.db.begin().await?;
    let record = orders::lock(&mut tx, id).await?;
    // Read behind the lock, so that times stand in the order in which things happened.
    let now = app.clock.now();
    record.order.can(OrderAction::Cancel, &record.pending())?;
    let order = record.order.canceled()?;
    let called_off =
        Cancellation { reason: reason.clone(), restock: cancel.restock, actor: actor.to_owned(), created_at: now };
    cancellations::insert(&mut tx, id, &called_off).await?;
    if cancel.restock {
        let units = of_variants(&order, &order.to_restock());
        let cause = (MovementKind::Cancel, order.number.as_str(), actor);
        let counted = stock::restock(&mut tx, &app.clock, order.checkout_id, &units, cause, now).await?;
        end_checkout::tell_stock(&mut tx, &counted, now).await?;
    }
    coupons::give_back_consumed(&mut tx, order.checkout_id).await?;
    let data = json!({ "restock": cancel.restock });
    keep_order(&mut tx, &order, ("order.canceled", data, actor), now).await?;
    let refund = match order.can_refund() {
        Ok(()) => {
            let plan = decide(&order, &[], &RefundWhat::Remaining)?;
            let payment = order.payment.attempt;
            // The goods are on their shelf already, and one letter tells both.
            let asked = Asked { order: Some(id), payment, plan, reason, restock: false, notify: false };
            Some(refund::write_down(app, &mut tx, asked, order.payment.provider, actor, now).await?)
        }
        Err(_) => None,
    };
    if cancel.notify {
        jobs::enqueue(&mut tx, &app.clock, Job::MailOrderCanceled { order_id: id }, now, now).await?;
    }
    tx.commit().await?;
    Ok(refund)
}
