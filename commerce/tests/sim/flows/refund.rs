//! Paying back: written down first, asked with nothing locked, applied once.

use super::super::faults::Fault;
use super::super::paths::Path;
use super::super::shop::{Shop, Stop, Written};
use super::super::tables::{CartRow, Hold, Job, PaymentRow, Subject};
use super::pay::RECONCILE_AFTER;
use commerce::checkout::CheckoutStatus;
use commerce::error::Refusal;
use commerce::ids::{OrderId, OrderItemId, PaymentId, RefundId, VariantId};
use commerce::inventory::MovementKind;
use commerce::money::Money;
use commerce::order::{Order, OrderStatus};
use commerce::payment::{AttemptStatus, ProviderKind};
use commerce::returns::{
    Refund, RefundLine, RefundOutcome, RefundPlan, RefundStatus, RefundWhat, after_refund, decide,
};

impl Shop {
    /// Writes down a refund of an order, or says why not.
    pub fn begin_refund(&mut self, at: usize, what: &RefundWhat, restock: bool) -> Written<RefundId> {
        self.lock(self.db.orders[at].cart);
        let order = self.load_order(at);
        let plan = self.decide_refund(&order, what)?;
        let forgets = self.is(Fault::RestockedAfterCancel);
        let restock = restock && (forgets || order.status != OrderStatus::Canceled);
        self.walked(match what {
            RefundWhat::Amount(_) => Path::RefundOfAmount,
            RefundWhat::Items(_) => Path::RefundInPart,
            RefundWhat::Remaining => Path::RefundOfRest,
        });
        self.write_refund(Some(order.id), order.payment.attempt, plan, restock)
    }

    fn decide_refund(&self, order: &Order, what: &RefundWhat) -> Written<RefundPlan> {
        match what {
            RefundWhat::Amount(amount) if self.is(Fault::RefundUncapped) => {
                Ok(RefundPlan { lines: Vec::new(), amount: *amount })
            }
            RefundWhat::Items(items) if self.is(Fault::UnitsPaidBackTwice) => {
                let mut fresh = order.clone();
                for item in &mut fresh.items {
                    (item.refunded_quantity, item.refunded) = (0, Money::zero(item.refunded.currency));
                }
                Ok(decide(&fresh, &[], &RefundWhat::Items(items.clone()))?)
            }
            RefundWhat::Items(_) if self.is(Fault::RefundDropsTheRest) => {
                let mut plan = decide(order, &self.pending(order.id), what)?;
                for line in &mut plan.lines {
                    let item = order.items.iter().find(|item| item.id == line.item_id);
                    let one = item.map_or(0, |item| item.total.minor / item.quantity);
                    plan.amount.minor -= line.amount.minor - one * line.quantity;
                    line.amount.minor = one * line.quantity;
                }
                Ok(plan)
            }
            _ if self.is(Fault::RefundForgetsPending) => Ok(decide(order, &[], what)?),
            _ => Ok(decide(order, &self.pending(order.id), what)?),
        }
    }

    /// Writes a refund down with its event and its job. Money that nobody has to be asked for has gone back at once.
    pub fn write_refund(
        &mut self,
        order: Option<OrderId>,
        payment: PaymentId,
        plan: RefundPlan,
        restock: bool,
    ) -> Written<RefundId> {
        let PaymentRow { cart, attempt, .. } = self.db.payments[self.payment_at(payment)?].clone();
        let refund = Refund {
            id: self.id(),
            payment_id: payment,
            order_id: order,
            status: RefundStatus::Pending,
            plan,
            reason: String::new(),
            restock,
            notify: false,
            actor: String::new(),
            failure: None,
            created_at: self.now,
            settled_at: None,
        };
        self.insert_refund(cart, refund.clone())?;
        self.tell(cart, "refund.started", Subject::Refund(refund.id), 1)?;
        if attempt.provider == ProviderKind::Manual {
            self.apply_refund(cart, &refund, RefundOutcome::Succeeded { amount: refund.plan.amount })?;
        } else {
            self.enqueue(Job::ReconcileRefund(refund.id), self.after(RECONCILE_AFTER))?;
        }
        Ok(refund.id)
    }

    /// Applies an answer about a refund, once.
    pub fn settle_refund(&mut self, id: RefundId, outcome: RefundOutcome) -> Written<RefundStatus> {
        let at = self.refund_at(id);
        let cart = self.db.refunds[at].cart;
        self.lock(cart);
        let refund = Refund::clone(&self.db.refunds[at].refund);
        self.apply_refund(cart, &refund, outcome)
    }

