//! What a provider's answer does, whoever brings it, in one transaction.

use super::super::faults::Fault;
use super::super::paths::Path;
use super::super::shop::{Shop, Written};
use super::super::tables::{CartRow, CheckoutRow, Job, Subject};
use commerce::cart::{Cart, CartStatus};
use commerce::checkout::{Checkout, CheckoutStatus, complete};
use commerce::ids::{OrderId, PaymentId};
use commerce::payment::{Attempt, AttemptStatus, Effect, Outcome, ReviewReason, Transition, apply};
use std::rc::Rc;

/// Where an attempt stands after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    Order(OrderId),
    Declined,
    Waiting,
    Ended,
    Review,
}

impl Shop {
    /// Applies an answer on the attempt's version.
    pub fn settle(&mut self, payment: PaymentId, outcome: Outcome) -> Written<Settled> {
        let at = self.payment_at(payment)?;
        let checkout = self.lock_checkout(self.db.payments[at].attempt.checkout_id);
        let mut before = Attempt::clone(&self.db.payments[at].attempt);
        let mut outcome = outcome;
        self.distort(&mut before, &mut outcome);
        let took_money = matches!(outcome, Outcome::Succeeded { .. });
        let Ok(Transition { mut attempt, mut effect }) = apply(&before, outcome, self.now) else {
            self.walked(Path::SecondCharge);
            self.tell(checkout.cart, "payment.second_charge", Subject::Payment(payment), before.version)?;
            return Ok(Settled::Review);
        };
        self.sell_late(&checkout, &mut attempt, &mut effect);
        if attempt != before {
            self.save_payment(at, attempt.clone())?;
            self.tell(checkout.cart, told_as(&attempt.status), Subject::Payment(payment), attempt.version)?;
        }
        if effect == Effect::Nothing && took_money && attempt.status.as_str() == "succeeded" {
            self.repeat(&checkout, &attempt)?;
        }
        self.follow(&checkout, &attempt, effect)
    }

    /// What follows for the checkout.
    fn follow(&mut self, row: &CheckoutRow, attempt: &Attempt, effect: Effect) -> Written<Settled> {
        let checkout = &row.checkout;
        let next = checkout.status_after(effect);
        match effect {
            Effect::Nothing => Ok(standing(attempt, checkout)),
            Effect::Wait => Ok(Settled::Waiting),
            Effect::Paid if next == CheckoutStatus::Completed || self.sells_late(checkout) => {
                if row.payment.is_some_and(|last| last != attempt.id) || self.was_declined(checkout) {
                    self.walked(Path::DeclinedThenPaid);
                }
                let number = self.number();
                Ok(Settled::Order(self.place_order(row.cart, checkout, attempt, number)?))
            }
            Effect::Declined | Effect::Canceled => self.reopen(row, attempt, next),
            Effect::Paid | Effect::Review => self.review(row, attempt, next),
        }
    }

    fn was_declined(&self, checkout: &Checkout) -> bool {
        let own = self.db.payments.iter().filter(|row| row.attempt.checkout_id == checkout.id);
        own.into_iter().any(|row| row.attempt.status.as_str() == "declined")
    }

    /// Writes the order, the sale and the events. The attempt has been written before.
    pub fn place_order(
        &mut self,
        cart: usize,
        checkout: &Checkout,
        attempt: &Attempt,
        number: u64,
    ) -> Written<OrderId> {
        let mut order = complete(checkout, attempt, &number.to_string(), self.now);
        if self.is(Fault::TotalOffByACent) {
            order.totals.total.minor += 1;
        }
        let (id, version) = (order.id, order.version);
        let sold = self.sell(cart, checkout.id, number)?;
        self.consume_uses(checkout.id)?;
        let completed = Checkout {
            status: CheckoutStatus::Completed,
            order: Some(id),
            version: checkout.version + 1,
            ..checkout.clone()
        };
        let told = completed.version;
        self.save_checkout(completed, Some(attempt.id))?;
        self.complete_cart(cart, id)?;
        self.insert_order(cart, number, order, &checkout.quote.explanation)?;
        self.tell(cart, "checkout.completed", Subject::Checkout(checkout.id), told)?;
        self.tell(cart, "order.placed", Subject::Order(id), version)?;
        self.tell_stock(&sold)?;
        self.walked_order(checkout, attempt);
        Ok(id)
    }

    fn complete_cart(&mut self, at: usize, order: OrderId) -> Written<()> {
        self.write()?;
        let row = self.db.carts[at].clone();
        let done = Cart {
            status: CartStatus::Completed(order),
            version: row.cart.version + 1,
            updated_at: self.now,
            ..Cart::clone(&row.cart)
        };
        self.db.carts.set(at, CartRow { cart: Rc::new(done), ..row });
        Ok(())
    }

