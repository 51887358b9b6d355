//! The cart: its limits, its versions, its coupons, and what it tells the buyer.

use chrono::TimeDelta;
use oxcart::clock::Clock;
use serde_json::{Value, json};

use crate::app::{Engine, Setup, TestApp, both_engines};
use crate::builders::{GOOD_CARD, amount, amount_off, eur, percent_off, simple};
use crate::buyer::{Buyer, minor, text};

both_engines!(
    a_line_holds_up_to_999_and_a_cart_100_lines,
    only_a_change_raises_the_version,
    more_than_is_there_is_refused_with_what_is,
    coupons_apply_by_their_rules,
    what_changed_meanwhile_is_told_and_never_silent,
    a_cart_that_was_bought_stands_still,
    a_sum_that_can_not_be_counted_is_refused,
    canceling_takes_no_document,
);

async fn a_line_holds_up_to_999_and_a_cart_100_lines(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let many = (0..=100).map(|number| simple(&format!("PART-{number}"), 10, 10)).collect();
    shop.stock_up(vec![], many).await;
    let mut buyer = shop.buyer().await;
    buyer.add(&shop, "STOOL", 999).await.ok(200);
    let refusal = buyer.add(&shop, "STOOL", 1).await.refused(422, "quantity_too_large");
    assert!(text(&refusal["detail"]).contains("999"), "the limit is stated: {refusal}");
    buyer.set(0, 1000).await.refused(422, "quantity_too_large");
    for number in 0..99 {
        buyer.add(&shop, &format!("PART-{number}"), 1).await.ok(200);
    }
    let refusal = buyer.add(&shop, "PART-100", 1).await.refused(422, "too_many_lines");
    assert!(text(&refusal["detail"]).contains("100"), "the limit is stated: {refusal}");
    buyer.add(&shop, "PART-3", 1).await.ok(200);
    assert_eq!(buyer.cart["items"].as_array().map(Vec::len), Some(100));
    buyer.check_out().await.ok(201);
    buyer.pay(GOOD_CARD).await.ok(200);
    shop.verify().await;
}

async fn only_a_change_raises_the_version(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut buyer = shop.buyer().await;
    let version = |cart: &Value| cart["version"].as_i64().expect("a number");
    let first = version(&buyer.cart);
    buyer.add(&shop, "MUG", 2).await.ok(200);
    assert_eq!(version(&buyer.cart), first + 1);
    buyer.set(0, 2).await.ok(200);
    buyer.look().await;
    assert_eq!(version(&buyer.cart), first + 1, "nothing was changed");
    buyer.add(&shop, "MUG", 1).await.ok(200);
    assert_eq!((version(&buyer.cart), &buyer.cart["items"][0]["quantity"]), (first + 2, &json!(3)), "one line, raised");

    let stale = buyer.check_out_with(json!({ "cart_version": first })).await.refused(409, "cart_changed");
    assert_eq!(stale["cart"]["version"], first + 2, "the refusal carries the cart: {stale}");
    let item = text(&buyer.cart["items"][0]["id"]).to_owned();
    buyer.set(0, 0).await.ok(200);
    assert_eq!((version(&buyer.cart), &buyer.cart["items"]), (first + 3, &json!([])));
    buyer.delete(&format!("{}/items/{item}", buyer.cart_path())).await.refused(404, "not_found");
    buyer.check_out().await.refused(422, "cart_empty");
    shop.verify().await;
}

