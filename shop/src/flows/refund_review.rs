//! Paying back a payment under review that never became an order: all of it, and what its checkout held is free.

use commerce::checkout::CheckoutStatus;
use commerce::error::Refusal;
use commerce::ids::{PaymentId, RefundId};
use commerce::money::Money;
use commerce::payment::AttemptStatus;
use commerce::returns::{RefundPlan, RefundStatus};

use super::refund::{self, Asked, MOST_REASON};
use super::{end_checkout, retrying, typed};
use crate::app::App;
use crate::error::Result;
use crate::store::{payments, refunds};

/// Pays all of it back, or says why not; answers how far that came.
pub async fn refund_review(app: &App, id: PaymentId, reason: &str, actor: &str) -> Result<RefundStatus> {
    let begun = retrying(|| begin_once(app, id, reason, actor)).await?;
    app.job_bell.ring_all();
    refund::ask(app, begun).await
}

async fn begin_once(app: &App, id: PaymentId, reason: &str, actor: &str) -> Result<RefundId> {
    let now = app.clock.now();
    let reason = typed("reason", reason, MOST_REASON)?;
    let mut tx = app.db.begin().await?;
    let seen = payments::load(&mut tx, id).await?;
    let checkout = end_checkout::load_locked(&mut tx, seen.checkout_id).await?;
    let attempt = payments::load(&mut tx, id).await?;
    let is_odd = matches!(attempt.status, AttemptStatus::NeedsReview { .. });
    let has_no_order =
        checkout.status == CheckoutStatus::NeedsReview && matches!(attempt.status, AttemptStatus::Succeeded { .. });
    if !is_odd && !has_no_order {
        return Err(Refusal::NotAllowed("This payment is not under review.").into());
    }
    let (captured, refunded) = payments::sums(&mut tx, id).await?;
    let before = refunds::of_payment(&mut tx, id).await?;
    let pending = before.iter().filter(|refund| refund.status == RefundStatus::Pending);
    let left = captured - refunded - pending.map(|refund| refund.plan.amount.minor).sum::<i64>();
    if left <= 0 {
        return Err(Refusal::NotAllowed("This payment went back already, or is on its way.").into());
    }
    let plan = RefundPlan { lines: vec![], amount: Money::new(left, attempt.amount.currency) };
    let asked = Asked { order: None, payment: id, plan, reason, restock: false, notify: true };
    let begun = refund::write_down(app, &mut tx, asked, attempt.provider, actor, now).await?;
    tx.commit().await?;
    Ok(begun)
}
