//! The map of the shop for search engines. A large one comes in parts.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::{DateTime, Utc};

use super::errors::PageError;
use super::respond;
use super::shell::{category_path, product_path};
use crate::app::Shop;
use crate::catalog::Catalog;
use crate::error::Error;
use crate::web::pages::Shown;

/// The protocol allows 50,000 addresses a file.
const PER_PART: usize = 45_000;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const SPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";
const XML: &str = "application/xml; charset=utf-8";

/// `GET /sitemap.xml`
pub async fn sitemap(State(app): State<Shop>, headers: HeaderMap) -> Response {
    let catalog = app.catalog.load();
    let places = places(&catalog);
    let base = escaped(&app.config.base_url);
    let body =
        if places.len() <= PER_PART { map(&base, &places) } else { index(&base, places.len().div_ceil(PER_PART)) };
    respond::shareable(&headers, XML, body, Shown::catalog())
}

/// `GET /sitemap/{part}`, parts counted from 1
pub async fn part(
    State(app): State<Shop>,
    part: Result<Path<usize>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let Path(part) = part.map_err(|_| Error::NotFound)?;
    let catalog = app.catalog.load();
    let places = places(&catalog);
    let chunk = part.checked_sub(1).and_then(|before| places.chunks(PER_PART).nth(before)).ok_or(Error::NotFound)?;
    Ok(respond::shareable(&headers, XML, map(&escaped(&app.config.base_url), chunk), Shown::catalog()))
}

/// A page and when it last changed, where that is known.
type Place = (String, Option<DateTime<Utc>>);

fn places(catalog: &Catalog) -> Vec<Place> {
    let fixed = ["/", "/products", "/terms", "/privacy", "/imprint", "/returns"].map(|path| (path.to_owned(), None));
    let categories = catalog.categories().all().into_iter().filter(|category| catalog.count_in(category.id) > 0);
    let categories = categories.map(|category| (category_path(&category.slug), None));
    let products = catalog.products().iter().map(|entry| &entry.product);
    let products = products.map(|product| (product_path(&product.slug), Some(product.updated_at)));
    fixed.into_iter().chain(categories).chain(products).collect()
}

fn map(base: &str, places: &[Place]) -> String {
    let mut xml = format!("{HEAD}<urlset xmlns=\"{SPACE}\">\n");
    for (path, changed) in places {
        let changed = changed.map(|at| format!("<lastmod>{}</lastmod>", at.format("%Y-%m-%d"))).unwrap_or_default();
        xml.push_str(&format!("<url><loc>{base}{}</loc>{changed}</url>\n", escaped(path)));
    }
    xml + "</urlset>\n"
}

fn index(base: &str, parts: usize) -> String {
    let mut xml = format!("{HEAD}<sitemapindex xmlns=\"{SPACE}\">\n");
    for part in 1..=parts {
        xml.push_str(&format!("<sitemap><loc>{base}/sitemap/{part}</loc></sitemap>\n"));
    }
    xml + "</sitemapindex>\n"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\'', "&apos;").replace('"', "&quot;")
}
