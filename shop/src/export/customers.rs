//! Customers as they appear from orders, one a row.

use std::io::Write;

use super::table::Table;
use crate::error::Result;
use crate::store::{Db, customers as store};

/// Customers held in memory at once.
const PAGE: i64 = 1_000;

const COLUMNS: [&str; 7] = ["Email", "Name", "Orders", "Spent", "Currency", "First order at", "Last order at"];

/// Writes every customer: one picture of the database. Answers how many there are.
pub async fn customers(db: &Db, to: &mut impl Write) -> Result<u64> {
    let mut snapshot = db.snapshot().await?;
    let mut table = Table::begin(to, COLUMNS)?;
    let mut after = None;
    loop {
        let page = store::after(&mut snapshot, after, PAGE).await?;
        for customer in &page {
            table.text(&customer.email).text(&customer.name).number(customer.orders).money(customer.spent);
            table.text(customer.spent.currency.code()).time(customer.first_order_at).time(customer.last_order_at);
            table.end()?;
        }
        match page.last() {
            Some(last) => after = Some(last.id),
            None => return table.finish(),
        }
    }
}
