//! What a sheet of stock and prices is decided on: the variants that its rows may mean, their stock, who holds it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use commerce::catalog::StockPolicy;
use commerce::ids::{LocationId, ProductId, VariantId};
use commerce::inventory::Level;
use commerce::inventory::sheet::Known;
use commerce::money::{Currency, Money};
use serde_json::{Value, json};
use uuid::Uuid;

use super::stock::Levels;
use super::{Conn, keys};

/// A variant that a row may mean.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Named {
    id: Uuid,
    product_id: Uuid,
    /// The merchant's number for it.
    pub sku: Option<String>,
}

impl Named {
    /// The variant.
    pub fn variant(&self) -> VariantId {
        VariantId(self.id)
    }

    /// The product it belongs to.
    pub fn product(&self) -> ProductId {
        ProductId(self.product_id)
    }
}

/// The variants on sale or in a draft that have one of these SKUs or ids, in the order of their ids.
pub async fn named(conn: &mut Conn, skus: Vec<String>, ids: Vec<VariantId>) -> sqlx::Result<Vec<Named>> {
    const BY_SKU: &str = "SELECT id, product_id, sku FROM variants WHERE NOT archived AND sku IN";
    const BY_ID: &str = "SELECT id, product_id, sku FROM variants WHERE NOT archived AND id IN";
    let mut found: Vec<Named> = conn.all_in(BY_SKU, keys(skus), "").await?;
    found.extend(conn.all_in::<Named>(BY_ID, keys(ids), "").await?);
    found.sort_unstable_by_key(|named| named.id);
    found.dedup_by_key(|named| named.id);
    Ok(found)
}

/// What lies in each place, and what of it is promised, by variant.
type Places = HashMap<VariantId, Vec<(LocationId, (i64, i64))>>;

#[derive(sqlx::FromRow)]
struct KnownRow {
    id: Uuid,
    product_id: Uuid,
    sku: Option<String>,
    tracked: bool,
    policy: String,
    amount: i64,
    compare_at: Option<i64>,
    currency: String,
}

/// The variants with their prices and the stock that was locked. What is not on sale and in no draft is not known.
pub async fn known(
    conn: &mut Conn,
    currency: Currency,
    variants: Vec<VariantId>,
    locked: &Levels,
) -> sqlx::Result<Vec<Known>> {
    const HEAD: &str = "SELECT v.id, v.product_id, v.sku, v.tracked, v.policy, c.amount, c.compare_at, c.currency
         FROM variants v JOIN prices c ON c.variant_id = v.id AND c.min_quantity = 1 AND c.ends_at IS NULL
         WHERE NOT v.archived AND v.id IN";
    let rows: Vec<KnownRow> = conn.all_in(HEAD, keys(variants), "").await?;
    let mut levels = Places::new();
    for ((variant, location), level) in locked {
        levels.entry(*variant).or_default().push((*location, *level));
    }
    let mut known: HashMap<Uuid, Known> = HashMap::with_capacity(rows.len());
    for row in rows {
        // A price in the shop's own currency goes before one that was left from another.
        let is_own = row.currency == currency.code();
        if let Some(found) = row.known(&levels)
            && (is_own || !known.contains_key(&found.id.0))
        {
            known.insert(found.id.0, found);
        }
    }
    Ok(known.into_values().collect())
}

impl KnownRow {
    fn known(self, levels: &Places) -> Option<Known> {
        let id = VariantId(self.id);
        let currency = Currency::parse(&self.currency).ok()?;
        let policy = self.policy.parse().unwrap_or(StockPolicy::Deny);
        let level = |(on_hand, reserved)| Level { on_hand, reserved, tracked: self.tracked, policy };
        let here = levels.get(&id).into_iter().flatten();
        Some(Known {
            id,
            product_id: ProductId(self.product_id),
            levels: here.map(|(location, numbers)| (*location, level(*numbers))).collect(),
            unstocked: level((0, 0)),
            price: (Money::new(self.amount, currency), self.compare_at.map(|minor| Money::new(minor, currency))),
            sku: self.sku,
        })
    }
}

/// Units that an open checkout holds, and until when.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Hold {
    /// Of what.
    pub variant_id: Uuid,
    /// Where.
    pub location_id: Uuid,
    /// Who holds them.
    pub checkout_id: Uuid,
    /// How many.
    pub quantity: i64,
    /// How far the checkout is: open, processing or needs_review.
    pub status: String,
    /// When an open one gives them back.
    pub until: DateTime<Utc>,
}

impl Hold {
    /// The hold as a document of the API shows it.
    pub fn to_json(&self) -> Value {
        let Self { variant_id, location_id, checkout_id, quantity, status, until } = self;
        json!({
            "variant_id": variant_id,
            "location_id": location_id,
            "checkout_id": checkout_id,
            "quantity": quantity,
            "status": status,
            "until": until,
        })
    }
}

/// Who holds stock of these variants, those that end first before the others.
pub async fn holds(conn: &mut Conn, variants: Vec<VariantId>) -> sqlx::Result<Vec<Hold>> {
    const HEAD: &str = "SELECT r.variant_id, r.location_id, r.checkout_id, r.quantity, c.status, c.expires_at AS until
         FROM reservations r JOIN checkouts c ON c.id = r.checkout_id
         WHERE r.status = 'active' AND r.variant_id IN";
    conn.all_in(HEAD, keys(variants), "ORDER BY c.expires_at, r.checkout_id").await
}
