//! Reads the published catalog for the snapshot in memory: whole tables at once, or some products of them.

mod rows;

use std::collections::HashMap;

use commerce::catalog::{Category, Image, Product, Variant};
use commerce::ids::{CategoryId, ProductId, VariantId};
use tokio::spawn;
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::{Conn, Db, keys};
use crate::args;
use crate::catalog::Attributes;
use crate::error::{Error, Result};
use rows::{CategoryRow, ImageRow, LinkRow, PlaceRow, ProductRow, StockRow, VariantRow};

/// Which products are read.
#[derive(Clone, Copy, Debug)]
enum Scope<'a> {
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
    /// Its attributes, which `product` is without.
    pub attributes: Attributes,
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

/// What lies in stock of a variant, over all places that the shop sells from.
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
            Scope::All => $conn.all(concat!($select, $order), args![]).await,
            Scope::These(ids) => {
                let keys = keys(ids.iter().copied());
                $conn.all_in(concat!($select, " AND ", $product, " IN"), keys, $order).await
            }
        }
    };
}

/// Every published product with everything that belongs to it, oldest first. A variant without a price can't be sold and
/// is left out; so is a product without any variant. The tables are read at once, each on a connection of its own.
pub async fn all_products(db: &Db) -> Result<Vec<LoadedProduct>> {
    let aside = || db.clone();
    let (first, second, third) = (aside(), aside(), aside());
    let rows = spawn(async move { all_product_rows(&first).await });
    let variants = spawn(async move { variants(&mut second.read().await?, Scope::All).await });
    let around = spawn(async move { Around::read(&mut third.read().await?, Scope::All).await });
    Ok(joined(done(rows).await?, done(variants).await?, done(around).await?))
}

/// Those of some products that are published, as [`all_products`] reads them.
pub async fn products(conn: &mut Conn, ids: &[ProductId]) -> Result<Vec<LoadedProduct>> {
    let scope = Scope::These(ids);
    let rows = product_rows(conn, ids).await?;
    let variants = variants(conn, scope).await?;
    Ok(joined(rows, variants, Around::read(conn, scope).await?))
}

async fn done<T>(task: JoinHandle<Result<T>>) -> Result<T> {
    task.await.map_err(|error| Error::Internal(error.to_string()))?
}

fn joined(rows: Vec<ProductRow>, mut variants: ByProduct<Variant>, mut around: Around) -> Vec<LoadedProduct> {
    let whole = rows.into_iter().filter_map(|row| {
        let id = row.id;
        let variants = variants.remove(&id)?;
        let images = around.images.remove(&id).unwrap_or_default();
        let categories = around.places.remove(&id).unwrap_or_default();
        let (product, attributes) = row.product(variants, images, categories);
        let (attributes, links) = (Attributes::of_row(attributes), around.links.remove(&id).unwrap_or_default());
        Some(LoadedProduct { product, attributes, links })
    });
    whole.collect()
}

/// The rows of published products, without what is said of which of them.
macro_rules! published {
    ($which:literal) => {
        concat!(
            "SELECT id, slug, name, brand, summary, description_html, tags, options, attributes, seo_title,
                seo_description, low_stock_threshold, version, created_at, updated_at, published_at
             FROM products WHERE status = 'active'",
            $which
        )
    };
}

async fn product_rows(conn: &mut Conn, ids: &[ProductId]) -> Result<Vec<ProductRow>> {
    const THESE: &str = published!(" AND id IN");
    let mut found: Vec<ProductRow> = conn.all_in(THESE, keys(ids.iter().copied()), "").await?;
    found.sort_by_key(|row| row.id);
    Ok(found)
}

/// All of them, in the order of their ids. Their texts are most of the catalog, so each half is read by itself.
async fn all_product_rows(db: &Db) -> Result<Vec<ProductRow>> {
    const MIDDLE: &str = "SELECT id FROM products ORDER BY id LIMIT 1 OFFSET (SELECT COUNT(*) / 2 FROM products)";
    const BEFORE: &str = published!(" AND id < $1");
    const FROM: &str = published!(" AND id >= $1");
    let middle: Option<IdRow> = db.read().await?.optional(MIDDLE, args![]).await?;
    let middle = middle.map_or(Uuid::nil(), |row| row.id);
    let half = |sql: &'static str| {
        let db = db.clone();
        spawn(async move { Ok(db.read().await?.all::<ProductRow>(sql, args![middle]).await?) })
    };
    let (before, from) = (half(BEFORE), half(FROM));
    let mut found = done(before).await?;
    found.extend(done(from).await?);
    // They mostly come in order; the database would sort them with all their texts.
    found.sort_by_key(|row| row.id);
    Ok(found)
}

#[derive(sqlx::FromRow)]
struct IdRow {
    id: Uuid,
}

/// What belongs to products, by product.
type ByProduct<T> = HashMap<Uuid, Vec<T>>;

/// What stands around products: pictures, places in categories, links.
struct Around {
    images: ByProduct<Image>,
    places: ByProduct<CategoryId>,
    links: ByProduct<ProductLink>,
}

