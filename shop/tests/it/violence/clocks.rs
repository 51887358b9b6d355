//! Clocks that jump, forwards and backwards, while the shop runs and between two starts.

use oxcart::args;
use oxcart::jobs::{self, Job};
use oxcart::store::idempotency::{self, Claim, Key, LEASE};
use oxcart::store::jobs::{self as table, Lane};
use serde_json::{Value, json};

use crate::app::{Engine, TestApp, both_engines};
use crate::builders::{GOOD_CARD, SECURE_CARD, address, card};
use crate::buyer::{Api, Buyer, text};
use crate::program::{Program, catalog};
use crate::staff::{ADMIN, Staff};
use crate::violence::{UNFINISHED, keeps_its_word};

both_engines!(
    whatever_the_clock_does_while_it_runs_nothing_stays_held,
    a_lease_that_was_taken_under_a_clock_far_ahead_keeps_nobody_out,
    a_shop_that_starts_at_another_time_goes_on,
);

const HOUR: i64 = 3600;
const YEAR: i64 = 365 * 24 * HOUR;

async fn whatever_the_clock_does_while_it_runs_nothing_stays_held(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut ordered = 0;
    for jump in [HOUR, -HOUR, -2 * HOUR, 3 * HOUR, YEAR, -YEAR, YEAR] {
        let mut open = Buyer::at_the_till(&shop, "MUG").await;
        let mut paying = Buyer::at_the_till(&shop, "MUG").await;
        paying.pay(SECURE_CARD).await.ok(202);
        shop.app.clock.advance(jump);
        shop.drain().await;
        shop.verify().await;
        // Whoever comes now buys as if nothing had happened, and signs in.
        Buyer::at_the_till(&shop, "MUG").await.pay(GOOD_CARD).await.ok(200);
        Staff::hire(&shop, ADMIN).await.get("/api/admin/account").await.ok(200);
        let paid = open.pay(GOOD_CARD).await;
        ordered += 1 + i64::from(paid.status == 200);
        match jump {
            // Fifteen minutes are over.
            1.. => drop(paid.refused(409, "checkout_expired")),
            _ => drop(paid.ok(200)),
        }
        let again = open.pay(GOOD_CARD).await;
        assert_eq!(again.status, paid.status, "paying again says the same: {}", again.text);
    }
    // Once every clock has come by the last of the times, everything has ended.
    for _ in 0..4 {
        shop.after_minutes(60).await;
    }
    assert_eq!(shop.count(UNFINISHED).await, 0);
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM orders").await, ordered);
    let waiting = "SELECT COUNT(*) AS n FROM jobs WHERE status IN ('waiting', 'running', 'dead') AND kind NOT IN ('prune', 'recommend')";
    assert_eq!(shop.count(waiting).await, 0);
    shop.verify().await;
}

async fn a_lease_that_was_taken_under_a_clock_far_ahead_keeps_nobody_out(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let buyer = shop.buyer().await;
    let (clock, now) = (&shop.app.clock, shop.app.clock.now());
    let body = json!({ "variant_id": shop.variant("MUG").await, "quantity": 1 });
    let path = format!("{}/items", buyer.cart_path());
    buyer.post_once(&path, "once", &body).await.ok(200);
    let mut tx = shop.app.db.begin().await.expect("the database answers");
    jobs::enqueue(&mut tx, clock, Job::Prune {}, now, now).await.expect("a job is written");
    tx.commit().await.expect("it is kept");

    // Somebody is at both, dies, and the clock is set right.
    clock.advance(24 * HOUR);
    shop.tamper("UPDATE idempotency_keys SET answer = NULL, status = 'running'").await;
    let mut tx = shop.app.db.begin().await.expect("the database answers");
    tx.execute("UPDATE idempotency_keys SET lease_until = $1", args![clock.now()]).await.expect("it is there");
    let claimed = table::claim(&mut tx, Lane::Prompt, clock.now()).await.expect("jobs are claimed");
    assert_eq!(claimed.len(), 1);
    tx.commit().await.expect("it is kept");
    clock.advance(-24 * HOUR);

    buyer.post_once(&path, "once", &body).await.ok(200);
    shop.drain().await;
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM jobs WHERE status = 'running'").await, 0);
    // A node whose clock is a little ahead is at work, not dead.
    clock.advance(60);
    let key = Key {
        scope: "here".into(),
        route: "POST /".into(),
        key: "k".into(),
        digest: "d".into(),
        lease_until: clock.now() + LEASE,
    };
    let mut tx = shop.app.db.begin().await.expect("the database answers");
    let first = idempotency::claim(&mut tx, &key, clock.now()).await.expect("it is claimed");
    let other = idempotency::claim(&mut tx, &key, clock.now() - chrono::TimeDelta::seconds(60)).await;
    assert!(matches!((first, other), (Claim::Run, Ok(Claim::Running))));
}

async fn a_shop_that_starts_at_another_time_goes_on(engine: Engine) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut program = Program::new(engine, folder.path()).await;
    program.run(&["import", &catalog(folder.path())]);
    let (mut acknowledged, mut left_open) = (vec![], Value::Null);
    for ahead in [0, HOUR, 0, 2 * HOUR, YEAR, HOUR, YEAR + HOUR] {
        program = program.with("OXCART_TEST_CLOCK", ahead);
        let running = program.serve().await;
        let api = Api::new(&program.url());
        // What was left open at another time is still for sale or was given back; it never stands in the way.
        if left_open.is_object() {
            let paid = pay(&api, &left_open).await;
            assert!(matches!(paid.status, 200 | 409), "{ahead}: {}", paid.text);
            acknowledged.extend(order_of(&paid));
        }
        let checkout = at_the_till(&api).await;
        let paid = pay(&api, &checkout).await;
        paid.ok(200);
        acknowledged.extend(order_of(&paid));
        left_open = at_the_till(&api).await;
        drop(running);
        program.run(&["verify"]);
    }
    let running = program.serve().await;
    keeps_its_word(&program, &acknowledged).await;
    drop(running);
    program.run(&["verify"]);
}

/// A mug that only has to be paid.
async fn at_the_till(api: &Api) -> Value {
    let mug = api.get("/api/products/mug").await.ok(200);
    let cart = api.post("/api/carts", &json!({})).await.ok(201);
    let add = json!({ "variant_id": mug["variants"][0]["id"], "quantity": 1 });
    let cart = api.post(&format!("/api/carts/{}/items", text(&cart["id"])), &add).await.ok(200);
    let form = json!({
        "cart_id": cart["id"],
        "cart_version": cart["version"],
        "email": "ada@example.com",
        "shipping_address": address(),
        "payment_method": "sandbox",
    });
    api.post("/api/checkouts", &form).await.ok(201)
}

async fn pay(api: &Api, checkout: &Value) -> crate::buyer::Answer {
    let body = json!({ "version": checkout["version"], "card": card(GOOD_CARD) });
    api.post(&format!("/api/checkouts/{}/pay", text(&checkout["id"])), &body).await
}

fn order_of(paid: &crate::buyer::Answer) -> Option<String> {
    paid.json()["order"]["url"].as_str().map(str::to_owned)
}
