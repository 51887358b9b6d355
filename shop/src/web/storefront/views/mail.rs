//! `mail/*.html` and `mail/*.txt`. Every address in them is absolute; the first line of a text is its subject.

use chrono::{DateTime, Utc};
use commerce::money::Money;
use serde::{Deserialize, Serialize};

use super::{LineView, OrderView, sampled};

/// `mail/order_confirmation`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderMail {
    /// The order; pictures and links with the shop's address before them.
    pub order: OrderView,
    /// The buyer's private link.
    pub order_url: String,
}

/// `mail/payment_failed`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentFailedMail {
    /// First word of the buyer's name; may be empty.
    pub first_name: String,
    /// What was to be paid.
    pub total: Money,
    /// What was to be bought.
    pub lines: Vec<LineView>,
    /// Back to the checkout.
    pub checkout_url: String,
    /// Until when the things are kept; absent when they are not.
    pub kept_until: Option<DateTime<Utc>>,
}

/// `mail/reservation_expired`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReservationExpiredMail {
    /// First word of the buyer's name; may be empty.
    pub first_name: String,
    /// What is free again.
    pub lines: Vec<LineView>,
    /// Back to the cart.
    pub cart_url: String,
}

sampled!(OrderMail, "mail_order_confirmation.json");
sampled!(PaymentFailedMail, "mail_payment_failed.json");
sampled!(ReservationExpiredMail, "mail_reservation_expired.json");
