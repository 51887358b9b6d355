//! A refund on its way: asked for, and how it ended.

use super::RefundPlan;
use crate::ids::{OrderId, PaymentId, RefundId};
use crate::money::Money;
use chrono::{DateTime, Utc};

named_enum! {
    /// Where a refund stands.
    pub enum RefundStatus {
        /// The provider was or will be asked. It counts against what is left.
        Pending = "pending",
        /// The money went back.
        Succeeded = "succeeded",
        /// It did not; nothing has changed.
        Failed = "failed",
    }
}

/// Money that goes back to a buyer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// Its id; also the idempotency key given to the provider.
    pub id: RefundId,
    /// The payment it goes back from.
    pub payment_id: PaymentId,
    /// The order; a payment that stands under review may have none.
    pub order_id: Option<OrderId>,
    /// Where it stands.
    pub status: RefundStatus,
    /// How much, and for which units.
    pub plan: RefundPlan,
    /// Why, in the words of who asked for it.
    pub reason: String,
    /// Whether its units go back on the shelf.
    pub restock: bool,
    /// Whether the buyer is written to.
    pub notify: bool,
    /// Who asked for it.
    pub actor: String,
    /// Why the provider refused.
    pub failure: Option<String>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    pub settled_at: Option<DateTime<Utc>>,
}

/// What a provider says of a refund. It is untrusted, like all of its answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundOutcome {
    /// The money went back.
    Succeeded {
        /// How much.
        amount: Money,
    },
    /// It never will.
    Refused {
        /// Why, for staff.
        reason: String,
    },
    /// It will say later.
    Processing,
    /// It can't say, or never heard of it; ask again.
    Unknown,
}

/// The provider paid back another amount than it was asked for: the refund stays on its way for a person to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{} was to be paid back and {} was", asked.to_decimal(), paid.to_decimal())]
pub struct WrongAmount {
    /// What should have gone back.
    pub asked: Money,
    /// What went back.
    pub paid: Money,
}

impl Refund {
    /// The refund after an answer; `None` when the answer says nothing new. Told twice it changes nothing the second
    /// time.
    pub fn after(&self, outcome: RefundOutcome, now: DateTime<Utc>) -> Result<Option<Self>, WrongAmount> {
        let ended = |status, failure| Self { status, failure, settled_at: Some(now), ..self.clone() };
        let asked = self.plan.amount;
        Ok(match (self.status, outcome) {
            (RefundStatus::Pending, RefundOutcome::Succeeded { amount }) if amount == asked => {
                Some(ended(RefundStatus::Succeeded, None))
            }
            (RefundStatus::Pending, RefundOutcome::Succeeded { amount }) => {
                return Err(WrongAmount { asked, paid: amount });
            }
            (RefundStatus::Pending, RefundOutcome::Refused { reason }) => {
                Some(ended(RefundStatus::Failed, Some(reason)))
            }
            _ => None,
        })
    }
}
