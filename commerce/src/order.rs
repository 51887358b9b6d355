//! Orders: what was bought, as it was bought, and three things that happen to it: its life, its payment, its delivery.

mod actions;
mod fulfillment;
mod life;
pub(crate) mod units;

pub use actions::OrderAction;
pub use fulfillment::{FulfillmentStatus, ItemProgress, fulfillment_status};
pub use life::OrderStatus;
pub use units::UnitsRefusal;

use crate::address::Address;
use crate::ids::{CheckoutId, OrderId, OrderItemId, PaymentId, ProductId, VariantId};
use crate::money::{Money, Rate};
use crate::payment::{PaymentStatus, ProviderKind};
use crate::pricing::{DiscountLine, PricedShipping, Totals};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// An order: a copy of everything that was agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// Its number, for people.
    pub number: String,
    /// The checkout it was.
    pub checkout_id: CheckoutId,
    /// Where it stands.
    pub status: OrderStatus,
    /// What its payments come to.
    pub payment_status: PaymentStatus,
    /// How much of it was sent.
    pub fulfillment_status: FulfillmentStatus,
    /// Where to write to.
    pub email: String,
    /// What was bought.
    pub items: Vec<OrderItem>,
    /// The sums; shipping and tax are always known.
    pub totals: Totals,
    /// What each coupon took off.
    pub discounts: Vec<DiscountLine>,
    /// How it is sent.
    pub shipping: Option<PricedShipping>,
    /// Where it goes.
    pub shipping_address: Address,
    /// Who is billed.
    pub billing_address: Address,
    /// How it is paid.
    pub payment: OrderPayment,
    /// The terms the buyer accepted.
    pub terms_version: Option<String>,
    /// The language the buyer reads.
    pub locale: String,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
    /// Raised by every change.
    pub version: i64,
}

/// How an order is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderPayment {
    /// The attempt that placed it.
    pub attempt: PaymentId,
    /// Who takes the money.
    pub provider: ProviderKind,
    /// The provider's name for it.
    pub reference: Option<String>,
    /// What came in.
    pub captured: Money,
    /// What went back.
    pub refunded: Money,
}

/// A line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderItem {
    /// Its id: the value of the cart line's.
    pub id: OrderItemId,
    /// What was bought.
    pub variant_id: VariantId,
    /// The product it was a variant of.
    pub product_id: ProductId,
    /// The product's name in URLs.
    pub product_slug: String,
    /// The product's name.
    pub name: String,
    /// The variant's values.
    pub variant_title: Option<String>,
    /// The merchant's number for it.
    pub sku: Option<String>,
    /// The `src` of its picture.
    pub image: Option<String>,
    /// How many.
    pub quantity: i64,
    /// The price of one.
    pub unit_price: Money,
    /// The line's part of the discounts, positive.
    pub discount: Money,
    /// The rate of tax.
    pub tax_rate: Rate,
    /// The tax in, or on, the line after discount.
    pub tax: Money,
    /// What was paid for the line, tax included.
    pub total: Money,
    /// Whether it has to be sent.
    pub requires_shipping: bool,
    /// How many were sent.
    pub fulfilled: i64,
    /// How many of those have arrived.
    pub delivered: i64,
    /// How many came back.
    pub returned: i64,
    /// How many were paid back.
    pub refunded_quantity: i64,
    /// What was paid back for those.
    pub refunded: Money,
}
