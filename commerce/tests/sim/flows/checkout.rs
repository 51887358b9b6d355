//! The checkout: opened, changed, and ended without an order.

use super::super::faults::Fault;
use super::super::paths::Path;
use super::super::shop::{LOCATIONS, Shop, Written, location_at, place};
use super::super::tables::{CartRow, Hold, Job, Subject};
use commerce::checkout::{Amendment, Checkout, CheckoutStatus, OpenCommand, OpenPlan, OpenSnapshot, amend, open};
use commerce::customer::canonical_email;
use commerce::error::Refusal;
use commerce::ids::{CheckoutId, VariantId};
use commerce::inventory::{Level, Shelf};
use commerce::money::Money;
use commerce::promotion::CouponUsage;
use std::collections::HashMap;

/// What the time has made of a checkout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    Over,
    At(chrono::DateTime<chrono::Utc>),
    Paying,
}

impl Shop {
    /// Opens a checkout on a cart. What the cart's older one held is given back first.
    pub fn open_checkout(&mut self, at: usize, command: &OpenCommand) -> Written<Checkout> {
        self.lock(at);
        let CartRow { cart, checkout: older } = self.db.carts[at].clone();
        let older = older.map(|id| self.db.checkouts[self.checkout_at(id)].checkout.clone());
        let busy =
            |checkout: &Checkout| matches!(checkout.status, CheckoutStatus::Processing | CheckoutStatus::NeedsReview);
        let payment_in_flight = older.as_deref().is_some_and(busy);
        if let Some(older) = older.filter(|_| !payment_in_flight && !self.is(Fault::OlderCheckoutKept))
            && self.give_back(older.id, CheckoutStatus::Canceled)?
        {
            self.walked(Path::ReplacedCheckout);
        }
        let customer = self.customer(&command.email);
        let snapshot = OpenSnapshot {
            cart: &cart,
            variants: &self.for_sale,
            levels: &self.levels_of(cart.items.iter().map(|item| item.variant_id)),
            shelves: &self.shelves_of(cart.items.iter().map(|item| item.variant_id)),
            coupons: &self.known_coupons(&cart.coupons, customer),
            terms: &self.terms,
            payment_in_flight,
        };
        let mut plan = open(&snapshot, command, self.now)?;
        if self.is(Fault::ProrationDropsTheRest) {
            drop_the_rest(&mut plan.checkout);
        }
        self.write_opened(at, &plan, customer)?;
        Ok(plan.checkout)
    }

    fn levels_of(&self, variants: impl Iterator<Item = VariantId>) -> HashMap<VariantId, Level> {
        let plenty = if self.is(Fault::ReserveUnchecked) { 1_000 } else { 0 };
        let level = |id: VariantId| self.for_sale_of(place(id));
        variants.map(|id| (id, Level { on_hand: level(id).on_hand + plenty, ..level(id) })).collect()
    }

    fn shelves_of(&self, variants: impl Iterator<Item = VariantId>) -> HashMap<VariantId, Vec<Shelf>> {
        let shelf = |id: VariantId, location: usize| {
            let Level { on_hand, reserved, .. } = self.level(place(id), location);
            Shelf { location_id: location_at(location), on_hand, reserved }
        };
        variants.map(|id| (id, (0..LOCATIONS).map(|location| shelf(id, location)).collect())).collect()
    }

    fn known_coupons(&self, codes: &[String], customer: usize) -> Vec<CouponUsage> {
        let mut known = self.coupons_of(codes, Some(customer));
        for usage in &mut known {
            if self.is(Fault::CouponLimitUnchecked) {
                usage.coupon.used = 0;
            }
            if self.is(Fault::CouponCustomerUnchecked) {
                usage.used_by_customer = 0;
            }
        }
        known
    }

    /// Who uses a coupon, as they are counted by.
    fn customer(&mut self, email: &str) -> usize {
        let canonical = canonical_email(email);
        let known = self.customers.iter().position(|customer| *customer == canonical);
        known.unwrap_or_else(|| {
            self.customers.push(canonical);
            self.customers.len() - 1
        })
    }

    fn write_opened(&mut self, at: usize, plan: &OpenPlan, customer: usize) -> Written<()> {
        let checkout = &plan.checkout;
        self.insert_checkout(at, checkout.clone())?;
        self.write()?;
        let row = CartRow { checkout: Some(checkout.id), ..self.db.carts[at].clone() };
        self.db.carts.set(at, row);
        self.reserve(at, checkout.id, &plan.reserve)?;
        self.take_uses(at, checkout.id, &plan.coupon_uses, customer)?;
        if !self.is(Fault::ExpiryForgotten) {
            self.enqueue(Job::ExpireCheckout(checkout.id), checkout.expires_at)?;
        }
        self.tell(at, "checkout.opened", Subject::Checkout(checkout.id), checkout.version)?;
        let reserved: Vec<usize> = plan.reserve.iter().map(|reserve| place(reserve.variant_id)).collect();
        self.tell_stock(&reserved)
    }

