//! Orders on paper: slips to pack by, and everything that was agreed.

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use commerce::ids::OrderId;
use commerce::order::OrderStatus;

use super::list::picked;
use super::parts::{self, Lines};
use crate::app::{App, Shop};
use crate::catalog::Catalog;
use crate::error::{Error, Result};
use crate::store::locations::Taken;
use crate::store::orders::{self, Bought};
use crate::web::access::Member;
use crate::web::admin::errors::AdminError;
use crate::web::admin::page::{Head, render};
use crate::web::admin::views::Section;
use crate::web::admin::views::orders::{PrintPage, PrintedOrder};
use crate::web::admin::which::Which;
use crate::web::params;
use crate::web::storefront::form::Form;
use crate::web::storefront::order_view;

/// The most sheets printed at once.
const MOST_SHEETS: i64 = 100;

/// `GET /admin/orders/{id}/print?kind=order`: without a kind a packing slip.
pub async fn show(
    State(app): State<Shop>,
    member: Member,
    Which(id): Which<OrderId>,
    uri: Uri,
) -> Result<Response, AdminError> {
    let asked = params::pairs(uri.query())?;
    let whole = asked.iter().any(|(name, value)| name == "kind" && value == "order");
    let (bought, taken) = load(&app, vec![id]).await?;
    if bought.is_empty() {
        return Err(Error::NotFound.into());
    }
    let title = parts::title(&app, "order-numbered", &bought[0].order);
    draw(&app, &member, Head::new(Section::Orders, title, &uri), whole, (&bought, &taken))
}

/// `POST /admin/orders/slips`: a slip for each order that was picked, in the order of the list.
pub async fn slips(State(app): State<Shop>, member: Member, uri: Uri, form: Form) -> Result<Response, AdminError> {
    let mut ids = picked(&app, &member, &form, MOST_SHEETS).await?;
    ids.truncate(MOST_SHEETS as usize);
    let (bought, taken) = load(&app, ids).await?;
    let head = Head::new(Section::Orders, app.admin_theme.text("print-slips"), &uri);
    draw(&app, &member, head, false, (&bought, &taken))
}

async fn load(app: &App, ids: Vec<OrderId>) -> Result<(Vec<Bought>, Taken)> {
    let mut conn = app.db.read().await?;
    let bought = orders::these(&mut conn, ids).await?;
    let taken = parts::taken(app, &mut conn, bought.iter().map(|bought| &bought.order)).await?;
    Ok((bought, taken))
}

fn draw(
    app: &App,
    member: &Member,
    head: Head,
    whole: bool,
    (bought, taken): (&[Bought], &Taken),
) -> Result<Response, AdminError> {
    let shop = app.shop.load();
    let catalog = app.catalog.load();
    let mut sender = vec![shop.sender.name.clone()];
    sender.extend(shop.sender.address.iter().filter(|line| **line != shop.sender.name).cloned());
    let view = PrintPage {
        kind: if whole { "order" } else { "slip" }.to_owned(),
        sender,
        orders: bought.iter().map(|bought| sheet(&catalog, bought, taken, whole)).collect(),
    };
    render(app, member, "orders/print.html", head, &view)
}

fn sheet(catalog: &Catalog, bought: &Bought, taken: &Taken, whole: bool) -> PrintedOrder {
    let order = &bought.order;
    let lines = Lines::of(catalog, order).taken(order, taken);
    // A slip lists what is to be packed now; once nothing is, what was sent.
    let left = |sent: bool| {
        let units =
            order.items.iter().map(move |item| (item.id, if sent { item.fulfilled } else { item.to_fulfill() }));
        units.filter(|(_, units)| *units > 0).collect::<Vec<_>>()
    };
    let units = match whole {
        true => order.items.iter().map(|item| (item.id, item.quantity)).collect(),
        false => Some(left(false))
            .filter(|left| !left.is_empty() && order.status != OrderStatus::Canceled)
            .unwrap_or_else(|| left(true)),
    };
    PrintedOrder {
        order: parts::head(order),
        shipping_address: order_view::written(&order.shipping_address),
        billing_address: order_view::written(&order.billing_address),
        lines: units.into_iter().filter_map(|(id, quantity)| lines.units(id, quantity)).collect(),
        payment: parts::frozen(order, &bought.explanation),
    }
}
