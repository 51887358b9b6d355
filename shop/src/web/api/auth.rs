//! How programs of staff sign in: a pair of tokens for an address and a password.

use axum::Json;
use axum::extract::State;
use axum::http::header::USER_AGENT;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{Body, NoBody};
use super::carts::Answer;
use super::problem::Refused;
use crate::app::Shop;
use crate::flows::sign_in::{self, Caller, Tokens};
use crate::web::access::{self, Member};
use crate::web::visitor::VisitorAddress;

/// Who signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    email: String,
    #[schema(format = Password)]
    password: String,
}

/// A refresh token, which is good once.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    refresh_token: String,
}

/// What a program signs its requests with.
#[derive(Serialize, ToSchema)]
#[schema(as = Tokens)]
pub struct TokensDocument {
    /// For the header `Authorization: Bearer`.
    access_token: String,
    /// Good once, for the next pair. Used twice, it ends the session.
    refresh_token: String,
    /// Seconds that the access token is good for.
    expires_in: i64,
}

impl From<Tokens> for TokensDocument {
    fn from(tokens: Tokens) -> Self {
        let Tokens { access, refresh, expires_in } = tokens;
        Self { access_token: access, refresh_token: refresh, expires_in }
    }
}

/// Signs a program in. Wrong and unknown get one answer.
#[utoipa::path(post, path = "/api/auth/login", request_body = Login,
    responses((status = 200, body = TokensDocument), Refused), tag = "staff")]
pub async fn login(
    State(app): State<Shop>,
    VisitorAddress(address): VisitorAddress,
    headers: HeaderMap,
    Body(login): Body<Login>,
) -> Answer {
    let agent = headers.get(USER_AGENT).map(|value| String::from_utf8_lossy(value.as_bytes())).unwrap_or_default();
    let device = access::device(&app.config, &headers);
    let caller = Caller {
        email: &login.email,
        password: &login.password,
        address: &address,
        device: device.as_deref(),
        agent: &agent,
    };
    Ok(Json(TokensDocument::from(sign_in::program(&app, &caller).await?)).into_response())
}

/// The next pair of tokens.
#[utoipa::path(post, path = "/api/auth/refresh", request_body = Refresh,
    responses((status = 200, body = TokensDocument), Refused), tag = "staff")]
pub async fn refresh(State(app): State<Shop>, Body(body): Body<Refresh>) -> Answer {
    Ok(Json(TokensDocument::from(sign_in::refresh(&app, &body.refresh_token).await?)).into_response())
}

/// Ends the session of the token that this is sent with.
#[utoipa::path(post, path = "/api/auth/logout", responses((status = 204), Refused), tag = "staff")]
pub async fn logout(State(app): State<Shop>, member: Member, _: NoBody) -> Answer {
    sign_in::sign_out(&app, member.id, member.session).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
