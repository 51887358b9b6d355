//! What becomes of searches, as far as shoppers' browsers tell.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::Body;
use super::carts::Answer;
use super::problem::Refused;
use crate::app::Shop;
use crate::catalog::query::MOST_CHARACTERS;
use crate::error::Error;
use crate::web::visitor::VisitorAddress;

/// A product that a search had found was followed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchClick {
    /// What was searched for.
    #[schema(max_length = 200)]
    q: String,
}

/// Counts that a product was followed from what a search found. Neither the product nor who it was is kept.
#[utoipa::path(post, path = "/api/search/clicks", request_body = SearchClick,
    responses((status = 204), Refused), tag = "catalog")]
pub async fn click(
    State(app): State<Shop>,
    VisitorAddress(address): VisitorAddress,
    Body(SearchClick { q }): Body<SearchClick>,
) -> Answer {
    if q.chars().count() > MOST_CHARACTERS {
        return Err(Error::field("q", format!("can be at most {MOST_CHARACTERS} characters long")).into());
    }
    app.limits.search_click(app.clock.now(), &address)?;
    app.searches.clicked(&q);
    Ok(StatusCode::NO_CONTENT.into_response())
}
