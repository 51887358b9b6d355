//! Orders, the checkouts they were, and the carts those were made of.

use super::Invariant;

pub(super) const INVARIANTS: &[Invariant] = &[
    Invariant {
        name: "order_total_is_the_sum_of_its_parts",
        sql: "SELECT id AS subject FROM orders
              WHERE total <> subtotal - discount + shipping + CASE WHEN tax_included THEN 0 ELSE tax END
                 OR total < 0",
    },
    Invariant {
        name: "order_lines_make_up_the_order",
        sql: "SELECT o.id AS subject FROM orders o
              JOIN (SELECT order_id, CAST(SUM(quantity * unit_price) AS BIGINT) AS goods,
                           CAST(SUM(discount) AS BIGINT) AS discount, CAST(SUM(total) AS BIGINT) AS total,
                           CAST(SUM(tax) AS BIGINT) AS tax
                    FROM order_items GROUP BY order_id) i ON i.order_id = o.id
              WHERE o.subtotal <> i.goods OR o.discount <> i.discount OR i.tax > o.tax
                 OR i.total <> i.goods - i.discount + CASE WHEN o.tax_included THEN 0 ELSE i.tax END",
    },
    Invariant {
        name: "order_has_lines",
        sql: "SELECT id AS subject FROM orders o WHERE NOT EXISTS (SELECT 1 FROM order_items i WHERE i.order_id = o.id)",
    },
    Invariant {
        name: "order_total_is_what_the_checkout_froze",
        sql: "SELECT o.id AS subject FROM orders o JOIN checkouts c ON c.id = o.checkout_id
              WHERE c.total <> o.total OR c.currency <> o.currency OR c.status <> 'completed' OR c.order_id <> o.id
                 OR c.order_id IS NULL",
    },
    Invariant {
        name: "line_progress_is_possible",
        sql: "SELECT order_id AS subject FROM order_items
              WHERE fulfilled NOT BETWEEN 0 AND quantity OR delivered NOT BETWEEN 0 AND fulfilled
                 OR returned NOT BETWEEN 0 AND fulfilled OR refunded_quantity NOT BETWEEN 0 AND quantity",
    },
    Invariant {
        name: "sent_is_the_sum_of_parcels",
        sql: "SELECT l.id AS subject FROM order_items l
              LEFT JOIN (SELECT i.order_item_id, CAST(SUM(i.quantity) AS BIGINT) AS units,
                                COUNT(CASE WHEN f.order_id <> m.order_id THEN 1 END) AS strange
                         FROM fulfillment_items i JOIN fulfillments f ON f.id = i.fulfillment_id
                         JOIN order_items m ON m.id = i.order_item_id GROUP BY i.order_item_id) s
                ON s.order_item_id = l.id
              WHERE l.fulfilled <> COALESCE(s.units, 0) OR s.strange > 0",
    },
    // What is on its way back counts: no unit is paid back twice, and no line with more than was paid for it.
    Invariant {
        name: "units_paid_back_are_the_sum_of_refunds",
        sql: "SELECT l.id AS subject FROM order_items l
              LEFT JOIN (SELECT i.order_item_id,
                                CAST(SUM(CASE WHEN r.status = 'succeeded' THEN i.quantity ELSE 0 END) AS BIGINT) AS done,
                                CAST(SUM(CASE WHEN r.status = 'failed' THEN 0 ELSE i.quantity END) AS BIGINT) AS asked,
                                CAST(SUM(CASE WHEN r.status = 'succeeded' THEN i.amount ELSE 0 END) AS BIGINT) AS paid,
                                CAST(SUM(CASE WHEN r.status = 'failed' THEN 0 ELSE i.amount END) AS BIGINT) AS owed
                         FROM refund_items i JOIN refunds r ON r.id = i.refund_id GROUP BY i.order_item_id) s
                ON s.order_item_id = l.id
              WHERE l.refunded_quantity <> COALESCE(s.done, 0) OR COALESCE(s.asked, 0) > l.quantity
                 OR l.refunded <> COALESCE(s.paid, 0) OR COALESCE(s.owed, 0) > l.total",
    },
    Invariant {
        name: "canceled_order_says_why",
        sql: "SELECT o.id AS subject FROM orders o LEFT JOIN cancellations c ON c.order_id = o.id
              WHERE (o.status = 'canceled') <> (c.order_id IS NOT NULL)
                 OR (o.status = 'canceled' AND o.fulfillment_status <> 'unfulfilled')",
    },
    Invariant {
        name: "completed_checkout_has_its_order",
        sql: "SELECT c.id AS subject FROM checkouts c LEFT JOIN orders o ON o.checkout_id = c.id
              WHERE (c.status = 'completed') <> (o.id IS NOT NULL) OR (c.order_id IS NULL) <> (o.id IS NULL)
                 OR c.order_id <> o.id",
    },
    Invariant {
        name: "cart_names_its_order",
        sql: "SELECT k.id AS subject FROM carts k LEFT JOIN orders o ON o.cart_id = k.id
              WHERE (k.order_id IS NULL) <> (o.id IS NULL) OR k.order_id <> o.id",
    },
    Invariant {
        name: "cart_names_its_live_checkout",
        sql: "SELECT k.id AS subject FROM checkouts c JOIN carts k ON k.id = c.cart_id
              WHERE c.status IN ('open', 'processing') AND (k.checkout_id IS NULL OR k.checkout_id <> c.id)",
    },
    Invariant {
        name: "cart_is_in_one_checkout",
        sql: "SELECT cart_id AS subject FROM checkouts WHERE status IN ('open', 'processing')
              GROUP BY cart_id HAVING COUNT(*) > 1",
    },
    Invariant {
        name: "coupon_uses_within_limits",
        sql: "SELECT c.id AS subject FROM coupons c
              LEFT JOIN (SELECT coupon_id, COUNT(*) AS uses FROM coupon_uses WHERE status <> 'released'
                         GROUP BY coupon_id) u ON u.coupon_id = c.id
              WHERE c.used <> COALESCE(u.uses, 0) OR (c.total_limit IS NOT NULL AND c.used > c.total_limit)",
    },
    Invariant {
        name: "coupon_uses_within_a_customers_limit",
        sql: "SELECT u.coupon_id AS subject FROM coupon_uses u JOIN coupons c ON c.id = u.coupon_id
              WHERE u.status <> 'released' AND c.per_customer_limit IS NOT NULL
              GROUP BY u.coupon_id, u.customer, c.per_customer_limit HAVING COUNT(*) > c.per_customer_limit",
    },
];
