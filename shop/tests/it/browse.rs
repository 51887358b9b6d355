//! What visitors browse: the catalog in memory keeps up with what happens, and addresses go on leading somewhere.

use std::io::Cursor;
use std::time::Duration;

use commerce::catalog::{CatalogLine, ProductStatus};
use oxcart::args;
use oxcart::catalog::Catalog;
use oxcart::catalog::listing::{ListQuery, Sort};
use oxcart::catalog::refresh;
use oxcart::demo;
use oxcart::import::{self, Format, Options, Target};
use oxcart::store::events::{self, Event};
use reqwest::redirect::Policy;
use serde_json::json;
use uuid::Uuid;

use crate::app::{Engine, Setup, TestApp, both_engines};
use crate::builders::{self, simple, with};
use crate::buyer::{Answer, client};

both_engines!(
    a_catalog_that_kept_up_is_the_one_that_would_be_read_anew,
    what_a_checkout_holds_is_not_free_to_buy,
    a_catalog_stands_in_the_order_of_its_file,
    old_addresses_lead_to_new_ones,
    only_what_is_for_sale_can_be_found,
    a_page_that_was_kept_is_not_sent_again,
    every_count_is_what_choosing_it_would_leave,
    a_catalog_keeps_up_whoever_else_changes_it,
);

/// However often what is recommended changes, what happened is taken in.
async fn a_catalog_keeps_up_whoever_else_changes_it(engine: Engine) {
    let shop = TestApp::open(engine).await;
    builders::write(&shop.app, vec![], vec![simple("CUP-NEW", 900, 5)]).await.expect("the product is good");
    let others = async {
        loop {
            refresh::recommended(&shop.app).await;
            tokio::task::yield_now().await;
        }
    };
    let kept_up = tokio::time::timeout(Duration::from_secs(60), shop.catch_up());
    tokio::select! {
        () = others => {}
        kept_up = kept_up => kept_up.expect("it is not kept from it"),
    }
    let known = shop.app.catalog.load().products().iter().any(|entry| entry.product.slug == "cup-new");
    assert!(known, "the new product is in the catalog");
}

/// Whatever is chosen already: choosing one value more, or instead of others of its facet, leaves as many as it said.
async fn every_count_is_what_choosing_it_would_leave(engine: Engine) {
    let shop = Setup::on(engine).products(vec![]).open().await;
    demo::fill(&shop.app.db, &shop.app.clock, &shop.app.files).await.expect("the demo is good");
    refresh::reload(&shop.app).await.expect("is whole");
    let buyer = shop.buyer().await;
    let asked = [
        "",
        "category=kitchen",
        "q=kettle",
        "option.Colour=Ink&option.Colour=Oat",
        "option.Colour=Brick&in_stock=true",
        "category=table&option.Colour=Ink&min_price=2000&max_price=6000",
        "attr.Made%20of=Stoneware&on_sale=true",
        "brand=Nobody",
    ];
    let mut looked = 0;
    for query in asked {
        let list = buyer.get(&format!("/api/products?per_page=1&{query}")).await.ok(200);
        for facet in list["facets"].as_array().expect("a list") {
            let name = facet["name"].as_str().expect("a name");
            for value in facet["values"].as_array().expect("a list") {
                let chosen = value["value"].as_str().expect("a value");
                let left = buyer.get(&narrowed(query, name, chosen)).await.ok(200)["total"].clone();
                // A range that stands for few products only tells the ends.
                if facet["kind"] == "terms" || value["count"] != 0 {
                    assert_eq!(value["count"], left, "{name}={chosen} after {query}");
                    looked += 1;
                }
            }
        }
    }
    assert!(looked > 100, "the demo has many more values than {looked}");
}

/// The address of a list with one value of a facet chosen instead of all others of it.
fn narrowed(query: &str, name: &str, chosen: &str) -> String {
    let is_price = |pair: &str| name == "price" && (pair.starts_with("min_price") || pair.starts_with("max_price"));
    let encoded = name.replace(' ', "%20");
    let stays = |pair: &&str| !pair.is_empty() && !pair.starts_with(&format!("{encoded}=")) && !is_price(pair);
    let mut pairs: Vec<String> = query.split('&').filter(stays).map(str::to_owned).collect();
    match chosen.split_once('-').filter(|_| name == "price") {
        Some((from, to)) => {
            let bound = |name: &str, value: &str| (!value.is_empty()).then(|| format!("{name}={value}"));
            pairs.extend(bound("min_price", from).into_iter().chain(bound("max_price", to)));
        }
        None => pairs.push(format!("{encoded}={}", chosen.replace('&', "%26").replace('+', "%2B").replace(' ', "+"))),
    }
    format!("/api/products?per_page=1&{}", pairs.join("&"))
}

