//! The stories of the shop, told on tables in memory. Every decision is the rules' own; the faults are ours.

pub mod cart;
pub mod checkout;
pub mod order;
pub mod pay;
pub mod refund;
pub mod settle;
pub mod stock;
