//! What could be meant while somebody types: the list under the search field.

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::cards;
use super::errors::PageError;
use super::respond;
use super::shell::{PageMeta, category_path, product_path, render};
use super::views::Link;
use super::views::suggest::{SuggestView, SuggestedCategory, SuggestedProduct};
use crate::app::Shop;
use crate::catalog::query::MOST_CHARACTERS;
use crate::catalog::{Catalog, CatalogProduct};
use crate::web::pages::Shown;
use crate::web::params;

/// `GET /search/suggest?q=`: a fragment.
pub async fn suggest(
    State(app): State<Shop>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let pairs = params::pairs(query.as_deref())?;
    let typed = pairs.iter().find(|(name, _)| name == "q").map(|(_, typed)| typed.trim()).unwrap_or_default();
    let typed: String = typed.chars().take(MOST_CHARACTERS).collect();
    let view = view(&app.catalog.load(), &typed);
    let body = render(&app, "fragments/suggest.html", PageMeta::private("", "/search"), &view)?;
    Ok(respond::page(&headers, body, Shown::catalog()))
}

fn view(catalog: &Catalog, typed: &str) -> SuggestView {
    let suggested = catalog.suggest(typed);
    let search = |words: String| Link { url: params::address("/search", &[("q", words.clone())]), name: words };
    SuggestView {
        typed: typed.to_owned(),
        queries: suggested.queries.into_iter().map(search).collect(),
        products: suggested.products.into_iter().map(|entry| product(entry)).collect(),
        categories: suggested
            .categories
            .into_iter()
            .map(|category| SuggestedCategory {
                name: category.name.clone(),
                url: category_path(&category.slug),
                count: catalog.count_in(category.id) as u64,
            })
            .collect(),
    }
}

fn product(entry: &CatalogProduct) -> SuggestedProduct {
    SuggestedProduct {
        name: entry.product.name.clone(),
        url: product_path(&entry.product.slug),
        picture: entry.product.images.first().map(cards::picture),
        price: cards::price(entry.price, entry.compare_at, entry.highest_price != entry.price),
    }
}
