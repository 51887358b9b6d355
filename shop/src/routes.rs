//! Every route of the shop, in one table: a section for each sort of caller, a line for each route.

use axum::Router;
use axum::middleware::from_fn_with_state;

use crate::app::Shop;
use crate::web::access::{Admin, Anyone, SuperAdmin, Table};
use crate::web::admin;
use crate::web::admin::{categories, products};
use crate::web::api::{self, auth, carts, catalog, checkouts, dev, health, openapi, orders, searches, visits};
use crate::web::middleware::{self, Guard};
use crate::web::pages::Front;
use crate::web::storefront::{
    cart, checkout, checkout_status, errors, find_order, for_you, home, listing, order, pages, product, robots,
    sandbox_bank, sitemap, suggest,
};
use crate::web::{assets, metrics};

/// The shop as one service.
pub fn router(app: &Shop) -> Router {
    let (routes, large) = table(app).finish();
    let guard = Guard::new(&app.config, &app.clock).with_large(large);
    let routes = routes
        .fallback(middleware::not_found)
        .method_not_allowed_fallback(middleware::method_not_allowed)
        .with_state(app.clone());
    let pages = guard.inner(routes).layer(from_fn_with_state(app.clone(), errors::render));
    guard.outer(pages)
}

/// The same, with the pages that are kept before it.
pub fn front(app: &Shop) -> Front {
    Front::new(app, router(app))
}

/// Every route of the shop.
pub fn table(app: &Shop) -> Table {
    let mut table = Table::new(app);
    storefront(&mut table);
    buyers_api(&mut table);
    staff_door(&mut table);
    staff_pages(&mut table);
    home_pages(&mut table);
    admin_api(&mut table);
    order_pages(&mut table);
    admin_catalog(&mut table);
    admin_search(&mut table);
    table
}

fn storefront(table: &mut Table) {
    let sandbox = table.app().sandbox.is_some();
    let mut anyone = table.open_to(Anyone);
    anyone
        .get("/", home::home)
        .post("/for-you", for_you::for_you)
        .get("/products", listing::products)
        .get("/search", listing::search)
        .get("/search/suggest", suggest::suggest)
        .get("/c/{slug}", listing::category)
        .get("/p/{slug}", product::product)
        .get("/cart", cart::show)
        .post("/cart/items", cart::add)
        .post("/cart/items/{item_id}", cart::set)
        .post("/cart/coupons", cart::apply_coupon)
        .post("/cart/coupons/remove", cart::remove_coupon)
        .get("/checkout", checkout::show)
        .post("/checkout", checkout::submit)
        .get("/checkout/{id}", checkout_status::show)
        .get("/orders/find", find_order::show)
        .post("/orders/find", find_order::find)
        .get("/orders/{id}", order::show)
        .get("/terms", pages::terms)
        .get("/privacy", pages::privacy)
        .get("/imprint", pages::imprint)
        .get("/returns", pages::returns)
        .get("/robots.txt", robots::robots)
        .get("/sitemap.xml", sitemap::sitemap)
        .get("/sitemap/{part}", sitemap::part)
        .get("/assets/{hash}/{*path}", assets::theme_asset)
        .get("/admin/assets/{hash}/{*path}", assets::admin_asset)
        .get("/media/{name}", assets::media)
        .get("/media/{name}/{file}", assets::media_width)
        .get("/metrics", metrics::show);
    if sandbox {
        anyone.get("/sandbox/3ds/{id}", sandbox_bank::show).post("/sandbox/3ds/{id}", sandbox_bank::answer);
    }
}

fn buyers_api(table: &mut Table) {
    let sandbox = table.app().sandbox.is_some();
    let mut anyone = table.open_to(Anyone);
    anyone
        .get("/api/health", health::health)
        .get("/api/ready", health::ready)
        .get("/api/openapi.json", openapi::describe)
        .get("/api/products", catalog::products)
        .get("/api/products/{id}", catalog::product)
        .get("/api/products/{id}/recommendations", catalog::recommendations)
        .get("/api/recommendations/trending", catalog::trending)
        .get("/api/categories", catalog::categories)
        .get("/api/search/suggest", catalog::suggest)
        .post("/api/search/clicks", searches::click)
        .post("/api/views", visits::view)
        .post("/api/recommendations/for-you", visits::for_you)
        .post("/api/carts", carts::create)
        .get("/api/carts/{id}", carts::read)
        .post("/api/carts/{id}/items", carts::add_item)
        .patch("/api/carts/{id}/items/{item_id}", carts::set_item)
        .delete("/api/carts/{id}/items/{item_id}", carts::remove_item)
        .post("/api/carts/{id}/coupons", carts::apply_coupon)
        .delete("/api/carts/{id}/coupons/{code}", carts::remove_coupon)
        .post("/api/checkouts", checkouts::create)
        .get("/api/checkouts/{id}", checkouts::read)
        .patch("/api/checkouts/{id}", checkouts::change)
        .post("/api/checkouts/{id}/cancel", checkouts::cancel)
        .post("/api/checkouts/{id}/pay", checkouts::pay)
        .post("/api/orders/lookup", orders::lookup)
        .get("/api/orders/{id}", orders::read);
    if sandbox {
        anyone.post("/api/dev/complete-payment", dev::complete_payment).post("/api/dev/clock", dev::advance_clock);
    }
}

