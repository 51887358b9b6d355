//! The gate before every handler for staff: who is it, may they, and was it really they who sent this.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use commerce::staff::Role;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::{Member, Shown, shown};
use crate::app::Shop;
use crate::error::{Error, Result};
use crate::store::home;
use crate::web::admin::errors::AdminError;
use crate::web::api::problem::ApiError;
use crate::web::middleware::{ForStaff, is_api};
use crate::web::storefront::private::see_other;

/// The header in which scripts carry the token of the page's forms.
const CSRF_HEADER: &str = "x-csrf-token";
/// The field in which forms carry it.
const CSRF_FIELD: &str = "csrf";
/// How long a large upload may take.
const UPLOAD_TIME: Duration = Duration::from_secs(10 * 60);
/// Large uploads are held in memory while they are looked at: so many at once.
static UPLOADS: Semaphore = Semaphore::const_new(2);

/// The gate of a route.
#[derive(Clone)]
pub struct Gate {
    /// The shop.
    pub app: Shop,
    /// Who may pass.
    pub role: Role,
    /// The most bytes a body may have, where that is more than anywhere else.
    pub most_bytes: Option<usize>,
}

/// Lets staff through to the handler, or not.
pub async fn check(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    match passed(&gate, request).await {
        Ok(request) => {
            let mut response = next.run(request).await;
            response.extensions_mut().insert(ForStaff);
            response
        }
        Err(Refused::SignIn(to)) => see_other(&to),
        Err(Refused::Error(error)) if is_api(&path) => {
            let unknown = error.code() == "unauthenticated";
            let mut response = ApiError(error).into_response();
            if unknown {
                response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            response
        }
        Err(Refused::Error(error)) => AdminError(error).into_response(),
    }
}

enum Refused {
    /// A page is asked for by somebody who is not signed in: there they can, and come back.
    SignIn(String),
    Error(Error),
}

impl<E: Into<Error>> From<E> for Refused {
    fn from(error: E) -> Self {
        Refused::Error(error.into())
    }
}

async fn passed(gate: &Gate, request: Request) -> Result<Request, Refused> {
    let Some((mut member, shown)) = shown(&gate.app, request.headers()).await? else {
        return Err(stranger(&request));
    };
    if !member.role.covers(gate.role) {
        let detail = "Your account may not do this. Ask somebody who looks after the accounts.";
        return Err(Error::Code("forbidden", detail.into()).into());
    }
    let mut request = if request.method().is_safe() { request } else { written(gate, request, &member, shown).await? };
    if !is_api(request.uri().path()) {
        member.to_ship = Some(home::to_ship(&mut gate.app.db.read().await?).await?);
    }
    request.extensions_mut().insert(member);
    Ok(request)
}

fn stranger(request: &Request) -> Refused {
    let uri = request.uri();
    if is_api(uri.path()) {
        let detail = "Send a bearer token of POST /api/auth/login, or sign in.";
        return Error::Code("unauthenticated", detail.into()).into();
    }
    // What was to be written is lost, so the way back leads to the start.
    let back = match *request.method() {
        Method::GET | Method::HEAD => uri.path_and_query().map_or("/admin", |whole| whole.as_str()),
        _ => "/admin",
    };
    Refused::SignIn(format!("/admin/sign-in?next={}", utf8_percent_encode(back, NON_ALPHANUMERIC)))
}

/// The request with its whole body, once it is certain that the member's own page or program sent it.
async fn written(gate: &Gate, request: Request, member: &Member, shown: Shown) -> Result<Request> {
    let (parts, body) = request.into_parts();
    let bytes = match gate.most_bytes {
        Some(most) => upload(body, most).await?,
        None => body.collect().await.map_err(|error| Error::Internal(error.to_string()))?.to_bytes(),
    };
    if shown == Shown::Cookie && !carries(&parts.headers, &bytes, &member.csrf) {
        let detail = "This page was out of date. Please reload it and try again; nothing was changed.";
        return Err(Error::Code("forbidden", detail.into()));
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

async fn upload(body: Body, most: usize) -> Result<Bytes> {
    let _turn = UPLOADS.acquire().await.map_err(|_| Error::Internal("no uploads are taken".into()))?;
    let whole = timeout(UPLOAD_TIME, Limited::new(body, most).collect()).await;
    let whole = whole.map_err(|_| Error::Code("body_timed_out", "The file did not arrive in time.".into()))?;
    whole.map(|whole| whole.to_bytes()).map_err(|error| match error.is::<LengthLimitError>() {
        true => Error::Code("body_too_large", format!("A file may have {} MiB here.", most >> 20)),
        false => Error::Malformed("The file could not be read to its end.".into()),
    })
}

/// Whether a request carries the token of the session's forms: in the header, or as a field of the form.
fn carries(headers: &HeaderMap, body: &[u8], csrf: &str) -> bool {
    let matches = |sent: &[u8]| bool::from(sent.ct_eq(csrf.as_bytes()));
    if let Some(sent) = headers.get(CSRF_HEADER) {
        return matches(sent.as_bytes());
    }
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if media_type.starts_with("multipart/form-data") {
        // The token is unguessable, so wherever it stands as that field, the page put it there.
        let field = format!("name=\"{CSRF_FIELD}\"\r\n\r\n{csrf}\r\n");
        return body.windows(field.len()).any(|part| part == field.as_bytes());
    }
    let mut fields = body.split(|byte| *byte == b'&');
    fields.any(|field| field.strip_prefix(b"csrf=").is_some_and(matches))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_carries_the_token_of_its_page() {
        let form = "application/x-www-form-urlencoded";
        let parts = "multipart/form-data; boundary=x";
        let multipart = b"--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nabc123\r\n--x--".as_slice();
        for (media_type, header, body, expected) in [
            (form, None, b"a=1&csrf=abc123&b=2".as_slice(), true),
            (form, None, b"csrf=abc1234", false),
            (form, None, b"xcsrf=abc123", false),
            (form, None, b"", false),
            (form, Some("abc123"), b"", true),
            (form, Some("wrong"), b"csrf=abc123", false),
            ("application/json", None, b"{\"csrf\":\"abc123\"}", false),
            ("application/json", Some("abc123"), b"{}", true),
            (parts, None, multipart, true),
            (parts, None, b"--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nabc123\r\n--x--", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
            if let Some(header) = header {
                headers.insert(CSRF_HEADER, HeaderValue::from_static(header));
            }
            assert_eq!(carries(&headers, body, "abc123"), expected, "{media_type} {header:?} {body:?}");
        }
    }
}
