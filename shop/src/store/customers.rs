//! Customers as they appear from orders: a projection, kept with every order and every amount that comes in or goes back.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use commerce::customer::canonical_email;
use commerce::ids::{CustomerId, PaymentId};
use commerce::money::{Currency, Money};
use commerce::order::Order;
use uuid::Uuid;

use super::order_list::{Slice, search_words, sort_name};
use super::{Arg, Conn, Query, Writes};
use crate::args;
use crate::error::{Error, Result};

/// Somebody who has ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// Their id.
    pub id: CustomerId,
    /// The e-mail address they are known by.
    pub email_canonical: String,
    /// The address as their latest order has it.
    pub email: String,
    /// The name as their latest order has it.
    pub name: String,
    /// Orders they have placed.
    pub orders: i64,
    /// What came in less what went back.
    pub spent: Money,
    /// Their first order.
    pub first_order_at: DateTime<Utc>,
    /// Their latest order.
    pub last_order_at: DateTime<Utc>,
}

/// Which customers. What is empty leaves all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerFilter {
    /// Parts of name and e-mail address; all of them.
    pub q: String,
    /// At least so many orders.
    pub min_orders: Option<i64>,
    /// At most so many orders.
    pub max_orders: Option<i64>,
    /// Spent at least so many minor units.
    pub min_spent: Option<i64>,
    /// Spent at most so many minor units.
    pub max_spent: Option<i64>,
    /// Ordered last at this moment or later.
    pub last_from: Option<DateTime<Utc>>,
    /// Ordered last before this moment.
    pub last_before: Option<DateTime<Utc>>,
}

/// What a list of customers is sorted by. Rows that are alike stand in the order of their ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CustomerSort {
    /// Their latest order.
    #[default]
    LastOrder,
    /// Their first order.
    FirstOrder,
    /// Their name.
    Name,
    /// How often they ordered.
    Orders,
    /// What came in.
    Spent,
}

#[derive(sqlx::FromRow)]
struct CustomerRow {
    id: Uuid,
    email_canonical: String,
    email: String,
    name: String,
    orders: i64,
    currency: String,
    spent: i64,
    first_order_at: DateTime<Utc>,
    last_order_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct Count {
    n: i64,
}

/// A customer, or `NotFound`.
pub async fn load(conn: &mut Conn, id: CustomerId) -> Result<Customer> {
    const LOAD: &str = "SELECT id, email_canonical, email, name, orders, currency, spent, first_order_at, last_order_at
         FROM customers WHERE id = $1";
    let row: CustomerRow = conn.optional(LOAD, args![id]).await?.ok_or(Error::NotFound)?;
    row.customer()
}

/// The customer of an e-mail address.
pub async fn of_email(conn: &mut Conn, email: &str) -> Result<Option<Customer>> {
    const OF: &str = "SELECT id, email_canonical, email, name, orders, currency, spent, first_order_at, last_order_at
         FROM customers WHERE email_canonical = $1";
    let row: Option<CustomerRow> = conn.optional(OF, args![canonical_email(email)]).await?;
    row.map(CustomerRow::customer).transpose()
}

/// How many customers there are of a filter.
pub async fn count(conn: &mut Conn, filter: &CustomerFilter) -> Result<i64> {
    let mut query = Query::new("SELECT COUNT(*) AS n FROM customers");
    filter.narrow(&mut query);
    let rows: Vec<Count> = conn.all_by(query).await?;
    Ok(rows.first().map_or(0, |row| row.n))
}

/// A page of them.
pub async fn page(
    conn: &mut Conn,
    filter: &CustomerFilter,
    sort: CustomerSort,
    descending: bool,
    slice: Slice,
) -> Result<Vec<Customer>> {
    let mut query = Query::new(
        "SELECT id, email_canonical, email, name, orders, currency, spent, first_order_at, last_order_at FROM customers",
    );
    filter.narrow(&mut query);
    query.then(sort.clause(descending));
    query.page(slice.limit, slice.offset);
    let rows: Vec<CustomerRow> = conn.all_by(query).await?;
    rows.into_iter().map(CustomerRow::customer).collect()
}

/// The customers that follow one, in the order of their ids, for exports.
pub async fn after(conn: &mut Conn, id: Option<CustomerId>, limit: i64) -> Result<Vec<Customer>> {
    const AFTER: &str =
        "SELECT id, email_canonical, email, name, orders, currency, spent, first_order_at, last_order_at
         FROM customers WHERE id > $1 ORDER BY id LIMIT $2";
    let after = id.unwrap_or(CustomerId(Uuid::nil()));
    let rows: Vec<CustomerRow> = conn.all(AFTER, args![after, limit]).await?;
    rows.into_iter().map(CustomerRow::customer).collect()
}

impl CustomerFilter {
    fn narrow(&self, query: &mut Query) {
        let numbers = [
            ("orders >=", self.min_orders),
            ("orders <=", self.max_orders),
            ("spent >=", self.min_spent),
            ("spent <=", self.max_spent),
        ];
        for (condition, number) in numbers {
            if let Some(number) = number {
                query.and_is(condition, number);
            }
        }
        for (condition, moment) in [("last_order_at >=", self.last_from), ("last_order_at <", self.last_before)] {
            if let Some(moment) = moment {
                query.and_is(condition, moment);
            }
        }
        for word in search_words(&self.q) {
            query.and_has("search_folded", &word);
        }
    }
}

/// Counts new orders in: their buyers may be new too.
pub fn placed(writes: &mut Writes, orders: Vec<&Order>) {
    let mut left = orders;
    // One statement can count in one order of a buyer. In the order of addresses, so that no two of them wait for each other.
    left.sort_by_cached_key(|order| canonical_email(&order.email));
    let mut seen = HashSet::new();
    let (firsts, mut left): (Vec<_>, Vec<_>) =
        left.into_iter().partition(|order| seen.insert(canonical_email(&order.email)));
    writes.insert(PLACED, firsts.into_iter().map(row).collect(), AGAIN);
    while !left.is_empty() {
        let mut seen = HashSet::new();
        let (now, later) = left.into_iter().partition(|order| seen.insert(canonical_email(&order.email)));
        writes.insert_after(PLACED, Vec::into_iter(now).map(row).collect(), AGAIN);
        left = later;
    }
}

const PLACED: &str = "INSERT INTO customers (id, email_canonical, email, name, name_folded, search_folded, orders,
        currency, spent, first_order_at, last_order_at)";
