//! Orders: the list, one order with everything that can be done with it, paper, and payments under review.

pub mod act;
pub mod cancel;
pub mod list;
mod look;
mod parts;
pub mod print;
pub mod refund;
pub mod resend;
pub mod review;
mod timeline;

use axum::http::StatusCode;
use commerce::ids::OrderId;

pub use parts::row;

use super::errors::AdminError;
use crate::error::Error;

/// The page of an order.
pub fn path(id: OrderId) -> String {
    format!("/admin/orders/{id}")
}

/// A page of the same order under another name: a parcel's slip, the form of a refund.
fn under(id: OrderId, what: &str) -> String {
    format!("{}/{what}", path(id))
}

/// Why something was refused, to be said on the page it was asked from, and the status of that page. What is no answer to
/// the person (nothing there, something broken) stays an error.
fn refusal(error: Error) -> Result<(StatusCode, String), AdminError> {
    if matches!(error.code(), "not_found" | "internal" | "unavailable" | "malformed") {
        return Err(error.into());
    }
    let problem = error.problem();
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::CONFLICT);
    let said = problem.errors.into_iter().next().map_or(problem.detail, |error| error.message);
    Ok((status, said))
}
