//! `GET /api/openapi.json`: the API described, generated from the handlers.

use std::sync::LazyLock;

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Required};
use utoipa::{Modify, OpenApi};

use super::idempotency::LONGEST;
use super::{admin, auth, carts, catalog, checkouts, dev, documents, health, orders, problem, searches, visits};

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
        catalog::trending,
        catalog::categories,
        catalog::suggest,
        searches::click,
        visits::view,
        visits::for_you,
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
        auth::login,
        auth::refresh,
        auth::logout,
        admin::account::read,
        admin::account::change_password,
        admin::account::sessions,
        admin::account::end_session,
        admin::account::end_other_sessions,
        admin::categories::list,
        admin::categories::create,
        admin::categories::change,
        admin::categories::delete,
        admin::inventory::list,
        admin::inventory::bulk,
        admin::inventory::movements,
        admin::inventory::reservations,
        admin::media::upload,
        admin::transfers::upload,
        admin::transfers::read,
        admin::transfers::begin,
        admin::transfers::cancel,
        admin::transfers::errors,
        admin::transfers::export,
        admin::reviews::list,
        admin::reviews::pay_back,
        admin::products::list,
        admin::products::create,
        admin::products::read,
        admin::products::change,
        admin::products::archive,
        admin::products::history,
        admin::products::bulk::begin,
        admin::products::bulk::report,
        admin::order_list::list,
        admin::customers::list,
        admin::customers::read,
        admin::orders::read,
        admin::orders::fulfil,
        admin::orders::refund,
        admin::orders::cancel,
        admin::orders::mark_paid,
        admin::orders::deliver,
        admin::orders::add_note,
        admin::orders::resend,
        admin::home::read,
        admin::home::set_setup,
        admin::find::find,
        admin::saved_views::list,
        admin::saved_views::create,
        admin::saved_views::delete,
        admin::search::list,
        admin::search::create,
        admin::search::change,
        admin::search::delete,
        admin::search::report,
        admin::settings::read,
        admin::settings::change,
        admin::staff::list,
        admin::staff::create,
        admin::staff::change,
        admin::staff::set_password,
        admin::staff::sign_out,
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
    )),
    modifiers(&Idempotency)
)]
pub struct Api;

/// What is true of every POST, whatever it does.
struct Idempotency;

impl Modify for Idempotency {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let posts = api.paths.paths.values_mut().filter_map(|item| item.post.as_mut());
        posts.for_each(describe_idempotency);
    }
}

fn describe_idempotency(post: &mut Operation) {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let key = ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("Printable ASCII. The same key and body get the same answer again for 48 hours."))
        .schema(Some(text().min_length(Some(1)).max_length(Some(LONGEST))));
    post.parameters.get_or_insert_default().push(key.build().into());
    let replayed = HeaderBuilder::new()
        .schema(Some(text().enum_values(Some(["true"]))))
        .description(Some("Here when an answer is given again for its Idempotency-Key."))
        .build();
    for response in post.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            response.headers.insert("Idempotent-Replayed".into(), replayed.clone().into());
        }
    }
}

static DOCUMENT: LazyLock<String> =
    LazyLock::new(|| Api::openapi().to_json().expect("the description is made of strings and numbers"));

/// The description of the API.
#[utoipa::path(get, path = "/api/openapi.json", responses((status = 200, body = Object, description = "OpenAPI")), tag = "health")]
pub async fn describe() -> Response {
    ([(CONTENT_TYPE, "application/json")], DOCUMENT.as_str()).into_response()
}
