//! Checkouts, and paying them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use commerce::address::Address;
use commerce::checkout::{Amendment, OpenCommand, PayCommand};
use commerce::ids::{CartId, CheckoutId};
use commerce::payment::{CardInput, ProviderKind};
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{Body, Ids, NoBody};
use super::carts::{Answer, told};
use super::documents::{AddressDocument, CheckoutDocument};
use super::problem::{ProblemDocument, Refused};
use crate::app::{App, Shop};
use crate::error::{Error, Result};
use crate::flows::amend_checkout::amend_checkout;
use crate::flows::end_checkout;
use crate::flows::open_checkout::open_checkout;
use crate::flows::pay::{self, Paid, Receipt};
use crate::store::{checkouts, payments};

/// A cart to buy.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCheckout {
    #[schema(value_type = String)]
    cart_id: CartId,
    /// The version of the cart that the buyer saw.
    cart_version: i64,
    email: String,
    #[schema(value_type = AddressDocument)]
    shipping_address: Address,
    /// As shipping when left out.
    #[serde(default)]
    #[schema(value_type = Option<AddressDocument>)]
    billing_address: Option<Address>,
    /// The cheapest when left out.
    #[serde(default)]
    shipping_method: Option<String>,
    #[schema(value_type = String, example = "sandbox")]
    payment_method: ProviderKind,
}

/// What shall change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckoutChange {
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<AddressDocument>)]
    shipping_address: Option<Address>,
    #[serde(default)]
    #[schema(value_type = Option<AddressDocument>)]
    billing_address: Option<Address>,
    #[serde(default)]
    shipping_method: Option<String>,
}

/// A payment.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPayment {
    /// The version of the checkout that the buyer saw.
    version: i64,
    /// For the sandbox only.
    #[serde(default)]
    #[schema(value_type = Option<CardDocument>)]
    card: Option<CardInput>,
}

/// A card of the sandbox.
#[derive(ToSchema)]
#[schema(as = Card)]
#[expect(dead_code, reason = "it describes commerce's CardInput")]
pub struct CardDocument {
    #[schema(example = "4242424242424242")]
    number: String,
    #[schema(example = "12/30")]
    exp: String,
    #[schema(example = "123")]
    cvc: String,
}

/// Freezes the quote of a cart and reserves its stock.
#[utoipa::path(post, path = "/api/checkouts", request_body = NewCheckout,
    responses((status = 201, body = CheckoutDocument), Refused), tag = "checkout")]
pub async fn create(State(app): State<Shop>, Body(body): Body<NewCheckout>) -> Answer {
    let command = OpenCommand {
        checkout_id: app.clock.id(),
        cart_version: body.cart_version,
        email: body.email,
        shipping_address: body.shipping_address,
        billing_address: body.billing_address,
        shipping_method: body.shipping_method,
        payment_method: body.payment_method,
        // Nobody has said so here: what a caller shows and what its buyers accept is theirs to keep.
        terms_accepted: false,
        locale: app.shop.load().locale.clone(),
    };
    match open_checkout(&app, body.cart_id, &command).await {
        Ok(checkout) => Ok((StatusCode::CREATED, Json(CheckoutDocument::of(&app, &checkout, None))).into_response()),
        Err(error) => Err(told(&app, body.cart_id, error).await.into()),
    }
}

/// A checkout.
#[utoipa::path(get, path = "/api/checkouts/{id}", params(("id" = String, Path)),
    responses((status = 200, body = CheckoutDocument), Refused), tag = "checkout")]
pub async fn read(State(app): State<Shop>, Ids(id): Ids<CheckoutId>) -> Answer {
    Ok(Json(document(&app, id).await?).into_response())
}

/// Changes an open checkout: re-quoted, one version up.
#[utoipa::path(patch, path = "/api/checkouts/{id}", params(("id" = String, Path)), request_body = CheckoutChange,
    responses((status = 200, body = CheckoutDocument), Refused), tag = "checkout")]
pub async fn change(State(app): State<Shop>, Ids(id): Ids<CheckoutId>, Body(body): Body<CheckoutChange>) -> Answer {
    let change = Amendment {
        email: body.email,
        shipping_address: body.shipping_address,
        billing_address: body.billing_address,
        shipping_method: body.shipping_method,
        payment_method: None,
    };
    amend_checkout(&app, id, &change).await?;
    Ok(Json(document(&app, id).await?).into_response())
}

/// Gives up: what was reserved is released.
#[utoipa::path(post, path = "/api/checkouts/{id}/cancel", params(("id" = String, Path)),
    responses((status = 200, body = CheckoutDocument), Refused), tag = "checkout")]
pub async fn cancel(State(app): State<Shop>, Ids(id): Ids<CheckoutId>, NoBody: NoBody) -> Answer {
    end_checkout::cancel(&app, id).await?;
    Ok(Json(document(&app, id).await?).into_response())
}

/// Pays. Paying again answers the same order.
#[utoipa::path(post, path = "/api/checkouts/{id}/pay", params(("id" = String, Path)), request_body = NewPayment,
    responses(
        (status = 200, description = "Paid: the checkout with its order", body = CheckoutDocument),
        (status = 202, description = "The bank answers later, or the buyer has to act", body = CheckoutDocument),
        (status = 402, description = "Declined: try again", body = ProblemDocument, content_type = "application/problem+json"),
        Refused), tag = "checkout")]
pub async fn pay(State(app): State<Shop>, Ids(id): Ids<CheckoutId>, Body(body): Body<NewPayment>) -> Answer {
    let command = PayCommand { version: body.version, card: body.card };
    let Receipt { paid, about } = pay::pay_for(&app, id, &command).await?;
    let status = match paid {
        Paid::Order(_) => StatusCode::OK,
        Paid::Waiting(_) => StatusCode::ACCEPTED,
        Paid::Declined(code) => return Err(Error::Code(code.as_str(), code.message().into()).into()),
    };
    let document = match about {
        Some((checkout, attempt)) => CheckoutDocument::of(&app, &checkout, Some(&attempt)),
        None => document(&app, id).await?,
    };
    Ok((status, Json(document)).into_response())
}

async fn document(app: &App, id: CheckoutId) -> Result<CheckoutDocument> {
    let mut conn = app.db.read().await?;
    let record = checkouts::load(&mut conn, id).await?;
    let attempt = match record.payment {
        Some(payment) => Some(payments::load(&mut conn, payment).await?),
        None => None,
    };
    Ok(CheckoutDocument::of(app, &record.checkout, attempt.as_ref()))
}
