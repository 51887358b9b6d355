//! Who may ask for what. Every route stands in a section that is open to one sort of caller; a section for staff has a
//! gate before each of its handlers.

mod cookies;
mod gate;
mod table;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use commerce::ids::{SessionId, StaffId};
use commerce::staff::Role;

pub use cookies::{device, forget_session, keep_device, keep_session, session as session_cookie};
pub use table::{Row, Section, Table};

use crate::app::App;
use crate::error::{Error, Result};
use crate::flows::sign_in;
use crate::store::staff_sessions::Kind;

/// Open to everybody.
#[derive(Clone, Copy, Debug)]
pub struct Anyone;
/// Open to staff.
#[derive(Clone, Copy, Debug)]
pub struct Admin;
/// Open to those who look after the accounts.
#[derive(Clone, Copy, Debug)]
pub struct SuperAdmin;

/// Whom a section of the routes is open to.
pub trait Access: Copy {
    /// The role it takes; `None` for everybody.
    const ROLE: Option<Role>;
}

impl Access for Anyone {
    const ROLE: Option<Role> = None;
}

impl Access for Admin {
    const ROLE: Option<Role> = Some(Role::Admin);
}

impl Access for SuperAdmin {
    const ROLE: Option<Role> = Some(Role::SuperAdmin);
}

/// The member of staff who asks. Only routes for staff can take one.
#[derive(Clone, Debug)]
pub struct Member {
    /// Who it is.
    pub id: StaffId,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Where they are signed in.
    pub session: SessionId,
    /// The token that their forms carry.
    pub csrf: String,
    /// Paid orders of which something is to be sent, as the navigation of every page tells; none is counted elsewhere.
    pub to_ship: Option<i64>,
}

impl Member {
    /// Who did it, for events and the ledger.
    pub fn actor(&self) -> String {
        format!("staff:{}", self.id)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Member {
    type Rejection = crate::web::api::problem::ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let member = parts.extensions.get::<Member>().cloned();
        member.ok_or_else(|| Error::Internal("a route that is open to everybody asks who it is".into()).into())
    }
}

/// How somebody showed who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    /// By a cookie, which the browser sends whoever asks it to.
    Cookie,
    /// By a bearer token, which only the caller can have put there.
    Bearer,
}

/// The member of staff that a request shows, if it shows one; also for routes that are open to everybody.
pub async fn recognise(app: &App, headers: &HeaderMap) -> Result<Option<Member>> {
    Ok(shown(app, headers).await?.map(|(member, _)| member))
}

async fn shown(app: &App, headers: &HeaderMap) -> Result<Option<(Member, Shown)>> {
    let (token, kind, shown) = if let Some(value) = headers.get(AUTHORIZATION) {
        let value = value.to_str().unwrap_or_default();
        let Some((_, token)) = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")) else {
            return Ok(None);
        };
        (token.trim().to_owned(), Kind::Program, Shown::Bearer)
    } else if let Some(token) = cookies::session(&app.config, headers) {
        (token, Kind::Browser, Shown::Cookie)
    } else {
        return Ok(None);
    };
    let Some(open) = sign_in::session(app, kind, &token).await? else { return Ok(None) };
    let csrf = app.secret.digest("csrf", &[open.id.0.as_bytes()]);
    let (id, email, name, role, session) = (open.staff, open.email, open.name, open.role, open.id);
    Ok(Some((Member { id, email, name, role, session, csrf, to_ship: None }, shown)))
}