impl Around {
    async fn read(conn: &mut Conn, scope: Scope<'_>) -> Result<Self> {
        Ok(Self {
            images: images(conn, scope).await?,
            places: places(conn, scope).await?,
            links: links(conn, scope).await?,
        })
    }
}

/// The price is the one that a sale charges: for one piece, without an end.
async fn variants(conn: &mut Conn, scope: Scope<'_>) -> Result<ByProduct<Variant>> {
    let rows: Vec<VariantRow> = rows!(
        conn,
        scope,
        "SELECT v.id, v.product_id, v.sku, v.barcode, v.option_values, v.image_id, v.tracked, v.policy,
            v.requires_shipping, v.taxable, v.weight_grams, v.position, c.amount, c.compare_at, c.currency
         FROM variants v JOIN prices c ON c.variant_id = v.id AND c.min_quantity = 1 AND c.ends_at IS NULL
         WHERE NOT v.archived",
        "v.product_id",
        ""
    )?;
    let stock = stock_levels(conn, scope).await?;
    let mut by_product: ByProduct<Variant> = HashMap::with_capacity(rows.len());
    for row in rows {
        let level = stock.get(&row.id).copied().unwrap_or_default();
        one_more(&mut by_product, row.product_id, row.variant(level)?);
    }
    by_product.values_mut().for_each(|of_one| of_one.sort_by_key(|variant| (variant.position, variant.id)));
    Ok(by_product)
}

/// (on hand, reserved) by variant.
async fn stock_levels(conn: &mut Conn, scope: Scope<'_>) -> Result<HashMap<Uuid, (i64, i64)>> {
    const ALL: &str = "SELECT variant_id, on_hand, reserved FROM stock
         WHERE location_id NOT IN (SELECT id FROM locations WHERE NOT sells)";
    const THESE: &str = "SELECT s.variant_id, s.on_hand, s.reserved
         FROM stock s JOIN variants v ON v.id = s.variant_id
         WHERE s.location_id NOT IN (SELECT id FROM locations WHERE NOT sells) AND v.product_id IN";
    let rows: Vec<StockRow> = match scope {
        Scope::All => conn.all(ALL, args![]).await?,
        Scope::These(ids) => conn.all_in(THESE, keys(ids.iter().copied()), "").await?,
    };
    Ok(summed(rows))
}

/// What lies in stock of some variants.
pub async fn stock(conn: &mut Conn, variants: impl IntoIterator<Item = VariantId>) -> Result<Vec<StockLevel>> {
    const HEAD: &str = "SELECT variant_id, on_hand, reserved FROM stock
         WHERE location_id NOT IN (SELECT id FROM locations WHERE NOT sells) AND variant_id IN";
    let rows: Vec<StockRow> = conn.all_in(HEAD, keys(variants), "").await?;
    let level = |(id, (on_hand, reserved))| StockLevel { variant: VariantId(id), on_hand, reserved };
    Ok(summed(rows).into_iter().map(level).collect())
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

async fn images(conn: &mut Conn, scope: Scope<'_>) -> Result<ByProduct<Image>> {
    let rows: Vec<ImageRow> = rows!(
        conn,
        scope,
        "SELECT i.id, i.product_id, i.src, i.alt, i.width, i.height, i.focal_x, i.focal_y, m.made_at IS NOT NULL AS in_widths
         FROM images i LEFT JOIN media m ON m.name = SUBSTR(i.src, 8) WHERE true",
        "i.product_id",
        " ORDER BY i.product_id, i.position, i.id"
    )?;
    Ok(grouped(rows.into_iter().map(|row| (row.product_id, row.into()))))
}

async fn places(conn: &mut Conn, scope: Scope<'_>) -> Result<ByProduct<CategoryId>> {
    let rows: Vec<PlaceRow> = rows!(
        conn,
        scope,
        "SELECT product_id, category_id FROM product_categories WHERE true",
        "product_id",
        " ORDER BY product_id, position, category_id"
    )?;
    Ok(grouped(rows.into_iter().map(|row| (row.product_id, CategoryId(row.category_id)))))
}

async fn links(conn: &mut Conn, scope: Scope<'_>) -> Result<ByProduct<ProductLink>> {
    let rows: Vec<LinkRow> = rows!(
        conn,
        scope,
        "SELECT product_id, kind, target_slug, label FROM product_links WHERE true",
        "product_id",
        " ORDER BY product_id, kind, position, target_slug"
    )?;
    Ok(grouped(rows.into_iter().map(|row| (row.product_id, row.into()))))
}

fn grouped<T>(pairs: impl Iterator<Item = (Uuid, T)>) -> ByProduct<T> {
    let mut groups: ByProduct<T> = HashMap::with_capacity(pairs.size_hint().0);
    for (key, value) in pairs {
        one_more(&mut groups, key, value);
    }
    groups
}

/// Most products have one of a thing: room for four, which a vector begins with, is most of a small catalog's memory.
fn one_more<T>(groups: &mut ByProduct<T>, key: Uuid, value: T) {
    groups.entry(key).or_insert_with(|| Vec::with_capacity(1)).push(value);
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