    fn apply_refund(&mut self, cart: usize, refund: &Refund, outcome: RefundOutcome) -> Written<RefundStatus> {
        if self.is(Fault::RefundAppliedTwice) && refund.status == RefundStatus::Succeeded {
            self.paid_back(refund)?;
        }
        let Ok(Some(ended)) = refund.after(outcome, self.now) else { return Ok(refund.status) };
        let status = ended.status;
        self.save_refund(ended.clone())?;
        let succeeded = status == RefundStatus::Succeeded;
        let kind = if succeeded { "refund.succeeded" } else { "refund.failed" };
        self.tell(cart, kind, Subject::Refund(refund.id), 2)?;
        if succeeded {
            self.paid_back(&ended)?;
        } else {
            self.walked(Path::RefundRefused);
        }
        Ok(status)
    }

    /// The money went back: the payment counts it, the order follows.
    fn paid_back(&mut self, refund: &Refund) -> Written<()> {
        match refund.order_id {
            Some(id) => self.order_follows(refund, id)?,
            None => self.let_go(refund)?,
        }
        self.write()?;
        let at = self.payment_at(refund.payment_id)?;
        let row = self.db.payments[at].clone();
        let refunded = row.refunded + refund.plan.amount.minor;
        self.db.payments.set(at, PaymentRow { refunded, ..row });
        Ok(())
    }

    fn order_follows(&mut self, refund: &Refund, id: OrderId) -> Written<()> {
        let at = self.find_order(id).expect("a refund is of an order there is");
        let before = self.load_order(at);
        let order = after_refund(&before, &refund.plan, refund.restock).map_err(Refusal::from)?;
        self.keep_order(at, order.clone(), "order.refunded")?;
        if refund.restock {
            let units: Vec<_> = refund.plan.lines.iter().map(|line| (line.item_id, line.quantity)).collect();
            let row = &self.db.orders[at];
            let cause = (MovementKind::Return, row.cart, row.number);
            let counted = self.restock(order.checkout_id, &of_variants(&order, &units), cause)?;
            if !counted.is_empty() {
                self.walked(Path::RefundWithRestock);
            }
            self.tell_stock(&counted)?;
        }
        Ok(())
    }

    /// A payment under review went back: what its checkout still held is free, and so is the cart.
    fn let_go(&mut self, refund: &Refund) -> Written<()> {
        let payment = &self.db.payments[self.payment_at(refund.payment_id)?];
        let row = self.db.checkouts[self.checkout_at(payment.attempt.checkout_id)].clone();
        self.walked(Path::ReviewPaidBack);
        if row.checkout.status != CheckoutStatus::NeedsReview {
            return Ok(());
        }
        let released = self.release(row.checkout.id)?;
        self.release_uses(row.checkout.id, Hold::Active)?;
        let cart = self.db.carts[row.cart].clone();
        if cart.checkout == Some(row.checkout.id) {
            self.write()?;
            self.db.carts.set(row.cart, CartRow { checkout: None, ..cart });
        }
        self.tell_stock(&released)
    }

    /// Pays back all that is left of a payment under review that never became an order.
    pub fn refund_review(&mut self, at: usize) -> Written<RefundId> {
        let row = self.db.payments[at].clone();
        let checkout = self.lock_checkout(row.attempt.checkout_id).checkout;
        let is_odd = matches!(row.attempt.status, AttemptStatus::NeedsReview { .. });
        let paid = matches!(row.attempt.status, AttemptStatus::Succeeded { .. });
        let has_no_order = checkout.status == CheckoutStatus::NeedsReview && paid;
        if !is_odd && !has_no_order {
            return Err(refused("This payment is not under review."));
        }
        let own = self.db.refunds.iter().filter(|refund| refund.refund.payment_id == row.attempt.id);
        let pending = own.filter(|refund| refund.refund.status == RefundStatus::Pending);
        let on_its_way: i64 = pending.map(|refund| refund.refund.plan.amount.minor).sum();
        let left = row.captured - row.refunded - on_its_way;
        if left <= 0 {
            return Err(refused("This payment went back already, or is on its way."));
        }
        let plan = RefundPlan { lines: Vec::<RefundLine>::new(), amount: self.money(left) };
        self.write_refund(None, row.attempt.id, plan, false)
    }
}

fn refused(why: &'static str) -> Stop {
    Stop::Refused(Refusal::NotAllowed(why))
}

/// Units of lines as units of variants: an order has one line of each.
pub fn of_variants(order: &Order, units: &[(OrderItemId, i64)]) -> Vec<(VariantId, i64)> {
    let variant = |id| order.items.iter().find(|item| item.id == id).map(|item| item.variant_id);
    units.iter().filter_map(|(id, quantity)| Some((variant(*id)?, *quantity))).collect()
}
