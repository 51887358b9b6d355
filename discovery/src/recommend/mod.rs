//! What goes with what.

pub mod ease;
pub mod history;
pub mod load;
pub mod matrix;
pub mod neighbours;
pub mod svd;
