//! The stock of one variant: its numbers, who holds it until when, and its ledger. The panel beside the sheet is the same
//! in short.

use axum::extract::State;
use axum::http::Uri;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use commerce::ids::{StaffId, VariantId};

use crate::app::{App, Shop};
use crate::error::Result;
use crate::store::inventory::{self, Moved, Stocked};
use crate::store::order_list::Slice;
use crate::store::stock_sheet::{Hold, holds};
use crate::store::{Conn, staff};
use crate::web::access::Member;
use crate::web::admin::errors::AdminError;
use crate::web::admin::page::{Head, draw, render};
use crate::web::admin::views::Section;
use crate::web::admin::views::inventory::{HoldView, MovementView, VariantStockPage};
use crate::web::api::body::Ids;
use crate::web::params;

/// Entries of the ledger on a page, and in the panel.
const A_PAGE: i64 = 50;
const A_FEW: i64 = 4;
/// How much of a checkout's id tells it from others.
const SHORT: usize = 6;

/// The page of a variant.
pub async fn show(
    State(app): State<Shop>,
    member: Member,
    Ids(id): Ids<VariantId>,
    uri: Uri,
) -> Result<Response, AdminError> {
    let pairs = params::pairs(uri.query())?;
    let page = pairs.iter().find(|(name, _)| name == "page").and_then(|(_, page)| page.parse().ok());
    let page = page.unwrap_or(1_i64).clamp(1, 1_000_000);
    let (title, view) = view(&app, id, page, A_PAGE).await?;
    let head = Head::new(Section::Inventory, title, &uri);
    render(&app, &member, "inventory/variant.html", head, &view)
}

/// The panel of a variant, for the side of the sheet.
pub async fn panel(
    State(app): State<Shop>,
    member: Member,
    Ids(id): Ids<VariantId>,
    uri: Uri,
) -> Result<Response, AdminError> {
    let (title, view) = view(&app, id, 1, A_FEW).await?;
    let panel = draw(&app, Some(&member), "inventory/panel.html", Head::new(Section::Inventory, title, &uri), &view)?;
    Ok(([(CONTENT_TYPE, "text/html; charset=utf-8")], panel).into_response())
}

async fn view(app: &App, id: VariantId, page: i64, per_page: i64) -> Result<(String, VariantStockPage)> {
    let now = app.clock.now();
    let mut conn = app.db.read().await?;
    let variant = inventory::one(&mut conn, id).await?;
    let held = holds(&mut conn, vec![id]).await?;
    let slice = Slice { limit: per_page, offset: (page - 1) * per_page };
    let (moved, total) = inventory::movements(&mut conn, id, slice).await?;
    let movements = movements(&mut conn, moved).await?;
    let turn = |page: i64| params::address(&address(id), &[("page", page.to_string())]);
    let view = VariantStockPage {
        product: variant.product.clone(),
        product_url: format!("/admin/products/{}", variant.product_id),
        variant: options(&variant),
        url: address(id),
        sku: variant.sku.clone(),
        tracked: variant.level.tracked,
        on_hand: variant.level.on_hand,
        reserved: variant.level.reserved,
        available: variant.level.available(),
        state: variant.state().as_str().to_owned(),
        low_at: variant.low_at,
        holds: held.into_iter().map(|hold| hold_view(hold, now)).collect(),
        movements,
        total,
        newer_url: (page > 1).then(|| turn(page - 1)),
        older_url: (page * per_page < total).then(|| turn(page + 1)),
    };
    Ok((variant.title(), view))
}

fn hold_view(hold: Hold, now: DateTime<Utc>) -> HoldView {
    let id = hold.checkout_id.simple().to_string();
    HoldView {
        checkout: id[id.len() - SHORT..].to_owned(),
        quantity: hold.quantity,
        minutes: (hold.until - now).num_minutes().max(0),
        status: hold.status,
        until: hold.until,
    }
}

/// The entries with the names of the staff, all asked for at once.
async fn movements(conn: &mut Conn, moved: Vec<Moved>) -> Result<Vec<MovementView>> {
    let member = |moved: &Moved| moved.actor.strip_prefix("staff:").and_then(|id| id.parse::<StaffId>().ok());
    let mut members: Vec<StaffId> = moved.iter().filter_map(member).collect();
    members.sort_unstable();
    members.dedup();
    let names = staff::names(conn, members).await?;
    let view = |moved: Moved| MovementView {
        kind: moved.kind.as_str().to_owned(),
        delta: signed(moved.delta),
        left: moved.left,
        order_url: moved.order.map(|order| format!("/admin/orders/{order}")),
        by: member(&moved).and_then(|id| names.get(&id).cloned()),
        reference: moved.reference,
        at: moved.at,
    };
    Ok(moved.into_iter().map(view).collect())
}

/// `+3`, or `−2` with a true minus.
fn signed(delta: i64) -> String {
    match delta {
        0.. => format!("+{delta}"),
        _ => format!("\u{2212}{}", delta.unsigned_abs()),
    }
}

/// Where a variant's stock is.
pub(super) fn address(id: VariantId) -> String {
    format!("/admin/inventory/{id}")
}

/// Its options, as `Rust / S`.
pub(super) fn options(variant: &Stocked) -> Option<String> {
    (!variant.values.is_empty()).then(|| variant.values.join(" / "))
}
