//! `oxcart verify` finds whatever is broken, by name, and nothing where nothing is.

use std::collections::BTreeSet;

use commerce::payment::Outcome;
use commerce::returns::RefundStatus;
use oxcart::args;
use oxcart::flows::mark_delivered::mark_delivered;
use oxcart::flows::mark_paid::mark_paid;
use oxcart::flows::refund::{RefundItem, RefundWhat, begin, refund};
use oxcart::flows::settle::{Settled, settle};
use oxcart::store::{Arg, Tx, verify};
use serde_json::{Value, json};
use sqlx::types::Json;
use uuid::Uuid;

use crate::app::{Engine, Setup, TestApp, both_engines};
use crate::builders::{DECLINED_CARD, GOOD_CARD, LATE_CARD, SECURE_CARD, eur, percent_off};
use crate::buyer::Buyer;
use crate::deeds::{self, STAFF};

both_engines!(
    every_broken_invariant_is_named,
    every_broken_deed_is_named,
    one_payment_is_in_one_order,
    a_second_charge_is_told_and_breaks_nothing,
);

/// The invariant, and what breaks it: statements past every rule, each of which has to touch something.
const BREAKS: &[(&str, &[&str])] = &[
    // Stock.
    ("stock_equals_movements", &["UPDATE stock SET on_hand = on_hand + 1 WHERE on_hand > 90"]),
    ("stock_equals_movements", &["UPDATE stock_movements SET delta = delta + 1 WHERE kind = 'initial'"]),
    ("reserved_equals_active_reservations", &["UPDATE stock SET reserved = reserved + 1 WHERE on_hand > 90"]),
    ("nothing_oversold", &["UPDATE stock SET on_hand = on_hand - 1000 WHERE on_hand > 90"]),
    ("active_reservation_has_a_live_checkout", &["UPDATE checkouts SET status = 'canceled' WHERE status = 'open'"]),
    ("sold_stock_has_its_movement", &["UPDATE stock_movements SET reference = 'x' || reference WHERE kind = 'sale'"]),
    (
        "sold_stock_has_its_movement",
        &[
            "DELETE FROM stock_movements WHERE kind = 'sale' AND delta = -2",
            "UPDATE stock SET on_hand = on_hand + 2 WHERE variant_id = (SELECT id FROM variants WHERE sku = 'MUG')",
        ],
    ),
    (
        "sale_movement_is_what_an_order_sold",
        &[
            "INSERT INTO stock_movements (id, variant_id, location_id, kind, delta, reference, actor, at)
             SELECT o.id, m.variant_id, m.location_id, m.kind, m.delta, m.reference, m.actor, m.at
             FROM stock_movements m JOIN orders o ON o.number = m.reference WHERE m.delta = -2",
            "UPDATE stock SET on_hand = on_hand - 2 WHERE variant_id = (SELECT id FROM variants WHERE sku = 'MUG')",
        ],
    ),
    (
        "sale_movement_is_what_an_order_sold",
        &[
            "INSERT INTO stock_movements (id, variant_id, location_id, kind, delta, reference, actor, at)
             SELECT o.id, m.variant_id, m.location_id, m.kind, m.delta, 'nobody', m.actor, m.at
             FROM stock_movements m JOIN orders o ON o.number = m.reference WHERE m.delta = -2",
            "UPDATE stock SET on_hand = on_hand - 2 WHERE variant_id = (SELECT id FROM variants WHERE sku = 'MUG')",
        ],
    ),
    // Orders, checkouts and carts.
    ("order_total_is_the_sum_of_its_parts", &["UPDATE orders SET total = total + 1"]),
    ("order_lines_make_up_the_order", &["UPDATE order_items SET unit_price = unit_price + 1"]),
    ("order_lines_make_up_the_order", &["UPDATE order_items SET tax = tax + 1000000"]),
    (
        "order_has_lines",
        &["UPDATE order_items SET order_id = (SELECT o.id FROM orders o WHERE o.payment_status = 'pending')"],
    ),
    ("order_total_is_what_the_checkout_froze", &["UPDATE checkouts SET total = total + 1 WHERE status = 'completed'"]),
    ("line_progress_is_possible", &["UPDATE order_items SET fulfilled = 99 WHERE quantity = 1"]),
    ("line_progress_is_possible", &["UPDATE order_items SET refunded_quantity = -1 WHERE quantity = 1"]),
    (
        "completed_checkout_has_its_order",
        &[
            "DELETE FROM order_items WHERE order_id IN (SELECT id FROM orders WHERE payment_status = 'pending')",
            "DELETE FROM orders WHERE payment_status = 'pending'",
        ],
    ),
    ("completed_checkout_has_its_order", &["UPDATE checkouts SET order_id = NULL WHERE status = 'completed'"]),
    ("cart_names_its_order", &["UPDATE carts SET order_id = NULL WHERE order_id IS NOT NULL"]),
    ("cart_names_its_order", &["UPDATE carts SET order_id = id WHERE order_id IS NULL"]),
    ("cart_names_its_live_checkout", &["UPDATE carts SET checkout_id = NULL WHERE order_id IS NULL"]),
    (
        "cart_is_in_one_checkout",
        &["UPDATE checkouts SET cart_id = (SELECT c.cart_id FROM checkouts c WHERE c.status = 'open')
           WHERE status = 'processing'"],
    ),
    ("coupon_uses_within_limits", &["UPDATE coupons SET used = used + 1"]),
    ("coupon_uses_within_limits", &["UPDATE coupons SET total_limit = 0"]),
    ("coupon_uses_within_a_customers_limit", &["UPDATE coupons SET per_customer_limit = 0"]),
    // Money.
    ("captured_is_all_or_nothing", &["UPDATE payments SET captured = captured + 1 WHERE status = 'succeeded'"]),
    ("captured_is_all_or_nothing", &["UPDATE payments SET captured = 1 WHERE status = 'declined'"]),
    ("refunded_is_the_sum_of_refunds", &["UPDATE payments SET refunded = 100 WHERE captured > 100"]),
    (
        "one_order_per_paid_payment",
        &["UPDATE payments SET order_id = checkout_id WHERE status = 'succeeded' AND provider = 'sandbox'"],
    ),
    ("no_order_without_a_payment", &["UPDATE payments SET status = 'declined' WHERE status = 'succeeded'"]),
    (
        "order_checkout_and_payment_are_of_one",
        &["UPDATE payments SET checkout_id = (SELECT id FROM checkouts WHERE status = 'open')
           WHERE status = 'succeeded'"],
    ),
    (
        "order_checkout_and_payment_are_of_one",
        &["UPDATE orders SET cart_id = (SELECT k.id FROM carts k JOIN checkouts c ON c.cart_id = k.id
                                        WHERE c.status = 'open') WHERE payment_status = 'paid'"],
    ),
    (
        "payment_status_follows_from_the_payment",
        &["UPDATE orders SET payment_status = 'refunded' WHERE payment_status = 'paid'"],
    ),
    (
        "processing_checkout_has_a_payment",
        &["UPDATE payments SET status = 'canceled' WHERE status = 'requires_action'"],
    ),
    ("processing_checkout_has_a_payment", &["UPDATE payments SET amount = 1 WHERE status = 'requires_action'"]),
    // Events.
    ("order_has_its_event", &["DELETE FROM events WHERE kind = 'order.placed'"]),
    ("order_has_its_event", &["UPDATE orders SET version = version + 1"]),
    ("payment_state_has_its_event", &["DELETE FROM events WHERE kind = 'payment.started'"]),
    ("payment_state_has_its_event", &["DELETE FROM events WHERE kind = 'payment.requires_action'"]),
    ("payment_state_has_its_event", &["DELETE FROM events WHERE kind = 'payment.processing'"]),
    ("payment_state_has_its_event", &["DELETE FROM events WHERE kind = 'payment.declined'"]),
    ("payment_state_has_its_event", &["DELETE FROM events WHERE kind = 'payment.succeeded'"]),
    ("payment_state_has_its_event", &["UPDATE events SET kind = 'payment.canceled' WHERE kind = 'payment.succeeded'"]),
    ("checkout_state_has_its_event", &["DELETE FROM events WHERE kind = 'checkout.opened'"]),
    ("checkout_state_has_its_event", &["DELETE FROM events WHERE kind = 'checkout.amended'"]),
    ("checkout_state_has_its_event", &["DELETE FROM events WHERE kind = 'checkout.canceled'"]),
    ("checkout_state_has_its_event", &["DELETE FROM events WHERE kind = 'checkout.completed'"]),
    ("paying_has_its_events", &["DELETE FROM events WHERE kind = 'checkout.processing'"]),
    ("paying_has_its_events", &["DELETE FROM events WHERE kind = 'checkout.reopened'"]),
    ("paying_has_its_events", &["DELETE FROM events WHERE kind IN ('checkout.processing', 'checkout.reopened')"]),
    (
        "paying_has_its_events",
        &["UPDATE payments SET checkout_id = (SELECT id FROM checkouts WHERE status = 'open')
           WHERE status = 'declined'"],
    ),
    ("stock_change_has_its_event", &["DELETE FROM events WHERE kind = 'stock.changed'"]),
    ("catalog_change_has_its_event", &["DELETE FROM events WHERE kind = 'product.created'"]),
    ("catalog_change_has_its_event", &["UPDATE coupons SET version = version + 1"]),
    // Customers.
    ("customer_is_the_sum_of_their_orders", &["UPDATE customers SET spent = spent + 1"]),
    ("customer_is_the_sum_of_their_orders", &["UPDATE customers SET orders = orders + 1"]),
    ("customer_is_the_sum_of_their_orders", &["UPDATE customers SET email_canonical = 'eve@example.com'"]),
    ("order_has_its_customer", &["DELETE FROM customers"]),
    // Names.
    (
        "slug_leads_to_one_thing",
        &["INSERT INTO slug_history (entity, slug, entity_id, at)
           SELECT 'product', slug, id, created_at FROM products WHERE slug = 'mug'"],
    ),
    ("currency_is_known", &["UPDATE prices SET currency = 'EU'"]),
    // Documents.
    (
        "checkout_holds_what_it_froze",
        &[
            "DELETE FROM reservations WHERE status = 'sold' AND quantity = 2",
            "DELETE FROM stock_movements WHERE kind = 'sale' AND delta = -2",
            "UPDATE stock SET on_hand = on_hand + 2 WHERE variant_id = (SELECT id FROM variants WHERE sku = 'MUG')",
        ],
    ),
    (
        "checkout_holds_what_it_froze",
        &["DELETE FROM reservations WHERE status = 'active'", "UPDATE stock SET reserved = 0"],
    ),
    (
        "checkout_holds_what_it_froze",
        &["UPDATE reservations SET status = 'released' WHERE status = 'active'", "UPDATE stock SET reserved = 0"],
    ),
    ("checkout_holds_what_it_froze", &["UPDATE reservations SET quantity = quantity + 1 WHERE status = 'released'"]),
    ("checkout_uses_its_coupons", &["DELETE FROM coupon_uses", "UPDATE coupons SET used = 0"]),
    ("checkout_uses_its_coupons", &["UPDATE coupon_uses SET status = 'active'"]),
    ("checkout_columns_are_its_document", &["UPDATE checkouts SET total = total + 1 WHERE status = 'open'"]),
    ("checkout_holds_what_it_froze", &["UPDATE checkouts SET status = 'open' WHERE status = 'canceled'"]),
    (
        "checkout_columns_are_its_document",
        &["UPDATE frozen_checkouts SET body = '{}'
            WHERE checkout_id IN (SELECT id FROM checkouts WHERE status = 'canceled')"],
    ),
    ("checkout_columns_are_its_document", &["DELETE FROM frozen_checkouts"]),
    ("payment_columns_are_its_state", &["UPDATE payments SET state = '{}' WHERE status = 'declined'"]),
    ("payment_columns_are_its_state", &["UPDATE payments SET reference = 'other' WHERE status = 'succeeded'"]),
    ("order_is_what_its_checkout_froze", &["UPDATE orders SET body = '{}' WHERE payment_status = 'paid'"]),
    ("order_is_what_its_checkout_froze", &["UPDATE orders SET email = 'eve@example.com'"]),
    ("order_is_what_its_checkout_froze", &["UPDATE order_items SET sku = 'OTHER' WHERE sku = 'MUG'"]),
    ("order_is_what_its_checkout_froze", &["DELETE FROM order_items WHERE sku = 'PLAN'"]),
    ("order_tax_is_the_sum_of_its_parts", &["UPDATE orders SET tax = tax + 5000 WHERE tax_included"]),
    ("order_tax_is_the_sum_of_its_parts", &["UPDATE order_items SET tax = 0 WHERE sku = 'PLAN'"]),
    ("order_status_follows_from_its_lines", &["UPDATE orders SET fulfillment_status = 'delivered'"]),
    ("order_status_follows_from_its_lines", &["UPDATE orders SET status = 'completed'"]),
    ("order_status_follows_from_its_lines", &["UPDATE order_items SET fulfilled = quantity"]),
];

/// The same for what staff did with orders.
const DEEDS: &[(&str, &[&str])] = &[
    ("refunded_is_the_sum_of_refunds", &["UPDATE refunds SET amount = amount + 1 WHERE status = 'succeeded'"]),
    ("refunded_at_most_captured", &["UPDATE refunds SET amount = amount + 1000000 WHERE status = 'pending'"]),
    ("refund_is_of_its_payments_order", &["UPDATE refunds SET order_id = NULL WHERE status = 'succeeded'"]),
    ("refund_is_of_its_payments_order", &["UPDATE refunds SET currency = 'USD' WHERE status = 'failed'"]),
    ("refund_is_of_its_payments_order", &["UPDATE refunds SET settled_at = created_at WHERE status = 'pending'"]),
    ("refund_lines_are_within_the_refund", &["UPDATE refund_items SET amount = amount + 1000000"]),
    (
        "refund_lines_are_within_the_refund",
        &["UPDATE refund_items SET order_item_id = (SELECT i.id FROM order_items i WHERE i.sku = 'STOOL')
           WHERE order_item_id IN (SELECT i.id FROM order_items i WHERE i.sku = 'MUG')"],
    ),
    ("refund_state_has_its_event", &["DELETE FROM events WHERE kind = 'refund.succeeded'"]),
    ("refund_state_has_its_event", &["DELETE FROM events WHERE kind = 'refund.started'"]),
    ("refund_state_has_its_event", &["UPDATE refunds SET status = 'failed' WHERE status = 'succeeded'"]),
    ("order_deed_has_its_event", &["UPDATE events SET kind = 'order.delivered' WHERE kind = 'order.fulfilled'"]),
    ("order_deed_has_its_event", &["UPDATE events SET kind = 'order.delivered' WHERE kind = 'order.refunded'"]),
    ("order_deed_has_its_event", &["UPDATE events SET kind = 'order.delivered' WHERE kind = 'order.canceled'"]),
    ("order_has_its_event", &["DELETE FROM events WHERE kind = 'order.paid'"]),
    ("sent_is_the_sum_of_parcels", &["UPDATE order_items SET fulfilled = fulfilled - 1 WHERE fulfilled > 0"]),
    ("sent_is_the_sum_of_parcels", &["DELETE FROM fulfillment_items"]),
    (
        "sent_is_the_sum_of_parcels",
        &["UPDATE fulfillments SET order_id = (SELECT id FROM orders WHERE status = 'canceled')"],
    ),
    ("units_paid_back_are_the_sum_of_refunds", &["UPDATE order_items SET refunded_quantity = 0 WHERE quantity = 2"]),
    ("units_paid_back_are_the_sum_of_refunds", &["UPDATE refund_items SET quantity = quantity + 5"]),
    ("units_paid_back_are_the_sum_of_refunds", &["UPDATE order_items SET refunded = refunded - 1 WHERE refunded > 0"]),
    ("units_paid_back_are_the_sum_of_refunds", &["UPDATE order_items SET total = refunded - 1 WHERE refunded > 0"]),
    ("canceled_order_says_why", &["DELETE FROM cancellations"]),
    ("canceled_order_says_why", &["UPDATE orders SET fulfillment_status = 'partial' WHERE status = 'canceled'"]),
    ("restocked_at_most_what_was_sold", &["UPDATE stock_movements SET delta = delta + 5 WHERE kind = 'cancel'"]),
    ("restocked_at_most_what_was_sold", &["UPDATE stock_movements SET delta = -1 WHERE kind = 'return'"]),
    ("restocked_at_most_what_was_sold", &["UPDATE stock_movements SET reference = 'x' WHERE kind = 'return'"]),
    ("restocked_at_most_what_was_sold", &["UPDATE cancellations SET restock = false"]),
    (
        "restocked_at_most_what_was_sold",
        &["INSERT INTO stock_movements (id, variant_id, location_id, kind, delta, reference, actor, at)
           SELECT o.id, m.variant_id, m.location_id, m.kind, m.delta, m.reference, m.actor, m.at
           FROM stock_movements m JOIN orders o ON o.number = m.reference WHERE m.kind = 'cancel'"],
    ),
    ("what_a_cancelation_restocks_is_on_the_shelf", &["DELETE FROM stock_movements WHERE kind = 'cancel'"]),
    ("checkout_uses_its_coupons", &["UPDATE coupon_uses SET status = 'consumed' WHERE status = 'released'"]),
    ("stock_change_has_its_event", &["DELETE FROM stock_movements WHERE kind = 'return'"]),
];

/// The invariant, whose document, where in it, and what is written there.
const DOCUMENTS: &[(&str, Document, &str, i64)] = &[
    ("checkout_columns_are_its_document", CHECKOUT, "/quote/totals/total/amount", 1),
    ("checkout_columns_are_its_document", CHECKOUT, "/quote/totals/total/amount", 1),
    ("checkout_adds_up", CHECKOUT, "/quote/totals/tax/amount", 1),
    ("checkout_adds_up", CHECKOUT, "/quote/lines/0/tax/amount", 0),
    ("checkout_adds_up", CHECKOUT, "/quote/totals/subtotal/amount", 1),
    ("checkout_adds_up", CHECKOUT, "/items/0/quantity", 77),
    ("order_tax_is_the_sum_of_its_parts", ORDER, "/shipping/tax/amount", 1),
    ("order_is_what_its_checkout_froze", ORDER, "/shipping/amount/amount", 1),
    ("order_is_what_its_checkout_froze", ORDER, "/explanation/0/amount/amount", 1),
];

/// How the documents of a table are read and written.
type Document = (&'static str, &'static str);
const CHECKOUT: Document = (
    "SELECT checkout_id AS id, body FROM frozen_checkouts ORDER BY checkout_id DESC",
    "UPDATE frozen_checkouts SET body = $2 WHERE checkout_id = $1",
);
const ORDER: Document = ("SELECT id, body FROM orders", "UPDATE orders SET body = $2 WHERE id = $1");

#[derive(sqlx::FromRow)]
struct Kept {
    id: Uuid,
    body: Json<Value>,
}

async fn every_broken_invariant_is_named(engine: Engine) {
    let shop = Setup::on(engine).coupon(percent_off("TEN", "10")).open().await;
    lively(&shop).await;
    shop.verify().await;
    for (invariant, statements) in BREAKS {
        is_broken_by(&shop, invariant, statements).await;
    }
    for (invariant, (read, write), pointer, number) in DOCUMENTS {
        let Kept { id, body: Json(mut body) } = shop.query(read, args![]).await.swap_remove(0);
        *body.pointer_mut(pointer).expect(pointer) = json!(number);
        let mut tx = shop.app.db.begin().await.expect("the database answers");
        tx.execute(write, args![id, Arg::json(&body)]).await.expect("it is written");
        is_named(tx, invariant, pointer).await;
    }
    shop.verify().await;
    let documents = DOCUMENTS.iter().map(|(invariant, ..)| *invariant);
    let broken = BREAKS.iter().chain(DEEDS).map(|(invariant, _)| *invariant);
    let tried: BTreeSet<&str> = broken.chain(documents).collect();
    assert_eq!(tried.len(), verify::count(), "every invariant is broken here once");
}

/// What staff do with orders has its invariants too.
async fn every_broken_deed_is_named(engine: Engine) {
    let shop = Setup::on(engine).coupon(percent_off("TEN", "10")).open().await;
    busy(&shop).await;
    shop.verify().await;
    for (invariant, statements) in DEEDS {
        is_broken_by(&shop, invariant, statements).await;
    }
    shop.verify().await;
}

async fn is_broken_by(shop: &TestApp, invariant: &str, statements: &[&'static str]) {
    let mut tx = shop.app.db.begin().await.expect("the database answers");
    for sql in statements {
        let touched = tx.execute(sql, args![]).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert!(touched > 0, "nothing was touched by {sql}");
    }
    is_named(tx, invariant, &format!("{statements:?}")).await;
}

/// What is broken in a transaction is named; then it is rolled back.
async fn is_named(mut broken: Tx, invariant: &str, by: &str) {
    let found = verify::run(&mut broken).await.expect("the invariants can be computed");
    let names: BTreeSet<&str> = found.iter().map(|violation| violation.invariant).collect();
    assert!(names.contains(invariant), "{invariant} is not named by {names:?} after {by}");
    assert!(found.iter().all(|violation| !violation.subject.is_empty()), "each names its subject: {found:?}");
}

async fn one_payment_is_in_one_order(engine: Engine) {
    let shop = Setup::on(engine).coupon(percent_off("TEN", "10")).open().await;
    lively(&shop).await;
    const TWICE: &str = "UPDATE orders SET payment_id = (SELECT id FROM payments WHERE status = 'succeeded')";
    let mut tx = shop.app.db.begin().await.expect("the database answers");
    tx.execute(TWICE, args![]).await.expect_err("the database refuses it");
}

async fn a_second_charge_is_told_and_breaks_nothing(engine: Engine) {
    let shop = TestApp::open(engine).await;
    Buyer::at_the_till(&shop, "MUG").await.pay(GOOD_CARD).await.ok(200);
    let (payment, _) = shop.last_payment().await;
    let again = Outcome::Succeeded { reference: "another".into(), amount: eur(1945) };
    assert_eq!(settle(&shop.app, payment, again).await.expect("it is heard"), Settled::Review);
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM events WHERE kind = 'payment.second_charge'").await, 1);
    shop.verify().await;
}

/// A shop of its own in which everything has happened.
pub async fn lively_shop(engine: Engine) -> TestApp {
    let shop = Setup::on(engine).coupon(percent_off("TEN", "10")).open().await;
    lively(&shop).await;
    shop
}

/// A shop in which everything has happened: sold, declined, held, amended, called off, in flight, by transfer, with a
/// coupon.
async fn lively(shop: &TestApp) {
    let mut paid = shop.buyer().await;
    paid.add(shop, "MUG", 2).await.ok(200);
    paid.add(shop, "KETTLE-BRICK-10", 1).await.ok(200);
    paid.add(shop, "PLAN", 1).await.ok(200);
    paid.coupon("TEN").await.ok(200);
    paid.check_out().await.ok(201);
    paid.pay(DECLINED_CARD).await.refused(402, "card_declined");
    paid.pay(GOOD_CARD).await.ok(200);
    let mut transfer = shop.buyer().await;
    transfer.add(shop, "MUG", 1).await.ok(200);
    let checkout = transfer.check_out_with(json!({ "payment_method": "manual" })).await.ok(201);
    transfer.pay_with(&json!({ "version": checkout["version"] })).await.ok(200);
    Buyer::at_the_till(shop, "MUG").await.pay(SECURE_CARD).await.ok(202);
    Buyer::at_the_till(shop, "MUG").await.pay(LATE_CARD).await.ok(202);
    let gone = Buyer::at_the_till(shop, "MUG").await;
    gone.post(&format!("{}/cancel", gone.checkout_path()), &json!({})).await.ok(200);
    let open = Buyer::at_the_till(shop, "MUG").await;
    open.patch(&open.checkout_path(), &json!({ "email": "eve@example.com" })).await.ok(200);
}

/// A shop in which staff have done everything: sent, marked as paid, paid back some with the bank's yes, its no and before
/// its answer, and called an order off that had used a coupon.
async fn busy(shop: &TestApp) {
    let mut buyer = shop.buyer().await;
    buyer.add(shop, "MUG", 2).await.ok(200);
    buyer.add(shop, "KETTLE-BRICK-10", 1).await.ok(200);
    buyer.check_out().await.ok(201);
    buyer.pay(GOOD_CARD).await.ok(200);
    let sold = deeds::last_order(shop).await;
    let mugs = deeds::line(&sold, "MUG");
    deeds::send(shop, &sold, &[(mugs, 1)]).await.expect("two are to be sent");
    mark_delivered(&shop.app, sold.id, STAFF).await.expect("one was sent");
    let one = RefundWhat::Items(vec![RefundItem { item_id: mugs, quantity: 1 }]);
    deeds::refund(shop, &sold, one).await.expect("two were paid");
    let amount = |minor| deeds::asked(RefundWhat::Amount(eur(minor)));
    shop.tamper("UPDATE sandbox_payments SET amount = 1500").await;
    assert_eq!(refund(&shop.app, sold.id, amount(100), STAFF).await.ok(), Some(RefundStatus::Failed));
    shop.tamper("UPDATE sandbox_payments SET amount = 10195").await;
    begin(&shop.app, sold.id, &amount(100), STAFF).await.expect("more was paid");

    let mut regretful = shop.buyer().await;
    regretful.add(shop, "KETTLE-BRICK-15", 1).await.ok(200);
    regretful.coupon("TEN").await.ok(200);
    regretful.check_out().await.ok(201);
    regretful.pay(GOOD_CARD).await.ok(200);
    deeds::cancel(shop, &deeds::last_order(shop).await).await.expect("nothing was sent");

    let mut transfer = shop.buyer().await;
    transfer.add(shop, "STOOL", 1).await.ok(200);
    let checkout = transfer.check_out_with(json!({ "payment_method": "manual" })).await.ok(201);
    transfer.pay_with(&json!({ "version": checkout["version"] })).await.ok(200);
    mark_paid(&shop.app, deeds::last_order(shop).await.id, STAFF).await.expect("it is owed");
}
