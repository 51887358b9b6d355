//! Writing to the buyer again.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use chrono_tz::Tz;
use commerce::ids::OrderId;

use super::timeline::letter_text;
use super::{parts, path};
use crate::app::{App, Shop};
use crate::error::{Error, Result};
use crate::flows::resend::{Letter, letters, resend};
use crate::store::orders::{self, OrderRecord};
use crate::web::access::Member;
use crate::web::admin::errors::AdminError;
use crate::web::admin::page::{Head, done, render};
use crate::web::admin::views::orders::ResendPage;
use crate::web::admin::views::{Choice, FieldView, Section};
use crate::web::admin::which::Which;
use crate::web::storefront::form::Form;

/// `GET /admin/orders/{id}/resend`
pub async fn show(
    State(app): State<Shop>,
    member: Member,
    Which(id): Which<OrderId>,
    uri: Uri,
) -> Result<Response, AdminError> {
    let record = load(&app, id).await?;
    draw(&app, &member, &uri, &record, StatusCode::OK, None)
}

/// `POST /admin/orders/{id}/resend`
pub async fn submit(
    State(app): State<Shop>,
    member: Member,
    Which(id): Which<OrderId>,
    uri: Uri,
    form: Form,
) -> Result<Response, AdminError> {
    let record = load(&app, id).await?;
    let asked = letters(&record).into_iter().find(|letter| value(*letter) == form.text("letter"));
    match asked {
        Some(letter) => {
            resend(&app, id, letter, &member.actor()).await?;
            Ok(done(&path(id), "mail-resent"))
        }
        None => {
            let error = Error::unknown("letter", "There is no such letter about this order.").to_string();
            draw(&app, &member, &uri, &record, StatusCode::UNPROCESSABLE_ENTITY, Some(error))
        }
    }
}

async fn load(app: &App, id: OrderId) -> Result<OrderRecord> {
    let mut conn = app.db.read().await?;
    orders::load(&mut conn, id).await
}

fn draw(
    app: &App,
    member: &Member,
    uri: &Uri,
    record: &OrderRecord,
    status: StatusCode,
    error: Option<String>,
) -> Result<Response, AdminError> {
    let letters = letters(record);
    // What was sent last is what is most often asked for again.
    let choices = letters.iter().rev().map(|letter| choice(app, record, *letter)).collect::<Vec<_>>();
    let view = ResendPage {
        order: parts::head(&record.order),
        letter: FieldView {
            name: "letter".into(),
            value: choices.first().map_or_else(String::new, |choice| choice.value.clone()),
            error,
            options: choices,
        },
    };
    let head = Head::new(Section::Orders, app.admin_theme.text("resend-title"), uri).status(status);
    render(app, member, "orders/resend.html", head, &view)
}

/// A letter to choose: its name, and of which day it is where there may be several.
fn choice(app: &App, record: &OrderRecord, letter: Letter) -> Choice {
    let of = |at: chrono::DateTime<chrono::Utc>| {
        let zone = app.shop.load().time_zone.parse().unwrap_or(Tz::UTC);
        at.with_timezone(&zone).format("%-d %b, %H:%M").to_string()
    };
    let at = match letter {
        Letter::OrderConfirmation => Some(record.order.placed_at),
        Letter::OrderCanceled => record.cancellation.as_ref().map(|cancellation| cancellation.created_at),
        Letter::OrderShipped(id) => {
            record.fulfillments.iter().find(|parcel| parcel.id == id).map(|parcel| parcel.created_at)
        }
        Letter::OrderRefunded(id) => {
            record.refunds.iter().find(|refund| refund.id == id).map(|refund| refund.created_at)
        }
    };
    let name = app.admin_theme.text(letter_text(letter));
    Choice { value: value(letter), label: at.map_or(name.clone(), |at| format!("{name}, {}", of(at))) }
}

fn value(letter: Letter) -> String {
    match letter {
        Letter::OrderConfirmation => "confirmation".to_owned(),
        Letter::OrderShipped(id) => format!("shipped:{id}"),
        Letter::OrderRefunded(id) => format!("refunded:{id}"),
        Letter::OrderCanceled => "canceled".to_owned(),
    }
}
