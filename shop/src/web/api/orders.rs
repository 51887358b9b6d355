//! Orders, by private link or by number and e-mail address.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use commerce::customer::MAX_EMAIL;
use commerce::error::FieldError;
use commerce::ids::OrderId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{Body, Ids, Params};
use super::carts::Answer;
use super::order_document::OrderDocument;
use super::problem::Refused;
use crate::app::{App, Shop};
use crate::error::{Error, Result};
use crate::store::{events, orders};
use crate::web::access;
use crate::web::visitor::VisitorAddress;

/// The longest number that is looked up; no order has a longer one.
const LONGEST_NUMBER: usize = 64;

/// What opens an order.
#[derive(Deserialize)]
pub struct Token {
    #[serde(default)]
    token: String,
}

/// What a guest knows of an order.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Lookup {
    /// With or without a `#` before it.
    #[schema(max_length = 64)]
    number: String,
    #[schema(max_length = 254)]
    email: String,
}

/// An order, for who holds its private link, and for staff.
#[utoipa::path(get, path = "/api/orders/{id}", params(("id" = String, Path), ("token" = String, Query)),
    responses((status = 200, body = OrderDocument), Refused), tag = "order")]
pub async fn read(
    State(app): State<Shop>,
    Ids(id): Ids<OrderId>,
    Params(params): Params<Token>,
    headers: HeaderMap,
) -> Answer {
    if !app.secret.opens(id, &params.token) && access::recognise(&app, &headers).await?.is_none() {
        return Err(Error::NotFound.into());
    }
    Ok(Json(document(&app, id).await?).into_response())
}

/// An order by its number and the e-mail address it was placed with. Wrong and unknown get one answer.
#[utoipa::path(post, path = "/api/orders/lookup", request_body = Lookup,
    responses((status = 200, body = OrderDocument), Refused), tag = "order")]
pub async fn lookup(
    State(app): State<Shop>,
    VisitorAddress(address): VisitorAddress,
    Body(body): Body<Lookup>,
) -> Answer {
    let number = typed_number(&body.number);
    let errors = too_long(number, &body.email);
    if !errors.is_empty() {
        return Err(Error::Invalid(errors).into());
    }
    app.limits.order_lookup(app.clock.now(), &address, number)?;
    let mut conn = app.db.read().await?;
    let id = orders::find(&mut conn, number, &body.email).await?.ok_or(Error::NotFound)?;
    drop(conn);
    Ok(Json(document(&app, id).await?).into_response())
}

/// The number as it is kept: people copy the sign before it along.
pub fn typed_number(text: &str) -> &str {
    text.trim().trim_start_matches('#').trim_start()
}

fn too_long(number: &str, email: &str) -> Vec<FieldError> {
    let fields = [("number", number, LONGEST_NUMBER), ("email", email, MAX_EMAIL)];
    let longer = fields.into_iter().filter(|(_, text, most)| text.chars().count() > *most);
    longer.map(|(field, _, most)| FieldError::new(field, format!("can be at most {most} characters long"))).collect()
}

async fn document(app: &App, id: OrderId) -> Result<OrderDocument> {
    let mut conn = app.db.read().await?;
    let record = orders::load(&mut conn, id).await?;
    let mut happened = events::of(&mut conn, id.0).await?;
    happened.extend(events::of(&mut conn, record.order.payment.attempt.0).await?);
    happened.sort_by_key(|event| event.at);
    Ok(OrderDocument::of(&record, &happened))
}
