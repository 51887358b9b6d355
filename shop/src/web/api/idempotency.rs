//! `Idempotency-Key` on every POST: the same key and body get the same answer, however often they come.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::problem::ApiError;
use crate::app::{App, Shop};
use crate::error::{Error, Result};
use crate::store::idempotency::{self, Answer, Claim, Key, LEASE};
use crate::web::access::Member;

const HEADER: &str = "idempotency-key";
/// The longest key that is taken.
pub const LONGEST: usize = 255;
/// Answers are buffered to be kept; documents of the API are far smaller.
const MOST_BYTES: usize = 2 * 1024 * 1024;

/// What may be begun again after its answer was lost: it goes on where it stopped and comes to the same end.
const GOES_ON: [&str; 4] =
    ["POST /api/carts", "POST /api/checkouts", "POST /api/checkouts/{id}/cancel", "POST /api/checkouts/{id}/pay"];

/// Runs a POST that carries a key once, and gives its answer again to whoever repeats it.
pub async fn layer(State(app): State<Shop>, request: Request, next: Next) -> Response {
    let wanted = request.method() == Method::POST && request.headers().contains_key(HEADER);
    if !wanted || request.uri().path().starts_with("/api/auth/") {
        return next.run(request).await;
    }
    match answer(&app, request, next).await {
        Ok(response) => response,
        Err(error) => ApiError(error).into_response(),
    }
}

async fn answer(app: &App, request: Request, next: Next) -> Result<Response> {
    let (parts, body) = request.into_parts();
    // Whoever let the request in has bounded its body.
    let body = to_bytes(body, usize::MAX)
        .await
        .map_err(|error| Error::Malformed(format!("The body could not be read to its end: {error}.")))?;
    let key = key_of(app, &parts, &body)?;
    let mut tx = app.db.begin().await?;
    let claim = idempotency::claim(&mut tx, &key, app.clock.now()).await?;
    tx.commit().await?;
    match claim {
        Claim::Run => run(app, Arc::new(key), Request::from_parts(parts, Body::from(body)), next).await,
        Claim::Replay(answer) => Ok(replay(answer)),
        Claim::Running => Err(running()),
        Claim::Lost => {
            let detail =
                "It was carried out, but its answer was lost. Look at what it was about before you do it again.";
            Err(Error::Code("idempotency_key_lost", detail.into()))
        }
        Claim::Reused => {
            let detail = "This key came with another body before. Use a new key for a new request.";
            Err(Error::Code("idempotency_key_reused", detail.into()))
        }
    }
}

fn running() -> Error {
    let detail = "The first request with this key has not finished. Ask again in a moment.";
    Error::Code("idempotency_key_running", detail.into())
}

fn key_of(app: &App, parts: &axum::http::request::Parts, body: &Bytes) -> Result<Key> {
    let value = parts.headers.get(HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let printable = value.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    if value.is_empty() || value.len() > LONGEST || !printable {
        let detail = format!("An Idempotency-Key has 1 to {LONGEST} printable ASCII characters.");
        return Err(Error::Code("idempotency_key_invalid", detail));
    }
    let path = parts.uri.path();
    let route = parts.extensions.get::<MatchedPath>().map_or(path, MatchedPath::as_str);
    let document: Option<Value> = serde_json::from_slice(body).ok();
    let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string());
    let caller = parts.extensions.get::<Member>().map(Member::actor);
    let scope = caller.or_else(|| scope(path, document.as_ref())).or(address).unwrap_or_default();
    // Canonical: the members of a parsed object are sorted, so that order and white space say nothing.
    let canonical = document.map_or_else(|| body.to_vec(), |document| document.to_string().into_bytes());
    Ok(Key {
        scope,
        route: format!("POST {route}"),
        key: value.to_owned(),
        digest: app.secret.digest("idempotency", &[path.as_bytes(), &canonical]),
        lease_until: app.clock.now() + LEASE,
    })
}

/// The cart or checkout that stands for the caller: in the path, else in the body.
fn scope(path: &str, document: Option<&Value>) -> Option<String> {
    let in_path = path.split('/').find(|part| is_id(part));
    // Only an id is a scope: the body has not been checked yet.
    let is_id = |text: &&str| uuid::Uuid::try_parse(text).is_ok();
    let in_body = || document?.get("cart_id").or_else(|| document?.get("checkout_id"))?.as_str().filter(is_id);
    // What is no id names nobody, and may be too long to be kept.
    in_path.or_else(|| in_body().filter(|text| is_id(text))).map(str::to_owned)
}

fn is_id(text: &str) -> bool {
    uuid::Uuid::try_parse(text).is_ok()
}

async fn run(app: &App, key: Arc<Key>, request: Request, next: Next) -> Result<Response> {
    let response = match GOES_ON.contains(&key.route.as_str()) {
        true => next.run(request).await,
        false => idempotency::under(key.clone(), next.run(request)).await,
    };
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, MOST_BYTES).await.map_err(|error| Error::Internal(error.to_string()))?;
    let mut tx = app.db.begin().await?;
    let is_ours = if is_kept(parts.status) {
        let content_type = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        let answer = Answer { status: parts.status.as_u16(), content_type: content_type.to_owned(), body };
        idempotency::finish(&mut tx, &key, &answer).await?
    } else if parts.status.is_server_error() {
        idempotency::let_go(&mut tx, &key, app.clock.now()).await?
    } else {
        idempotency::abandon(&mut tx, &key).await?
    };
    tx.commit().await?;
    // Somebody who asked again has taken it over, and theirs is the answer.
    if is_ours { Ok(Response::from_parts(parts, Body::from(bytes))) } else { Err(running()) }
}

/// What would not be otherwise the next time is kept; bad input and failures of ours may be tried again.
fn is_kept(status: StatusCode) -> bool {
    status.is_success() || matches!(status.as_u16(), 402 | 404 | 409)
}

fn replay(answer: Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, answer.body).into_response();
    if let Ok(content_type) = HeaderValue::from_str(&answer.content_type) {
        response.headers_mut().insert(CONTENT_TYPE, content_type);
    }
    response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    response
}
