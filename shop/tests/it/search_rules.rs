//! What staff say about searches holds for shoppers as soon as it is heard of; and what shoppers search for is counted,
//! without anybody in it.

use oxcart::catalog::finder::{Place, catch_up};
use oxcart::jobs::{Job, enqueue};
use oxcart::{counting, searches};
use serde_json::{Value, json};

use crate::app::{Engine, Setup, TestApp, both_engines};
use crate::builders::{self, simple};
use crate::buyer::{Answer, text};
use crate::staff::{ADMIN, Staff};
use crate::visitor::{Page, Visitor};

both_engines!(
    what_is_said_holds_as_soon_as_it_is_heard_of,
    nobody_saves_over_somebody_else,
    what_can_not_be_said_changes_nothing,
    searches_are_counted_and_nobody_is_in_them,
    a_shop_that_closes_writes_down_what_was_searched_for,
    what_sells_meanwhile_keeps_nothing_from_being_found,
);

const NEW: &str = "/admin/search/rules/new";

/// What a shopper finds.
async fn finds(shop: &TestApp, q: &str) -> Vec<String> {
    let list = shop.api().get(&format!("/api/products?q={q}")).await.ok(200);
    list["items"].as_array().into_iter().flatten().map(|item| text(&item["name"]).to_owned()).collect()
}

/// The index has looked at everything that happened.
async fn heard(shop: &TestApp, place: &mut Place) {
    shop.catch_up().await;
    catch_up(&shop.app, place).await.expect("the index follows");
}

/// Looks for a product in the form of a rule and does something with it.
async fn choose(staff: &Visitor, page: Page, action: &str, words: &str, way: &str) -> Page {
    let page = staff.send(&page.form(action).set("find", words).press("do", "find")).await.is(200);
    let button = format!("value=\"{way}:");
    let (_, rest) = page.html.split_once(&button).unwrap_or_else(|| panic!("nothing to {way}:\n{}", page.html));
    let id = rest.split('"').next().expect("a part is there").to_owned();
    staff.send(&page.form(action).press("do", &format!("{way}:{id}"))).await.is(200)
}

async fn what_is_said_holds_as_soon_as_it_is_heard_of(engine: Engine) {
    let shop = TestApp::open(engine).await;
    shop.stock_up(vec![], ["CUP-A", "CUP-B"].map(|sku| simple(sku, 900, 5)).to_vec()).await;
    let staff = Staff::hire(&shop, ADMIN).await.browser(&shop).await;
    let mut place = Place::default();
    heard(&shop, &mut place).await;
    assert_eq!(finds(&shop, "mug").await, ["The mug"]);

    let synonyms = |page: Page, words: &str| page.form(NEW).set("words", words);
    let new = async || staff.open(&format!("{NEW}?kind=synonyms")).await.is(200);
    staff.send(&synonyms(new().await, "mug, lamp")).await.is(200).says("Shoppers have it within a second");
    staff.send(&synonyms(new().await, "stool\nplan").set("one_way", "1")).await.is(200);
    heard(&shop, &mut place).await;
    for (q, also, expected) in [
        ("mug", "The lamp", true),
        ("lamp", "The mug", true),
        ("stool", "The plan", true),
        ("plan", "The stool", false),
    ] {
        let found = finds(&shop, q).await;
        assert_eq!(found.iter().any(|name| name == also), expected, "{q}: {found:?}");
    }

    let page = staff.open(&format!("{NEW}?query=mug")).await.is(200);
    let page = choose(&staff, page, NEW, "stool", "pin").await;
    let page = choose(&staff, page, NEW, "plan", "pin").await;
    let page = choose(&staff, page, NEW, "mug", "hide").await;
    let words = page.words();
    let preview = words.split_once("Preview").expect("there is a preview").1;
    assert!(preview.contains("The stool") && !preview.contains("The mug"), "{preview}");
    assert_eq!(finds(&shop, "mug").await[0], "The mug", "nothing holds before it is saved");
    // What was pinned second shall be first.
    let form = page.form(NEW).set("product.0.place", "2").set("product.1.place", "1").press("do", "save");
    let saved = staff.send(&form).await.is(200);
    heard(&shop, &mut place).await;
    assert_eq!(finds(&shop, "Mugs").await, ["The plan", "The stool", "The lamp"]);

    let cups = finds(&shop, "cup").await;
    let page = staff.open(&format!("{NEW}?query=cup")).await;
    let page = choose(&staff, page, NEW, &cups[1].replace("The ", ""), "boost").await;
    staff.send(&page.form(NEW).press("do", "save")).await.is(200);
    let page = staff.open(&format!("{NEW}?query=send+back")).await;
    staff.send(&page.form(NEW).set("redirect", "/returns")).await.is(200);
    heard(&shop, &mut place).await;
    assert_eq!(finds(&shop, "cup").await, [cups[1].clone(), cups[0].clone()]);
    let (_, understood) = shop.app.catalog.load().search("send back", false);
    assert_eq!(understood.redirect.as_deref(), Some("/returns"));
    assert_eq!(shop.visitor().open("/search?q=send+back").await.is(200).path, "/returns");

    let path = saved.path.split('?').next().expect("a part is there").to_owned();
    staff.send(&staff.open(&path).await.form(&format!("{path}/delete"))).await.is(200).says("The rule is deleted");
    heard(&shop, &mut place).await;
    assert_eq!(finds(&shop, "mug").await[0], "The mug");
    let list = staff.open("/admin/search").await.is(200).says("send back").says("/returns").says("stool");
    assert!(list.statements() < 12, "no query for each rule");
    shop.verify().await;
}

