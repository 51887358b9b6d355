//! The list of orders.

use std::str::FromStr;

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use commerce::ids::OrderId;
use commerce::order::{FulfillmentStatus, OrderStatus};
use commerce::payment::PaymentStatus;

use super::parts::row;
use crate::app::{App, Shop};
use crate::error::{Error, Result};
use crate::store::order_list::{self, OrderFilter, OrderSort, Slice, StateCount};
use crate::store::reviews;
use crate::web::access::Member;
use crate::web::admin::errors::AdminError;
use crate::web::admin::list::{self, Asked, Column, Filter, List, Picked, Place, Sort, Width};
use crate::web::admin::page::{Head, render};
use crate::web::admin::views::Section;
use crate::web::admin::views::order_list::OrdersPage;
use crate::web::storefront::form::Form;

const STATUSES: &[&str] = &["open", "completed", "canceled"];
const PAYMENTS: &[&str] =
    &["pending", "authorized", "paid", "partially_refunded", "refunded", "failed", "needs_review"];
const FULFILLMENTS: &[&str] = &["unfulfilled", "partial", "fulfilled", "delivered", "returned"];

/// Orders that are paid and wait for a parcel.
const TO_SHIP: &str = "filter=status:any:open&filter=payment:any:paid,partially_refunded\
                       &filter=fulfillment:any:unfulfilled,partial";
/// Orders whose money has not come in.
const UNPAID: &str = "filter=status:any:open&filter=payment:any:pending,authorized";
/// Orders whose money needs a person.
const ATTENTION: &str = "filter=payment:any:needs_review,failed";

/// The list of orders.
pub static ORDERS: List = List {
    name: "orders",
    path: "/admin/orders",
    columns: &[
        Column::new("number").fixed().sorted(),
        Column::new("placed").sorted(),
        Column::new("customer").sorted(),
        Column::new("email").off(),
        Column::new("items").numeric().hidden_below(Width::Medium),
        Column::new("total").sorted().numeric(),
        Column::new("status").off(),
        Column::new("payment"),
        Column::new("fulfillment"),
        Column::new("delivery").hidden_below(Width::Medium),
    ],
    filters: &[
        Filter::choice("status", STATUSES),
        Filter::choice("payment", PAYMENTS),
        Filter::choice("fulfillment", FULFILLMENTS),
        Filter::date("placed"),
        Filter::money("total"),
    ],
    sort: Sort::descending("placed"),
    views: &[("to-ship", TO_SHIP), ("unpaid", UNPAID), ("attention", ATTENTION)],
};

/// `GET /admin/orders`
pub async fn show(State(app): State<Shop>, member: Member, uri: Uri) -> Result<Response, AdminError> {
    let asked = list::asked(&app, &ORDERS, member.id.0, &uri).await?;
    let filter = filter(&asked);
    let slice = Slice { limit: asked.limit(), offset: asked.offset() };
    let by_states = filter.is_of_states();
    // To count what has some words means to look at every order: the rest of the page is read beside it.
    let counted = async {
        Ok::<_, Error>(match by_states {
            true => 0,
            false => order_list::count(&mut app.db.read().await?, &filter).await?,
        })
    };
    let listed = async {
        let mut conn = app.db.read().await?;
        let states = order_list::states(&mut conn).await?;
        let rows = order_list::page(&mut conn, &filter, sort(asked.sort), asked.sort.descending, slice).await?;
        Ok::<_, Error>((states, rows, reviews::count(&mut conn).await?))
    };
    let (counted, (states, rows, reviewed)) = tokio::try_join!(counted, listed)?;
    let total = if by_states { count(&states, &filter) } else { counted };
    let mut frame = asked.frame(total).selectable().counted("all", states.iter().map(|place| place.orders).sum());
    for (view, query) in ORDERS.views {
        frame = frame.counted(view, count(&states, &view_filter(&app, query)?));
    }
    let view = OrdersPage { list: frame.view(), rows: rows.into_iter().map(row).collect(), reviewed };
    let head = Head::new(Section::Orders, app.admin_theme.text("nav-orders"), &uri);
    render(&app, &member, "orders/list.html", head, &view)
}

/// How many orders are in places that a filter takes.
fn count(states: &[StateCount], filter: &OrderFilter) -> i64 {
    states.iter().filter(|place| filter.takes(place)).map(|place| place.orders).sum()
}

fn view_filter(app: &App, query: &str) -> Result<OrderFilter> {
    let nobody = uuid::Uuid::nil();
    Ok(filter(&Asked::read(&ORDERS, Some(query), Place::of(app).into(), vec![], nobody)?))
}

/// What the address asks for.
fn filter(asked: &Asked) -> OrderFilter {
    let mut filter = OrderFilter {
        q: asked.q.clone(),
        placed_from: asked.dates("placed").from,
        placed_before: asked.dates("placed").before,
        min_total: asked.amounts("total").min,
        max_total: asked.amounts("total").max,
        ..OrderFilter::default()
    };
    let mut nothing = false;
    filter.status = named::<OrderStatus>(&asked.choices("status"), &mut nothing);
    filter.payment = named::<PaymentStatus>(&asked.choices("payment"), &mut nothing);
    filter.fulfillment = named::<FulfillmentStatus>(&asked.choices("fulfillment"), &mut nothing);
    OrderFilter { nothing, ..filter }
}

/// The states of these names. Names that are none ask for what no order can be.
fn named<T: FromStr>(names: &[String], nothing: &mut bool) -> Vec<T> {
    let states: Vec<T> = names.iter().filter_map(|name| name.parse().ok()).collect();
    *nothing |= states.is_empty() && !names.is_empty();
    states
}

fn sort(sort: Sort) -> OrderSort {
    match sort.column {
        "number" => OrderSort::Number,
        "customer" => OrderSort::Customer,
        "total" => OrderSort::Total,
        _ => OrderSort::Placed,
    }
}

/// The orders that were picked in the list, up to a number of them, in the order of picking or of the list.
pub async fn picked(app: &App, member: &Member, form: &Form, most: i64) -> Result<Vec<OrderId>> {
    match Picked::read(&ORDERS, form.fields(), Place::of(app), member.id.0)? {
        Picked::These(ids) => Ok(ids.into_iter().map(OrderId).collect()),
        Picked::Matching(asked) => {
            let mut conn = app.db.read().await?;
            let slice = Slice { limit: most, offset: 0 };
            let (sort, descending) = (sort(asked.sort), asked.sort.descending);
            let found = order_list::page(&mut conn, &filter(&asked), sort, descending, slice).await?;
            Ok(found.into_iter().map(|order| order.id).collect())
        }
    }
}
