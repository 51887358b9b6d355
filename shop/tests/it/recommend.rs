//! What goes with what: worked out from orders and from what products say, kept, and shown where it helps.

use commerce::catalog::ProductInput;
use oxcart::args;
use oxcart::catalog::recommend::take_over;
use oxcart::flows::recommend::refresh;
use oxcart::jobs::{self, Job};
use oxcart::visits;
use serde_json::json;

use crate::app::{Engine, Setup, TestApp, both_engines};
use crate::builders::{GOOD_CARD, simple, with};
use crate::buyer::{Answer, Api, Buyer, text};

both_engines!(
    what_was_bought_together_is_shown_together,
    only_what_changed_is_written_and_told,
    what_nobody_bought_yet_stands_beside_what_is_like_it,
    what_is_looked_at_together_is_alike_and_nobody_is_in_it,
);

const CHANGES: &str = "SELECT COUNT(*) AS n FROM events WHERE subject = 'recommendations'";

/// A shop whose products have nothing in common but their shelf.
async fn tea_shop(engine: Engine) -> TestApp {
    let goods = ["TEAPOT", "CUP", "TRAY", "SOFA", "DESK", "RUG"];
    Setup::on(engine).products(goods.iter().map(|sku| simple(sku, 1000, 50)).collect()).open().await
}

/// Somebody buys one of each; answers the path of the order's page.
async fn bought(shop: &TestApp, email: &str, skus: &[&str]) -> String {
    let mut buyer = Buyer::enter(shop).await.named(email);
    for sku in skus {
        buyer.add(shop, sku, 1).await.ok(200);
    }
    buyer.check_out().await.ok(201);
    buyer.pay(GOOD_CARD).await.ok(200);
    shop.path(text(&buyer.checkout["order"]["url"])).to_owned()
}

/// The slugs of a list of recommendations.
async fn listed(shop: &TestApp, path: &str) -> Vec<String> {
    let list = shop.api().get(path).await.ok(200);
    list["items"].as_array().expect("a list").iter().map(|item| text(&item["slug"]).to_owned()).collect()
}

/// The products of the row under a heading, in order.
fn row(html: &str, heading: &str) -> Vec<String> {
    let Some(start) = html.find(&format!("id=\"{heading}\"")) else { return vec![] };
    let section = &html[start..];
    let section = &section[..section.find("</section>").expect("a section ends")];
    let slug = |rest: &str| rest.split('"').next().expect("an address ends").to_owned();
    section.split("<h3><a href=\"/p/").skip(1).map(slug).collect()
}

