//! What other programs rely on: the exact members of every document, every route described, every error a problem,
//! and the headers that protect every answer.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::app::{Engine, Setup, TestApp, both_engines};
use crate::builders::{GOOD_CARD, SECURE_CARD, amount_off};
use crate::buyer::{Answer, Buyer, text};

both_engines!(documents_have_exactly_these_members);

/// The members of a document: `a` a value, `a?` null, `a:Money`, `a{..}` an object, `a[..]` a list of such.
fn shape(value: &Value) -> String {
    match value {
        Value::Null => "?".into(),
        Value::Array(items) => format!("[{}]", items.first().map(shape).unwrap_or_default()),
        Value::Object(members)
            if members.len() == 2 && members.contains_key("amount") && members.contains_key("currency") =>
        {
            ":Money".into()
        }
        Value::Object(members) => {
            let sorted: BTreeMap<&String, String> = members.iter().map(|(name, value)| (name, shape(value))).collect();
            let members: Vec<String> = sorted.into_iter().map(|(name, shape)| name.clone() + &shape).collect();
            format!("{{{}}}", members.join(" "))
        }
        _ => String::new(),
    }
}

const ADDRESS: &str = "{city country line1 line2? name phone? postal_code region?}";
const NO_ADDRESS: &str = "{discount:Money shipping? subtotal:Money tax? tax_included total:Money}";
const TOTALS: &str = "{discount:Money shipping:Money subtotal:Money tax:Money tax_included total:Money}";
const SUMMARY: &str = "brand categories[{name slug}] compare_at_price:Money id image{alt height id url width} in_stock name \
     price:Money price_range{max:Money min:Money} rating? slug";
const LINE: &str = "id image name product_slug quantity sku";

async fn documents_have_exactly_these_members(engine: Engine) {
    let shop = Setup::on(engine).coupon(amount_off("FIVE", 500)).open().await;
    let mut buyer = shop.buyer().await;
    let is = |what: &str, document: &Value, expected: &str| {
        assert_eq!(shape(document), expected.split_whitespace().collect::<Vec<_>>().join(" "), "{what}: {document:#}");
    };

    let list = buyer.get("/api/products?category=kettles").await.ok(200);
    is(
        "list",
        &list,
        &format!(
            "{{facets[{{kind label name values[{{count label selected value}}]}}] items[{{{SUMMARY}}}] page pages per_page total}}"
        ),
    );
    let page = json!({ "page": 1, "pages": 1, "per_page": 24, "total": 1 });
    assert!(page.as_object().is_some_and(|page| page.iter().all(|(name, value)| list[name] == *value)), "{list}");
    let product = buyer.get("/api/products/stove-kettle").await.ok(200);
    let mut members: BTreeSet<String> = product.as_object().expect("an object").keys().cloned().collect();
    for name in ["description_html", "images", "options", "variants", "attributes", "breadcrumbs", "seo"] {
        assert!(members.remove(name), "{name}");
    }
    let listed: BTreeSet<String> = list["items"][0].as_object().expect("an object").keys().cloned().collect();
    assert_eq!(members, listed, "a product has what a list says of it");
    let variant = "{available compare_at_price:Money id image_id? in_stock name options{Colour Size} price:Money sku}";
    is("variant", &product["variants"][0], variant);
    is("option", &product["options"][0], "{name values[]}");
    is("attributes", &product["attributes"], "[{name value}]");
    is("seo", &product["seo"], "{description? title?}");
    let crumbs = json!([{ "slug": "kitchen", "name": "Kitchen" }, { "slug": "kettles", "name": "Kettles" }]);
    assert_eq!(product["breadcrumbs"], crumbs);
    let download = buyer.get("/api/products/plan").await.ok(200);
    assert_eq!(download["variants"][0]["available"], Value::Null, "what is not tracked has no number");
    is(
        "categories",
        &buyer.get("/api/categories").await.ok(200),
        "[{children[{children[] count name slug}] count name slug}]",
    );
    let suggested = format!("{{categories[{{name slug}}] products[{{{SUMMARY}}}] queries[]}}");
    is("suggest", &buyer.get("/api/search/suggest?q=ket").await.ok(200), &suggested);
    let beside = buyer.get("/api/products/mug/recommendations").await.ok(200);
    is("recommendations", &beside, &format!("{{items[{{{SUMMARY}}}]}}"));
    is("trending", &buyer.get("/api/recommendations/trending").await.ok(200), "{items[]}");

    is(
        "new cart",
        &buyer.cart,
        &format!("{{checkout_id? currency discounts[] id items[] problems[] totals{NO_ADDRESS} version}}"),
    );
    buyer.add(&shop, "KETTLE-BRICK-10", 1).await.ok(200);
    buyer.coupon("FIVE").await.ok(200);
    buyer.check_out().await.ok(201);
    let cart = buyer.look().await;
    let item = format!("{{available {LINE} total:Money unit_price:Money variant variant_id}}");
    let discounts = "discounts[{amount:Money code label}]";
    is(
        "cart",
        &cart,
        &format!("{{checkout_id currency {discounts} id items[{item}] problems[] totals{NO_ADDRESS} version}}"),
    );

    let line = format!("{{discount:Money {LINE} tax:Money total:Money unit_price:Money variant variant_id}}");
    let methods = "shipping_methods[{amount:Money estimate{max_days min_days} id label}]";
    let checkout = |order: &str, payment: &str| {
        format!(
            "{{billing_address{ADDRESS} cart_id {discounts} email expires_at id items[{line}] order{order} payment{payment}
             shipping_address{ADDRESS} shipping_method {methods} status totals{TOTALS} version}}"
        )
    };
    is("checkout", &buyer.checkout, &checkout("?", "{provider status}"));
    buyer.pay(SECURE_CARD).await.ok(202);
    is("waiting", &buyer.checkout, &checkout("?", "{next_action{type url} provider status}"));
    buyer.complete_payment("fail").await.ok(200);
    buyer.pay(GOOD_CARD).await.ok(200);
    is("paid", &buyer.checkout, &checkout("{id url}", "{provider status}"));

    let url = text(&buyer.checkout["order"]["url"]);
    let order = buyer.get(&format!("/api{}", shop.path(url))).await.ok(200);
    let line =
        "{discount:Money fulfilled id image name product_slug quantity refunded returned sku tax:Money total:Money
         unit_price:Money variant variant_id}";
    let expected = format!(
        "{{billing_address{ADDRESS} {discounts} email fulfillment_status fulfillments[] id items[{line}] number
         outstanding:Money paid:Money payment_status placed_at refunded:Money refunds[] shipping_address{ADDRESS} status
         terms_version? timeline[{{at kind text}}] totals{TOTALS}}}"
    );
    is("order", &order, &expected);
    for time in [&order["placed_at"], &buyer.checkout["expires_at"], &order["timeline"][0]["at"]] {
        let parsed = chrono::DateTime::parse_from_rfc3339(text(time)).expect("RFC 3339");
        assert_eq!(parsed.offset().local_minus_utc(), 0, "{time} is UTC");
    }
}

