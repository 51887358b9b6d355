//! Answers that are one visitor's own: nobody on the way keeps them.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

/// A page, or a fragment of one, for this visitor.
pub fn page(status: StatusCode, html: String) -> Response {
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, "no-store")];
    (status, headers, Body::from(html)).into_response()
}

/// Go on there, with a GET.
pub fn see_other(path: &str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, path), (CACHE_CONTROL, "no-store")]).into_response()
}

/// Which part of a page a script asks for instead of the whole.
pub fn fragment(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-fragment")?.to_str().ok()
}
