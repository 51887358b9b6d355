//! What the command palette finds: a few rows of each kind, and never more work than that of a screenful of lists.

use commerce::catalog::fold;
use commerce::ids::{CustomerId, OrderId, ProductId};
use commerce::money::{Currency, Money};
use uuid::Uuid;

use super::order_list::search_words;
use super::{Conn, Query};
use crate::error::{Error, Result};

/// How many of the latest orders are looked through; an older one is found by its number, or by its customer.
const LATEST: i64 = 5_000;

/// An order that was found.
#[derive(Clone, Debug)]
pub struct FoundOrder {
    /// Which.
    pub id: OrderId,
    /// Its number.
    pub number: String,
    /// Where its letters go.
    pub email: String,
    /// What it comes to.
    pub total: Money,
}

#[derive(sqlx::FromRow)]
struct OrderRow {
    id: Uuid,
    number: String,
    email: String,
    currency: String,
    total: i64,
}

/// The order of a number, or the latest orders that have all of these words in them.
pub async fn orders(conn: &mut Conn, typed: &str, most: i64) -> Result<Vec<FoundOrder>> {
    let words = search_words(typed);
    let mut found = Vec::new();
    if let [number] = words.as_slice() {
        let mut exact = Query::new("SELECT id, number, email, currency, total FROM orders");
        exact.and_is("number =", number);
        found = conn.all_by::<OrderRow>(exact).await?;
    }
    if found.is_empty() && !words.is_empty() {
        let mut latest = Query::new(
            "SELECT o.id, o.number, o.email, o.currency, o.total FROM orders o JOIN (SELECT l.id FROM
             (SELECT id, search_folded, placed_at FROM orders ORDER BY placed_at DESC, id DESC",
        );
        latest.limit(LATEST);
        latest.then(") l");
        for word in &words {
            latest.and_has("l.search_folded", word);
        }
        latest.then("ORDER BY l.placed_at DESC, l.id DESC");
        latest.limit(most);
        latest.then(") f ON f.id = o.id ORDER BY o.placed_at DESC, o.id DESC");
        found = conn.all_by(latest).await?;
    }
    found.into_iter().map(OrderRow::found).collect()
}

impl OrderRow {
    fn found(self) -> Result<FoundOrder> {
        let currency = Currency::parse(&self.currency).map_err(|error| Error::Internal(error.to_string()))?;
        let total = Money::new(self.total, currency);
        Ok(FoundOrder { id: OrderId(self.id), number: self.number, email: self.email, total })
    }
}

/// A customer that was found.
#[derive(Clone, Debug)]
pub struct FoundCustomer {
    /// Which.
    pub id: CustomerId,
    /// Their name.
    pub name: String,
    /// Where their letters go.
    pub email: String,
}

#[derive(sqlx::FromRow)]
struct CustomerRow {
    id: Uuid,
    name: String,
    email: String,
}

/// Customers whose name and address have all of these words in them.
pub async fn customers(conn: &mut Conn, typed: &str, most: i64) -> Result<Vec<FoundCustomer>> {
    let words = search_words(typed);
    if words.is_empty() {
        return Ok(vec![]);
    }
    let mut query = Query::new("SELECT id, name, email FROM customers");
    for word in &words {
        query.and_has("search_folded", word);
    }
    query.limit(most);
    let rows: Vec<CustomerRow> = conn.all_by(query).await?;
    let found = |CustomerRow { id, name, email }: CustomerRow| FoundCustomer { id: CustomerId(id), name, email };
    Ok(rows.into_iter().map(found).collect())
}

#[derive(sqlx::FromRow)]
struct ProductRow {
    id: Uuid,
    name: String,
    status: String,
}

/// Products that are not on sale, by their names: those on sale are found in memory.
pub async fn put_away(conn: &mut Conn, typed: &str, most: i64) -> Result<Vec<(ProductId, String, String)>> {
    let mut query = Query::new("SELECT id, name, status FROM products");
    query.and_one_of("status", ["draft", "archived"]);
    for word in fold(typed).split_whitespace() {
        query.and_has("name_folded", word);
    }
    query.limit(most);
    let rows: Vec<ProductRow> = conn.all_by(query).await?;
    Ok(rows.into_iter().map(|row| (ProductId(row.id), row.name, row.status)).collect())
}
