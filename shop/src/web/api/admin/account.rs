//! One's own account: who one is, the password, and where one is signed in.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use commerce::ids::SessionId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::Shop;
use crate::error::Error;
use crate::flows::{sign_in, staff};
use crate::store::staff_sessions::{self, Listed};
use crate::web::access::Member;
use crate::web::api::body::{Body, Ids};
use crate::web::api::carts::Answer;
use crate::web::api::problem::Refused;

/// Who is signed in.
#[derive(Serialize, ToSchema)]
#[schema(as = Account)]
pub struct AccountDocument {
    id: String,
    email: String,
    name: String,
    /// admin or super_admin
    role: String,
}

/// A new password, and the old one as proof.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    #[schema(format = Password)]
    old_password: String,
    #[schema(format = Password, min_length = 12)]
    password: String,
}

/// Where somebody is signed in.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionDocument {
    id: String,
    /// browser or program
    kind: String,
    /// What it calls itself.
    agent: String,
    created_at: DateTime<Utc>,
    /// To within five minutes.
    seen_at: DateTime<Utc>,
    /// Whether this request came from it.
    current: bool,
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/admin/account", responses((status = 200, body = AccountDocument), Refused), tag = "staff")]
pub async fn read(member: Member) -> Answer {
    let document = AccountDocument {
        id: member.id.to_string(),
        email: member.email,
        name: member.name,
        role: member.role.as_str().to_owned(),
    };
    Ok(Json(document).into_response())
}

/// Changes one's password and ends all other sessions.
#[utoipa::path(post, path = "/api/admin/account/password", request_body = PasswordChange,
    responses((status = 204), Refused), tag = "staff")]
pub async fn change_password(State(app): State<Shop>, member: Member, Body(body): Body<PasswordChange>) -> Answer {
    staff::change_own_password(&app, member.id, member.session, &body.old_password, &body.password).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Where one is signed in.
#[utoipa::path(get, path = "/api/admin/account/sessions",
    responses((status = 200, body = Vec<SessionDocument>), Refused), tag = "staff")]
pub async fn sessions(State(app): State<Shop>, member: Member) -> Answer {
    let found = staff_sessions::of(&mut app.db.read().await?, member.id, app.clock.now()).await?;
    let document = |one: Listed| SessionDocument {
        current: one.id == member.session.0,
        id: one.id.to_string(),
        kind: one.kind,
        agent: one.agent,
        created_at: one.created_at,
        seen_at: one.seen_at,
    };
    Ok(Json(found.into_iter().map(document).collect::<Vec<_>>()).into_response())
}

/// Signs out of one session.
#[utoipa::path(delete, path = "/api/admin/account/sessions/{id}", params(("id" = String, Path)),
    responses((status = 204), Refused), tag = "staff")]
pub async fn end_session(State(app): State<Shop>, member: Member, Ids(id): Ids<SessionId>) -> Answer {
    if !sign_in::sign_out(&app, member.id, id).await? {
        return Err(Error::NotFound.into());
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Signs out everywhere but here.
#[utoipa::path(delete, path = "/api/admin/account/sessions", responses((status = 204), Refused), tag = "staff")]
pub async fn end_other_sessions(State(app): State<Shop>, member: Member) -> Answer {
    sign_in::sign_out_everywhere(&app, member.id, Some(member.session)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
