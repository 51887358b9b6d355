//! The stories: what spans a transaction, two tables or an outside call, told once for every front.

pub mod amend_checkout;
pub mod bulk_products;
pub mod cart;
pub mod edit_category;
pub mod edit_product;
pub mod end_checkout;
pub mod make_widths;
pub mod open_checkout;
pub mod pay;
pub mod settle;
pub mod sign_in;
pub mod staff;
pub mod stock_sheet;
pub mod take_picture;

use crate::error::{Result, is_retryable};

/// How often a transaction that lost a race inside the database is run again.
const TRIES: u32 = 5;

/// Runs a transaction from its start again when the database says that it lost a race (deadlock, serialization).
pub async fn retrying<T, F, R>(mut story: F) -> Result<T>
where
    F: FnMut() -> R + Send,
    R: Future<Output = Result<T>> + Send,
{
    let mut tries = 1;
    loop {
        match story().await {
            Err(error) if is_retryable(&error) && tries < TRIES => tries += 1,
            outcome => return outcome,
        }
    }
}