async fn what_was_bought_together_is_shown_together(engine: Engine) {
    let shop = tea_shop(engine).await;
    assert_eq!(listed(&shop, "/api/products/teapot/recommendations?kind=together").await, [""; 0]);
    for (email, skus) in [
        ("ada@example.com", &["TEAPOT", "CUP"][..]),
        ("bo@example.com", &["CUP", "TEAPOT"]),
        ("cy@example.com", &["TEAPOT", "TRAY"]),
        ("di@example.com", &["SOFA"]),
    ] {
        bought(&shop, email, skus).await;
    }
    let mut tx = shop.app.db.begin().await.expect("the database can be written");
    let now = shop.app.clock.now();
    jobs::enqueue(&mut tx, &shop.app.clock, Job::Recommend {}, now, now).await.expect("a job is written");
    tx.commit().await.expect("a job is written");
    shop.drain().await;

    let together = "/api/products/teapot/recommendations?kind=together";
    assert_eq!(listed(&shop, together).await, ["cup", "tray"]);
    assert_eq!(listed(&shop, "/api/recommendations/trending").await[0], "teapot");
    let all = listed(&shop, "/api/products/teapot/recommendations").await;
    assert_eq!((&all[..2], all.len()), (&["cup".to_owned(), "tray".to_owned()][..], 5), "filled up from the shelf");
    shop.api().get("/api/products/teapot/recommendations?kind=best").await.refused(422, "invalid_fields");

    let page = shop.visitor().open("/p/teapot").await.is(200).says("Bought together");
    assert_eq!(row(&page.html, "h-together"), ["cup", "tray"]);
    assert_eq!(row(&page.html, "h-similar"), ["sofa", "desk", "rug"], "no product stands there twice");
    let desk = shop.visitor().open("/p/desk").await.is(200);
    assert_eq!(row(&desk.html, "h-together"), [""; 0], "what nobody bought has no such row");
    let home = shop.visitor().open("/").await.is(200);
    assert!(home.words().contains("Much wanted") || row(&home.html, "h-row-trending").is_empty());

    let visitor = shop.visitor();
    let form = visitor.open("/p/teapot").await.form("/cart/items");
    let cart = visitor.send(&form).await.is(200).says("Goes with what is in your cart");
    assert_eq!(row(&cart.html, "h-also")[..2], ["cup", "tray"]);
    let form = visitor.open("/p/cup").await.form("/cart/items");
    let cart = visitor.send(&form).await.is(200);
    assert_eq!(row(&cart.html, "h-also")[0], "tray");
    assert!(!row(&cart.html, "h-also").contains(&"cup".to_owned()), "it is in the cart already");

    let order = bought(&shop, "ed@example.com", &["TRAY"]).await;
    shop.drain().await;
    let thanks = shop.visitor().open(&format!("{order}&thanks=1")).await.is(200);
    assert_eq!(row(&thanks.html, "h-also")[0], "teapot");
    assert_eq!(row(&shop.visitor().open(&order).await.html, "h-also"), [""; 0], "only right after buying");
    let mails = shop.mails();
    let receipt = mails.iter().find(|mail| mail.to.contains("ed@example.com")).expect("a receipt");
    assert_eq!(receipt.link("/p/teapot"), format!("{}/p/teapot", shop.url));

    shop.tamper(
        "UPDATE stock SET on_hand = 0, reserved = 0 WHERE variant_id IN (SELECT id FROM variants WHERE sku = 'CUP')",
    )
    .await;
    shop.drain().await;
    assert_eq!(listed(&shop, together).await, ["tray"], "what is sold out is left out");
}

/// A list as it is kept: about what, of which kind, and written when.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
struct Kept {
    product_id: uuid::Uuid,
    kind: String,
    made_at: chrono::DateTime<chrono::Utc>,
}

async fn kept(shop: &TestApp) -> Vec<Kept> {
    const KEPT: &str = "SELECT product_id, kind, made_at FROM recommendations ORDER BY product_id, kind";
    shop.query(KEPT, args![]).await
}

async fn only_what_changed_is_written_and_told(engine: Engine) {
    let shop = tea_shop(engine).await;
    bought(&shop, "ada@example.com", &["TEAPOT", "CUP"]).await;
    shop.after_minutes(2).await;
    assert!(refresh(&shop.app).await.expect("works"));
    assert_eq!(shop.count(CHANGES).await, 1);
    let before = kept(&shop).await;
    assert!(!refresh(&shop.app).await.expect("works"), "nothing has happened");
    shop.after_minutes(25 * 60).await;
    assert!(!refresh(&shop.app).await.expect("works"), "everything was worked out anew, and is as it was");
    assert_eq!((shop.count(CHANGES).await, kept(&shop).await), (1, before.clone()));

    bought(&shop, "bo@example.com", &["SOFA", "RUG"]).await;
    shop.after_minutes(60).await;
    assert!(refresh(&shop.app).await.expect("works"));
    take_over(&shop.app).await.expect("is read");
    assert_eq!(listed(&shop, "/api/products/rug/recommendations?kind=together").await, ["sofa"]);
    let after = kept(&shop).await;
    let is_new = after.iter().filter(|row| !before.contains(row)).count();
    assert_eq!((is_new, shop.count(CHANGES).await), (3, 2), "sofa, rug and what trends");
    shop.verify().await;
}

