//! Customers as they appear from orders.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use commerce::ids::CustomerId;
use commerce::money::Money;
use serde::Serialize;
use utoipa::ToSchema;

use super::asked::Asked;
use super::order_list::{OrderSummary, summary};
use crate::app::Shop;
use crate::error::Result;
use crate::store::customers::{self, Customer, CustomerFilter, CustomerSort};
use crate::store::order_list::{self, OrderFilter, OrderSort, Slice};
use crate::web::access::Member;
use crate::web::api::body::Ids;
use crate::web::api::carts::Answer;
use crate::web::api::documents::{AddressDocument, MoneyDocument};
use crate::web::api::problem::Refused;

/// Orders that the document of a customer holds at most.
const ORDERS_HELD: i64 = 100;

/// A page of customers.
#[derive(Serialize, ToSchema)]
pub struct CustomerList {
    items: Vec<CustomerDocument>,
    /// How many customers match.
    total: i64,
    page: i64,
    per_page: i64,
    pages: i64,
}

/// Somebody who has ordered.
#[derive(Serialize, ToSchema)]
#[schema(as = Customer)]
pub struct CustomerDocument {
    id: String,
    /// The name as their latest order has it.
    name: String,
    /// The address as their latest order has it.
    email: String,
    /// Orders they have placed.
    order_count: i64,
    /// What came in less what went back.
    #[schema(value_type = MoneyDocument)]
    spent: Money,
    first_order_at: DateTime<Utc>,
    last_order_at: DateTime<Utc>,
}

/// Somebody who has ordered, with their latest orders and where those went.
#[derive(Serialize, ToSchema)]
pub struct CustomerWithOrders {
    #[serde(flatten)]
    customer: CustomerDocument,
    /// The latest 100.
    orders: Vec<OrderSummary>,
    /// Where these orders went, the latest first.
    #[schema(value_type = Vec<AddressDocument>)]
    addresses: Vec<commerce::address::Address>,
}

/// Customers, the one who ordered last first.
#[utoipa::path(get, path = "/api/admin/customers",
    params(
        ("q" = Option<String>, Query, description = "Parts of name and e-mail address."),
        ("min_orders" = Option<i64>, Query),
        ("max_orders" = Option<i64>, Query),
        ("min_spent" = Option<i64>, Query, description = "In minor units."),
        ("max_spent" = Option<i64>, Query, description = "In minor units."),
        ("sort" = Option<String>, Query, description = "last_order, first_order, name, orders or spent; with - before it from large to small. Default: -last_order."),
        ("page" = Option<i64>, Query, minimum = 1),
        ("per_page" = Option<i64>, Query, minimum = 1, maximum = 100),
    ),
    responses((status = 200, body = CustomerList), Refused), tag = "staff")]
pub async fn list(State(app): State<Shop>, _: Member, RawQuery(query): RawQuery) -> Answer {
    let (asked, filter, sort) = asked_for(query.as_deref())?;
    let mut conn = app.db.read().await?;
    let total = customers::count(&mut conn, &filter).await?;
    let slice = Slice { limit: asked.per_page, offset: asked.offset() };
    let found = customers::page(&mut conn, &filter, sort, asked.descending, slice).await?;
    drop(conn);
    let list = CustomerList {
        items: found.into_iter().map(document).collect(),
        total,
        page: asked.page,
        per_page: asked.per_page,
        pages: asked.pages(total),
    };
    Ok(Json(list).into_response())
}

fn asked_for(query: Option<&str>) -> Result<(Asked, CustomerFilter, CustomerSort)> {
    let mut filter = CustomerFilter::default();
    let mut sort = CustomerSort::default();
    let whole = |text: &str| text.parse::<i64>().map(Some).map_err(|_| "has to be a whole number".to_owned());
    let asked = Asked::read(query, |name, text| {
        match name {
            "q" => filter.q = text.to_owned(),
            "min_orders" => filter.min_orders = whole(text)?,
            "max_orders" => filter.max_orders = whole(text)?,
            "min_spent" => filter.min_spent = whole(text)?,
            "max_spent" => filter.max_spent = whole(text)?,
            "sort" => {
                sort = match text {
                    "last_order" => CustomerSort::LastOrder,
                    "first_order" => CustomerSort::FirstOrder,
                    "name" => CustomerSort::Name,
                    "orders" => CustomerSort::Orders,
                    "spent" => CustomerSort::Spent,
                    _ => return Err("has to be last_order, first_order, name, orders or spent".into()),
                }
            }
            _ => return Err("is not a parameter of this list".into()),
        }
        Ok(())
    })?;
    Ok((asked, filter, sort))
}

/// A customer with their latest orders.
#[utoipa::path(get, path = "/api/admin/customers/{id}", params(("id" = String, Path)),
    responses((status = 200, body = CustomerWithOrders), Refused), tag = "staff")]
pub async fn read(State(app): State<Shop>, _: Member, Ids(id): Ids<CustomerId>) -> Answer {
    let mut conn = app.db.read().await?;
    let customer = customers::load(&mut conn, id).await?;
    let theirs = OrderFilter { customer: Some(customer.email_canonical.clone()), ..OrderFilter::default() };
    let slice = Slice { limit: ORDERS_HELD, offset: 0 };
    let orders = order_list::page(&mut conn, &theirs, OrderSort::Placed, true, slice).await?;
    drop(conn);
    let mut addresses = vec![];
    for order in &orders {
        if !addresses.contains(&order.address) {
            addresses.push(order.address.clone());
        }
    }
    let orders = orders.into_iter().map(summary).collect();
    Ok(Json(CustomerWithOrders { customer: document(customer), orders, addresses }).into_response())
}

fn document(customer: Customer) -> CustomerDocument {
    CustomerDocument {
        id: customer.id.to_string(),
        name: customer.name,
        email: customer.email,
        order_count: customer.orders,
        spent: customer.spent,
        first_order_at: customer.first_order_at,
        last_order_at: customer.last_order_at,
    }
}
