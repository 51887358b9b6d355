//! The stock of one variant: its numbers, who holds it until when, and its ledger. The panel beside the sheet is the same
//! in short.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use commerce::ids::{LocationId, StaffId, VariantId};

use crate::app::{App, Shop};
use crate::error::{Error, Result};
use crate::flows::stock_sheet;
use crate::settings::Location;
use crate::store::inventory::{self, Moved, Stocked};
use crate::store::order_list::Slice;
use crate::store::stock_sheet::{Hold, holds};
use crate::store::{Conn, locations, staff};
use crate::web::access::Member;
use crate::web::admin::errors::AdminError;
use crate::web::admin::page::{Head, done, draw, render};
use crate::web::admin::views::inventory::{BringForm, HoldView, MovementView, PlaceLevel, VariantStockPage};
use crate::web::admin::views::{Choice, FieldView, Section};
use crate::web::api::body::Ids;
use crate::web::params;
use crate::web::storefront::form::Form;

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

/// Brings units from one location to another, or shows the page again with what is wrong.
pub async fn bring(
    State(app): State<Shop>,
    member: Member,
    Ids(id): Ids<VariantId>,
    uri: Uri,
    form: Form,
) -> Result<Response, AdminError> {
    let (title, mut page) = view(&app, id, 1, A_PAGE).await?;
    let Some(typed) = &mut page.bring else { return Err(Error::NotFound.into()) };
    for field in [&mut typed.from, &mut typed.to, &mut typed.quantity, &mut typed.note] {
        field.value = form.text(&field.name).to_owned();
    }
    let note = Some(typed.note.value.clone()).filter(|note| !note.is_empty());
    let ways = (typed.from.value.as_str(), typed.to.value.as_str());
    let refused = match typed.quantity.value.parse::<i64>() {
        Ok(units) if units > 0 => stock_sheet::bring(&app, id, ways, units, note, &member.actor()).await,
        _ => Err(Error::field("quantity", "Enter a whole number above zero.")),
    };
    match refused {
        Ok(()) => Ok(done(&address(id), "inventory-brought")),
        Err(Error::Invalid(errors)) => {
            for field in [&mut typed.from, &mut typed.to, &mut typed.quantity, &mut typed.note] {
                field.error = errors.iter().find(|error| error.field == field.name).map(|error| error.message.clone());
            }
            let head = Head::new(Section::Inventory, title, &uri).status(StatusCode::UNPROCESSABLE_ENTITY);
            render(&app, &member, "inventory/variant.html", head, &page)
        }
        Err(error) => Err(error.into()),
    }
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
    let places = locations::shown(&mut conn, &app.shop.load().locations).await?;
    let selling: Vec<LocationId> = places.iter().filter(|place| place.sells).map(Location::id).collect();
    let variant = inventory::one(&mut conn, id, &selling).await?;
    let held = holds(&mut conn, vec![id]).await?;
    let slice = Slice { limit: per_page, offset: (page - 1) * per_page };
    let (moved, total) = inventory::movements(&mut conn, id, slice).await?;
    let movements = movements(&mut conn, moved, &places).await?;
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
        bring: (variant.level.tracked && places.len() > 1).then(|| bring_form(&places, &variant)),
        holds: held.into_iter().map(|hold| hold_view(hold, &places, now)).collect(),
        places: levels(&places, &variant),
        movements,
        total,
        newer_url: (page > 1).then(|| turn(page - 1)),
        older_url: (page * per_page < total).then(|| turn(page + 1)),
    };
    Ok((variant.title(), view))
}

/// What lies at each of several locations.
fn levels(places: &[Location], variant: &Stocked) -> Vec<PlaceLevel> {
    let level = |place: &Location| {
        let (on_hand, reserved) = variant.shelves.get(&place.id()).copied().unwrap_or_default();
        PlaceLevel { code: place.code.clone(), name: place.name.clone(), sells: place.sells, on_hand, reserved }
    };
    if places.len() > 1 { places.iter().map(level).collect() } else { vec![] }
}

/// From where most lies to the first of the others.
fn bring_form(places: &[Location], variant: &Stocked) -> BringForm {
    let choices: Vec<Choice> =
        places.iter().map(|place| Choice { value: place.code.clone(), label: place.name.clone() }).collect();
    let free = |place: &&Location| variant.shelves.get(&place.id()).map_or(0, |(on_hand, reserved)| on_hand - reserved);
    let from = places.iter().rev().max_by_key(free).map(|place| place.code.clone()).unwrap_or_default();
    let to = places.iter().find(|place| place.code != from).map(|place| place.code.clone()).unwrap_or_default();
    let field = |name: &str, value: String, options: &[Choice]| FieldView {
        name: name.to_owned(),
        value,
        error: None,
        options: options.to_vec(),
    };
    BringForm {
        from: field("from", from, &choices),
        to: field("to", to, &choices),
        quantity: field("quantity", String::new(), &[]),
        note: field("note", String::new(), &[]),
    }
}

/// The name of a location, where there are several.
fn named(places: &[Location], id: LocationId) -> Option<String> {
    let place = places.iter().find(|place| place.id() == id).filter(|_| places.len() > 1);
    place.map(|place| place.name.clone())
}

fn hold_view(hold: Hold, places: &[Location], now: DateTime<Utc>) -> HoldView {
    let id = hold.checkout_id.simple().to_string();
    HoldView {
        checkout: id[id.len() - SHORT..].to_owned(),
        quantity: hold.quantity,
        place: named(places, LocationId(hold.location_id)),
        minutes: (hold.until - now).num_minutes().max(0),
        status: hold.status,
        until: hold.until,
    }
}

/// The entries with the names of the staff, all asked for at once.
async fn movements(conn: &mut Conn, moved: Vec<Moved>, places: &[Location]) -> Result<Vec<MovementView>> {
    let member = |moved: &Moved| moved.actor.strip_prefix("staff:").and_then(|id| id.parse::<StaffId>().ok());
    let mut members: Vec<StaffId> = moved.iter().filter_map(member).collect();
    members.sort_unstable();
    members.dedup();
    let names = staff::names(conn, members).await?;
    let view = |moved: Moved| MovementView {
        kind: moved.kind.as_str().to_owned(),
        delta: signed(moved.delta),
        place: named(places, moved.location),
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
