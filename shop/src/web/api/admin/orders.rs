//! What staff do with an order: the same stories that the admin's pages tell.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use commerce::error::FieldError;
use commerce::ids::{OrderId, OrderItemId};
use commerce::money::Money;
use commerce::returns::{RefundItem, RefundStatus, RefundWhat};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::{App, Shop};
use crate::error::{Error, Result};
use crate::flows::cancel::{self, Cancel};
use crate::flows::fulfil::{self, Fulfil};
use crate::flows::refund::{self, Refund};
use crate::flows::resend::{self, Letter};
use crate::flows::{mark_delivered, mark_paid, note};
use crate::store::{events, locations, order_notes, orders, staff};
use crate::web::access::Member;
use crate::web::api::body::{Body, Document, Ids, NoBody, WithLists};
use crate::web::api::carts::Answer;
use crate::web::api::documents::MoneyDocument;
use crate::web::api::order_document::{StaffOrderDocument, staff_of};
use crate::web::api::problem::Refused;

/// Units of a line.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Units {
    #[schema(value_type = String)]
    item_id: OrderItemId,
    #[schema(minimum = 1)]
    quantity: i64,
}

/// A parcel.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Parcel {
    items: Vec<Units>,
    #[schema(max_length = 60)]
    carrier: Option<String>,
    #[schema(max_length = 100)]
    tracking_number: Option<String>,
    /// Whether the buyer is written to; yes when not said.
    notify: Option<bool>,
}

impl WithLists for Parcel {
    const LISTS: &'static [&'static str] = &["items"];
}

/// A refund: of an amount, of items, or of what is left when neither is given.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundOrder {
    #[schema(value_type = Option<MoneyDocument>)]
    amount: Option<Money>,
    items: Option<Vec<Units>>,
    /// Only staff read it.
    #[serde(default)]
    #[schema(max_length = 500)]
    reason: String,
    /// Whether the items go back on the shelf.
    #[serde(default)]
    restock: bool,
    /// Whether the buyer is written to; yes when not said.
    notify: Option<bool>,
}

impl WithLists for RefundOrder {
    const LISTS: &'static [&'static str] = &["items"];
}

/// Why an order is called off.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelOrder {
    /// Only staff read it.
    #[serde(default)]
    #[schema(max_length = 500)]
    reason: String,
    /// Whether the items go back on the shelf; yes when not said.
    restock: Option<bool>,
    /// Whether the buyer is written to; yes when not said.
    notify: Option<bool>,
}

/// A note for staff.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNote {
    #[schema(max_length = 2000)]
    text: String,
}

/// Which letter is sent again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Again {
    /// order_confirmation, order_shipped, order_refunded or order_canceled
    letter: String,
    /// Of which parcel or refund.
    #[schema(value_type = Option<String>)]
    id: Option<Uuid>,
}

/// An order with everything that staff see.
#[utoipa::path(get, path = "/api/admin/orders/{id}", params(("id" = String, Path)),
    responses((status = 200, body = StaffOrderDocument), Refused), tag = "staff")]
pub async fn read(State(app): State<Shop>, Ids(id): Ids<OrderId>) -> Answer {
    Ok(Json(document(&app, id).await?).into_response())
}

/// Sends some of what is left to send.
#[utoipa::path(post, path = "/api/admin/orders/{id}/fulfillments", params(("id" = String, Path)), request_body = Parcel,
    responses((status = 201, body = StaffOrderDocument), Refused), tag = "staff")]
pub async fn fulfil(
    State(app): State<Shop>,
    member: Member,
    Ids(id): Ids<OrderId>,
    Document(parcel): Document<Parcel>,
) -> Answer {
    let parcel = Fulfil {
        items: parcel.items.iter().map(|units| (units.item_id, units.quantity)).collect(),
        carrier: parcel.carrier,
        tracking_number: parcel.tracking_number,
        notify: parcel.notify.unwrap_or(true),
    };
    fulfil::fulfil(&app, id, parcel, &member.actor()).await?;
    Ok((StatusCode::CREATED, Json(document(&app, id).await?)).into_response())
}

/// Pays back an amount, items or what is left, by way of who took the money.
#[utoipa::path(post, path = "/api/admin/orders/{id}/refunds", params(("id" = String, Path)), request_body = RefundOrder,
    responses((status = 201, body = StaffOrderDocument), Refused), tag = "staff")]
pub async fn refund(
    State(app): State<Shop>,
    member: Member,
    Ids(id): Ids<OrderId>,
    Document(asked): Document<RefundOrder>,
) -> Answer {
    let what = match (asked.amount, asked.items) {
        (Some(_), Some(_)) => {
            let said = "Give an amount or items, not both.";
            return Err(Error::Invalid(vec![FieldError::new("amount", said), FieldError::new("items", said)]).into());
        }
        (Some(amount), None) => RefundWhat::Amount(amount),
        (None, Some(items)) => {
            let item = |units: Units| RefundItem { item_id: units.item_id, quantity: units.quantity };
            RefundWhat::Items(items.into_iter().map(item).collect())
        }
        (None, None) => RefundWhat::Remaining,
    };
    let wanted = Refund { what, reason: asked.reason, restock: asked.restock, notify: asked.notify.unwrap_or(true) };
    if refund::refund(&app, id, wanted, &member.actor()).await? == RefundStatus::Failed {
        return Err(refused_by_bank().into());
    }
    Ok((StatusCode::CREATED, Json(document(&app, id).await?)).into_response())
}

