//! Reads the published catalog for the snapshot in memory: whole tables at once, or some products of them.

mod rows;

use std::collections::HashMap;

use commerce::catalog::{Category, Image, Product, Variant};
use commerce::ids::{CategoryId, CheckoutId, ProductId, VariantId};
use uuid::Uuid;

use super::{Conn, keys};
use crate::args;
use crate::error::Result;
use rows::{CategoryRow, ImageRow, LinkRow, PlaceRow, ProductRow, StockRow, VariantRow};

/// Which products are read.
#[derive(Clone, Copy, Debug)]
pub enum Scope<'a> {
    /// Every published one.
    All,
    /// Those of these that are published.
    These(&'a [ProductId]),
}

/// A published product and the products it leads to.
#[derive(Clone, Debug)]
pub struct LoadedProduct {
    /// The product, without `parts` and `related`: what they lead to may come later than the product.
    pub product: Product,
    /// Spare parts and what goes with it, in order.
    pub links: Vec<ProductLink>,
}

/// A way from one product to another, by slug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductLink {
    /// Why it is there.
    pub kind: LinkKind,
    /// The slug of the other product, which may not be there (yet).
    pub slug: String,
    /// The number of a part in the drawing.
    pub label: String,
}

/// Why a product leads to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// It is a spare part.
    Part,
    /// It goes with it.
    Related,
}

/// An address that once led somewhere.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OldSlug {
    /// `product` or `category`.
    pub entity: String,
    /// What stood in the address.
    pub slug: String,
    /// What it led to.
    pub entity_id: Uuid,
}

/// What lies in stock of a variant, over all places.
#[derive(Clone, Copy, Debug)]
pub struct StockLevel {
    /// Of what.
    pub variant: VariantId,
    /// What lies there.
    pub on_hand: i64,
    /// What of it is promised.
    pub reserved: i64,
}

/// One text for the whole table and for some products of it. The text ends inside its WHERE.
macro_rules! rows {
    ($conn:ident, $scope:ident, $select:literal, $product:literal, $order:literal) => {
        match $scope {
            Scope::All => $conn.all(concat!($select, " ORDER BY ", $order), args![]).await,
            Scope::These(ids) => {
                let keys = keys(ids.iter().copied());
                $conn.all_in(concat!($select, " AND ", $product, " IN"), keys, concat!("ORDER BY ", $order)).await
            }
        }
    };
}

/// The published products of a scope with everything that belongs to them, oldest first. A variant without a price
/// can't be sold and is left out; so is a product without any variant.
pub async fn products(conn: &mut Conn, scope: Scope<'_>) -> Result<Vec<LoadedProduct>> {
    let found: Vec<ProductRow> = rows!(
        conn,
        scope,
        "SELECT id, slug, name, brand, summary, description_html, tags, options, attributes, seo_title, seo_description,
            low_stock_threshold, version, created_at, updated_at, published_at
         FROM products WHERE status = 'active'",
        "id",
        "id"
    )?;
    let mut variants = variants(conn, scope).await?;
    let mut images = images(conn, scope).await?;
    let mut places = places(conn, scope).await?;
    let mut links = links(conn, scope).await?;
    let whole = found.into_iter().filter_map(|row| {
        let id = row.id;
        let variants = variants.remove(&id)?;
        let images = images.remove(&id).unwrap_or_default();
        let categories = places.remove(&id).unwrap_or_default();
        let product = row.product(variants, images, categories);
        Some(LoadedProduct { product, links: links.remove(&id).unwrap_or_default() })
    });
    Ok(whole.collect())
}

/// The price is the one that a sale charges: for one piece, without an end.
async fn variants(conn: &mut Conn, scope: Scope<'_>) -> Result<HashMap<Uuid, Vec<Variant>>> {
    let rows: Vec<VariantRow> = rows!(
        conn,
        scope,
        "SELECT v.id, v.product_id, v.sku, v.barcode, v.option_values, v.image_id, v.tracked, v.policy,
            v.requires_shipping, v.taxable, v.weight_grams, v.position, c.amount, c.compare_at, c.currency
         FROM variants v JOIN prices c ON c.variant_id = v.id AND c.min_quantity = 1 AND c.ends_at IS NULL
         WHERE NOT v.archived",
        "v.product_id",
        "v.product_id, v.position, v.id"
    )?;
    let stock = stock_levels(conn, scope).await?;
    let mut by_product: HashMap<Uuid, Vec<Variant>> = HashMap::new();
    for row in rows {
        let level = stock.get(&row.id).copied().unwrap_or_default();
        by_product.entry(row.product_id).or_default().push(row.variant(level)?);
    }
    Ok(by_product)
}

/// (on hand, reserved) by variant.
async fn stock_levels(conn: &mut Conn, scope: Scope<'_>) -> Result<HashMap<Uuid, (i64, i64)>> {
    let rows: Vec<StockRow> = rows!(
        conn,
        scope,
        "SELECT s.variant_id, s.on_hand, s.reserved FROM stock s JOIN variants v ON v.id = s.variant_id WHERE NOT v.archived",
        "v.product_id",
        "s.variant_id"
    )?;
    Ok(summed(rows))
}

