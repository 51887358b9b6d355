//! The only place with SQL. One file per aggregate; each function is a statement or two with a name.

mod args;
pub mod carts;
pub mod catalog;
pub mod categories;
pub mod checkouts;
pub mod counters;
pub mod coupons;
pub mod customers;
mod db;
pub mod defaults;
pub mod events;
pub mod fetched_pictures;
pub mod idempotency;
pub mod jobs;
pub mod media;
pub mod migrate;
pub mod order_list;
pub mod orders;
pub mod payments;
pub mod products;
mod query;
pub mod sale;
pub mod sandbox;
pub mod saved_views;
pub mod savepoint;
pub mod settings;
pub mod sign_in_tries;
pub mod staff;
pub mod staff_sessions;
pub mod statements;
pub mod stock;
pub mod stock_sheet;
pub mod verify;

pub use args::{Arg, keys};
pub use db::{Conn, Db, Row, Tx};
pub use query::Query;
