//! What staff can do with an order, and why not where they can't.

use super::{Order, OrderStatus, units};
use crate::error::Refusal;
use crate::ids::OrderItemId;
use crate::money::Money;
use crate::payment::ProviderKind;
use crate::returns::RefundPlan;

named_enum! {
    /// Something staff can do with an order.
    pub enum OrderAction {
        /// Send all or some of it.
        Fulfill = "fulfill",
        /// Say that what was sent has arrived.
        Deliver = "deliver",
        /// Say that a bank transfer came in.
        MarkPaid = "mark_paid",
        /// Pay some or all of it back.
        Refund = "refund",
        /// Call it off.
        Cancel = "cancel",
    }
}

impl Order {
    /// Every action, and for each that can't be done now the reason. `pending` are the refunds on their way.
    pub fn actions(&self, pending: &[RefundPlan]) -> Vec<(OrderAction, Result<(), Refusal>)> {
        OrderAction::ALL.iter().map(|action| (*action, self.can(*action, pending))).collect()
    }

    /// Whether one action can be done now; the reason if not.
    pub fn can(&self, action: OrderAction, pending: &[RefundPlan]) -> Result<(), Refusal> {
        let seen = self.counting(pending)?;
        match action {
            OrderAction::Fulfill => seen.can_fulfill(),
            OrderAction::Deliver => self.can_deliver(),
            OrderAction::MarkPaid => self.can_mark_paid(),
            OrderAction::Refund => seen.can_refund(),
            OrderAction::Cancel => {
                self.can_cancel()?;
                // What is on its way back may still fail: only then is known what is left to pay back and to restock.
                match pending {
                    [] => Ok(()),
                    _ => Err(Refusal::NotAllowed("A refund is on its way. Wait until the bank has answered.")),
                }
            }
        }
    }

    /// The order as it will be when the refunds on their way have come through: what they take is no longer left.
    pub fn counting(&self, pending: &[RefundPlan]) -> Result<Self, Refusal> {
        let mut order = self.clone();
        for plan in pending {
            order.payment.refunded = order.payment.refunded.checked_add(plan.amount)?;
            for line in &plan.lines {
                if let Some(item) = order.items.iter_mut().find(|item| item.id == line.item_id) {
                    item.refunded_quantity += line.quantity;
                    item.refunded = item.refunded.checked_add(line.amount)?;
                }
            }
        }
        Ok(order)
    }

    /// The order with these units sent. What is being paid back is not.
    pub fn fulfilled(&self, units: &[(OrderItemId, i64)], pending: &[RefundPlan]) -> Result<Self, Refusal> {
        self.can(OrderAction::Fulfill, pending)?;
        let seen = self.counting(pending)?;
        let sent = units::pick(&seen, units.iter().copied(), |item| item.to_fulfill())?;
        let mut order = self.clone();
        for (item, quantity) in sent {
            let item = order.items.iter_mut().find(|own| own.id == item.id);
            item.into_iter().for_each(|item| item.fulfilled += quantity);
        }
        Ok(order.changed())
    }

    /// Whether something that was sent has not arrived; a reason if not.
    pub fn can_deliver(&self) -> Result<(), Refusal> {
        if self.items.iter().all(|item| item.fulfilled == 0) {
            return Err(Refusal::NotAllowed("Nothing of this order was sent yet."));
        }
        if self.items.iter().all(|item| item.delivered >= item.fulfilled - item.returned) {
            return Err(Refusal::NotAllowed("Everything that was sent has arrived."));
        }
        Ok(())
    }

    /// The order with everything that was sent at the buyer's door.
    pub fn delivered(&self) -> Result<Self, Refusal> {
        self.can_deliver()?;
        let mut order = self.clone();
        order.items.iter_mut().for_each(|item| item.delivered = item.fulfilled);
        Ok(order.changed())
    }

    /// Whether staff can say that it is paid; a reason if not.
    pub fn can_mark_paid(&self) -> Result<(), Refusal> {
        if self.payment.captured.minor >= self.totals.total.minor {
            return Err(Refusal::NotAllowed("This order is paid already."));
        }
        if self.status == OrderStatus::Canceled {
            return Err(Refusal::NotAllowed("This order is canceled; no payment is expected."));
        }
        if self.payment.provider != ProviderKind::Manual {
            return Err(Refusal::NotAllowed("Only a bank transfer is marked as paid by hand."));
        }
        Ok(())
    }

    /// The order with all of its money come in.
    pub fn paid(&self) -> Result<Self, Refusal> {
        self.can_mark_paid()?;
        let mut order = self.clone();
        order.payment.captured = order.totals.total;
        Ok(order.changed())
    }

    /// Whether anything can be paid back; a reason if not.
    pub fn can_refund(&self) -> Result<(), Refusal> {
        if self.payment.captured.is_zero() {
            return Err(Refusal::NotAllowed("Nothing was paid, so there is nothing to pay back."));
        }
        if self.payment.refunded.minor >= self.payment.captured.minor {
            return Err(Refusal::NotAllowed("Everything that was paid went back already, or is on its way."));
        }
        Ok(())
    }

    /// What is still to be paid for it; nothing once it is canceled.
    pub fn outstanding(&self) -> Money {
        let owed = self.totals.total.minor - self.payment.captured.minor;
        let owed = if self.status == OrderStatus::Canceled { 0 } else { owed.max(0) };
        Money::new(owed, self.totals.total.currency)
    }

    /// Units of each line that a cancelation puts back on the shelf: those that were not paid back before.
    pub fn to_restock(&self) -> Vec<(OrderItemId, i64)> {
        let left = self.items.iter().map(|item| (item.id, item.quantity - item.refunded_quantity));
        left.filter(|(_, quantity)| *quantity > 0).collect()
    }

    fn changed(mut self) -> Self {
        self.version += 1;
        self.projected(false, false)
    }
}
