//! Orders as a list: found by what people know of them, counted, and a page at a time.

use chrono::{DateTime, Utc};
use commerce::address::Address;
use commerce::catalog::fold;
use commerce::ids::OrderId;
use commerce::money::{Currency, Money};
use commerce::order::{FulfillmentStatus, Order, OrderStatus};
use commerce::payment::PaymentStatus;
use commerce::pricing::PricedShipping;
use serde::Deserialize;
use uuid::Uuid;

use super::{Conn, Query};
use crate::args;
use crate::error::{Error, Result};

/// The most bytes of an order's text that are searched: an index row holds 2,704 on PostgreSQL.
const MOST_SEARCHED: usize = 1500;
/// The most bytes of a name that are sorted by.
const MOST_SORTED: usize = 300;

/// Which orders. What is empty leaves all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// Whose life stands here.
    pub status: Vec<OrderStatus>,
    /// Whose payment stands here.
    pub payment: Vec<PaymentStatus>,
    /// Whose delivery stands here.
    pub fulfillment: Vec<FulfillmentStatus>,
    /// Placed at this moment or later.
    pub placed_from: Option<DateTime<Utc>>,
    /// Placed before this moment.
    pub placed_before: Option<DateTime<Utc>>,
    /// Total of at least so many minor units.
    pub min_total: Option<i64>,
    /// Total of at most so many minor units.
    pub max_total: Option<i64>,
    /// Parts of number, name, e-mail address, SKU or product name; all of them.
    pub q: String,
    /// The canonical e-mail address of who ordered.
    pub customer: Option<String>,
    /// Whether it was asked for what no order can be.
    pub nothing: bool,
}

/// What a list of orders is sorted by. Rows that are alike stand in the order of their ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OrderSort {
    /// When it was placed.
    #[default]
    Placed,
    /// Its number.
    Number,
    /// What it comes to.
    Total,
    /// The name it goes to.
    Customer,
}

/// Some rows of a list.
#[derive(Clone, Copy, Debug)]
pub struct Slice {
    /// How many at most.
    pub limit: i64,
    /// After so many.
    pub offset: i64,
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedOrder {
    /// Which order.
    pub id: OrderId,
    /// Its number.
    pub number: String,
    /// Its life.
    pub status: OrderStatus,
    /// Its payment.
    pub payment_status: PaymentStatus,
    /// Its delivery.
    pub fulfillment_status: FulfillmentStatus,
    /// Where its mails go.
    pub email: String,
    /// Where it goes.
    pub address: Address,
    /// How it is sent.
    pub delivery: Option<String>,
    /// Units in it.
    pub units: i64,
    /// What it comes to.
    pub total: Money,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
}

/// How many orders stand in one place of their three states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateCount {
    /// Their life.
    pub status: OrderStatus,
    /// Their payment.
    pub payment: PaymentStatus,
    /// Their delivery.
    pub fulfillment: FulfillmentStatus,
    /// How many.
    pub orders: i64,
}

#[derive(sqlx::FromRow)]
struct Count {
    n: i64,
}

#[derive(sqlx::FromRow)]
struct IdRow {
    id: Uuid,
}

#[derive(sqlx::FromRow)]
struct StateRow {
    status: String,
    payment_status: String,
    fulfillment_status: String,
    orders: i64,
}

#[derive(sqlx::FromRow)]
struct ListedRow {
    id: Uuid,
    number: String,
    status: String,
    payment_status: String,
    fulfillment_status: String,
    email: String,
    body: String,
    units: Option<i64>,
    currency: String,
    total: i64,
    placed_at: DateTime<Utc>,
}

/// The part of an order's body that the list shows.
#[derive(Deserialize)]
struct Shown {
    shipping_address: Address,
    shipping: Option<PricedShipping>,
}

/// How many orders there are of a filter.
pub async fn count(conn: &mut Conn, filter: &OrderFilter) -> Result<i64> {
    let mut query = Query::new("SELECT COUNT(*) AS n FROM orders o");
    filter.narrow(&mut query);
    let rows: Vec<Count> = conn.all_by(query).await?;
    Ok(rows.first().map_or(0, |row| row.n))
}

