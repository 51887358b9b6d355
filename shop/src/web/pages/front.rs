//! The first to see a request: what is kept is answered here, before routing and logging do work.

use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::time::Instant;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{ConnectInfo, Request};
use axum::http::header::{ACCEPT_ENCODING, AUTHORIZATION, COOKIE, IF_NONE_MATCH};
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use hyper::body::Incoming;
use tower::ServiceExt;
use uuid::Uuid;

use super::entry::{Entry, Kept, Moment};
use super::key::Key;
use super::pack;
use crate::app::Shop;
use crate::web::metrics;
use crate::web::middleware::{REQUEST_ID, id_header};

/// A router, with the pages that are kept in front of it.
#[derive(Clone)]
pub struct Front {
    router: Router,
    app: Option<Shop>,
}

/// Without pages that are kept.
impl From<Router> for Front {
    fn from(router: Router) -> Self {
        Self { router, app: None }
    }
}

impl Front {
    /// The routes of a shop behind its pages.
    pub fn new(app: &Shop, router: Router) -> Self {
        Self { router, app: app.pages.is_on().then(|| app.clone()) }
    }

    /// Answers a request of a visitor.
    pub async fn answer(self, request: hyper::Request<Incoming>, visitor: SocketAddr) -> Response {
        let Some(app) = &self.app else { return self.routed(request.map(Body::new), visitor).await };
        let started = Instant::now();
        // A body would have to be read.
        let may_be_kept = matches!(*request.method(), Method::GET | Method::HEAD) && request.body().is_end_stream();
        let key = Key::of(request.uri().path(), request.uri().query()).filter(|_| may_be_kept);
        let Some(key) = key else { return self.routed(request.map(Body::new), visitor).await };
        if let Some(entry) = app.pages.get(&key.address).filter(|entry| entry.is_right(app)) {
            app.pages.hits.fetch_add(1, Ordering::Relaxed);
            if let Some(encoding) = entry.wanted(request.headers()) {
                pack(app, &key.address, &entry, encoding);
            }
            let mut response = entry.answer(request.headers());
            let id = app.clock.id::<Uuid>().simple().to_string();
            response.headers_mut().insert(REQUEST_ID, id_header(&id));
            let (method, route, status) = (request.method().as_str(), key.route, response.status().as_u16());
            metrics::count(method, route, status, started.elapsed());
            tracing::debug!(target: "oxcart::access", %id, method, route, status, "kept");
            return response;
        }
        if request.method() == Method::HEAD {
            return self.routed(request.map(Body::new), visitor).await;
        }
        app.pages.misses.fetch_add(1, Ordering::Relaxed);
        let address = key.address.into_owned();
        match address.parse() {
            Ok(uri) => self.made(app, address, uri, request.map(Body::new), visitor).await,
            Err(_) => self.routed(request.map(Body::new), visitor).await,
        }
    }

    /// Has a page made and keeps it.
    async fn made(&self, app: &Shop, address: String, uri: Uri, mut request: Request, visitor: SocketAddr) -> Response {
        let asked = plain(&mut request, uri);
        let before = Moment::of(app);
        let response = self.routed(request, visitor).await;
        let id = response.headers().get(REQUEST_ID).cloned();
        let (entry, is_whole) = match Entry::of(response, before).await {
            Kept::Entry(entry, is_whole) => (entry, is_whole),
            Kept::Not(response) => return response,
        };
        // As it will be answered from now on.
        let mut response = entry.answer(&asked);
        if let Some(id) = id {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        if is_whole {
            app.pages.keep(address, *entry);
        }
        response
    }

    async fn routed(&self, mut request: Request, visitor: SocketAddr) -> Response {
        request.extensions_mut().insert(ConnectInfo(visitor));
        match self.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

/// Takes out of a request what a page for everybody must not see: who asks, what they have kept, and what of the address
/// is not in its key. Answers the headers that the answer depends on.
fn plain(request: &mut Request, uri: Uri) -> HeaderMap {
    *request.uri_mut() = uri;
    let headers = request.headers_mut();
    headers.remove(COOKIE);
    headers.remove(AUTHORIZATION);
    let mut asked = HeaderMap::new();
    for name in [IF_NONE_MATCH, ACCEPT_ENCODING] {
        for value in headers.get_all(&name) {
            asked.append(&name, value.clone());
        }
        headers.remove(&name);
    }
    asked
}
