//! Idempotency keys: one key, one effect, one answer.

use std::sync::Arc;

use oxcart::args;
use oxcart::store::idempotency::{self, Claim, Key, LEASE};
use serde_json::json;

use crate::app::{Engine, TestApp, both_engines, burst};
use crate::builders::{DECLINED_CARD, GOOD_CARD, card};
use crate::buyer::{Answer, Buyer, text};

both_engines!(
    the_same_request_gets_the_same_answer,
    another_request_under_the_same_key_is_refused,
    many_at_once_under_one_key_have_one_effect,
    a_key_is_known_only_where_it_was_used,
    refusals_are_kept_as_well,
    a_key_lasts_a_day_and_is_forgotten_later,
    a_key_beside_an_id_that_names_nothing_is_kept,
    a_request_that_failed_gives_its_key_back_and_can_do_nothing_more,
    what_was_done_before_its_answer_was_kept_is_not_done_again,
);

async fn add(buyer: &Buyer, shop: &TestApp, key: &str, quantity: i64) -> Answer {
    let body = json!({ "variant_id": shop.variant("MUG").await, "quantity": quantity });
    buyer.post_once(&format!("{}/items", buyer.cart_path()), key, &body).await
}

async fn the_same_request_gets_the_same_answer(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut buyer = shop.buyer().await;
    let first = add(&buyer, &shop, "add-1", 2).await;
    let again = add(&buyer, &shop, "add-1", 2).await;
    buyer.cart = first.ok(200);
    assert_eq!((again.status, &again.text), (200, &first.text), "to the byte");
    assert_eq!((first.header("idempotent-replayed"), again.header("idempotent-replayed")), ("", "true"));
    assert_eq!(buyer.look().await["items"][0]["quantity"], 2, "one effect");

    // The same meaning written otherwise is the same request.
    let variant = shop.variant("MUG").await;
    let reordered = format!("{{ \"quantity\" : 2,\n \"variant_id\":\"{variant}\"}}");
    let path = format!("{}/items", buyer.cart_path());
    let request =
        buyer.request("POST", &path).header("Idempotency-Key", "add-1").header("Content-Type", "application/json");
    assert_eq!(Answer::of(request.body(reordered)).await.header("idempotent-replayed"), "true");

    let open = buyer.post_once("/api/checkouts", "open", &buyer.order_form()).await;
    let reopened = buyer.post_once("/api/checkouts", "open", &buyer.order_form()).await;
    assert_eq!((open.status, &open.text), (201, &reopened.text), "a checkout is opened once");
    buyer.checkout = open.ok(201);
    let pay = json!({ "version": buyer.checkout["version"], "card": card(GOOD_CARD) });
    let path = format!("{}/pay", buyer.checkout_path());
    let paid = buyer.post_once(&path, "pay", &pay).await;
    let repaid = buyer.post_once(&path, "pay", &pay).await;
    assert_eq!((paid.status, &paid.text), (200, &repaid.text));
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM orders").await, 1);
    let kept = shop.texts("SELECT CAST(answer AS TEXT) AS text FROM idempotency_keys").await.join("");
    assert!(!kept.contains(GOOD_CARD), "no card number is ever kept");
    shop.verify().await;
}

async fn another_request_under_the_same_key_is_refused(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut buyer = shop.buyer().await;
    add(&buyer, &shop, "once", 1).await.ok(200);
    add(&buyer, &shop, "once", 2).await.refused(422, "idempotency_key_reused");
    assert_eq!(buyer.look().await["items"][0]["quantity"], 1);
    for (key, usable) in
        [("k".repeat(255), true), ("k".repeat(256), false), (String::new(), false), ("k\u{e9}y".into(), false)]
    {
        let answer = add(&buyer, &shop, &key, 1).await;
        assert_eq!(answer.status < 300, usable, "{key:?}: {}", answer.text);
        if !usable {
            answer.refused(400, "idempotency_key_invalid");
            assert_eq!(answer.wrong_fields(), ["Idempotency-Key"]);
        }
    }
}

