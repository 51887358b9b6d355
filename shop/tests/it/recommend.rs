//! What goes with what: worked out from orders and from what products say, kept, and shown where it helps.

use commerce::catalog::ProductInput;
use oxcart::args;
use oxcart::catalog::recommend::take_over;
use oxcart::flows::recommend::refresh;
use oxcart::jobs::{self, Job};
use serde_json::json;

use crate::app::{Engine, Setup, TestApp, both_engines};
use crate::builders::{GOOD_CARD, simple, with};
use crate::buyer::{Buyer, text};

both_engines!(
    what_was_bought_together_is_shown_together,
    only_what_changed_is_written_and_told,
    what_nobody_bought_yet_stands_beside_what_is_like_it,
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
