//! Whether the process lives and whether it can take orders.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::app::Shop;

/// The process lives.
#[utoipa::path(get, path = "/api/health", responses((status = 200)), tag = "health")]
pub async fn health() -> Response {
    Json(json!({ "status": "ok" })).into_response()
}

/// The shop can take orders, or why not.
#[utoipa::path(get, path = "/api/ready", responses((status = 200), (status = 503)), tag = "health")]
pub async fn ready(State(app): State<Shop>) -> Response {
    let reached = match app.db.read().await {
        Ok(mut conn) => conn.ping().await,
        Err(error) => Err(error),
    };
    match reached {
        Ok(()) => Json(json!({ "status": "ready" })).into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            let body = json!({ "status": "not_ready", "reasons": ["The database can't be reached."] });
            (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "1")], Json(body)).into_response()
        }
    }
}
