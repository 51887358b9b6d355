//! What staff do with an order: send it, pay it back, call it off, and what becomes of it when many do so at once.

use std::collections::BTreeMap;

use commerce::ids::{OrderId, OrderItemId};
use commerce::order::{Order, OrderStatus};
use commerce::payment::Outcome;
use commerce::returns::RefundStatus;
use oxcart::app::Shop;
use oxcart::args;
use oxcart::error::Result;
use oxcart::flows::cancel::{self, Cancel};
use oxcart::flows::fulfil::{Fulfil, fulfil};
use oxcart::flows::mark_delivered::mark_delivered;
use oxcart::flows::mark_paid::mark_paid;
use oxcart::flows::refund::{self, Refund, RefundItem, RefundWhat};
use oxcart::flows::refund_review::refund_review;
use oxcart::flows::settle::{Settled, settle};
use oxcart::store::orders;
use serde_json::json;

use crate::app::{Engine, Setup, TestApp, both_engines, burst};
use crate::builders::{GOOD_CARD, SECURE_CARD, amount, eur, percent_off};
use crate::buyer::{Answer, Buyer, text};
use crate::staff::{ADMIN, Staff};

both_engines!(
    an_order_is_sent_in_parts_and_paid_back_in_parts,
    a_canceled_order_gives_everything_back_once,
    a_bank_transfer_is_marked_as_paid_and_paid_back_without_a_bank,
    thirty_two_refunds_at_once_pay_back_once,
    cancel_ship_and_refund_at_once_take_one_way,
    a_bank_that_says_nothing_is_asked_until_it_answers_and_pays_once,
    a_crash_before_the_answer_is_kept_is_finished_by_the_job,
    a_payment_under_review_goes_back_and_lets_its_stock_go,
    programs_do_the_same_and_are_told_why_not,
    letters_are_sent_again_under_another_name,
);

/// Somebody of the staff.
pub const STAFF: &str = "staff:00000000-0000-7000-8000-0000000000bb";

/// The order that was placed last.
pub async fn last_order(shop: &TestApp) -> Order {
    #[derive(sqlx::FromRow)]
    struct Found {
        id: uuid::Uuid,
    }
    const LAST: &str = "SELECT id FROM orders ORDER BY placed_at DESC, number DESC";
    let found: Vec<Found> = shop.query(LAST, args![]).await;
    order(shop, OrderId(found.first().expect("somebody has ordered").id)).await
}

/// An order as it stands.
pub async fn order(shop: &TestApp, id: OrderId) -> Order {
    let mut conn = shop.app.db.read().await.expect("the database answers");
    orders::load(&mut conn, id).await.expect("it can be read").order
}

/// The line of a SKU.
pub fn line(order: &Order, sku: &str) -> OrderItemId {
    let line = order.items.iter().find(|item| item.sku.as_deref() == Some(sku));
    line.unwrap_or_else(|| panic!("no {sku} in the order")).id
}

/// Sends these units with a carrier whose pages are known, and writes to the buyer.
pub async fn send(shop: &TestApp, order: &Order, units: &[(OrderItemId, i64)]) -> Result<()> {
    let (carrier, tracking_number) = (Some("PostNL".into()), Some("3S 1234".into()));
    fulfil(&shop.app, order.id, Fulfil { items: units.to_vec(), carrier, tracking_number, notify: true }, STAFF).await
}

/// A refund with the goods here, of which the buyer is told.
pub fn asked(what: RefundWhat) -> Refund {
    Refund { what, reason: "A chip in the glaze".into(), restock: true, notify: true }
}

/// Pays back.
pub async fn refund(shop: &TestApp, order: &Order, what: RefundWhat) -> Result<RefundStatus> {
    refund::refund(&shop.app, order.id, asked(what), STAFF).await
}

/// Calls an order off.
pub async fn cancel(shop: &TestApp, order: &Order) -> Result<Option<RefundStatus>> {
    let why = Cancel { reason: "Changed their mind".into(), restock: true, notify: true };
    cancel::cancel(&shop.app, order.id, why, STAFF).await
}

