//! Ids in the address of a page.

use std::str::FromStr;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use super::errors::AdminError;
use crate::error::Error;

/// The id in the address. A text that can't be one names nothing: 404.
pub struct Which<T>(pub T);

impl<T: FromStr, S: Send + Sync> FromRequestParts<S> for Which<T> {
    type Rejection = AdminError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AdminError> {
        let path = Path::<String>::from_request_parts(parts, state).await.map_err(|_| Error::NotFound)?;
        Ok(Which(path.parse().map_err(|_| Error::NotFound)?))
    }
}
