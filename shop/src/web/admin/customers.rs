//! Customers as they appear from orders: the list, and the page of one.

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use commerce::ids::CustomerId;
use commerce::money::Money;

use super::errors::AdminError;
use super::list::{self, Asked, Column, Filter, List, Sort, Width};
use super::orders::row;
use super::page::{Head, render};
use super::views::Section;
use super::views::customers::{CustomerPage, CustomerRowView, CustomersPage, UsedAddress};
use super::which::Which;
use crate::app::Shop;
use crate::store::customers::{self, Customer, CustomerFilter, CustomerSort};
use crate::store::order_list::{self, ListedOrder, OrderFilter, OrderSort, Slice};
use crate::web::access::Member;
use crate::web::params;
use crate::web::storefront::order_view;

/// Orders on the page of a customer.
const ORDERS_SHOWN: i64 = 50;

/// The list of customers.
pub static CUSTOMERS: List = List {
    name: "customers",
    path: "/admin/customers",
    columns: &[
        Column::new("name").fixed().sorted(),
        Column::new("email"),
        Column::new("orders").sorted().numeric(),
        Column::new("spent").sorted().numeric(),
        Column::new("first").sorted().hidden_below(Width::Medium),
        Column::new("last").sorted(),
    ],
    filters: &[Filter::number("orders"), Filter::money("spent"), Filter::date("last")],
    sort: Sort::descending("last"),
    views: &[("returning", "filter=orders:min:2")],
};

/// `GET /admin/customers`
pub async fn list(State(app): State<Shop>, member: Member, uri: Uri) -> Result<Response, AdminError> {
    let asked = list::asked(&app, &CUSTOMERS, member.id.0, &uri).await?;
    let filter = filter(&asked);
    let slice = Slice { limit: asked.limit(), offset: asked.offset() };
    let mut conn = app.db.read().await?;
    let total = customers::count(&mut conn, &filter).await?;
    let found = customers::page(&mut conn, &filter, sort(asked.sort), asked.sort.descending, slice).await?;
    drop(conn);
    let view = CustomersPage { list: asked.frame(total).view(), rows: found.into_iter().map(listed).collect() };
    let head = Head::new(Section::Customers, app.admin_theme.text("nav-customers"), &uri);
    render(&app, &member, "customers/list.html", head, &view)
}

fn filter(asked: &Asked) -> CustomerFilter {
    CustomerFilter {
        q: asked.q.clone(),
        min_orders: asked.numbers("orders").min,
        max_orders: asked.numbers("orders").max,
        min_spent: asked.amounts("spent").min,
        max_spent: asked.amounts("spent").max,
        last_from: asked.dates("last").from,
        last_before: asked.dates("last").before,
    }
}

fn sort(sort: Sort) -> CustomerSort {
    match sort.column {
        "name" => CustomerSort::Name,
        "orders" => CustomerSort::Orders,
        "spent" => CustomerSort::Spent,
        "first" => CustomerSort::FirstOrder,
        _ => CustomerSort::LastOrder,
    }
}

fn listed(customer: Customer) -> CustomerRowView {
    CustomerRowView {
        url: format!("/admin/customers/{}", customer.id),
        name: customer.name,
        email: customer.email,
        orders: customer.orders,
        spent: customer.spent,
        first_order_at: customer.first_order_at,
        last_order_at: customer.last_order_at,
    }
}

/// `GET /admin/customers/{id}`
pub async fn show(
    State(app): State<Shop>,
    member: Member,
    Which(id): Which<CustomerId>,
    uri: Uri,
) -> Result<Response, AdminError> {
    let mut conn = app.db.read().await?;
    let customer = customers::load(&mut conn, id).await?;
    let theirs = OrderFilter { customer: Some(customer.email_canonical.clone()), ..OrderFilter::default() };
    let slice = Slice { limit: ORDERS_SHOWN, offset: 0 };
    let orders = order_list::page(&mut conn, &theirs, OrderSort::Placed, true, slice).await?;
    drop(conn);
    let head = Head::new(Section::Customers, customer.name.clone(), &uri);
    render(&app, &member, "customers/customer.html", head, &view(customer, orders))
}

fn view(customer: Customer, orders: Vec<ListedOrder>) -> CustomerPage {
    let all_orders = params::address("/admin/orders", &[("q", customer.email.clone())]);
    CustomerPage {
        phone: orders.iter().find_map(|order| order.address.phone.clone()),
        average: Money::new(customer.spent.minor / customer.orders.max(1), customer.spent.currency),
        all_orders: (customer.orders > ORDERS_SHOWN).then_some(all_orders),
        addresses: addresses(&orders),
        orders: orders.into_iter().map(row).collect(),
        name: customer.name,
        email: customer.email,
        count: customer.orders,
        spent: customer.spent,
        first_order_at: customer.first_order_at,
        last_order_at: customer.last_order_at,
    }
}

/// Where these orders went, the latest address first.
fn addresses(orders: &[ListedOrder]) -> Vec<UsedAddress> {
    let mut used: Vec<UsedAddress> = vec![];
    for order in orders {
        let lines = order_view::written(&order.address);
        match used.iter_mut().find(|known| known.lines == lines) {
            Some(known) => known.orders += 1,
            None => used.push(UsedAddress { lines, orders: 1 }),
        }
    }
    used
}
