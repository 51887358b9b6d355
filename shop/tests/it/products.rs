//! Staff edit the catalog: products, many at once, and the tree they stand in.

use commerce::catalog::ProductInput;
use commerce::ids::ProductId;
use oxcart::flows::edit_product::{Edit, Outcome, save_form};
use oxcart::store::products::load_one;
use serde_json::{Value, json};

use crate::app::{Engine, TestApp, both_engines, burst};
use crate::builders::{GOOD_CARD, amount, simple};
use crate::buyer::{Buyer, text};
use crate::staff::{ADMIN, Staff};

both_engines!(
    a_product_is_made_changed_and_archived,
    two_people_lose_nothing,
    a_matrix_of_twelve_is_made_and_kept,
    what_is_edited_while_somebody_pays_is_bought_as_it_was,
    what_is_promised_has_to_lie_there_once_it_is_counted,
    many_are_changed_and_what_failed_is_told,
    a_long_change_goes_on_by_a_job,
    products_are_listed_without_a_statement_a_row,
    categories_move_and_never_in_a_circle,
);

async fn product(staff: &Staff, slug: &str) -> Value {
    let list = staff.get(&format!("/api/admin/products?q={slug}&per_page=100")).await.ok(200);
    let items = list["items"].as_array().expect("a list");
    let found = items.iter().find(|item| item["slug"] == slug).unwrap_or_else(|| panic!("no {slug} in {list}"));
    staff.get(&format!("/api/admin/products/{}", text(&found["id"]))).await.ok(200)
}

fn path(product: &Value) -> String {
    format!("/api/admin/products/{}", text(&product["id"]))
}

async fn a_product_is_made_changed_and_archived(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let staff = Staff::hire(&shop, ADMIN).await;
    let new = json!({
        "name": "Café crème", "status": "active", "categories": ["kitchen"], "tags": ["tea", " tea "],
        "description_html": "<p onclick=\"x()\">Good.</p><script>alert(1)</script>",
        "variants": [{ "sku": "CAFE", "price": amount(1250), "on_hand": 7 }],
        "seo": { "title": "Coffee", "description": null },
    });
    let made = staff.post("/api/admin/products", &new).await.ok(201);
    assert_eq!((&made["slug"], &made["version"]), (&json!("cafe-creme"), &json!(1)));
    assert_eq!((&made["description_html"], &made["tags"]), (&json!("<p>Good.</p>"), &json!(["tea"])));
    assert_eq!(staff.post("/api/admin/products", &new).await.wrong_fields(), ["variants[0].sku"]);
    assert_eq!(shop.stock("CAFE").await, (7, 0));
    shop.catch_up().await;
    shop.api().get("/api/products/cafe-creme").await.ok(200);

    let change = json!({ "version": 1, "slug": "coffee", "variants": [{ "sku": "CAFE", "price": amount(1300) }] });
    let changed = staff.patch(&path(&made), &change).await.ok(200);
    assert_eq!((&changed["version"], &changed["variants"][0]["on_hand"]), (&json!(2), &json!(7)));
    assert_eq!(changed["variants"][0]["id"], made["variants"][0]["id"]);
    shop.catch_up().await;
    assert_eq!(shop.api().get("/api/products/coffee").await.ok(200)["price"], amount(1300));
    shop.visitor().open("/p/cafe-creme").await.is(200);

    let stale = staff.patch(&path(&made), &json!({ "version": 1, "name": "x" })).await;
    let stale = stale.refused(409, "version_conflict");
    assert_eq!((&stale["version"], &stale["current"]["slug"]), (&json!(2), &json!("coffee")));
    for (document, field) in [
        (json!({ "name": "x" }), "version"),
        (json!({ "version": 2, "prices": 1 }), "prices"),
        (json!({ "version": 2, "categories": ["nowhere"] }), "categories[0]"),
        (json!({ "version": 2, "slug": "mug" }), "slug"),
        (json!({ "version": 2, "images": [{ "src": "/media/../secret" }] }), "images[0].src"),
        (json!({ "version": 2, "variants": [] }), "variants"),
        (json!({ "version": 2, "variants": [{ "price": { "amount": -1, "currency": "EUR" } }] }), "variants[0].price"),
        (json!({ "version": 2, "name": ["x"] }), "name"),
    ] {
        let answer = staff.patch(&path(&made), &document).await;
        assert_eq!((answer.status, answer.wrong_fields()), (422, vec![field.to_owned()]), "{document}");
    }
    staff.get("/api/admin/products/019369d0-7c00-7000-8000-00000000dead").await.refused(404, "not_found");

    let archived = staff.delete(&path(&made)).await.ok(200);
    assert_eq!((&archived["status"], &archived["version"]), (&json!("archived"), &json!(3)));
    assert_eq!(staff.delete(&path(&made)).await.ok(200)["version"], 3, "archived once is archived");
    let history = staff.get(&format!("{}/history", path(&made))).await.ok(200);
    let kinds: Vec<&str> = history["items"].as_array().expect("a list").iter().map(|one| text(&one["kind"])).collect();
    assert_eq!(kinds, ["product.archived", "product.updated", "product.created"]);
    let edit = &history["items"][1];
    assert_eq!((&edit["name"], &edit["fields"]), (&json!("Ada Somebody"), &json!(["slug", "variants.price"])));
    assert_eq!((&edit["prices"][0]["was"], &edit["prices"][0]["now"]), (&amount(1250), &amount(1300)));
    shop.verify().await;
}

