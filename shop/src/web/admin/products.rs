//! Products: the list with its bulk changes, and the page that a product is written on.

pub mod bulk;
mod draw;
pub mod edit;
pub mod form;
pub mod list;
mod names;
mod saved;

pub use saved::choices;
