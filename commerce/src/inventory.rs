//! Stock: what lies there, what is promised, and every way it changes.

mod allocate;
pub mod sheet;

pub use allocate::{Reserve, Shelf, allocate, put_back};

use crate::catalog::StockPolicy;
use crate::ids::{CartItemId, VariantId};
use serde::{Deserialize, Serialize};

/// The stock of one variant at one location. `on_hand` below zero is what a `continue` variant still owes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// Units that lie there.
    pub on_hand: i64,
    /// Units of those that are promised to open checkouts.
    pub reserved: i64,
    /// Whether it is counted at all; when not, no number here ever moves.
    pub tracked: bool,
    /// What happens when it has run out.
    pub policy: StockPolicy,
}

/// Fewer are there than were asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Only {available} left.")]
pub struct Short {
    /// How many are free to buy.
    pub available: i64,
}

/// More was to be given back or sold than was reserved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("only {reserved} are reserved")]
pub struct NotReserved {
    /// How many are.
    pub reserved: i64,
}

/// Stock was to be set below what is promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{reserved} are reserved by open checkouts; the stock can't be set below that.")]
pub struct BelowReserved {
    /// How many are promised.
    pub reserved: i64,
}

/// A cart line that asks for more than there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortage {
    /// The line of the cart; `None` for what is not in it yet.
    pub item_id: Option<CartItemId>,
    /// What it asks for.
    pub variant_id: VariantId,
    /// How many.
    pub requested: i64,
    /// How many are free to buy.
    pub available: i64,
}

named_enum! {
    /// Why a stock level moved: the kinds of the ledger.
    pub enum MovementKind {
        /// The first count of a new variant.
        Initial = "initial",
        /// A catalog file.
        Import = "import",
        /// Staff put a wrong number right.
        Correction = "correction",
        /// A delivery came in.
        Received = "received",
        /// Staff counted the shelf.
        Stocktake = "stocktake",
        /// Something was broken, spoiled or lost.
        Damaged = "damaged",
        /// Somebody brought goods back without an order.
        Returned = "returned",
        /// Brought to another location, or from there.
        Moved = "moved",
        /// An order.
        Sale = "sale",
        /// Goods that came back.
        Return = "return",
        /// An order that was canceled before it was sent.
        Cancel = "cancel",
    }
}

impl Level {
    /// The stock of what was never counted: none, and none to be sold.
    pub const NONE: Self = Self { on_hand: 0, reserved: 0, tracked: true, policy: StockPolicy::Deny };

    /// How many are free to buy: on hand less reserved, never below zero; `None` when not tracked.
    pub fn available(&self) -> Option<i64> {
        self.tracked.then(|| self.on_hand.saturating_sub(self.reserved).max(0))
    }

    /// Whether so many can be promised.
    pub fn can_reserve(&self, quantity: i64) -> bool {
        let enough = || self.available().is_none_or(|available| quantity <= available);
        quantity >= 0 && (self.policy == StockPolicy::Continue || enough())
    }

    /// Promises so many to a checkout.
    pub fn reserve(self, quantity: i64) -> Result<Self, Short> {
        if !self.can_reserve(quantity) {
            return Err(Short { available: self.available().unwrap_or(0) });
        }
        Ok(self.moved(0, quantity))
    }

    /// Takes a promise back.
    pub fn release(self, quantity: i64) -> Result<Self, NotReserved> {
        self.must_be_reserved(quantity)?;
        Ok(self.moved(0, quantity.saturating_neg()))
    }

    /// Keeps a promise: the goods are gone.
    pub fn sell(self, quantity: i64) -> Result<Self, NotReserved> {
        self.must_be_reserved(quantity)?;
        Ok(self.moved(quantity.saturating_neg(), quantity.saturating_neg()))
    }

    /// Puts goods back: a return or a cancelation. Fewer than none is none.
    pub fn restock(self, quantity: i64) -> Self {
        self.moved(quantity.max(0), 0)
    }

    /// Sets what lies there, as counted by a person. What is promised must stay there, unless it is sold on when empty.
    pub fn set_on_hand(self, on_hand: i64) -> Result<Self, BelowReserved> {
        if self.tracked && self.policy == StockPolicy::Deny && on_hand < self.reserved {
            return Err(BelowReserved { reserved: self.reserved });
        }
        Ok(Self { on_hand, ..self })
    }

    fn must_be_reserved(&self, quantity: i64) -> Result<(), NotReserved> {
        if self.tracked && !(0..=self.reserved).contains(&quantity) {
            return Err(NotReserved { reserved: self.reserved });
        }
        Ok(())
    }

    fn moved(self, on_hand: i64, reserved: i64) -> Self {
        if !self.tracked {
            return self;
        }
        Self { on_hand: self.on_hand.saturating_add(on_hand), reserved: self.reserved.saturating_add(reserved), ..self }
    }
}