async fn editable(shop: &TestApp, id: ProductId) -> ProductInput {
    let currency = shop.app.shop.load().currency;
    let mut conn = shop.app.db.read().await.expect("the database answers");
    load_one(&mut conn, currency, id, false).await.expect("it is read").expect("it is there").editable()
}

async fn two_people_lose_nothing(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let staff = Staff::hire(&shop, ADMIN).await;
    let id: ProductId = text(&product(&staff, "stove-kettle").await["id"]).parse().expect("an id");
    let base = editable(&shop, id).await;
    let save = async |yours: ProductInput, theirs: Vec<String>, base: &ProductInput| {
        let edit = Edit { base: base.clone(), yours, theirs };
        save_form(&shop.app, id, &edit, "staff:test").await.expect("it is decided")
    };
    // Both began at the same time; one is done first. Somebody buys meanwhile.
    let first = ProductInput { name: "Steel kettle".into(), tags: vec!["tea".into(), "new".into()], ..base.clone() };
    assert!(matches!(save(first, vec![], &base).await, Outcome::Saved(_)));
    let mut buyer = shop.buyer().await;
    buyer.add(&shop, "KETTLE-BRICK-10", 2).await.ok(200);
    buyer.check_out().await.ok(201);
    buyer.pay(GOOD_CARD).await.ok(200);
    // The other one touched other fields: both are kept, and so is the sale.
    let mut second = base.clone();
    second.variants[1].price.minor = 7500;
    let Outcome::Saved(saved) = save(second, vec![], &base).await else { panic!("nothing conflicts") };
    let told: Vec<&str> = saved.by_them.iter().map(|change| change.field.as_str()).collect();
    assert_eq!((saved.product.input.name.as_str(), told), ("Steel kettle", vec!["name", "tags"]));
    assert_eq!(shop.stock("KETTLE-BRICK-10").await, (8, 0));
    // A third one renamed it too: nothing is written until they have decided.
    let third = ProductInput { name: "Whistler".into(), brand: Some("Quay".into()), ..base.clone() };
    let Outcome::Conflict(conflict) = save(third, vec![], &base).await else { panic!("the name conflicts") };
    assert_eq!(conflict.conflicts.len(), 1);
    let shown = &conflict.conflicts[0];
    let shown = (shown.was.as_deref(), shown.theirs.as_deref(), shown.yours.as_deref());
    assert_eq!(shown, (Some("Stove kettle"), Some("Steel kettle"), Some("Whistler")));
    let seen = conflict.current.editable();
    let Outcome::Saved(saved) = save(conflict.merged.clone(), vec!["name".into()], &seen).await else {
        panic!("they gave in")
    };
    let input = &saved.product.input;
    assert_eq!((input.name.as_str(), input.brand.as_deref()), ("Steel kettle", Some("Quay")));
    assert_eq!(input.variants[1].price.minor, 7500);
    shop.verify().await;
}

