//! The cart: every edit ends the checkout that was open on it.

use super::super::paths::Path;
use super::super::shop::{Shop, Written, place};
use super::super::tables::{CartRow, Hold};
use commerce::cart::{Cart, CartStatus};
use commerce::catalog::ProductStatus;
use commerce::checkout::CheckoutStatus;
use commerce::error::Refusal;
use commerce::ids::{CartItemId, VariantId};
use commerce::inventory::Shortage;
use commerce::money::Money;
use commerce::promotion::{CouponUsage, choose};
use std::rc::Rc;

/// A change of a cart.
#[derive(Debug, Clone, Copy)]
pub enum Edit {
    Add(VariantId, i64),
    Set(CartItemId, i64),
    ApplyCoupon(&'static str),
    RemoveCoupon(&'static str),
}

impl Shop {
    pub fn create_cart(&mut self) -> Written<usize> {
        self.write()?;
        let cart = Cart::new(self.id(), self.terms.currency, self.now);
        self.db.carts.push(CartRow { cart: Rc::new(cart), checkout: None });
        Ok(self.db.carts.len() - 1)
    }

    pub fn edit_cart(&mut self, at: usize, edit: Edit) -> Written<()> {
        self.lock(at);
        let CartRow { cart: before, checkout } = self.db.carts[at].clone();
        self.must_stand_still(at)?;
        let after = self.edited(&before, edit).map_err(Refusal::Cart)?;
        if after == *before {
            return Ok(());
        }
        if let Some(open) = checkout {
            let ended = self.give_back(open, CheckoutStatus::Canceled)?;
            if ended {
                self.walked(Path::EditEndedCheckout);
            }
        }
        self.must_be_there(&before, &after)?;
        if let Edit::ApplyCoupon(code) = edit {
            self.must_apply(&after, code)?;
        }
        self.write()?;
        self.db.carts.set(at, CartRow { cart: Rc::new(after), checkout: None });
        Ok(())
    }

    fn edited(&mut self, cart: &Cart, edit: Edit) -> Result<Cart, commerce::cart::CartRefusal> {
        let now = self.now;
        match edit {
            Edit::Add(variant, quantity) => cart.add(self.id(), variant, quantity, now),
            Edit::Set(item, quantity) => cart.set_quantity(item, quantity, now),
            Edit::ApplyCoupon(code) => cart.apply_coupon(code, now),
            Edit::RemoveCoupon(code) => cart.remove_coupon(code, now),
        }
    }

    /// While a payment is in flight nothing may change under it.
    fn must_stand_still(&mut self, at: usize) -> Written<()> {
        let CartRow { cart, checkout } = &self.db.carts[at];
        if let CartStatus::Completed(order) = cart.status {
            return Err(Refusal::CartCompleted { order }.into());
        }
        let Some(id) = *checkout else { return Ok(()) };
        match self.db.checkouts[self.checkout_at(id)].checkout.status {
            CheckoutStatus::Processing => {
                self.walked(Path::CartStoodStill);
                Err(Refusal::PaymentInProgress.into())
            }
            CheckoutStatus::NeedsReview => Err(Refusal::PaymentInReview.into()),
            _ => Ok(()),
        }
    }

    /// What was raised has to be for sale and there.
    fn must_be_there(&self, before: &Cart, after: &Cart) -> Written<()> {
        let had = |id: CartItemId| before.items.iter().find(|item| item.id == id).map_or(0, |item| item.quantity);
        for item in after.items.iter().filter(|item| item.quantity > had(item.id)) {
            let level = self.for_sale_of(place(item.variant_id));
            if self.for_sale[&item.variant_id].status != ProductStatus::Active {
                return Err(Refusal::NotAllowed("There is no such item for sale.").into());
            }
            if !level.can_reserve(item.quantity) {
                return Err(Refusal::InsufficientStock(vec![Shortage {
                    item_id: None,
                    variant_id: item.variant_id,
                    requested: item.quantity,
                    available: level.available().unwrap_or(0),
                }])
                .into());
            }
        }
        Ok(())
    }

    /// A coupon that was just typed in has to apply.
    fn must_apply(&self, cart: &Cart, code: &str) -> Written<()> {
        let price = |item: &commerce::cart::CartItem| self.for_sale[&item.variant_id].price.checked_mul(item.quantity);
        let prices: Vec<Money> = cart.items.iter().map(price).collect::<Result<_, _>>().map_err(Refusal::Amount)?;
        let subtotal = Money::sum(prices, cart.currency).map_err(Refusal::Amount)?;
        let (_, refused) = choose(&cart.coupons, &self.coupons_of(&cart.coupons, None), subtotal, self.now);
        match refused.into_iter().find(|(refused, _)| refused == code) {
            Some((coupon, refusal)) => Err(Refusal::Coupon { coupon, refusal }.into()),
            None => Ok(()),
        }
    }

    /// The coupons of these codes, with how often they were used in all and by a customer.
    pub fn coupons_of(&self, codes: &[String], customer: Option<usize>) -> Vec<CouponUsage> {
        let known = self.db.coupons.iter().filter(|coupon| codes.contains(&coupon.code));
        let usage = |coupon: &commerce::promotion::Coupon| {
            let own = self.db.uses.iter().filter(|row| row.coupon == coupon.id && Some(row.customer) == customer);
            let used = own.filter(|row| row.status != Hold::Released).count();
            CouponUsage { coupon: coupon.clone(), used_by_customer: i64::try_from(used).expect("a small number") }
        };
        known.map(usage).collect()
    }
}
