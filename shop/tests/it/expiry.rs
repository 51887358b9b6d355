//! Time runs out: what was held is given back, once, and money that comes late is never lost.

use commerce::payment::Outcome;
use oxcart::flows::settle::{self, Settled};
use serde_json::json;

use crate::app::{Engine, Setup, TestApp, both_engines};
use crate::builders::{DECLINED_CARD, GOOD_CARD, LATE_CARD, SECURE_CARD, address, eur};
use crate::buyer::{Buyer, text};

both_engines!(
    an_abandoned_checkout_gives_its_stock_back_after_the_time_set,
    nobody_is_blocked_by_their_own_older_reservation,
    a_decline_starts_the_time_anew,
    declined_cards_hold_nothing_for_ever,
    a_confirmation_that_never_comes_is_canceled_at_the_bank_first,
    money_taken_before_the_end_and_heard_of_after_it_is_an_order,
    money_for_a_checkout_that_was_released_is_for_a_person_to_see,
    an_answer_that_got_lost_is_asked_for_again,
    many_failures_leave_nothing_behind,
);

async fn an_abandoned_checkout_gives_its_stock_back_after_the_time_set(engine: Engine) {
    let shop = Setup::on(engine).setting("OXCART_RESERVATION_MINUTES", "7").open().await;
    let mut buyer = Buyer::at_the_till(&shop, "LAMP").await;
    let mut other = shop.buyer().await;
    let refusal = other.add(&shop, "LAMP", 1).await.refused(409, "insufficient_stock");
    assert_eq!((&refusal["lines"][0]["requested"], &refusal["lines"][0]["available"]), (&json!(1), &json!(0)));

    shop.after_seconds(7 * 60 - 5).await;
    assert_eq!(shop.stock("LAMP").await, (1, 1), "not a moment early");
    shop.after_seconds(5).await;
    assert_eq!(shop.stock("LAMP").await, (1, 0));
    assert_eq!(buyer.look_at_checkout().await["status"], "expired");
    assert_eq!(shop.mails().len(), 1, "the buyer is told");
    buyer.pay(GOOD_CARD).await.refused(409, "checkout_expired");

    other.add(&shop, "LAMP", 1).await.ok(200);
    other.check_out().await.ok(201);
    other.pay(GOOD_CARD).await.ok(200);
    let problems = buyer.look().await["problems"].clone();
    assert_eq!(problems[0]["code"], "insufficient_stock", "the first buyer is told: {problems}");
    shop.verify().await;
}

async fn nobody_is_blocked_by_their_own_older_reservation(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut buyer = Buyer::at_the_till(&shop, "LAMP").await;
    let first = buyer.checkout.clone();
    buyer.check_out().await.ok(201);
    assert_ne!(buyer.checkout["id"], first["id"]);
    let old = buyer.get(&format!("/api/checkouts/{}", text(&first["id"]))).await.ok(200);
    assert_eq!((&old["status"], shop.stock("LAMP").await), (&json!("canceled"), (1, 1)), "replaced");
    assert_eq!(buyer.look().await["problems"], json!([]), "what the own checkout holds is there for the cart");

    // Any change of the cart lets the checkout go; the goods can still be taken again.
    buyer.add(&shop, "MUG", 1).await.ok(200);
    assert_eq!(
        (buyer.look_at_checkout().await["status"].clone(), shop.stock("LAMP").await),
        (json!("canceled"), (1, 0))
    );
    buyer.check_out().await.ok(201);
    let moved = json!({ "shipping_address": address(), "email": "new@example.com", "shipping_method": "express" });
    let amended = buyer.patch(&buyer.checkout_path(), &moved).await.ok(200);
    assert!(amended["version"].as_i64() > buyer.checkout["version"].as_i64());
    buyer.pay(GOOD_CARD).await.refused(409, "checkout_changed");
    buyer.look_at_checkout().await;
    buyer.pay(GOOD_CARD).await.ok(200);
    assert_eq!((shop.stock("LAMP").await, shop.stock("MUG").await), ((0, 0), (99, 0)));
    shop.verify().await;
}

async fn a_decline_starts_the_time_anew(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut buyer = Buyer::at_the_till(&shop, "LAMP").await;
    shop.after_minutes(14).await;
    buyer.pay(DECLINED_CARD).await.refused(402, "card_declined");
    shop.after_minutes(14).await;
    assert_eq!(shop.stock("LAMP").await, (1, 1), "who tries again has time to");
    buyer.pay(GOOD_CARD).await.ok(200);
    shop.after_minutes(60).await;
    shop.verify().await;
}

async fn declined_cards_hold_nothing_for_ever(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut buyer = Buyer::at_the_till(&shop, "LAMP").await;
    for _ in 0..3 {
        shop.after_minutes(9).await;
        buyer.pay(DECLINED_CARD).await.refused(402, "card_declined");
    }
    assert_eq!(shop.stock("LAMP").await, (1, 1), "27 minutes are within twice the reservation");
    shop.after_minutes(4).await;
    buyer.pay(DECLINED_CARD).await.refused(409, "checkout_expired");
    assert_eq!(shop.stock("LAMP").await, (1, 0));
    shop.verify().await;
}

