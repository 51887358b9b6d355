//! New prices for variants, whoever sets them: the same rows, versions and events as when the product is edited.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use commerce::ids::ProductId;
use commerce::inventory::sheet::PriceChange;
use serde_json::json;
use uuid::Uuid;

use super::super::defaults::{ALWAYS, PRICE_LIST};
use super::super::events::{self, Event};
use super::super::{Conn, keys};
use super::lines;
use crate::args;
use crate::clock::Clock;

#[derive(sqlx::FromRow)]
struct VersionRow {
    id: Uuid,
    version: i64,
}

/// Locks products in the order of their ids; answers their versions.
pub async fn lock_versions(conn: &mut Conn, products: Vec<ProductId>) -> sqlx::Result<HashMap<ProductId, i64>> {
    const HEAD: &str = "SELECT id, version FROM products WHERE id IN";
    let rows: Vec<VersionRow> = conn.lock_in(HEAD, keys(products), "ORDER BY id").await?;
    Ok(rows.into_iter().map(|row| (ProductId(row.id), row.version)).collect())
}

/// Writes prices. The products have been locked: `versions` are those they have till now.
pub async fn set_prices(
    conn: &mut Conn,
    clock: &Clock,
    changes: &[PriceChange],
    versions: &HashMap<ProductId, i64>,
    actor: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    const PRICES: &str = "INSERT INTO prices
         (id, variant_id, price_list_id, currency, min_quantity, starts_at, amount, compare_at)";
    const PRICES_KNOWN: &str = "ON CONFLICT (variant_id, price_list_id, currency, min_quantity, starts_at)
         DO UPDATE SET amount = excluded.amount, compare_at = excluded.compare_at";
    const VARIANTS: &str = "UPDATE variants SET version = variants.version + 1";
    const PRODUCTS: &str = "UPDATE products SET version = v.column2, updated_at = v.column3";
    let price = |change: &PriceChange| {
        let (price, compare_at) = change.now;
        let (id, compare_at): (Uuid, _) = (clock.id(), compare_at.map(|money| money.minor));
        args![id, change.variant_id, PRICE_LIST, price.currency.code(), 1_i64, ALWAYS, price.minor, compare_at]
    };
    conn.insert_many(PRICES, changes.iter().map(price).collect(), PRICES_KNOWN).await?;
    let variants = changes.iter().map(|change| args![change.variant_id]).collect();
    conn.update_many(VARIANTS, variants, "WHERE variants.id = v.column1").await?;

    let mut products: BTreeMap<ProductId, Vec<&PriceChange>> = BTreeMap::new();
    for change in changes {
        products.entry(change.product_id).or_default().push(change);
    }
    let next = |product: &ProductId| versions.get(product).map_or(1, |version| version + 1);
    let rows = products.keys().map(|product| args![*product, next(product), now]).collect();
    conn.update_many(PRODUCTS, rows, "WHERE products.id = v.column1").await?;
    let told = products.iter().map(|(product, changes)| Event {
        kind: "product.updated",
        subject: "product",
        subject_id: product.0,
        version: next(product),
        data: json!({ "prices": changes.iter().map(|change| told(change)).collect::<Vec<_>>() }),
        actor,
        at: now,
    });
    events::append_all(conn, told.collect()).await?;
    lines::reprice(conn, &products.into_keys().collect::<Vec<_>>(), now).await
}

fn told(change: &PriceChange) -> serde_json::Value {
    let ((was, was_before), (now, now_before)) = (change.was, change.now);
    json!({
        "variant": change.variant_id,
        "was": was,
        "now": now,
        "compare_at_was": was_before,
        "compare_at_now": now_before,
    })
}