async fn a_matrix_of_twelve_is_made_and_kept(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let staff = Staff::hire(&shop, ADMIN).await;
    let mug = product(&staff, "mug").await;
    let options = json!([
        { "name": "Colour", "values": ["Red", "Blue", "Green"] },
        { "name": "Size", "values": ["S", "M", "L", "XL"] },
    ]);
    let wide = staff.patch(&path(&mug), &json!({ "version": 1, "options": options })).await.ok(200);
    let variants = wide["variants"].as_array().expect("a list");
    assert_eq!(variants.len(), 12);
    assert_eq!(variants[0]["id"], mug["variants"][0]["id"], "the one that was there stands for the first values");
    assert!(variants.iter().all(|variant| variant["price"] == amount(1450)));
    assert_eq!((&variants[0]["on_hand"], &variants[1]["on_hand"]), (&json!(100), &json!(0)));
    // A value gets another name: the variants stay themselves.
    let mut renamed: Vec<Value> = variants
        .iter()
        .map(|variant| json!({ "id": variant["id"], "options": variant["options"], "price": variant["price"] }))
        .collect();
    for variant in renamed.iter_mut().take(4) {
        variant["options"]["Colour"] = json!("Brick");
    }
    let mut options = options;
    options[0]["values"][0] = json!("Brick");
    let change = json!({ "version": 2, "options": options, "variants": renamed });
    let kept = staff.patch(&path(&mug), &change).await.ok(200);
    assert_eq!((&kept["variants"][0]["id"], &kept["variants"][0]["on_hand"]), (&variants[0]["id"], &json!(100)));
    // A value goes: its variants leave the product and keep their rows.
    options[1]["values"] = json!(["S", "M", "L"]);
    let fewer = staff.patch(&path(&mug), &json!({ "version": 3, "options": options })).await.ok(200);
    assert_eq!(fewer["variants"].as_array().map(Vec::len), Some(9));
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM variants WHERE archived").await, 3);
    shop.verify().await;
}

async fn what_is_edited_while_somebody_pays_is_bought_as_it_was(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let staff = Staff::hire(&shop, ADMIN).await;
    let kettle = product(&staff, "stove-kettle").await;
    let mut buyer = Buyer::at_the_till(&shop, "KETTLE-BRICK-10").await;
    // Less than is promised is refused; the rest is the shop's to change.
    let mut counted = kettle["variants"].clone();
    for variant in counted.as_array_mut().expect("a list") {
        for gone in ["reserved", "available"] {
            variant.as_object_mut().expect("an object").remove(gone);
        }
    }
    counted[0]["on_hand"] = json!(0);
    let refused = staff.patch(&path(&kettle), &json!({ "version": 1, "variants": counted })).await;
    assert_eq!(refused.wrong_fields(), ["variants[0].on_hand"]);
    let edits = async {
        let dearer = json!({ "version": 1, "options": [], "variants": [{ "sku": "OTHER", "price": amount(1) }] });
        staff.patch(&path(&kettle), &dearer).await.ok(200);
        staff.delete(&path(&kettle)).await.ok(200)
    };
    let (paid, _) = tokio::join!(buyer.pay(GOOD_CARD), edits);
    let order = paid.ok(200)["order"].clone();
    assert!(order["url"].is_string(), "it was promised: {order}");
    shop.verify().await;
}

/// From sold on when empty, or from not counted, to counted: what open checkouts were promised has to be there.
async fn what_is_promised_has_to_lie_there_once_it_is_counted(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let staff = Staff::hire(&shop, ADMIN).await;
    let mug = product(&staff, "mug").await;
    let mut buyer = shop.buyer().await;
    buyer.add(&shop, "MUG", 2).await.ok(200);
    buyer.check_out().await.ok(201);
    let mug = path(&mug);
    let mut version = 1;
    for lax in [json!({ "policy": "continue" }), json!({ "tracked": false })] {
        let variant = |on_hand: i64, rule: &Value| {
            let mut variant = json!({ "sku": "MUG", "price": amount(1450), "on_hand": on_hand });
            variant.as_object_mut().expect("an object").extend(rule.as_object().expect("an object").clone());
            json!([variant])
        };
        let edit = |version: i64, variants: Value| json!({ "version": version, "variants": variants });
        staff.patch(&mug, &edit(version, variant(1, &lax))).await.ok(200);
        let strict = json!({ "tracked": true, "policy": "deny" });
        let refused = staff.patch(&mug, &edit(version + 1, variant(1, &strict))).await;
        assert_eq!(refused.wrong_fields(), ["variants[0].on_hand"]);
        assert!(refused.text.contains("2 are reserved by open checkouts"), "{}", refused.text);
        shop.verify().await;
        staff.patch(&mug, &edit(version + 1, variant(2, &strict))).await.ok(200);
        version += 2;
    }
    shop.verify().await;
}