async fn a_confirmation_that_never_comes_is_canceled_at_the_bank_first(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut buyer = Buyer::at_the_till(&shop, "LAMP").await;
    buyer.pay(SECURE_CARD).await.ok(202);
    shop.after_minutes(30).await;
    assert_eq!(shop.stock("LAMP").await, (1, 1), "the bank's page is given time");
    shop.after_minutes(31).await;
    shop.after_minutes(1).await;
    assert_eq!(buyer.look_at_checkout().await["status"], "expired");
    assert_eq!(shop.stock("LAMP").await, (1, 0));
    assert_eq!(shop.texts("SELECT status AS text FROM sandbox_payments").await, ["canceled"]);

    buyer.complete_payment("succeed").await;
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM orders").await, 0, "what was canceled can't succeed");
    let mut other = Buyer::at_the_till(&shop, "LAMP").await;
    other.pay(GOOD_CARD).await.ok(200);
    shop.verify().await;
}

/// S4: the bank took the money a moment before the end, and its word is lost until after it.
async fn money_taken_before_the_end_and_heard_of_after_it_is_an_order(engine: Engine) {
    for after_seconds in [-1, 0, 1, 3600] {
        let shop = TestApp::open(engine).await;
        let mut buyer = Buyer::at_the_till(&shop, "LAMP").await;
        buyer.pay(SECURE_CARD).await.ok(202);
        let (payment, _) = shop.last_payment().await;
        let bank = shop.app.sandbox.as_ref().expect("the sandbox is open");
        bank.finish(payment, true).await.expect("the bank answers");
        shop.after_seconds(60 * 60 + after_seconds).await;
        shop.after_minutes(1).await;
        assert_eq!(buyer.look_at_checkout().await["status"], "completed", "{after_seconds} s after the end");
        assert_eq!(shop.stock("LAMP").await, (0, 0));
        shop.verify().await;
    }
}

/// P10, P12: neither an amount that nobody asked for nor money for what was given back makes an order.
async fn money_for_a_checkout_that_was_released_is_for_a_person_to_see(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut buyer = Buyer::at_the_till(&shop, "LAMP").await;
    buyer.pay(SECURE_CARD).await.ok(202);
    let (payment, _) = shop.last_payment().await;
    shop.after_minutes(62).await;
    shop.after_minutes(1).await;
    assert_eq!(buyer.look_at_checkout().await["status"], "expired");
    let late = Outcome::Succeeded { reference: "late".into(), amount: eur(13_395) };
    for _ in 0..2 {
        assert_eq!(settle::settle(&shop.app, payment, late.clone()).await.expect("it is taken in"), Settled::Review);
    }
    assert_eq!(buyer.look_at_checkout().await["status"], "needs_review");

    let mut mug = Buyer::at_the_till(&shop, "MUG").await;
    mug.pay(LATE_CARD).await.ok(202);
    let (payment, _) = shop.last_payment().await;
    let short = Outcome::Succeeded { reference: "short".into(), amount: eur(1) };
    assert_eq!(settle::settle(&shop.app, payment, short).await.expect("it is taken in"), Settled::Review);
    shop.after_minutes(180).await;
    assert_eq!(mug.look_at_checkout().await["status"], "needs_review");
    mug.pay(GOOD_CARD).await.refused(409, "payment_in_review");
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM orders").await, 0);
    shop.verify().await;
}

/// A crash between the attempt's first transaction and its last: the job that the first one wrote finishes it.
async fn an_answer_that_got_lost_is_asked_for_again(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut heard = Buyer::at_the_till(&shop, "MUG").await;
    heard.pay(LATE_CARD).await.ok(202);
    let (payment, _) = shop.last_payment().await;
    let bank = shop.app.sandbox.as_ref().expect("the sandbox is open");
    bank.finish(payment, true).await.expect("the bank answers");
    shop.after_seconds(21).await;
    assert_eq!(heard.look_at_checkout().await["status"], "completed", "the bank had it, we had not");

    let mut unheard = Buyer::at_the_till(&shop, "LAMP").await;
    unheard.pay(LATE_CARD).await.ok(202);
    // As if the process had died before the bank was asked.
    shop.tamper("DELETE FROM sandbox_payments WHERE status = 'pending'").await;
    shop.tamper("DELETE FROM jobs WHERE kind = 'sandbox_answer' AND status = 'waiting'").await;
    shop.tamper(
        "UPDATE payments SET status = 'pending', state = '{\"status\":\"pending\"}' WHERE status = 'processing'",
    )
    .await;
    shop.after_seconds(21).await;
    let open = unheard.look_at_checkout().await;
    assert_eq!((&open["status"], shop.stock("LAMP").await), (&json!("open"), (1, 1)), "try again: {open}");
    unheard.pay(GOOD_CARD).await.ok(200);
    shop.drain().await;
    shop.verify().await;
}

/// S6: a third declined, a third abandoned, a third never confirmed.
async fn many_failures_leave_nothing_behind(engine: Engine) {
    let shop = TestApp::open(engine).await;
    for index in 0..30 {
        let mut buyer = Buyer::at_the_till(&shop, "MUG").await;
        match index % 3 {
            0 => drop(buyer.pay(DECLINED_CARD).await.refused(402, "card_declined")),
            1 => drop(buyer.pay(SECURE_CARD).await.ok(202)),
            _ => {}
        }
    }
    assert_eq!(shop.stock("MUG").await, (100, 30));
    shop.after_minutes(62).await;
    shop.after_minutes(1).await;
    assert_eq!(shop.stock("MUG").await, (100, 0));
    shop.after_minutes(16).await;
    assert_eq!(
        shop.count(
            "SELECT COUNT(*) AS n FROM jobs WHERE status IN ('waiting', 'dead') AND kind NOT IN ('prune', 'recommend')"
        )
        .await,
        0
    );
    shop.verify().await;
}