async fn nobody_saves_over_somebody_else(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    let staff = ada.browser(&shop).await;
    let rule = json!({ "kind": "query", "query": "sale", "redirect": "/c/kitchen" });
    let made = ada.post("/api/admin/search/rules", &rule).await.ok(201);
    let path = format!("/admin/search/rules/{}", text(&made["id"]));
    let api = format!("/api{path}");
    let form = staff.open(&path).await.is(200).form(&path).set("redirect", "/c/kettles");

    let mut theirs = rule.clone();
    theirs["version"] = json!(1);
    theirs["redirect"] = json!("/terms");
    let saved = ada.put(&api, &theirs).await.ok(200);
    assert_eq!((&saved["version"], &saved["redirect"], &saved["pinned"]), (&json!(2), &json!("/terms"), &json!([])));
    let conflict = ada.put(&api, &theirs).await.refused(409, "version_conflict");
    assert_eq!((&conflict["version"], &conflict["current"]), (&json!(2), &saved));

    let page = staff.send(&form).await.is(409).says("Somebody else saved this rule").says("/terms");
    let again = page.form(&path);
    assert_eq!((again.value("version"), again.value("redirect")), (Some("2"), Some("/c/kettles")));
    staff.send(&again).await.is(200);
    let rules = ada.get("/api/admin/search/rules").await.ok(200);
    assert_eq!((&rules["items"][0]["redirect"], &rules["items"][0]["version"]), (&json!("/c/kettles"), &json!(3)));

    assert_eq!(ada.delete(&api).await.status, 204);
    ada.delete(&api).await.refused(404, "not_found");
    ada.put(&api, &theirs).await.refused(404, "not_found");
    let told = shop.texts("SELECT kind AS text FROM events WHERE subject = 'search_rule'").await;
    assert_eq!(told, ["search_rule.changed"; 4], "every change was told");
}

async fn what_can_not_be_said_changes_nothing(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    let mug = text(&shop.api().get("/api/products/mug").await.ok(200)["id"]).to_owned();
    let rules = "/api/admin/search/rules";
    ada.post(rules, &json!({ "kind": "query", "query": "Kettles", "pinned": [mug] })).await.ok(201);
    let before = ada.get(rules).await.ok(200);
    let nobody = "019369d0-7c00-7000-8000-00000000dead";
    let many: Vec<String> = (0..51).map(|number| format!("019369d0-7c00-7000-8000-0000000000{number:02x}")).collect();
    for (rule, fields) in [
        (json!({ "kind": "synonyms", "words": ["mug"] }), vec!["words"]),
        (json!({ "kind": "synonyms", "words": ["mug", " ", "x".repeat(61)] }), vec!["words.1", "words.2"]),
        (json!({ "kind": "synonyms", "words": ["mug", "MUGS"] }), vec!["words.1"]),
        (json!({ "kind": "synonyms", "words": ["mug", "cup"], "query": "mug" }), vec!["query"]),
        (json!({ "kind": "query", "query": "mug" }), vec!["pinned"]),
        (json!({ "kind": "query", "query": "?!", "pinned": [mug] }), vec!["query"]),
        (json!({ "kind": "query", "query": "kettle", "pinned": [mug] }), vec!["query"]),
        (json!({ "kind": "query", "query": "mug", "pinned": [nobody] }), vec!["pinned"]),
        (json!({ "kind": "query", "query": "mug", "pinned": [mug], "hidden": [mug] }), vec!["hidden"]),
        (json!({ "kind": "query", "query": "mug", "boosted": many }), vec!["boosted", "boosted"]),
        (json!({ "kind": "query", "query": "mug", "redirect": "//elsewhere.example" }), vec!["redirect"]),
        (json!({ "kind": "query", "query": "mug", "redirect": "/search?q=mug" }), vec!["redirect"]),
        (json!({ "kind": "query", "query": "mug", "redirect": "/c", "version": 1 }), vec!["version"]),
        (json!({ "kind": "query", "query": "mug", "redirect": "/c", "color": 1 }), vec!["color"]),
    ] {
        let answer = ada.post(rules, &rule).await;
        assert_eq!(
            (answer.status, answer.wrong_fields()),
            (422, fields.iter().map(|f| f.to_string()).collect()),
            "{rule}"
        );
    }
    let staff = ada.browser(&shop).await;
    let form = staff.open(&format!("{NEW}?query=kettle")).await.form(NEW).set("redirect", "elsewhere.example");
    let page = staff.send(&form).await.is(422).says("There is a rule for “Kettles” already").says("path of the shop");
    assert_eq!(page.form(NEW).value("redirect"), Some("elsewhere.example"), "what was typed stays");
    assert_eq!(ada.get(rules).await.ok(200), before);
}

