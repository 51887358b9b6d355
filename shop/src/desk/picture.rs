//! What a batch of commands is decided over: everything they need, loaded in bulk, and kept true as they are decided.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::hash::Hash;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use commerce::cart::normalize_code;
use commerce::checkout::{Checkout, CheckoutStatus};
use commerce::ids::{CartId, CheckoutId, CouponId, LocationId, PaymentId, VariantId};
use commerce::payment::{Attempt, ProviderKind};
use commerce::promotion::{Coupon, CouponUsage};

use super::memory::Sale;
use super::{Changes, Holds, Key, Needs};
use crate::error::{Error, Result};
use crate::store::carts::{CartRecord, SaleVersions};
use crate::store::checkouts::CheckoutRecord;
use crate::store::coupons::Use;
use crate::store::sale::ForSale;
use crate::store::stock::Held;
use crate::store::{Conn, carts, checkouts, coupons, payments, sale, stock};

/// What is known.
#[derive(Default)]
pub struct Picture {
    carts: HashMap<CartId, Arc<CartRecord>>,
    checkouts: HashMap<CheckoutId, Arc<CheckoutRecord>>,
    payments: HashMap<PaymentId, Arc<Attempt>>,
    versions: SaleVersions,
    goods: HashMap<VariantId, ForSale>,
    held: HashMap<CheckoutId, Vec<Held>>,
    coupons: HashMap<String, Coupon>,
    /// Uses by the customers at hand.
    uses: Vec<Use>,
    /// Uses that the checkouts hold.
    taken: Vec<Use>,
    numbers: Mutex<VecDeque<i64>>,
    is_short: AtomicBool,
}

impl Picture {
    /// Loads what commands need, and holds its rows until the transaction ends in the one order: carts, then stock, then
    /// coupons.
    pub async fn load(
        conn: &mut Conn,
        needs: &[Needs],
        selling: &[LocationId],
        numbers: VecDeque<i64>,
    ) -> Result<Self> {
        let mut known = Self { numbers: Mutex::new(numbers), ..Self::default() };
        known.load_sales(conn, needs).await?;
        known.load_held(conn, needs).await?;
        if let Some(shelves) = known.shelves_to_hold(needs) {
            stock::hold(conn, &shelves).await?;
        }
        known.load_goods(conn, needs, selling).await?;
        known.load_coupons(conn, needs).await?;
        Ok(known)
    }

    /// The same from sales that are remembered. What they hold is only held where it has to be before it is read; that they
    /// are as they are remembered is found out by the write.
    pub async fn recall(
        conn: &mut Conn,
        needs: &[Needs],
        sales: Vec<Arc<Sale>>,
        selling: &[LocationId],
        numbers: VecDeque<i64>,
    ) -> Result<Self> {
        let mut known = Self { numbers: Mutex::new(numbers), ..Self::default() };
        let shelves = known.remember(sales).shelves_to_hold(needs);
        if let Some(shelves) = shelves.filter(|_| conn.is_postgres()) {
            // In the one order: the carts come before what lies on shelves.
            carts::hold_all(conn, known.carts.keys().copied().collect(), vec![], vec![]).await?;
            stock::hold(conn, &shelves).await?;
        }
        known.load_goods(conn, needs, selling).await?;
        Ok(known)
    }

    fn remember(&mut self, sales: Vec<Arc<Sale>>) -> &Self {
        for sale in sales {
            let cart = sale.cart.cart.id;
            self.versions.insert(cart, sale.version);
            self.carts.insert(cart, sale.cart.clone());
            if let Some(record) = &sale.checkout {
                self.held.insert(record.checkout.id, sale.held.clone());
                self.checkouts.insert(record.checkout.id, record.clone());
            }
            if let Some(attempt) = &sale.payment {
                self.payments.insert(attempt.id, attempt.clone());
            }
        }
        self
    }

    async fn load_sales(&mut self, conn: &mut Conn, needs: &[Needs]) -> Result<()> {
        let (mut of_carts, mut of_checkouts, mut of_payments) = (vec![], vec![], vec![]);
        for needs in needs {
            match needs.key {
                Key::New => {}
                Key::Cart(id) => of_carts.push(id),
                Key::Checkout(id) => of_checkouts.push(id),
                Key::Payment(id) => of_payments.push(id),
            }
        }
        self.versions = carts::hold_all(conn, of_carts.clone(), of_checkouts.clone(), of_payments.clone()).await?;
        self.carts = shared(carts::these(conn, of_carts).await?);
        self.payments = shared(payments::these(conn, of_payments).await?);
        of_checkouts.extend(self.carts.values().filter_map(|record| record.checkout));
        of_checkouts.extend(self.payments.values().map(|attempt| attempt.checkout_id));
        self.checkouts = shared(checkouts::these(conn, of_checkouts).await?);
        Ok(())
    }

