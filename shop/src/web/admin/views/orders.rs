//! Pages of one order: itself, paying back, calling off, writing again, and what is printed of it.

use chrono::{DateTime, Utc};
use commerce::money::Money;
use serde::{Deserialize, Serialize};

use super::{FieldView, sampled};

/// An order, what can be done with it, and what happened to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderPage {
    /// What stands at the top.
    pub order: OrderHead,
    /// The page of the order placed before.
    pub previous: Option<String>,
    /// The page of the order placed after.
    pub next: Option<String>,
    /// What can be sent now.
    pub to_ship: Option<ToShipView>,
    /// What was sent, the first parcel first.
    pub shipments: Vec<ShipmentView>,
    /// What needs no parcel: downloads, and what was paid back before it was sent.
    pub unsent: Vec<OrderLineView>,
    /// The sums, what came in and what went back.
    pub payment: PaymentView,
    /// What can be done with it, and why not.
    pub actions: Vec<ActionView>,
    /// Who ordered.
    pub customer: CustomerCard,
    /// Where it goes, a line each.
    pub shipping_address: Vec<String>,
    /// Who is billed, where that is another address.
    pub billing_address: Option<Vec<String>>,
    /// A note that is being written.
    pub note: FieldView,
    /// What happened, the latest day first.
    pub days: Vec<DayView>,
    /// What was refused just now.
    pub refused: Option<String>,
}

sampled!(OrderPage, "order.json");

/// What stands over every page of an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderHead {
    /// Its number, for people.
    pub number: String,
    /// Its page.
    pub url: String,
    /// `open`, `completed` or `canceled`.
    pub status: String,
    /// What its payments come to.
    pub payment_status: String,
    /// How much of it was sent.
    pub fulfillment_status: String,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
    /// The name it goes to.
    pub customer: String,
    /// The first word of it.
    pub first_name: String,
    /// Where its mails go.
    pub email: String,
    /// Units in it.
    pub units: i64,
    /// Raised by every change: a form that was filled for an older one is shown again.
    pub version: i64,
}

/// A line of an order, or some units of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderLineView {
    /// The line's id.
    pub id: String,
    /// The product's name as it was bought.
    pub name: String,
    /// The variant's values in words.
    pub variant: String,
    /// The merchant's number for it.
    pub sku: Option<String>,
    /// The product's page in the admin.
    pub url: String,
    /// The address of its picture.
    pub picture: Option<String>,
    /// The price of one.
    pub unit_price: Money,
    /// The whole line's part of the discounts.
    pub discount: Option<Money>,
    /// What was paid for the whole line.
    pub total: Money,
    /// Units of it here.
    pub quantity: i64,
    /// From where it was taken, if the shop has several locations.
    pub taken: Vec<TakenView>,
    /// Units of the line that came back.
    pub returned: i64,
    /// Units of the line that were paid back.
    pub refunded: i64,
}

/// The form that sends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToShipView {
    /// Units that can be sent.
    pub units: i64,
    /// Each line with what is left of it.
    pub lines: Vec<ShipLineView>,
    /// Units that the form would send as it stands.
    pub now: i64,
    /// Who brings it.
    pub carrier: FieldView,
    /// Under which number.
    pub tracking: FieldView,
    /// Whether the buyer is written to.
    pub notify: bool,
    /// What has not been paid yet.
    pub owed: Option<Money>,
}

/// A line of the form that sends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShipLineView {
    /// The line; its quantity is what is left to send.
    pub line: OrderLineView,
    /// How many to send now.
    pub now: FieldView,
}

/// Units of a line that lay at a location.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakenView {
    /// Its name.
    pub place: String,
    /// How many.
    pub units: i64,
}

/// A parcel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShipmentView {
    /// The how manieth.
    pub number: i64,
    /// Units in it.
    pub units: i64,
    /// Who brings it.
    pub carrier: Option<String>,
    /// Under which number.
    pub tracking: Option<String>,
    /// When it was sent.
    pub at: DateTime<Utc>,
    /// What is in it.
    pub lines: Vec<OrderLineView>,
}

/// The sums of an order, what came in and what went back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentView {
    /// Goods before discounts.
    pub subtotal: Money,
    /// What each coupon took off.
    pub discounts: Vec<DiscountView>,
    /// Delivery.
    pub shipping: Option<Money>,
    /// How it is sent.
    pub delivery: Option<String>,
    /// Tax, where there is any.
    pub tax: Option<Money>,
    /// As `VAT 21 %`.
    pub tax_label: Option<String>,
    /// Whether prices have it in them.
    pub tax_included: bool,
    /// What was to be paid.
    pub total: Money,
    /// What came in.
    pub paid: Option<Money>,
    /// `sandbox`, `manual`, `stripe`.
    pub provider: String,
    /// The provider's name for the payment.
    pub reference: Option<String>,
    /// What went back or is on its way.
    pub refunds: Vec<RefundView>,
    /// What has not come in yet.
    pub outstanding: Option<Money>,
    /// Whether staff can say that it has.
    pub can_mark_paid: bool,
}

/// What a coupon took off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiscountView {
    /// Its code.
    pub code: String,
    /// Positive.
    pub amount: Money,
}

