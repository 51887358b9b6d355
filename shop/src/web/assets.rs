//! Files for visitors: the theme's, and pictures. Their addresses change with what is in them, so they are kept for good.

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};

use crate::app::Shop;
use crate::error::Error;
use crate::files::media_type;
use crate::web::storefront::errors::PageError;
use crate::web::theme::Theme;

const FOR_GOOD: &str = "public, max-age=31536000, immutable";
/// For an address of another version of the theme: another node may still be giving it out.
const FOR_NOW: &str = "public, max-age=60";
/// A picture may draw and style itself and do nothing else, however it is opened.
const PICTURE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// `GET /assets/{hash}/{*path}`
pub async fn theme_asset(
    State(app): State<Shop>,
    address: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, PageError> {
    file_of(&app.theme, address)
}

/// `GET /admin/assets/{hash}/{*path}`
pub async fn admin_asset(
    State(app): State<Shop>,
    address: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, PageError> {
    file_of(&app.admin_theme, address)
}

fn file_of(theme: &Theme, address: Result<Path<(String, String)>, PathRejection>) -> Result<Response, PageError> {
    let Path((hash, path)) = address.map_err(|_| Error::NotFound)?;
    let asset = theme.asset(&path).ok_or(Error::NotFound)?;
    let kept = if hash == theme.asset_hash() { FOR_GOOD } else { FOR_NOW };
    let headers = [(CACHE_CONTROL, kept), (CONTENT_TYPE, asset.media_type), (X_CONTENT_TYPE_OPTIONS, "nosniff")];
    Ok((headers, Body::from(asset.body.clone())).into_response())
}

/// `GET /media/{name}`
pub async fn media(State(app): State<Shop>, name: Result<Path<String>, PathRejection>) -> Result<Response, PageError> {
    let Path(name) = name.map_err(|_| Error::NotFound)?;
    let path = app.files.path(&name).ok_or(Error::NotFound)?;
    let kind = name.rsplit_once('.').and_then(|(_, ending)| media_type(ending)).ok_or(Error::NotFound)?;
    let bytes = tokio::fs::read(path).await.map_err(|_| Error::NotFound)?;
    let headers = [
        (CACHE_CONTROL, FOR_GOOD),
        (CONTENT_TYPE, kind),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CONTENT_SECURITY_POLICY, PICTURE_POLICY),
    ];
    Ok((headers, Body::from(bytes)).into_response())
}

/// `GET /media/{digits}/{file}`: a width of a picture, or the picture itself while the widths are still being made.
pub async fn media_width(
    State(app): State<Shop>,
    address: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, PageError> {
    let Path((digits, file)) = address.map_err(|_| Error::NotFound)?;
    let path = app.files.width_path(&digits, &file).ok_or(Error::NotFound)?;
    let (bytes, kept, kind) = match tokio::fs::read(path).await {
        Ok(bytes) => (bytes, FOR_GOOD, file.rsplit_once('.').and_then(|(_, ending)| media_type(ending))),
        Err(_) => {
            let name = app.files.original(&digits).ok_or(Error::NotFound)?;
            let path = app.files.path(&name).ok_or(Error::NotFound)?;
            let bytes = tokio::fs::read(path).await.map_err(|_| Error::NotFound)?;
            (bytes, FOR_NOW, name.rsplit_once('.').and_then(|(_, ending)| media_type(ending)))
        }
    };
    let headers = [
        (CACHE_CONTROL, kept),
        (CONTENT_TYPE, kind.ok_or(Error::NotFound)?),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CONTENT_SECURITY_POLICY, PICTURE_POLICY),
    ];
    Ok((headers, Body::from(bytes)).into_response())
}
