//! The tables of the shop in memory. A transaction changes them in place and is undone by what it overwrote.

use super::shop::LOCATIONS;
use chrono::{DateTime, Utc};
use commerce::cart::Cart;
use commerce::catalog::StockPolicy;
use commerce::checkout::{Checkout, SaleVariant};
use commerce::ids::*;
use commerce::inventory::MovementKind;
use commerce::order::Order;
use commerce::payment::Attempt;
use commerce::pricing::Explained;
use commerce::promotion::Coupon;
use commerce::returns::Refund;
use std::ops::Index;
use std::rc::Rc;

/// The rows of a table, and what brings back those from before the transaction.
#[derive(Debug)]
pub struct Table<T> {
    rows: Vec<T>,
    overwritten: Vec<(usize, T)>,
    committed: usize,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), overwritten: Vec::new(), committed: 0 }
    }
}

impl<T> Table<T> {
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.rows.iter()
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn push(&mut self, row: T) {
        self.rows.push(row);
    }

    pub fn set(&mut self, index: usize, row: T) {
        let before = std::mem::replace(&mut self.rows[index], row);
        self.overwritten.push((index, before));
    }

    fn commit(&mut self) -> bool {
        let changed = !self.overwritten.is_empty() || self.committed != self.rows.len();
        self.overwritten.clear();
        self.committed = self.rows.len();
        changed
    }

    fn roll_back(&mut self) {
        while let Some((index, before)) = self.overwritten.pop() {
            self.rows[index] = before;
        }
        self.rows.truncate(self.committed);
    }
}

impl<T> Index<usize> for Table<T> {
    type Output = T;

    fn index(&self, index: usize) -> &T {
        &self.rows[index]
    }
}

/// Where a reservation or the use of a coupon stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    Active,
    /// Sold, or consumed by an order.
    Kept,
    Released,
}

#[derive(Debug, Clone)]
pub struct Goods {
    pub variant: SaleVariant,
    pub tracked: bool,
    pub policy: StockPolicy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StockRow {
    pub on_hand: i64,
    pub reserved: i64,
}

#[derive(Debug, Clone, Copy)]
pub struct Movement {
    /// The place in the table of stock.
    pub stock: usize,
    pub kind: MovementKind,
    pub delta: i64,
    /// The cart whose order it is about.
    pub cart: usize,
    /// The number of that order; 0 for none.
    pub number: u64,
}

#[derive(Debug, Clone, Copy)]
pub struct Reservation {
    pub cart: usize,
    pub checkout: CheckoutId,
    pub variant: usize,
    pub location: usize,
    pub quantity: i64,
    pub status: Hold,
}

impl Reservation {
    /// Its row of the stock.
    pub fn stock(&self) -> usize {
        self.variant * LOCATIONS + self.location
    }
}

#[derive(Debug, Clone, Copy)]
pub struct CouponUse {
    pub cart: usize,
    pub checkout: CheckoutId,
    pub coupon: CouponId,
    /// Who, as they are counted by: an index of the canonical addresses.
    pub customer: usize,
    pub status: Hold,
}

#[derive(Debug, Clone)]
pub struct CartRow {
    pub cart: Rc<Cart>,
    pub checkout: Option<CheckoutId>,
}

#[derive(Debug, Clone)]
pub struct CheckoutRow {
    pub cart: usize,
    pub checkout: Rc<Checkout>,
    pub payment: Option<PaymentId>,
}

#[derive(Debug, Clone)]
pub struct PaymentRow {
    pub cart: usize,
    pub attempt: Rc<Attempt>,
    pub captured: i64,
    pub refunded: i64,
    /// The total that stood before the buyer who paid.
    pub seen: i64,
}

#[derive(Debug, Clone)]
pub struct OrderRow {
    pub cart: usize,
    pub number: u64,
    pub order: Rc<Order>,
    pub explanation: Rc<Vec<Explained>>,
}

#[derive(Debug, Clone)]
pub struct Parcel {
    pub cart: usize,
    pub order: OrderId,
    pub items: Vec<(OrderItemId, i64)>,
}

#[derive(Debug, Clone)]
pub struct Cancellation {
    pub cart: usize,
    pub order: OrderId,
    pub restock: bool,
    /// Units of each line that had gone back with refunds before.
    pub refunded_before: Vec<i64>,
}

#[derive(Debug, Clone)]
pub struct RefundRow {
    pub cart: usize,
    pub refund: Rc<Refund>,
}

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Checkout(CheckoutId),
    Payment(PaymentId),
    Order(OrderId),
    Refund(RefundId),
}

#[derive(Debug, Clone, Copy)]
pub struct Event {
    pub cart: usize,
    pub kind: &'static str,
    pub subject: Subject,
    pub version: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    ExpireCheckout(CheckoutId),
    ReconcilePayment(PaymentId),
    ReconcileRefund(RefundId),
}

#[derive(Debug, Clone, Copy)]
pub struct JobRow {
    pub job: Job,
    pub run_at: DateTime<Utc>,
    pub lease_until: DateTime<Utc>,
    /// Whose lease it is: only the latest worker's word counts.
    pub tries: u32,
    pub done: bool,
}

/// Declares the tables, and what is done with all of them at once.
macro_rules! tables {
    ($( $name:ident: $Row:ty ),+ $(,)?) => {
        #[derive(Debug, Default)]
        pub struct Db {
            $( pub $name: Table<$Row>, )+
            /// The carts that were locked, and with each all that grew from it.
            pub touched: Vec<usize>,
            /// After so many more writes the process dies.
            pub fuse: Option<usize>,
        }

        impl Db {
            /// Answers whether anything has changed.
            pub fn commit(&mut self) -> bool {
                let changed = [$( self.$name.commit() ),+];
                changed.contains(&true)
            }

            pub fn roll_back(&mut self) {
                $( self.$name.roll_back(); )+
                self.touched.clear();
            }
        }
    };
}

tables! {
    goods: Goods,
    stock: StockRow,
    movements: Movement,
    reservations: Reservation,
    stock_events: usize,
    coupons: Coupon,
    uses: CouponUse,
    carts: CartRow,
    checkouts: CheckoutRow,
    payments: PaymentRow,
    orders: OrderRow,
    parcels: Parcel,
    cancellations: Cancellation,
    refunds: RefundRow,
    events: Event,
    jobs: JobRow,
}
