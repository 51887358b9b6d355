//! The life of an order: open until everything is done, or canceled before anything was sent.

use super::{FulfillmentStatus, Order};
use crate::error::Refusal;
use crate::payment::{PaymentFacts, PaymentStatus, payment_status};

named_enum! {
    /// Where an order stands.
    pub enum OrderStatus {
        /// Something is still to be done.
        Open = "open",
        /// Paid and sent.
        Completed = "completed",
        /// Called off before anything was sent.
        Canceled = "canceled",
    }
}

impl Order {
    /// Whether it can be called off; a reason if not. Money that came in is to be paid back with it.
    pub fn can_cancel(&self) -> Result<(), Refusal> {
        match (self.status, self.fulfillment_status) {
            (OrderStatus::Canceled, _) => Err(Refusal::NotAllowed("This order is canceled already.")),
            (OrderStatus::Completed, _) => Err(Refusal::NotAllowed("This order is complete. Refund it instead.")),
            (OrderStatus::Open, FulfillmentStatus::Unfulfilled) => Ok(()),
            (OrderStatus::Open, _) => {
                Err(Refusal::NotAllowed("Something of this order was sent. Take it back as a return instead."))
            }
        }
    }

    /// The order called off.
    pub fn canceled(&self) -> Result<Self, Refusal> {
        self.can_cancel()?;
        Ok(Self { status: OrderStatus::Canceled, version: self.version + 1, ..self.clone() })
    }

    /// Whether anything of it can be sent; a reason if not.
    pub fn can_fulfill(&self) -> Result<(), Refusal> {
        if self.status == OrderStatus::Canceled {
            return Err(Refusal::NotAllowed("This order is canceled; nothing of it can be sent."));
        }
        if self.items.iter().all(|item| item.to_fulfill() == 0) {
            return Err(Refusal::NotAllowed("Everything of this order was sent already, or paid back."));
        }
        Ok(())
    }

    /// The order with its three statuses as they follow from its payment and its lines. `last_attempt_failed` and
    /// `needs_review` are facts of its payments. A canceled order stays canceled.
    pub fn projected(&self, last_attempt_failed: bool, needs_review: bool) -> Self {
        let payment_status = payment_status(&PaymentFacts {
            total: self.totals.total,
            captured: self.payment.captured,
            refunded: self.payment.refunded,
            authorized: false,
            failed: last_attempt_failed,
            needs_review,
        });
        let fulfillment_status = super::fulfillment_status(self.items.iter().map(|item| item.progress()));
        let status = match self.status {
            OrderStatus::Canceled => OrderStatus::Canceled,
            _ if settled(payment_status) && self.items.iter().all(|item| item.to_fulfill() == 0) => {
                OrderStatus::Completed
            }
            _ => OrderStatus::Open,
        };
        Self { status, payment_status, fulfillment_status, ..self.clone() }
    }
}

/// Whether no money is waited for.
fn settled(status: PaymentStatus) -> bool {
    matches!(status, PaymentStatus::Paid | PaymentStatus::PartiallyRefunded | PaymentStatus::Refunded)
}