/// Method and path of everything in the contract that this shop answers.
const ROUTES: &[(&str, &str)] = &[
    ("/api/carts", "POST"),
    ("/api/carts/{id}", "GET"),
    ("/api/carts/{id}/coupons", "POST"),
    ("/api/carts/{id}/coupons/{code}", "DELETE"),
    ("/api/carts/{id}/items", "POST"),
    ("/api/carts/{id}/items/{item_id}", "DELETE PATCH"),
    ("/api/categories", "GET"),
    ("/api/checkouts", "POST"),
    ("/api/checkouts/{id}", "GET PATCH"),
    ("/api/checkouts/{id}/cancel", "POST"),
    ("/api/checkouts/{id}/pay", "POST"),
    ("/api/dev/clock", "POST"),
    ("/api/dev/complete-payment", "POST"),
    ("/api/health", "GET"),
    ("/api/openapi.json", "GET"),
    ("/api/orders/lookup", "POST"),
    ("/api/orders/{id}", "GET"),
    ("/api/products", "GET"),
    ("/api/products/{id}", "GET"),
    ("/api/products/{id}/recommendations", "GET"),
    ("/api/ready", "GET"),
    ("/api/recommendations/trending", "GET"),
    ("/api/search/suggest", "GET"),
];

/// What of the contract is for staff; the table of routes has more.
const STAFF_ROUTES: &[(&str, &str)] = &[
    ("/api/auth/login", "POST"),
    ("/api/auth/logout", "POST"),
    ("/api/auth/refresh", "POST"),
    ("/api/admin/customers", "GET"),
    ("/api/admin/customers/{id}", "GET"),
    ("/api/admin/inventory/bulk", "POST"),
    ("/api/admin/orders", "GET"),
    ("/api/admin/orders/{id}", "GET"),
    ("/api/admin/orders/{id}/cancel", "POST"),
    ("/api/admin/orders/{id}/fulfillments", "POST"),
    ("/api/admin/orders/{id}/refunds", "POST"),
    ("/api/admin/products", "GET POST"),
    ("/api/admin/products/{id}", "DELETE GET PATCH"),
];