    fn walked_order(&mut self, checkout: &Checkout, attempt: &Attempt) {
        self.walked(Path::Ordered);
        let line = checkout.items.iter().zip(&checkout.quote.lines);
        let mut frozen = line.filter_map(|(item, line)| Some((self.for_sale.get(&item.variant_id)?, line)));
        if frozen.any(|(now, line)| now.price != line.unit_price) && attempt.amount.minor > 0 {
            self.walked(Path::OldPricePaid);
        }
    }

    /// No money moved: a checkout whose payment was in flight is open again, with its stock still held.
    fn reopen(&mut self, row: &CheckoutRow, attempt: &Attempt, next: CheckoutStatus) -> Written<Settled> {
        let checkout = &row.checkout;
        if self.is(Fault::DeclineWritesOrder) && attempt.status.as_str() == "declined" {
            let number = self.number();
            return self.place_order(row.cart, checkout, attempt, number).map(Settled::Order);
        }
        if next == CheckoutStatus::Open && checkout.status == CheckoutStatus::Processing {
            let held = checkout.held_after_decline(self.terms.reservation, self.now);
            let open = Checkout { status: next, expires_at: held, ..Checkout::clone(checkout) };
            self.save_checkout(open, Some(attempt.id))?;
            self.tell(row.cart, "checkout.reopened", Subject::Checkout(checkout.id), checkout.version)?;
            self.enqueue(Job::ExpireCheckout(checkout.id), held)?;
        }
        if attempt.status.as_str() != "declined" {
            return Ok(Settled::Ended);
        }
        self.walked(Path::Declined);
        Ok(Settled::Declined)
    }

    /// Money that fits nothing is for a person to see.
    fn review(&mut self, row: &CheckoutRow, attempt: &Attempt, next: CheckoutStatus) -> Written<Settled> {
        let checkout = &row.checkout;
        if next == CheckoutStatus::NeedsReview {
            let review = Checkout { status: next, version: checkout.version + 1, ..Checkout::clone(checkout) };
            let version = review.version;
            self.save_checkout(review, Some(attempt.id))?;
            self.tell(row.cart, "checkout.needs_review", Subject::Checkout(checkout.id), version)?;
        }
        if let AttemptStatus::NeedsReview { reason, .. } = attempt.status {
            self.walked(match reason {
                ReviewReason::AmountMismatch => Path::WrongAmount,
                ReviewReason::PaidAfterDecline => Path::MoneyAfterDecline,
                ReviewReason::PaidAfterCancel => Path::MoneyAfterCancel,
            });
        }
        if matches!(checkout.status, CheckoutStatus::Expired | CheckoutStatus::Canceled) {
            self.walked(Path::MoneyAfterExpiry);
        }
        Ok(Settled::Review)
    }

    /// The faults of reading: an old version, an amount taken on trust.
    fn distort(&self, before: &mut Attempt, outcome: &mut Outcome) {
        if self.is(Fault::WebhookWithoutVersion) {
            (before.status, before.version) = (AttemptStatus::Pending, 1);
        }
        if let (Outcome::Succeeded { amount, .. }, true) = (outcome, self.is(Fault::AmountUnchecked)) {
            *amount = before.amount;
        }
    }

    /// The fault of selling what was released, once its money came in after all.
    fn sell_late(&self, row: &CheckoutRow, attempt: &mut Attempt, effect: &mut Effect) {
        if let (true, AttemptStatus::NeedsReview { reference, amount, .. }) =
            (self.sells_late(&row.checkout), attempt.status.clone())
        {
            attempt.status = AttemptStatus::Succeeded { reference, amount };
            *effect = Effect::Paid;
        }
    }

    fn sells_late(&self, checkout: &Checkout) -> bool {
        let ended = matches!(checkout.status, CheckoutStatus::Expired | CheckoutStatus::Canceled);
        ended && self.is(Fault::LateMoneySells)
    }

    /// The fault of completing once more what is completed.
    fn repeat(&mut self, row: &CheckoutRow, attempt: &Attempt) -> Written<()> {
        if self.is(Fault::OrderOnRepeat) && row.checkout.status == CheckoutStatus::Completed {
            let number = self.number();
            self.place_order(row.cart, &row.checkout, attempt, number)?;
        }
        Ok(())
    }
}

fn standing(attempt: &Attempt, checkout: &Checkout) -> Settled {
    match (&attempt.status, checkout.order) {
        (AttemptStatus::NeedsReview { .. }, _) => Settled::Review,
        (_, Some(order)) => Settled::Order(order),
        (AttemptStatus::Declined { .. }, None) => Settled::Declined,
        (status, None) if status.in_flight() => Settled::Waiting,
        _ => Settled::Ended,
    }
}

fn told_as(status: &AttemptStatus) -> &'static str {
    match status {
        AttemptStatus::Pending | AttemptStatus::Processing { .. } => "payment.processing",
        AttemptStatus::RequiresAction { .. } => "payment.requires_action",
        AttemptStatus::Succeeded { .. } => "payment.succeeded",
        AttemptStatus::Declined { .. } => "payment.declined",
        AttemptStatus::Canceled => "payment.canceled",
        AttemptStatus::NeedsReview { .. } => "payment.needs_review",
    }
}
