//! The page of an order, for who has its private link.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::REFERRER_POLICY;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use commerce::cart::CartStatus;
use commerce::ids::OrderId;

use super::errors::PageError;
use super::shell::{PageMeta, render};
use super::views::OrderPage;
use super::{cards, cookies, order_view, private, recommended};
use crate::app::{App, Shop};
use crate::error::{Error, Result};
use crate::store::carts;
use crate::web::params;

/// `GET /orders/{id}?token=..[&thanks=1]`
pub async fn show(
    State(app): State<Shop>,
    id: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let id: OrderId = id.ok().and_then(|Path(id)| id.parse().ok()).ok_or(Error::NotFound)?;
    let pairs = params::pairs(query.as_deref()).map_err(|_| Error::NotFound)?;
    let named = |name: &str| pairs.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    if !app.secret.opens(id, named("token").unwrap_or_default()) {
        return Err(Error::NotFound.into());
    }
    let order = order_view::load(&app, id).await?;
    let title = app.theme.text_with("order-number", &[("number", &order.number)]);
    // The path of the page stays out of it: the token in it is nobody else's.
    let meta = PageMeta::private(title, format!("/orders/{id}"));
    let thanks = named("thanks").is_some();
    let suggestions = match thanks {
        true => recommended::with_lines(&app, &app.catalog.load(), &order.lines, cards::ROW),
        false => vec![],
    };
    let view = OrderPage { order, thanks, suggestions };
    let mut response = private::page(StatusCode::OK, render(&app, "storefront/order.html", meta, &view)?);
    // No page that is linked from here learns the address of this one.
    response.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if bought_just_now(&app, &headers, id).await? {
        cookies::keep_count(&app.config, &mut response, 0);
    }
    Ok(response)
}

/// Whether the cart that the browser still names became this order: then there is nothing in it any more.
async fn bought_just_now(app: &App, headers: &HeaderMap, order: OrderId) -> Result<bool> {
    let Some(id) = cookies::cart(&app.config, headers) else { return Ok(false) };
    match carts::load(&mut app.db.read().await?, id).await {
        Ok(record) => Ok(record.cart.status == CartStatus::Completed(order)),
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}
