//! How a guest without the private link finds an order: by its number and the e-mail address of the receipt.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::Response;
use commerce::customer::check_email;
use commerce::error::FieldError;

use super::checkout_form::{field_view, filled_field};
use super::errors::PageError;
use super::form::Form;
use super::order_link::order_path;
use super::private;
use super::shell::{PageMeta, render};
use super::views::FindOrderPage;
use crate::app::{App, Shop};
use crate::error::Result;
use crate::store::orders;
use crate::web::api::orders::typed_number;
use crate::web::visitor::VisitorAddress;

/// `GET /orders/find`
pub async fn show(State(app): State<Shop>) -> Result<Response, PageError> {
    Ok(draw(&app, StatusCode::OK, &view("", "", &[]))?)
}

/// `POST /orders/find`: on to the private link. Wrong and unknown get one answer.
pub async fn find(
    State(app): State<Shop>,
    VisitorAddress(address): VisitorAddress,
    form: Form,
) -> Result<Response, PageError> {
    let number = typed_number(form.text("number"));
    let email = form.text("email").trim();
    let page = |errors: &[FieldError]| view(number, email, errors);
    let errors = wrong(number, email);
    if !errors.is_empty() {
        return Ok(draw(&app, StatusCode::UNPROCESSABLE_ENTITY, &page(&errors))?);
    }
    if let Err(too_many) = app.limits.order_lookup(app.clock.now(), &address, number) {
        let view = FindOrderPage { too_many: true, ..page(&[]) };
        let mut response = draw(&app, StatusCode::TOO_MANY_REQUESTS, &view)?;
        response.headers_mut().insert(RETRY_AFTER, too_many.wait_seconds.into());
        return Ok(response);
    }
    let found = orders::find(&mut app.db.read().await?, number, email).await?;
    match found {
        Some(order) => Ok(private::see_other(&order_path(&app, order))),
        None => Ok(draw(&app, StatusCode::NOT_FOUND, &FindOrderPage { not_found: true, ..page(&[]) })?),
    }
}

fn wrong(number: &str, email: &str) -> Vec<FieldError> {
    let missing = number.is_empty().then(|| FieldError::new("number", "Enter the order number."));
    missing.into_iter().chain(check_email(email).err()).collect()
}

fn view(number: &str, email: &str, errors: &[FieldError]) -> FindOrderPage {
    FindOrderPage {
        number: field_view("number", number, errors),
        email: filled_field("email", email, "email", "email", errors),
        not_found: false,
        too_many: false,
    }
}

fn draw(app: &App, status: StatusCode, view: &FindOrderPage) -> Result<Response> {
    let meta = PageMeta::private(app.theme.text("find-order"), "/orders/find");
    Ok(private::page(status, render(app, "storefront/find_order.html", meta, view)?))
}
