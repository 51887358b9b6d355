//! Many at once: nothing is sold twice, nothing is used twice, nobody is told nonsense.

use std::collections::BTreeMap;

use commerce::ids::{CartId, CartItemId};
use oxcart::args;
use oxcart::store::Arg;
use serde_json::json;
use uuid::Uuid;

use crate::app::{TestApp, burst, rounds};
use crate::builders::{GOOD_CARD, card, percent_off, simple};
use crate::buyer::{Buyer, text};
use crate::nodes::{Track, on_every_track};

on_every_track!(
    five_hundred_buyers_for_ten_units,
    two_goods_in_either_order_never_wait_for_each_other,
    a_coupon_is_used_as_often_as_it_may_be,
    one_cart_paid_twice_at_once_is_one_order,
    one_cart_checked_out_many_times_at_once_holds_its_stock_once,
);

const BUYERS: usize = 500;
const UNITS: i64 = 10;

async fn five_hundred_buyers_for_ten_units(track: Track) {
    let shop = track.open().await;
    let rounds = if track == Track::TwoNodes { rounds(4, 20) } else { rounds(16, 20) };
    for round in 1..=rounds {
        let sku = format!("RARE-{round}");
        shop.stock_up(vec![], vec![simple(&sku, 5000, UNITS)]).await;
        let buyers = buyers_with(&shop, &[&sku], BUYERS).await;
        let outcomes = burst(buyers.into_iter().map(buy).collect()).await;
        let expected =
            BTreeMap::from([("ordered".to_owned(), UNITS as usize), (SOLD_OUT.to_owned(), BUYERS - UNITS as usize)]);
        assert_eq!(tally(outcomes), expected, "round {round}");
        assert_eq!(shop.stock(&sku).await, (0, 0), "round {round}");
        shop.verify().await;
    }
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM orders").await, rounds as i64 * UNITS);
}

/// What the ones too late are told.
pub const SOLD_OUT: &str = "409 insufficient_stock";

/// Checks out and pays; answers in a word how that went.
pub async fn buy(mut buyer: Buyer) -> String {
    let opened = buyer.check_out().await;
    if opened.status != 201 {
        return format!("{} {}", opened.status, text(&opened.problem()["code"]));
    }
    let paid = buyer.pay(GOOD_CARD).await;
    match paid.status {
        200 => "ordered".into(),
        status => format!("{status} {}", text(&paid.problem()["code"])),
    }
}

/// How often each outcome came.
pub fn tally(outcomes: Vec<String>) -> BTreeMap<String, usize> {
    outcomes.into_iter().fold(BTreeMap::new(), |mut tally, outcome| {
        *tally.entry(outcome).or_default() += 1;
        tally
    })
}

/// Buyers who have one of each SKU in their carts. The carts are written at once: only what follows is the race.
pub async fn buyers_with(shop: &TestApp, skus: &[&str], count: usize) -> Vec<Buyer> {
    buyers_with_coupons(shop, skus, &[], count).await
}

/// Buyers who have also typed coupons in. They are spread over all nodes.
pub async fn buyers_with_coupons(shop: &TestApp, skus: &[&str], coupons: &[&str], count: usize) -> Vec<Buyer> {
    let (clock, now) = (&shop.app.clock, shop.app.clock.now());
    let carts: Vec<CartId> = (0..count).map(|_| clock.id()).collect();
    let rows = carts.iter().map(|id| args![*id, 1, "EUR", Arg::json(&coupons), now, now]);
    let mut lines = vec![];
    for sku in skus {
        let variant: Uuid = shop.variant(sku).await.parse().expect("an id of ours");
        lines.extend(carts.iter().map(|cart| args![clock.id::<CartItemId>(), *cart, variant, 1, 5000, now]));
    }
    let mut tx = shop.app.db.begin().await.expect("the database answers");
    const CARTS: &str = "INSERT INTO carts (id, version, currency, coupons, created_at, updated_at)";
    const LINES: &str = "INSERT INTO cart_items (id, cart_id, variant_id, quantity, seen_price, added_at)";
    tx.insert_many(CARTS, rows.collect(), "").await.expect("carts are written");
    tx.insert_many(LINES, lines, "").await.expect("lines are written");
    tx.commit().await.expect("carts are written");
    let door = shop.buyer().await;
    let entered = |(nth, id)| door.clone().at(shop.node(nth)).with_cart(json!({ "id": id, "version": 1 }));
    carts.into_iter().enumerate().map(entered).collect()
}

