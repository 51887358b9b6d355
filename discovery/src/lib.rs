//! Finding things: what fits some words, what goes with what, and how good both are. Everything here is computed over
//! plain inputs; the shop reads them from its database and shows what comes out.

pub mod evaluate;
pub mod recommend;
pub mod search;