fn staff_door(table: &mut Table) {
    table
        .open_to(Anyone)
        .get("/admin/sign-in", admin::sign_in::show)
        .post("/admin/sign-in", admin::sign_in::submit)
        .post("/api/auth/login", auth::login)
        .post("/api/auth/refresh", auth::refresh);
    table.open_to(Admin).post("/admin/sign-out", admin::sign_in::sign_out).post("/api/auth/logout", auth::logout);
}

fn staff_pages(table: &mut Table) {
    table
        .open_to(Admin)
        .get("/admin/account", admin::account::show)
        .post("/admin/account/password", admin::account::change_password)
        .post("/admin/account/sessions/end", admin::account::end_session)
        .post("/admin/account/sessions/end-others", admin::account::end_other_sessions);
    table
        .open_to(Admin)
        .get("/admin/settings", admin::settings::index)
        .get("/admin/settings/{section}", admin::settings::show)
        .post_up_to("/admin/settings/{section}", admin::settings::MOST_BYTES, admin::settings::save)
        .post("/admin/views", admin::saved_views::save)
        .post("/admin/views/{id}/delete", admin::saved_views::delete);
    table
        .open_to(SuperAdmin)
        .get("/admin/staff", admin::staff::list)
        .post("/admin/staff", admin::staff::create)
        .get("/admin/staff/{id}", admin::staff::show)
        .post("/admin/staff/{id}", admin::staff::change)
        .post("/admin/staff/{id}/password", admin::staff::set_password)
        .post("/admin/staff/{id}/sign-out", admin::staff::sign_out);
}

fn home_pages(table: &mut Table) {
    table
        .open_to(Admin)
        .get("/admin", admin::home::show)
        .post("/admin/setup/hide", admin::home::hide_setup)
        .get("/admin/find", admin::find::show)
        .get("/api/admin/home", api::admin::home::read)
        .put("/api/admin/home/setup", api::admin::home::set_setup)
        .get("/api/admin/find", api::admin::find::find);
}

fn admin_api(table: &mut Table) {
    catalog_api(table);
    transfers(table);
    table
        .open_to(Admin)
        .get("/api/admin/account", api::admin::account::read)
        .post("/api/admin/account/password", api::admin::account::change_password)
        .get("/api/admin/account/sessions", api::admin::account::sessions)
        .delete("/api/admin/account/sessions", api::admin::account::end_other_sessions)
        .delete("/api/admin/account/sessions/{id}", api::admin::account::end_session)
        .get("/api/admin/settings", api::admin::settings::read)
        .patch("/api/admin/settings", api::admin::settings::change)
        .get("/api/admin/views", api::admin::saved_views::list)
        .post("/api/admin/views", api::admin::saved_views::create)
        .delete("/api/admin/views/{id}", api::admin::saved_views::delete);
    table
        .open_to(Admin)
        .get("/admin/inventory", admin::inventory::list)
        .post("/admin/inventory", admin::inventory::save)
        .get("/admin/inventory/{variant_id}", admin::inventory::show)
        .post("/admin/inventory/{variant_id}", admin::inventory::bring)
        .get("/admin/inventory/{variant_id}/panel", admin::inventory::panel)
        .get("/api/admin/inventory", api::admin::inventory::list)
        .post("/api/admin/inventory/bulk", api::admin::inventory::bulk)
        .get("/api/admin/inventory/{variant_id}/movements", api::admin::inventory::movements)
        .get("/api/admin/inventory/{variant_id}/reservations", api::admin::inventory::reservations)
        .get("/api/admin/orders", api::admin::order_list::list)
        .get("/api/admin/customers", api::admin::customers::list)
        .get("/api/admin/customers/{id}", api::admin::customers::read);
    table
        .open_to(Admin)
        .get("/api/admin/orders/{id}", api::admin::orders::read)
        .post("/api/admin/orders/{id}/fulfillments", api::admin::orders::fulfil)
        .post("/api/admin/orders/{id}/refunds", api::admin::orders::refund)
        .post("/api/admin/orders/{id}/cancel", api::admin::orders::cancel)
        .post("/api/admin/orders/{id}/payments/mark-paid", api::admin::orders::mark_paid)
        .post("/api/admin/orders/{id}/deliver", api::admin::orders::deliver)
        .post("/api/admin/orders/{id}/notes", api::admin::orders::add_note)
        .post("/api/admin/orders/{id}/resend", api::admin::orders::resend)
        .get("/api/admin/payments/reviews", api::admin::reviews::list)
        .post("/api/admin/payments/{id}/refund", api::admin::reviews::pay_back);
    table
        .open_to(SuperAdmin)
        .get("/api/admin/staff", api::admin::staff::list)
        .post("/api/admin/staff", api::admin::staff::create)
        .patch("/api/admin/staff/{id}", api::admin::staff::change)
        .post("/api/admin/staff/{id}/password", api::admin::staff::set_password)
        .delete("/api/admin/staff/{id}/sessions", api::admin::staff::sign_out);
}

