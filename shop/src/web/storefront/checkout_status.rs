//! Where a payment stands that was not finished at once. The page goes on by itself to the order, or back.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use commerce::checkout::CheckoutStatus;
use commerce::ids::{CheckoutId, PaymentId};
use commerce::payment::AttemptStatus;

use super::errors::PageError;
use super::order_link::thanks_path;
use super::shell::{PageMeta, render};
use super::views::CheckoutStatusPage;
use super::{cookies, private};
use crate::app::Shop;
use crate::error::{Error, Result};
use crate::store::{Conn, checkouts, payments};

/// `GET /checkout/{id}`, for who holds the cart of the checkout.
pub async fn show(
    State(app): State<Shop>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let id: CheckoutId = id.ok().and_then(|Path(id)| id.parse().ok()).ok_or(Error::NotFound)?;
    let mut conn = app.db.read().await?;
    let record = checkouts::load(&mut conn, id).await?;
    let checkout = record.checkout;
    if cookies::cart(&app.config, &headers) != Some(checkout.cart_id) {
        return Err(Error::NotFound.into());
    }
    if let Some(order) = checkout.order {
        return Ok(private::see_other(&thanks_path(&app, order)));
    }
    let (next_url, back_url) = match checkout.status {
        CheckoutStatus::Processing => (bank_path(&mut conn, record.payment).await?, "/checkout"),
        CheckoutStatus::NeedsReview => (None, "/"),
        CheckoutStatus::Expired | CheckoutStatus::Canceled | CheckoutStatus::Completed => (None, "/cart"),
        // Nothing is being paid: the form is the place to be, and it says so when a payment failed.
        CheckoutStatus::Open if record.payment.is_some() => return Ok(private::see_other("/checkout?failed=1")),
        CheckoutStatus::Open => return Ok(private::see_other("/checkout")),
    };
    let status = match record.payment {
        Some(payment) if checkout.status == CheckoutStatus::NeedsReview && went_back(&mut conn, payment).await? => {
            "refunded".to_owned()
        }
        _ => checkout.status.to_string(),
    };
    drop(conn);
    let title = app.theme.text(&format!("status-{status}"));
    let view = CheckoutStatusPage {
        id: id.to_string(),
        status,
        total: checkout.quote.totals.total,
        next_url,
        back_url: back_url.to_owned(),
    };
    let meta = PageMeta::private(title, status_path(id));
    Ok(private::page(StatusCode::OK, render(&app, "storefront/checkout_status.html", meta, &view)?))
}

/// Whether somebody who looked at it has paid all of it back.
async fn went_back(conn: &mut Conn, payment: PaymentId) -> Result<bool> {
    let (captured, refunded) = payments::sums(conn, payment).await?;
    Ok(captured > 0 && refunded >= captured)
}

/// The path of this page.
pub fn status_path(id: CheckoutId) -> String {
    format!("/checkout/{id}")
}

/// The bank's page, while it waits for the buyer.
pub async fn bank_path(conn: &mut Conn, payment: Option<PaymentId>) -> Result<Option<String>> {
    let Some(payment) = payment else { return Ok(None) };
    Ok(match payments::load(conn, payment).await?.status {
        AttemptStatus::RequiresAction { url, .. } => Some(url),
        _ => None,
    })
}
