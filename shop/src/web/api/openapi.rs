//! `GET /api/openapi.json`: the API described, generated from the handlers.

use std::sync::LazyLock;

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use utoipa::OpenApi;

use super::{carts, catalog, checkouts, dev, documents, health, orders, problem};

/// The description of the API.
#[derive(OpenApi)]
#[openapi(
    info(title = "Oxcart", description = "A whole shop in one program. Amounts are in minor units."),
    paths(
        health::health,
        health::ready,
        describe,
        catalog::products,
        catalog::product,
        catalog::recommendations,
        catalog::categories,
        catalog::suggest,
        carts::create,
        carts::read,
        carts::add_item,
        carts::set_item,
        carts::remove_item,
        carts::apply_coupon,
        carts::remove_coupon,
        checkouts::create,
        checkouts::read,
        checkouts::change,
        checkouts::cancel,
        checkouts::pay,
        orders::read,
        orders::lookup,
        dev::complete_payment,
        dev::advance_clock,
    ),
    components(schemas(
        documents::MoneyDocument,
        documents::TotalsDocument,
        documents::AddressDocument,
        problem::ProblemDocument,
        problem::FieldProblem,
        checkouts::CardDocument,
    ))
)]
pub struct Api;

static DOCUMENT: LazyLock<String> =
    LazyLock::new(|| Api::openapi().to_json().expect("the description is made of strings and numbers"));

/// The description of the API.
#[utoipa::path(get, path = "/api/openapi.json", responses((status = 200)), tag = "health")]
pub async fn describe() -> Response {
    ([(CONTENT_TYPE, "application/json")], DOCUMENT.as_str()).into_response()
}
