//! Home: its figures follow from what happened, in as many statements for many orders as for one, and what staff find.

use std::collections::BTreeSet;

use commerce::payment::Outcome;
use oxcart::flows::settle::settle;
use serde_json::json;

use crate::app::{Engine, TestApp, both_engines};
use crate::builders::{DECLINED_CARD, GOOD_CARD, eur};
use crate::buyer::{Api, Buyer};
use crate::staff::{ADMIN, SUPER_ADMIN, Staff};
use crate::visitor::Page;

both_engines!(
    figures_follow_from_orders_and_carts,
    no_query_per_row,
    the_set_up_list_is_put_away,
    staff_find_what_they_know,
    every_link_leads_somewhere,
    payments_to_review_are_those_of_their_list
);

async fn order(shop: &TestApp, sku: &str) {
    let mut buyer = Buyer::at_the_till(shop, sku).await;
    buyer.pay(GOOD_CARD).await.ok(200);
}

async fn figures_follow_from_orders_and_carts(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    let home = ada.get("/api/admin/home").await.ok(200);
    assert_eq!((&home["now"]["orders"], &home["now"]["average_order"]), (&json!(0), &json!(null)));

    order(&shop, "MUG").await;
    order(&shop, "LAMP").await;
    shop.buyer().await.add(&shop, "MUG", 1).await;
    const CANCEL: &str =
        "UPDATE orders SET status = 'canceled' WHERE id IN (SELECT order_id FROM order_items WHERE sku = 'LAMP')";
    shop.tamper(CANCEL).await;
    let home = ada.get("/api/admin/home?period=7").await.ok(200);
    let now = &home["now"];
    let total: i64 = shop.count("SELECT total AS n FROM orders WHERE status <> 'canceled'").await;
    assert_eq!((&now["revenue"]["amount"], &now["orders"]), (&json!(total), &json!(1)), "{now}");
    assert_eq!((&now["carts"], &now["bought"]), (&json!(3), &json!(2)), "{now}");
    assert_eq!(home["parts"].as_array().map(Vec::len), Some(7));
    assert_eq!(home["parts"][6]["revenue"]["amount"], json!(total));
    assert_eq!((&home["top_products"][0]["name"], &home["needs"]["to_ship"]), (&json!("The mug"), &json!(1)), "{home}");
    assert!(
        home["low_stock"].as_array().is_some_and(|low| low.iter().any(|row| row["name"] == "Stove kettle")),
        "{home}"
    );

    let page = ada.browser(&shop).await.open("/admin?period=7").await.is(200).says("nothing before");
    assert!(!page.words().contains("the same as before"), "there was nothing: {}", page.words());

    shop.app.clock.advance(8 * 24 * 60 * 60);
    let ada = Staff::hire(&shop, ADMIN).await;
    let home = ada.get("/api/admin/home?period=7").await.ok(200);
    assert_eq!((&home["now"]["orders"], &home["before"]["orders"]), (&json!(0), &json!(1)), "{home}");
    ada.get("/api/admin/home?period=8").await.refused(422, "invalid_fields");
}

async fn no_query_per_row(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    order(&shop, "MUG").await;
    let one = [ada.get("/admin").await, ada.get("/api/admin/find?q=mug").await];
    for sku in ["MUG", "PLAN", "KETTLE-BRICK-10", "KETTLE-BRICK-15"] {
        order(&shop, sku).await;
    }
    let many = [ada.get("/admin").await, ada.get("/api/admin/find?q=mug").await];
    for (one, many) in one.iter().zip(&many) {
        assert_eq!((one.status, one.statements()), (200, many.statements()));
    }
}