async fn more_than_is_there_is_refused_with_what_is(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut buyer = shop.buyer().await;
    let refusal = buyer.add(&shop, "KETTLE-BRICK-15", 4).await.refused(409, "insufficient_stock");
    let line = &refusal["lines"][0];
    assert_eq!((&line["requested"], &line["available"]), (&json!(4), &json!(3)));
    assert_eq!(line["item_id"], Value::Null, "there is no such line yet");
    assert_eq!(line["variant_id"], shop.variant("KETTLE-BRICK-15").await);
    buyer.add(&shop, "KETTLE-INK-10", 1).await.refused(409, "insufficient_stock");
    buyer.add(&shop, "KETTLE-BRICK-15", 3).await.ok(200);
    assert_eq!(buyer.cart["items"][0]["available"], 3);
    for refusal in [buyer.set(0, 4).await, buyer.add(&shop, "KETTLE-BRICK-15", 1).await] {
        let refusal = refusal.refused(409, "insufficient_stock");
        assert_eq!(refusal["lines"][0]["item_id"], buyer.cart["items"][0]["id"], "{refusal}");
    }
    for unsold in ["DRAFT", "GONE"] {
        let answer = buyer.add(&shop, unsold, 1).await;
        assert_eq!(answer.wrong_fields(), ["variant_id"], "{}", answer.text);
        answer.refused(404, "not_found");
    }
    let mut other = shop.buyer().await;
    other.cart = json!({ "id": other.cart["id"], "items": buyer.cart["items"] });
    other.set(0, 1).await.refused(404, "not_found");
    assert_eq!(buyer.look().await["items"][0]["quantity"], 3, "another cart's lines are out of reach");
}

async fn coupons_apply_by_their_rules(engine: Engine) {
    let now = Clock::default().now();
    let mut minimum = amount_off("BIG", 1000);
    minimum.min_subtotal = Some(eur(5000));
    let mut over = percent_off("OVER", "10");
    over.ends_at = Some(now - TimeDelta::hours(1));
    let mut early = percent_off("EARLY", "10");
    early.starts_at = Some(now + TimeDelta::hours(1));
    let (mut ten, mut five) = (percent_off("TEN", "10"), amount_off("FIVE", 500));
    (ten.combinable, five.combinable) = (true, true);
    let coupons = [minimum, over, early, ten, five, percent_off("ALONE", "33.33")];
    let shop = coupons.into_iter().fold(Setup::on(engine), Setup::coupon).open().await;
    let mut buyer = shop.buyer().await;
    buyer.add(&shop, "MUG", 1).await.ok(200);
    for (code, refusal) in [
        ("NEVER", "coupon_unknown"),
        ("EARLY", "coupon_unknown"),
        ("OVER", "coupon_expired"),
        ("BIG", "coupon_minimum"),
        ("", "coupon_invalid"),
    ] {
        let answer = buyer.coupon(code).await;
        answer.refused(422, refusal);
        assert_eq!(answer.wrong_fields(), ["code"], "{code}");
    }
    buyer.coupon(" alone ").await.ok(200);
    assert_eq!(buyer.cart["discounts"], json!([{ "code": "ALONE", "label": "Thanks, ALONE", "amount": amount(483) }]));
    buyer.coupon("ALONE").await.ok(200);
    assert_eq!(buyer.cart["discounts"].as_array().map(Vec::len), Some(1), "twice the same is once");
    buyer.coupon("TEN").await.refused(422, "coupon_not_combinable");
    buyer.delete(&format!("{}/coupons/alone", buyer.cart_path())).await.ok(200);
    buyer.coupon("TEN").await.ok(200);
    buyer.coupon("FIVE").await.ok(200);
    // 14.50 less 10 % is 13.05, less 5.00.
    assert_eq!((minor(&buyer.cart["totals"]["discount"]), minor(&buyer.cart["totals"]["total"])), (645, 805));
    buyer.check_out().await.ok(201);
    buyer.pay(GOOD_CARD).await.ok(200);
    shop.verify().await;
}

