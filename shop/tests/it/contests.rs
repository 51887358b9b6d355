//! Sixty-four at once, round after round, on one node and on two: one of them gets it, and everybody is told the truth.

use std::collections::BTreeMap;
use std::sync::Arc;

use commerce::order::OrderStatus;
use commerce::promotion::Coupon;
use oxcart::jobs;
use serde_json::json;

use crate::app::{TestApp, burst, rounds};
use crate::builders::{GOOD_CARD, SECURE_CARD, card, percent_off, simple};
use crate::buyer::{Answer, Api, Buyer, text};
use crate::deeds::{bought, last_order, one_of_three, order};
use crate::nodes::{Track, on_every_track};
use crate::race::{SOLD_OUT, buy, buyers_with, buyers_with_coupons, tally};
use crate::staff::{ADMIN, Staff};
use crate::violence::{IN_ORDERS, IN_THE_BANK, UNFINISHED};

on_every_track!(
    the_last_unit_is_sold_once,
    the_last_use_of_a_coupon_is_used_once,
    an_order_is_paid_back_once,
    an_order_is_canceled_or_sent_or_paid_back_and_its_goods_are_where_it_says,
    a_payment_under_one_key_is_one_payment,
    a_checkout_paid_by_everybody_at_once_is_one_order,
    time_and_money_that_come_together_are_an_order_or_nothing,
);

const AT_ONCE: usize = 64;
const ORDERS: &str = "SELECT COUNT(*) AS n FROM orders";

/// How many rounds there are.
fn all_rounds() -> std::ops::RangeInclusive<usize> {
    1..=rounds(2, 200)
}

/// Looks at everything, which takes the longer the more was sold.
async fn look(shop: &TestApp, round: usize) {
    if round % 20 == 1 || round == *all_rounds().end() {
        shop.verify().await;
        assert_eq!(shop.count(IN_THE_BANK).await, shop.count(IN_ORDERS).await, "round {round}: money");
    }
}

async fn the_last_unit_is_sold_once(track: Track) {
    let shop = track.open().await;
    for round in all_rounds() {
        let sku = format!("LAST-{round}");
        shop.stock_up(vec![], vec![simple(&sku, 5000, 1)]).await;
        let buyers = buyers_with(&shop, &[&sku], AT_ONCE).await;
        let outcomes = tally(burst(buyers.into_iter().map(buy).collect()).await);
        assert_eq!(outcomes, one_and_others("ordered", SOLD_OUT), "round {round}");
        assert_eq!(shop.stock(&sku).await, (0, 0), "round {round}");
        look(&shop, round).await;
    }
}

/// One had this outcome, all others that.
fn one_and_others(one: &str, others: &str) -> BTreeMap<String, usize> {
    BTreeMap::from([(one.to_owned(), 1), (others.to_owned(), AT_ONCE - 1)])
}

/// Goods that don't run out over all rounds.
async fn plenty(shop: &TestApp) {
    shop.stock_up(vec![], vec![simple("PLENTY", 1450, 1_000_000)]).await;
}

async fn the_last_use_of_a_coupon_is_used_once(track: Track) {
    let shop = track.open().await;
    plenty(&shop).await;
    for round in all_rounds() {
        let code = format!("ONCE{round}");
        shop.save_coupon(&Coupon { total_limit: Some(1), ..percent_off(&code, "50") }).await;
        let buyers = buyers_with_coupons(&shop, &["PLENTY"], &[&code], AT_ONCE).await;
        let outcomes = tally(burst(buyers.into_iter().map(buy).collect()).await);
        assert_eq!(outcomes, one_and_others("ordered", "422 coupon_used_up"), "round {round}");
        look(&shop, round).await;
    }
}

async fn an_order_is_paid_back_once(track: Track) {
    let shop = track.open().await;
    plenty(&shop).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    for round in all_rounds() {
        let order = bought(&shop, &[("PLENTY", 2)]).await;
        let path = format!("/api/admin/orders/{}/refunds", order.id);
        let ask = |nth| {
            let (staff, path) = (Api::new(shop.node(nth).1).with_bearer(&ada.token), path.clone());
            async move {
                let answer = staff.post(&path, &json!({ "reason": "Broken", "restock": true })).await;
                if answer.status == 201 { "refunded".to_owned() } else { refusal(&answer) }
            }
        };
        let outcomes = tally(burst((0..AT_ONCE).map(ask).collect()).await);
        assert_eq!(outcomes, one_and_others("refunded", "409 not_allowed"), "round {round}");
        assert_eq!(shop.count("SELECT COUNT(*) AS n FROM sandbox_refunds").await, round as i64);
        look(&shop, round).await;
    }
    assert_eq!(shop.stock("PLENTY").await, (1_000_000, 0), "everything is back, once");
}

fn refusal(answer: &Answer) -> String {
    format!("{} {}", answer.status, text(&answer.problem()["code"]))
}

