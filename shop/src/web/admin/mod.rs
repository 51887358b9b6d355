//! The admin: pages for staff, never kept by anybody. A page is a template of `themes/admin` with a view from `views/`
//! and the shell around it; [`page::render`] puts them together.

pub mod account;
pub mod categories;
pub mod chart;
pub mod customers;
pub mod errors;
pub mod find;
pub mod home;
pub mod inventory;
pub mod list;
pub mod orders;
pub mod page;
pub mod posted;
pub mod products;
pub mod saved_views;
pub mod search;
pub mod settings;
pub mod sign_in;
pub mod staff;
pub mod transfers;
pub mod views;
pub mod which;
