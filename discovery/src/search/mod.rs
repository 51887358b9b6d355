//! What fits some words: an index in the process, searches that bear typos, and suggestions while somebody types.
//!
//! Queries and products go through one analysis ([`pieces`]). A query becomes a plan: per word what may stand for it.
//! The plan is scored over the postings, the best meaning of every word counting.

mod dictionary;
mod find;
mod fold;
mod index;
mod language;
mod pieces;
mod plan;
mod rules;
mod score;
mod snapshot;
mod suggest;
mod terms;
#[cfg(test)]
mod tests;
mod units;
mod weights;

pub use find::{Found, Hit, Query};
pub use fold::fold;
pub use index::{Document, Index, IndexError, Opened};
pub use language::Language;
pub use rules::{QueryRule, Rules};
pub use snapshot::Products;
pub use weights::Weights;
