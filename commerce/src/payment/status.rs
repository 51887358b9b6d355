//! What the payments of an order come to.

use crate::money::Money;

named_enum! {
    /// The payment status of an order: a projection, never set by hand.
    pub enum PaymentStatus {
        /// Nothing has come in yet.
        Pending = "pending",
        /// The bank holds the money for us.
        Authorized = "authorized",
        /// All of it has come in.
        Paid = "paid",
        /// Some of it went back.
        PartiallyRefunded = "partially_refunded",
        /// All of it went back.
        Refunded = "refunded",
        /// The payment failed and none is running.
        Failed = "failed",
        /// Something does not fit; a person has to look.
        NeedsReview = "needs_review",
    }
}

/// What is known of the payments of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaymentFacts {
    /// The total of the order.
    pub total: Money,
    /// What came in.
    pub captured: Money,
    /// What went back.
    pub refunded: Money,
    /// Whether the bank holds the money for us.
    pub authorized: bool,
    /// Whether the last attempt failed.
    pub failed: bool,
    /// Whether an attempt needs review.
    pub needs_review: bool,
}

/// The payment status that follows from the facts.
pub fn payment_status(facts: &PaymentFacts) -> PaymentStatus {
    let PaymentFacts { total, captured, refunded, .. } = facts;
    if facts.needs_review {
        PaymentStatus::NeedsReview
    } else if refunded.minor > 0 && refunded.minor >= captured.minor {
        PaymentStatus::Refunded
    } else if refunded.minor > 0 {
        PaymentStatus::PartiallyRefunded
    } else if captured.minor >= total.minor {
        PaymentStatus::Paid
    } else if facts.authorized {
        PaymentStatus::Authorized
    } else if facts.failed {
        PaymentStatus::Failed
    } else {
        PaymentStatus::Pending
    }
}
