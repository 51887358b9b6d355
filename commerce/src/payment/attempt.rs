//! The state machine of an attempt.

use super::{Attempt, AttemptStatus, Effect, Outcome, PaymentError, ReviewReason, Transition};
use crate::checkout::Checkout;
use crate::ids::{OrderId, PaymentId};
use crate::money::Money;
use chrono::{DateTime, Utc};

/// A new attempt to pay a checkout; one over nothing has succeeded already.
pub fn begin(checkout: &Checkout, id: PaymentId, order_id: OrderId, now: DateTime<Utc>) -> Attempt {
    let amount = checkout.quote.totals.total;
    let status = if amount.is_zero() {
        AttemptStatus::Succeeded { reference: String::new(), amount }
    } else {
        AttemptStatus::Pending
    };
    Attempt {
        id,
        checkout_id: checkout.id,
        checkout_version: checkout.version,
        order_id,
        provider: checkout.payment_method,
        amount,
        status,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

/// Applies what the provider says. Told twice it changes nothing the second time; what comes late never takes back a
/// success; money that does not fit is never called paid, and never dropped.
pub fn apply(attempt: &Attempt, outcome: Outcome, now: DateTime<Utc>) -> Result<Transition, PaymentError> {
    use AttemptStatus as Is;
    let status = match (&attempt.status, outcome) {
        (_, Outcome::Unknown) => return Ok(unchanged(attempt)),

        (Is::Pending | Is::Processing { .. } | Is::RequiresAction { .. }, outcome) => answered(attempt.amount, outcome),

        (Is::Succeeded { reference: first, .. }, Outcome::Succeeded { reference: second, .. }) if *first != second => {
            return Err(PaymentError::SecondCharge { first: first.clone(), second });
        }
        (Is::Declined { .. }, Outcome::Succeeded { reference, amount }) => {
            Is::NeedsReview { reference, amount, reason: ReviewReason::PaidAfterDecline }
        }
        (Is::Canceled, Outcome::Succeeded { reference, amount }) => {
            Is::NeedsReview { reference, amount, reason: ReviewReason::PaidAfterCancel }
        }
        (Is::Succeeded { .. } | Is::Declined { .. } | Is::Canceled | Is::NeedsReview { .. }, _) => {
            return Ok(unchanged(attempt));
        }
    };
    Ok(moved(attempt, status, now))
}

/// The state an attempt in flight comes to by an answer, `asked` being what should have been taken.
fn answered(asked: Money, outcome: Outcome) -> AttemptStatus {
    match outcome {
        Outcome::Succeeded { reference, amount } if amount == asked => AttemptStatus::Succeeded { reference, amount },
        Outcome::Succeeded { reference, amount } => {
            AttemptStatus::NeedsReview { reference, amount, reason: ReviewReason::AmountMismatch }
        }
        Outcome::Declined { code } => AttemptStatus::Declined { code },
        Outcome::RequiresAction { url, reference } => AttemptStatus::RequiresAction { url, reference },
        Outcome::Processing { reference } => AttemptStatus::Processing { reference },
        Outcome::Canceled => AttemptStatus::Canceled,
        Outcome::Unknown => AttemptStatus::Pending,
    }
}

fn unchanged(attempt: &Attempt) -> Transition {
    Transition { attempt: attempt.clone(), effect: Effect::Nothing }
}

fn moved(attempt: &Attempt, status: AttemptStatus, now: DateTime<Utc>) -> Transition {
    if status == attempt.status {
        return unchanged(attempt);
    }
    let effect = match status {
        AttemptStatus::Pending | AttemptStatus::Processing { .. } | AttemptStatus::RequiresAction { .. } => {
            Effect::Wait
        }
        AttemptStatus::Succeeded { .. } => Effect::Paid,
        AttemptStatus::Declined { .. } => Effect::Declined,
        AttemptStatus::Canceled => Effect::Canceled,
        AttemptStatus::NeedsReview { .. } => Effect::Review,
    };
    let attempt = Attempt { status, version: attempt.version + 1, updated_at: now, ..attempt.clone() };
    Transition { attempt, effect }
}