async fn many_at_once_under_one_key_have_one_effect(engine: Engine) {
    let shop = TestApp::open(engine).await;
    for round in 0..5 {
        let mut buyer = shop.buyer().await;
        let body = json!({ "variant_id": shop.variant("MUG").await, "quantity": 1 });
        let path = format!("{}/items", buyer.cart_path());
        let once = |buyer: Buyer, path: String, body| async move { buyer.post_once(&path, "burst", &body).await };
        let answers = burst((0..64).map(|_| once(buyer.clone(), path.clone(), body.clone())).collect()).await;
        for answer in &answers {
            match answer.status {
                200 => assert_eq!(answer.json()["items"][0]["quantity"], 1),
                _ => drop(answer.refused(409, "idempotency_key_running")),
            }
        }
        let ran =
            answers.iter().filter(|answer| answer.status == 200 && answer.header("idempotent-replayed").is_empty());
        assert_eq!(ran.count(), 1, "round {round}");
        assert_eq!(buyer.look().await["items"][0]["quantity"], 1, "round {round}");
    }
}

async fn a_key_is_known_only_where_it_was_used(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let (ada, bob) = (shop.buyer().await, shop.buyer().await);
    for buyer in [&ada, &bob] {
        let cart = add(buyer, &shop, "mine", 1).await;
        assert_eq!((cart.ok(200)["id"].clone(), cart.header("idempotent-replayed")), (buyer.cart["id"].clone(), ""));
    }
    let coupon = ada.post_once(&format!("{}/coupons", ada.cart_path()), "mine", &json!({ "code": "X" })).await;
    coupon.refused(422, "coupon_unknown");
    let (one, other) =
        (ada.post_once("/api/carts", "a", &json!({})).await, ada.post_once("/api/carts", "b", &json!({})).await);
    assert_ne!(one.ok(201)["id"], other.ok(201)["id"]);
    assert_eq!(ada.post_once("/api/carts", "a", &json!({})).await.text, one.text);
}

/// 402, 404 and 409 are answers too: asked again under the same key they are not tried again.
async fn refusals_are_kept_as_well(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut buyer = Buyer::at_the_till(&shop, "LAMP").await;
    let pay = json!({ "version": buyer.checkout["version"], "card": card(DECLINED_CARD) });
    let path = format!("{}/pay", buyer.checkout_path());
    for replayed in ["", "true"] {
        let declined = buyer.post_once(&path, "declined", &pay).await;
        declined.refused(402, "card_declined");
        assert_eq!(declined.header("idempotent-replayed"), replayed);
    }
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM payments").await, 1, "the bank was asked once");
    let mut other = shop.buyer().await;
    let add = json!({ "variant_id": shop.variant("LAMP").await, "quantity": 1 });
    let path = format!("{}/items", other.cart_path());
    other.post_once(&path, "short", &add).await.refused(409, "insufficient_stock");
    buyer.set(0, 0).await.ok(200);
    let kept = other.post_once(&path, "short", &add).await;
    assert_eq!((kept.status, kept.header("idempotent-replayed")), (409, "true"));
    // A field that was mended makes another request: what was refused for its form may be sent anew.
    let wrong = json!({ "variant_id": add["variant_id"], "quantity": 0 });
    assert_eq!(other.post_once(&path, "mended", &wrong).await.status, 422);
    other.cart = other.post_once(&path, "mended-too", &add).await.ok(200);
    assert_eq!(text(&other.cart["items"][0]["sku"]), "LAMP");
}

async fn a_key_lasts_a_day_and_is_forgotten_later(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let buyer = shop.buyer().await;
    add(&buyer, &shop, "day", 1).await.ok(200);
    shop.app.clock.advance(24 * 3600);
    shop.drain().await;
    assert_eq!(add(&buyer, &shop, "day", 1).await.header("idempotent-replayed"), "true");
    let (now, clock) = (shop.app.clock.now(), &shop.app.clock);
    let mut tx = shop.app.db.begin().await.expect("the database answers");
    oxcart::jobs::enqueue(&mut tx, clock, oxcart::jobs::Job::Prune {}, now, now).await.expect("a job is written");
    tx.commit().await.expect("a job is written");
    shop.after_minutes(60 * 60).await;
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM idempotency_keys").await, 0);
}

