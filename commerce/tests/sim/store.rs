//! The statements: what writes rows of checkouts, payments, orders and refunds as the shop's store does.

use super::faults::Fault;
use super::life::Life;
use super::shop::{Shop, Stop, Written};
use super::tables::{CheckoutRow, OrderRow, PaymentRow, RefundRow, Subject};
use commerce::checkout::Checkout;
use commerce::error::Refusal;
use commerce::ids::*;
use commerce::order::Order;
use commerce::payment::{Attempt, AttemptStatus};
use commerce::pricing::Explained;
use commerce::returns::{Refund, RefundPlan, RefundStatus};
use std::rc::Rc;

/// What an attempt has brought in.
pub fn captured(attempt: &Attempt) -> i64 {
    match &attempt.status {
        AttemptStatus::Succeeded { amount, .. } | AttemptStatus::NeedsReview { amount, .. } => amount.minor,
        _ => 0,
    }
}

impl Shop {
    pub fn checkout_at(&self, id: CheckoutId) -> usize {
        self.db.checkouts.iter().rposition(|row| row.checkout.id == id).expect("checkouts are never forgotten")
    }

    /// A checkout, with its cart locked before it.
    pub fn lock_checkout(&mut self, id: CheckoutId) -> CheckoutRow {
        let row = self.db.checkouts[self.checkout_at(id)].clone();
        self.lock(row.cart);
        row
    }

    pub fn find_payment(&self, id: PaymentId) -> Option<usize> {
        self.db.payments.iter().rposition(|row| row.attempt.id == id)
    }

    /// A payment that may be unknown here, as one that only the provider has heard of.
    pub fn payment_at(&self, id: PaymentId) -> Written<usize> {
        self.find_payment(id).ok_or(Stop::Refused(Refusal::NotAllowed("There is no such payment.")))
    }

    pub fn find_order(&self, id: OrderId) -> Option<usize> {
        self.db.orders.iter().rposition(|row| row.order.id == id)
    }

    pub fn refund_at(&self, id: RefundId) -> usize {
        self.db.refunds.iter().rposition(|row| row.refund.id == id).expect("refunds are never forgotten")
    }

    /// An order as it is read: what came in and went back are columns of its payment.
    pub fn load_order(&self, at: usize) -> Order {
        let mut order = Order::clone(&self.db.orders[at].order);
        if let Some(payment) = self.find_payment(order.payment.attempt).map(|at| &self.db.payments[at]) {
            order.payment.captured.minor = payment.captured;
            order.payment.refunded.minor = payment.refunded;
        }
        order
    }

    /// The plans of the refunds of an order that are on their way.
    pub fn pending(&self, order: OrderId) -> Vec<RefundPlan> {
        let own = self.db.refunds.iter().filter(|row| row.refund.order_id == Some(order));
        own.filter(|row| row.refund.status == RefundStatus::Pending).map(|row| row.refund.plan.clone()).collect()
    }

    pub fn insert_checkout(&mut self, cart: usize, checkout: Checkout) -> Written<()> {
        self.write()?;
        self.may_follow(Life::Checkout, "", checkout.status.as_str());
        self.db.checkouts.push(CheckoutRow { cart, checkout: Rc::new(checkout), payment: None });
        Ok(())
    }

    pub fn save_checkout(&mut self, after: Checkout, payment: Option<PaymentId>) -> Written<()> {
        self.write()?;
        let at = self.checkout_at(after.id);
        let CheckoutRow { cart, checkout: before, .. } = self.db.checkouts[at].clone();
        self.may_follow(Life::Checkout, before.status.as_str(), after.status.as_str());
        self.db.checkouts.set(at, CheckoutRow { cart, checkout: Rc::new(after), payment });
        Ok(())
    }

    pub fn insert_payment(&mut self, cart: usize, attempt: &Attempt, seen: i64) -> Written<()> {
        self.write()?;
        self.may_follow(Life::Payment, "", attempt.status.as_str());
        let captured = captured(attempt);
        self.db.payments.push(PaymentRow { cart, attempt: Rc::new(attempt.clone()), captured, refunded: 0, seen });
        Ok(())
    }

    pub fn save_payment(&mut self, at: usize, after: Attempt) -> Written<()> {
        self.write()?;
        let before = self.db.payments[at].clone();
        self.may_follow(Life::Payment, before.attempt.status.as_str(), after.status.as_str());
        let captured = captured(&after);
        self.db.payments.set(at, PaymentRow { captured, attempt: Rc::new(after), ..before });
        Ok(())
    }

    pub fn insert_order(&mut self, cart: usize, number: u64, order: Order, why: &[Explained]) -> Written<()> {
        self.write()?;
        self.may_follow(Life::Order, "", order.status.as_str());
        let explanation = Rc::new(why.to_vec());
        self.db.orders.push(OrderRow { cart, number, order: Rc::new(order), explanation });
        Ok(())
    }

    /// Keeps what was done with an order, and tells it.
    pub fn keep_order(&mut self, at: usize, after: Order, kind: &'static str) -> Written<()> {
        self.write()?;
        let before = self.db.orders[at].clone();
        self.may_follow(Life::Order, before.order.status.as_str(), after.status.as_str());
        let (cart, id, version) = (before.cart, after.id, after.version);
        self.db.orders.set(at, OrderRow { order: Rc::new(after), ..before });
        if self.is(Fault::EventForgotten) {
            return Ok(());
        }
        self.tell(cart, kind, Subject::Order(id), version)
    }

    pub fn insert_refund(&mut self, cart: usize, refund: Refund) -> Written<()> {
        self.write()?;
        self.may_follow(Life::Refund, "", refund.status.as_str());
        self.db.refunds.push(RefundRow { cart, refund: Rc::new(refund) });
        Ok(())
    }

    pub fn save_refund(&mut self, after: Refund) -> Written<()> {
        self.write()?;
        let at = self.refund_at(after.id);
        let RefundRow { cart, refund: before } = self.db.refunds[at].clone();
        self.may_follow(Life::Refund, before.status.as_str(), after.status.as_str());
        self.db.refunds.set(at, RefundRow { cart, refund: Rc::new(after) });
        Ok(())
    }
}