const AGAIN: &str = "ON CONFLICT (email_canonical) DO UPDATE SET email = excluded.email, name = excluded.name,
        name_folded = excluded.name_folded, search_folded = excluded.search_folded, orders = customers.orders + 1,
        spent = customers.spent + CASE WHEN customers.currency = excluded.currency THEN excluded.spent ELSE 0 END,
        first_order_at = CASE WHEN excluded.first_order_at < customers.first_order_at
                         THEN excluded.first_order_at ELSE customers.first_order_at END,
        last_order_at = CASE WHEN excluded.last_order_at > customers.last_order_at
                        THEN excluded.last_order_at ELSE customers.last_order_at END";

fn row(order: &Order) -> Vec<Arg> {
    let (name, payment) = (&order.shipping_address.name, &order.payment);
    args![
        // Their first order lends them its id.
        CustomerId(order.id.0),
        canonical_email(&order.email),
        &order.email,
        name,
        sort_name(name),
        sort_name(&format!("{name} {}", order.email)),
        1,
        order.totals.total.currency.code(),
        payment.captured.minor - payment.refunded.minor,
        order.placed_at,
        order.placed_at,
    ]
}

/// Counts in what came in by a payment, or out what went back. One that has no order yet is nobody's.
pub async fn paid(conn: &mut Conn, payment: PaymentId, minor: i64) -> sqlx::Result<()> {
    const PAID: &str = "UPDATE customers SET spent = spent + $2
         WHERE email_canonical = (SELECT o.email_canonical FROM orders o WHERE o.payment_id = $1)
           AND currency = (SELECT o.currency FROM orders o WHERE o.payment_id = $1)";
    conn.execute(PAID, args![payment, minor]).await?;
    Ok(())
}

impl CustomerSort {
    const fn clause(self, descending: bool) -> &'static str {
        match (self, descending) {
            (Self::LastOrder, false) => "ORDER BY last_order_at, id",
            (Self::LastOrder, true) => "ORDER BY last_order_at DESC, id DESC",
            (Self::FirstOrder, false) => "ORDER BY first_order_at, id",
            (Self::FirstOrder, true) => "ORDER BY first_order_at DESC, id DESC",
            (Self::Name, false) => "ORDER BY name_folded, id",
            (Self::Name, true) => "ORDER BY name_folded DESC, id DESC",
            (Self::Orders, false) => "ORDER BY orders, id",
            (Self::Orders, true) => "ORDER BY orders DESC, id DESC",
            (Self::Spent, false) => "ORDER BY spent, id",
            (Self::Spent, true) => "ORDER BY spent DESC, id DESC",
        }
    }
}

impl CustomerRow {
    fn customer(self) -> Result<Customer> {
        let currency = Currency::parse(&self.currency).map_err(|error| Error::Internal(error.to_string()))?;
        Ok(Customer {
            id: CustomerId(self.id),
            email_canonical: self.email_canonical,
            email: self.email,
            name: self.name,
            orders: self.orders,
            spent: Money::new(self.spent, currency),
            first_order_at: self.first_order_at,
            last_order_at: self.last_order_at,
        })
    }
}
