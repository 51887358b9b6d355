//! The API of the staff: everything that the admin pages do, through the same flows.

pub mod account;
pub mod asked;
pub mod customers;
pub mod inventory;
pub mod order_list;
pub mod staff;
