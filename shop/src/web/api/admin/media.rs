//! Pictures that staff bring.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::Shop;
use crate::error::{Error, Result};
use crate::flows::take_picture::take_picture;
use crate::web::api::carts::Answer;
use crate::web::api::problem::Refused;

/// The most bytes of a picture with what a form puts around it.
pub const MOST_BYTES: usize = crate::files::MAX_PICTURE + 64 * 1024;

/// A picture that the shop keeps.
#[derive(Serialize, ToSchema)]
pub struct KeptPicture {
    /// What the images of a product name it by; also where it is.
    src: String,
    width: u32,
    height: u32,
}

/// Takes a picture: JPEG, PNG, GIF or WebP of up to 20 MB and 50 megapixels, as the body itself or as the part `file` of a
/// form. It is drawn anew; what was told beside it is left out.
#[utoipa::path(post, path = "/api/admin/media", request_body(content = Vec<u8>, content_type = "image/jpeg"),
    responses((status = 201, body = KeptPicture), Refused), tag = "media")]
pub async fn upload(State(app): State<Shop>, request: Request) -> Answer {
    let kept = take_picture(&app, picture(request).await?).await?;
    let document = KeptPicture { src: kept.src, width: kept.width, height: kept.height };
    Ok((StatusCode::CREATED, Json(document)).into_response())
}

/// The bytes of the picture that a request brings.
pub async fn picture(request: Request) -> Result<Bytes> {
    let unreadable = || Error::Malformed("The picture could not be read to its end.".into());
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !content_type.to_ascii_lowercase().starts_with("multipart/form-data") {
        return Bytes::from_request(request, &()).await.map_err(|_| unreadable());
    }
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| unreadable())?;
    while let Some(part) = form.next_field().await.map_err(|_| unreadable())? {
        if part.name() == Some("file") {
            return part.bytes().await.map_err(|_| unreadable());
        }
    }
    Err(Error::field("file", "is required"))
}
