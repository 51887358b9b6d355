//! The API of the staff: everything that the admin pages do, through the same flows.

pub mod account;
pub mod asked;
pub mod categories;
pub mod customers;
pub mod find;
pub mod home;
pub mod inventory;
pub mod media;
pub mod order_list;
pub mod orders;
pub mod products;
pub mod reviews;
pub mod saved_views;
pub mod search;
pub mod settings;
pub mod staff;
pub mod transfers;