async fn many_are_changed_and_what_failed_is_told(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let staff = Staff::hire(&shop, ADMIN).await;
    let (mug, lamp, plan) =
        (product(&staff, "mug").await, product(&staff, "lamp").await, product(&staff, "plan").await);
    let ids = json!([mug["id"], lamp["id"], plan["id"], "019369d0-7c00-7000-8000-00000000dead"]);
    let off = json!({ "ids": ids, "change": { "action": "price", "add": -1000, "compare_at": "former_price" } });
    let report = staff.post("/api/admin/products/bulk", &off).await.ok(200);
    let figures = ["total", "changed", "unchanged", "failed"].map(|name| report[name].as_i64().expect("a number"));
    assert_eq!(figures, [4, 2, 0, 2], "{report}");
    let why: Vec<&str> =
        report["failures"].as_array().expect("a list").iter().map(|one| text(&one["message"])).collect();
    assert!(why.iter().any(|why| why.contains("below zero")) && why.iter().any(|why| why.contains("no such product")));
    let cheaper = product(&staff, "mug").await;
    let prices = (&cheaper["variants"][0]["price"], &cheaper["variants"][0]["compare_at_price"]);
    assert_eq!(prices, (&amount(450), &amount(1450)));
    // By what a list shows, with tags that some have already.
    let tag =
        json!({ "filter": { "status": ["draft", "archived"] }, "change": { "action": "add_tags", "tags": ["old"] } });
    assert_eq!(staff.post("/api/admin/products/bulk", &tag).await.ok(200)["changed"], 2);
    assert_eq!(staff.post("/api/admin/products/bulk", &tag).await.ok(200)["unchanged"], 2);
    let publish = json!({ "filter": { "q": "draft" }, "change": { "action": "publish" } });
    assert_eq!(staff.post("/api/admin/products/bulk", &publish).await.ok(200)["changed"], 1);
    for (wrong, field) in [
        (json!({ "change": { "action": "publish" } }), "ids"),
        (json!({ "ids": [], "change": { "action": "publish" } }), "ids"),
        (json!({ "ids": ids, "change": { "action": "price" } }), "set"),
        (json!({ "ids": ids, "change": { "action": "price", "set": 1, "add": 1 } }), "set"),
        (json!({ "ids": ids, "change": { "action": "price", "percent": "a lot" } }), "percent"),
        (json!({ "ids": ids, "change": { "action": "add_tags", "tags": [] } }), "tags"),
    ] {
        assert_eq!(staff.post("/api/admin/products/bulk", &wrong).await.wrong_fields(), [field], "{wrong}");
    }
    shop.verify().await;
}

async fn a_long_change_goes_on_by_a_job(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let staff = Staff::hire(&shop, ADMIN).await;
    shop.stock_up(vec![], (0..201).map(|n| simple(&format!("CUP-{n}"), 1000, 1)).collect()).await;
    let raise = json!({ "filter": { "q": "cup-" }, "change": { "action": "price", "percent": "10" } });
    let begun = staff.post("/api/admin/products/bulk", &raise).await.ok(202);
    assert_eq!((&begun["total"], &begun["finished"]), (&json!(201), &json!(false)));
    // Two workers at once change every product once all the same.
    let drain = || {
        let app = shop.app.clone();
        async move { oxcart::jobs::drain(&app).await.expect("jobs run") }
    };
    burst(vec![drain(), drain()]).await;
    let done = staff.get(&format!("/api/admin/products/bulk/{}", text(&begun["id"]))).await.ok(200);
    assert_eq!((&done["changed"], &done["finished"]), (&json!(201), &json!(true)));
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM prices WHERE amount = 1100").await, 201);
    shop.verify().await;
}