fn transfers(table: &mut Table) {
    use crate::web::admin::transfers as pages;
    use api::admin::transfers as files;
    table
        .open_to(Admin)
        .get("/admin/transfers", pages::show)
        .post_up_to("/admin/transfers/imports", files::MOST_BYTES, pages::upload)
        .get("/admin/transfers/imports/{id}", pages::import)
        .post("/admin/transfers/imports/{id}/begin", pages::begin)
        .post("/admin/transfers/imports/{id}/cancel", pages::cancel)
        .get("/admin/transfers/imports/{id}/errors", pages::errors)
        .get("/admin/transfers/exports/{what}", pages::export)
        .post_up_to("/api/admin/imports", files::MOST_BYTES, files::upload)
        .get("/api/admin/imports/{id}", files::read)
        .post("/api/admin/imports/{id}/begin", files::begin)
        .post("/api/admin/imports/{id}/cancel", files::cancel)
        .get("/api/admin/imports/{id}/errors", files::errors)
        .get("/api/admin/exports/{what}", files::export);
}

fn catalog_api(table: &mut Table) {
    use api::admin::{categories, media, products};
    table
        .open_to(Admin)
        .get("/api/admin/products", products::list)
        .post("/api/admin/products", products::create)
        .get("/api/admin/products/{id}", products::read)
        .patch("/api/admin/products/{id}", products::change)
        .delete("/api/admin/products/{id}", products::archive)
        .get("/api/admin/products/{id}/history", products::history)
        .post("/api/admin/products/bulk", products::bulk::begin)
        .get("/api/admin/products/bulk/{id}", products::bulk::report)
        .get("/api/admin/categories", categories::list)
        .post("/api/admin/categories", categories::create)
        .patch("/api/admin/categories/{id}", categories::change)
        .delete("/api/admin/categories/{id}", categories::delete)
        .post_up_to("/api/admin/media", media::MOST_BYTES, media::upload);
}

fn order_pages(table: &mut Table) {
    table
        .open_to(Admin)
        .get("/admin/orders", admin::orders::list::show)
        .post("/admin/orders/slips", admin::orders::print::slips)
        .get("/admin/orders/{id}", admin::orders::act::show)
        .post("/admin/orders/{id}/fulfillments", admin::orders::act::ship)
        .post("/admin/orders/{id}/paid", admin::orders::act::paid)
        .post("/admin/orders/{id}/delivered", admin::orders::act::delivered)
        .post("/admin/orders/{id}/notes", admin::orders::act::add_note)
        .get("/admin/orders/{id}/refund", admin::orders::refund::show)
        .post("/admin/orders/{id}/refund", admin::orders::refund::submit)
        .get("/admin/orders/{id}/cancel", admin::orders::cancel::show)
        .post("/admin/orders/{id}/cancel", admin::orders::cancel::submit)
        .get("/admin/orders/{id}/resend", admin::orders::resend::show)
        .post("/admin/orders/{id}/resend", admin::orders::resend::submit)
        .get("/admin/orders/{id}/print", admin::orders::print::show)
        .get("/admin/payments", admin::orders::review::show)
        .post("/admin/payments/{id}/refund", admin::orders::review::pay_back)
        .get("/admin/customers", admin::customers::list)
        .get("/admin/customers/{id}", admin::customers::show);
}

fn admin_catalog(table: &mut Table) {
    use products::{bulk, edit, list};
    table
        .open_to(Admin)
        .get("/admin/products", list::show)
        .post("/admin/products/bulk", bulk::begin)
        .get("/admin/products/bulk/{id}", bulk::show)
        .get("/admin/products/new", edit::new)
        .post_up_to("/admin/products/new", edit::MOST_BYTES, edit::create)
        .get("/admin/products/{id}", edit::show)
        .post_up_to("/admin/products/{id}", edit::MOST_BYTES, edit::change)
        .get("/admin/categories", categories::show)
        .post("/admin/categories", categories::arrange)
        .get("/admin/categories/new", categories::new)
        .post_up_to("/admin/categories/new", categories::MOST_BYTES, categories::create)
        .get("/admin/categories/{id}", categories::open)
        .post_up_to("/admin/categories/{id}", categories::MOST_BYTES, categories::change)
        .post("/admin/categories/{id}/delete", categories::delete);
}

fn admin_search(table: &mut Table) {
    use admin::search as pages;
    use api::admin::search as rules;
    table
        .open_to(Admin)
        .get("/admin/search", pages::list)
        .get("/admin/search/report", pages::report)
        .get("/admin/search/rules/new", pages::new)
        .post("/admin/search/rules/new", pages::create)
        .get("/admin/search/rules/{id}", pages::open)
        .post("/admin/search/rules/{id}", pages::change)
        .post("/admin/search/rules/{id}/delete", pages::delete)
        .get("/api/admin/search/rules", rules::list)
        .post("/api/admin/search/rules", rules::create)
        .put("/api/admin/search/rules/{id}", rules::change)
        .delete("/api/admin/search/rules/{id}", rules::delete)
        .get("/api/admin/search/report", rules::report);
}