    async fn load_held(&mut self, conn: &mut Conn, needs: &[Needs]) -> Result<()> {
        let ending: Vec<CheckoutId> = needs.iter().filter_map(|needs| self.ending(needs)).collect();
        for held in stock::held(conn, ending).await? {
            self.held.entry(CheckoutId(held.checkout_id)).or_default().push(held);
        }
        Ok(())
    }

    /// What has to be held before it is read, so that what is read of it then is what the decisions are about. A single one
    /// of which nothing has to be known is held by the write that follows.
    fn shelves_to_hold(&self, needs: &[Needs]) -> Option<Vec<VariantId>> {
        let held = needs.iter().filter_map(|needs| self.ending(needs)).flat_map(|id| self.held(id));
        let mut shelves: Vec<VariantId> = held.map(|held| VariantId(held.variant_id)).collect();
        let reserved = self.reserved(needs);
        let none = reserved.is_empty() && shelves.len() <= 1;
        shelves.extend(reserved);
        (!none).then_some(shelves)
    }

    async fn load_goods(&mut self, conn: &mut Conn, needs: &[Needs], selling: &[LocationId]) -> Result<()> {
        let wanted = needs.iter().filter(|needs| needs.goods);
        let mut wanted: Vec<VariantId> = wanted.flat_map(|needs| self.variants(needs)).collect();
        wanted.sort_unstable();
        wanted.dedup();
        self.goods = sale::load(conn, &wanted, selling).await?;
        Ok(())
    }

    /// The checkout that a command may end, with what it holds.
    fn ending(&self, needs: &Needs) -> Option<CheckoutId> {
        let record = self.checkout_of(needs.key)?;
        let Checkout { id, status, payment_method, quote, .. } = &record.checkout;
        let is_immediate = *payment_method == ProviderKind::Manual || quote.totals.total.is_zero();
        let may_end = match needs.holds {
            Holds::Stay => false,
            Holds::MayEnd => true,
            Holds::EndIfImmediate => is_immediate,
        };
        (may_end && matches!(status, CheckoutStatus::Open | CheckoutStatus::Processing)).then_some(*id)
    }

    fn variants(&self, needs: &Needs) -> Vec<VariantId> {
        let Key::Cart(id) = needs.key else { return vec![] };
        let lines = self.carts.get(&id).map(|record| record.cart.items.as_slice()).unwrap_or_default();
        lines.iter().map(|item| item.variant_id).chain(needs.variant).collect()
    }

    /// The variants that commands may promise to somebody.
    fn reserved(&self, needs: &[Needs]) -> Vec<VariantId> {
        needs.iter().filter(|needs| needs.customer.is_some()).flat_map(|needs| self.variants(needs)).collect()
    }

    async fn load_coupons(&mut self, conn: &mut Conn, needs: &[Needs]) -> Result<()> {
        let ending: Vec<CheckoutId> = needs.iter().filter_map(|needs| self.ending(needs)).collect();
        let with_coupons =
            |id: &CheckoutId| self.checkouts.get(id).is_some_and(|record| !record.checkout.quote.discounts.is_empty());
        self.taken = coupons::held(conn, ending.into_iter().filter(with_coupons).collect()).await?;
        let mut codes: Vec<String> = needs.iter().flat_map(|needs| self.codes(needs)).collect();
        codes.sort_unstable();
        codes.dedup();
        let customers: HashSet<String> = needs.iter().filter_map(|needs| needs.customer.clone()).collect();
        self.coupons = coupons::these(conn, codes, !customers.is_empty()).await?;
        let ids = self.coupons.values().map(|coupon| coupon.id).collect();
        self.uses = coupons::uses_by(conn, ids, customers.into_iter().collect()).await?;
        Ok(())
    }

    fn codes(&self, needs: &Needs) -> Vec<String> {
        let Key::Cart(id) = needs.key else { return vec![] };
        let codes = self.carts.get(&id).map(|record| record.cart.coupons.clone()).unwrap_or_default();
        codes.into_iter().chain(needs.coupon.as_deref().map(normalize_code)).collect()
    }

    /// The cart of a key.
    pub(super) fn cart_of(&self, key: Key) -> Option<CartId> {
        match key {
            Key::Cart(id) => Some(id),
            key => self.checkout_of(key).map(|record| record.checkout.cart_id),
        }
    }

    /// How often what grew from a cart was changed.
    pub(super) fn version_of(&self, cart: CartId) -> Option<i64> {
        self.versions.get(&cart).copied()
    }

