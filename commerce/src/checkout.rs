//! The checkout: a cart with a frozen quote and reserved stock, on its way to an order.

mod amend;
mod complete;
mod contact;
mod coupons;
mod open;
mod pay;

pub use amend::{Amendment, amend};
pub use complete::complete;
pub use open::{OpenCommand, OpenPlan, OpenSnapshot, SaleVariant, SellingTerms, open};
pub use pay::{ACTION_HOLD, PayCommand, PayPlan, begin_payment};

use crate::address::Address;
use crate::error::Refusal;
use crate::ids::{CartId, CartItemId, CheckoutId, OrderId, ProductId, VariantId};
use crate::money::Money;
use crate::payment::{Effect, ProviderKind};
use crate::pricing::{LineInput, Quote};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

named_enum! {
    /// Where a checkout stands.
    pub enum CheckoutStatus {
        /// It can be changed and paid.
        Open = "open",
        /// A payment is in flight.
        Processing = "processing",
        /// It became an order.
        Completed = "completed",
        /// Its time ran out; the stock was released.
        Expired = "expired",
        /// It was canceled; the stock was released.
        Canceled = "canceled",
        /// Its payment does not fit; a person has to look.
        NeedsReview = "needs_review",
    }
}

/// A checkout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkout {
    /// Its id.
    pub id: CheckoutId,
    /// The cart it was made of.
    pub cart_id: CartId,
    /// Raised by every change; paying names it.
    pub version: i64,
    /// Where it stands.
    pub status: CheckoutStatus,
    /// Where to write to.
    pub email: String,
    /// Where it goes.
    pub shipping_address: Address,
    /// Who is billed.
    pub billing_address: Address,
    /// How it is paid.
    pub payment_method: ProviderKind,
    /// What is charged, frozen.
    pub quote: Quote,
    /// What is bought, as it was seen.
    pub items: Vec<CheckoutItem>,
    /// The terms the buyer accepted.
    pub terms_version: Option<String>,
    /// The language the buyer reads.
    pub locale: String,
    /// Until when the stock is reserved.
    pub expires_at: DateTime<Utc>,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// The order it became.
    pub order: Option<OrderId>,
}

/// A line as the buyer saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckoutItem {
    /// The line of the cart.
    pub item_id: CartItemId,
    /// What is bought.
    pub variant_id: VariantId,
    /// The product it is a variant of.
    pub product_id: ProductId,
    /// The product's name in URLs.
    pub product_slug: String,
    /// The product's name.
    pub name: String,
    /// The variant's values, such as `Brick / 1.0 l`.
    pub variant_title: Option<String>,
    /// The merchant's number for it.
    pub sku: Option<String>,
    /// The `src` of its picture.
    pub image: Option<String>,
    /// How many.
    pub quantity: i64,
    /// Whether it has to be sent.
    pub requires_shipping: bool,
    /// Whether tax is due on it.
    pub taxable: bool,
    /// Whether it is counted: then the checkout holds it in stock.
    pub tracked: bool,
}

impl Checkout {
    /// Refuses what can't be changed or paid any more, or not now: the first reason of a fixed order.
    pub fn must_be_open(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        match self.status {
            CheckoutStatus::Completed => Err(self.completed()),
            CheckoutStatus::Expired => Err(Refusal::CheckoutExpired),
            CheckoutStatus::Open if now >= self.expires_at => Err(Refusal::CheckoutExpired),
            CheckoutStatus::Canceled => Err(Refusal::CheckoutCanceled),
            CheckoutStatus::Processing => Err(Refusal::PaymentInProgress),
            CheckoutStatus::NeedsReview => Err(Refusal::PaymentInReview),
            CheckoutStatus::Open => Ok(()),
        }
    }

    /// Until when its stock is held after an attempt that took no money: as long as for a new one, but never past twice the
    /// reservation from its opening, or declined cards could hold stock for ever.
    pub fn held_after_decline(&self, reservation: Duration, now: DateTime<Utc>) -> DateTime<Utc> {
        (now + reservation).min(self.created_at + reservation * 2)
    }

    /// Whether it may be canceled; a reason if not. One that is canceled or expired may be: there is nothing left to
    /// do.
    pub fn can_cancel(&self) -> Result<(), Refusal> {
        match self.status {
            CheckoutStatus::Completed => Err(self.completed()),
            CheckoutStatus::Processing => Err(Refusal::PaymentInProgress),
            CheckoutStatus::NeedsReview => Err(Refusal::PaymentInReview),
            CheckoutStatus::Open | CheckoutStatus::Canceled | CheckoutStatus::Expired => Ok(()),
        }
    }

    /// Whether its time has run out; never while a payment is in flight or under review.
    pub fn can_expire(&self, now: DateTime<Utc>) -> bool {
        self.status == CheckoutStatus::Open && now >= self.expires_at
    }

    /// The status it has after a payment's outcome. Only one whose payment is in flight is completed or opened by it: what
    /// any other one held may have been sold since, so that its money is for a person to see. A completed one stays so.
    pub fn status_after(&self, effect: Effect) -> CheckoutStatus {
        match (self.status, effect) {
            (CheckoutStatus::Completed, _) => CheckoutStatus::Completed,
            (CheckoutStatus::Open | CheckoutStatus::Processing, Effect::Wait) => CheckoutStatus::Processing,
            (CheckoutStatus::Processing, Effect::Paid) => CheckoutStatus::Completed,
            (CheckoutStatus::Processing, Effect::Declined | Effect::Canceled) => CheckoutStatus::Open,
            (_, Effect::Paid | Effect::Review) => CheckoutStatus::NeedsReview,
            (status, Effect::Nothing | Effect::Wait | Effect::Declined | Effect::Canceled) => status,
        }
    }

    fn completed(&self) -> Refusal {
        match self.order {
            Some(order) => Refusal::AlreadyPaid { order },
            None => Refusal::NotAllowed("This checkout is completed."),
        }
    }
}

impl CheckoutItem {
    /// The line to quote, at a price of one.
    fn priced_at(&self, unit_price: Money) -> LineInput {
        LineInput {
            item_id: self.item_id,
            variant_id: self.variant_id,
            unit_price,
            quantity: self.quantity,
            requires_shipping: self.requires_shipping,
            taxable: self.taxable,
        }
    }
}
