//! The storefront: pages that work without JavaScript, and the fragments that scripts swap in.
//!
//! What a visitor browses is shareable and carries nothing personal; what a buyer does is private and never kept.

pub mod arrivals;
pub mod cards;
pub mod cart;
pub mod cart_view;
pub mod checkout;
pub mod checkout_form;
pub mod checkout_status;
pub mod checkout_view;
pub mod cookies;
pub mod delivery;
pub mod errors;
pub mod find_order;
pub mod for_you;
pub mod form;
pub mod home;
pub mod lines;
pub mod listing;
pub mod order;
pub mod order_link;
pub mod order_view;
pub mod pages;
pub mod private;
pub mod product;
pub mod recommended;
pub mod refusals;
pub mod respond;
pub mod robots;
pub mod sandbox_bank;
pub mod shell;
pub mod sitemap;
pub mod suggest;
pub mod totals;
pub mod views;