fn units(item_id: OrderItemId, quantity: i64) -> RefundWhat {
    RefundWhat::Items(vec![RefundItem { item_id, quantity }])
}

/// Buys these, with a card; answers the order.
pub async fn bought(shop: &TestApp, goods: &[(&str, i64)]) -> Order {
    let mut buyer = shop.buyer().await;
    for (sku, quantity) in goods {
        buyer.add(shop, sku, *quantity).await.ok(200);
    }
    buyer.check_out().await.ok(201);
    buyer.pay(GOOD_CARD).await.ok(200);
    last_order(shop).await
}

/// Buys a mug by bank transfer.
async fn transferred(shop: &TestApp) -> Order {
    let mut buyer = shop.buyer().await;
    buyer.add(shop, "MUG", 1).await.ok(200);
    let checkout = buyer.check_out_with(json!({ "payment_method": "manual" })).await.ok(201);
    buyer.pay_with(&json!({ "version": checkout["version"] })).await.ok(200);
    last_order(shop).await
}

/// Everything that was done with orders: a line each.
async fn outcome(shop: &TestApp) -> String {
    const ORDERS: &str = "SELECT 'order ' || status || ' ' || payment_status || ' ' || fulfillment_status AS text
         FROM orders ORDER BY placed_at, id";
    const LINES: &str = "SELECT sku || ' ' || CAST(quantity AS TEXT) || ': ' || CAST(fulfilled AS TEXT) || ' sent '
             || CAST(delivered AS TEXT) || ' arrived ' || CAST(returned AS TEXT) || ' back '
             || CAST(refunded_quantity AS TEXT) || ' refunded' AS text FROM order_items ORDER BY sku";
    const PAYMENTS: &str = "SELECT 'payment ' || CAST(captured AS TEXT) || ' - ' || CAST(refunded AS TEXT) AS text
         FROM payments ORDER BY created_at, id";
    const REFUNDS: &str = "SELECT 'refund ' || status || ' ' || CAST(amount AS TEXT) AS text FROM refunds
         ORDER BY created_at, id";
    const PARCELS: &str = "SELECT 'parcel ' || l.sku || ' ' || CAST(i.quantity AS TEXT) AS text FROM fulfillments f
         JOIN fulfillment_items i ON i.fulfillment_id = f.id JOIN order_items l ON l.id = i.order_item_id
         ORDER BY f.created_at, l.sku";
    const MOVES: &str = "SELECT m.kind || ' ' || v.sku || ' ' || CAST(m.delta AS TEXT) AS text
         FROM stock_movements m JOIN variants v ON v.id = m.variant_id WHERE m.kind IN ('return', 'cancel')
         ORDER BY m.at, v.sku";
    const EVENTS: &str = "SELECT 'event ' || kind AS text FROM events
         WHERE kind LIKE 'order.%' OR kind LIKE 'refund.%' ORDER BY position";
    const JOBS: &str = "SELECT 'job ' || kind || ' ' || status AS text FROM jobs
         WHERE kind LIKE 'mail_order%' OR kind = 'reconcile_refund' ORDER BY created_at, kind";
    let mut lines = vec![];
    for sql in [ORDERS, LINES, PAYMENTS, REFUNDS, PARCELS, MOVES, EVENTS, JOBS] {
        lines.extend(shop.texts(sql).await);
    }
    let mut subjects: Vec<String> = shop.mails().into_iter().map(|mail| format!("mail {}", mail.subject)).collect();
    subjects.sort();
    lines.extend(subjects);
    lines.join("\n")
}