    /// All that is known of a cart and what grew from it, if the cart is.
    pub(super) fn sale_of(&self, cart: CartId) -> Option<Sale> {
        let (version, cart) = (self.version_of(cart)?, self.carts.get(&cart)?.clone());
        let checkout = cart.checkout.and_then(|id| self.checkouts.get(&id)).cloned();
        let held = cart.checkout.map(|id| self.held(id).to_vec()).unwrap_or_default();
        let payment =
            checkout.as_ref().and_then(|record| record.payment).and_then(|id| self.payments.get(&id)).cloned();
        Some(Sale { version, cart, checkout, held, payment })
    }

    fn checkout_of(&self, key: Key) -> Option<&CheckoutRecord> {
        let id = match key {
            Key::New => return None,
            Key::Cart(id) => self.carts.get(&id)?.checkout?,
            Key::Checkout(id) => id,
            Key::Payment(id) => self.payments.get(&id)?.checkout_id,
        };
        self.checkouts.get(&id).map(Arc::as_ref)
    }

    /// A cart with its lines, or `NotFound`.
    pub fn cart(&self, id: CartId) -> Result<&CartRecord> {
        self.carts.get(&id).map(Arc::as_ref).ok_or(Error::NotFound)
    }

    /// A checkout, or `NotFound`.
    pub fn checkout(&self, id: CheckoutId) -> Result<&CheckoutRecord> {
        self.checkouts.get(&id).map(Arc::as_ref).ok_or(Error::NotFound)
    }

    /// An attempt to pay, or `NotFound`.
    pub fn payment(&self, id: PaymentId) -> Result<&Attempt> {
        self.payments.get(&id).map(Arc::as_ref).ok_or(Error::NotFound)
    }

    /// What a checkout holds.
    pub fn held(&self, id: CheckoutId) -> &[Held] {
        self.held.get(&id).map(Vec::as_slice).unwrap_or_default()
    }

    /// The coupon uses that a checkout holds.
    pub fn taken(&self, id: CheckoutId) -> impl Iterator<Item = &Use> {
        self.taken.iter().filter(move |one| one.checkout == id)
    }

    /// Variants as they are for sale, with what a checkout holds of them counted as there.
    pub fn goods(
        &self,
        variants: impl IntoIterator<Item = VariantId>,
        given_back: Option<CheckoutId>,
    ) -> HashMap<VariantId, ForSale> {
        let held = given_back.map(|id| self.held(id)).unwrap_or_default();
        let there = |variant| Some((variant, self.goods.get(&variant)?.clone().given_back(held.iter())));
        variants.into_iter().filter_map(there).collect()
    }

    /// The coupons of these codes, with what a checkout holds of them counted as free.
    pub fn coupons(&self, codes: &[String], customer: &str, given_back: Option<CheckoutId>) -> Vec<CouponUsage> {
        let known = codes.iter().filter_map(|code| self.coupons.get(code));
        let usage = |coupon: &Coupon| {
            let own = self.taken.iter().filter(|one| Some(one.checkout) == given_back && one.coupon == coupon.id);
            let by_customer = self.uses.iter().filter(|one| one.coupon == coupon.id && one.customer == customer);
            let by_customer = by_customer.filter(|one| Some(one.checkout) != given_back);
            CouponUsage {
                used_by_customer: by_customer.count() as i64,
                coupon: Coupon { used: coupon.used - own.count() as i64, ..coupon.clone() },
            }
        };
        known.map(usage).collect()
    }

    /// A number for an order.
    pub fn next_number(&self) -> Result<String> {
        let number = self.numbers.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let none_left = || {
            self.is_short.store(true, Ordering::Relaxed);
            Error::Internal("too few order numbers were set aside".into())
        };
        Ok(number.ok_or_else(none_left)?.to_string())
    }

    /// Whether a decision could not be made for want of a number.
    pub(super) fn is_short_of_numbers(&self) -> bool {
        self.is_short.load(Ordering::Relaxed)
    }

    pub(super) fn unused_numbers(self) -> VecDeque<i64> {
        self.numbers.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what all commands share true after one was decided. Carts, checkouts and payments need none of that: a batch
    /// holds one command about each.
    pub(super) fn take_in(&mut self, changes: &Changes) {
        for (shelf, by) in &changes.shelves {
            if let Some(goods) = self.goods.get_mut(&shelf.0) {
                goods.shift(*shelf, *by);
            }
        }
        let counts: &BTreeMap<CouponId, i64> = &changes.coupon_counts;
        for coupon in self.coupons.values_mut() {
            coupon.used += counts.get(&coupon.id).copied().unwrap_or(0);
        }
        let ended = |one: &Use| changes.uses_ended.contains(&(one.checkout, "released"));
        self.uses.retain(|one| !ended(one));
        self.uses.extend(changes.uses_taken.iter().cloned());
    }
}

fn shared<K: Eq + Hash, V>(found: HashMap<K, V>) -> HashMap<K, Arc<V>> {
    found.into_iter().map(|(id, one)| (id, Arc::new(one))).collect()
}
