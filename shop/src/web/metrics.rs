//! `GET /metrics`: what this process does, in Prometheus' text format. It counts by route, never by address.

mod standing;

use std::net::SocketAddr;
use std::sync::LazyLock;
use std::time::Duration;

use axum::extract::{ConnectInfo, Extension, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::api::problem::ApiError;
use crate::app::Shop;
use crate::error::Error;
use crate::store::statements;

/// Upper bounds of the histogram in seconds: a page from memory, a sale, a slow provider.
const BUCKETS: [f64; 10] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0];

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Request {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Route {
    method: String,
    route: String,
}

/// What is counted in this process.
struct Metrics {
    requests: Family<Request, Counter>,
    seconds: Family<Route, Histogram, fn() -> Histogram>,
}

static METRICS: LazyLock<Metrics> = LazyLock::new(|| Metrics {
    requests: Family::default(),
    seconds: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
});

/// Counts a request that was answered. `route` is the pattern of the route, or `-` where there is none.
pub fn count(method: &str, route: &str, status: u16, took: Duration) {
    // Anybody can make up a method; a label must not.
    let known = ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"].contains(&method);
    let (method, route) = (if known { method } else { "other" }.to_owned(), route.to_owned());
    METRICS.seconds.get_or_create(&Route { method: method.clone(), route: route.clone() }).observe(took.as_secs_f64());
    METRICS.requests.get_or_create(&Request { method, route, status }).inc();
}

/// `GET /metrics`, for who asks from this machine or its own network; anyone else gets 404.
pub async fn show(
    State(app): State<Shop>,
    visitor: Option<Extension<ConnectInfo<SocketAddr>>>,
) -> Result<Response, ApiError> {
    if !visitor.is_some_and(|Extension(ConnectInfo(address))| is_near(address)) {
        return Err(Error::NotFound.into());
    }
    let run = Counter::<u64>::default();
    run.inc_by(statements::all());

    let mut registry = Registry::with_prefix("oxcart");
    registry.register("http_requests", "Requests answered", METRICS.requests.clone());
    registry.register("http_request_seconds", "Time to answer a request", METRICS.seconds.clone());
    registry.register("db_statements", "Statements run", run);
    standing::add(&app, &mut registry).await?;
    let mut text = String::new();
    encode(&mut text, &registry).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(([(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text).into_response())
}

fn is_near(address: SocketAddr) -> bool {
    match address.ip().to_canonical() {
        std::net::IpAddr::V4(ip) => ip.is_loopback() || ip.is_private(),
        std::net::IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local(),
    }
}
