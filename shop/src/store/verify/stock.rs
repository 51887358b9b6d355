//! What lies in stock, what is promised, and what was sold.

use super::Invariant;

pub(super) const INVARIANTS: &[Invariant] = &[
    Invariant {
        name: "stock_equals_movements",
        sql: "SELECT s.variant_id AS subject FROM stock s
              LEFT JOIN (SELECT variant_id, location_id, CAST(SUM(delta) AS BIGINT) AS moved
                         FROM stock_movements GROUP BY variant_id, location_id) m
                ON m.variant_id = s.variant_id AND m.location_id = s.location_id
              WHERE s.on_hand <> COALESCE(m.moved, 0)",
    },
    Invariant {
        name: "reserved_equals_active_reservations",
        sql: "SELECT s.variant_id AS subject FROM stock s
              LEFT JOIN (SELECT variant_id, location_id, CAST(SUM(quantity) AS BIGINT) AS held
                         FROM reservations WHERE status = 'active' GROUP BY variant_id, location_id) r
                ON r.variant_id = s.variant_id AND r.location_id = s.location_id
              WHERE s.reserved <> COALESCE(r.held, 0)",
    },
    Invariant {
        name: "nothing_oversold",
        sql: "SELECT s.variant_id AS subject FROM stock s JOIN variants v ON v.id = s.variant_id
              WHERE s.reserved < 0
                 OR (v.tracked AND v.policy = 'deny' AND s.on_hand < s.reserved
                     AND EXISTS (SELECT 1 FROM reservations r
                                 WHERE r.variant_id = s.variant_id AND r.status <> 'released'))",
    },
    Invariant {
        name: "active_reservation_has_a_live_checkout",
        sql: "SELECT r.checkout_id AS subject FROM reservations r JOIN checkouts c ON c.id = r.checkout_id
              WHERE r.status = 'active' AND c.status NOT IN ('open', 'processing', 'needs_review')",
    },
    Invariant {
        name: "sold_stock_has_its_movement",
        sql: "SELECT r.checkout_id AS subject FROM reservations r JOIN orders o ON o.checkout_id = r.checkout_id
              LEFT JOIN (SELECT reference, variant_id, location_id, CAST(SUM(delta) AS BIGINT) AS moved
                         FROM stock_movements WHERE kind = 'sale' GROUP BY reference, variant_id, location_id) m
                ON m.reference = o.number AND m.variant_id = r.variant_id AND m.location_id = r.location_id
              WHERE r.status = 'sold' AND (m.moved IS NULL OR m.moved <> -r.quantity)",
    },
    Invariant {
        name: "sale_movement_is_what_an_order_sold",
        sql: "SELECT m.variant_id AS subject
              FROM (SELECT reference, variant_id, location_id, CAST(SUM(delta) AS BIGINT) AS moved, COUNT(*) AS moves
                    FROM stock_movements WHERE kind = 'sale' GROUP BY reference, variant_id, location_id) m
              LEFT JOIN orders o ON o.number = m.reference
              LEFT JOIN reservations r ON r.checkout_id = o.checkout_id AND r.status = 'sold'
                   AND r.variant_id = m.variant_id AND r.location_id = m.location_id
              WHERE r.quantity IS NULL OR m.moved <> -r.quantity OR m.moves <> 1",
    },
    // Goods of an order go back on the shelf at most once: with its cancelation, or with the refunds that said so.
    Invariant {
        name: "restocked_at_most_what_was_sold",
        sql: "SELECT m.variant_id AS subject
              FROM (SELECT reference, variant_id, location_id, CAST(SUM(delta) AS BIGINT) AS moved,
                           COUNT(CASE WHEN delta <= 0 THEN 1 END) AS strange,
                           COUNT(CASE WHEN kind = 'cancel' THEN 1 END) AS cancels
                    FROM stock_movements WHERE kind IN ('return', 'cancel')
                    GROUP BY reference, variant_id, location_id) m
              LEFT JOIN orders o ON o.number = m.reference
              LEFT JOIN cancellations c ON c.order_id = o.id AND c.restock
              LEFT JOIN reservations r ON r.checkout_id = o.checkout_id AND r.status = 'sold'
                   AND r.variant_id = m.variant_id AND r.location_id = m.location_id
              WHERE r.quantity IS NULL OR m.moved > r.quantity OR m.strange > 0 OR m.cancels > 1
                 OR (m.cancels = 1 AND c.order_id IS NULL)",
    },
    Invariant {
        name: "what_a_cancelation_restocks_is_on_the_shelf",
        sql: "SELECT o.id AS subject FROM orders o JOIN cancellations c ON c.order_id = o.id AND c.restock
              JOIN order_items l ON l.order_id = o.id AND EXISTS
                   (SELECT 1 FROM reservations r WHERE r.checkout_id = o.checkout_id AND r.status = 'sold'
                        AND r.variant_id = l.variant_id)
              LEFT JOIN (SELECT i.order_item_id, CAST(SUM(i.quantity) AS BIGINT) AS units
                         FROM refund_items i JOIN refunds f ON f.id = i.refund_id
                         JOIN cancellations k ON k.order_id = f.order_id
                         WHERE f.status = 'succeeded' AND f.settled_at <= k.created_at AND f.created_at < k.created_at
                         GROUP BY i.order_item_id) b ON b.order_item_id = l.id
              LEFT JOIN (SELECT reference, variant_id, CAST(SUM(delta) AS BIGINT) AS units
                         FROM stock_movements WHERE kind = 'cancel' GROUP BY reference, variant_id) m
                   ON m.reference = o.number AND m.variant_id = l.variant_id
              WHERE COALESCE(m.units, 0) <> l.quantity - COALESCE(b.units, 0)",
    },
];
