//! Paying back, in three paragraphs like paying: write the refund down, ask the provider with nothing locked, apply what
//! it said. A crash between the first and the last is finished by the job that the first one wrote.

use chrono::{DateTime, TimeDelta, Utc};
use commerce::error::Refusal;
use commerce::ids::{OrderId, PaymentId, RefundId};
use commerce::order::OrderStatus;
use commerce::payment::ProviderKind;
use commerce::returns::{RefundOutcome, RefundPlan, RefundStatus, decide};
use serde_json::json;

pub use commerce::returns::{Refund as RefundRecord, RefundItem, RefundWhat};

use super::{retrying, settle_refund, typed};
use crate::app::App;
use crate::error::Result;
use crate::faults::{self, Fault};
use crate::jobs::{self, Job};
use crate::store::events::{self, Event};
use crate::store::{Conn, orders, payments, refunds};

/// How long the provider has to answer before the reconciling job asks it on its own.
const RECONCILE_AFTER: TimeDelta = TimeDelta::seconds(20);
/// The longest reason.
pub const MOST_REASON: usize = 500;

/// What staff want to pay back, and why.
#[derive(Clone, Debug)]
pub struct Refund {
    /// An amount, units of lines, or what is left.
    pub what: RefundWhat,
    /// Why; only staff read it.
    pub reason: String,
    /// Whether the units go back on the shelf. Of a canceled order that was decided with the cancelation.
    pub restock: bool,
    /// Whether the buyer is written to.
    pub notify: bool,
}

/// Pays back, or says why not. Answers how far it came: one that is still pending is finished by its job.
pub async fn refund(app: &App, id: OrderId, refund: Refund, actor: &str) -> Result<RefundStatus> {
    let begun = begin(app, id, &refund, actor).await?;
    ask(app, begun).await
}

/// The first paragraph: one transaction that writes down what is about to be asked, and what finishes it if we don't.
pub async fn begin(app: &App, id: OrderId, refund: &Refund, actor: &str) -> Result<RefundId> {
    retrying(|| begin_once(app, id, refund, actor)).await
}

async fn begin_once(app: &App, id: OrderId, refund: &Refund, actor: &str) -> Result<RefundId> {
    let reason = typed("reason", &refund.reason, MOST_REASON)?;
    let mut tx = app.db.begin().await?;
    let record = orders::lock(&mut tx, id).await?;
    // Read behind the lock, so that times stand in the order in which things happened.
    let now = app.clock.now();
    let order = &record.order;
    let plan = decide(order, &record.pending(), &refund.what)?;
    let restock = refund.restock && order.status != OrderStatus::Canceled;
    let asked = Asked { order: Some(id), payment: order.payment.attempt, plan, reason, restock, notify: refund.notify };
    let begun = write_down(app, &mut tx, asked, order.payment.provider, actor, now).await?;
    tx.commit().await?;
    app.job_bell.ring_all();
    Ok(begun)
}

/// A refund that the rules have allowed.
pub(super) struct Asked {
    pub order: Option<OrderId>,
    pub payment: PaymentId,
    pub plan: RefundPlan,
    pub reason: String,
    pub restock: bool,
    pub notify: bool,
}

/// Writes a refund down with its event and its job. Money that nobody has to be asked for has gone back at once.
pub(super) async fn write_down(
    app: &App,
    conn: &mut Conn,
    asked: Asked,
    provider: ProviderKind,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<RefundId> {
    if provider != ProviderKind::Manual && app.provider(provider).is_none() {
        return Err(Refusal::NotAllowed("Who took this payment is not set up here any more. Pay it back there.").into());
    }
    let refund = RefundRecord {
        id: app.clock.id(),
        payment_id: asked.payment,
        order_id: asked.order,
        status: RefundStatus::Pending,
        plan: asked.plan,
        reason: asked.reason,
        restock: asked.restock,
        notify: asked.notify,
        actor: actor.to_owned(),
        failure: None,
        created_at: now,
        settled_at: None,
    };
    refunds::insert(conn, &refund).await?;
    let started = Event {
        kind: "refund.started",
        subject: "refund",
        subject_id: refund.id.0,
        version: 1,
        data: json!({ "order": refund.order_id, "payment": refund.payment_id, "amount": refund.plan.amount }),
        actor,
        at: now,
    };
    events::append(conn, started).await?;
    if provider == ProviderKind::Manual {
        let paid = RefundOutcome::Succeeded { amount: refund.plan.amount };
        settle_refund::apply(app, conn, &refund, paid, now).await?;
    } else {
        let job = Job::ReconcileRefund { refund_id: refund.id };
        jobs::enqueue(conn, &app.clock, job, now + RECONCILE_AFTER, now).await?;
    }
    Ok(refund.id)
}

/// The second paragraph and the third, for whoever comes by: the request that began, or the reconciling job. The refund's
/// id is the idempotency key, so that the provider may be asked as often as it takes.
pub async fn ask(app: &App, id: RefundId) -> Result<RefundStatus> {
    let mut conn = app.db.read().await?;
    let refund = refunds::load(&mut conn, id).await?;
    if refund.status != RefundStatus::Pending {
        return Ok(refund.status);
    }
    let attempt = payments::load(&mut conn, refund.payment_id).await?;
    drop(conn);
    let Some(provider) = app.provider(attempt.provider) else {
        tracing::error!(refund = %id, provider = %attempt.provider, "the provider of a running refund is switched off");
        return Ok(RefundStatus::Pending);
    };

    let outcome = match provider.fetch_refund(&attempt, id).await {
        RefundOutcome::Unknown => {
            let key = if faults::is(Fault::NewRefundIdOnRetry) { app.clock.id() } else { id };
            provider.refund(&attempt, key, refund.plan.amount).await
        }
        known => known,
    };

    settle_refund::settle(app, id, outcome).await
}
