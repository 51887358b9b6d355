//! What only a sandbox shop answers: ending a pending payment by hand, and moving the test clock.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use commerce::ids::CheckoutId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::Body;
use super::carts::Answer;
use super::problem::Refused;
use crate::app::Shop;
use crate::error::Error;
use crate::flows::settle::settle;
use crate::store::{checkouts, payments};

/// How a pending payment ends.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompletePayment {
    #[schema(value_type = String)]
    checkout_id: CheckoutId,
    outcome: SandboxOutcome,
}

/// succeed or fail
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(try_from = "String", rename_all = "snake_case")]
pub enum SandboxOutcome {
    /// The money comes.
    Succeed,
    /// The card is declined.
    Fail,
}

impl TryFrom<String> for SandboxOutcome {
    type Error = &'static str;

    fn try_from(word: String) -> Result<Self, Self::Error> {
        match word.as_str() {
            "succeed" => Ok(Self::Succeed),
            "fail" => Ok(Self::Fail),
            _ => Err("has to be succeed or fail"),
        }
    }
}

/// How far the clock goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Advance {
    /// 0 to a year.
    #[schema(minimum = 0, maximum = 31_536_000)]
    advance_seconds: i64,
}

/// How a checkout stands once its payment has ended.
#[derive(Serialize, ToSchema)]
pub struct EndedPayment {
    #[schema(value_type = String)]
    checkout_id: CheckoutId,
    /// As in the checkout.
    status: &'static str,
}

/// What the shop's clock shows.
#[derive(Serialize, ToSchema)]
pub struct ClockTime {
    now: DateTime<Utc>,
}

/// Ends a pending sandbox payment.
#[utoipa::path(post, path = "/api/dev/complete-payment", request_body = CompletePayment,
    responses((status = 200, body = EndedPayment), Refused), tag = "sandbox")]
pub async fn complete_payment(State(app): State<Shop>, Body(body): Body<CompletePayment>) -> Answer {
    let sandbox = app.sandbox.as_ref().ok_or(Error::NotFound)?;
    let mut conn = app.db.read().await?;
    let record = checkouts::load(&mut conn, body.checkout_id).await?;
    let nothing = || Error::Code("not_allowed", "No payment of this checkout is waiting.".into());
    let payment = record.payment.ok_or_else(nothing)?;
    let attempt = payments::load(&mut conn, payment).await?;
    drop(conn);
    if !attempt.status.in_flight() {
        return Err(nothing().into());
    }
    let outcome = sandbox.finish(payment, body.outcome == SandboxOutcome::Succeed).await?;
    settle(&app, payment, outcome).await?;
    let mut conn = app.db.read().await?;
    let status = checkouts::load(&mut conn, body.checkout_id).await?.checkout.status.as_str();
    Ok(Json(EndedPayment { checkout_id: body.checkout_id, status }).into_response())
}

/// Moves the shop's clock forward, for tests of expiry. Absent unless OXCART_TEST_CLOCK is set.
#[utoipa::path(post, path = "/api/dev/clock", request_body = Advance,
    responses((status = 200, body = ClockTime), Refused), tag = "sandbox")]
pub async fn advance_clock(State(app): State<Shop>, Body(body): Body<Advance>) -> Answer {
    if app.config.test_clock.is_none() {
        return Err(Error::NotFound.into());
    }
    if !(0..=31_536_000).contains(&body.advance_seconds) {
        return Err(Error::field("advance_seconds", "has to be from 0 to 31536000").into());
    }
    app.clock.advance(body.advance_seconds);
    app.job_bell.ring_all();
    Ok(Json(ClockTime { now: app.clock.now() }).into_response())
}
