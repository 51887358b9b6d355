//! What happens around every request, whatever it asks for: an id, a log line, security headers, and the refusals that
//! come before any handler runs.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, HOST, ORIGIN, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::time::timeout;
use tracing::Instrument;
use uuid::Uuid;

use crate::clock::Clock;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::store::patience::Patience;
use crate::store::statements::Tally;
use crate::web::api::problem::ApiError;
use crate::web::metrics;
use crate::web::storefront::errors::PageError;

/// The largest body that any request may have.
const MOST_BYTES: usize = 1024 * 1024;
/// How much of a refused body is read on, and for how long.
const MOST_DRAINED: usize = 96 * MOST_BYTES;
const DRAIN_TIME: Duration = Duration::from_secs(2);
/// The longest that any request may take to arrive, and then to be answered.
const MOST_TIME: Duration = Duration::from_secs(30);
/// The longest that a large upload may take, answer included.
const MOST_UPLOAD_TIME: Duration = Duration::from_secs(11 * 60);

/// On every answer that does not say otherwise itself.
pub static HEADERS: [(HeaderName, HeaderValue); 7] = [
    // Nothing inline and nothing from elsewhere but pictures, so that pages can be cached without nonces.
    (
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; font-src 'self'; \
             connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'",
        ),
    ),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(self), usb=()"),
    ),
    // What others may keep says so itself; a cart or an order is never kept by accident.
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// Marks an answer as one for staff, who may know what it cost; the public is told nothing.
#[derive(Clone, Copy, Debug)]
pub struct ForStaff;

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");
/// The id of the request that an answer belongs to.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    static CURRENT_ID: String;
}

/// The id of the request that is being answered, for the documents that tell of errors.
pub fn request_id() -> Option<String> {
    CURRENT_ID.try_with(Clone::clone).ok()
}

/// What the guard has to know of the shop.
#[derive(Clone, Debug)]
pub struct Guard {
    clock: Clock,
    origin: String,
    tls: bool,
    most_time: Duration,
    client_ip_header: Option<HeaderName>,
    large: Arc<HashMap<&'static str, usize>>,
}

impl Guard {
    /// The guard of a shop with these settings.
    pub fn new(config: &Config, clock: &Clock) -> Self {
        Self {
            clock: clock.clone(),
            origin: origin_of(&config.base_url),
            tls: config.is_tls(),
            most_time: MOST_TIME,
            client_ip_header: config.client_ip_header.clone(),
            large: Arc::default(),
        }
    }

    /// With routes whose bodies may be larger and are read by their own gate, once it is known who sends them.
    pub fn with_large(self, large: HashMap<&'static str, usize>) -> Self {
        Self { large: Arc::new(large), ..self }
    }

    /// The most bytes that a route's own gate takes, where it has one.
    fn large(&self, request: &Request) -> Option<usize> {
        self.large.get(request.extensions().get::<MatchedPath>()?.as_str()).copied()
    }

    /// Puts around the routes and fallbacks there are by now what may refuse a request before they see it, or end it
    /// when they take too long or panic. Pages of errors are drawn outside of this.
    pub fn inner(&self, routes: Router) -> Router {
        routes.layer(from_fn_with_state(self.clone(), admit))
    }

    /// Puts around everything the id, the line in the log and the headers that no answer leaves without.
    pub fn outer(&self, router: Router) -> Router {
        router.layer(from_fn_with_state(self.clone(), surround))
    }
}

/// The fallback of the router: no route has this address.
pub async fn not_found(uri: Uri) -> Response {
    refusal(uri.path(), Error::NotFound)
}

/// The fallback of every route: it does not know this method.
pub async fn method_not_allowed(uri: Uri) -> Response {
    let detail = "This address answers other methods; the Allow header lists them.";
    refusal(uri.path(), Error::Code("method_not_allowed", detail.into()))
}

/// Whether an address is one of the API.
pub fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// An error in the language of who asked: a problem document under `/api`, a page elsewhere.
fn refusal(path: &str, error: Error) -> Response {
    if is_api(path) { ApiError::from(error).into_response() } else { PageError::from(error).into_response() }
}

async fn surround(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = guard.clock.id::<Uuid>().simple().to_string();
    let method = request.method().clone();
    // The route, not the address: addresses hold tokens and what people search for.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let span = tracing::info_span!("request", %id);

    let tally = Tally::default();
    let answer = CURRENT_ID.scope(id.clone(), next.run(request));
    let mut response = tally.over(answer).instrument(span.clone()).await;
    add_headers(response.headers_mut(), &guard, &id);

    let route = route.as_ref().map_or("-", MatchedPath::as_str);
    let (status, took) = (response.status().as_u16(), started.elapsed());
    if response.extensions().get::<ForStaff>().is_some() {
        response.headers_mut().insert(SERVER_TIMING, cost(took, tally.statements()));
    }
    metrics::count(method.as_str(), route, status, took);
    let ms = took.as_millis() as u64;
    span.in_scope(|| tracing::info!(target: "oxcart::access", %method, route, status, ms));
    response
}