/// Every route of the API with its methods, as the table of routes has them.
fn routed(shop: &TestApp) -> BTreeMap<String, String> {
    let mut methods: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for row in oxcart::routes::table(&shop.app).rows().iter().filter(|row| row.path.starts_with("/api/")) {
        methods.entry(row.path.to_owned()).or_default().insert(row.method);
    }
    let joined = |methods: BTreeSet<&str>| methods.into_iter().collect::<Vec<_>>().join(" ");
    methods.into_iter().map(|(path, methods)| (path, joined(methods))).collect()
}

#[tokio::test]
async fn the_description_the_routes_and_the_contract_agree() {
    let shop = TestApp::open(Engine::Sqlite).await;
    let described = shop.api().get("/api/openapi.json").await.ok(200);
    let methods = |path: &Value| {
        let names: BTreeSet<String> =
            path.as_object().into_iter().flat_map(|o| o.keys()).map(|m| m.to_uppercase()).collect();
        names.into_iter().collect::<Vec<_>>().join(" ")
    };
    let paths = described["paths"].as_object().expect("a description has paths");
    let found: BTreeMap<String, String> = paths.iter().map(|(path, item)| (path.clone(), methods(item))).collect();
    assert_eq!(found, routed(&shop), "what is described and what there is");
    for (path, methods) in ROUTES.iter().chain(STAFF_ROUTES) {
        let has: BTreeSet<&str> = found.get(*path).map(|has| has.split(' ').collect()).unwrap_or_default();
        assert!(methods.split(' ').all(|method| has.contains(method)), "{methods} {path}: there is only {has:?}");
    }
    for (path, methods) in ROUTES {
        let id = uuid::Uuid::nil().to_string();
        let path = path.replace("{id}", &id).replace("{item_id}", &id).replace("{code}", "X");
        let refused = Answer::of(shop.api().request("PUT", &path)).await;
        refused.refused(405, "method_not_allowed");
        let allowed: BTreeSet<&str> =
            refused.header("allow").split(',').map(str::trim).filter(|m| *m != "HEAD").collect();
        assert_eq!(allowed, methods.split(' ').collect(), "{path}");
    }
    let references = described.to_string();
    for reference in
        references.match_indices("#/components/schemas/").map(|(at, start)| &references[at + start.len()..])
    {
        let name = reference.split('"').next().expect("a reference ends");
        assert!(described["components"]["schemas"][name].is_object(), "{name} is referred to and not described");
    }
}

/// Programs are generated from the description: what is not in it, they don't know.
#[tokio::test]
async fn every_answer_is_described_as_it_is_sent() {
    let shop = TestApp::open(Engine::Sqlite).await;
    let described = shop.api().get("/api/openapi.json").await.ok(200);
    let problem = json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
    for (path, methods) in ROUTES {
        for method in methods.split(' ') {
            let operation = &described["paths"][path][method.to_lowercase()];
            let answers = operation["responses"].as_object().expect("it answers");
            for (status, answer) in answers {
                let content = answer["content"].as_object().unwrap_or_else(|| panic!("{method} {path} {status}"));
                let refused = status.starts_with('4') || (status.starts_with('5') && *path != "/api/ready");
                assert_eq!(answer["content"] == problem, refused, "{method} {path} {status}: {answer}");
                assert!(content.values().all(|body| body["schema"].is_object()), "{method} {path} {status}");
                let replayed = answer["headers"]["Idempotent-Replayed"].is_object();
                assert_eq!(replayed, method == "POST", "{method} {path} {status}");
            }
            let asks = *path != "/api/health" && *path != "/api/ready" && *path != "/api/openapi.json";
            let can_refuse = asks && *path != "/api/categories" && *path != "/api/recommendations/trending";
            assert_eq!(answers.contains_key("4XX"), can_refuse, "{method} {path}");
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let keys = parameters.filter(|p| p["name"] == "Idempotency-Key" && p["in"] == "header").count();
            assert_eq!(keys, usize::from(method == "POST"), "{method} {path}");
        }
    }
    let schemas = &described["components"]["schemas"];
    assert!(schemas["Payment"]["properties"]["provider"].is_object(), "how a checkout is paid");
    assert!(schemas["NewPayment"]["properties"]["version"].is_object(), "what pays it");
}

