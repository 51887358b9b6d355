//! What commands change: gathered as they are decided, written in bulk.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use commerce::cart::Cart;
use commerce::checkout::Checkout;
use commerce::ids::{CartId, CheckoutId, CouponId, LocationId, OrderId, PaymentId, VariantId};
use commerce::inventory::{MovementKind, Reserve};
use commerce::payment::Attempt;

use super::memory::Sale;
use crate::clock::Clock;
use crate::error::Result;
use crate::faults::{self, Fault};
use crate::jobs::Job;
use crate::store::carts::{CartRecord, Edited, SaleVersions};
use crate::store::checkouts::CheckoutRecord;
use crate::store::coupons::Use;
use crate::store::events::Event;
use crate::store::idempotency::{self, Key};
use crate::store::jobs::{Lane, Planned};
use crate::store::orders::Placed;
use crate::store::payments::Turn;
use crate::store::sandbox::{self, BankRecord};
use crate::store::stock::{Held, Movement, ShelfKey, Shift};
use crate::store::{Conn, Writes, carts, checkouts, coupons, events, jobs, orders, payments, stock};

/// Rows to be written.
#[derive(Debug, Default)]
pub struct Changes {
    new_carts: Vec<Cart>,
    edited: Vec<Edited>,
    entered: Vec<(CartId, CheckoutId)>,
    bought: Vec<(CartId, OrderId)>,
    new_checkouts: Vec<Checkout>,
    checkouts: Vec<CheckoutRecord>,
    reserved: Vec<(CheckoutId, Reserve)>,
    holds_ended: Vec<(CheckoutId, &'static str)>,
    pub(super) shelves: BTreeMap<ShelfKey, Shift>,
    /// Each change of what is free to buy, one by one.
    stirred: Vec<VariantId>,
    sold: Vec<(Held, String)>,
    pub(super) uses_taken: Vec<Use>,
    pub(super) uses_ended: Vec<(CheckoutId, &'static str)>,
    pub(super) coupon_counts: BTreeMap<CouponId, i64>,
    attempts: Vec<Attempt>,
    turns: Vec<Turn>,
    orders: Vec<Placed>,
    banked: Vec<(PaymentId, BankRecord)>,
    events: Vec<Event<'static>>,
    jobs: Vec<Planned>,
    /// The sales that change, as often as they were changed before.
    known: SaleVersions,
    /// What the requests behind it came under.
    keys: Vec<Arc<Key>>,
}

impl Changes {
    /// A new cart.
    pub fn new_cart(&mut self, cart: Cart) {
        self.new_carts.push(cart);
    }

    /// A cart as an edit left it.
    pub fn edit_cart(&mut self, edited: Edited) {
        self.edited.push(edited);
    }

    /// A new checkout, and its cart is in it.
    pub fn open_checkout(&mut self, checkout: Checkout) {
        self.entered.push((checkout.cart_id, checkout.id));
        self.new_checkouts.push(checkout);
    }

    /// How far a checkout has come.
    pub fn advance_checkout(&mut self, record: CheckoutRecord) {
        self.checkouts.push(record);
    }

    /// The checkout that came further with a command's changes, if one did.
    pub fn advanced(&self) -> Option<&Checkout> {
        self.checkouts.last().map(|record| &record.checkout)
    }

    /// Units are promised to a checkout.
    pub fn reserve(&mut self, checkout: CheckoutId, reserves: &[Reserve]) {
        for reserve in reserves {
            self.reserved.push((checkout, *reserve));
            self.stirred.push(reserve.variant_id);
            self.shelves.entry((reserve.variant_id, reserve.location_id)).or_default().reserved += reserve.quantity;
        }
    }

    /// A checkout gives back what it holds.
    pub fn release(&mut self, checkout: CheckoutId, held: &[Held]) {
        self.end_holds(checkout, "released", held);
        if faults::is(Fault::ReleasedTwice) {
            self.end_holds(checkout, "released", held);
        }
    }

    /// What a checkout holds is sold under an order's number.
    pub fn sell(&mut self, checkout: CheckoutId, held: &[Held], number: &str) {
        self.end_holds(checkout, "sold", held);
        for held in held {
            let shelf = self.shelves.entry(held.shelf()).or_default();
            shelf.on_hand -= held.quantity;
            if faults::is(Fault::SoldStaysReserved) {
                shelf.reserved += held.quantity;
            }
            self.sold.push((*held, number.to_owned()));
        }
    }

    fn end_holds(&mut self, checkout: CheckoutId, status: &'static str, held: &[Held]) {
        if held.is_empty() {
            return;
        }
        self.holds_ended.push((checkout, status));
        for held in held {
            self.stirred.push(VariantId(held.variant_id));
            self.shelves.entry(held.shelf()).or_default().reserved -= held.quantity;
        }
    }

    /// A checkout takes a use of each coupon.
    pub fn take_uses(&mut self, checkout: CheckoutId, taken: &[CouponId], customer: &str) {
        for coupon in taken {
            *self.coupon_counts.entry(*coupon).or_default() += i64::from(!faults::is(Fault::CouponUncounted));
            self.uses_taken.push(Use { coupon: *coupon, checkout, customer: customer.to_owned() });
        }
    }

    /// A checkout gives back the uses it holds.
    pub fn give_back_uses<'a>(&mut self, checkout: CheckoutId, taken: impl Iterator<Item = &'a Use>) {
        let mut some = false;
        for one in taken.filter(|_| !faults::is(Fault::CouponKept)) {
            let times = if faults::is(Fault::CouponGivenBackTwice) { 2 } else { 1 };
            *self.coupon_counts.entry(one.coupon).or_default() -= times;
            some = true;
        }
        if some {
            self.uses_ended.push((checkout, "released"));
        }
    }

    /// The uses of a checkout became uses of its order.
    pub fn consume_uses(&mut self, checkout: CheckoutId) {
        self.uses_ended.push((checkout, "consumed"));
    }

    /// A new attempt to pay.
    pub fn new_attempt(&mut self, attempt: Attempt) {
        self.attempts.push(attempt);
    }

    /// An attempt that turned.
    pub fn turn_attempt(&mut self, turn: Turn) {
        self.turns.push(turn);
    }

    /// A new order, and its cart is bought.
    pub fn place(&mut self, placed: Placed) {
        self.bought.push((placed.cart, placed.order.id));
        self.orders.push(placed);
    }

    /// A payment that the sandbox bank writes down.
    pub fn write_down(&mut self, id: PaymentId, record: BankRecord) {
        self.banked.push((id, record));
    }

    /// Something that happened.
    pub fn tell(&mut self, event: Event<'static>) {
        self.events.push(event);
    }

    /// Something to be done at a time.
    pub fn plan(&mut self, clock: &Clock, job: Job, run_at: DateTime<Utc>) {
        self.jobs.push(job.planned(clock, run_at));
    }

    /// Whether nothing is to be written.
    pub(super) fn is_empty(&self) -> bool {
        let of_sales = self.new_carts.len() + self.edited.len() + self.checkouts.len() + self.new_checkouts.len();
        let of_payments = self.attempts.len() + self.turns.len() + self.orders.len() + self.banked.len();
        let of_stock = self.reserved.len() + self.holds_ended.len() + self.uses_taken.len() + self.uses_ended.len();
        of_sales + of_payments + of_stock + self.events.len() + self.jobs.len() == 0
    }

    /// What was decided last changes a sale that was changed so often before.
    pub(super) fn of_sale(&mut self, cart: CartId, version: i64) {
        self.known.insert(cart, version);
    }

    /// The sale as these changes of one command leave it; none that is bought, or of which not all is known.
    pub(super) fn leave(&self, before: Option<Sale>) -> Option<Sale> {
        if let Some(cart) = self.new_carts.last() {
            return Some(Sale::new(cart.clone()));
        }
        let Sale { version, cart, checkout, held, payment } = before.filter(|_| self.bought.is_empty())?;
        let version = version + 1;
        if let Some(edited) = self.edited.last() {
            let cart = Arc::new(edited.record());
            return Some(Sale { version, cart, checkout: None, held: vec![], payment: None });
        }
        if let Some(opened) = self.new_checkouts.last() {
            let cart = Arc::new(CartRecord { checkout: Some(opened.id), ..CartRecord::clone(&cart) });
            let promised = self.reserved.iter().filter(|(id, _)| *id == opened.id);
            let mut held: Vec<Held> = promised.map(Held::of).collect();
            held.sort_by_key(Held::shelf);
            let checkout = Some(Arc::new(CheckoutRecord { checkout: opened.clone(), payment: None }));
            return Some(Sale { version, cart, checkout, held, payment: None });
        }
        let checkout = self.checkouts.last().map(|record| Arc::new(record.clone())).or(checkout);
        let held = if self.holds_ended.is_empty() { held } else { vec![] };
        let turned = self.turns.last().map(|turn| &turn.after).or(self.attempts.last());
        let payment = turned.map(|attempt| Arc::new(attempt.clone())).or(payment);
        Some(Sale { version, cart, checkout, held, payment })
    }

    /// What was decided last was handed in under this idempotency key.
    pub(super) fn under(&mut self, key: Option<Arc<Key>>) {
        self.keys.extend(key);
    }

    /// The lanes that have something to be done by now.
    pub(super) fn lanes_with_work(&self, now: DateTime<Utc>) -> Vec<Lane> {
        self.jobs.iter().filter(|job| job.run_at <= now).map(|job| Lane::of(&job.kind)).collect()
    }

    /// Adds what another command changes.
    pub fn absorb(&mut self, other: Changes) {
        self.new_carts.extend(other.new_carts);
        self.edited.extend(other.edited);
        self.entered.extend(other.entered);
        self.bought.extend(other.bought);
        self.new_checkouts.extend(other.new_checkouts);
        self.checkouts.extend(other.checkouts);
        self.reserved.extend(other.reserved);
        self.holds_ended.extend(other.holds_ended);
        for (shelf, by) in other.shelves {
            let sum = self.shelves.entry(shelf).or_default();
            sum.on_hand += by.on_hand;
            sum.reserved += by.reserved;
        }
        self.stirred.extend(other.stirred);
        self.sold.extend(other.sold);
        self.uses_taken.extend(other.uses_taken);
        self.uses_ended.extend(other.uses_ended);
        for (coupon, more) in other.coupon_counts {
            *self.coupon_counts.entry(coupon).or_default() += more;
        }
        self.attempts.extend(other.attempts);
        self.turns.extend(other.turns);
        self.orders.extend(other.orders);
        self.banked.extend(other.banked);
        self.events.extend(other.events);
        self.jobs.extend(other.jobs);
    }

    /// Writes all of it. What a row refers to is written before it.
    pub(super) async fn write(mut self, conn: &mut Conn, clock: &Clock, now: DateTime<Utc>) -> Result<()> {
        let mut writes = Writes::default();
        carts::insert_all(&mut writes, &self.new_carts);
        // The carts come first: whoever finds one changed since it was known stops there.
        carts::save_all(&mut writes, &self.edited, &self.known);
        carts::complete_all(&mut writes, &self.bought, &self.known, now);
        carts::note_change(&mut writes, &self.beside_carts(), &self.known);
        checkouts::insert_all(&mut writes, &self.new_checkouts);
        carts::set_checkouts(&mut writes, &self.entered, &self.known);
        payments::insert_all(&mut writes, &self.attempts);
        payments::save_all(&mut writes, &self.turns);
        checkouts::advance_all(&mut writes, &self.checkouts, now);
        self.write_stock(&mut writes, clock, now);
        self.write_coupons(&mut writes);
        orders::insert_all(&mut writes, &self.orders);
        sandbox::open(&mut writes, &self.banked, now);
        self.events.extend(events::stock_changed(&self.stirred, now));
        events::tell(&mut writes, self.events);
        jobs::plan(&mut writes, &self.jobs, now);
        idempotency::changed(&mut writes, &self.keys);
        conn.write(writes).await?;
        Ok(payments::count_in(conn, &self.turns).await?)
    }

    /// The carts whose sales change beside them, in the order of their ids.
    fn beside_carts(&self) -> Vec<CartId> {
        let edited = self.edited.iter().map(|edited| edited.cart.id);
        let entered = self.entered.iter().map(|(cart, _)| *cart);
        let written: HashSet<CartId> = edited.chain(entered).chain(self.bought.iter().map(|(cart, _)| *cart)).collect();
        let mut beside: Vec<CartId> = self.known.keys().filter(|cart| !written.contains(cart)).copied().collect();
        beside.sort_unstable();
        beside
    }

    fn write_stock(&self, writes: &mut Writes, clock: &Clock, now: DateTime<Utc>) {
        stock::reserve(writes, &self.reserved);
        stock::end(writes, &self.holds_ended);
        stock::shift(writes, &self.shelves);
        stock::record(writes, clock, self.sold.iter().map(sale).collect(), now);
    }

    fn write_coupons(&self, writes: &mut Writes) {
        coupons::end(writes, &self.uses_ended);
        coupons::take(writes, &self.uses_taken);
        coupons::count(writes, &self.coupon_counts);
    }
}

fn sale((held, number): &(Held, String)) -> Movement<'_> {
    Movement {
        variant: VariantId(held.variant_id),
        location: LocationId(held.location_id),
        kind: MovementKind::Sale,
        delta: -held.quantity,
        reference: number,
        actor: "buyer",
    }
}