async fn admit(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if let Err(error) = checked(&guard, &request) {
        drain(request.into_body()).await;
        return refusal(&path, error);
    }
    let large = guard.large(&request);
    let most_time = if large.is_some() { MOST_UPLOAD_TIME } else { guard.most_time };
    let request = match large {
        Some(_) => request,
        None => match arrived(&guard, request).await {
            Ok(request) => request,
            Err(error) => return refusal(&path, error),
        },
    };
    let request = named(&guard, request);
    // In a task of its own: a visitor who hangs up takes the connection along, but must not stop a purchase half-way.
    let id = request_id().unwrap_or_default();
    let (tally, handler) = (Tally::current(), CURRENT_ID.scope(id, next.run(request)).in_current_span());
    let handler = tokio::spawn(async move { Patience::of_a_request().over(tally.over(handler)).await });
    match timeout(most_time, handler).await {
        Ok(Ok(response)) => response,
        Ok(Err(_panicked)) => refusal(&path, Error::Internal("a handler panicked".into())),
        Err(_) => {
            let detail = "It may have been done all the same. Please look before you try again.";
            refusal(&path, Error::Code("timed_out", detail.into()))
        }
    }
}

/// Why a request is refused by its head alone.
fn checked(guard: &Guard, request: &Request) -> Result<()> {
    if !request.method().is_safe() && is_foreign(request.headers(), &guard.origin) {
        let detail = "This came from another website. Please use the shop's own pages.";
        return Err(Error::Code("forbidden", detail.into()));
    }
    let announced = text(request.headers(), &CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
    let most = guard.large(request).unwrap_or(MOST_BYTES);
    if announced.is_some_and(|bytes| bytes > most as u64) {
        return Err(too_large(most));
    }
    Ok(())
}

fn too_large(most: usize) -> Error {
    Error::Code("body_too_large", format!("A body may have {most} bytes."))
}

/// The request with its whole body, before anything is done about it: one that stalls has had no effect.
async fn arrived(guard: &Guard, request: Request) -> Result<Request> {
    let (parts, mut body) = request.into_parts();
    let read = timeout(guard.most_time, Limited::new(&mut body, MOST_BYTES).collect()).await;
    let whole = read.map_err(|_| {
        let detail = "The body did not arrive in time. Nothing was done; please send it again.";
        Error::Code("body_timed_out", detail.into())
    })?;
    match whole {
        Ok(whole) => Ok(Request::from_parts(parts, Body::from(whole.to_bytes()))),
        Err(error) if error.is::<LengthLimitError>() => {
            drain(body).await;
            Err(too_large(MOST_BYTES))
        }
        Err(_) => Err(Error::Malformed("The body could not be read to its end.".into())),
    }
}

/// The request from the visitor that a trusted proxy names.
fn named(guard: &Guard, mut request: Request) -> Request {
    if let Some(visitor) = guard.client_ip_header.as_ref().and_then(|name| named_visitor(request.headers(), name)) {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(visitor, 0)));
    }
    request
}

/// Reads on for a moment what a refused visitor is still sending: a connection that closes on them takes the answer along.
async fn drain(body: Body) {
    let mut body = Limited::new(body, MOST_DRAINED);
    let read_on = async { while let Some(Ok(_)) = body.frame().await {} };
    // Who sends more, or slowly, has been given their chance.
    let _ = timeout(DRAIN_TIME, read_on).await;
}

/// The visitor as the proxy in front names them: the last entry, for the ones before it were sent by the visitor.
fn named_visitor(headers: &HeaderMap, name: &HeaderName) -> Option<IpAddr> {
    let last = headers.get_all(name).iter().next_back()?.to_str().ok()?;
    last.rsplit(',').next()?.trim().parse().ok()
}

/// Whether a browser says that another site's page made this request. Programs that are no browsers say nothing; they
/// hold no cookies that could be abused.
fn is_foreign(headers: &HeaderMap, own_origin: &str) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site != "same-origin" && site != "none";
    }
    let Some(origin) = headers.get(ORIGIN) else { return false };
    let Ok(origin) = origin.to_str() else { return true };
    // The address that was asked is the shop too: behind a proxy or on a second name it is not the configured one.
    let host = text(headers, &HOST).unwrap_or_default();
    let asked = origin.split_once("://").map(|(_, authority)| authority);
    origin != own_origin && asked != Some(host)
}

