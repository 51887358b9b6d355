//! How good it is: measured on judged searches and on histories of orders.

pub mod measures;
pub mod ranking;
pub mod recommend;
pub mod search;
