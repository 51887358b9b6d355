//! From which state which other may follow.

/// What has a life.
#[derive(Debug, Clone, Copy)]
pub enum Life {
    Checkout,
    Payment,
    Order,
    Refund,
}

/// Each state with those that may follow. A change that leaves the state is listed too.
type Table = &'static [(&'static str, &'static [&'static str])];

const CHECKOUT: Table = &[
    ("", &["open"]),
    ("open", &["open", "processing", "completed", "expired", "canceled", "needs_review"]),
    ("processing", &["open", "completed", "needs_review"]),
    // Money that comes in after the end.
    ("expired", &["needs_review"]),
    ("canceled", &["needs_review"]),
    ("needs_review", &["needs_review"]),
    ("completed", &[]),
];

const IN_FLIGHT: &[&str] = &["processing", "requires_action", "succeeded", "declined", "canceled", "needs_review"];

const PAYMENT: Table = &[
    ("", &["pending", "succeeded"]),
    ("pending", IN_FLIGHT),
    ("processing", IN_FLIGHT),
    ("requires_action", IN_FLIGHT),
    ("declined", &["needs_review"]),
    ("canceled", &["needs_review"]),
    ("succeeded", &[]),
    ("needs_review", &[]),
];

const ORDER: Table = &[
    ("", &["open", "completed"]),
    ("open", &["open", "completed", "canceled"]),
    ("completed", &["completed"]),
    ("canceled", &["canceled"]),
];

const REFUND: Table = &[("", &["pending"]), ("pending", &["succeeded", "failed"]), ("succeeded", &[]), ("failed", &[])];

/// Whether a state may follow on another; "" is before the beginning.
pub fn may_follow(what: Life, before: &str, after: &str) -> bool {
    let table = match what {
        Life::Checkout => CHECKOUT,
        Life::Payment => PAYMENT,
        Life::Order => ORDER,
        Life::Refund => REFUND,
    };
    table.iter().any(|(state, next)| *state == before && next.contains(&after))
}
