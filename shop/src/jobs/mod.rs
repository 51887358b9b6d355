//! What is done after the fact: every job is idempotent, claimed with a lease, retried with growing pauses and, when it
//! keeps failing, left visibly dead.

mod bells;
mod run;
mod sweep;

use chrono::{DateTime, Utc};
use commerce::ids::{BulkRunId, CheckoutId, FulfillmentId, ImportId, JobId, OrderId, PaymentId, RefundId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use bells::Bells;
pub use run::{drain, work};
pub use sweep::ASK_AFTER;

use crate::clock::Clock;
use crate::flows::resend::Letter;
use crate::store::Conn;
use crate::store::jobs::{self as table, Planned};

/// Something to be done, with what it needs to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// Release a checkout whose time has run out.
    ExpireCheckout {
        /// Which.
        checkout_id: CheckoutId,
    },
    /// Ask the provider how an attempt ended.
    ReconcilePayment {
        /// Which.
        payment_id: PaymentId,
    },
    /// The sandbox bank's late answer arrives.
    SandboxAnswer {
        /// To which attempt.
        payment_id: PaymentId,
    },
    /// Thank the buyer.
    MailOrderConfirmation {
        /// For which order.
        order_id: OrderId,
    },
    /// Tell the buyer that the payment failed.
    MailPaymentFailed {
        /// Of which checkout.
        checkout_id: CheckoutId,
    },
    /// Tell the buyer that the time ran out.
    MailReservationExpired {
        /// Of which checkout.
        checkout_id: CheckoutId,
    },
    /// Go on with a change to many products.
    BulkProducts {
        /// Which.
        run_id: BulkRunId,
    },
    /// Make the smaller widths of a picture.
    MakeWidths {
        /// The name of the picture.
        name: String,
    },
    /// Tell the buyer that a parcel is on its way.
    MailOrderShipped {
        /// Of which order.
        order_id: OrderId,
        /// Which parcel.
        fulfillment_id: FulfillmentId,
    },
    /// Tell the buyer that money went back.
    MailOrderRefunded {
        /// Which refund.
        refund_id: RefundId,
    },
    /// Tell the buyer that the order was called off.
    MailOrderCanceled {
        /// Which.
        order_id: OrderId,
    },
    /// Send a letter about an order once more.
    MailCopy {
        /// About which order.
        order_id: OrderId,
        /// Which letter.
        letter: Letter,
        /// What makes this one another letter than the first.
        copy: Uuid,
    },
    /// Ask the provider how a refund ended.
    ReconcileRefund {
        /// Which.
        refund_id: RefundId,
    },
    /// Look at a file that staff brought, or take it in.
    RunImport {
        /// Which.
        import_id: ImportId,
    },
    /// Forget old idempotency keys and done jobs.
    Prune {},
    /// Work out what goes with what.
    Recommend {},
}

/// Writes a job in the transaction of the change that needs it.
pub async fn enqueue(
    conn: &mut Conn,
    clock: &Clock,
    job: Job,
    run_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    table::enqueue(conn, &[job.planned(clock, run_at)], now).await
}

impl Job {
    /// The row of a job that is to run at a time.
    pub fn planned(&self, clock: &Clock, run_at: DateTime<Utc>) -> Planned {
        let mut payload = serde_json::to_value(self).expect("a job serialises: string keys only");
        let members = payload.as_object_mut().expect("an internally tagged enum is an object");
        let kind = members.remove("kind").and_then(|kind| kind.as_str().map(str::to_owned)).unwrap_or_default();
        let id = match *self {
            Job::ExpireCheckout { checkout_id } => JobId(checkout_id.0),
            Job::ReconcilePayment { payment_id } => JobId(payment_id.0),
            _ => clock.id(),
        };
        Planned { id, kind, payload, run_at }
    }

    /// The job of a claimed row.
    fn of(claimed: &table::Claimed) -> Result<Self, serde_json::Error> {
        let mut document = claimed.payload.clone();
        if let Some(members) = document.as_object_mut() {
            members.insert("kind".into(), claimed.kind.clone().into());
        }
        serde_json::from_value(document)
    }
}
