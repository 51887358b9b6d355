//! How many can be bought, and what the page says about it.

use super::product::{StockPolicy, Variant};
use crate::inventory::Level;

named_enum! {
    /// What a page says about the stock of a variant.
    pub enum StockState {
        /// There are plenty, or they are not counted.
        In = "in",
        /// At or under the threshold.
        Low = "low",
        /// None left, and none will be sold.
        Out = "out",
        /// None left, and it is made to order.
        Backorder = "backorder",
    }
}

impl Variant {
    /// How many are free to buy: on hand less reserved, never below zero; `None` when not tracked.
    pub fn available(&self) -> Option<i64> {
        self.level().available()
    }

    /// Whether this many can be bought now.
    pub fn sellable(&self, quantity: i64) -> bool {
        self.level().can_reserve(quantity)
    }

    /// What the page says, `low_stock_threshold` being the product's.
    pub fn stock_state(&self, low_stock_threshold: i64) -> StockState {
        self.level().state(low_stock_threshold)
    }

    /// Its stock.
    pub fn level(&self) -> Level {
        Level { on_hand: self.on_hand, reserved: self.reserved, tracked: self.tracked, policy: self.policy }
    }
}

impl Level {
    /// How much there is, where so many or fewer count as low.
    pub fn state(&self, low_stock_threshold: i64) -> StockState {
        match (self.available(), self.policy) {
            (None, _) => StockState::In,
            (Some(0), StockPolicy::Continue) => StockState::Backorder,
            (Some(0), StockPolicy::Deny) => StockState::Out,
            (Some(available), _) if available <= low_stock_threshold => StockState::Low,
            (Some(_), _) => StockState::In,
        }
    }
}
