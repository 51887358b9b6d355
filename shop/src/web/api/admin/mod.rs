//! The API of the staff: everything that the admin pages do, through the same flows.

pub mod account;
pub mod categories;
pub mod inventory;
pub mod media;
pub mod products;
pub mod staff;