async fn two_goods_in_either_order_never_wait_for_each_other(track: Track) {
    let shop = track.open().await;
    shop.stock_up(vec![], vec![simple("LEFT", 100, 30), simple("RIGHT", 100, 40)]).await;
    let mut buyers = buyers_with(&shop, &["LEFT", "RIGHT"], 50).await;
    buyers.extend(buyers_with(&shop, &["RIGHT", "LEFT"], 50).await);
    let outcomes = burst(buyers.into_iter().map(buy).collect()).await;
    assert_eq!(tally(outcomes), BTreeMap::from([("ordered".into(), 30), (SOLD_OUT.into(), 70)]), "all or nothing");
    assert_eq!((shop.stock("LEFT").await, shop.stock("RIGHT").await), ((0, 0), (10, 0)));
    shop.verify().await;
}

async fn a_coupon_is_used_as_often_as_it_may_be(track: Track) {
    let mut once = percent_off("ONCE", "50");
    (once.total_limit, once.per_customer_limit) = (Some(3), Some(1));
    let shop = track.setup().coupon(once.clone()).open().await;
    let mut buyers = vec![];
    // Half of them are one person with many ways to write an address.
    for (index, mut buyer) in buyers_with(&shop, &["MUG"], 32).await.into_iter().enumerate() {
        buyer.coupon("ONCE").await.ok(200);
        let email =
            if index % 2 == 0 { format!("A.da+{index}@gmail.com") } else { format!("buyer{index}@example.com") };
        buyers.push(buyer.named(&email));
    }
    let outcomes = tally(burst(buyers.into_iter().map(buy).collect()).await);
    assert_eq!(outcomes, BTreeMap::from([("ordered".into(), 3), ("422 coupon_used_up".into(), 29)]));
    assert_eq!(shop.count("SELECT used AS n FROM coupons").await, 3);
    assert!(shop.count("SELECT COUNT(*) AS n FROM orders WHERE email_canonical LIKE 'ada@%'").await <= 1);

    // What a checkout gives up can be used by the next one; once.
    once.total_limit = Some(4);
    shop.save_coupon(&once).await;
    let mut holder = shop.buyer().await.named("holder@example.com");
    holder.add(&shop, "MUG", 1).await.ok(200);
    holder.coupon("ONCE").await.ok(200);
    holder.check_out().await.ok(201);
    let cancel = format!("{}/cancel", holder.checkout_path());
    for _ in 0..2 {
        holder.post(&cancel, &json!({})).await.ok(200);
    }
    assert_eq!(shop.count("SELECT used AS n FROM coupons").await, 3, "given back once");
    holder.check_out().await.ok(201);
    holder.pay(GOOD_CARD).await.ok(200);
    shop.verify().await;
}

async fn one_cart_paid_twice_at_once_is_one_order(track: Track) {
    let shop = track.open().await;
    let buyer = Buyer::at_the_till(&shop, "MUG").await;
    let pay = |mut buyer: Buyer| async move {
        let body = json!({ "version": buyer.checkout["version"], "card": card(GOOD_CARD) });
        let paid = buyer.pay_with(&body).await;
        match paid.status {
            200 => text(&paid.json()["order"]["id"]).to_owned(),
            status => format!("{status} {}", text(&paid.problem()["code"])),
        }
    };
    let outcomes = tally(burst((0..16).map(|nth| pay(buyer.clone().at(shop.node(nth)))).collect()).await);
    let orders = shop.texts("SELECT CAST(number AS TEXT) AS text FROM orders").await;
    assert_eq!((orders.len(), shop.count("SELECT COUNT(*) AS n FROM payments").await), (1, 1), "{outcomes:?}");
    assert!(outcomes.keys().filter(|outcome| *outcome != "409 payment_in_progress").count() == 1, "{outcomes:?}");
    shop.verify().await;
}

async fn one_cart_checked_out_many_times_at_once_holds_its_stock_once(track: Track) {
    let shop = track.open().await;
    let mut buyer = shop.buyer().await;
    buyer.add(&shop, "LAMP", 1).await.ok(200);
    let open = |mut buyer: Buyer| async move { buyer.check_out().await.status };
    let statuses = burst((0..16).map(|nth| open(buyer.clone().at(shop.node(nth)))).collect()).await;
    assert_eq!(statuses, [201; 16], "nobody is blocked by their own reservation");
    assert_eq!(shop.stock("LAMP").await, (1, 1));
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM checkouts WHERE status = 'open'").await, 1);
    shop.verify().await;
}