async fn searches_are_counted_and_nobody_is_in_them(engine: Engine) {
    let setup = Setup::on(engine);
    // Another node on a server; a file has one, which then counts in two goes.
    let setup = if engine == Engine::Postgres { setup.on_two_nodes() } else { setup };
    let shop = setup.open().await;
    let visitor = shop.visitor();
    for nth in 0..2 {
        let (app, url) = shop.node(nth);
        for path in [
            "/search?q=Mug",
            "/api/products?q=%20mug",
            "/api/products?q=mug&page=2",
            "/api/products?q=mug&in_stock=true",
            "/search?q=teapod",
            "/search?q=lamp",
            "/search?q=ada%40example.com",
            "/search?q=%2B31%2020%20555%2001%2023",
            "/search?q=10001",
        ] {
            visitor.open(&format!("{url}{path}")).await.is(200);
        }
        let click = crate::buyer::Api::new(url).post("/api/search/clicks", &json!({ "q": "MUG " })).await;
        assert_eq!((click.status, click.text.as_str()), (204, ""));
        searches::write_down(app).await.expect("counts are written");
    }
    let log = "SELECT query || ' ' || CAST(searches AS TEXT) || ' ' || CAST(without_results AS TEXT) || ' '
             || CAST(clicks AS TEXT) AS text FROM search_log ORDER BY query";
    assert_eq!(shop.texts(log).await, ["lamp 2 0 0", "mug 4 0 2", "teapod 2 2 0"]);

    let ada = Staff::hire(&shop, ADMIN).await;
    let report = ada.get("/api/admin/search/report?days=7").await.ok(200);
    assert_eq!(report["total"], json!({ "searches": 8, "without_results": 2, "clicks": 2 }));
    let queries = |list: &Value| -> Vec<String> {
        list.as_array().into_iter().flatten().map(|row| text(&row["query"]).to_owned()).collect()
    };
    assert_eq!(queries(&report["top"]), ["mug", "lamp", "teapod"]);
    assert_eq!(
        (queries(&report["without_results"]), queries(&report["without_clicks"])),
        (vec!["teapod".into()], vec!["lamp".into()])
    );
    let page = ada.browser(&shop).await.open("/admin/search/report?show=without_results").await.is(200);
    assert_eq!(page.link("/admin/search/rules/new"), "/admin/search/rules/new?query=teapod");
    ada.get("/api/admin/search/report?days=91").await.refused(422, "invalid_fields");

    let foreign = shop.api().request("POST", "/api/search/clicks").header("origin", "https://evil.example");
    Answer::of(foreign.json(&json!({ "q": "mug" }))).await.refused(403, "forbidden");
    let long = json!({ "q": "x".repeat(201) });
    shop.api().post("/api/search/clicks", &long).await.refused(422, "invalid_fields");

    shop.after_minutes(8 * 24 * 60).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    assert_eq!(ada.get("/api/admin/search/report?days=7").await.ok(200)["total"]["searches"], 0);
    assert_eq!(ada.get("/api/admin/search/report").await.ok(200)["total"]["searches"], 8);
    let rows = async || shop.count("SELECT COUNT(*) AS n FROM search_log").await;
    assert_eq!(rows().await, 3);
    // The job comes back by itself from then on.
    let (clock, now) = (&shop.app.clock, shop.app.clock.now());
    let mut tx = shop.app.db.begin().await.expect("the database can be written");
    enqueue(&mut tx, clock, Job::Prune {}, now, now).await.expect("a job is written");
    tx.commit().await.expect("a job is kept");
    shop.after_minutes(82 * 24 * 60).await;
    assert_eq!(rows().await, 3, "on the ninetieth day they are there");
    shop.after_minutes(24 * 60).await;
    assert_eq!(rows().await, 0, "then nobody knows what was searched for");
    shop.verify().await;
}

async fn a_shop_that_closes_writes_down_what_was_searched_for(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let (close, closed) = tokio::sync::oneshot::channel::<()>();
    let keeper = tokio::spawn(counting::keep(shop.app.clone(), async { closed.await.unwrap_or_default() }));
    shop.api().get("/api/products?q=lamp").await.ok(200);
    close.send(()).expect("the keeper listens");
    keeper.await.expect("it ends by itself");
    assert_eq!(shop.texts("SELECT query AS text FROM search_log").await, ["lamp"]);
}

/// The index takes in what the catalog has, however much has happened since that the catalog has not.
async fn what_sells_meanwhile_keeps_nothing_from_being_found(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut place = Place::default();
    heard(&shop, &mut place).await;
    builders::write(&shop.app, vec![], vec![simple("CUP-A", 900, 5)]).await.expect("the product is good");
    shop.catch_up().await;
    builders::write(&shop.app, vec![], vec![simple("CUP-B", 900, 5)]).await.expect("the product is good");
    catch_up(&shop.app, &mut place).await.expect("the index follows");
    assert_eq!(finds(&shop, "cup").await, ["The cup-a"]);
    heard(&shop, &mut place).await;
    assert_eq!(finds(&shop, "cup").await.len(), 2);
}
