//! Calling an order off.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use commerce::ids::OrderId;
use commerce::order::OrderAction;
use commerce::returns::refundable_left;

use super::{parts, path, refusal};
use crate::app::{App, Shop};
use crate::error::Result;
use crate::flows::cancel::{Cancel, cancel};
use crate::store::orders;
use crate::web::access::Member;
use crate::web::admin::errors::AdminError;
use crate::web::admin::page::{Head, done, render};
use crate::web::admin::views::orders::CancelPage;
use crate::web::admin::views::{FieldView, Section};
use crate::web::admin::which::Which;
use crate::web::storefront::form::Form;

/// `GET /admin/orders/{id}/cancel`
pub async fn show(
    State(app): State<Shop>,
    member: Member,
    Which(id): Which<OrderId>,
    uri: Uri,
) -> Result<Response, AdminError> {
    draw(&app, &member, &uri, id, StatusCode::OK, None).await
}

/// `POST /admin/orders/{id}/cancel`
pub async fn submit(
    State(app): State<Shop>,
    member: Member,
    Which(id): Which<OrderId>,
    uri: Uri,
    form: Form,
) -> Result<Response, AdminError> {
    let asked = Cancel {
        reason: form.text("reason").to_owned(),
        restock: form.is_ticked("restock"),
        notify: form.is_ticked("notify"),
    };
    match cancel(&app, id, asked, &member.actor()).await {
        Ok(_) => Ok(done(&path(id), "order-canceled")),
        Err(error) => {
            let (status, said) = refusal(error)?;
            draw(&app, &member, &uri, id, status, Some((form, said))).await
        }
    }
}

async fn draw(
    app: &App,
    member: &Member,
    uri: &Uri,
    id: OrderId,
    status: StatusCode,
    came: Option<(Form, String)>,
) -> Result<Response, AdminError> {
    let mut conn = app.db.read().await?;
    let record = orders::load(&mut conn, id).await?;
    drop(conn);
    let order = &record.order;
    let head = Head::new(Section::Orders, parts::title(app, "cancel-title", order), uri).status(status);
    let can = order.can(OrderAction::Cancel, &record.pending());
    let (form, said) = came.map_or((None, None), |(form, said)| (Some(form), Some(said)));
    let ticked = |name: &str| form.as_ref().is_none_or(|form| form.is_ticked(name));
    let left = refundable_left(order).map_err(commerce::error::Refusal::from)?;
    let view = CancelPage {
        order: parts::head(order),
        reason: FieldView {
            name: "reason".into(),
            value: form.as_ref().map_or("", |form| form.text("reason")).to_owned(),
            ..FieldView::default()
        },
        restock: ticked("restock"),
        notify: ticked("notify"),
        refund: Some(left).filter(|left| left.minor > 0),
        refused: said.or_else(|| can.err().map(|refusal| refusal.to_string())),
    };
    render(app, member, "orders/cancel.html", head, &view)
}