/// Machines near by read what is counted; what visitors make up is no label, and they read nothing.
#[tokio::test]
async fn metrics_count_by_route_for_machines_near_by() {
    let shop = Setup::on(Engine::Sqlite).setting("OXCART_CLIENT_IP_HEADER", "X-Forwarded-For").open().await;
    let mut buyer = Buyer::at_the_till(&shop, "MUG").await;
    buyer.pay(GOOD_CARD).await.ok(200);
    Buyer::at_the_till(&shop, "MUG").await;
    Answer::of(shop.api().request("BREW", "/api/carts")).await;
    let metrics = Answer::of(shop.api().request("GET", "/metrics")).await;
    assert_eq!(metrics.status, 200);
    for line in [
        "oxcart_http_requests_total{method=\"POST\",route=\"/api/checkouts/{id}/pay\",status=\"200\"}",
        "oxcart_http_request_seconds_bucket{le=\"0.001\",method=\"POST\",route=\"/api/checkouts/{id}/pay\"}",
        "oxcart_jobs{kind=\"mail_order_confirmation\",status=\"waiting\"} 1",
        "oxcart_catalog_products",
        "oxcart_db_statements_total",
        "oxcart_orders{status=\"open\",payment=\"paid\",fulfillment=\"unfulfilled\"} 1",
        "oxcart_payments{provider=\"sandbox\",status=\"succeeded\"} 1",
        "oxcart_checkouts_open 1",
        "oxcart_reservations_active 1",
        "oxcart_reservations_overdue 0",
        "oxcart_carts_open 1",
        "oxcart_jobs_oldest_due_seconds",
        "oxcart_db_connections{pool=\"readers\",state=\"in_use\"}",
        "oxcart_db_waits_total",
        "method=\"other\"",
    ] {
        assert!(metrics.text.contains(line), "{line}\n{}", metrics.text);
    }
    assert!(!metrics.text.contains("BREW"));
    let outside = shop.api().request("GET", "/metrics").header("x-forwarded-for", "203.0.113.9");
    Answer::of(outside).await.refused(404, "not_found");
}

/// A shop whose database can't be written to takes no orders, however well it answers.
#[tokio::test]
async fn a_shop_that_can_not_write_is_not_ready() {
    let shop = TestApp::open(Engine::Sqlite).await;
    shop.api().get("/api/ready").await.ok(200);
    let writer = shop.app.db.begin().await.expect("the one writer is free");
    let answer = shop.api().get("/api/ready").await.ok(503);
    assert_eq!((&answer["status"], answer["reasons"].as_array().map(Vec::len)), (&json!("not_ready"), Some(1)));
    drop(writer);
    assert_eq!(shop.api().get("/api/ready").await.ok(200), json!({ "status": "ready" }));
    shop.buyer().await;
    shop.app.db.close().await;
    let answer = shop.api().get("/api/ready").await;
    assert_eq!((answer.ok(503)["status"].clone(), answer.header("retry-after")), (json!("not_ready"), "1"));
    shop.api().get("/api/health").await.ok(200);
}

/// Only what waits can be ended: who comes later is told so, and nothing moves.
#[tokio::test]
async fn a_payment_that_has_ended_can_not_be_ended_again() {
    let shop = TestApp::open(Engine::Sqlite).await;
    let mut buyer = Buyer::at_the_till(&shop, "LAMP").await;
    buyer.complete_payment("succeed").await.refused(409, "not_allowed");
    buyer.pay(SECURE_CARD).await.ok(202);
    let ended = buyer.complete_payment("fail").await.ok(200);
    assert_eq!(ended, json!({ "checkout_id": buyer.checkout["id"], "status": "open" }));
    buyer.complete_payment("succeed").await.refused(409, "not_allowed");
    buyer.pay(GOOD_CARD).await.ok(200);
    let before = shop.dump().await;
    buyer.complete_payment("fail").await.refused(409, "not_allowed");
    assert_eq!(shop.dump().await, before);
}

