//! What search engines are asked to leave alone.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::respond;
use crate::app::Shop;
use crate::web::pages::Shown;

/// `GET /robots.txt`
pub async fn robots(State(app): State<Shop>, headers: HeaderMap) -> Response {
    let closed = ["/api/", "/cart", "/checkout", "/orders/", "/sandbox/", "/search"];
    let mut text = "User-agent: *\n".to_owned();
    for path in closed {
        text.push_str(&format!("Disallow: {path}\n"));
    }
    text.push_str(&format!("\nSitemap: {}/sitemap.xml\n", app.config.base_url));
    respond::shareable(&headers, "text/plain; charset=utf-8", text, Shown::default())
}