async fn what_changed_meanwhile_is_told_and_never_silent(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut buyer = shop.buyer().await;
    buyer.add(&shop, "MUG", 1).await.ok(200);
    buyer.add(&shop, "KETTLE-BRICK-15", 3).await.ok(200);
    buyer.add(&shop, "LAMP", 1).await.ok(200);
    shop.tamper("UPDATE prices SET amount = 1550 WHERE amount = 1450").await;
    let mut quicker = shop.buyer().await;
    quicker.add(&shop, "KETTLE-BRICK-15", 1).await.ok(200);
    quicker.check_out().await.ok(201);
    shop.tamper("UPDATE products SET status = 'archived' WHERE slug = 'lamp'").await;

    let cart = buyer.look().await;
    let told =
        |code: &str| cart["problems"].as_array().and_then(|all| all.iter().find(|problem| problem["code"] == code));
    for (code, line) in [("price_changed", 0), ("insufficient_stock", 1), ("items_unavailable", 2)] {
        let problem = told(code).unwrap_or_else(|| panic!("{code} is not told: {}", cart["problems"]));
        assert_eq!(problem["item_id"], cart["items"][line]["id"], "{code}");
        assert!(!text(&problem["message"]).is_empty());
    }
    assert_eq!(minor(&cart["items"][0]["unit_price"]), 1550);
    buyer.check_out().await.refused(409, "items_unavailable");
    let lamp = cart["items"].as_array().map_or(0, |items| items.len() - 1);
    buyer.set(lamp, 0).await.ok(200);
    buyer.check_out().await.refused(409, "insufficient_stock");
    buyer.set(1, 2).await.ok(200);
    assert_eq!(minor(&buyer.check_out().await.ok(201)["totals"]["subtotal"]), 1550 + 2 * 7800);

    // What was seen is charged, whatever the price does from here on.
    shop.tamper("UPDATE prices SET amount = 9990 WHERE amount = 1550").await;
    let paid = buyer.pay(GOOD_CARD).await.ok(200);
    assert_eq!(minor(&paid["totals"]["subtotal"]), 1550 + 2 * 7800);
}

async fn a_cart_that_was_bought_stands_still(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut buyer = Buyer::at_the_till(&shop, "MUG").await;
    let order = buyer.pay(GOOD_CARD).await.ok(200)["order"].clone();
    for answer in
        [buyer.add(&shop, "MUG", 1).await, buyer.set(0, 0).await, buyer.check_out().await, buyer.coupon("X").await]
    {
        let problem = answer.refused(409, "cart_completed");
        assert!(problem["order"].to_string().contains(text(&order["id"])), "it names the order: {problem}");
    }
    buyer.post(&format!("{}/cancel", buyer.checkout_path()), &json!({})).await.problem();
    assert_eq!(buyer.look_at_checkout().await["status"], "completed");
    shop.verify().await;
}

/// M3: 999 of the dearest thing that can be written down can't be counted, and nobody pretends so.
async fn a_sum_that_can_not_be_counted_is_refused(engine: Engine) {
    let shop = TestApp::open(engine).await;
    shop.stock_up(vec![], vec![simple("GOLD", i64::MAX / 500, 999), simple("ORE", i64::MAX / 4, 999)]).await;
    let mut buyer = shop.buyer().await;
    buyer.add(&shop, "GOLD", 999).await.refused(422, "amount_out_of_range");
    for _ in 0..3 {
        buyer.add(&shop, "ORE", 1).await.ok(200);
    }
    buyer.add(&shop, "ORE", 2).await.refused(422, "amount_out_of_range");
    assert_eq!(buyer.look().await["items"][0]["quantity"], 3);
}

/// An empty body says nothing, and so does `{}`; what says more is not ignored.
async fn canceling_takes_no_document(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut buyer = Buyer::at_the_till(&shop, "MUG").await;
    let path = format!("{}/cancel", buyer.checkout_path());
    let before = shop.dump().await;
    for (body, status) in
        [(&b"{"[..], 400), (b"\xff", 400), (b" ", 400), (b"[1]", 422), (b"7", 422), (b"null", 422), (b"{\"x\":1}", 422)]
    {
        let answer = buyer.send_bytes("POST", &path, "application/json", body.to_vec()).await;
        assert_eq!(answer.status, status, "{body:?}: {}", answer.text);
        answer.problem();
    }
    buyer.send_bytes("POST", &path, "text/plain", b"{}".to_vec()).await.refused(415, "unsupported_media_type");
    assert_eq!(shop.dump().await, before);
    buyer.post(&path, &json!({})).await.ok(200);
    buyer.send_bytes("POST", &path, "", vec![]).await.ok(200);
    assert_eq!(buyer.look_at_checkout().await["status"], "canceled");
}
