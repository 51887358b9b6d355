//! Where a request comes from.

use std::convert::Infallible;
use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

/// The address of whoever asks, by which attempts are counted; empty where a request came by no connection.
pub struct VisitorAddress(pub String);

impl<S: Sync> FromRequestParts<S> for VisitorAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let visitor = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(visitor.map_or_else(String::new, |ConnectInfo(address)| address.ip().to_string())))
    }
}