async fn an_order_is_sent_in_parts_and_paid_back_in_parts(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let order = bought(&shop, &[("MUG", 3), ("KETTLE-BRICK-10", 1)]).await;
    let (mugs, kettle) = (line(&order, "MUG"), line(&order, "KETTLE-BRICK-10"));
    send(&shop, &order, &[(mugs, 2)]).await.expect("three are to be sent");
    // Of the mugs one is still here: it is paid back and not sent.
    refund(&shop, &order, units(mugs, 1)).await.expect("three were paid");
    let more = send(&shop, &order, &[(mugs, 1), (kettle, 1)]).await.expect_err("no mug is left to be sent");
    assert_eq!(more.code(), "quantity_too_large");
    send(&shop, &order, &[(kettle, 1)]).await.expect("it is to be sent");
    mark_delivered(&shop.app, order.id, STAFF).await.expect("everything was sent");
    refund(&shop, &order, RefundWhat::Amount(eur(500))).await.expect("more was paid");
    let over = refund(&shop, &order, RefundWhat::Amount(eur(9_696))).await.expect_err("one cent too much");
    assert_eq!(over.code(), "refund_over_captured");
    refund(&shop, &order, RefundWhat::Remaining).await.expect("the rest was paid");
    assert_eq!(refund(&shop, &order, RefundWhat::Remaining).await.expect_err("nothing is left").code(), "not_allowed");
    shop.after_minutes(5).await;
    let number = &order.number;
    let expected = format!(
        "order completed refunded returned
KETTLE-BRICK-10 1: 1 sent 1 arrived 1 back 1 refunded
MUG 3: 2 sent 2 arrived 2 back 3 refunded
payment 11645 - 11645
refund succeeded 1450
refund succeeded 500
refund succeeded 9695
parcel MUG 2
parcel KETTLE-BRICK-10 1
return MUG 1
return KETTLE-BRICK-10 1
return MUG 2
event order.placed
event order.fulfilled
event refund.started
event refund.succeeded
event order.refunded
event order.fulfilled
event order.delivered
event refund.started
event refund.succeeded
event order.refunded
event refund.started
event refund.succeeded
event order.refunded
job mail_order_confirmation done
job mail_order_shipped done
job reconcile_refund done
job mail_order_refunded done
job mail_order_shipped done
job reconcile_refund done
job mail_order_refunded done
job reconcile_refund done
job mail_order_refunded done
mail Money back for order {number} at Test & Sons
mail Money back for order {number} at Test & Sons
mail Money back for order {number} at Test & Sons
mail On its way: order {number} from Test & Sons
mail On its way: order {number} from Test & Sons
mail Your order {number} at Test & Sons"
    );
    assert_eq!(outcome(&shop).await, expected);
    let mut letters = shop.mails().into_iter().filter(|mail| mail.subject.starts_with("On its way"));
    let sent = letters.find(|mail| mail.body.contains("The mug")).expect("mugs were sent");
    for said in ["2 × The mug", "Tracking number 3S 1234", "https://postnl.nl/tracktrace/?B=3S1234", "/orders/"] {
        assert!(sent.body.contains(said), "{said} is not in {}", sent.body);
    }
    assert_eq!((shop.stock("MUG").await, shop.stock("KETTLE-BRICK-10").await), ((100, 0), (10, 0)));
    shop.verify().await;
}

/// In which order a settled refund is told.
const SETTLED: &str = "event refund.succeeded\nevent order.refunded";

async fn a_canceled_order_gives_everything_back_once(engine: Engine) {
    let mut once = percent_off("ONCE", "50");
    once.total_limit = Some(1);
    let shop = Setup::on(engine).coupon(once).open().await;
    let mut buyer = shop.buyer().await;
    buyer.add(&shop, "LAMP", 1).await.ok(200);
    buyer.add(&shop, "PLAN", 2).await.ok(200);
    buyer.coupon("ONCE").await.ok(200);
    buyer.check_out().await.ok(201);
    buyer.pay(GOOD_CARD).await.ok(200);
    let order = last_order(&shop).await;
    let cancel = |app: Shop, id| async move {
        let why = Cancel { reason: "Changed their mind".into(), restock: true, notify: true };
        cancel::cancel(&app, id, why, STAFF).await.is_ok()
    };
    let outcomes = burst((0..8).map(|_| cancel(shop.app.clone(), order.id)).collect()).await;
    assert_eq!(outcomes.into_iter().filter(|done| *done).count(), 1, "an order is called off once");
    assert_eq!(send(&shop, &order, &[(line(&order, "LAMP"), 1)]).await.expect_err("canceled").code(), "not_allowed");
    shop.after_minutes(5).await;
    let number = &order.number;
    let expected = format!(
        "order canceled refunded unfulfilled
LAMP 1: 0 sent 0 arrived 0 back 1 refunded
PLAN 2: 0 sent 0 arrived 0 back 2 refunded
payment 7445 - 7445
refund succeeded 7445
cancel LAMP 1
event order.placed
event order.canceled
event refund.started
{SETTLED}
job mail_order_confirmation done
job mail_order_canceled done
job reconcile_refund done
mail Order {number} at Test & Sons is canceled
mail Your order {number} at Test & Sons"
    );
    assert_eq!(outcome(&shop).await, expected);
    assert_eq!(shop.stock("LAMP").await, (1, 0));
    shop.verify().await;
    let mut next = shop.buyer().await.named("bob@example.com");
    next.add(&shop, "LAMP", 1).await.ok(200);
    next.coupon("ONCE").await.ok(200);
    next.check_out().await.ok(201);
    next.pay(GOOD_CARD).await.ok(200);
    shop.verify().await;
}