/// What is no id stands for no caller, and may be far too long to be a key's scope.
async fn a_key_beside_an_id_that_names_nothing_is_kept(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let buyer = shop.buyer().await;
    let mut form = buyer.order_form();
    for id in ["x".to_owned(), (0..20_000).map(|n| n.to_string()).collect()] {
        form["cart_id"] = json!(id);
        for replayed in ["", "true"] {
            let answer = buyer.post_once("/api/checkouts", &id[..1], &form).await;
            answer.refused(404, "not_found");
            assert_eq!(
                (answer.wrong_fields(), answer.header("idempotent-replayed")),
                (vec!["cart_id".into()], replayed)
            );
        }
    }
}

/// A key as a request that comes now would hold it.
fn key(shop: &TestApp) -> Arc<Key> {
    let [scope, route, key, digest] = ["somebody", "POST /deeds", "k", "d"].map(str::to_owned);
    Arc::new(Key { scope, route, key, digest, lease_until: shop.app.clock.now() + LEASE })
}

async fn claim(shop: &TestApp, key: &Key) -> Claim {
    let mut tx = shop.app.db.begin().await.expect("the database answers");
    let claim = idempotency::claim(&mut tx, key, shop.app.clock.now()).await.expect("it is claimed, or not");
    tx.commit().await.expect("it is kept");
    claim
}

async fn let_go(shop: &TestApp, key: &Key) -> bool {
    let mut tx = shop.app.db.begin().await.expect("the database answers");
    let was_ours = idempotency::let_go(&mut tx, key, shop.app.clock.now()).await.expect("it goes");
    tx.commit().await.expect("it is kept");
    was_ours
}

/// Makes something durable under a key; whether it is.
async fn does(shop: &TestApp, key: &Arc<Key>) -> bool {
    const DEED: &str = "INSERT INTO counters (name, value) VALUES ('deeds', 1)
         ON CONFLICT (name) DO UPDATE SET value = counters.value + 1";
    let deed = async {
        let mut tx = shop.app.db.begin().await.expect("the database answers");
        tx.execute(DEED, args![]).await.expect("it is done");
        tx.commit().await
    };
    idempotency::under(key.clone(), deed).await.is_ok()
}

const DEEDS: &str = "SELECT CAST(COALESCE(SUM(value), 0) AS BIGINT) AS n FROM counters WHERE name = 'deeds'";

async fn a_request_that_failed_gives_its_key_back_and_can_do_nothing_more(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let first = key(&shop);
    assert!(matches!(claim(&shop, &first).await, Claim::Run));
    assert!(let_go(&shop, &first).await);
    assert!(!does(&shop, &first).await, "what it had handed in comes too late");
    assert_eq!(shop.count(DEEDS).await, 0);

    shop.after_seconds(1).await;
    let again = key(&shop);
    assert!(matches!(claim(&shop, &again).await, Claim::Run), "at once");
    assert!(does(&shop, &again).await);
    assert!(!does(&shop, &first).await, "it is another's now");
    assert!(!let_go(&shop, &first).await);
    assert_eq!(shop.count(DEEDS).await, 1);
}

async fn what_was_done_before_its_answer_was_kept_is_not_done_again(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let first = key(&shop);
    assert!(matches!(claim(&shop, &first).await, Claim::Run));
    assert!(does(&shop, &first).await);
    shop.after_seconds(59).await;
    assert!(matches!(claim(&shop, &key(&shop)).await, Claim::Running), "it may still be answered");
    shop.after_seconds(2).await;
    assert!(matches!(claim(&shop, &key(&shop)).await, Claim::Lost));
    assert_eq!(shop.count(DEEDS).await, 1);

    // The same over the API: the shop fell after the unit was in the cart.
    let mut buyer = shop.buyer().await;
    add(&buyer, &shop, "fallen", 1).await.ok(200);
    shop.tamper("UPDATE idempotency_keys SET answer = NULL WHERE idem_key = 'fallen'").await;
    add(&buyer, &shop, "fallen", 1).await.refused(409, "idempotency_key_running");
    shop.after_seconds(61).await;
    add(&buyer, &shop, "fallen", 1).await.refused(409, "idempotency_key_lost");
    assert_eq!(buyer.look().await["items"][0]["quantity"], 1);
}
