//! Pages that are kept: they are always what would be drawn now, one change leaves the others where they are, and no
//! visitor can fill the memory or leave something of their own in it.

use std::io::Read;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use oxcart::catalog::refresh;
use oxcart::flows::change_settings;
use oxcart::routes;
use oxcart::settings::ShopSettings;
use serde_json::json;
use tower::ServiceExt;

use crate::app::{Engine, Setup, TestApp, both_engines, rounds};
use crate::browse::change;
use crate::builders::{GOOD_CARD, settings, simple, with};
use crate::buyer::{Answer, Buyer};

both_engines!(a_page_that_is_kept_is_what_would_be_drawn_now, what_sells_best_changes_the_lists_it_stands_in);

/// One address of each sort, and of each thing that a page can depend on.
const PATHS: &[&str] = &[
    "/",
    "/products",
    "/products?in_stock=true",
    "/products?sort=price-asc",
    "/c/kitchen",
    "/c/kettles",
    "/c/garden",
    "/p/stove-kettle",
    "/p/stove-kettle?option.Colour=Ink",
    "/p/mug",
    "/p/rake",
    "/products?min_price=9000",
    "/terms",
    "/sitemap.xml",
    "/robots.txt",
    "/api/products",
    "/api/products?in_stock=true",
    "/api/products/stove-kettle",
    "/api/products/rake",
    "/api/categories",
];

/// Asks, and says whether the answer came from memory.
async fn look(shop: &TestApp, path: &str) -> (bool, Answer) {
    let before = shop.app.pages.hits();
    let answer = shop.api().get(path).await;
    (shop.app.pages.hits() > before, answer)
}

/// What the page would be if none were kept.
async fn drawn(shop: &TestApp, path: &str) -> String {
    let request = Request::get(path).body(Body::empty()).expect("a good request");
    let response = routes::router(&shop.app).oneshot(request).await.expect("a router always answers");
    let body = response.into_body().collect().await.expect("it arrives whole").to_bytes();
    String::from_utf8(body.into()).expect("pages are text")
}

/// The shop of the tests, and a garden that has nothing to do with the rest of it.
async fn with_garden(engine: Engine) -> TestApp {
    let shop = TestApp::open(engine).await;
    let garden = serde_json::from_value(json!({ "slug": "garden", "name": "Garden" })).expect("a category");
    let rake = with(simple("RAKE", 2345, 50), json!({ "categories": ["garden"] }));
    let spade = with(simple("SPADE", 3456, 50), json!({ "categories": ["garden"] }));
    shop.stock_up(vec![garden], vec![rake, spade]).await;
    shop
}

#[tokio::test]
async fn a_page_is_answered_from_memory_as_it_was_at_first() {
    let shop = with_garden(Engine::Sqlite).await;
    for path in PATHS {
        let (kept, first) = look(&shop, path).await;
        assert!(!kept && first.status == 200, "{path} is asked for the first time");
        let (kept, second) = look(&shop, path).await;
        assert!(kept, "{path} was not kept");
        assert_eq!(first.text, second.text, "{path}");
        let told = |answer: &Answer| {
            let told = answer.headers.iter().filter(|(name, _)| !["x-request-id", "date"].contains(&name.as_str()));
            let mut told: Vec<_> = told.map(|(name, value)| format!("{name}: {value:?}")).collect();
            told.sort();
            told
        };
        assert_eq!(told(&first), told(&second), "{path}");
        assert_ne!(first.header("x-request-id"), second.header("x-request-id"), "{path}");
        assert_eq!(second.header("cache-control"), "public, s-maxage=60, stale-while-revalidate=300", "{path}");
        assert_eq!(second.header("vary"), "accept-encoding", "{path}");
        assert_eq!(second.header("content-length"), second.text.len().to_string(), "{path}");

        let request = |method: &str| shop.api().request(method, path);
        let again = Answer::of(request("GET").header("if-none-match", second.header("etag"))).await;
        assert_eq!((again.status, again.text.as_str()), (304, ""), "{path}");
        assert_eq!(again.header("etag"), second.header("etag"), "{path}");
        let head = Answer::of(request("HEAD")).await;
        assert_eq!((head.status, head.text.as_str()), (200, ""), "{path}");
        assert_eq!(head.header("content-length"), second.header("content-length"), "{path}");
    }
    // Whoever has a page from before it was kept is told that it is still right, and it is kept from then on.
    let (kept, campaign) = look(&shop, "/products?utm_source=mail&gclid=1").await;
    assert!(kept && campaign.text == drawn(&shop, "/products").await);
    let metrics = shop.api().get("/metrics").await.text;
    assert!(metrics.contains("oxcart_page_cache_hits_total") && metrics.contains("route=\"/p/{slug}\""), "{metrics}");
}

