//! Customers are what their orders come to.

use super::Invariant;

pub(super) const INVARIANTS: &[Invariant] = &[
    Invariant {
        name: "customer_is_the_sum_of_their_orders",
        sql: "SELECT c.id AS subject FROM customers c
              LEFT JOIN (SELECT o.email_canonical, COUNT(*) AS orders, MIN(o.placed_at) AS first_at,
                                MAX(o.placed_at) AS last_at FROM orders o GROUP BY o.email_canonical) t
                     ON t.email_canonical = c.email_canonical
              LEFT JOIN (SELECT o.email_canonical, o.currency, CAST(SUM(p.captured - p.refunded) AS BIGINT) AS spent
                         FROM orders o JOIN payments p ON p.id = o.payment_id
                         GROUP BY o.email_canonical, o.currency) m
                     ON m.email_canonical = c.email_canonical AND m.currency = c.currency
              WHERE t.orders IS NULL OR c.orders <> t.orders OR c.spent <> COALESCE(m.spent, 0)
                 OR c.first_order_at <> t.first_at OR c.last_order_at <> t.last_at",
    },
    Invariant {
        name: "order_has_its_customer",
        sql: "SELECT o.id AS subject FROM orders o
              WHERE NOT EXISTS (SELECT 1 FROM customers c WHERE c.email_canonical = o.email_canonical)",
    },
];
