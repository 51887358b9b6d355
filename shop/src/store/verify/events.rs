//! Every change of state has its event. Where a version counts the changes there is one event to each.

use super::Invariant;

pub(super) const INVARIANTS: &[Invariant] = &[
    Invariant {
        name: "order_has_its_event",
        sql: "SELECT o.id AS subject FROM orders o
              LEFT JOIN (SELECT subject_id, COUNT(*) AS told, COUNT(DISTINCT version) AS versions
                         FROM events WHERE kind LIKE 'order.%' GROUP BY subject_id) e ON e.subject_id = o.id
              WHERE e.told IS NULL OR e.told <> o.version OR e.versions <> o.version
                 OR NOT EXISTS (SELECT 1 FROM events f
                                WHERE f.subject <> 'variant' AND f.subject_id = o.id AND f.version = 1 AND f.kind = 'order.placed')",
    },
    // A second charge is told of, but changes nothing.
    Invariant {
        name: "payment_state_has_its_event",
        sql: "SELECT p.id AS subject FROM payments p
              LEFT JOIN (SELECT subject_id, COUNT(*) AS told, COUNT(DISTINCT version) AS versions
                         FROM events WHERE kind LIKE 'payment.%' AND kind <> 'payment.second_charge'
                         GROUP BY subject_id) e ON e.subject_id = p.id
              WHERE e.told IS NULL OR e.told <> p.version OR e.versions <> p.version
                 OR NOT EXISTS (SELECT 1 FROM events f
                                WHERE f.subject <> 'variant' AND f.subject_id = p.id AND f.version = 1 AND f.kind = 'payment.started')
                 OR (p.version > 1
                     AND NOT EXISTS (SELECT 1 FROM events f WHERE f.subject <> 'variant' AND f.subject_id = p.id AND f.version = p.version
                                       AND f.kind = 'payment.' || p.status))",
    },
    Invariant {
        name: "checkout_state_has_its_event",
        sql: "SELECT c.id AS subject FROM checkouts c
              LEFT JOIN (SELECT subject_id, COUNT(*) AS told, COUNT(DISTINCT version) AS versions FROM events
                         WHERE kind LIKE 'checkout.%' AND kind NOT IN ('checkout.processing', 'checkout.reopened')
                         GROUP BY subject_id) e ON e.subject_id = c.id
              WHERE e.told IS NULL OR e.told <> c.version OR e.versions <> c.version
                 OR NOT EXISTS (SELECT 1 FROM events f
                                WHERE f.subject <> 'variant' AND f.subject_id = c.id AND f.version = 1 AND f.kind = 'checkout.opened')
                 OR (c.version > 1
                     AND NOT EXISTS (SELECT 1 FROM events f WHERE f.subject <> 'variant' AND f.subject_id = c.id AND f.version = c.version
                                       AND f.kind = CASE WHEN c.status IN ('open', 'processing') THEN 'checkout.amended'
                                                         ELSE 'checkout.' || c.status END))",
    },
    Invariant {
        name: "refund_state_has_its_event",
        sql: "SELECT r.id AS subject FROM refunds r
              LEFT JOIN (SELECT subject_id, COUNT(*) AS told FROM events
                         WHERE kind LIKE 'refund.%' GROUP BY subject_id) e ON e.subject_id = r.id
              WHERE e.told IS NULL OR e.told <> CASE WHEN r.status = 'pending' THEN 1 ELSE 2 END
                 OR NOT EXISTS (SELECT 1 FROM events f
                                WHERE f.subject <> 'variant' AND f.subject_id = r.id AND f.version = 1 AND f.kind = 'refund.started')
                 OR (r.status <> 'pending'
                     AND NOT EXISTS (SELECT 1 FROM events f
                                     WHERE f.subject <> 'variant' AND f.subject_id = r.id AND f.version = 2 AND f.kind = 'refund.' || r.status))",
    },
    // Each of the things that are done with an order is one row and one event.
    Invariant {
        name: "order_deed_has_its_event",
        sql: "SELECT o.id AS subject FROM orders o
              LEFT JOIN (SELECT order_id, COUNT(*) AS parcels FROM fulfillments GROUP BY order_id) f ON f.order_id = o.id
              LEFT JOIN (SELECT order_id, COUNT(*) AS refunds FROM refunds WHERE status = 'succeeded'
                         GROUP BY order_id) r ON r.order_id = o.id
              LEFT JOIN (SELECT subject_id, COUNT(CASE WHEN kind = 'order.fulfilled' THEN 1 END) AS fulfilled,
                                COUNT(CASE WHEN kind = 'order.refunded' THEN 1 END) AS refunded,
                                COUNT(CASE WHEN kind = 'order.canceled' THEN 1 END) AS canceled
                         FROM events WHERE kind LIKE 'order.%' GROUP BY subject_id) e ON e.subject_id = o.id
              WHERE COALESCE(f.parcels, 0) <> COALESCE(e.fulfilled, 0)
                 OR COALESCE(r.refunds, 0) <> COALESCE(e.refunded, 0)
                 OR COALESCE(e.canceled, 0) <> CASE WHEN o.status = 'canceled' THEN 1 ELSE 0 END",
    },
    // Paying does not raise the version: one event for each attempt that a provider is asked about, and one for each that
    // opened the checkout again.
    Invariant {
        name: "paying_has_its_events",
        sql: "SELECT c.id AS subject FROM checkouts c
              LEFT JOIN payments p ON p.id = c.payment_id
              LEFT JOIN (SELECT checkout_id, COUNT(*) AS attempts FROM payments
                         WHERE provider <> 'manual' AND amount > 0 GROUP BY checkout_id) a ON a.checkout_id = c.id
              LEFT JOIN (SELECT subject_id, COUNT(*) AS begun FROM events
                         WHERE kind = 'checkout.processing' GROUP BY subject_id) b ON b.subject_id = c.id
              LEFT JOIN (SELECT subject_id, COUNT(*) AS reopened FROM events
                         WHERE kind = 'checkout.reopened' GROUP BY subject_id) r ON r.subject_id = c.id
              WHERE COALESCE(b.begun, 0) <> COALESCE(a.attempts, 0)
                 OR COALESCE(b.begun, 0) - COALESCE(r.reopened, 0) NOT BETWEEN
                    CASE WHEN c.status = 'processing' THEN 1
                         WHEN c.status = 'completed' AND p.provider <> 'manual' AND p.amount > 0 THEN 1 ELSE 0 END
                    AND CASE WHEN c.status IN ('processing', 'needs_review') THEN 1
                             WHEN c.status = 'completed' AND p.provider <> 'manual' AND p.amount > 0 THEN 1 ELSE 0 END",
    },
    // A reservation changes twice what is there: when it is made and when it ends, which may be a sale. What a catalog
    // brought is told by its product.
    Invariant {
        name: "stock_change_has_its_event",
        sql: "SELECT v.id AS subject FROM variants v
              LEFT JOIN (SELECT variant_id, COUNT(*) + COUNT(CASE WHEN status <> 'active' THEN 1 END) AS changes
                         FROM reservations GROUP BY variant_id) r ON r.variant_id = v.id
              LEFT JOIN (SELECT variant_id, COUNT(*) AS moves FROM stock_movements
                         WHERE kind NOT IN ('initial', 'import', 'sale') GROUP BY variant_id) m ON m.variant_id = v.id
              LEFT JOIN (SELECT subject_id, COUNT(*) AS told FROM events
                         WHERE kind = 'stock.changed' GROUP BY subject_id) e ON e.subject_id = v.id
              WHERE COALESCE(r.changes, 0) + COALESCE(m.moves, 0) <> COALESCE(e.told, 0)",
    },
    Invariant {
        name: "catalog_change_has_its_event",
        sql: "SELECT t.id AS subject
              FROM (SELECT id, version FROM products UNION ALL SELECT id, version FROM categories
                    UNION ALL SELECT id, version FROM coupons) t
              LEFT JOIN (SELECT subject_id, COUNT(*) AS told FROM events
                         WHERE kind LIKE 'product.%' OR kind LIKE 'category.%' OR kind LIKE 'coupon.%'
                         GROUP BY subject_id) e ON e.subject_id = t.id
              WHERE t.version <> COALESCE(e.told, 0)",
    },
];
