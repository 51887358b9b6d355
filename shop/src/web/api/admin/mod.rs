//! The API of the staff: everything that the admin pages do, through the same flows.

pub mod account;
pub mod inventory;
pub mod staff;
