//! What is done from the page of an order at once: sending, marking, writing notes.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use commerce::error::FieldError;
use commerce::ids::{OrderId, OrderItemId};

use super::look::{Came, answer, left_to_send};
use super::parts::quantity_field;
use super::{path, refusal};
use crate::app::{App, Shop};
use crate::error::{Error, Result};
use crate::flows::fulfil::{Fulfil, fulfil};
use crate::flows::mark_delivered::mark_delivered;
use crate::flows::mark_paid::mark_paid;
use crate::flows::note::note;
use crate::store::orders;
use crate::web::access::Member;
use crate::web::admin::errors::AdminError;
use crate::web::admin::page::done;
use crate::web::admin::which::Which;
use crate::web::storefront::form::Form;

pub use super::look::show;

/// `POST /admin/orders/{id}/fulfillments`
pub async fn ship(
    State(app): State<Shop>,
    member: Member,
    Which(id): Which<OrderId>,
    uri: Uri,
    form: Form,
) -> Result<Response, AdminError> {
    let items = match chosen(&app, id, &form).await? {
        Ok(items) => items,
        Err(errors) => return again(&app, &member, id, &uri, form, errors).await,
    };
    let typed = |name: &str| Some(form.text(name).trim().to_owned()).filter(|text| !text.is_empty());
    let parcel = Fulfil {
        items,
        carrier: typed("carrier"),
        tracking_number: typed("tracking_number"),
        notify: form.is_ticked("notify"),
    };
    match fulfil(&app, id, parcel, &member.actor()).await {
        Ok(()) => Ok(done(&path(id), "order-shipped")),
        Err(Error::Invalid(errors)) => again(&app, &member, id, &uri, form, errors).await,
        Err(error) => {
            let (status, refused) = refusal(error)?;
            let came = Came { status, refused: Some(refused), ship: Some((form, vec![])), note: None };
            answer(&app, &member, id, &uri, came).await
        }
    }
}

/// The units that the form names, or what is wrong with them by field.
async fn chosen(app: &App, id: OrderId, form: &Form) -> Result<Result<Vec<(OrderItemId, i64)>, Vec<FieldError>>> {
    let mut conn = app.db.read().await?;
    let left = left_to_send(&orders::load(&mut conn, id).await?);
    drop(conn);
    Ok(quantities(app, form, &left))
}

/// Reads a quantity for each of these lines; an empty field is none. What is wrong is told by field.
pub fn quantities(
    app: &App,
    form: &Form,
    left: &[(OrderItemId, i64)],
) -> Result<Vec<(OrderItemId, i64)>, Vec<FieldError>> {
    let (mut chosen, mut errors) = (vec![], vec![]);
    for (item, most) in left {
        let field = quantity_field(*item);
        match form.text(&field).trim() {
            "" | "0" => {}
            typed => match typed.parse::<i64>().ok().filter(|quantity| (1..=*most).contains(quantity)) {
                Some(quantity) => chosen.push((*item, quantity)),
                None => {
                    let message = app.admin_theme.text_with("quantity-wrong", &[("most", &most.to_string())]);
                    errors.push(FieldError::new(field, message));
                }
            },
        }
    }
    if errors.is_empty() { Ok(chosen) } else { Err(errors) }
}

async fn again(
    app: &App,
    member: &Member,
    id: OrderId,
    uri: &Uri,
    form: Form,
    errors: Vec<FieldError>,
) -> Result<Response, AdminError> {
    let came = Came { status: StatusCode::UNPROCESSABLE_ENTITY, ship: Some((form, errors)), ..Came::default() };
    answer(app, member, id, uri, came).await
}

/// `POST /admin/orders/{id}/paid`
pub async fn paid(
    State(app): State<Shop>,
    member: Member,
    Which(id): Which<OrderId>,
    uri: Uri,
) -> Result<Response, AdminError> {
    let marked = mark_paid(&app, id, &member.actor()).await;
    marked_or_refused(&app, &member, id, &uri, marked, "order-paid").await
}

/// `POST /admin/orders/{id}/delivered`
pub async fn delivered(
    State(app): State<Shop>,
    member: Member,
    Which(id): Which<OrderId>,
    uri: Uri,
) -> Result<Response, AdminError> {
    let marked = mark_delivered(&app, id, &member.actor()).await;
    marked_or_refused(&app, &member, id, &uri, marked, "order-delivered").await
}

async fn marked_or_refused(
    app: &App,
    member: &Member,
    id: OrderId,
    uri: &Uri,
    marked: Result<()>,
    said: &str,
) -> Result<Response, AdminError> {
    match marked {
        Ok(()) => Ok(done(&path(id), said)),
        Err(error) => {
            let (status, refused) = refusal(error)?;
            answer(app, member, id, uri, Came { status, refused: Some(refused), ..Came::default() }).await
        }
    }
}

/// `POST /admin/orders/{id}/notes`
pub async fn add_note(
    State(app): State<Shop>,
    member: Member,
    Which(id): Which<OrderId>,
    uri: Uri,
    form: Form,
) -> Result<Response, AdminError> {
    match note(&app, id, form.text("note"), &member.actor()).await {
        Ok(()) => Ok(done(&path(id), "note-added")),
        Err(error) => {
            let (status, wrong) = refusal(error)?;
            let came = Came { status, note: Some((form.text("note").to_owned(), wrong)), ..Came::default() };
            answer(&app, &member, id, &uri, came).await
        }
    }
}
