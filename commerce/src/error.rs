//! Why the rules said no: a stable code for programs, a sentence for people, and the facts behind it.

use crate::cart::CartRefusal;
use crate::ids::{CartItemId, OrderId, VariantId};
use crate::inventory::Shortage;
use crate::money::MoneyError;
use crate::order::UnitsRefusal;
use crate::pricing::QuoteError;
use crate::promotion::CouponRefusal;
use crate::returns::RefundRefusal;
use crate::shipping::ShippingRefusal;
use serde::{Deserialize, Serialize};

/// What is wrong with one field of an input, in words for the person who filled it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The path of the field, such as `shipping_address.city` or `variants[2].price`.
    pub field: String,
    /// What to do, as a sentence.
    pub message: String,
}

impl FieldError {
    /// A field and what is wrong with it.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }

    /// The same error one level further out: `city` under `shipping_address` becomes `shipping_address.city`.
    pub fn under(self, parent: &str) -> Self {
        Self { field: format!("{parent}.{}", self.field), message: self.message }
    }
}

/// A cart line whose variant is no longer for sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnavailableItem {
    /// The line of the cart.
    pub item_id: CartItemId,
    /// The variant it asked for.
    pub variant_id: VariantId,
}

/// Why a cart, checkout or order could not be taken further. [`Refusal::code`] is stable; `Display` tells the person
/// what to do; the payload carries what the page needs to show it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The cart was bought already.
    #[error("This cart has already been ordered. Start a new one to buy more.")]
    CartCompleted {
        /// The order it became.
        order: OrderId,
    },
    /// A payment is running: everything stands still until it has ended.
    #[error("A payment is in progress. Please wait until it has finished.")]
    PaymentInProgress,
    /// The cart is not the one the person saw.
    #[error("Your cart has changed. Please look it over and continue.")]
    CartChanged {
        /// The version there is now.
        version: i64,
    },
    /// Nothing to buy.
    #[error("Your cart is empty. Add something to it first.")]
    CartEmpty,
    /// An edit went over a limit of the cart.
    #[error(transparent)]
    Cart(#[from] CartRefusal),
    /// Fields that are missing or malformed.
    #[error("Please check the marked fields.")]
    InvalidFields(Vec<FieldError>),
    /// The payment method is unknown or not set up in this shop.
    #[error("This payment method is not available here. Please choose another one.")]
    PaymentMethodUnavailable,
    /// Lines whose product left the catalog.
    #[error("Something in your cart is no longer for sale. Remove it to continue.")]
    ItemsUnavailable(Vec<UnavailableItem>),
    /// Fewer are there than were asked for.
    #[error("{}", shortage_sentence(.0))]
    InsufficientStock(Vec<Shortage>),
    /// A coupon that does not apply.
    #[error("{refusal}")]
    Coupon {
        /// The code as it stands in the cart.
        coupon: String,
        /// Why it does not apply.
        refusal: CouponRefusal,
    },
    /// No way to send it there.
    #[error(transparent)]
    Shipping(#[from] ShippingRefusal),
    /// An amount went beyond what can be counted, or currencies were mixed.
    #[error(transparent)]
    Amount(#[from] MoneyError),
    /// The checkout is not the one the person saw.
    #[error("Your checkout has changed. Please look over the total and pay again.")]
    CheckoutChanged {
        /// The version there is now.
        version: i64,
    },
    /// The reservation has run out.
    #[error("The time to pay has run out and the items were released. Please check out again.")]
    CheckoutExpired,
    /// The checkout was canceled, by the buyer or by a change of the cart.
    #[error("This checkout was canceled. Please check out again.")]
    CheckoutCanceled,
    /// It is paid already: paying again answers the same order.
    #[error("This checkout is already paid.")]
    AlreadyPaid {
        /// The order there is.
        order: OrderId,
    },
    /// The payment did not match and a person has to look at it.
    #[error("We are checking your payment. You don't need to pay again; we will write to you.")]
    PaymentInReview,
    /// Units of an order that can't be taken as they were named.
    #[error(transparent)]
    Units(#[from] UnitsRefusal),
    /// Money that can't be paid back.
    #[error(transparent)]
    Refund(RefundRefusal),
    /// The state of the thing forbids it.
    #[error("{0}")]
    NotAllowed(&'static str),
}

impl Refusal {
    /// The stable code of the refusal, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::CartCompleted { .. } => "cart_completed",
            Self::PaymentInProgress => "payment_in_progress",
            Self::CartChanged { .. } => "cart_changed",
            Self::CartEmpty => "cart_empty",
            Self::Cart(refusal) => refusal.code(),
            Self::InvalidFields(_) => "invalid_fields",
            Self::PaymentMethodUnavailable => "payment_method_unavailable",
            Self::ItemsUnavailable(_) => "items_unavailable",
            Self::InsufficientStock(_) => "insufficient_stock",
            Self::Coupon { refusal, .. } => refusal.code(),
            Self::Shipping(refusal) => refusal.code(),
            Self::Amount(_) => "amount_out_of_range",
            Self::CheckoutChanged { .. } => "checkout_changed",
            Self::CheckoutExpired => "checkout_expired",
            Self::CheckoutCanceled => "checkout_canceled",
            Self::AlreadyPaid { .. } => "already_paid",
            Self::PaymentInReview => "payment_in_review",
            Self::Units(refusal) => refusal.code(),
            Self::Refund(refusal) => refusal.code(),
            Self::NotAllowed(_) => "not_allowed",
        }
    }
}

/// Says how many there are, where one number says it.
fn shortage_sentence(shortages: &[Shortage]) -> String {
    match shortages {
        [Shortage { available: 0, .. }] => "Something in your cart is sold out. Remove it to continue.".to_owned(),
        [Shortage { available, .. }] => {
            format!("Only {available} left of something in your cart. Lower the quantity to continue.")
        }
        _ => "There are not enough left of some things in your cart. Lower the quantities to continue.".to_owned(),
    }
}

impl From<QuoteError> for Refusal {
    fn from(error: QuoteError) -> Self {
        match error {
            QuoteError::Money(error) => Self::Amount(error),
            QuoteError::Shipping(refusal) => Self::Shipping(refusal),
        }
    }
}
