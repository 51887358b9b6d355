//! Beginning to pay: one transaction that writes down what is about to be asked, and what finishes it if we don't.

use super::super::faults::Fault;
use super::super::paths::Path;
use super::super::shop::{Shop, Written};
use super::super::tables::{Job, Subject};
use commerce::checkout::{Checkout, CheckoutStatus, PayCommand, PayPlan, begin_payment};
use commerce::error::Refusal;
use commerce::ids::{CheckoutId, OrderId};
use commerce::payment::{Attempt, BankAnswer};
use std::rc::Rc;

/// How long the provider has to answer before the reconciling job asks it on its own.
pub const RECONCILE_AFTER: i64 = 20;

/// What beginning came to.
#[derive(Debug)]
pub enum Begun {
    /// There is an order, from now or from before.
    Order(OrderId),
    /// The provider is to be asked.
    Ask { attempt: Rc<Attempt>, bank: BankAnswer },
}

impl Shop {
    /// Begins to pay a checkout of which the buyer saw this total. Paying again answers the same order.
    pub fn begin_payment(&mut self, id: CheckoutId, command: &PayCommand, seen: i64) -> Written<Begun> {
        let row = self.lock_checkout(id);
        let (cart, checkout) = (row.cart, row.checkout);
        let mut command = command.clone();
        if self.is(Fault::OtherVersionPaid) {
            command.version = checkout.version;
        }
        let (payment, order) = (self.id(), self.id());
        let plan = match begin_payment(&checkout, &command, payment, order, self.now) {
            Ok(plan) => plan,
            Err(Refusal::AlreadyPaid { order: before }) => {
                self.walked(Path::PaidAgainSameOrder);
                return Ok(Begun::Order(if self.is(Fault::OrderIdOnRepeat) { order } else { before }));
            }
            Err(refusal) => return Err(refusal.into()),
        };
        let attempt = &plan.attempt;
        self.insert_payment(cart, attempt, seen)?;
        self.tell(cart, "payment.started", Subject::Payment(attempt.id), attempt.version)?;
        if plan.immediate {
            self.walked(Path::OrderedAtOnce);
            let number = self.number();
            return Ok(Begun::Order(self.place_order(cart, &checkout, attempt, number)?));
        }
        self.begin_to_ask(cart, &checkout, plan)
    }

    fn begin_to_ask(&mut self, cart: usize, checkout: &Checkout, plan: PayPlan) -> Written<Begun> {
        let attempt = plan.attempt;
        self.tell(cart, "checkout.processing", Subject::Checkout(checkout.id), attempt.checkout_version)?;
        let paying = Checkout { status: CheckoutStatus::Processing, expires_at: plan.hold_until, ..checkout.clone() };
        self.save_checkout(paying, Some(attempt.id))?;
        if !self.is(Fault::ReconcileForgotten) {
            self.enqueue(Job::ReconcilePayment(attempt.id), self.after(RECONCILE_AFTER))?;
        }
        let bank = plan.bank.expect("what is asked of the sandbox has an answer");
        Ok(Begun::Ask { attempt: Rc::new(attempt), bank })
    }
}
