//! Every invariant of the shop, recomputed from the database alone. Each answers what breaks it, by name.

use super::Conn;
use crate::args;

/// Something that must not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The invariant, stable and snake_case.
    pub invariant: &'static str,
    /// What breaks it.
    pub subject: String,
}

/// An invariant: its name, and a query that answers the ids of what breaks it.
struct Invariant {
    name: &'static str,
    sql: &'static str,
}

#[derive(sqlx::FromRow)]
struct Subject {
    subject: String,
}

/// The ids are compared as they are and shown as text.
#[derive(sqlx::FromRow)]
struct SubjectId {
    subject: uuid::Uuid,
}

const BY_ID: &[Invariant] = &[
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
        name: "refunded_at_most_captured",
        sql: "SELECT p.id AS subject FROM payments p
              LEFT JOIN (SELECT payment_id, CAST(SUM(amount) AS BIGINT) AS refunded
                         FROM refunds WHERE status <> 'failed' GROUP BY payment_id) r ON r.payment_id = p.id
              WHERE p.refunded > p.captured OR COALESCE(r.refunded, 0) > p.captured",
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
        sql: "SELECT c.id AS subject FROM checkouts c LEFT JOIN payments p ON p.id = c.payment_id
              WHERE c.status = 'processing' AND (p.id IS NULL OR p.status NOT IN ('pending', 'processing', 'requires_action'))",
    },
    Invariant {
        name: "cart_is_in_one_checkout",
        sql: "SELECT cart_id AS subject FROM checkouts WHERE status IN ('open', 'processing')
              GROUP BY cart_id HAVING COUNT(*) > 1",
    },
    Invariant {
        name: "sold_stock_has_its_movement",
        sql: "SELECT r.checkout_id AS subject FROM reservations r JOIN orders o ON o.checkout_id = r.checkout_id
              WHERE r.status = 'sold' AND NOT EXISTS (
                  SELECT 1 FROM stock_movements m WHERE m.variant_id = r.variant_id AND m.kind = 'sale'
                     AND m.reference = o.number AND m.delta = -r.quantity)",
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
    Invariant {
        name: "order_has_its_event",
        sql: "SELECT o.id AS subject FROM orders o WHERE
              (SELECT COUNT(*) FROM events e WHERE e.subject_id = o.id AND e.kind = 'order.placed') <> 1",
    },
    Invariant {
        name: "payment_state_has_its_event",
        sql: "SELECT p.id AS subject FROM payments p WHERE
              NOT EXISTS (SELECT 1 FROM events e WHERE e.subject_id = p.id AND e.kind = 'payment.started')
              OR (p.status IN ('succeeded', 'declined', 'canceled', 'needs_review') AND p.amount > 0
                  AND NOT EXISTS (SELECT 1 FROM events e WHERE e.subject_id = p.id AND e.kind = 'payment.' || p.status))",
    },
    Invariant {
        name: "checkout_state_has_its_event",
        sql: "SELECT c.id AS subject FROM checkouts c WHERE
              NOT EXISTS (SELECT 1 FROM events e WHERE e.subject_id = c.id AND e.kind = 'checkout.opened')
              OR (c.status IN ('completed', 'expired', 'canceled', 'needs_review')
                  AND NOT EXISTS (SELECT 1 FROM events e WHERE e.subject_id = c.id AND e.kind = 'checkout.' || c.status))",
    },
];

const BY_NAME: &[Invariant] = &[
    Invariant {
        name: "currency_is_known",
        sql: "SELECT DISTINCT currency AS subject FROM prices WHERE LENGTH(currency) <> 3",
    },
    Invariant {
        name: "slug_leads_to_one_thing",
        sql: "SELECT h.slug AS subject FROM slug_history h JOIN products p ON p.slug = h.slug WHERE h.entity = 'product'",
    },
];

/// Checks every invariant in one picture of the database; answers what breaks them.
pub async fn run(conn: &mut Conn) -> sqlx::Result<Vec<Violation>> {
    let mut violations = Vec::new();
    for invariant in BY_ID {
        let rows: Vec<SubjectId> = conn.all(invariant.sql, args![]).await?;
        violations.extend(rows.iter().map(|row| invariant.broken_by(row.subject.to_string())));
    }
    for invariant in BY_NAME {
        let rows: Vec<Subject> = conn.all(invariant.sql, args![]).await?;
        violations.extend(rows.into_iter().map(|row| invariant.broken_by(row.subject)));
    }
    Ok(violations)
}

/// How many invariants there are.
pub fn count() -> usize {
    BY_ID.len() + BY_NAME.len()
}

impl Invariant {
    fn broken_by(&self, subject: String) -> Violation {
        Violation { invariant: self.name, subject }
    }
}