async fn a_bank_transfer_is_marked_as_paid_and_paid_back_without_a_bank(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let order = transferred(&shop).await;
    assert_eq!(refund(&shop, &order, RefundWhat::Remaining).await.expect_err("not paid").code(), "not_allowed");
    mark_paid(&shop.app, order.id, STAFF).await.expect("it is owed");
    assert_eq!(mark_paid(&shop.app, order.id, STAFF).await.expect_err("paid already").code(), "not_allowed");
    let back = refund(&shop, &order, RefundWhat::Amount(eur(45))).await;
    assert_eq!(back.ok(), Some(RefundStatus::Succeeded), "nobody has to be asked");
    assert_eq!(cancel(&shop, &order).await.ok(), Some(Some(RefundStatus::Succeeded)));
    let unpaid = transferred(&shop).await;
    assert_eq!(cancel(&shop, &unpaid).await.ok(), Some(None), "nothing was paid, so nothing goes back");
    shop.drain().await;
    const BACK: &str = "SELECT CAST(refunded AS TEXT) AS text FROM payments ORDER BY created_at";
    assert_eq!(shop.texts(BACK).await, ["1945", "0"]);
    assert_eq!(shop.stock("MUG").await, (100, 0));
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM sandbox_refunds").await, 0);
    shop.verify().await;
}

/// M16: two people press the button at once, and again.
async fn thirty_two_refunds_at_once_pay_back_once(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let order = bought(&shop, &[("MUG", 2)]).await;
    let (ada, bob) = (Staff::hire(&shop, ADMIN).await, Staff::hire(&shop, ADMIN).await);
    let path = format!("/api/admin/orders/{}/refunds", order.id);
    let ask = |token: String| {
        let (api, path) = (shop.api().with_bearer(&token), path.clone());
        async move { api.post(&path, &json!({ "reason": "Broken", "restock": true })).await.status }
    };
    let askers = (0..32).map(|n| ask(if n % 2 == 0 { ada.token.clone() } else { bob.token.clone() }));
    let mut tally: BTreeMap<u16, usize> = BTreeMap::new();
    for status in burst(askers.collect()).await {
        *tally.entry(status).or_default() += 1;
    }
    assert_eq!(tally, BTreeMap::from([(201, 1), (409, 31)]));
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM sandbox_refunds").await, 1);
    assert_eq!(shop.stock("MUG").await, (100, 0), "restocked once");
    shop.after_minutes(5).await;
    shop.verify().await;
}

/// M18: three people do three things; one legal way is taken, and the goods are where it says.
async fn cancel_ship_and_refund_at_once_take_one_way(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut gone = 0;
    for round in 1..=20 {
        let order = bought(&shop, &[("MUG", 2)]).await;
        let deeds = (0..3).map(|which| one_of_three(which, shop.app.clone(), order.clone()));
        let done = burst(deeds.collect()).await;
        shop.verify().await;
        let after = self::order(&shop, order.id).await;
        let (canceled, item) = (after.status == OrderStatus::Canceled, &after.items[0]);
        assert!(done.contains(&"done"), "round {round}: {done:?}");
        assert!(done.iter().all(|how| matches!(*how, "done" | "not_allowed" | "quantity_too_large")), "{done:?}");
        assert_eq!(canceled, done[0] == "done", "round {round}: {done:?}");
        assert!(!canceled || item.fulfilled == 0, "round {round}: canceled and sent");
        // Everything of a canceled order is on the shelf again, and of another one what was paid back.
        gone += if canceled { 0 } else { 2 - item.refunded_quantity };
        assert_eq!(shop.stock("MUG").await, (100 - gone, 0), "round {round}: {done:?}");
    }
}