async fn products_are_listed_without_a_statement_a_row(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let staff = Staff::hire(&shop, ADMIN).await;
    let slugs = async |query: &str| {
        let list = staff.get(&format!("/api/admin/products?per_page=100&{query}")).await.ok(200);
        let items = list["items"].as_array().cloned().unwrap_or_default();
        assert_eq!(list["total"], items.len(), "{list}");
        items.iter().map(|item| text(&item["slug"]).to_owned()).collect::<Vec<_>>()
    };
    for (query, expected) in [
        ("sort=name&status=active", vec!["stove-kettle", "lamp", "mug", "plan", "stool"]),
        ("sort=-price&status=active", vec!["stool", "lamp", "stove-kettle", "mug", "plan"]),
        ("sort=price&min_price=7000&max_price=13000", vec!["stove-kettle", "lamp"]),
        ("sort=name&category=kitchen&q=harb", vec!["stove-kettle"]),
        ("q=kettle-ink", vec!["stove-kettle"]),
        ("q=TEA", vec!["stove-kettle"]),
        ("q=100%25", vec![]),
        ("category=nowhere", vec![]),
        ("sort=name&status=draft&status=archived", vec!["draft", "gone"]),
        ("stock=untracked", vec!["plan"]),
        ("stock=low", vec!["stove-kettle", "stool"]),
        ("sort=-stock&status=active&stock=in&stock=low", vec!["mug", "stove-kettle", "lamp", "stool"]),
    ] {
        let (mut found, mut expected) = (slugs(query).await, expected);
        if !query.contains("sort") {
            found.sort_unstable();
            expected.sort_unstable();
        }
        assert_eq!(found, expected, "{query}");
    }
    let few = staff.get("/api/admin/products").await.statements();
    shop.stock_up(vec![], (0..49).map(|n| simple(&format!("CUP-{n}"), 1000, 1)).collect()).await;
    // Keys are asked for by powers of two: 4 + 2 + 1, and 32 + 16 + 8.
    assert_eq!(staff.get("/api/admin/products?per_page=56").await.statements(), few);
    for (query, field) in [("sort=size", "sort"), ("per_page=101", "per_page"), ("colour=red", "colour")] {
        assert_eq!(staff.get(&format!("/api/admin/products?{query}")).await.wrong_fields(), [field]);
    }
}

async fn categories_move_and_never_in_a_circle(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let staff = Staff::hire(&shop, ADMIN).await;
    let all = async || {
        let list = staff.get("/api/admin/categories").await.ok(200)["items"].clone();
        list.as_array().cloned().unwrap_or_default()
    };
    let named = async |slug: &str| all().await.into_iter().find(|one| one["slug"] == slug).expect("it is there");
    let at = |category: &Value| format!("/api/admin/categories/{}", text(&category["id"]));
    let new = json!({ "name": "Tea & coffee", "parent": "kitchen", "place": 0 });
    assert_eq!(staff.post("/api/admin/categories", &new).await.ok(201)["slug"], "tea-coffee");
    let order: Vec<String> = all().await.iter().map(|one| text(&one["slug"]).to_owned()).collect();
    assert_eq!(order, ["kitchen", "tea-coffee", "kettles"]);
    let (kitchen, tea) = (named("kitchen").await, named("tea-coffee").await);
    let circle = json!({ "version": kitchen["version"], "parent": "tea-coffee" });
    assert_eq!(staff.patch(&at(&kitchen), &circle).await.wrong_fields(), ["parent"]);
    // Two moves that would be a circle together: one of them is refused.
    let kettles = named("kettles").await;
    let moves = [(&tea, "kettles"), (&kettles, "tea-coffee")].map(|(category, parent)| {
        let (api, path) = (shop.api().with_bearer(&staff.token), at(category));
        let change = json!({ "version": category["version"], "parent": parent });
        async move { api.patch(&path, &change).await.status }
    });
    let mut statuses = burst(moves.into()).await;
    statuses.sort_unstable();
    assert_eq!(statuses[0], 200);
    assert_ne!(statuses[1], 200);
    // A new name keeps the old address; a deleted one leads to what it stood under.
    let kettles = named("kettles").await;
    let change = json!({ "version": kettles["version"], "slug": "pots", "name": "Pots", "parent": "kitchen" });
    staff.patch(&at(&kettles), &change).await.ok(200);
    staff.patch(&at(&kettles), &change).await.refused(409, "version_conflict");
    staff.delete(&at(&kettles)).await.refused(409, "not_allowed");
    assert_eq!(staff.delete(&format!("{}?contents=parent", at(&kettles))).await.status, 204);
    assert_eq!(product(&staff, "stove-kettle").await["categories"], json!(["kitchen"]));
    shop.catch_up().await;
    assert!(shop.visitor().open("/c/kettles").await.is(200).html.contains("Kitchen"));
    staff.delete(&format!("{}?contents=parent", at(&kitchen))).await.refused(409, "not_allowed");
    shop.verify().await;
}
