//! `GET /api/admin/orders`: orders, filtered as on their page.

use std::str::FromStr;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use commerce::money::Money;
use serde::Serialize;
use utoipa::ToSchema;

use super::asked::Asked;
use crate::app::Shop;
use crate::error::Result;
use crate::store::order_list::{self, ListedOrder, OrderFilter, OrderSort, Slice};
use crate::web::access::Member;
use crate::web::api::carts::Answer;
use crate::web::api::documents::MoneyDocument;
use crate::web::api::problem::Refused;

/// A page of orders.
#[derive(Serialize, ToSchema)]
pub struct OrderList {
    items: Vec<OrderSummary>,
    /// How many orders match.
    total: i64,
    page: i64,
    per_page: i64,
    pages: i64,
}

/// An order in a list.
#[derive(Serialize, ToSchema)]
pub struct OrderSummary {
    id: String,
    number: String,
    status: String,
    payment_status: String,
    fulfillment_status: String,
    email: String,
    /// The name it goes to.
    customer: String,
    /// Units in it.
    quantity: i64,
    /// How it is sent; null where nothing is.
    shipping_method: Option<String>,
    #[schema(value_type = MoneyDocument)]
    total: Money,
    placed_at: DateTime<Utc>,
}

/// Orders, the latest first.
#[utoipa::path(get, path = "/api/admin/orders",
    params(
        ("q" = Option<String>, Query, description = "Parts of number, name, e-mail address, SKU or product name."),
        ("status" = Option<Vec<String>>, Query, description = "Any of these."),
        ("payment_status" = Option<Vec<String>>, Query, description = "Any of these."),
        ("fulfillment_status" = Option<Vec<String>>, Query, description = "Any of these."),
        ("placed_from" = Option<DateTime<Utc>>, Query, description = "Placed at this moment or later."),
        ("placed_before" = Option<DateTime<Utc>>, Query, description = "Placed before this moment."),
        ("min_total" = Option<i64>, Query, description = "In minor units."),
        ("max_total" = Option<i64>, Query, description = "In minor units."),
        ("sort" = Option<String>, Query, description = "placed, number, total or customer; with - before it from large to small. Default: -placed."),
        ("page" = Option<i64>, Query, minimum = 1),
        ("per_page" = Option<i64>, Query, minimum = 1, maximum = 100),
    ),
    responses((status = 200, body = OrderList), Refused), tag = "staff")]
pub async fn list(State(app): State<Shop>, _: Member, RawQuery(query): RawQuery) -> Answer {
    let (asked, filter, sort) = read(query.as_deref())?;
    let mut conn = app.db.read().await?;
    let total = order_list::count(&mut conn, &filter).await?;
    let slice = Slice { limit: asked.per_page, offset: asked.offset() };
    let found = order_list::page(&mut conn, &filter, sort, asked.descending, slice).await?;
    drop(conn);
    let list = OrderList {
        items: found.into_iter().map(summary).collect(),
        total,
        page: asked.page,
        per_page: asked.per_page,
        pages: asked.pages(total),
    };
    Ok(Json(list).into_response())
}

fn read(query: Option<&str>) -> Result<(Asked, OrderFilter, OrderSort)> {
    let mut filter = OrderFilter::default();
    let mut sort = OrderSort::default();
    let asked = Asked::read(query, |name, text| {
        match name {
            "q" => filter.q = text.to_owned(),
            "status" => filter.status.push(named(text)?),
            "payment_status" => filter.payment.push(named(text)?),
            "fulfillment_status" => filter.fulfillment.push(named(text)?),
            "placed_from" => filter.placed_from = Some(moment(text)?),
            "placed_before" => filter.placed_before = Some(moment(text)?),
            "min_total" => filter.min_total = Some(whole(text)?),
            "max_total" => filter.max_total = Some(whole(text)?),
            "sort" => {
                sort = match text {
                    "placed" => OrderSort::Placed,
                    "number" => OrderSort::Number,
                    "total" => OrderSort::Total,
                    "customer" => OrderSort::Customer,
                    _ => return Err("has to be placed, number, total or customer".into()),
                }
            }
            _ => return Err("is not a parameter of this list".into()),
        }
        Ok(())
    })?;
    Ok((asked, filter, sort))
}

fn named<T: FromStr<Err = commerce::UnknownName>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: commerce::UnknownName| format!("has to be one of {}", error.expected))
}

fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    let moment = DateTime::parse_from_rfc3339(text).map(|moment| moment.with_timezone(&Utc));
    moment.map_err(|_| "has to be a time such as 2026-11-21T14:05:00Z".to_owned())
}

fn whole(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| "has to be a whole number, in minor units".to_owned())
}

/// An order in a list.
pub fn summary(order: ListedOrder) -> OrderSummary {
    OrderSummary {
        id: order.id.to_string(),
        number: order.number,
        status: order.status.to_string(),
        payment_status: order.payment_status.to_string(),
        fulfillment_status: order.fulfillment_status.to_string(),
        email: order.email,
        customer: order.address.name,
        quantity: order.units,
        shipping_method: order.delivery,
        total: order.total,
        placed_at: order.placed_at,
    }
}
