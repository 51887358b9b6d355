//! `storefront/order.html` and `storefront/find_order.html`

use chrono::{DateTime, Utc};
use commerce::money::Money;
use serde::{Deserialize, Serialize};

use super::{AddressView, Arrival, Card, FieldView, LineView, TotalsView, sampled};

/// An order by its private link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderPage {
    /// The order.
    pub order: OrderView,
    /// True right after buying: the page says thank you.
    pub thanks: bool,
    /// Up to four products that go with what was bought; only right after buying.
    pub suggestions: Vec<Card>,
}

/// An order as its buyer sees it, on the page and in the mail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderView {
    /// The number that people say.
    pub number: String,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
    /// First word of the buyer's name, for the thank-you; empty leaves it out.
    pub first_name: String,
    /// Where the receipt went.
    pub email: String,
    /// `open`, `completed` or `canceled`.
    pub status: String,
    /// `pending`, `authorized`, `paid`, `partially_refunded`, `refunded`, `failed` or `needs_review`.
    pub payment_status: String,
    /// `unfulfilled`, `partial`, `fulfilled`, `delivered` or `returned`.
    pub fulfillment_status: String,
    /// What happened and what comes.
    pub timeline: Vec<TimelineStep>,
    /// What was bought.
    pub lines: Vec<LineView>,
    /// Sum of the quantities.
    pub count: u64,
    /// Sums as charged.
    pub totals: TotalsView,
    /// Every amount and how it came to be, in the order of the calculation.
    pub explanation: Vec<ExplainedView>,
    /// What came in; absent while nothing has.
    pub paid: Option<Money>,
    /// What went back to the buyer.
    pub refunded: Option<Money>,
    /// What is still to be paid; absent when nothing is.
    pub outstanding: Option<Money>,
    /// What was sent, a parcel each, oldest first.
    pub shipments: Vec<ShipmentView>,
    /// Where it goes.
    pub shipping_address: AddressView,
    /// Where the bill goes; absent when it is the same.
    pub billing_address: Option<AddressView>,
    /// Name of the delivery method.
    pub shipping_method: String,
    /// When it arrives.
    pub arrival: Option<Arrival>,
    /// How it was paid.
    pub payment: PaymentView,
    /// Whom to write to; absent hides the lines about it.
    pub contact_email: Option<String>,
}

/// A step of an order's way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimelineStep {
    /// `placed`, `awaiting_payment`, `paid`, `packing`, `shipped`, `delivered`, `canceled`, `refunded`: names the texts
    /// `timeline-{kind}` and `timeline-{kind}-note`. Any other kind shows `text`.
    pub kind: String,
    /// `past`, `current` or `next`.
    pub state: String,
    /// When it was; absent for what comes.
    pub at: Option<DateTime<Utc>>,
    /// A sentence of its own, as a tracking number; empty takes the theme's note.
    pub text: String,
}

/// A parcel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShipmentView {
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// Who carries it.
    pub carrier: Option<String>,
    /// The carrier's number for it.
    pub tracking_number: Option<String>,
    /// The carrier's page about it, where its address is known.
    pub tracking_url: Option<String>,
    /// What is in it.
    pub lines: Vec<LineView>,
}

/// An amount and where it came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExplainedView {
    /// What it is, as `2 × Half-glazed mug at €19.00`.
    pub label: String,
    /// Negative for what was taken off.
    pub amount: Money,
}

/// How an order was paid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentView {
    /// `sandbox`, `manual`, `stripe` or `none` for a zero total: names the text `paid-with-{method}`.
    pub method: String,
    /// Last four figures of the card.
    pub card_last4: Option<String>,
    /// What the buyer has to do for a bank transfer, one paragraph a line.
    pub instructions: Option<String>,
}

/// The lookup of an order by number and e-mail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindOrderPage {
    /// `number`
    pub number: FieldView,
    /// `email`
    pub email: FieldView,
    /// True when nothing matches: one answer for wrong and unknown.
    pub not_found: bool,
    /// True after too many tries.
    pub too_many: bool,
}

sampled!(OrderPage, "order.json");
sampled!(FindOrderPage, "find_order.json");