/// A page of the orders of a filter.
pub async fn page(
    conn: &mut Conn,
    filter: &OrderFilter,
    sort: OrderSort,
    descending: bool,
    slice: Slice,
) -> Result<Vec<ListedOrder>> {
    // First which ones, out of the index alone; the orders themselves are large.
    let mut query = Query::new("SELECT o.id FROM orders o");
    filter.narrow(&mut query);
    query.then(sort.clause(descending));
    query.page(slice.limit, slice.offset);
    let ids: Vec<IdRow> = conn.all_by(query).await?;
    let ids: Vec<OrderId> = ids.into_iter().map(|row| OrderId(row.id)).collect();
    these(conn, ids).await
}

/// The orders of these ids as a list shows them, in this order.
pub async fn these(conn: &mut Conn, ids: Vec<OrderId>) -> Result<Vec<ListedOrder>> {
    const LISTED: &str = "SELECT o.id, o.number, o.status, o.payment_status, o.fulfillment_status, o.email,
            CAST(o.body AS TEXT) AS body, o.currency, o.total, o.placed_at,
            (SELECT CAST(SUM(i.quantity) AS BIGINT) FROM order_items i WHERE i.order_id = o.id) AS units
         FROM orders o";
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let mut query = Query::new(LISTED);
    query.and_one_of("o.id", ids.iter().copied());
    let rows: Vec<ListedRow> = conn.all_by(query).await?;
    let mut listed = rows.into_iter().map(ListedRow::listed).collect::<Result<Vec<_>>>()?;
    listed.sort_by_key(|order| ids.iter().position(|id| *id == order.id));
    Ok(listed)
}

/// How many orders stand where: what the tabs of the list count.
pub async fn states(conn: &mut Conn) -> Result<Vec<StateCount>> {
    const STATES: &str = "SELECT status, payment_status, fulfillment_status, COUNT(*) AS orders FROM orders
         GROUP BY status, payment_status, fulfillment_status";
    let rows: Vec<StateRow> = conn.all(STATES, args![]).await?;
    rows.into_iter().map(StateRow::count).collect()
}

/// The order placed before another one, and the one placed after it.
pub async fn neighbours(
    conn: &mut Conn,
    placed_at: DateTime<Utc>,
    id: OrderId,
) -> sqlx::Result<(Option<OrderId>, Option<OrderId>)> {
    const BEFORE: &str = "SELECT id FROM orders WHERE (placed_at, id) < ($1, $2)
         ORDER BY placed_at DESC, id DESC LIMIT 1";
    const AFTER: &str = "SELECT id FROM orders WHERE (placed_at, id) > ($1, $2) ORDER BY placed_at, id LIMIT 1";
    let before: Option<IdRow> = conn.optional(BEFORE, args![placed_at, id]).await?;
    let after: Option<IdRow> = conn.optional(AFTER, args![placed_at, id]).await?;
    Ok((before.map(|row| OrderId(row.id)), after.map(|row| OrderId(row.id))))
}

impl OrderFilter {
    /// Whether orders in one place of their states are among these, as far as states decide.
    pub fn takes(&self, place: &StateCount) -> bool {
        fn is<T: PartialEq>(wanted: &[T], one: &T) -> bool {
            wanted.is_empty() || wanted.contains(one)
        }
        is(&self.status, &place.status)
            && is(&self.payment, &place.payment)
            && is(&self.fulfillment, &place.fulfillment)
    }

    /// Whether nothing but states decides.
    pub fn is_of_states(&self) -> bool {
        let states = OrderFilter {
            status: self.status.clone(),
            payment: self.payment.clone(),
            fulfillment: self.fulfillment.clone(),
            ..Self::default()
        };
        *self == states
    }

