//! How answers that are the same for everybody go out: with a mark that tells whether they changed, and with what they
//! were made of, so that they can be kept.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LOCATION, VARY};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::web::pages::{Shown, matching_mark};

/// Every visitor gets the same. A proxy may keep it for a minute, and go on with it while it asks anew; browsers are told
/// no time, so they ask whether theirs is still right.
const SHAREABLE: &str = "public, s-maxage=60, stale-while-revalidate=300";
/// A browser that was given no time keeps a permanent redirect for good, and an address may be given back.
const ASKED_AGAIN: &str = "public, max-age=0, must-revalidate";

/// An answer that is the same for everybody: 304 when the one that was kept is still right.
pub fn shareable(request: &HeaderMap, media_type: &'static str, body: String, shown: Shown) -> Response {
    let mark = mark(body.as_bytes());
    if let Some(kept) = matching_mark(request, &mark) {
        return (StatusCode::NOT_MODIFIED, headers(kept)).into_response();
    }
    let mut response = (headers(format!("\"{mark}\"")), [(CONTENT_TYPE, media_type)], Body::from(body)).into_response();
    response.extensions_mut().insert(shown);
    response
}

/// A shareable HTML page.
pub fn page(request: &HeaderMap, body: String, shown: Shown) -> Response {
    shareable(request, "text/html; charset=utf-8", body, shown)
}

/// A shareable document for programs.
pub fn document(request: &HeaderMap, document: &impl Serialize, shown: Shown) -> Result<Response> {
    let body = serde_json::to_string(document).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(shareable(request, "application/json", body, shown))
}

/// The address has changed for good.
pub fn moved(path: &str) -> Response {
    let headers = [(LOCATION, path.to_owned()), (CACHE_CONTROL, ASKED_AGAIN.to_owned())];
    (StatusCode::MOVED_PERMANENTLY, headers).into_response()
}

fn headers(mark: String) -> [(HeaderName, String); 3] {
    [(CACHE_CONTROL, SHAREABLE.to_owned()), (VARY, "accept-encoding".to_owned()), (ETAG, mark)]
}

fn mark(body: &[u8]) -> String {
    Sha256::digest(body).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use axum::http::header::IF_NONE_MATCH;

    use super::*;

    #[test]
    fn a_page_that_was_kept_is_not_sent_again() {
        let first = page(&HeaderMap::new(), "<p>".into(), Shown::frame());
        let mark = first.headers()[ETAG].clone();
        let asked_with = |value: HeaderValue| {
            let mut request = HeaderMap::new();
            request.insert(IF_NONE_MATCH, value);
            page(&request, "<p>".into(), Shown::frame()).status()
        };
        assert_eq!(first.status(), StatusCode::OK);
        assert_eq!(asked_with(mark), StatusCode::NOT_MODIFIED);
        assert_eq!(asked_with(HeaderValue::from_static("\"other\"")), StatusCode::OK);
    }
}