/// What lies in stock of some variants.
pub async fn stock(conn: &mut Conn, variants: impl IntoIterator<Item = VariantId>) -> Result<Vec<StockLevel>> {
    const HEAD: &str = "SELECT variant_id, on_hand, reserved FROM stock WHERE variant_id IN";
    let rows: Vec<StockRow> = conn.all_in(HEAD, keys(variants), "").await?;
    let level = |(id, (on_hand, reserved))| StockLevel { variant: VariantId(id), on_hand, reserved };
    Ok(summed(rows).into_iter().map(level).collect())
}

#[derive(sqlx::FromRow)]
struct HeldRow {
    variant_id: Uuid,
}

/// The variants that some checkouts hold or held.
pub async fn reserved_by(conn: &mut Conn, checkouts: impl IntoIterator<Item = CheckoutId>) -> Result<Vec<VariantId>> {
    const HEAD: &str = "SELECT DISTINCT variant_id FROM reservations WHERE checkout_id IN";
    let rows: Vec<HeldRow> = conn.all_in(HEAD, keys(checkouts), "").await?;
    Ok(rows.into_iter().map(|row| VariantId(row.variant_id)).collect())
}

/// A variant may lie in several places.
fn summed(rows: Vec<StockRow>) -> HashMap<Uuid, (i64, i64)> {
    let mut levels: HashMap<Uuid, (i64, i64)> = HashMap::with_capacity(rows.len());
    for row in rows {
        let (on_hand, reserved) = levels.entry(row.variant_id).or_default();
        *on_hand = on_hand.saturating_add(row.on_hand);
        *reserved = reserved.saturating_add(row.reserved);
    }
    levels
}

async fn images(conn: &mut Conn, scope: Scope<'_>) -> Result<HashMap<Uuid, Vec<Image>>> {
    let rows: Vec<ImageRow> = rows!(
        conn,
        scope,
        "SELECT i.id, i.product_id, i.src, i.alt, i.width, i.height, i.focal_x, i.focal_y, m.made_at IS NOT NULL AS in_widths
         FROM images i LEFT JOIN media m ON m.name = SUBSTR(i.src, 8) WHERE true",
        "i.product_id",
        "i.product_id, i.position, i.id"
    )?;
    Ok(grouped(rows.into_iter().map(|row| (row.product_id, row.into()))))
}

async fn places(conn: &mut Conn, scope: Scope<'_>) -> Result<HashMap<Uuid, Vec<CategoryId>>> {
    let rows: Vec<PlaceRow> = rows!(
        conn,
        scope,
        "SELECT product_id, category_id FROM product_categories WHERE true",
        "product_id",
        "product_id, position, category_id"
    )?;
    Ok(grouped(rows.into_iter().map(|row| (row.product_id, CategoryId(row.category_id)))))
}

async fn links(conn: &mut Conn, scope: Scope<'_>) -> Result<HashMap<Uuid, Vec<ProductLink>>> {
    let rows: Vec<LinkRow> = rows!(
        conn,
        scope,
        "SELECT product_id, kind, target_slug, label FROM product_links WHERE true",
        "product_id",
        "product_id, kind, position, target_slug"
    )?;
    Ok(grouped(rows.into_iter().map(|row| (row.product_id, row.into()))))
}

fn grouped<T>(pairs: impl Iterator<Item = (Uuid, T)>) -> HashMap<Uuid, Vec<T>> {
    let mut groups: HashMap<Uuid, Vec<T>> = HashMap::new();
    for (key, value) in pairs {
        groups.entry(key).or_default().push(value);
    }
    groups
}

/// Every category.
pub async fn categories(conn: &mut Conn) -> Result<Vec<Category>> {
    const ALL: &str =
        "SELECT id, parent_id, slug, name, description, image, position, version FROM categories ORDER BY id";
    let rows: Vec<CategoryRow> = conn.all(ALL, args![]).await?;
    Ok(rows.into_iter().map(Category::from).collect())
}

/// Every address that once led somewhere.
pub async fn old_slugs(conn: &mut Conn) -> Result<Vec<OldSlug>> {
    Ok(conn.all("SELECT entity, slug, entity_id FROM slug_history", args![]).await?)
}

#[derive(sqlx::FromRow)]
struct SoldRow {
    product_id: Uuid,
    sold: i64,
}

/// How many pieces of each product were ordered.
pub async fn sold(conn: &mut Conn) -> Result<HashMap<ProductId, i64>> {
    const SOLD: &str = "SELECT product_id, CAST(SUM(quantity) AS BIGINT) AS sold FROM order_items GROUP BY product_id";
    let rows: Vec<SoldRow> = conn.all(SOLD, args![]).await?;
    Ok(rows.into_iter().map(|row| (ProductId(row.product_id), row.sold)).collect())
}
