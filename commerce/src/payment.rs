//! Payment: attempts to pay, what a provider may answer, and what an order's payments come to.

mod attempt;
mod sandbox;
mod status;

pub use attempt::{apply, begin};
pub use sandbox::{BankAnswer, CardInput, LATE_AFTER_SECONDS, sandbox_card};
pub use status::{PaymentFacts, PaymentStatus, payment_status};

use crate::ids::{CheckoutId, OrderId, PaymentId};
use crate::money::Money;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

named_enum! {
    /// Who takes the money.
    pub enum ProviderKind {
        /// The built-in bank that only knows its test cards.
        Sandbox = "sandbox",
        /// Bank transfer or cash on delivery: staff say when it was paid.
        Manual = "manual",
        /// Stripe.
        Stripe = "stripe",
    }
}

named_enum! {
    /// Why a card was declined.
    pub enum DeclineCode {
        /// The bank says no.
        CardDeclined = "card_declined",
        /// The account holds too little.
        InsufficientFunds = "insufficient_funds",
    }
}

impl DeclineCode {
    /// What to tell the person.
    pub fn message(self) -> &'static str {
        match self {
            Self::CardDeclined => "Your card was declined. Please try another card.",
            Self::InsufficientFunds => "Your card has insufficient funds. Please try another card.",
        }
    }
}

/// Where an attempt stands. Each state holds only what is true in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum AttemptStatus {
    /// Written down; the provider has not answered.
    Pending,
    /// The provider works on it and will say how it ended.
    Processing {
        /// The provider's name for it.
        reference: String,
    },
    /// The buyer has to do something, such as 3-D Secure.
    RequiresAction {
        /// Where.
        url: String,
        /// The provider's name for it.
        reference: String,
    },
    /// The money is ours.
    Succeeded {
        /// The provider's name for it; empty when nothing had to be paid.
        reference: String,
        /// How much was taken.
        amount: Money,
    },
    /// No money moved; the buyer may try again.
    Declined {
        /// Why.
        code: DeclineCode,
    },
    /// Ended by us or by the buyer; no money moved.
    Canceled,
    /// What the provider says does not fit; a person has to look.
    NeedsReview {
        /// The provider's name for it.
        reference: String,
        /// What the provider took.
        amount: Money,
        /// What does not fit.
        reason: ReviewReason,
    },
}

named_enum! {
    /// What does not fit.
    pub enum ReviewReason {
        /// Another amount or currency was taken than was asked for.
        AmountMismatch = "amount_mismatch",
        /// Money was taken after the attempt had been declined.
        PaidAfterDecline = "paid_after_decline",
        /// Money was taken after the attempt had been canceled.
        PaidAfterCancel = "paid_after_cancel",
    }
}

impl AttemptStatus {
    /// The stable name of the state.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processing { .. } => "processing",
            Self::RequiresAction { .. } => "requires_action",
            Self::Succeeded { .. } => "succeeded",
            Self::Declined { .. } => "declined",
            Self::Canceled => "canceled",
            Self::NeedsReview { .. } => "needs_review",
        }
    }

    /// The provider's name for the attempt, where it has one.
    pub fn reference(&self) -> Option<&str> {
        match self {
            Self::Processing { reference }
            | Self::RequiresAction { reference, .. }
            | Self::Succeeded { reference, .. }
            | Self::NeedsReview { reference, .. } => Some(reference),
            Self::Pending | Self::Declined { .. } | Self::Canceled => None,
        }
    }

    /// Whether money may still move: the attempt blocks cart and checkout.
    pub fn in_flight(&self) -> bool {
        matches!(self, Self::Pending | Self::Processing { .. } | Self::RequiresAction { .. })
    }
}

/// One attempt to pay a checkout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Its id; also the idempotency key given to the provider.
    pub id: PaymentId,
    /// What is paid.
    pub checkout_id: CheckoutId,
    /// The version of the checkout that the buyer saw.
    pub checkout_version: i64,
    /// The order it will become, allocated in advance.
    pub order_id: OrderId,
    /// Who takes the money.
    pub provider: ProviderKind,
    /// How much is asked for.
    pub amount: Money,
    /// Where it stands.
    pub status: AttemptStatus,
    /// Raised by every change.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// What a provider says of an attempt. It is untrusted: amounts are compared before anything is called paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// The money was taken.
    Succeeded {
        /// The provider's name for it.
        reference: String,
        /// How much.
        amount: Money,
    },
    /// It was not.
    Declined {
        /// Why.
        code: DeclineCode,
    },
    /// The buyer has to do something.
    RequiresAction {
        /// Where.
        url: String,
        /// The provider's name for it.
        reference: String,
    },
    /// It will say later.
    Processing {
        /// The provider's name for it.
        reference: String,
    },
    /// It was ended without money moving.
    Canceled,
    /// It can't say; ask again.
    Unknown,
}

/// What an outcome made of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// The attempt after it.
    pub attempt: Attempt,
    /// What has to be done about it.
    pub effect: Effect,
}

named_enum! {
    /// What has to be done after an outcome.
    pub enum Effect {
        /// Nothing: it was known, came too late, or said nothing.
        Nothing = "nothing",
        /// Wait: the provider works on it, or the buyer has to act.
        Wait = "wait",
        /// Write the order.
        Paid = "paid",
        /// Tell the buyer; the reservation stays.
        Declined = "declined",
        /// Open the checkout again.
        Canceled = "canceled",
        /// Show it to staff.
        Review = "review",
    }
}

/// What an attempt cannot take in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaymentError {
    /// The provider took money twice for one attempt, which its idempotency key rules out.
    #[error("attempt was paid as {first:?} and again as {second:?}")]
    SecondCharge {
        /// The reference of the payment that counts.
        first: String,
        /// The reference of the other one.
        second: String,
    },
}
