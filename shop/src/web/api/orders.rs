//! Orders, by private link or by number and e-mail address.

use std::net::SocketAddr;

use axum::Json;
use axum::extract::{ConnectInfo, Extension, State};
use axum::response::IntoResponse;
use commerce::ids::OrderId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{Body, Ids, Params};
use super::carts::Answer;
use super::documents::OrderDocument;
use super::problem::ProblemDocument;
use crate::app::{App, Shop};
use crate::error::{Error, Result};
use crate::store::{events, orders};

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
    number: String,
    email: String,
}

/// An order, for who holds its private link.
#[utoipa::path(get, path = "/api/orders/{id}", params(("id" = String, Path), ("token" = String, Query)),
    responses((status = 200, body = OrderDocument), (status = "4XX", body = ProblemDocument)), tag = "order")]
pub async fn read(State(app): State<Shop>, Ids(id): Ids<OrderId>, Params(params): Params<Token>) -> Answer {
    if !app.secret.opens(id, &params.token) {
        return Err(Error::NotFound.into());
    }
    Ok(Json(document(&app, id).await?).into_response())
}

/// An order by its number and the e-mail address it was placed with. Wrong and unknown get one answer.
#[utoipa::path(post, path = "/api/orders/lookup", request_body = Lookup,
    responses((status = 200, body = OrderDocument), (status = "4XX", body = ProblemDocument)), tag = "order")]
pub async fn lookup(
    State(app): State<Shop>,
    visitor: Option<Extension<ConnectInfo<SocketAddr>>>,
    Body(body): Body<Lookup>,
) -> Answer {
    let address = visitor.map_or_else(String::new, |Extension(ConnectInfo(address))| address.ip().to_string());
    app.limits.order_lookup(app.clock.now(), &address, &body.number)?;
    let mut conn = app.db.read().await?;
    let id = orders::find(&mut conn, body.number.trim(), &body.email).await?.ok_or(Error::NotFound)?;
    drop(conn);
    Ok(Json(document(&app, id).await?).into_response())
}

async fn document(app: &App, id: OrderId) -> Result<OrderDocument> {
    let mut conn = app.db.read().await?;
    let record = orders::load(&mut conn, id).await?;
    let mut happened = events::of(&mut conn, id.0).await?;
    happened.extend(events::of(&mut conn, record.order.payment.attempt.0).await?);
    happened.sort_by_key(|event| event.at);
    Ok(OrderDocument::of(&record, &happened))
}