#[tokio::test]
async fn a_page_is_packed_as_the_browser_likes_it() {
    let shop = TestApp::open(Engine::Sqlite).await;
    let plain = drawn(&shop, "/p/stove-kettle").await;
    let ask = async |encoding: &str, mark: &str| {
        let request = shop.api().request("GET", "/p/stove-kettle").header("accept-encoding", encoding);
        let answer = request.header("if-none-match", mark).send().await.expect("the shop answers");
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().expect("text").to_owned());
        let (status, encoding, mark) = (answer.status().as_u16(), header("content-encoding"), header("etag"));
        let length = header("content-length");
        let body = answer.bytes().await.expect("it arrives whole");
        assert!(status == 304 || length == Some(body.len().to_string()));
        (status, encoding, mark.expect("it has a mark"), body)
    };
    let mut marks = vec![];
    for encoding in ["identity", "gzip", "br", "zstd"] {
        let mut tries = 0;
        // The first ones to ask get it as it is.
        let (mark, body) = loop {
            let (status, packed, mark, body) = ask(encoding, "\"another\"").await;
            assert_eq!(status, 200);
            match packed.as_deref() {
                Some(packed) => assert_eq!(packed, encoding),
                None => assert_eq!(body, plain.as_bytes()),
            }
            if packed.as_deref().unwrap_or("identity") == encoding {
                break (mark, body);
            }
            tries += 1;
            assert!(tries < 500, "it was never packed as {encoding}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        };
        let mut unpacked = vec![];
        match encoding {
            "gzip" => flate2::read::GzDecoder::new(&*body).read_to_end(&mut unpacked),
            "br" => brotli::Decompressor::new(&*body, 4096).read_to_end(&mut unpacked),
            "zstd" => zstd::stream::read::Decoder::new(&*body).expect("a packer").read_to_end(&mut unpacked),
            _ => (&*body).read_to_end(&mut unpacked),
        }
        .expect("it can be unpacked");
        assert!(unpacked == plain.as_bytes(), "{encoding}");
        assert_eq!(ask(encoding, &mark).await.0, 304, "{encoding}");
        assert!(!marks.contains(&mark), "bodies that differ have marks that differ");
        marks.push(mark);
    }
    assert_eq!(ask("gzip, deflate, br, zstd", "\"another\"").await.1.as_deref(), Some("br"));
}

/// What changes: a subject, its name and how; which pages are drawn anew; which stay.
type Change = (&'static str, &'static str, &'static str, &'static [&'static str], &'static [&'static str]);

async fn a_page_that_is_kept_is_what_would_be_drawn_now(engine: Engine) {
    let shop = with_garden(engine).await;
    let garden = &["/c/garden", "/p/rake", "/api/products/rake", "/terms"];
    let changes: [Change; 8] = [
        (
            "product",
            "mug",
            "UPDATE prices SET amount = 1599 WHERE amount = 1450",
            &["/", "/products", "/c/kitchen", "/p/mug", "/api/products"],
            garden,
        ),
        (
            "variant",
            "KETTLE-BRICK-10",
            "UPDATE stock SET on_hand = 9 WHERE on_hand = 10",
            &["/api/products/stove-kettle"],
            &["/", "/products", "/c/kettles", "/p/stove-kettle", "/p/mug", "/api/products", "/products?in_stock=true"],
        ),
        (
            "variant",
            "KETTLE-BRICK-10",
            "UPDATE stock SET on_hand = 2 WHERE on_hand = 9",
            &["/c/kettles", "/p/stove-kettle"],
            &["/c/garden", "/p/rake", "/api/products/rake", "/sitemap.xml"],
        ),
        (
            "variant",
            "LAMP",
            "UPDATE stock SET on_hand = 0 WHERE on_hand = 1",
            &["/products?in_stock=true", "/api/products?in_stock=true", "/c/kitchen", "/"],
            garden,
        ),
        (
            "product",
            "mug",
            "UPDATE products SET slug = 'tall-mug', version = version + 1 WHERE slug = 'mug'",
            &["/p/mug"],
            garden,
        ),
        (
            "product",
            "stove-kettle",
            "UPDATE products SET status = 'archived' WHERE slug = 'stove-kettle'",
            &["/p/stove-kettle", "/c/kettles"],
            &["/robots.txt"],
        ),
        (
            "product",
            "stove-kettle",
            "UPDATE products SET status = 'active' WHERE slug = 'stove-kettle'",
            &["/", "/c/kitchen"],
            &["/robots.txt"],
        ),
        (
            "category",
            "kettles",
            "UPDATE categories SET name = 'Boilers' WHERE slug = 'kettles'",
            &["/c/kettles", "/p/rake", "/terms"],
            &[],
        ),
    ];
    for (subject, name, sql, anew, stays) in changes {
        keep(&shop).await;
        change(&shop, subject, name, sql).await;
        for (paths, expected) in [(anew, false), (stays, true)] {
            for path in paths {
                assert_eq!(look(&shop, path).await.0, expected, "{path} after {sql}");
            }
        }
        all_are_right(&shop, sql).await;
    }
    assert!(look(&shop, "/p/rake").await.1.text.contains("Boilers"), "the menu names it");
    keep(&shop).await;
    let renamed = ShopSettings { name: "Other & Daughters".into(), ..settings() };
    change_settings::replace(&shop.app.db, &shop.app.clock, renamed).await.expect("the settings are good");
    shop.catch_up().await;
    let (kept, page) = look(&shop, "/p/rake").await;
    assert!(!kept && page.text.contains("Other &amp; Daughters"), "{}", page.text);
    all_are_right(&shop, "other settings").await;
    keep(&shop).await;
    shop.app.clock.advance(86_400);
    assert!(!look(&shop, "/p/rake").await.0, "it says when it arrives");
    all_are_right(&shop, "a day").await;
}

async fn what_sells_best_changes_the_lists_it_stands_in(engine: Engine) {
    let shop = with_garden(engine).await;
    let mut buyer = Buyer::at_the_till(&shop, "SPADE").await;
    buyer.pay(GOOD_CARD).await.ok(200);
    shop.drain().await;
    // The shop opened anew has counted already; what was sold since has not been.
    let mut buyer = Buyer::at_the_till(&shop, "RAKE").await;
    buyer.pay(GOOD_CARD).await.ok(200);
    let mut buyer = Buyer::at_the_till(&shop, "RAKE").await;
    buyer.pay(GOOD_CARD).await.ok(200);
    shop.catch_up().await;
    keep(&shop).await;
    refresh::rank(&shop.app).await.expect("the database answers");
    for (path, expected) in [
        ("/c/garden", false),
        ("/products", false),
        ("/c/kettles", true),
        ("/p/stove-kettle", true),
        ("/p/rake", false),
    ] {
        assert_eq!(look(&shop, path).await.0, expected, "{path}");
    }
    all_are_right(&shop, "what sold").await;
}

/// Has every page kept that there is.
async fn keep(shop: &TestApp) {
    for path in PATHS {
        look(shop, path).await;
        let (kept, answer) = look(shop, path).await;
        assert!(kept || answer.status != 200, "{path} answers {}", answer.status);
    }
}

async fn all_are_right(shop: &TestApp, after: &str) {
    for path in PATHS {
        let (kept, answer) = look(shop, path).await;
        // A page of an error names the request.
        if answer.status == 200 {
            assert!(answer.text == drawn(shop, path).await, "{path} after {after}, kept: {kept}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn no_number_of_addresses_fills_the_memory() {
    let shop = Setup::on(Engine::Sqlite).setting("OXCART_PAGE_CACHE_MB", "1").open().await;
    for _ in 0..3 {
        look(&shop, "/").await;
    }
    for number in 0..rounds(2_000, 10_000) {
        shop.api().get(&format!("/api/products?min_price={number}&page=1&in_stock=true")).await.ok(200);
        assert!(shop.app.pages.bytes() <= 1024 * 1024, "{} bytes after {number}", shop.app.pages.bytes());
        if number % 200 == 0 {
            look(&shop, "/").await;
        }
    }
    assert!(shop.app.pages.bytes() > 512 * 1024, "some were kept");
    assert!(look(&shop, "/").await.0, "what many ask for outlives what one asks for once");
    // Campaigns and session ids of others make no address of their own.
    let misses = shop.app.pages.misses();
    for number in 0..50 {
        assert!(look(&shop, &format!("/?utm_campaign={number}")).await.0);
    }
    assert_eq!(shop.app.pages.misses(), misses);
}

#[tokio::test]
async fn nothing_of_a_visitor_is_kept_and_nothing_private() {
    let shop = TestApp::open(Engine::Sqlite).await;
    let visitor = shop.visitor();
    visitor.send(&visitor.open("/p/mug").await.form("/cart/items")).await.is(200);
    refresh::reload(&shop.app).await.expect("the catalog is read");
    // The one who has the page made is somebody.
    let first = visitor.open("/").await;
    let (kept, second) = look(&shop, "/").await;
    assert!(kept && first.html == second.text && second.header("set-cookie").is_empty());
    let bearer = shop.api().request("GET", "/p/mug").bearer_auth("nonsense").header("cookie", "cart=nonsense");
    let bearer = Answer::of(bearer).await;
    assert_eq!(bearer.text, look(&shop, "/p/mug").await.1.text);

    let private =
        ["/cart", "/checkout", "/orders/find", "/admin", "/admin/sign-in", "/api/health", "/metrics", "/api/carts/1"];
    let unfit =
        ["/nowhere", "/p/nowhere", "/c/nowhere", "/search?min_price=x", "/api/products?colour=red", "/search?q=%FF"];
    for path in private.into_iter().chain(unfit) {
        for _ in 0..3 {
            let (kept, answer) = look(&shop, path).await;
            assert!(!kept, "{path} was kept");
            assert!(answer.header("cache-control").contains("no-store"), "{path}: {:?}", answer.headers);
        }
    }
    for _ in 0..3 {
        assert!(!look(&shop, "/search?q=mug").await.0, "what words find follows the index, not the catalog");
    }
    let without = Setup::on(Engine::Sqlite).setting("OXCART_PAGE_CACHE_MB", "0").open().await;
    for _ in 0..2 {
        assert!(!look(&without, "/").await.0, "nothing is kept where nothing shall be");
    }
}