async fn a_catalog_that_kept_up_is_the_one_that_would_be_read_anew(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let changes = [
        ("product", "mug", "UPDATE products SET name = 'Tall mug', version = version + 1 WHERE slug = 'mug'"),
        ("product", "mug", "UPDATE products SET slug = 'tall-mug', version = version + 1 WHERE slug = 'mug'"),
        ("product", "stove-kettle", "UPDATE prices SET amount = 99 WHERE amount = 6900"),
        ("product", "stove-kettle", "UPDATE products SET status = 'archived' WHERE slug = 'stove-kettle'"),
        ("product", "stove-kettle", "UPDATE products SET status = 'active' WHERE slug = 'stove-kettle'"),
        ("variant", "KETTLE-BRICK-15", "UPDATE stock SET on_hand = 0 WHERE on_hand = 3"),
        ("category", "kettles", "UPDATE categories SET name = 'Boilers' WHERE slug = 'kettles'"),
    ];
    for (subject, name, sql) in changes {
        let before = shop.app.catalog.load_full();
        change(&shop, subject, name, sql).await;
        let after = shop.app.catalog.load_full();
        let anew = Catalog::load(&shop.app.db).await.expect("is whole");
        assert_ne!(shown(&before), shown(&after), "nothing has changed by {sql}");
        assert_eq!(shown(&after), shown(&anew), "{sql}");
    }
}

async fn what_a_checkout_holds_is_not_free_to_buy(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut buyer = shop.buyer().await;
    let available = async |sku: &str| {
        let product = shop.api().get("/api/products/stove-kettle").await.ok(200);
        let variants = product["variants"].as_array().expect("a list").clone();
        variants.into_iter().find(|variant| variant["sku"] == sku).expect("is there")["available"].clone()
    };
    assert_eq!(available("KETTLE-BRICK-15").await, 3);
    buyer.add(&shop, "KETTLE-BRICK-15", 2).await.ok(200);
    assert_eq!(available("KETTLE-BRICK-15").await, 3, "a cart holds nothing");
    buyer.check_out().await.ok(201);
    shop.catch_up().await;
    assert_eq!(available("KETTLE-BRICK-15").await, 1);
    shop.after_minutes(16).await;
    assert_eq!(available("KETTLE-BRICK-15").await, 3);
}

async fn old_addresses_lead_to_new_ones(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mug = with(simple("MUG", 1450, 100), json!({ "slug": "tall-mug", "old_slugs": ["mug"] }));
    let boilers = json!({ "kind": "category", "slug": "boilers", "old_slugs": ["kettles"], "name": "Boilers" });
    let file = format!("{}\n{boilers}\n", json!(CatalogLine::Product(Box::new(mug))));
    take_in(&shop, file).await;
    shop.catch_up().await;
    let unled = client().redirect(Policy::none()).build().expect("a client without files");
    for (old, new) in [("/p/mug", "/p/tall-mug"), ("/c/kettles", "/c/boilers")] {
        let answer = Answer::of(unled.get(format!("{}{old}", shop.url))).await;
        assert_eq!((answer.status, answer.header("location")), (301, new));
        let page = shop.visitor().open(old).await.is(200);
        assert_eq!(page.path, new);
    }
    let kettle = shop.visitor().open("/p/stove-kettle").await.is(200);
    assert!(kettle.html.contains("/p/tall-mug"), "who names it by its old slug goes on leading to it");
    let product = shop.api().get("/api/products/mug").await.ok(200);
    assert_eq!(product["slug"], "tall-mug");
}

async fn only_what_is_for_sale_can_be_found(engine: Engine) {
    let shop = TestApp::open(engine).await;
    for (sku, status) in
        [("HIDDEN", ProductStatus::Draft), ("PAST", ProductStatus::Archived), ("THERE", ProductStatus::Active)]
    {
        let product = with(simple(sku, 500, 5), json!({ "status": status }));
        shop.stock_up(vec![], vec![product]).await;
        let (slug, is_sold) = (sku.to_lowercase(), status == ProductStatus::Active);
        let expected = if is_sold { 200 } else { 404 };
        shop.visitor().open(&format!("/p/{slug}")).await.is(expected);
        assert_eq!(shop.api().get(&format!("/api/products/{slug}")).await.status, expected);
        let found = shop.api().get(&format!("/api/products?q={sku}")).await.ok(200);
        assert_eq!(found["total"], i64::from(is_sold), "{sku}");
        let map = shop.api().get("/sitemap.xml").await.text;
        assert_eq!(map.contains(&format!("/p/{slug}<")), is_sold, "{map}");
    }
}

