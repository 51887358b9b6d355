//! `oxcart verify` finds whatever is broken, by name, and nothing where nothing is.

use std::collections::BTreeSet;

use oxcart::store::verify;
use serde_json::json;

use crate::app::{Engine, Setup, TestApp, both_engines};
use crate::builders::{DECLINED_CARD, GOOD_CARD, SECURE_CARD, percent_off};
use crate::buyer::Buyer;

both_engines!(every_broken_invariant_is_named);

/// The invariant, what breaks it, and what mends it again.
const BREAKS: &[(&str, &str, &str)] = &[
    (
        "stock_equals_movements",
        "UPDATE stock SET on_hand = on_hand + 1 WHERE on_hand > 90",
        "UPDATE stock SET on_hand = on_hand - 1 WHERE on_hand > 90",
    ),
    (
        "reserved_equals_active_reservations",
        "UPDATE stock SET reserved = reserved + 1 WHERE on_hand > 90",
        "UPDATE stock SET reserved = reserved - 1 WHERE on_hand > 90",
    ),
    (
        "nothing_oversold",
        "UPDATE stock SET on_hand = on_hand - 1000 WHERE on_hand > 90",
        "UPDATE stock SET on_hand = on_hand + 1000 WHERE on_hand < -800",
    ),
    (
        "active_reservation_has_a_live_checkout",
        "UPDATE checkouts SET status = 'canceled' WHERE status = 'open'",
        "UPDATE checkouts SET status = 'open' WHERE status = 'canceled'",
    ),
    (
        "order_total_is_the_sum_of_its_parts",
        "UPDATE orders SET total = total + 1",
        "UPDATE orders SET total = total - 1",
    ),
    (
        "order_lines_make_up_the_order",
        "UPDATE order_items SET unit_price = unit_price + 1",
        "UPDATE order_items SET unit_price = unit_price - 1",
    ),
    (
        "order_lines_make_up_the_order",
        "UPDATE order_items SET tax = tax + 1000000",
        "UPDATE order_items SET tax = tax - 1000000",
    ),
    (
        "order_total_is_what_the_checkout_froze",
        "UPDATE checkouts SET total = total + 1 WHERE status = 'completed'",
        "UPDATE checkouts SET total = total - 1 WHERE status = 'completed'",
    ),
    (
        "one_order_per_paid_payment",
        "UPDATE payments SET order_id = checkout_id WHERE status = 'succeeded' AND provider = 'sandbox'",
        "UPDATE payments SET order_id = (SELECT o.id FROM orders o WHERE o.payment_id = payments.id)
         WHERE status = 'succeeded' AND provider = 'sandbox'",
    ),
    (
        "no_order_without_a_payment",
        "UPDATE payments SET status = 'declined' WHERE status = 'succeeded'",
        "UPDATE payments SET status = 'succeeded' WHERE captured > 0",
    ),
    (
        "payment_status_follows_from_the_payment",
        "UPDATE orders SET payment_status = 'refunded' WHERE payment_status = 'paid'",
        "UPDATE orders SET payment_status = 'paid' WHERE payment_status = 'refunded'",
    ),
    (
        "processing_checkout_has_a_payment",
        "UPDATE payments SET status = 'canceled' WHERE status = 'requires_action'",
        "UPDATE payments SET status = 'requires_action' WHERE status = 'canceled'",
    ),
    (
        "sold_stock_has_its_movement",
        "UPDATE stock_movements SET reference = 'x' || reference WHERE kind = 'sale'",
        "UPDATE stock_movements SET reference = SUBSTR(reference, 2) WHERE kind = 'sale'",
    ),
    ("coupon_uses_within_limits", "UPDATE coupons SET used = used + 1", "UPDATE coupons SET used = used - 1"),
    ("coupon_uses_within_limits", "UPDATE coupons SET total_limit = 0", "UPDATE coupons SET total_limit = NULL"),
    (
        "coupon_uses_within_a_customers_limit",
        "UPDATE coupons SET per_customer_limit = 0",
        "UPDATE coupons SET per_customer_limit = NULL",
    ),
    (
        "order_has_its_event",
        "UPDATE events SET kind = 'x.order.placed' WHERE kind = 'order.placed'",
        "UPDATE events SET kind = 'order.placed' WHERE kind = 'x.order.placed'",
    ),
    (
        "payment_state_has_its_event",
        "UPDATE events SET kind = 'x.payment.declined' WHERE kind = 'payment.declined'",
        "UPDATE events SET kind = 'payment.declined' WHERE kind = 'x.payment.declined'",
    ),
    (
        "checkout_state_has_its_event",
        "UPDATE events SET kind = 'x.checkout.opened' WHERE kind = 'checkout.opened'",
        "UPDATE events SET kind = 'checkout.opened' WHERE kind = 'x.checkout.opened'",
    ),
    (
        "slug_leads_to_one_thing",
        "INSERT INTO slug_history (entity, slug, entity_id, at)
         SELECT 'product', slug, id, created_at FROM products WHERE slug = 'mug'",
        "DELETE FROM slug_history",
    ),
    ("currency_is_known", "UPDATE prices SET currency = 'EU'", "UPDATE prices SET currency = 'EUR'"),
    (
        "refunded_at_most_captured",
        "INSERT INTO refunds (id, order_id, payment_id, status, amount, reason, body, created_at)
         SELECT id, order_id, id, 'succeeded', amount + 1, 'none', '{}', created_at FROM payments WHERE captured > 0",
        "DELETE FROM refunds",
    ),
    (
        "cart_is_in_one_checkout",
        "UPDATE checkouts SET cart_id = (SELECT c.cart_id FROM checkouts c WHERE c.status = 'processing')
         WHERE status = 'open'",
        "UPDATE checkouts SET cart_id = (SELECT c.id FROM carts c WHERE c.checkout_id = checkouts.id)
         WHERE status = 'open'",
    ),
    (
        "order_has_lines",
        "UPDATE order_items SET order_id = (SELECT o.id FROM orders o WHERE o.payment_status = 'pending')",
        // Only the lines of the order that was paid have a discount.
        "UPDATE order_items SET order_id = (SELECT o.id FROM orders o WHERE o.payment_status = 'paid') WHERE discount > 0",
    ),
];

