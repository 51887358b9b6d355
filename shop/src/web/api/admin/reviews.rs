//! Payments that a person has to look at: money that came in and fits no order.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use commerce::ids::PaymentId;
use commerce::money::Money;
use commerce::returns::RefundStatus;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::orders::refused_by_bank;
use crate::app::Shop;
use crate::flows::refund_review::refund_review;
use crate::store::reviews::{self, Reviewed};
use crate::web::access::Member;
use crate::web::api::body::{Body, Ids};
use crate::web::api::carts::Answer;
use crate::web::api::documents::MoneyDocument;
use crate::web::api::problem::Refused;

/// Payments under review, the latest first.
#[derive(Serialize, ToSchema)]
pub struct ReviewList {
    items: Vec<ReviewDocument>,
}

/// A payment under review.
#[derive(Serialize, ToSchema)]
#[schema(as = PaymentUnderReview)]
pub struct ReviewDocument {
    id: String,
    /// Why: what the provider said fits nothing, or `sold_meanwhile`.
    reason: String,
    checkout_id: String,
    email: String,
    provider: String,
    /// What the provider calls it.
    reference: Option<String>,
    /// What it should have been.
    #[schema(value_type = MoneyDocument)]
    asked: Money,
    /// What came in.
    #[schema(value_type = MoneyDocument)]
    taken: Money,
    /// What went back.
    #[schema(value_type = MoneyDocument)]
    refunded: Money,
    /// What is on its way back.
    #[schema(value_type = MoneyDocument)]
    pending: Money,
    at: DateTime<Utc>,
}

/// Why it is paid back.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PayBack {
    /// Only staff read it.
    #[serde(default)]
    #[schema(max_length = 500)]
    reason: String,
}

/// How far the money came.
#[derive(Serialize, ToSchema)]
pub struct PaidBack {
    /// `succeeded`, or `pending` while the provider has not said.
    status: &'static str,
}

/// Money that came in and fits no order, as long as it has not all gone back.
#[utoipa::path(get, path = "/api/admin/payments/reviews",
    responses((status = 200, body = ReviewList), Refused), tag = "staff")]
pub async fn list(State(app): State<Shop>) -> Answer {
    let mut conn = app.db.read().await?;
    let items = reviews::all(&mut conn).await?.into_iter().map(document).collect();
    Ok(Json(ReviewList { items }).into_response())
}

/// Pays all of it back, and what its checkout held is free.
#[utoipa::path(post, path = "/api/admin/payments/{id}/refund", params(("id" = String, Path)), request_body = PayBack,
    responses((status = 201, body = PaidBack), Refused), tag = "staff")]
pub async fn pay_back(
    State(app): State<Shop>,
    member: Member,
    Ids(id): Ids<PaymentId>,
    Body(why): Body<PayBack>,
) -> Answer {
    let status = match refund_review(&app, id, &why.reason, &member.actor()).await? {
        RefundStatus::Succeeded => "succeeded",
        RefundStatus::Pending => "pending",
        RefundStatus::Failed => return Err(refused_by_bank().into()),
    };
    Ok((StatusCode::CREATED, Json(PaidBack { status })).into_response())
}

fn document(reviewed: Reviewed) -> ReviewDocument {
    let reason = reviewed.reason();
    let Reviewed { attempt, checkout, taken, refunded, pending } = reviewed;
    ReviewDocument {
        id: attempt.id.to_string(),
        reason,
        checkout_id: checkout.id.to_string(),
        email: checkout.email,
        provider: attempt.provider.to_string(),
        reference: attempt.status.reference().map(str::to_owned),
        asked: attempt.amount,
        taken,
        refunded,
        pending,
        at: attempt.updated_at,
    }
}