async fn the_set_up_list_is_put_away(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    let setup = ada.get("/api/admin/home").await.ok(200)["setup"].clone();
    let step = |name: &str| setup.as_array().and_then(|steps| steps.iter().find(|step| step["step"] == name)).cloned();
    assert_eq!(step("product"), Some(json!({ "step": "product", "done": true })), "{setup}");
    assert_eq!(step("order"), Some(json!({ "step": "order", "done": false })), "{setup}");
    ada.put("/api/admin/home/setup", &json!({ "hidden": true })).await;
    assert_eq!(ada.get("/api/admin/home").await.ok(200)["setup"], json!(null));
    assert!(!ada.get("/admin").await.text.contains("/admin/setup/hide"));
    shop.verify().await;
}

async fn staff_find_what_they_know(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    order(&shop, "MUG").await;
    let number = shop.texts("SELECT number AS text FROM orders").await.remove(0);
    for (typed, label) in [
        (number.as_str(), number.as_str()),
        (&format!("#{number}"), number.as_str()),
        ("lovelace", "Ada Lovelace"),
        ("mug", "The mug"),
        ("KETTLE-INK-10", "Stove kettle"),
        ("draft", "The draft"),
        ("low sto", "Low stock"),
    ] {
        let found = ada.get(&format!("/api/admin/find?q={}", typed.replace('#', "%23"))).await;
        assert!(found.ok(200).to_string().contains(label), "{typed}: {}", found.text);
    }
    assert_eq!(ada.get("/admin/find?q=").await.ok(200), json!({ "groups": [] }));
    Api::new(&shop.url).get("/api/admin/find?q=mug").await.refused(401, "unauthenticated");
}

/// Links of the page and of the palette in it; forms are sent, not opened.
fn links(page: &Page) -> Vec<String> {
    let mut links = Vec::new();
    for (before, link) in page.html.match_indices("\"/admin").map(|(at, _)| page.html.split_at(at)) {
        let link = link[1..].split('"').next().expect("a part is there");
        if !before.ends_with("action=") {
            links.push(link.replace("&amp;", "&"));
        }
    }
    links
}

async fn every_link_leads_somewhere(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = Staff::hire(&shop, SUPER_ADMIN).await.browser(&shop).await;
    let mut seen = BTreeSet::new();
    let mut follow = async |path: &str| {
        let page = ada.open(path).await.is(200);
        let new: Vec<String> = links(&page).into_iter().filter(|link| seen.insert(link.clone())).collect();
        for link in new {
            let status = ada.open(&link).await.status;
            assert_eq!(status, 200, "{path} leads to {link}");
        }
    };
    follow("/admin").await;
    order(&shop, "MUG").await;
    shop.tamper("UPDATE jobs SET status = 'dead'").await;
    follow("/admin").await;
    for letter in ["a", "e", "i", "o", "u", "mug"] {
        follow(&format!("/admin/find?q={letter}")).await;
    }
    let met = |start: &str| assert!(seen.iter().any(|link| link.starts_with(start)), "no link to {start}: {seen:?}");
    for start in ["/admin/inventory?view=low", "/admin/settings/taxes", "/admin/settings/sender", "/admin/staff"] {
        met(start);
    }
}

async fn payments_to_review_are_those_of_their_list(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    Buyer::at_the_till(&shop, "MUG").await.pay(DECLINED_CARD).await.refused(402, "card_declined");
    let (payment, _) = shop.last_payment().await;
    let late = Outcome::Succeeded { reference: "late".into(), amount: eur(1945) };
    settle(&shop.app, payment, late).await.expect("it is heard");
    let agree = async |expected: usize| {
        let listed = ada.get("/api/admin/payments/reviews").await.ok(200)["items"].clone();
        let counted = ada.get("/api/admin/home").await.ok(200)["needs"]["payments_to_review"].clone();
        assert_eq!((listed.as_array().map(Vec::len), counted), (Some(expected), json!(expected)));
    };
    agree(1).await;
    shop.tamper("UPDATE payments SET refunded = captured").await;
    agree(0).await;
    shop.tamper("UPDATE payments SET refunded = 0, status = 'succeeded'").await;
    shop.tamper("UPDATE checkouts SET status = 'needs_review'").await;
    agree(1).await;
}