/// Calls an order off, sends a unit of its first line, or pays one back; answers how that went.
pub async fn one_of_three(which: usize, app: Shop, order: Order) -> &'static str {
    let mugs = order.items[0].id;
    let done = match which {
        0 => {
            let why = Cancel { reason: String::new(), restock: true, notify: false };
            cancel::cancel(&app, order.id, why, STAFF).await.map(|_| ())
        }
        1 => {
            let parcel = Fulfil { items: vec![(mugs, 1)], carrier: None, tracking_number: None, notify: false };
            fulfil(&app, order.id, parcel, STAFF).await
        }
        _ => refund::refund(&app, order.id, asked(units(mugs, 1)), STAFF).await.map(|_| ()),
    };
    done.err().map_or("done", |error| error.code())
}

/// M17: the bank can't be reached; whatever staff press meanwhile, it pays once.
async fn a_bank_that_says_nothing_is_asked_until_it_answers_and_pays_once(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let order = bought(&shop, &[("MUG", 2)]).await;
    shop.change("ALTER TABLE sandbox_refunds RENAME TO burnt_books").await;
    let silent = refund(&shop, &order, units(line(&order, "MUG"), 1)).await;
    assert_eq!(silent.ok(), Some(RefundStatus::Pending));
    let twice = refund(&shop, &order, units(line(&order, "MUG"), 2)).await.expect_err("one is on its way back");
    assert_eq!(twice.code(), "quantity_too_large");
    assert_eq!(cancel(&shop, &order).await.expect_err("it may still fail").code(), "not_allowed");
    shop.after_minutes(10).await;
    shop.verify().await;
    assert_eq!(self::order(&shop, order.id).await.payment.refunded, eur(0));
    shop.change("ALTER TABLE burnt_books RENAME TO sandbox_refunds").await;
    shop.after_minutes(2).await;
    let after = self::order(&shop, order.id).await;
    assert_eq!((after.payment.refunded, after.items[0].refunded_quantity), (eur(1450), 1));
    assert_eq!(shop.stock("MUG").await, (99, 0));
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM sandbox_refunds").await, 1);
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM events WHERE kind = 'order.refunded'").await, 1);
    shop.verify().await;
}

async fn a_crash_before_the_answer_is_kept_is_finished_by_the_job(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let order = bought(&shop, &[("MUG", 2)]).await;
    // Written down and asked, and then the power goes.
    let begun = refund::begin(&shop.app, order.id, &asked(RefundWhat::Remaining), STAFF).await.expect("it was paid");
    let (payment, _) = shop.last_payment().await;
    shop.bank_pays_back(payment, begun, eur(3395)).await;
    assert_eq!(self::order(&shop, order.id).await.payment.refunded, eur(0));
    shop.verify().await;
    shop.after_seconds(30).await;
    let after = self::order(&shop, order.id).await;
    assert_eq!((after.payment.refunded, after.status), (eur(3395), OrderStatus::Completed));
    assert_eq!(refund::ask(&shop.app, begun).await.ok(), Some(RefundStatus::Succeeded), "asked again it says the same");
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM events WHERE kind = 'order.refunded'").await, 1);
    assert_eq!(shop.stock("MUG").await, (100, 0));
    shop.verify().await;
}