    /// Changes a checkout. Its own uses of coupons are given back before they are counted, and taken again.
    pub fn amend_checkout(&mut self, id: CheckoutId, change: &Amendment) -> Written<Checkout> {
        let row = self.lock_checkout(id);
        let before = row.checkout;
        let customer = self.customer(change.email.as_deref().unwrap_or(&before.email));
        let codes: Vec<String> = before.quote.discounts.iter().map(|discount| discount.code.clone()).collect();
        self.release_uses(id, Hold::Active)?;
        let known = self.known_coupons(&codes, customer);
        let after = amend(&before, change, &self.terms, &known, self.now)?;
        self.retake_uses(id, customer)?;
        if after != *before {
            self.save_checkout(after.clone(), row.payment)?;
            self.tell(row.cart, "checkout.amended", Subject::Checkout(id), after.version)?;
            self.walked(Path::Amended);
        }
        Ok(after)
    }

    /// The buyer gives up; what was held is released.
    pub fn cancel_checkout(&mut self, id: CheckoutId) -> Written<()> {
        let row = self.lock_checkout(id);
        row.checkout.can_cancel()?;
        self.give_back(id, CheckoutStatus::Canceled).map(|_| ())
    }

    /// Releases a checkout whose time has run out, or whose payment was canceled because its hold did.
    pub fn expire(&mut self, id: CheckoutId, at_once: bool) -> Written<Expiry> {
        let row = self.lock_checkout(id);
        let checkout = row.checkout;
        match checkout.status {
            CheckoutStatus::Open if !at_once && !checkout.can_expire(self.now) => {
                return Ok(Expiry::At(checkout.expires_at));
            }
            CheckoutStatus::Open => {}
            CheckoutStatus::Processing if self.is(Fault::ExpiredWhilePaying) => {}
            CheckoutStatus::Processing => {
                self.walked(Path::ExpiryMetPayment);
                return Ok(Expiry::Paying);
            }
            _ => return Ok(Expiry::Over),
        }
        self.walked(if at_once { Path::ExpiredInFlight } else { Path::ExpiredOpen });
        self.give_back(id, CheckoutStatus::Expired)?;
        Ok(Expiry::Over)
    }

    /// Ends an open checkout and gives back its stock and coupon uses; answers whether it was open.
    pub fn give_back(&mut self, id: CheckoutId, status: CheckoutStatus) -> Written<bool> {
        let row = self.db.checkouts[self.checkout_at(id)].clone();
        let expired = status == CheckoutStatus::Expired;
        let too_early = row.checkout.status == CheckoutStatus::Processing && self.is(Fault::ExpiredWhilePaying);
        if row.checkout.status != CheckoutStatus::Open && !(expired && too_early) {
            return Ok(false);
        }
        let ended = Checkout { status, version: row.checkout.version + 1, ..Checkout::clone(&row.checkout) };
        let keep_stock = expired && self.is(Fault::HeldAfterExpiry);
        let released = if keep_stock { Vec::new() } else { self.release(id)? };
        if !(expired && self.is(Fault::CouponKeptAfterExpiry)) {
            self.release_uses(id, Hold::Active)?;
        }
        let kind = if expired { "checkout.expired" } else { "checkout.canceled" };
        let version = ended.version;
        self.save_checkout(ended, row.payment)?;
        self.tell(row.cart, kind, Subject::Checkout(id), version)?;
        self.tell_stock(&released)?;
        Ok(true)
    }

    /// What the buyer is told of a checkout that can't go on, by the way it went.
    pub fn walked_refusal(&mut self, refusal: &Refusal) {
        let path = match refusal.code() {
            "insufficient_stock" => Path::SoldOutRace,
            "coupon_used_up" => match refusal {
                Refusal::Coupon { coupon, .. } if coupon == "ONCE" || coupon == "FIVE" => {
                    Path::CouponOfCustomerExhausted
                }
                _ => Path::CouponExhausted,
            },
            "checkout_changed" => Path::PaidOtherVersion,
            "payment_in_progress" => Path::PaidTwice,
            "refund_over_captured" => Path::RefundOverCaptured,
            _ => return,
        };
        self.walked(path);
    }
}

/// The fault of a split by whole parts only: what does not divide is nobody's.
fn drop_the_rest(checkout: &mut Checkout) {
    let quote = &mut checkout.quote;
    let weights: i64 = quote.lines.iter().map(|line| line.subtotal.minor).sum();
    for line in &mut quote.lines {
        let share = if weights == 0 { 0 } else { quote.totals.discount.minor * line.subtotal.minor / weights };
        let dropped = line.discount.minor - share.min(line.discount.minor);
        line.discount.minor -= dropped;
        line.total = Money::new(line.total.minor + dropped, line.total.currency);
    }
}
