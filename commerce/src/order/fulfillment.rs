//! How much of an order was sent, arrived and came back.

use super::OrderItem;

named_enum! {
    /// The fulfilment status of an order: a projection, never set by hand.
    pub enum FulfillmentStatus {
        /// Nothing was sent.
        Unfulfilled = "unfulfilled",
        /// Some of it was sent.
        Partial = "partial",
        /// All of it was sent.
        Fulfilled = "fulfilled",
        /// All of it has arrived.
        Delivered = "delivered",
        /// All of it came back.
        Returned = "returned",
    }
}

/// What has happened to the units of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemProgress {
    /// Units that are to be sent: those ordered, less those paid back without having been sent.
    pub due: i64,
    /// Units that were sent.
    pub fulfilled: i64,
    /// Units that have arrived.
    pub delivered: i64,
    /// Units that came back.
    pub returned: i64,
}

impl OrderItem {
    /// What has happened to its units. One that was paid back but did not come back counts as not sent, while there are
    /// such.
    pub fn progress(&self) -> ItemProgress {
        let kept_by_us = (self.refunded_quantity - self.returned).max(0);
        let ordered = if self.requires_shipping { self.quantity } else { 0 };
        ItemProgress {
            due: (ordered - kept_by_us).max(self.fulfilled),
            fulfilled: self.fulfilled,
            delivered: self.delivered,
            returned: self.returned,
        }
    }

    /// How many may still be sent.
    pub fn to_fulfill(&self) -> i64 {
        let ItemProgress { due, fulfilled, .. } = self.progress();
        due - fulfilled
    }
}

/// The fulfilment status that follows from the lines.
pub fn fulfillment_status(items: impl IntoIterator<Item = ItemProgress>) -> FulfillmentStatus {
    let (mut due, mut fulfilled, mut delivered, mut returned) = (0, 0, 0, 0);
    for item in items {
        due += item.due;
        fulfilled += item.fulfilled;
        delivered += item.delivered;
        returned += item.returned;
    }
    if fulfilled == 0 {
        FulfillmentStatus::Unfulfilled
    } else if returned >= due {
        FulfillmentStatus::Returned
    } else if fulfilled < due {
        FulfillmentStatus::Partial
    } else if delivered >= due {
        FulfillmentStatus::Delivered
    } else {
        FulfillmentStatus::Fulfilled
    }
}
