//! `mail/*.html` and `mail/*.txt`. Every address in them is absolute; the first line of a text is its subject.

use chrono::{DateTime, Utc};
use commerce::money::Money;
use serde::{Deserialize, Serialize};

use super::order::ShipmentView;
use super::{AddressView, Card, LineView, OrderView, sampled};

/// `mail/order_confirmation`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderMail {
    /// The order; pictures and links with the shop's address before them.
    pub order: OrderView,
    /// The buyer's private link.
    pub order_url: String,
    /// Up to three products that go with what was bought; pictures and links with the shop's address before them.
    pub suggestions: Vec<Card>,
}

/// The order that a letter is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AboutOrder {
    /// The number that people say; empty for a payment that never became an order.
    pub number: String,
    /// First word of the buyer's name; may be empty.
    pub first_name: String,
    /// The buyer's private link; empty where there is no order.
    pub url: String,
    /// Whom to write to; absent hides the line about it.
    pub contact_email: Option<String>,
}

/// `mail/order_shipped`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderShippedMail {
    /// The order.
    pub order: AboutOrder,
    /// What is on its way.
    pub shipment: ShipmentView,
    /// How many things are still to be sent.
    pub to_come: u64,
    /// Where it goes.
    pub shipping_address: AddressView,
}

/// `mail/order_refunded`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderRefundedMail {
    /// The order.
    pub order: AboutOrder,
    /// What went back.
    pub amount: Money,
    /// For which things, at what went back for them; none when it is an amount of its own.
    pub lines: Vec<LineView>,
}

/// `mail/order_canceled`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderCanceledMail {
    /// The order.
    pub order: AboutOrder,
    /// What goes back; absent when nothing was paid.
    pub refund: Option<Money>,
    /// What will not be sent.
    pub lines: Vec<LineView>,
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
sampled!(OrderShippedMail, "mail_order_shipped.json");
sampled!(OrderRefundedMail, "mail_order_refunded.json");
sampled!(OrderCanceledMail, "mail_order_canceled.json");
sampled!(PaymentFailedMail, "mail_payment_failed.json");
sampled!(ReservationExpiredMail, "mail_reservation_expired.json");
