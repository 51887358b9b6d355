//! `GET /admin/find`: what the command palette shows for what was typed; without scripts, a page of the same.

use axum::Json;
use axum::extract::State;
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};

use super::errors::AdminError;
use super::page::{self, Head};
use super::views::Section;
use super::views::find::{FindPage, FoundGroup, FoundItem};
use crate::app::{App, Shop};
use crate::error::{Error, Result};
use crate::store::find;
use crate::web::access::Member;
use crate::web::params;

/// The most of each kind.
const MOST: i64 = 5;
/// The longest that is looked for.
const MOST_CHARACTERS: usize = 100;
/// Places below those of the navigation, by the keys of their texts.
const PLACES: &[(&str, &str, &str)] = &[
    ("find-low-stock", "/admin/inventory?view=low", "inventory"),
    ("find-reviews", "/admin/payments", "card"),
    ("find-searches", "/admin/search/report", "search"),
    ("find-shipping", "/admin/settings/shipping", "truck"),
    ("find-tax", "/admin/settings/taxes", "settings"),
    ("find-legal", "/admin/settings/legal", "note"),
    ("find-sender", "/admin/settings/sender", "mail"),
];

/// What was found, for scripts as JSON and for people as a page.
pub async fn show(
    State(app): State<Shop>,
    member: Member,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, AdminError> {
    let pairs = params::pairs(uri.query())?;
    let q = pairs.into_iter().find(|(name, _)| name == "q").map(|(_, value)| value).unwrap_or_default();
    let groups = groups(&app, &q).await?;
    let wants_page = headers.get(ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"text/html"));
    if !wants_page {
        return Ok(Json(serde_json::json!({ "groups": groups })).into_response());
    }
    let head = Head::new(Section::None, app.admin_theme.text("find"), &uri);
    page::render(&app, &member, "find.html", head, &FindPage { q, groups })
}

/// What was found, kind by kind; kinds of which nothing was found are left out.
pub async fn groups(app: &App, typed: &str) -> Result<Vec<FoundGroup>> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(vec![]);
    }
    if typed.chars().count() > MOST_CHARACTERS {
        return Err(Error::field("q", format!("This can be at most {MOST_CHARACTERS} characters long.")));
    }
    let mut conn = app.db.read().await?;
    let orders = find::orders(&mut conn, typed, MOST).await?;
    let customers = find::customers(&mut conn, typed, MOST).await?;
    let put_away = find::put_away(&mut conn, typed, MOST).await?;
    drop(conn);

    let (catalog, locale) = (app.catalog.load(), app.shop.load().locale.clone());
    let text = |key: &str| app.admin_theme.text(key);
    let on_sale = catalog.find(typed, MOST as usize);
    let mut products: Vec<_> = on_sale.iter().map(|entry| product(entry.product.id, &entry.product.name, "")).collect();
    let away = put_away.iter().map(|(id, name, status)| product(*id, name, &text(&format!("find-{status}"))));
    products.extend(away.take(MOST as usize - products.len().min(MOST as usize)));
    let order = |order: find::FoundOrder| FoundItem {
        label: format!("{} · {}", order.number, order.email),
        hint: order.total.format(&locale),
        url: format!("/admin/orders/{}", order.id),
        icon: "orders".into(),
    };
    let customer = |customer: find::FoundCustomer| FoundItem {
        label: customer.name,
        hint: customer.email,
        url: format!("/admin/customers/{}", customer.id),
        icon: "customers".into(),
    };
    let actions = actions(app, typed, on_sale.first().map(|entry| entry.product.name.as_str()));
    let found = [
        ("find-orders", orders.into_iter().map(order).collect::<Vec<_>>()),
        ("find-products", products),
        ("find-customers", customers.into_iter().map(customer).collect()),
        ("find-do", actions),
        ("find-go-to", places(app, typed)),
    ];
    let filled = found.into_iter().filter(|(_, items)| !items.is_empty());
    Ok(filled.map(|(key, items)| FoundGroup { label: text(key), items }).collect())
}

fn product(id: commerce::ids::ProductId, name: &str, hint: &str) -> FoundItem {
    let url = format!("/admin/products/{id}");
    FoundItem { label: name.to_owned(), hint: hint.to_owned(), url, icon: "products".into() }
}

/// What can be done about what was typed.
fn actions(app: &App, typed: &str, product: Option<&str>) -> Vec<FoundItem> {
    let with_name = |key: &str, name: &str| app.admin_theme.text(key).replace("{name}", name);
    let item =
        |label: String, url: String, icon: &str| FoundItem { label, hint: String::new(), url, icon: icon.into() };
    let named = |path: &str, field: &str, value: &str| params::address(path, &[(field, value.to_owned())]);
    let stock =
        product.map(|name| item(with_name("find-edit-stock", name), named("/admin/inventory", "q", name), "inventory"));
    let new = item(with_name("find-new-product", typed), named("/admin/products/new", "name", typed), "plus");
    stock.into_iter().chain([new]).collect()
}

/// Places whose name has what was typed in it.
fn places(app: &App, typed: &str) -> Vec<FoundItem> {
    let typed = typed.to_lowercase();
    let place = |(key, url, icon): &(&str, &str, &str)| {
        let label = app.admin_theme.text(key);
        let fits = label.to_lowercase().contains(&typed);
        fits.then(|| FoundItem { label, hint: String::new(), url: (*url).into(), icon: (*icon).into() })
    };
    PLACES.iter().filter_map(place).collect()
}