    fn narrow(&self, query: &mut Query) {
        if self.nothing {
            query.and("1 = 0");
        }
        query.and_one_of("o.status", self.status.iter().map(|name| name.as_str()));
        query.and_one_of("o.payment_status", self.payment.iter().map(|name| name.as_str()));
        query.and_one_of("o.fulfillment_status", self.fulfillment.iter().map(|name| name.as_str()));
        if let Some(from) = self.placed_from {
            query.and_is("o.placed_at >=", from);
        }
        if let Some(before) = self.placed_before {
            query.and_is("o.placed_at <", before);
        }
        if let Some(least) = self.min_total {
            query.and_is("o.total >=", least);
        }
        if let Some(most) = self.max_total {
            query.and_is("o.total <=", most);
        }
        if let Some(customer) = &self.customer {
            query.and_is("o.email_canonical =", customer);
        }
        for word in search_words(&self.q) {
            query.and_has("o.search_folded", &word);
        }
    }
}

/// What was typed, word by word as search columns keep it. An order's number is often copied with the sign before it.
pub(super) fn search_words(typed: &str) -> Vec<String> {
    fold(typed)
        .split_whitespace()
        .map(|word| word.trim_start_matches('#').to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

impl OrderSort {
    const fn clause(self, descending: bool) -> &'static str {
        match (self, descending) {
            (Self::Placed, false) => "ORDER BY o.placed_at, o.id",
            (Self::Placed, true) => "ORDER BY o.placed_at DESC, o.id DESC",
            // Numbers are text: the longer one is the higher one.
            (Self::Number, false) => "ORDER BY LENGTH(o.number), o.number",
            (Self::Number, true) => "ORDER BY LENGTH(o.number) DESC, o.number DESC",
            (Self::Total, false) => "ORDER BY o.total, o.id",
            (Self::Total, true) => "ORDER BY o.total DESC, o.id DESC",
            (Self::Customer, false) => "ORDER BY o.customer_folded, o.id",
            (Self::Customer, true) => "ORDER BY o.customer_folded DESC, o.id DESC",
        }
    }
}

impl ListedRow {
    fn listed(self) -> Result<ListedOrder> {
        let internal = |error: String| Error::Internal(format!("order {}: {error}", self.number));
        let shown: Shown = serde_json::from_str(&self.body).map_err(|error| internal(error.to_string()))?;
        let currency = Currency::parse(&self.currency).map_err(|error| internal(error.to_string()))?;
        Ok(ListedOrder {
            id: OrderId(self.id),
            status: named(&self.status)?,
            payment_status: named(&self.payment_status)?,
            fulfillment_status: named(&self.fulfillment_status)?,
            address: shown.shipping_address,
            delivery: shown.shipping.map(|shipping| shipping.label),
            units: self.units.unwrap_or(0),
            total: Money::new(self.total, currency),
            placed_at: self.placed_at,
            email: self.email,
            number: self.number,
        })
    }
}

impl StateRow {
    fn count(self) -> Result<StateCount> {
        Ok(StateCount {
            status: named(&self.status)?,
            payment: named(&self.payment_status)?,
            fulfillment: named(&self.fulfillment_status)?,
            orders: self.orders,
        })
    }
}

fn named<T: std::str::FromStr<Err = commerce::UnknownName>>(text: &str) -> Result<T> {
    text.parse().map_err(|error: commerce::UnknownName| Error::Internal(error.to_string()))
}

/// The text that an order is found by, folded.
pub fn search_text(order: &Order) -> String {
    let mut parts = vec![order.number.as_str(), &order.shipping_address.name, &order.email];
    if order.billing_address.name != order.shipping_address.name {
        parts.push(&order.billing_address.name);
    }
    parts.extend(order.items.iter().filter_map(|item| item.sku.as_deref()));
    for item in &order.items {
        if !parts.contains(&item.name.as_str()) {
            parts.push(&item.name);
        }
    }
    shortened(fold(&parts.join(" ")), MOST_SEARCHED)
}

/// The name that an order is sorted by, folded.
pub fn sort_name(name: &str) -> String {
    shortened(fold(name), MOST_SORTED)
}

/// A text of at most so many bytes.
fn shortened(mut text: String, most: usize) -> String {
    text.truncate(text.floor_char_boundary(most));
    text
}
