//! Whether the process lives and whether it can take orders.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;

use crate::app::{App, Shop};
use crate::store::counters;

/// Who asks whether the shop is ready soon asks again: no answer within this time is a no.
const MOST_TIME: Duration = Duration::from_secs(1);

/// That the process lives.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// ok
    status: &'static str,
}

/// Whether the shop can take orders.
#[derive(Serialize, ToSchema)]
pub struct Readiness {
    /// ready or not_ready
    status: &'static str,
    /// What is in the way, when it is not ready.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<&'static str>,
}

/// The process lives.
#[utoipa::path(get, path = "/api/health", responses((status = 200, body = Health)), tag = "health")]
pub async fn health() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// The shop can take orders, or why not.
#[utoipa::path(get, path = "/api/ready",
    responses(
        (status = 200, description = "It can", body = Readiness),
        (status = 503, description = "It can't, and why", body = Readiness)), tag = "health")]
pub async fn ready(State(app): State<Shop>) -> Response {
    let reason = match timeout(MOST_TIME, can_write(&app)).await {
        Ok(Ok(())) => return Json(Readiness { status: "ready", reasons: vec![] }).into_response(),
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready");
            "The database can't be written to."
        }
        Err(_) => {
            tracing::warn!("not ready: the database took too long");
            "The database does not answer in time."
        }
    };
    let body = Readiness { status: "not_ready", reasons: vec![reason] };
    (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "1")], Json(body)).into_response()
}

/// Begins a transaction as an order does, and lets it roll back: a database that only answers takes no orders. Where orders
/// could not be kept, something has to be: a full disk shows when something is.
async fn can_write(app: &App) -> sqlx::Result<()> {
    let mut tx = app.db.begin().await?;
    if !app.desk.is_failing() {
        return tx.ping().await;
    }
    counters::count_on(&mut tx).await?;
    tx.commit().await?;
    app.desk.is_well();
    Ok(())
}
