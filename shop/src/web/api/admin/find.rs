//! Everything that staff may look for, with one question.

use axum::Json;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::Shop;
use crate::web::admin::find::groups;
use crate::web::admin::views::find::FoundGroup;
use crate::web::api::carts::Answer;
use crate::web::api::problem::Refused;

/// What was found.
#[derive(Serialize, ToSchema)]
pub struct Found {
    groups: Vec<FoundGroup>,
}

/// What is looked for.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
}

/// Orders by number, name or address; products by name or SKU; customers; places and what can be done. At most five of
/// each.
#[utoipa::path(get, path = "/api/admin/find", params(("q" = String, Query)),
    responses((status = 200, body = Found), Refused), tag = "home")]
pub async fn find(State(app): State<Shop>, Query(asked): Query<Asked>) -> Answer {
    Ok(Json(Found { groups: groups(&app, &asked.q).await? }).into_response())
}
