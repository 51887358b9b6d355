//! Writing to a buyer once more.

use commerce::ids::{FulfillmentId, OrderId, RefundId};
use commerce::returns::RefundStatus;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Result};
use crate::jobs::{self, Job};
use crate::store::events::{self, Event};
use crate::store::orders::{self, OrderRecord};

/// A letter about an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "letter", content = "id", rename_all = "snake_case")]
pub enum Letter {
    /// The receipt.
    OrderConfirmation,
    /// A parcel is on its way.
    OrderShipped(FulfillmentId),
    /// Money went back.
    OrderRefunded(RefundId),
    /// It was called off.
    OrderCanceled,
}

/// Every letter that was, or could have been, written about an order, in the order of what happened.
pub fn letters(record: &OrderRecord) -> Vec<Letter> {
    let mut letters = vec![Letter::OrderConfirmation];
    letters.extend(record.fulfillments.iter().map(|parcel| Letter::OrderShipped(parcel.id)));
    letters.extend(record.cancellation.iter().map(|_| Letter::OrderCanceled));
    let paid_back = record.refunds.iter().filter(|refund| refund.status == RefundStatus::Succeeded);
    letters.extend(paid_back.map(|refund| Letter::OrderRefunded(refund.id)));
    letters
}

/// Sends a letter again, as it reads now.
pub async fn resend(app: &App, id: OrderId, letter: Letter, actor: &str) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let record = orders::load(&mut tx, id).await?;
    if !letters(&record).contains(&letter) {
        return Err(Error::unknown("letter", "There is no such letter about this order."));
    }
    let copy: Uuid = app.clock.id();
    let event = Event {
        kind: "letter.resent",
        subject: "order",
        subject_id: id.0,
        version: record.order.version,
        data: json!(letter),
        actor,
        at: now,
    };
    events::append(&mut tx, event).await?;
    jobs::enqueue(&mut tx, &app.clock, Job::MailCopy { order_id: id, letter, copy }, now, now).await?;
    tx.commit().await?;
    app.job_bell.ring_all();
    Ok(())
}
