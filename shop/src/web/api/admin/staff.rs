//! The accounts of the staff, for those who look after them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use commerce::ids::StaffId;
use commerce::staff::Role;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::{App, Shop};
use crate::error::Result;
use crate::flows::sign_in;
use crate::flows::staff::{self, NewStaff, StaffChange};
use crate::store::staff::{self as accounts, Staff};
use crate::web::access::Member;
use crate::web::api::body::{Body, Ids};
use crate::web::api::carts::Answer;
use crate::web::api::problem::Refused;

/// A member of staff.
#[derive(Serialize, ToSchema)]
#[schema(as = Staff)]
pub struct StaffDocument {
    id: String,
    email: String,
    name: String,
    /// admin or super_admin
    role: String,
    active: bool,
    version: i64,
    created_at: DateTime<Utc>,
}

impl From<Staff> for StaffDocument {
    fn from(staff: Staff) -> Self {
        Self {
            id: staff.id.to_string(),
            email: staff.email,
            name: staff.name,
            role: staff.role.as_str().to_owned(),
            active: staff.active,
            version: staff.version,
            created_at: staff.created_at,
        }
    }
}

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    email: String,
    name: String,
    /// admin or super_admin
    #[schema(value_type = String)]
    role: Role,
    #[schema(format = Password, min_length = 12)]
    password: String,
}

/// What an account is to become.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountChange {
    /// The version that was read.
    version: i64,
    name: Option<String>,
    /// admin or super_admin
    #[schema(value_type = Option<String>)]
    role: Option<Role>,
    active: Option<bool>,
}

/// A new password for somebody.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    #[schema(format = Password, min_length = 12)]
    password: String,
}

/// Every account.
#[utoipa::path(get, path = "/api/admin/staff", responses((status = 200, body = Vec<StaffDocument>), Refused), tag = "staff")]
pub async fn list(State(app): State<Shop>) -> Answer {
    let all = accounts::all(&mut app.db.read().await?).await?;
    Ok(Json(all.into_iter().map(StaffDocument::from).collect::<Vec<_>>()).into_response())
}

/// Makes an account.
#[utoipa::path(post, path = "/api/admin/staff", request_body = NewAccount,
    responses((status = 201, body = StaffDocument), Refused), tag = "staff")]
pub async fn create(State(app): State<Shop>, member: Member, Body(body): Body<NewAccount>) -> Answer {
    let new = NewStaff { email: &body.email, name: &body.name, role: body.role, password: &body.password };
    let id = staff::create(&app.db, &app.clock, &app.passwords, new, &member.actor()).await?;
    Ok((StatusCode::CREATED, Json(StaffDocument::from(account(&app, id).await?))).into_response())
}

/// Changes an account. The last super admin stays one.
#[utoipa::path(patch, path = "/api/admin/staff/{id}", params(("id" = String, Path)), request_body = AccountChange,
    responses((status = 200, body = StaffDocument), Refused), tag = "staff")]
pub async fn change(
    State(app): State<Shop>,
    member: Member,
    Ids(id): Ids<StaffId>,
    Body(body): Body<AccountChange>,
) -> Answer {
    let known = account(&app, id).await?;
    let change = StaffChange {
        version: body.version,
        name: body.name.unwrap_or(known.name),
        role: body.role.unwrap_or(known.role),
        active: body.active.unwrap_or(known.active),
    };
    staff::change(&app, id, change, &member.actor()).await?;
    Ok(Json(StaffDocument::from(account(&app, id).await?)).into_response())
}

/// Gives somebody a new password and signs them out everywhere.
#[utoipa::path(post, path = "/api/admin/staff/{id}/password", params(("id" = String, Path)), request_body = NewPassword,
    responses((status = 204), Refused), tag = "staff")]
pub async fn set_password(
    State(app): State<Shop>,
    member: Member,
    Ids(id): Ids<StaffId>,
    Body(body): Body<NewPassword>,
) -> Answer {
    staff::set_password(&app.db, &app.clock, &app.passwords, id, &body.password, None, &member.actor()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Signs somebody out everywhere.
#[utoipa::path(delete, path = "/api/admin/staff/{id}/sessions", params(("id" = String, Path)),
    responses((status = 204), Refused), tag = "staff")]
pub async fn sign_out(State(app): State<Shop>, Ids(id): Ids<StaffId>) -> Answer {
    account(&app, id).await?;
    sign_in::sign_out_everywhere(&app, id, None).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn account(app: &App, id: StaffId) -> Result<Staff> {
    Ok(accounts::load(&mut app.db.read().await?, id).await?.staff)
}
