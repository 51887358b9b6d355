//! Everything that grew from one cart, brought together.

use super::super::shop::Shop;
use super::super::tables::*;
use commerce::checkout::Checkout;
use commerce::ids::*;
use commerce::order::Order;
use commerce::returns::RefundStatus;

pub struct Family<'a> {
    pub cart: &'a CartRow,
    pub checkouts: Vec<&'a CheckoutRow>,
    pub payments: Vec<&'a PaymentRow>,
    pub orders: Vec<(&'a OrderRow, Order)>,
    pub refunds: Vec<&'a RefundRow>,
    pub parcels: Vec<&'a Parcel>,
    pub cancellations: Vec<&'a Cancellation>,
    pub reservations: Vec<&'a Reservation>,
    pub uses: Vec<&'a CouponUse>,
    pub movements: Vec<&'a Movement>,
    pub events: Vec<&'a Event>,
}

impl<'a> Family<'a> {
    pub fn of(shop: &'a Shop, cart: usize) -> Self {
        let db = &shop.db;
        let orders = (0..db.orders.len()).filter(|at| db.orders[*at].cart == cart);
        Self {
            cart: &db.carts[cart],
            checkouts: db.checkouts.iter().filter(|row| row.cart == cart).collect(),
            payments: db.payments.iter().filter(|row| row.cart == cart).collect(),
            orders: orders.map(|at| (&db.orders[at], shop.load_order(at))).collect(),
            refunds: db.refunds.iter().filter(|row| row.cart == cart).collect(),
            parcels: db.parcels.iter().filter(|row| row.cart == cart).collect(),
            cancellations: db.cancellations.iter().filter(|row| row.cart == cart).collect(),
            reservations: db.reservations.iter().filter(|row| row.cart == cart).collect(),
            uses: db.uses.iter().filter(|row| row.cart == cart).collect(),
            movements: db.movements.iter().filter(|row| row.cart == cart).collect(),
            events: db.events.iter().filter(|row| row.cart == cart).collect(),
        }
    }

    pub fn checkout(&self, id: CheckoutId) -> Option<&'a Checkout> {
        self.checkouts.iter().find(|row| row.checkout.id == id).map(|row| &*row.checkout)
    }

    pub fn payment(&self, id: PaymentId) -> Option<&'a PaymentRow> {
        self.payments.iter().find(|row| row.attempt.id == id).copied()
    }

    pub fn order_of(&self, checkout: CheckoutId) -> Option<&(&'a OrderRow, Order)> {
        self.orders.iter().find(|(_, order)| order.checkout_id == checkout)
    }

    pub fn cancellation(&self, order: OrderId) -> Option<&'a Cancellation> {
        self.cancellations.iter().find(|row| row.order == order).copied()
    }

    /// How many events tell of a thing, and whether the versions they tell of are all there are, each once.
    pub fn told(&self, about: Subject, versions: i64, counts: impl Fn(&str) -> bool) -> bool {
        let mut seen = 0_u64;
        let mut told = 0;
        for event in self.events.iter().filter(|event| event.subject == about && counts(event.kind)) {
            told += 1;
            seen |= 1_u64.checked_shl(u32::try_from(event.version).unwrap_or(64)).unwrap_or(0);
        }
        told == versions && i64::from(seen.count_ones()) == versions
    }

    pub fn has_event(&self, about: Subject, version: i64, kind: &str) -> bool {
        self.events.iter().any(|event| event.subject == about && event.version == version && event.kind == kind)
    }

    pub fn count(&self, about: Subject, kind: &str) -> usize {
        self.events.iter().filter(|event| event.subject == about && event.kind == kind).count()
    }

    /// Units of a line that refunds are about, and what they are paid back with, of those refunds that stand so.
    pub fn paid_back(&self, line: OrderItemId, counts: impl Fn(RefundStatus) -> bool) -> (i64, i64) {
        let refunds = self.refunds.iter().filter(|row| counts(row.refund.status));
        let lines = refunds.flat_map(|row| &row.refund.plan.lines).filter(|refunded| refunded.item_id == line);
        lines.fold((0, 0), |(units, paid), line| (units + line.quantity, paid + line.amount.minor))
    }
}