async fn a_page_that_was_kept_is_not_sent_again(engine: Engine) {
    let shop = TestApp::open(engine).await;
    for path in ["/", "/products", "/c/kitchen", "/search?q=mug", "/p/mug", "/terms", "/sitemap.xml", "/robots.txt"] {
        let first = shop.api().get(path).await;
        assert_eq!(first.status, 200, "{path}");
        assert_eq!(first.header("cache-control"), "public, s-maxage=60, stale-while-revalidate=300", "{path}");
        assert_eq!(first.header("set-cookie"), "", "{path} is nobody's own");
        let again = shop.api().request("GET", path).header("if-none-match", first.header("etag"));
        let again = Answer::of(again).await;
        assert_eq!((again.status, again.text.as_str()), (304, ""), "{path}");
    }
}

/// Takes a catalog file of JSON lines, all of it.
async fn take_in(shop: &TestApp, file: String) {
    let app = &shop.app;
    let currency = app.shop.load().currency;
    let target = Target { db: app.db.clone(), clock: app.clock.clone(), files: app.files.clone(), currency };
    let report = import::run(target, Cursor::new(file), Some(Format::Lines), Options::default()).await;
    let report = report.expect("the database answers");
    assert_eq!((report.skipped, report.warnings), (0, 0), "{report}");
}

/// Changes the database and says so, as every change of ours does; the catalog takes note.
pub async fn change(shop: &TestApp, subject: &'static str, name: &str, sql: &'static str) {
    let now = shop.app.clock.now();
    let subject_id = id_of(shop, subject, name).await;
    let mut tx = shop.app.db.begin().await.expect("the database answers");
    assert!(tx.execute(sql, args![]).await.expect("is a statement") > 0, "{sql}");
    let event =
        Event { kind: "test.changed", subject, subject_id, version: 1, data: json!({}), actor: "test", at: now };
    events::append(&mut tx, event).await.expect("is kept");
    tx.commit().await.expect("is kept");
    shop.catch_up().await;
}

/// Products of one file come into being in one moment, and stand in the order of the file all the same.
async fn a_catalog_stands_in_the_order_of_its_file(engine: Engine) {
    let names: Vec<String> = (0..60).map(|number| format!("THING-{:02}", (number * 37) % 60)).collect();
    let products = names.iter().map(|name| simple(name, 1000, 5)).collect();
    let shop = Setup::on(engine).products(products).open().await;
    let list = shop.api().get("/api/products?per_page=100").await.ok(200);
    let items = list["items"].as_array().expect("a list");
    let slugs: Vec<&str> = items.iter().filter_map(|item| item["slug"].as_str()).collect();
    let wanted: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    assert_eq!(slugs, wanted);
}

async fn id_of(shop: &TestApp, subject: &str, name: &str) -> Uuid {
    #[derive(sqlx::FromRow)]
    struct Found {
        id: Uuid,
    }
    let sql = match subject {
        "product" => "SELECT id FROM products WHERE slug = $1",
        "category" => "SELECT id FROM categories WHERE slug = $1",
        _ => "SELECT id FROM variants WHERE sku = $1",
    };
    shop.query::<Found>(sql, args![name]).await.first().unwrap_or_else(|| panic!("no {subject} {name}")).id
}

/// Everything that visitors can tell of a catalog: a line for each order, and one for each category.
fn shown(catalog: &Catalog) -> Vec<String> {
    let in_order = |(name, sort): &(&str, Sort)| {
        let query = ListQuery { sort: Some(*sort), per_page: 100, ..ListQuery::default() };
        let products = catalog.list(&query).items.into_iter().map(|entry| {
            let available: Vec<_> = entry.product.variants.iter().map(|variant| variant.available()).collect();
            let (slug, name) = (&entry.product.slug, &entry.product.name);
            format!("{slug} {name} {} {} {} {available:?}", entry.price.minor, entry.highest_price.minor, entry.stock)
        });
        let products: Vec<String> = products.collect();
        format!("{name}: {}", products.join(", "))
    };
    let categories = catalog.categories().all().into_iter();
    let categories = categories.map(|category| format!("{}: {}", category.name, catalog.count_in(category.id)));
    Sort::NAMES.iter().map(in_order).chain(categories).collect()
}