async fn a_payment_under_review_goes_back_and_lets_its_stock_go(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let order = bought(&shop, &[("MUG", 1)]).await;
    let unrelated = refund_review(&shop.app, order.payment.attempt, "?", STAFF).await.expect_err("it is in order");
    assert_eq!(unrelated.code(), "not_allowed");
    let mut buyer = Buyer::at_the_till(&shop, "LAMP").await;
    buyer.pay(SECURE_CARD).await.ok(202);
    let (payment, _) = shop.last_payment().await;
    let odd = Outcome::Succeeded { reference: "odd".into(), amount: eur(99) };
    assert_eq!(settle(&shop.app, payment, odd).await.expect("it is heard"), Settled::Review);
    shop.tamper("UPDATE sandbox_payments SET status = 'succeeded' WHERE status = 'action'").await;
    assert_eq!(shop.stock("LAMP").await, (1, 1));
    let ada = Staff::hire(&shop, ADMIN).await;
    let listed = ada.get("/api/admin/payments/reviews").await.ok(200);
    assert_eq!(listed["items"][0]["id"], payment.to_string());
    assert_eq!((&listed["items"][0]["taken"], &listed["items"][0]["reason"]), (&amount(99), &json!("amount_mismatch")));
    let (path, why) = (format!("/api/admin/payments/{payment}/refund"), json!({ "reason": "Wrong amount" }));
    assert_eq!(ada.post(&path, &why).await.ok(201)["status"], "succeeded");
    ada.post(&path, &why).await.refused(409, "not_allowed");
    let cart = format!("oxcart_cart={}", text(&buyer.cart["id"]));
    let seen = shop.api().request("GET", &format!("/checkout/{}", text(&buyer.checkout["id"]))).header("cookie", cart);
    assert!(Answer::of(seen).await.text.contains("Your money went back"));
    assert_eq!(ada.get("/api/admin/payments/reviews").await.ok(200)["items"], json!([]));
    let again = refund_review(&shop.app, payment, "Wrong amount", STAFF).await.expect_err("it went back");
    assert_eq!(again.code(), "not_allowed");
    assert_eq!(shop.stock("LAMP").await, (1, 0));
    buyer.set(0, 0).await.ok(200);
    shop.drain().await;
    let told = shop.mails().into_iter().find(|mail| mail.subject == "Money back from Test & Sons");
    assert!(told.is_some_and(|mail| mail.body.contains("0.99")));
    shop.verify().await;
}