async fn every_broken_invariant_is_named(engine: Engine) {
    let shop = Setup::on(engine).coupon(percent_off("TEN", "10")).open().await;
    lively(&shop).await;
    shop.verify().await;
    for (invariant, broken, mended) in BREAKS {
        shop.tamper(broken).await;
        let found = shop.violations().await;
        let names: BTreeSet<&str> = found.iter().filter_map(|line| line.split(':').next()).collect();
        assert!(names.contains(invariant), "{invariant} is not named by {names:?} after {broken}");
        assert!(
            found.iter().all(|line| line.len() > line.find(": ").unwrap_or(0) + 2),
            "each names its subject: {found:?}"
        );
        shop.tamper(mended).await;
        shop.verify().await;
    }
    let tried: BTreeSet<&str> = BREAKS.iter().map(|(invariant, ..)| *invariant).collect();
    assert_eq!(tried.len(), verify::count(), "every invariant is broken here once");
}

/// A shop in which everything has happened: sold, declined, held, in flight, by transfer, with a coupon.
async fn lively(shop: &TestApp) {
    let mut paid = shop.buyer().await;
    paid.add(shop, "MUG", 2).await.ok(200);
    paid.add(shop, "KETTLE-BRICK-10", 1).await.ok(200);
    paid.coupon("TEN").await.ok(200);
    paid.check_out().await.ok(201);
    paid.pay(DECLINED_CARD).await.refused(402, "card_declined");
    paid.pay(GOOD_CARD).await.ok(200);
    let mut transfer = shop.buyer().await;
    transfer.add(shop, "MUG", 1).await.ok(200);
    let checkout = transfer.check_out_with(json!({ "payment_method": "manual" })).await.ok(201);
    transfer.pay_with(&json!({ "version": checkout["version"] })).await.ok(200);
    Buyer::at_the_till(shop, "MUG").await;
    Buyer::at_the_till(shop, "MUG").await.pay(SECURE_CARD).await.ok(202);
}