async fn what_nobody_bought_yet_stands_beside_what_is_like_it(engine: Engine) {
    let named = |sku: &str, name: &str| -> ProductInput { with(simple(sku, 900, 5), json!({ "name": name })) };
    let goods = vec![
        named("TIN", "Green tea tin"),
        named("BAGS", "Green tea bags"),
        named("CHAIR", "Garden chair"),
        named("TABLE", "Garden table"),
    ];
    let shop = Setup::on(engine).products(goods).open().await;
    assert!(refresh(&shop.app).await.expect("works"));
    shop.drain().await;
    assert_eq!(listed(&shop, "/api/products/tin/recommendations?kind=similar").await, ["bags"]);
    let page = shop.visitor().open("/p/chair").await.is(200).says("More like this");
    assert_eq!(row(&page.html, "h-similar")[0], "table");
    shop.stock_up(vec![], vec![named("BENCH", "Garden bench")]).await;
    assert!(refresh(&shop.app).await.expect("works"));
    shop.drain().await;
    let like = listed(&shop, "/api/products/bench/recommendations?kind=similar").await;
    assert_eq!(like, ["chair", "table"]);
}

async fn what_is_looked_at_together_is_alike_and_nobody_is_in_it(engine: Engine) {
    let setup = Setup::on(engine);
    // Another node on a server; a file has one, which then counts in two goes.
    let setup = if engine == Engine::Postgres { setup.on_two_nodes() } else { setup };
    let goods = ["TEAPOT", "CUP", "TRAY", "SOFA"].map(|sku| simple(sku, 1000, 50));
    let shop = setup.products(goods.into()).open().await;
    let view = async |nth: usize, product: &str, beside: &[&str]| {
        let api = Api::new(shop.node(nth).1);
        let answer = api.post("/api/views", &json!({ "product": product, "beside": beside })).await;
        assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    };
    for nth in 0..2 {
        for _ in 0..10 {
            view(nth, "sofa", &["teapot", "teapot", "sofa", "never-sold"]).await;
            view(nth, "teapot", &[]).await;
        }
        visits::write_down(shop.node(nth).0).await.expect("counts are written");
    }
    view(0, "cup", &["tray"]).await;
    visits::write_down(&shop.app).await.expect("counts are written");
    let log = "SELECT CAST(views AS TEXT) AS text FROM product_views ORDER BY views, product_id, beside_id";
    assert_eq!(shop.texts(log).await, ["1", "1", "20", "20", "20"], "cup, its pair; sofa, teapot, their pair");

    assert!(refresh(&shop.app).await.expect("works"));
    take_over(&shop.app).await.expect("is read");
    assert_eq!(listed(&shop, "/api/products/teapot/recommendations?kind=similar").await, ["sofa"]);
    assert_eq!(
        listed(&shop, "/api/products/cup/recommendations?kind=similar").await,
        [""; 0],
        "one visit says nothing"
    );
    let trending = listed(&shop, "/api/recommendations/trending").await;
    assert_eq!((trending.len(), trending.contains(&"cup".to_owned())), (2, false), "{trending:?}");

    let asked = json!({ "products": ["teapot", "never-sold"] });
    let list = shop.api().post("/api/recommendations/for-you", &asked).await.ok(200);
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(list["items"][0]["slug"], "sofa");
    let many: Vec<String> = (0..21).map(|nth| format!("p{nth}")).collect();
    shop.api().post("/api/recommendations/for-you", &json!({ "products": many })).await.refused(422, "invalid_fields");
    let beside = json!({ "product": "cup", "beside": &many[..6] });
    shop.api().post("/api/views", &beside).await.refused(422, "invalid_fields");
    shop.api().post("/api/views", &json!({ "product": "never-sold" })).await.refused(404, "not_found");
    let foreign = shop.api().request("POST", "/api/views").header("origin", "https://evil.example");
    Answer::of(foreign.json(&json!({ "product": "cup" }))).await.refused(403, "forbidden");

    shop.after_minutes(91 * 24 * 60).await;
    let now = shop.app.clock.now();
    let mut tx = shop.app.db.begin().await.expect("the database can be written");
    jobs::enqueue(&mut tx, &shop.app.clock, Job::Prune {}, now, now).await.expect("a job is written");
    tx.commit().await.expect("a job is kept");
    shop.drain().await;
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM product_views").await, 0);
    shop.verify().await;
}
