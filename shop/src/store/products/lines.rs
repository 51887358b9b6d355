//! The short row beside each product that lists are searched and sorted by.

use chrono::{DateTime, Utc};
use commerce::catalog::{ProductInput, fold};
use commerce::ids::ProductId;

use super::super::{Arg, Conn};
use super::Change;
use crate::args;

/// Writes the lines of changed products.
pub(super) async fn write(conn: &mut Conn, changes: &[Change], now: DateTime<Utc>) -> sqlx::Result<()> {
    const LINES: &str = "INSERT INTO product_lines
         (product_id, status, name_folded, search, price_min, price_max, created_at, updated_at)";
    const KNOWN: &str = "ON CONFLICT (product_id) DO UPDATE SET status = excluded.status, search = excluded.search,
         name_folded = excluded.name_folded, price_min = excluded.price_min, price_max = excluded.price_max,
         updated_at = excluded.updated_at";
    conn.insert_many(LINES, changes.iter().map(|change| row(change, now)).collect(), KNOWN).await?;
    Ok(())
}

/// Takes over the prices of products whose variants were priced by themselves.
pub(super) async fn reprice(conn: &mut Conn, products: &[ProductId], now: DateTime<Utc>) -> sqlx::Result<()> {
    const REPRICE: &str = "UPDATE product_lines SET updated_at = v.column2,
         price_min = (SELECT COALESCE(MIN(c.amount), 0) FROM prices c JOIN variants a ON a.id = c.variant_id
                      WHERE a.product_id = v.column1 AND NOT a.archived AND c.min_quantity = 1 AND c.ends_at IS NULL),
         price_max = (SELECT COALESCE(MAX(c.amount), 0) FROM prices c JOIN variants a ON a.id = c.variant_id
                      WHERE a.product_id = v.column1 AND NOT a.archived AND c.min_quantity = 1 AND c.ends_at IS NULL)";
    let rows = products.iter().map(|id| args![*id, now]).collect();
    conn.update_many(REPRICE, rows, "WHERE product_lines.product_id = v.column1").await?;
    Ok(())
}

fn row(change: &Change, now: DateTime<Utc>) -> Vec<Arg> {
    let product = &change.product;
    let prices = || product.variants.iter().map(|variant| variant.price.minor);
    let (least, most) = (prices().min().unwrap_or(0), prices().max().unwrap_or(0));
    args![change.id, product.status.as_str(), fold(&product.name), searched(product), least, most, now, now]
}

/// Everything that a search looks at, a line each.
fn searched(product: &ProductInput) -> String {
    let numbers = product.variants.iter().flat_map(|variant| [&variant.sku, &variant.barcode]).flatten();
    let words = [&product.name, &product.slug].into_iter().chain(&product.brand).chain(&product.tags).chain(numbers);
    let words: Vec<String> = words.map(|word| fold(word)).collect();
    words.join("\n")
}