/// A refund of an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundView {
    /// How much.
    pub amount: Money,
    /// `pending`, `succeeded` or `failed`.
    pub status: String,
    /// Why, in the words of who asked for it.
    pub reason: String,
    /// What the provider says against it.
    pub failure: Option<String>,
    /// When it was asked for.
    pub at: DateTime<Utc>,
}

/// Something that can be done, or why it can't.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionView {
    /// Names its texts: `refund`, `deliver`, `mark_paid`, `cancel`, `resend`.
    pub key: String,
    /// Where it is done.
    pub url: String,
    /// True where a click does it; otherwise it leads to a page with a form.
    pub at_once: bool,
    /// Why it can't be done now.
    pub reason: Option<String>,
}

/// Who ordered, in short.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerCard {
    /// The name as this order has it.
    pub name: String,
    /// Their page.
    pub url: String,
    /// Where their mails go.
    pub email: String,
    /// Where they can be called.
    pub phone: Option<String>,
    /// Orders they have placed.
    pub orders: i64,
    /// What they paid, less what went back.
    pub spent: Money,
    /// Their first order.
    pub since: DateTime<Utc>,
}

/// A day of the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayView {
    /// `today`, `yesterday`, or empty: then the date is written.
    pub name: String,
    /// Some moment of the day.
    pub at: DateTime<Utc>,
    /// What happened, the latest first.
    pub entries: Vec<EntryView>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryView {
    /// Names its text: `happened-{key}`.
    pub key: String,
    /// The shape beside it: none, half, full, alert, void, back, hold.
    pub glyph: String,
    /// Who did it, where it was a person.
    pub actor: Option<String>,
    /// An amount it is about.
    pub amount: Option<Money>,
    /// A number of units it is about.
    pub count: i64,
    /// A word it is about: a carrier, a provider, a letter.
    pub detail: String,
    /// What a person wrote with it.
    pub quote: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Paying back some or all of an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundPage {
    /// The order.
    pub order: OrderHead,
    /// `items`, `amount` or `remaining`.
    pub what: String,
    /// Each line with what is left of it.
    pub lines: Vec<ShipLineView>,
    /// An amount, as it was typed.
    pub amount: FieldView,
    /// Why.
    pub reason: FieldView,
    /// Whether the goods go back on the shelf.
    pub restock: bool,
    /// Whether the buyer is written to.
    pub notify: bool,
    /// What can still be paid back.
    pub left: Money,
    /// What it will come to, once that was worked out.
    pub comes_to: Option<Money>,
    /// Who takes the money back: `sandbox`, `manual`, `stripe`.
    pub provider: String,
    /// Why nothing can be paid back, or what was refused.
    pub refused: Option<String>,
}

sampled!(RefundPage, "refund.json");

/// Calling an order off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelPage {
    /// The order.
    pub order: OrderHead,
    /// Why.
    pub reason: FieldView,
    /// Whether the goods go back on the shelf.
    pub restock: bool,
    /// Whether the buyer is written to.
    pub notify: bool,
    /// What will be paid back.
    pub refund: Option<Money>,
    /// Why it can't be called off.
    pub refused: Option<String>,
}

sampled!(CancelPage, "cancel.json");

/// Writing to the buyer again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResendPage {
    /// The order.
    pub order: OrderHead,
    /// The letters that there are.
    pub letter: FieldView,
}

sampled!(ResendPage, "resend.json");

/// Orders on paper: a slip for the parcel, or everything that was agreed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrintPage {
    /// `slip` without amounts, `order` with them.
    pub kind: String,
    /// The shop's name and postal address, a line each.
    pub sender: Vec<String>,
    /// One to a sheet.
    pub orders: Vec<PrintedOrder>,
}

sampled!(PrintPage, "print.json");

/// An order on paper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrintedOrder {
    /// What stands at the top.
    pub order: OrderHead,
    /// Where it goes, a line each.
    pub shipping_address: Vec<String>,
    /// Who is billed, a line each.
    pub billing_address: Vec<String>,
    /// Its lines; on a slip what is to be sent.
    pub lines: Vec<OrderLineView>,
    /// The sums.
    pub payment: PaymentView,
}

/// Payments that a person has to look at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewPage {
    /// The latest first.
    pub payments: Vec<ReviewedView>,
    /// What was refused just now.
    pub refused: Option<String>,
}

sampled!(ReviewPage, "review.json");

/// A payment under review.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewedView {
    /// Its id.
    pub id: String,
    /// `amount_mismatch`, `paid_after_decline`, `paid_after_cancel` or `sold_meanwhile`.
    pub reason: String,
    /// What was asked for.
    pub asked: Money,
    /// What the provider took.
    pub taken: Money,
    /// What went back.
    pub refunded: Money,
    /// Whether a refund is on its way.
    pub pending: bool,
    /// `sandbox`, `manual`, `stripe`.
    pub provider: String,
    /// The provider's name for it.
    pub reference: String,
    /// Who wanted to buy.
    pub customer: String,
    /// Where their mails go.
    pub email: String,
    /// What they wanted, in a line.
    pub goods: String,
    /// When the provider said so.
    pub at: DateTime<Utc>,
    /// Where its money is given back.
    pub url: String,
}
