//! What is looked at, as far as shoppers agreed to tell, and what they may like for it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use commerce::ids::ProductId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{Document, WithLists};
use super::carts::Answer;
use super::catalog::{RECOMMENDED, Recommendations, find, recommended};
use super::problem::Refused;
use crate::app::Shop;
use crate::catalog::recommend::Picks;
use crate::catalog::{Catalog, CatalogProduct};
use crate::error::{Error, Result};
use crate::visits::MOST_BESIDE;
use crate::web::visitor::VisitorAddress;

/// So many products may be told of at once.
pub const MOST_RECENT: usize = 20;

/// A product was looked at by somebody who agreed to have it counted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductView {
    /// Id or slug.
    product: String,
    /// Ids or slugs of what was looked at before it in the same visit; at most five.
    #[serde(default)]
    #[schema(max_items = 5)]
    beside: Vec<String>,
}

/// What somebody looked at lately.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LookedAt {
    /// Ids or slugs, the latest first; at most twenty.
    #[schema(max_items = 20)]
    products: Vec<String>,
}

impl WithLists for ProductView {
    const LISTS: &'static [&'static str] = &["beside"];
}

impl WithLists for LookedAt {
    const LISTS: &'static [&'static str] = &["products"];
}

/// Counts that a product was looked at, and what beside it in the same visit. Only for visitors who agreed to it; who it
/// was is neither asked nor kept.
#[utoipa::path(post, path = "/api/views", request_body = ProductView,
    responses((status = 204), Refused), tag = "catalog")]
pub async fn view(
    State(app): State<Shop>,
    VisitorAddress(address): VisitorAddress,
    Document(ProductView { product, beside }): Document<ProductView>,
) -> Answer {
    at_most(MOST_BESIDE, "beside", &beside)?;
    let catalog = app.catalog.load();
    let product = find(&catalog, &product)?.product.id;
    app.limits.product_view(app.clock.now(), &address)?;
    let beside: Vec<ProductId> = known(&catalog, &beside).map(|entry| entry.product.id).collect();
    app.visits.looked_at(product, &beside);
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// What others bought and looked at who chose these products, then what is like them; without them. Nothing of the request
/// is kept.
#[utoipa::path(post, path = "/api/recommendations/for-you", request_body = LookedAt,
    responses((status = 200, body = Recommendations), Refused), tag = "catalog")]
pub async fn for_you(State(app): State<Shop>, Document(LookedAt { products }): Document<LookedAt>) -> Answer {
    at_most(MOST_RECENT, "products", &products)?;
    let catalog = app.catalog.load();
    let recent: Vec<ProductId> = known(&catalog, &products).map(|entry| entry.product.id).collect();
    let picks = Picks::new(&catalog, app.recommender.lists(), RECOMMENDED).after(&recent);
    let Json(list) = recommended(&catalog, picks);
    Ok(([(CACHE_CONTROL, "no-store")], Json(list)).into_response())
}

/// The products behind names; what is not sold any more is left out.
pub fn known<'a>(catalog: &'a Catalog, names: &'a [String]) -> impl Iterator<Item = Arc<CatalogProduct>> + 'a {
    names.iter().filter_map(|name| find(catalog, name).ok())
}

fn at_most(most: usize, field: &str, names: &[String]) -> Result<()> {
    match names.len() > most {
        true => Err(Error::field(field, format!("can have at most {most} products"))),
        false => Ok(()),
    }
}