async fn an_order_is_canceled_or_sent_or_paid_back_and_its_goods_are_where_it_says(track: Track) {
    let shop = track.open().await;
    plenty(&shop).await;
    let mut gone = 0;
    for round in all_rounds() {
        let order = bought(&shop, &[("PLENTY", 2)]).await;
        let deed = |nth: usize| {
            let (app, order) = (Arc::clone(shop.node(nth).0), order.clone());
            async move { (nth % 3, one_of_three(nth % 3, app, order).await) }
        };
        let done = burst((0..AT_ONCE).map(deed).collect()).await;
        let after = self::order(&shop, order.id).await;
        let (canceled, item) = (after.status == OrderStatus::Canceled, &after.items[0]);
        let times = |which| done.iter().filter(|(deed, how)| *deed == which && *how == "done").count() as i64;
        let is_clear = |how: &str| matches!(how, "done" | "not_allowed" | "quantity_too_large");
        assert!(done.iter().all(|(_, how)| is_clear(how)), "round {round}: {done:?}");
        assert_eq!(times(0), i64::from(canceled), "round {round}: called off once or not at all");
        assert_eq!(times(1), item.fulfilled, "round {round}: what was sent is told");
        assert!(!canceled || (item.fulfilled, times(2)) == (0, 0), "round {round}: {done:?}");
        assert!(canceled || item.refunded_quantity == times(2), "round {round}: {done:?}");
        gone += if canceled { 0 } else { 2 - item.refunded_quantity };
        assert_eq!(shop.stock("PLENTY").await, (1_000_000 - gone, 0), "round {round}: {done:?}");
        look(&shop, round).await;
    }
}

/// What a payment said: the order, or why not.
fn paid(answer: &Answer) -> String {
    match answer.status {
        200 => text(&answer.json()["order"]["id"]).to_owned(),
        _ => refusal(answer),
    }
}

/// Everybody pays one checkout at once; some hear of the one order, the others that it is under way.
async fn paid_once(shop: &TestApp, round: usize, key: Option<&str>, under_way: &str) {
    let buyer = Buyer::at_the_till(shop, "PLENTY").await;
    let body = json!({ "version": buyer.checkout["version"], "card": card(GOOD_CARD) });
    let pay = |nth| {
        let (buyer, body, key) = (buyer.clone().at(shop.node(nth)), body.clone(), key.map(str::to_owned));
        async move {
            let path = format!("{}/pay", buyer.checkout_path());
            paid(&match key {
                Some(key) => buyer.post_once(&path, &key, &body).await,
                None => buyer.post(&path, &body).await,
            })
        }
    };
    let mut outcomes = tally(burst((0..AT_ONCE).map(pay).collect()).await);
    outcomes.remove(under_way);
    let order = last_order(shop).await.id.to_string();
    assert_eq!(outcomes.keys().collect::<Vec<_>>(), [&order], "round {round}: {outcomes:?}");
    assert_eq!(shop.count(ORDERS).await, round as i64, "round {round}");
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM sandbox_payments").await, round as i64, "round {round}");
    look(shop, round).await;
}

async fn a_payment_under_one_key_is_one_payment(track: Track) {
    let shop = track.open().await;
    plenty(&shop).await;
    for round in all_rounds() {
        paid_once(&shop, round, Some("once"), "409 idempotency_key_running").await;
    }
}

async fn a_checkout_paid_by_everybody_at_once_is_one_order(track: Track) {
    let shop = track.open().await;
    plenty(&shop).await;
    for round in all_rounds() {
        paid_once(&shop, round, None, "409 payment_in_progress").await;
    }
}

async fn time_and_money_that_come_together_are_an_order_or_nothing(track: Track) {
    let shop = track.open().await;
    plenty(&shop).await;
    for round in all_rounds() {
        let before = shop.count(ORDERS).await;
        let mut confirming = Buyer::at_the_till(&shop, "PLENTY").await;
        confirming.pay(SECURE_CARD).await.ok(202);
        shop.after_minutes(45).await;
        let paying = Buyer::at_the_till(&shop, "PLENTY").await;
        // The bank's page has an hour, the other checkout a quarter of one: both end now.
        shop.app.clock.advance(15 * 60);
        let act = |nth: usize| {
            let (confirming, paying) = (confirming.clone().at(shop.node(nth)), paying.clone().at(shop.node(nth)));
            let app = Arc::clone(shop.node(nth).0);
            async move {
                match nth % 8 {
                    0 | 1 => confirms(confirming).await,
                    2 | 3 => pays(paying).await,
                    _ => drop(jobs::drain(&app).await.expect("jobs run")),
                }
            }
        };
        burst((0..AT_ONCE).map(act).collect()).await;
        for _ in 0..3 {
            shop.after_minutes(11).await;
        }
        assert_eq!(shop.count(UNFINISHED).await, 0, "round {round}");
        let ends = [confirming.look_at_checkout().await, paying.clone().look_at_checkout().await];
        let completed = ends.iter().filter(|end| end["status"] == "completed").count() as i64;
        assert!(ends.iter().all(|end| end["status"] == "completed" || end["status"] == "expired"), "{ends:?}");
        assert_eq!(shop.count(ORDERS).await - before, completed, "round {round}");
        assert_eq!(shop.count(IN_THE_BANK).await, shop.count(IN_ORDERS).await, "round {round}: money");
        assert_eq!(shop.stock("PLENTY").await, (1_000_000 - before - completed, 0), "round {round}");
        look(&shop, round).await;
    }
}

/// The buyer presses the button on the bank's page.
async fn confirms(mut buyer: Buyer) {
    let answer = buyer.complete_payment("succeed").await;
    assert!(matches!(answer.status, 200 | 409), "{} {}", answer.status, answer.text);
}

/// The buyer pays at the last moment.
async fn pays(mut buyer: Buyer) {
    let said = paid(&buyer.pay(GOOD_CARD).await);
    let is_clear = !said.contains(' ') || ["409 checkout_expired", "409 payment_in_progress"].contains(&said.as_str());
    assert!(is_clear, "{said}");
}