#[tokio::test]
async fn without_a_sandbox_its_doors_are_not_there() {
    let shop = Setup::on(Engine::Sqlite).setting("OXCART_PAYMENTS", "manual").open().await;
    let mut buyer = shop.buyer().await;
    buyer.complete_payment("succeed").await.refused(404, "not_found");
    buyer.post("/api/dev/clock", &json!({ "advance_seconds": 60 })).await.refused(404, "not_found");
    assert_eq!(shop.visitor().open(&format!("/sandbox/3ds/{}", uuid::Uuid::nil())).await.status, 404);
    buyer.add(&shop, "MUG", 1).await.ok(200);
    buyer.check_out().await.refused(422, "payment_method_unavailable");
}

#[tokio::test]
async fn the_test_clock_moves_only_where_it_was_asked_for() {
    let shop = Setup::on(Engine::Sqlite).setting("OXCART_TEST_CLOCK", "0").open().await;
    let mut buyer = Buyer::at_the_till(&shop, "LAMP").await;
    let moved = buyer.post("/api/dev/clock", &json!({ "advance_seconds": 16 * 60 })).await;
    assert!(moved.status < 300, "{}", moved.text);
    shop.drain().await;
    assert_eq!(
        (buyer.look_at_checkout().await["status"].clone(), shop.stock("LAMP").await),
        (json!("expired"), (1, 0))
    );
    let usual = TestApp::open(Engine::Sqlite).await;
    usual.api().post("/api/dev/clock", &json!({ "advance_seconds": 60 })).await.refused(404, "not_found");
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_protect_it() {
    let shop = TestApp::open(Engine::Sqlite).await;
    let api = shop.api();
    let home = api.get("/").await;
    let page = crate::html::unescape(&home.text);
    let asset = page.split('"').find(|part| part.starts_with("/assets/")).expect("a page has styles").to_owned();
    let foreign = api
        .request("POST", "/cart/items")
        .header("origin", "https://evil.example")
        .header("sec-fetch-site", "cross-site");
    let mut ids = BTreeSet::new();
    for (status, answer) in [
        (200, home),
        (200, api.get("/p/mug").await),
        (200, api.get("/cart").await),
        (200, api.get(&asset).await),
        (200, api.get("/robots.txt").await),
        (200, api.get("/api/health").await),
        (200, api.get("/api/ready").await),
        (200, api.get("/api/products").await),
        (404, api.get("/nowhere").await),
        (404, api.get("/p/nothing").await),
        (404, api.get("/api/nowhere").await),
        (404, api.get("/assets/x/../../oxcart.db").await),
        (404, api.get("/media/..%2f..%2foxcart.db").await),
        (405, Answer::of(api.request("PUT", "/cart")).await),
        (405, Answer::of(api.request("TRACE", "/api/carts")).await),
        (413, api.send_bytes("POST", "/api/carts", "application/json", vec![b' '; 2_000_000]).await),
        (413, api.send_bytes("POST", "/cart/items", "application/x-www-form-urlencoded", vec![b'a'; 2_000_000]).await),
        (415, api.send_bytes("POST", "/api/carts", "text/plain", b"{}".to_vec()).await),
        (422, api.get("/api/products?page=0").await),
        (403, Answer::of(foreign.body("")).await),
    ] {
        assert_eq!(answer.status, status, "{}", answer.text);
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{status} {name}");
        }
        for name in ["referrer-policy", "permissions-policy", "cache-control"] {
            assert!(!answer.header(name).is_empty(), "{status} has no {name}");
        }
        assert!(answer.header("server").is_empty() && answer.header("access-control-allow-origin").is_empty());
        assert!(ids.insert(answer.header("x-request-id").to_owned()), "every request has an id of its own");
    }
}

/// W1: another site's page can't act for a visitor, whatever way it tries.
#[tokio::test]
async fn another_site_can_not_act_for_a_visitor() {
    let shop = TestApp::open(Engine::Sqlite).await;
    let api = shop.api();
    let ours = shop.url.as_str();
    for (name, value, allowed) in [
        ("origin", "https://evil.example", false),
        ("origin", "null", false),
        ("origin", &format!("{ours}.evil.example"), false),
        ("sec-fetch-site", "cross-site", false),
        ("sec-fetch-site", "same-site", false),
        ("origin", ours, true),
        ("sec-fetch-site", "same-origin", true),
    ] {
        for path in ["/api/carts", "/cart/items", "/checkout", "/orders/find"] {
            let request = api.request("POST", path).header(name, value).header("content-type", "application/json");
            let answer = Answer::of(request.body("{}")).await;
            assert_eq!(answer.status != 403, allowed, "{path} with {name}: {value}: {}", answer.status);
        }
    }
}
