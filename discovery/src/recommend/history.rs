//! What was bought, by whom, when and in which order: everything recommendations are computed from.

use std::collections::HashMap;

/// Seconds in a day.
pub const DAY: i64 = 86_400;

/// One line of an order. Customers, products and orders are numbers in their [`History`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purchase {
    /// Who bought it: an index into [`History::customers`].
    pub customer: u32,
    /// What was bought: an index into [`History::products`].
    pub product: u32,
    /// In which order; numbers count from 0 in the order of arrival.
    pub order: u32,
    /// When, in seconds since 1970 (UTC).
    pub time: i64,
    /// How many pieces, at least 1.
    pub quantity: u32,
}

/// All purchases of a shop, oldest first, with the names behind the numbers.
#[derive(Clone, Debug, Default)]
pub struct History {
    customers: Vec<String>,
    products: Vec<String>,
    purchases: Vec<Purchase>,
}

impl History {
    /// The customers' names; a purchase's `customer` is an index into them.
    pub fn customers(&self) -> &[String] {
        &self.customers
    }

    /// The products' names; a purchase's `product` is an index into them.
    pub fn products(&self) -> &[String] {
        &self.products
    }

    /// Every purchase, oldest first.
    pub fn purchases(&self) -> &[Purchase] {
        &self.purchases
    }

    /// What was bought before a time, and what from then on (seconds since 1970).
    pub fn split(&self, time: i64) -> (&[Purchase], &[Purchase]) {
        self.purchases.split_at(self.purchases.partition_point(|purchase| purchase.time < time))
    }
}

/// Collects purchases in any sequence into a [`History`].
#[derive(Default)]
pub struct Recorder {
    customers: Names,
    products: Names,
    orders: Names,
    purchases: Vec<Purchase>,
}

impl Recorder {
    /// Notes one line. Without an order's name, everything a customer bought in the same second is one order.
    pub fn add(&mut self, customer: &str, product: &str, order: Option<&str>, time: i64, quantity: u32) {
        let customer = self.customers.number(customer);
        let product = self.products.number(product);
        let order = match order {
            Some(name) => self.orders.number(name),
            None => self.orders.number(&format!("{customer} at {time}")),
        };
        self.purchases.push(Purchase { customer, product, order, time, quantity: quantity.max(1) });
    }

    /// The history of all that was noted.
    pub fn finish(mut self) -> History {
        self.purchases.sort_by_key(|purchase| (purchase.time, purchase.order, purchase.product));
        History { customers: self.customers.list, products: self.products.list, purchases: self.purchases }
    }
}

#[derive(Default)]
struct Names {
    numbers: HashMap<String, u32>,
    list: Vec<String>,
}

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(&number) = self.numbers.get(name) {
            return number;
        }
        let number = u32::try_from(self.list.len()).expect("a history has fewer than four thousand million names");
        self.numbers.insert(name.to_owned(), number);
        self.list.push(name.to_owned());
        number
    }
}
