//! Every route of the shop, in one table.

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, patch, post};

use crate::app::Shop;
use crate::web::api::{carts, catalog, checkouts, dev, health, idempotency, openapi, orders};
use crate::web::middleware::{self, Guard};
use crate::web::storefront::{
    cart, checkout, checkout_status, errors, find_order, home, listing, order, pages, product, robots, sandbox_bank,
    sitemap,
};
use crate::web::{assets, metrics};

/// The shop as one service.
pub fn router(app: &Shop) -> Router {
    let guard = Guard::new(&app.config, &app.clock);
    let routes = Router::new()
        .merge(api(app))
        .merge(storefront(app))
        .route("/metrics", get(metrics::show))
        .fallback(middleware::not_found)
        .method_not_allowed_fallback(middleware::method_not_allowed)
        .with_state(app.clone());
    let pages = guard.inner(routes).layer(from_fn_with_state(app.clone(), errors::render));
    guard.outer(pages)
}

fn api(app: &Shop) -> Router<Shop> {
    let router = Router::new()
        .route("/api/health", get(health::health))
        .route("/api/ready", get(health::ready))
        .route("/api/openapi.json", get(openapi::describe))
        .route("/api/products", get(catalog::products))
        .route("/api/products/{id}", get(catalog::product))
        .route("/api/products/{id}/recommendations", get(catalog::recommendations))
        .route("/api/categories", get(catalog::categories))
        .route("/api/search/suggest", get(catalog::suggest))
        .route("/api/carts", post(carts::create))
        .route("/api/carts/{id}", get(carts::read))
        .route("/api/carts/{id}/items", post(carts::add_item))
        .route("/api/carts/{id}/items/{item_id}", patch(carts::set_item).delete(carts::remove_item))
        .route("/api/carts/{id}/coupons", post(carts::apply_coupon))
        .route("/api/carts/{id}/coupons/{code}", delete(carts::remove_coupon))
        .route("/api/checkouts", post(checkouts::create))
        .route("/api/checkouts/{id}", get(checkouts::read).patch(checkouts::change))
        .route("/api/checkouts/{id}/cancel", post(checkouts::cancel))
        .route("/api/checkouts/{id}/pay", post(checkouts::pay))
        .route("/api/orders/lookup", post(orders::lookup))
        .route("/api/orders/{id}", get(orders::read));
    let router = if app.sandbox.is_some() {
        router
            .route("/api/dev/complete-payment", post(dev::complete_payment))
            .route("/api/dev/clock", post(dev::advance_clock))
    } else {
        router
    };
    router.layer(from_fn_with_state(app.clone(), idempotency::layer))
}

fn storefront(app: &Shop) -> Router<Shop> {
    let router = Router::new()
        .route("/", get(home::home))
        .route("/products", get(listing::products))
        .route("/search", get(listing::search))
        .route("/c/{slug}", get(listing::category))
        .route("/p/{slug}", get(product::product))
        .route("/cart", get(cart::show))
        .route("/cart/items", post(cart::add))
        .route("/cart/items/{item_id}", post(cart::set))
        .route("/cart/coupons", post(cart::apply_coupon))
        .route("/cart/coupons/remove", post(cart::remove_coupon))
        .route("/checkout", get(checkout::show).post(checkout::submit))
        .route("/checkout/{id}", get(checkout_status::show))
        .route("/orders/find", get(find_order::show).post(find_order::find))
        .route("/orders/{id}", get(order::show))
        .route("/terms", get(pages::terms))
        .route("/privacy", get(pages::privacy))
        .route("/imprint", get(pages::imprint))
        .route("/returns", get(pages::returns))
        .route("/robots.txt", get(robots::robots))
        .route("/sitemap.xml", get(sitemap::sitemap))
        .route("/sitemap/{part}", get(sitemap::part))
        .route("/assets/{hash}/{*path}", get(assets::theme_asset))
        .route("/admin/assets/{hash}/{*path}", get(assets::admin_asset))
        .route("/media/{name}", get(assets::media));
    if app.sandbox.is_some() {
        router.route("/sandbox/3ds/{id}", get(sandbox_bank::show).post(sandbox_bank::answer))
    } else {
        router
    }
}
