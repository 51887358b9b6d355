//! Views of the admin's lists that somebody saved.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::Shop;
use crate::flows::saved_views::{self, NewView};
use crate::store::saved_views::{self as store, SavedView};
use crate::web::access::Member;
use crate::web::api::body::{Body, Ids};
use crate::web::api::carts::Answer;
use crate::web::api::problem::Refused;

/// A view to be saved.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSavedView {
    /// The list it is a view of, such as `orders`.
    list: String,
    name: String,
    /// Search, filters, order and columns, as they stand in the list's address.
    query: String,
    /// Whether everybody has it.
    #[serde(default)]
    shared: bool,
}

/// A saved view.
#[derive(Serialize, ToSchema)]
#[schema(as = SavedView)]
pub struct SavedViewDocument {
    id: String,
    list: String,
    name: String,
    query: String,
    shared: bool,
    /// Whether one saved it oneself, and may delete it.
    own: bool,
    created_at: DateTime<Utc>,
}

fn document(view: SavedView, member: &Member) -> SavedViewDocument {
    let SavedView { id, staff_id, list, name, query, shared, created_at } = view;
    SavedViewDocument { id: id.to_string(), own: staff_id == member.id.0, list, name, query, shared, created_at }
}

/// The shared views and one's own.
#[utoipa::path(get, path = "/api/admin/views",
    responses((status = 200, body = Vec<SavedViewDocument>), Refused), tag = "admin")]
pub async fn list(State(app): State<Shop>, member: Member) -> Answer {
    let views = store::all(&mut app.db.read().await?, member.id.0).await?;
    let views: Vec<_> = views.into_iter().map(|view| document(view, &member)).collect();
    Ok(Json(views).into_response())
}

/// Saves a view.
#[utoipa::path(post, path = "/api/admin/views", request_body = NewSavedView,
    responses((status = 201, body = SavedViewDocument), Refused), tag = "admin")]
pub async fn create(State(app): State<Shop>, member: Member, Body(body): Body<NewSavedView>) -> Answer {
    let NewSavedView { list, name, query, shared } = &body;
    let new = NewView { list, name, query, shared: *shared };
    let view = saved_views::save(&app, new, member.id).await?;
    Ok((StatusCode::CREATED, Json(document(view, &member))).into_response())
}

/// Deletes a view of one's own.
#[utoipa::path(delete, path = "/api/admin/views/{id}", params(("id" = String, Path)),
    responses((status = 204), Refused), tag = "admin")]
pub async fn delete(State(app): State<Shop>, member: Member, Ids(id): Ids<Uuid>) -> Answer {
    saved_views::delete(&app, id, member.id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
