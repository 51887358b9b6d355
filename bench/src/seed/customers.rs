//! Customers as they come out of their orders.

use chrono::{DateTime, Utc};
use commerce::customer::canonical_email;
use commerce::money::Currency;
use commerce::order::Order;
use oxcart::args;
use oxcart::store::Arg;
use oxcart::store::order_list::sort_name;
use uuid::Uuid;

/// Somebody who has ordered.
pub struct Customer {
    id: Uuid,
    email: String,
    name: String,
    currency: Currency,
    orders: i64,
    spent: i64,
    first: DateTime<Utc>,
    last: DateTime<Utc>,
}

impl Customer {
    /// Who placed a first order, which is still to be counted.
    pub fn of(order: &Order) -> Self {
        Customer {
            id: order.id.0,
            email: order.email.clone(),
            name: order.shipping_address.name.clone(),
            currency: order.totals.total.currency,
            orders: 0,
            spent: 0,
            first: order.placed_at,
            last: order.placed_at,
        }
    }

    /// Counts an order in, with what came in for it less what went back. Orders come in the order of their carts.
    pub fn count(&mut self, order: &Order) {
        self.orders += 1;
        self.spent += order.payment.captured.minor - order.payment.refunded.minor;
        (self.first, self.last) = (self.first.min(order.placed_at), self.last.max(order.placed_at));
    }

    /// The row of it.
    pub fn row(self) -> Vec<Arg> {
        args![
            self.id,
            canonical_email(&self.email),
            &self.email,
            &self.name,
            sort_name(&self.name),
            sort_name(&format!("{} {}", self.name, self.email)),
            self.orders,
            self.currency.code(),
            self.spent,
            self.first,
            self.last,
        ]
    }
}
