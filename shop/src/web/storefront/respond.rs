//! How pages are answered: shareable ones with a mark that tells whether they changed, private ones kept by nobody.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// Every visitor gets the same; who kept it asks whether it is still so.
const SHAREABLE: &str = "public, max-age=0, must-revalidate";

/// A page that is the same for everybody: 304 when the one that was kept is still right.
pub fn shareable(request: &HeaderMap, media_type: &'static str, body: String) -> Response {
    let mark = mark(body.as_bytes());
    let headers = [(CACHE_CONTROL, SHAREABLE.to_owned()), (ETAG, mark.clone())];
    if is_kept(request, &mark) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, [(CONTENT_TYPE, media_type)], Body::from(body)).into_response()
}

/// A shareable HTML page.
pub fn page(request: &HeaderMap, body: String) -> Response {
    shareable(request, "text/html; charset=utf-8", body)
}

/// The address has changed for good.
pub fn moved(path: &str) -> Response {
    let headers = [(LOCATION, path.to_owned()), (CACHE_CONTROL, SHAREABLE.to_owned())];
    (StatusCode::MOVED_PERMANENTLY, headers).into_response()
}

fn mark(body: &[u8]) -> String {
    let digest = Sha256::digest(body);
    let digits: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{digits}\"")
}

/// Whether the caller has kept the body of this mark. Proxies that compress may have made the mark a weak one.
fn is_kept(request: &HeaderMap, mark: &str) -> bool {
    let kept = request.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    kept.flat_map(|list| list.split(',')).any(|one| {
        let one = one.trim();
        one == "*" || one.strip_prefix("W/").unwrap_or(one) == mark
    })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_page_that_was_kept_is_not_sent_again() {
        let first = page(&HeaderMap::new(), "<p>".into());
        let mark = first.headers()[ETAG].clone();
        let asked_with = |value: HeaderValue| {
            let mut request = HeaderMap::new();
            request.insert(IF_NONE_MATCH, value);
            page(&request, "<p>".into()).status()
        };
        assert_eq!(first.status(), StatusCode::OK);
        assert_eq!(asked_with(mark), StatusCode::NOT_MODIFIED);
        assert_eq!(asked_with(HeaderValue::from_static("\"other\"")), StatusCode::OK);
    }
}
