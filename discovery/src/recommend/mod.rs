//! What goes with what, what is bought much of late, and what a customer will likely buy next.
//!
//! Everything is computed from a [`history::History`]. A shop runs [`foryou::ForYou::fit`] in a nightly job, keeps
//! [`together::Together`] up to date with every order, and serves both from memory.

pub mod ease;
pub mod foryou;
pub mod history;
pub mod load;
pub mod logit;
pub mod matrix;
pub mod neighbours;
pub mod popularity;
pub mod shopper;
pub mod signals;
pub mod similar;
pub mod svd;
#[cfg(test)]
pub(crate) mod synthetic;
pub mod together;
