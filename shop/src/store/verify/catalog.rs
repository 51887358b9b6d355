//! Names that lead to one thing.

use super::Invariant;

pub(super) const INVARIANTS: &[Invariant] = &[
    Invariant {
        name: "currency_is_known",
        sql: "SELECT DISTINCT currency AS subject FROM prices WHERE LENGTH(currency) <> 3",
    },
    Invariant {
        name: "slug_leads_to_one_thing",
        sql: "SELECT h.slug AS subject FROM slug_history h JOIN products p ON p.slug = h.slug WHERE h.entity = 'product'",
    },
];
