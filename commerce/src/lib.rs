//! The pure rules of commerce.
//!
//! Nothing here reads a clock, draws a random number, opens a socket or touches a file: the time, the ids and the
//! facts are arguments, the decision is the answer. What this crate cannot import it cannot do.
//!
//! Each module is one word of the trade. Read them in the order of a sale: [`catalog`], [`cart`], [`promotion`],
//! [`shipping`], [`tax`], [`pricing`] (the one quote), [`inventory`], [`checkout`], [`payment`], [`order`],
//! [`returns`]. [`staff`] looks after it. [`money`], [`ids`], [`address`], [`customer`] and [`error`] serve them all.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

#[macro_use]
mod named;

pub mod address;
pub mod cart;
pub mod catalog;
pub mod checkout;
pub mod customer;
pub mod error;
pub mod ids;
pub mod inventory;
pub mod money;
pub mod order;
pub mod payment;
pub mod pricing;
pub mod promotion;
pub mod returns;
pub mod shipping;
pub mod staff;
pub mod tax;
pub mod transfer;

pub use named::UnknownName;
