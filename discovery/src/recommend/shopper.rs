//! What one customer has bought so far, put together per product.

use std::collections::HashMap;

use super::history::{DAY, Purchase};

/// A product a customer has bought, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owned {
    /// The product.
    pub product: u32,
    /// In how many orders.
    pub orders: u32,
    /// How many pieces altogether.
    pub pieces: u32,
    /// When for the first time, in seconds since 1970.
    pub first: i64,
    /// When for the last time, in seconds since 1970.
    pub last: i64,
}

/// A customer's purchases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shopper {
    /// Each product once, the latest first.
    pub owned: Vec<Owned>,
    /// How many orders there were.
    pub orders: u32,
}

impl Shopper {
    /// Puts one customer's purchases together, given oldest first.
    pub fn new<'a>(purchases: impl IntoIterator<Item = &'a Purchase>) -> Self {
        let (mut shopper, mut order, mut places) = (Self::default(), None, HashMap::new());
        let mut counted = Vec::new();
        for purchase in purchases {
            if order.replace(purchase.order) != Some(purchase.order) {
                shopper.orders += 1;
            }
            let place = *places.entry(purchase.product).or_insert(shopper.owned.len());
            if place == shopper.owned.len() {
                let Purchase { product, time, .. } = *purchase;
                shopper.owned.push(Owned { product, orders: 0, pieces: 0, first: time, last: time });
                counted.push(None);
            }
            let owned = &mut shopper.owned[place];
            if counted[place].replace(purchase.order) != Some(purchase.order) {
                owned.orders += 1;
            }
            owned.pieces = owned.pieces.saturating_add(purchase.quantity);
            owned.last = purchase.time;
        }
        shopper.owned.sort_by_key(|owned| (std::cmp::Reverse(owned.last), owned.product));
        shopper
    }

    /// Everybody's purchases, by the customer's number.
    pub fn all(purchases: &[Purchase], customers: usize) -> Vec<Self> {
        let mut theirs: Vec<Vec<&Purchase>> = vec![Vec::new(); customers];
        for purchase in purchases {
            if let Some(list) = theirs.get_mut(purchase.customer as usize) {
                list.push(purchase);
            }
        }
        theirs.into_iter().map(Self::new).collect()
    }

    /// Whether a product was bought.
    pub fn owns(&self, product: u32) -> bool {
        self.owned.iter().any(|owned| owned.product == product)
    }

    /// When the last order was, in seconds since 1970.
    pub fn last(&self) -> Option<i64> {
        self.owned.first().map(|owned| owned.last)
    }
}

/// Days between two times, never less than none.
pub fn days(from: i64, to: i64) -> f32 {
    to.saturating_sub(from).max(0) as f32 / DAY as f32
}
