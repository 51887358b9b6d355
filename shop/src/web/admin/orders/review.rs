//! Payments that a person has to look at: money that fits no order.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use commerce::ids::PaymentId;

use super::refusal;
use crate::app::{App, Shop};
use crate::flows::refund_review::refund_review;
use crate::store::reviews::{self, Reviewed};
use crate::web::access::Member;
use crate::web::admin::errors::AdminError;
use crate::web::admin::page::{Head, done, render};
use crate::web::admin::views::Section;
use crate::web::admin::views::orders::{ReviewPage, ReviewedView};
use crate::web::admin::which::Which;

/// `GET /admin/payments`
pub async fn show(State(app): State<Shop>, member: Member, uri: Uri) -> Result<Response, AdminError> {
    draw(&app, &member, &uri, StatusCode::OK, None).await
}

/// `POST /admin/payments/{id}/refund`: all of it.
pub async fn pay_back(
    State(app): State<Shop>,
    member: Member,
    Which(id): Which<PaymentId>,
    uri: Uri,
) -> Result<Response, AdminError> {
    match refund_review(&app, id, "", &member.actor()).await {
        Ok(_) => Ok(done("/admin/payments", "payment-refunded")),
        Err(error) => {
            let (status, said) = refusal(error)?;
            draw(&app, &member, &uri, status, Some(said)).await
        }
    }
}

async fn draw(
    app: &App,
    member: &Member,
    uri: &Uri,
    status: StatusCode,
    refused: Option<String>,
) -> Result<Response, AdminError> {
    let mut conn = app.db.read().await?;
    let payments = reviews::all(&mut conn).await?;
    drop(conn);
    let view = ReviewPage { payments: payments.into_iter().map(shown).collect(), refused };
    let head = Head::new(Section::Orders, app.admin_theme.text("review-title"), uri).status(status);
    render(app, member, "orders/review.html", head, &view)
}

fn shown(reviewed: Reviewed) -> ReviewedView {
    let reason = reviewed.reason();
    let Reviewed { attempt, checkout, taken, refunded, pending } = reviewed;
    let goods: Vec<String> = checkout.items.iter().map(|item| format!("{} × {}", item.quantity, item.name)).collect();
    ReviewedView {
        url: format!("/admin/payments/{}/refund", attempt.id),
        id: attempt.id.to_string(),
        reason,
        asked: attempt.amount,
        taken,
        refunded,
        pending: !pending.is_zero(),
        provider: attempt.provider.to_string(),
        reference: attempt.status.reference().unwrap_or_default().to_owned(),
        customer: checkout.shipping_address.name.clone(),
        email: checkout.email.clone(),
        goods: goods.join(", "),
        at: attempt.updated_at,
    }
}
