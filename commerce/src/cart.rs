//! The cart: what a person means to buy. Prices are not in it; they are quoted.

use crate::ids::{CartId, CartItemId, OrderId, VariantId};
use crate::money::Currency;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The most units on one line.
pub const MAX_QUANTITY: i64 = 999;
/// The most lines in one cart.
pub const MAX_LINES: usize = 100;
/// The most coupons in one cart.
pub const MAX_COUPONS: usize = 5;
/// The longest coupon code, in characters.
pub const MAX_COUPON_CODE: usize = 50;

/// A cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cart {
    /// Its id.
    pub id: CartId,
    /// Raised by every edit that changed something.
    pub version: i64,
    /// The currency it is quoted in.
    pub currency: Currency,
    /// Its lines, in the order they were added; one per variant.
    pub items: Vec<CartItem>,
    /// The coupon codes, normalised, in the order they were entered.
    pub coupons: Vec<String>,
    /// Whether it was bought.
    pub status: CartStatus,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// A line of a cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartItem {
    /// Its id.
    pub id: CartItemId,
    /// What is bought.
    pub variant_id: VariantId,
    /// How many, 1 to [`MAX_QUANTITY`].
    pub quantity: i64,
    /// When it was added.
    pub added_at: DateTime<Utc>,
}

/// Whether a cart was bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CartStatus {
    /// It can be changed and bought.
    Open,
    /// It became this order and stands still.
    Completed(OrderId),
}

/// Why a cart could not be changed so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CartRefusal {
    /// It was bought already.
    #[error("This cart has already been ordered. Start a new one to buy more.")]
    Completed {
        /// The order it became.
        order: OrderId,
    },
    /// Nothing, or less than nothing, was to be added.
    #[error("Choose a quantity of at least 1.")]
    QuantityTooSmall,
    /// More of one thing than a line holds.
    #[error("At most {MAX_QUANTITY} of one item fit in a cart; this would make {wanted}.")]
    QuantityTooLarge {
        /// What the line would have held.
        wanted: i64,
    },
    /// More lines than a cart holds.
    #[error("At most {MAX_LINES} different items fit in a cart. Remove one to add another.")]
    TooManyLines,
    /// The line is not in the cart.
    #[error("This item is no longer in your cart.")]
    UnknownItem,
    /// More coupons than a cart holds.
    #[error("At most {MAX_COUPONS} coupons can be used together. Remove one to add another.")]
    TooManyCoupons,
    /// Not a coupon code.
    #[error("Enter the code of your coupon, at most {MAX_COUPON_CODE} characters.")]
    InvalidCoupon,
}

impl CartRefusal {
    /// The stable code of the refusal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Completed { .. } => "cart_completed",
            Self::QuantityTooSmall => "quantity_too_small",
            Self::QuantityTooLarge { .. } => "quantity_too_large",
            Self::TooManyLines => "too_many_lines",
            Self::UnknownItem => "item_unknown",
            Self::TooManyCoupons => "too_many_coupons",
            Self::InvalidCoupon => "coupon_invalid",
        }
    }
}

impl Cart {
    /// An empty cart.
    pub fn new(id: CartId, currency: Currency, now: DateTime<Utc>) -> Self {
        Self {
            id,
            version: 1,
            currency,
            items: Vec::new(),
            coupons: Vec::new(),
            status: CartStatus::Open,
            updated_at: now,
        }
    }

    /// The cart with so many more of a variant. A line that is there already is raised; `item_id` names a new one.
    pub fn add(
        &self,
        item_id: CartItemId,
        variant: VariantId,
        quantity: i64,
        now: DateTime<Utc>,
    ) -> Result<Self, CartRefusal> {
        self.must_be_open()?;
        if quantity < 1 {
            return Err(CartRefusal::QuantityTooSmall);
        }
        let present = self.items.iter().position(|item| item.variant_id == variant);
        let wanted = present.map_or(0, |line| self.items[line].quantity).saturating_add(quantity);
        if wanted > MAX_QUANTITY {
            return Err(CartRefusal::QuantityTooLarge { wanted });
        }
        if present.is_none() && self.items.len() >= MAX_LINES {
            return Err(CartRefusal::TooManyLines);
        }
        Ok(self.edited(now, |cart| match present {
            Some(line) => cart.items[line].quantity = wanted,
            None => cart.items.push(CartItem { id: item_id, variant_id: variant, quantity, added_at: now }),
        }))
    }

    /// The cart with a line set to so many; 0 removes it.
    pub fn set_quantity(&self, item_id: CartItemId, quantity: i64, now: DateTime<Utc>) -> Result<Self, CartRefusal> {
        self.must_be_open()?;
        let line = self.line(item_id)?;
        if quantity < 0 {
            return Err(CartRefusal::QuantityTooSmall);
        }
        if quantity > MAX_QUANTITY {
            return Err(CartRefusal::QuantityTooLarge { wanted: quantity });
        }
        Ok(self.edited(now, |cart| match quantity {
            0 => drop(cart.items.remove(line)),
            _ => cart.items[line].quantity = quantity,
        }))
    }

    /// The cart without a line.
    pub fn remove(&self, item_id: CartItemId, now: DateTime<Utc>) -> Result<Self, CartRefusal> {
        self.set_quantity(item_id, 0, now)
    }

    /// The cart with a coupon code; whether it applies is the quote's affair. One that is there already changes
    /// nothing.
    pub fn apply_coupon(&self, code: &str, now: DateTime<Utc>) -> Result<Self, CartRefusal> {
        self.must_be_open()?;
        let code = normalize_code(code);
        if code.is_empty() || code.chars().count() > MAX_COUPON_CODE || code.chars().any(char::is_control) {
            return Err(CartRefusal::InvalidCoupon);
        }
        if self.coupons.contains(&code) {
            return Ok(self.clone());
        }
        if self.coupons.len() >= MAX_COUPONS {
            return Err(CartRefusal::TooManyCoupons);
        }
        Ok(self.edited(now, |cart| cart.coupons.push(code)))
    }

    /// The cart without a coupon code; one that is not there changes nothing.
    pub fn remove_coupon(&self, code: &str, now: DateTime<Utc>) -> Result<Self, CartRefusal> {
        self.must_be_open()?;
        let code = normalize_code(code);
        Ok(self.edited(now, |cart| cart.coupons.retain(|present| *present != code)))
    }

    /// How many units are in it.
    pub fn count(&self) -> i64 {
        self.items.iter().map(|item| item.quantity).sum()
    }

    fn must_be_open(&self) -> Result<(), CartRefusal> {
        match self.status {
            CartStatus::Open => Ok(()),
            CartStatus::Completed(order) => Err(CartRefusal::Completed { order }),
        }
    }

    fn line(&self, item_id: CartItemId) -> Result<usize, CartRefusal> {
        self.items.iter().position(|item| item.id == item_id).ok_or(CartRefusal::UnknownItem)
    }

    /// A copy after `edit`; version and time move only if something did.
    fn edited(&self, now: DateTime<Utc>, edit: impl FnOnce(&mut Self)) -> Self {
        let mut cart = self.clone();
        edit(&mut cart);
        if cart != *self {
            cart.version += 1;
            cart.updated_at = now;
        }
        cart
    }
}

/// A coupon code as it is kept and compared: trimmed, in capitals.
pub fn normalize_code(code: &str) -> String {
    code.trim().to_uppercase()
}
