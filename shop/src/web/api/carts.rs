//! Carts.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use commerce::error::Refusal;
use commerce::ids::{CartId, CartItemId, VariantId};
use serde::Deserialize;
use serde_json::{Map, json};
use utoipa::ToSchema;

use super::body::{Body, Ids};
use super::documents::{CartDocument, OrderLink};
use super::problem::{ApiError, Refused};
use crate::app::{App, Shop};
use crate::error::Error;
use crate::flows::cart::{self, Edit};

/// An answer of the API, or a problem document.
pub type Answer = Result<Response, ApiError>;

/// Nothing to say yet.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCart {}

/// A variant to put in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewItem {
    #[schema(value_type = String)]
    variant_id: VariantId,
    /// 1 to 999.
    #[schema(minimum = 1, maximum = 999)]
    quantity: i64,
}

/// How many there shall be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// 0 removes the line.
    #[schema(minimum = 0, maximum = 999)]
    quantity: i64,
}

/// A coupon's code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CouponCode {
    code: String,
}

/// Makes an empty cart.
#[utoipa::path(post, path = "/api/carts", request_body = NewCart,
    responses((status = 201, body = CartDocument), Refused), tag = "cart")]
pub async fn create(State(app): State<Shop>, Body(NewCart {}): Body<NewCart>) -> Answer {
    let picture = cart::create(&app).await?;
    Ok((StatusCode::CREATED, Json(CartDocument::of(&picture))).into_response())
}

/// A cart.
#[utoipa::path(get, path = "/api/carts/{id}", params(("id" = String, Path)),
    responses((status = 200, body = CartDocument), Refused), tag = "cart")]
pub async fn read(State(app): State<Shop>, Ids(id): Ids<CartId>) -> Answer {
    let picture = cart::show(&app, id, None).await?;
    Ok(Json(CartDocument::of(&picture)).into_response())
}

/// Puts a variant in, or more of one that is there.
#[utoipa::path(post, path = "/api/carts/{id}/items", params(("id" = String, Path)), request_body = NewItem,
    responses((status = 200, body = CartDocument), Refused), tag = "cart")]
pub async fn add_item(State(app): State<Shop>, Ids(id): Ids<CartId>, Body(item): Body<NewItem>) -> Answer {
    edit(&app, id, Edit::Add(item.variant_id, item.quantity)).await
}

/// Changes how many there are; 0 removes the line.
#[utoipa::path(patch, path = "/api/carts/{id}/items/{item_id}", params(("id" = String, Path), ("item_id" = String, Path)),
    request_body = Quantity,
    responses((status = 200, body = CartDocument), Refused), tag = "cart")]
pub async fn set_item(
    State(app): State<Shop>,
    Ids((id, item)): Ids<(CartId, CartItemId)>,
    Body(body): Body<Quantity>,
) -> Answer {
    edit(&app, id, Edit::Set(item, body.quantity)).await
}

/// Takes a line out.
#[utoipa::path(delete, path = "/api/carts/{id}/items/{item_id}", params(("id" = String, Path), ("item_id" = String, Path)),
    responses((status = 200, body = CartDocument), Refused), tag = "cart")]
pub async fn remove_item(State(app): State<Shop>, Ids((id, item)): Ids<(CartId, CartItemId)>) -> Answer {
    edit(&app, id, Edit::Set(item, 0)).await
}

/// Applies a coupon, or says why it does not apply.
#[utoipa::path(post, path = "/api/carts/{id}/coupons", params(("id" = String, Path)), request_body = CouponCode,
    responses((status = 200, body = CartDocument), Refused), tag = "cart")]
pub async fn apply_coupon(State(app): State<Shop>, Ids(id): Ids<CartId>, Body(body): Body<CouponCode>) -> Answer {
    edit(&app, id, Edit::ApplyCoupon(body.code)).await
}

/// Takes a coupon off.
#[utoipa::path(delete, path = "/api/carts/{id}/coupons/{code}", params(("id" = String, Path), ("code" = String, Path)),
    responses((status = 200, body = CartDocument), Refused), tag = "cart")]
pub async fn remove_coupon(State(app): State<Shop>, Ids((id, code)): Ids<(CartId, String)>) -> Answer {
    edit(&app, id, Edit::RemoveCoupon(code)).await
}

async fn edit(app: &App, id: CartId, edit: Edit) -> Answer {
    match cart::edit(app, id, edit, None).await {
        Ok(picture) => Ok(Json(CartDocument::of(&picture)).into_response()),
        Err(error) => Err(told(app, id, error).await.into()),
    }
}

/// Adds to a refusal the document that the caller needs to go on: the order, or the cart as it is now.
pub async fn told(app: &App, id: CartId, error: Error) -> Error {
    let Error::Refused(refusal) = error else { return error };
    let extra = match &refusal {
        Refusal::CartCompleted { order } => json!({ "order": OrderLink::of(app, *order) }),
        Refusal::CartChanged { .. } => match cart::show(app, id, None).await {
            Ok(picture) => json!({ "cart": CartDocument::of(&picture) }),
            Err(error) => return error,
        },
        _ => return Error::Refused(refusal),
    };
    let extra = extra.as_object().cloned().unwrap_or_else(Map::new);
    Error::RefusedWith { refusal, extra }
}