/// Scheme and authority of an address, as browsers write an origin.
fn origin_of(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let authority = rest.split('/').next().unwrap_or_default().to_lowercase();
    let default_port = if scheme == "https" { ":443" } else { ":80" };
    format!("{scheme}://{}", authority.strip_suffix(default_port).unwrap_or(&authority))
}

fn add_headers(headers: &mut HeaderMap, guard: &Guard, id: &str) {
    for (name, value) in &HEADERS {
        headers.entry(name).or_insert_with(|| value.clone());
    }
    if guard.tls {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    headers.insert(REQUEST_ID, id_header(id));
}

/// An id of a request as a header.
pub(crate) fn id_header(id: &str) -> HeaderValue {
    HeaderValue::from_str(id).expect("an id is hexadecimal digits")
}

/// What an answer cost, as browsers show it beside the request.
fn cost(took: Duration, statements: u64) -> HeaderValue {
    let micros = took.as_micros();
    let text = format!("app;dur={}.{:02}, db;desc=\"{statements} statements\"", micros / 1000, micros % 1000 / 10);
    HeaderValue::from_str(&text).expect("digits and plain words")
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use axum::body::{Bytes, HttpBody};
    use axum::routing::{get, post};
    use hyper::body::Frame;
    use tower::ServiceExt;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn only_a_browser_on_another_site_is_foreign() {
        let cases: &[(&[(&str, &str)], bool)] = &[
            (&[], false),
            (&[("sec-fetch-site", "same-origin")], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("sec-fetch-site", "same-site")], true),
            (&[("sec-fetch-site", "cross-site"), ("origin", "https://shop.example")], true),
            (&[("origin", "https://shop.example")], false),
            (&[("origin", "https://shop.example.evil.example")], true),
            (&[("origin", "http://shop.example"), ("host", "10.0.0.1")], true),
            (&[("origin", "http://10.0.0.1:3000"), ("host", "10.0.0.1:3000")], false),
            (&[("origin", "null"), ("host", "shop.example")], true),
        ];
        for (pairs, expected) in cases {
            assert_eq!(is_foreign(&headers(pairs), "https://shop.example"), *expected, "{pairs:?}");
        }
    }

    #[test]
    fn a_proxy_names_the_visitor_last() {
        let name = HeaderName::from_static("x-forwarded-for");
        for (value, expected) in [
            ("203.0.113.9", Some("203.0.113.9")),
            ("10.9.9.9, 203.0.113.9", Some("203.0.113.9")),
            ("203.0.113.9, 2001:db8::1", Some("2001:db8::1")),
            ("203.0.113.9, unknown", None),
        ] {
            let named = named_visitor(&headers(&[("x-forwarded-for", value)]), &name);
            assert_eq!(named.map(|address| address.to_string()).as_deref(), expected, "{value}");
        }
    }

    #[test]
    fn an_origin_has_neither_path_nor_default_port() {
        for (url, expected) in [
            ("https://Shop.example", "https://shop.example"),
            ("https://shop.example:443/store", "https://shop.example"),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
            ("http://shop.example:80", "http://shop.example"),
            ("https://shop.example:80", "https://shop.example:80"),
        ] {
            assert_eq!(origin_of(url), expected);
        }
    }

    fn impatient() -> Guard {
        let most_time = Duration::from_millis(10);
        Guard {
            clock: Clock::default(),
            origin: String::new(),
            tls: false,
            most_time,
            client_ip_header: None,
            large: Arc::default(),
        }
    }

    /// A body of which nothing more ever comes.
    struct Stalled;

    impl HttpBody for Stalled {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Pending
        }
    }

    #[test]
    fn what_an_answer_cost_is_told_to_the_hundredth() {
        assert_eq!(cost(Duration::from_micros(1_234_567), 3), "app;dur=1234.56, db;desc=\"3 statements\"");
    }

    #[tokio::test]
    async fn a_body_that_stalls_is_refused_before_anything_is_done() {
        let handler = post(async || "it ran without its body");
        let router = impatient().inner(Router::new().route("/api/slow", handler));
        let request = Request::post("/api/slow").body(Body::new(Stalled)).expect("a good request");
        let answer = router.oneshot(request).await.expect("a router always answers");
        assert_eq!(answer.status(), 408);
        let document = answer.into_body().collect().await.expect("a body").to_bytes();
        let document = String::from_utf8_lossy(&document);
        assert!(document.contains("body_timed_out") && document.contains("Nothing was done"), "{document}");
    }

    #[tokio::test]
    async fn a_request_that_takes_too_long_is_answered_all_the_same() {
        let guard = impatient();
        let router = guard.inner(Router::new().route("/api/slow", get(std::future::pending::<()>)));
        let request = Request::get("/api/slow").body(Body::empty()).expect("a good request");
        let answer = router.oneshot(request).await.expect("a router always answers");
        assert_eq!(answer.status(), 503);
    }
}
