//! The rules as tables: each topic is a list of cases behind one `check`.

mod common;

#[path = "tables/addresses.rs"]
mod addresses;
#[path = "tables/carts.rs"]
mod carts;
#[path = "tables/catalogs.rs"]
mod catalogs;
#[path = "tables/checkouts.rs"]
mod checkouts;
#[path = "tables/edits.rs"]
mod edits;
#[path = "tables/money.rs"]
mod money;
#[path = "tables/orders.rs"]
mod orders;
#[path = "tables/payments.rs"]
mod payments;
#[path = "tables/quotes.rs"]
mod quotes;
#[path = "tables/sheets.rs"]
mod sheets;
#[path = "tables/stock.rs"]
mod stock;
