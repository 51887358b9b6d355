//! The page of a customer.

use chrono::{DateTime, Utc};
use commerce::money::Money;
use serde::{Deserialize, Serialize};

use super::list::ListView;
use super::sampled;

/// Somebody who has ordered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerPage {
    /// The name as their latest order has it.
    pub name: String,
    /// Where their mails go.
    pub email: String,
    /// Where they can be called.
    pub phone: Option<String>,
    /// Orders they have placed.
    pub count: i64,
    /// What they paid, less what went back.
    pub spent: Money,
    /// That, an order.
    pub average: Money,
    /// Their first order.
    pub first_order_at: DateTime<Utc>,
    /// Their latest order.
    pub last_order_at: DateTime<Utc>,
    /// Their latest orders.
    pub orders: Vec<OrderRowView>,
    /// The list of all of them, where there are more.
    pub all_orders: Option<String>,
    /// Where these orders went.
    pub addresses: Vec<UsedAddress>,
}

sampled!(CustomerPage, "customer.json");

/// An order in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderRowView {
    /// Its id.
    pub id: String,
    /// Its number, for people.
    pub number: String,
    /// Its page.
    pub url: String,
    /// `open`, `completed` or `canceled`.
    pub status: String,
    /// What its payments come to.
    pub payment_status: String,
    /// How much of it was sent.
    pub fulfillment_status: String,
    /// The name it goes to.
    pub customer: String,
    /// Where its mails go.
    pub email: String,
    /// How it is sent.
    pub delivery: String,
    /// Units in it.
    pub units: i64,
    /// What it comes to.
    pub total: Money,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
}

/// An address and how many of the orders went there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UsedAddress {
    /// A line each.
    pub lines: Vec<String>,
    /// How many orders.
    pub orders: i64,
}

/// Customers, a page of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomersPage {
    /// Everything around the rows.
    pub list: ListView,
    /// The customers.
    pub rows: Vec<CustomerRowView>,
}

sampled!(CustomersPage, "customers.json");

/// A customer in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerRowView {
    /// Their page.
    pub url: String,
    /// The name as their latest order has it.
    pub name: String,
    /// Where their mails go.
    pub email: String,
    /// Orders they have placed.
    pub orders: i64,
    /// What they paid, less what went back.
    pub spent: Money,
    /// Their first order.
    pub first_order_at: DateTime<Utc>,
    /// Their latest order.
    pub last_order_at: DateTime<Utc>,
}