async fn programs_do_the_same_and_are_told_why_not(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let order = bought(&shop, &[("MUG", 2), ("KETTLE-BRICK-10", 1)]).await;
    let (mugs, kettle) = (line(&order, "MUG"), line(&order, "KETTLE-BRICK-10"));
    let ada = Staff::hire(&shop, ADMIN).await;
    let at = |deed: &str| format!("/api/admin/orders/{}/{deed}", order.id);
    let (parcels, refunds) = (at("fulfillments"), at("refunds"));
    let item = |id: OrderItemId, quantity: i64| json!([{ "item_id": id, "quantity": quantity }]);

    for (path, body, status, code) in [
        (&parcels, json!({ "items": [] }), 422, "items_missing"),
        (&parcels, json!({ "items": item(mugs, 0) }), 422, "quantity_not_positive"),
        (&parcels, json!({ "items": item(mugs, 3) }), 422, "quantity_too_large"),
        (&parcels, json!({ "items": item(OrderItemId(order.id.0), 1) }), 404, "item_unknown"),
        (&parcels, json!({ "items": item(mugs, 1), "carrier": "x".repeat(61) }), 422, "invalid_fields"),
        (&parcels, json!({ "items": [[mugs, 1]] }), 422, "invalid_fields"),
        (&refunds, json!({ "amount": amount(10_196), "reason": "", "restock": false }), 422, "refund_over_captured"),
        (&refunds, json!({ "amount": amount(0), "reason": "", "restock": false }), 422, "refund_not_positive"),
        (&refunds, json!({ "amount": amount(-1), "reason": "", "restock": false }), 422, "refund_not_positive"),
        (&refunds, json!({ "amount": { "amount": 1, "currency": "USD" } }), 422, "amount_out_of_range"),
        (&refunds, json!({ "amount": amount(1), "items": item(mugs, 1) }), 422, "invalid_fields"),
        (&refunds, json!({ "items": item(mugs, 3) }), 422, "quantity_too_large"),
        (&refunds, json!({ "reason": "x".repeat(501) }), 422, "invalid_fields"),
        (&refunds, json!({ "total": 1 }), 422, "invalid_fields"),
        (&at("deliver"), json!({}), 409, "not_allowed"),
        (&at("payments/mark-paid"), json!({}), 409, "not_allowed"),
        (&at("notes"), json!({ "text": "  " }), 422, "invalid_fields"),
        (&at("resend"), json!({ "letter": "order_canceled" }), 404, "not_found"),
        (&at("resend"), json!({ "letter": "love" }), 422, "invalid_fields"),
    ] {
        let answer = ada.post(path, &body).await;
        assert_eq!((answer.status, answer.problem()["code"].as_str()), (status, Some(code)), "{path} {body}");
    }
    shop.api().post(&refunds, &json!({})).await.refused(401, "unauthenticated");

    let sent = json!({ "items": item(mugs, 1), "carrier": "DHL", "tracking_number": "JD01" });
    let seen = ada.post(&parcels, &sent).await.ok(201);
    assert_eq!((&seen["fulfillment_status"], &seen["fulfillments"][0]["carrier"]), (&json!("partial"), &json!("DHL")));
    ada.post(&at("cancel"), &json!({ "reason": "" })).await.refused(409, "not_allowed");
    let chipped = json!({ "items": item(kettle, 1), "reason": "Chipped", "restock": true });
    let seen = ada.post(&refunds, &chipped).await.ok(201);
    assert_eq!((&seen["payment_status"], &seen["refunded"]), (&json!("partially_refunded"), &amount(6800)));
    assert_eq!(seen["refunds"][0]["items"], json!([{ "item_id": kettle, "quantity": 1, "amount": amount(6800) }]));
    ada.post(&at("deliver"), &json!({})).await.ok(200);
    let seen = ada.post(&at("notes"), &json!({ "text": " She phoned. " })).await.ok(201);
    assert_eq!((&seen["notes"][0]["text"], &seen["notes"][0]["by"]), (&json!("She phoned."), &json!("Ada Somebody")));
    let actions = seen["actions"].as_array().expect("a list").iter();
    let allowed: Vec<&str> =
        actions.filter(|action| action["allowed"] == true).map(|action| text(&action["action"])).collect();
    assert_eq!(allowed, ["fulfill", "refund"]);

    let open = ada.get(&format!("/api/orders/{}", order.id)).await.ok(200);
    assert!(open.get("notes").is_none() && !open.to_string().contains("Chipped"), "a buyer's document: {open}");
    let timeline = open["timeline"].as_array().expect("a list");
    let mut told: Vec<&str> = timeline.iter().map(|entry| text(&entry["text"])).collect();
    told.sort();
    let expected = [
        "Everything that was sent has arrived.",
        "One thing was sent with DHL.",
        "The order was placed.",
        "The payment arrived.",
        "€68.00 went back to the buyer.",
    ];
    assert_eq!(told, expected);
    let rest = ada.post(&refunds, &json!({ "reason": "The rest", "restock": false })).await.ok(201);
    assert_eq!((&rest["payment_status"], &rest["status"]), (&json!("refunded"), &json!("completed")));
    ada.post(&refunds, &json!({ "reason": "", "restock": false })).await.refused(409, "not_allowed");

    let other = bought(&shop, &[("LAMP", 1)]).await;
    let canceled = ada.post(&format!("/api/admin/orders/{}/cancel", other.id), &json!({ "reason": "Test" })).await;
    let canceled = canceled.ok(200);
    assert_eq!((&canceled["status"], &canceled["payment_status"]), (&json!("canceled"), &json!("refunded")));
    assert_eq!(shop.stock("LAMP").await, (1, 0));
    shop.after_minutes(5).await;
    shop.verify().await;
}

async fn letters_are_sent_again_under_another_name(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let order = bought(&shop, &[("MUG", 1)]).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    shop.drain().await;
    assert_eq!(shop.mails().len(), 1);
    let path = format!("/api/admin/orders/{}/resend", order.id);
    ada.post(&path, &json!({ "letter": "order_confirmation" })).await.ok(200);
    shop.drain().await;
    let mails = shop.mails();
    assert_eq!(mails.len(), 2, "it is no copy that a mail server would drop");
    assert_eq!(mails[0].subject, mails[1].subject);
    shop.verify().await;
}
