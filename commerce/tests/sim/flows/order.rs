//! What staff do with an order: send it, say that it arrived or was paid, call it off.

use super::super::faults::Fault;
use super::super::paths::Path;
use super::super::shop::{Shop, Written};
use super::super::tables::{Cancellation, Hold, Parcel, Subject};
use super::refund::of_variants;
use commerce::ids::{OrderItemId, RefundId};
use commerce::inventory::MovementKind;
use commerce::order::OrderAction;
use commerce::payment::{Outcome, apply};
use commerce::returns::{RefundWhat, decide};

impl Shop {
    /// Sends a parcel.
    pub fn fulfil(&mut self, at: usize, items: Vec<(OrderItemId, i64)>) -> Written<()> {
        let cart = self.db.orders[at].cart;
        self.lock(cart);
        let order = self.load_order(at);
        let sent = order.fulfilled(&items, &self.pending(order.id))?;
        self.write()?;
        self.db.parcels.push(Parcel { cart, order: order.id, items });
        self.walked(Path::Sent);
        self.keep_order(at, sent, "order.fulfilled")
    }

    /// Says that everything that was sent has arrived.
    pub fn deliver(&mut self, at: usize) -> Written<()> {
        self.lock(self.db.orders[at].cart);
        let order = self.load_order(at).delivered()?;
        self.walked(Path::Delivered);
        self.keep_order(at, order, "order.delivered")
    }

    /// A bank transfer came in.
    pub fn mark_paid(&mut self, at: usize) -> Written<()> {
        let cart = self.db.orders[at].cart;
        self.lock(cart);
        let order = self.load_order(at).paid()?;
        let payment = self.payment_at(order.payment.attempt)?;
        let attempt = self.db.payments[payment].attempt.clone();
        let came_in = Outcome::Succeeded { reference: attempt.id.to_string(), amount: attempt.amount };
        let paid = apply(&attempt, came_in, self.now).expect("it was not paid before").attempt;
        self.save_payment(payment, paid.clone())?;
        self.tell(cart, "payment.succeeded", Subject::Payment(paid.id), paid.version)?;
        self.walked(Path::MarkedPaid);
        self.keep_order(at, order, "order.paid")
    }

    /// Calls an order off; what was paid is on its way back.
    pub fn cancel_order(&mut self, at: usize, restock: bool) -> Written<Option<RefundId>> {
        let (cart, number) = (self.db.orders[at].cart, self.db.orders[at].number);
        self.lock(cart);
        let before = self.load_order(at);
        let pending = self.pending(before.id);
        if !pending.is_empty() {
            self.walked(Path::CancelMetPendingRefund);
        }
        before.can(OrderAction::Cancel, &pending)?;
        let order = before.canceled()?;
        self.write()?;
        let refunded_before = before.items.iter().map(|item| item.refunded_quantity).collect();
        self.db.cancellations.push(Cancellation { cart, order: order.id, restock, refunded_before });
        if restock {
            let units = of_variants(&order, &order.to_restock());
            for _ in 0..if self.is(Fault::RestockedTwice) { 2 } else { 1 } {
                let counted = self.restock(order.checkout_id, &units, (MovementKind::Cancel, cart, number))?;
                self.tell_stock(&counted)?;
            }
        }
        self.walked(if restock { Path::CancelWithRestock } else { Path::CancelWithoutRestock });
        if !self.is(Fault::CouponKeptAfterCancel) {
            self.release_uses(order.checkout_id, Hold::Kept)?;
        }
        self.keep_order(at, order.clone(), "order.canceled")?;
        if order.can_refund().is_err() {
            return Ok(None);
        }
        let plan = decide(&order, &[], &RefundWhat::Remaining)?;
        self.write_refund(Some(order.id), order.payment.attempt, plan, false).map(Some)
    }
}