/// Why a refund came to nothing.
pub(super) fn refused_by_bank() -> Error {
    Error::Code("refund_failed", "The bank refused it, so nothing was paid back.".into())
}

/// Calls an order off before anything of it was sent: items, coupons and money go back.
#[utoipa::path(post, path = "/api/admin/orders/{id}/cancel", params(("id" = String, Path)), request_body = CancelOrder,
    responses((status = 200, body = StaffOrderDocument), Refused), tag = "staff")]
pub async fn cancel(
    State(app): State<Shop>,
    member: Member,
    Ids(id): Ids<OrderId>,
    Body(why): Body<CancelOrder>,
) -> Answer {
    let why = Cancel { reason: why.reason, restock: why.restock.unwrap_or(true), notify: why.notify.unwrap_or(true) };
    cancel::cancel(&app, id, why, &member.actor()).await?;
    Ok(Json(document(&app, id).await?).into_response())
}

/// Says that a bank transfer came in.
#[utoipa::path(post, path = "/api/admin/orders/{id}/payments/mark-paid", params(("id" = String, Path)),
    responses((status = 200, body = StaffOrderDocument), Refused), tag = "staff")]
pub async fn mark_paid(State(app): State<Shop>, member: Member, Ids(id): Ids<OrderId>, _: NoBody) -> Answer {
    mark_paid::mark_paid(&app, id, &member.actor()).await?;
    Ok(Json(document(&app, id).await?).into_response())
}

/// Says that everything that was sent has arrived.
#[utoipa::path(post, path = "/api/admin/orders/{id}/deliver", params(("id" = String, Path)),
    responses((status = 200, body = StaffOrderDocument), Refused), tag = "staff")]
pub async fn deliver(State(app): State<Shop>, member: Member, Ids(id): Ids<OrderId>, _: NoBody) -> Answer {
    mark_delivered::mark_delivered(&app, id, &member.actor()).await?;
    Ok(Json(document(&app, id).await?).into_response())
}

/// Writes a note down that only staff read.
#[utoipa::path(post, path = "/api/admin/orders/{id}/notes", params(("id" = String, Path)), request_body = NewNote,
    responses((status = 201, body = StaffOrderDocument), Refused), tag = "staff")]
pub async fn add_note(
    State(app): State<Shop>,
    member: Member,
    Ids(id): Ids<OrderId>,
    Body(new): Body<NewNote>,
) -> Answer {
    note::note(&app, id, &new.text, &member.actor()).await?;
    Ok((StatusCode::CREATED, Json(document(&app, id).await?)).into_response())
}

/// Sends a letter about an order once more.
#[utoipa::path(post, path = "/api/admin/orders/{id}/resend", params(("id" = String, Path)), request_body = Again,
    responses((status = 200, body = StaffOrderDocument), Refused), tag = "staff")]
pub async fn resend(
    State(app): State<Shop>,
    member: Member,
    Ids(id): Ids<OrderId>,
    Body(again): Body<Again>,
) -> Answer {
    let letter = match (again.letter.as_str(), again.id) {
        ("order_confirmation", None) => Letter::OrderConfirmation,
        ("order_canceled", None) => Letter::OrderCanceled,
        ("order_shipped", Some(id)) => Letter::OrderShipped(id.into()),
        ("order_refunded", Some(id)) => Letter::OrderRefunded(id.into()),
        ("order_shipped" | "order_refunded", None) => return Err(Error::field("id", "is required").into()),
        ("order_confirmation" | "order_canceled", Some(_)) => {
            return Err(Error::field("id", "is not a field of this letter").into());
        }
        _ => {
            let letters = "has to be order_confirmation, order_shipped, order_refunded or order_canceled";
            return Err(Error::field("letter", letters).into());
        }
    };
    resend::resend(&app, id, letter, &member.actor()).await?;
    Ok(Json(document(&app, id).await?).into_response())
}

async fn document(app: &App, id: OrderId) -> Result<StaffOrderDocument> {
    let mut conn = app.db.read().await?;
    let record = orders::load(&mut conn, id).await?;
    let mut subjects = vec![id.0, record.order.payment.attempt.0];
    subjects.extend(record.refunds.iter().map(|refund| refund.id.0));
    let happened = events::of_all(&mut conn, subjects).await?;
    let notes = order_notes::of(&mut conn, id).await?;
    let actors = happened.iter().map(|event| event.actor.as_str()).chain(notes.iter().map(|note| note.actor.as_str()));
    let mut ids: Vec<_> = actors.filter_map(staff_of).collect();
    ids.sort();
    ids.dedup();
    let names = staff::names(&mut conn, ids).await?;
    let taken = locations::taken(&mut conn, [record.order.checkout_id]).await?;
    Ok(StaffOrderDocument::of(&record, &happened, &notes, &taken, &names))
}
