//! Payments, what came in by them, and what went back.

use super::Invariant;

pub(super) const INVARIANTS: &[Invariant] = &[
    Invariant {
        name: "captured_is_all_or_nothing",
        sql: "SELECT id AS subject FROM payments
              WHERE captured <> CASE status WHEN 'succeeded' THEN amount WHEN 'needs_review' THEN captured ELSE 0 END",
    },
    Invariant {
        name: "refunded_is_the_sum_of_refunds",
        sql: "SELECT p.id AS subject FROM payments p
              LEFT JOIN (SELECT payment_id, CAST(SUM(amount) AS BIGINT) AS amount
                         FROM refunds WHERE status = 'succeeded' GROUP BY payment_id) r ON r.payment_id = p.id
              WHERE p.refunded <> COALESCE(r.amount, 0)",
    },
    Invariant {
        name: "refunded_at_most_captured",
        sql: "SELECT p.id AS subject FROM payments p
              LEFT JOIN (SELECT payment_id, CAST(SUM(amount) AS BIGINT) AS refunded
                         FROM refunds WHERE status <> 'failed' GROUP BY payment_id) r ON r.payment_id = p.id
              WHERE p.refunded > p.captured OR COALESCE(r.refunded, 0) > p.captured",
    },
    Invariant {
        name: "refund_is_of_its_payments_order",
        sql: "SELECT r.id AS subject FROM refunds r JOIN payments p ON p.id = r.payment_id
              LEFT JOIN orders o ON o.id = p.order_id AND o.payment_id = p.id
              WHERE r.currency <> p.currency OR (r.order_id IS NULL) <> (o.id IS NULL) OR r.order_id <> o.id
                 OR (r.status = 'pending') <> (r.settled_at IS NULL)",
    },
    Invariant {
        name: "refund_lines_are_within_the_refund",
        sql: "SELECT r.id AS subject FROM refunds r
              JOIN (SELECT i.refund_id, CAST(SUM(i.amount) AS BIGINT) AS amount,
                           COUNT(CASE WHEN l.order_id = q.order_id THEN 1 END) AS own, COUNT(*) AS lines
                    FROM refund_items i JOIN order_items l ON l.id = i.order_item_id
                    JOIN refunds q ON q.id = i.refund_id GROUP BY i.refund_id) i ON i.refund_id = r.id
              WHERE i.amount > r.amount OR i.own <> i.lines",
    },
    Invariant {
        name: "one_order_per_paid_payment",
        sql: "SELECT p.id AS subject FROM payments p
              LEFT JOIN orders o ON o.payment_id = p.id AND o.id = p.order_id
              LEFT JOIN checkouts c ON c.id = p.checkout_id
              WHERE p.status = 'succeeded' AND o.id IS NULL AND c.status <> 'needs_review'",
    },
    Invariant {
        name: "no_order_without_a_payment",
        sql: "SELECT o.id AS subject FROM orders o LEFT JOIN payments p ON p.id = o.payment_id
              WHERE p.id IS NULL OR p.amount <> o.total OR p.currency <> o.currency
                 OR (p.status <> 'succeeded' AND p.provider <> 'manual' AND o.total <> 0)",
    },
    Invariant {
        name: "order_checkout_and_payment_are_of_one",
        sql: "SELECT o.id AS subject FROM orders o
              JOIN payments p ON p.id = o.payment_id JOIN checkouts c ON c.id = o.checkout_id
              WHERE p.checkout_id <> o.checkout_id OR p.order_id <> o.id OR c.cart_id <> o.cart_id
                 OR c.payment_id IS NULL OR c.payment_id <> p.id",
    },
    Invariant {
        name: "payment_status_follows_from_the_payment",
        sql: "SELECT o.id AS subject FROM orders o JOIN payments p ON p.id = o.payment_id
              WHERE o.payment_status <> CASE
                  WHEN p.status = 'needs_review' THEN 'needs_review'
                  WHEN p.refunded > 0 AND p.refunded >= p.captured THEN 'refunded'
                  WHEN p.refunded > 0 THEN 'partially_refunded'
                  WHEN p.captured >= o.total THEN 'paid'
                  WHEN p.status IN ('declined', 'canceled') THEN 'failed'
                  ELSE 'pending' END",
    },
    Invariant {
        name: "processing_checkout_has_a_payment",
        sql: "SELECT c.id AS subject FROM checkouts c
              LEFT JOIN payments p ON p.id = c.payment_id AND p.checkout_id = c.id AND p.checkout_version = c.version
                   AND p.amount = c.total AND p.currency = c.currency
              WHERE c.status = 'processing' AND (p.id IS NULL OR p.status NOT IN ('pending', 'processing', 'requires_action'))",
    },
];
