//! Reads products whole: a handful of statements for any number of them.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use commerce::catalog::{Focal, ImageInput, OptionAxis, OptionInput, PartInput, ProductInput, Seo, VariantInput};
use commerce::ids::{ImageId, LocationId, ProductId, VariantId};
use commerce::money::{Currency, Money};
use uuid::Uuid;

use super::super::defaults::{ALWAYS, LOCATION, PRICE_LIST};
use super::super::{Conn, Row, keys, locations, stock};
use super::rows::{
    AttributesRow, CategoryRow, ImageRow, LinkRow, MovedRow, OldSlugRow, PriceRow, ProductRow, SkuRow, SlugRow,
    VariantRow,
};
use crate::args;
use crate::error::{Error, Result};
use crate::settings::Location;

/// A product in the words of a catalog file, with what stands behind it.
#[derive(Clone, Debug)]
pub struct StoredProduct {
    /// Its id.
    pub id: ProductId,
    /// Raised by every change.
    pub version: i64,
    /// When it first became active.
    pub published_at: Option<DateTime<Utc>>,
    /// What an export writes.
    pub input: ProductInput,
    /// The ids of its pictures, in the order of `input.images`.
    pub images: Vec<ImageId>,
    /// Its variants by position, those that have left it last.
    pub variants: Vec<StoredVariant>,
}

/// A variant with what stands behind it.
#[derive(Clone, Debug)]
pub struct StoredVariant {
    /// Its id.
    pub id: VariantId,
    /// Raised by every change.
    pub version: i64,
    /// Whether it has left its product and is only kept because orders point to it.
    pub archived: bool,
    /// One value per option of the product.
    pub values: Vec<String>,
    /// What lies in each place: on hand, and promised of it to open checkouts.
    pub levels: BTreeMap<LocationId, (i64, i64)>,
    /// Units free to buy, in the places that the shop sells from; below zero where more is owed.
    pub free: i64,
    /// What an export writes.
    pub input: VariantInput,
}

impl StoredVariant {
    /// Units that are promised to open checkouts, in all places.
    pub fn reserved(&self) -> i64 {
        self.levels.values().map(|(_, reserved)| reserved).sum()
    }
}

impl StoredProduct {
    /// The product for an editor: its variants carry their ids, so that one whose option values change stays itself.
    pub fn editable(&self) -> ProductInput {
        let mut product = self.input.clone();
        let on_sale = self.variants.iter().filter(|variant| !variant.archived);
        for (variant, stored) in product.variants.iter_mut().zip(on_sale) {
            variant.id = Some(stored.id);
        }
        product
    }
}

/// Every slug there is, in the order of their bytes, which is the same on both engines.
pub async fn slugs(conn: &mut Conn) -> sqlx::Result<Vec<String>> {
    let rows: Vec<SlugRow> = conn.all("SELECT slug FROM products", args![]).await?;
    let mut slugs: Vec<String> = rows.into_iter().map(|row| row.slug).collect();
    slugs.sort_unstable();
    Ok(slugs)
}

/// The names of all attributes, those that most products have first.
pub async fn attribute_names(conn: &mut Conn) -> sqlx::Result<Vec<String>> {
    let rows: Vec<AttributesRow> = conn.all("SELECT attributes FROM products", args![]).await?;
    let mut counts: HashMap<String, usize> = HashMap::new();
    for attribute in rows.into_iter().flat_map(|row| row.attributes.0) {
        *counts.entry(attribute.name).or_default() += 1;
    }
    let mut names: Vec<(usize, String)> = counts.into_iter().map(|(name, count)| (count, name)).collect();
    names.sort_unstable_by(|(count, name), (other, than)| other.cmp(count).then(name.cmp(than)));
    Ok(names.into_iter().map(|(_, name)| name).collect())
}

/// Whether the shop has a product.
pub async fn has_any(conn: &mut Conn) -> sqlx::Result<bool> {
    Ok(conn.optional::<SlugRow>("SELECT slug FROM products LIMIT 1", args![]).await?.is_some())
}

/// Which of these SKUs are on sale, and on which product: pairs of SKU and slug.
pub async fn skus_elsewhere(conn: &mut Conn, skus: &[String]) -> sqlx::Result<Vec<(String, String)>> {
    const HEAD: &str = "SELECT v.sku, p.slug FROM variants v JOIN products p ON p.id = v.product_id WHERE v.sku IN";
    let rows: Vec<SkuRow> = conn.all_in(HEAD, keys(skus), "AND NOT v.archived ORDER BY v.sku, p.slug").await?;
    Ok(rows.into_iter().map(|row| (row.sku, row.slug)).collect())
}

/// Which of these slugs once led to a product, and the slug it has now.
pub async fn moved(conn: &mut Conn, slugs: &[String]) -> sqlx::Result<HashMap<String, String>> {
    const HEAD: &str = "SELECT h.slug AS old, p.slug AS now FROM slug_history h JOIN products p ON p.id = h.entity_id
         WHERE h.entity = 'product' AND h.slug IN";
    let rows: Vec<MovedRow> = conn.all_in(HEAD, keys(slugs), "").await?;
    Ok(rows.into_iter().map(|row| (row.old, row.now)).collect())
}

/// The products of these slugs, by slug. With `lock`, their stock stays as it is until the transaction ends.
pub async fn load(
    conn: &mut Conn,
    currency: Currency,
    slugs: &[String],
    lock: bool,
) -> Result<HashMap<String, StoredProduct>> {
    const PRODUCTS: &str = "SELECT id, slug, name, brand, summary, description_html, status, tags, options, attributes,
         seo_title, seo_description, low_stock_threshold, version, published_at FROM products WHERE slug IN";
    let rows: Vec<ProductRow> = conn.all_in(PRODUCTS, keys(slugs), "").await?;
    assembled(conn, currency, rows, lock).await
}

/// The product of an id. With `lock`, it and its stock stay as they are until the transaction ends.
pub async fn load_one(conn: &mut Conn, currency: Currency, id: ProductId, lock: bool) -> Result<Option<StoredProduct>> {
    const PRODUCT: &str = "SELECT id, slug, name, brand, summary, description_html, status, tags, options, attributes,
         seo_title, seo_description, low_stock_threshold, version, published_at FROM products WHERE id = $1";
    let rows: Vec<ProductRow> = match lock {
        true => conn.lock_all(PRODUCT, args![id]).await?,
        false => conn.all(PRODUCT, args![id]).await?,
    };
    Ok(assembled(conn, currency, rows, lock).await?.into_values().next())
}

async fn assembled(
    conn: &mut Conn,
    currency: Currency,
    rows: Vec<ProductRow>,
    lock: bool,
) -> Result<HashMap<String, StoredProduct>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut parts = Parts::load(conn, currency, &ids, lock).await?;
    rows.into_iter().map(|row| Ok((row.slug.clone(), parts.assemble(row)?))).collect()
}

/// What belongs to the products being read, by product or by variant.
struct Parts {
    old_slugs: HashMap<Uuid, Vec<OldSlugRow>>,
    images: HashMap<Uuid, Vec<ImageRow>>,
    variants: HashMap<Uuid, Vec<VariantRow>>,
    prices: HashMap<Uuid, (Money, Option<Money>)>,
    levels: HashMap<Uuid, BTreeMap<LocationId, (i64, i64)>>,
    /// Places beside the main one, by their id.
    elsewhere: HashMap<LocationId, Location>,
    categories: HashMap<Uuid, Vec<CategoryRow>>,
    links: HashMap<Uuid, Vec<LinkRow>>,
}

impl Parts {
    async fn load(conn: &mut Conn, currency: Currency, products: &[Uuid], lock: bool) -> Result<Self> {
        const OLD_SLUGS: &str = "SELECT entity_id, slug FROM slug_history WHERE entity = 'product' AND entity_id IN";
        const IMAGES: &str =
            "SELECT id, product_id, src, alt, width, height, focal_x, focal_y FROM images WHERE product_id IN";
        const VARIANTS: &str = "SELECT id, product_id, sku, barcode, option_values, image_id, tracked, policy,
             requires_shipping, taxable, weight_grams, archived, version FROM variants WHERE product_id IN";
        const CATEGORIES: &str = "SELECT pc.product_id, c.slug FROM product_categories pc
             JOIN categories c ON c.id = pc.category_id WHERE pc.product_id IN";
        const LINKS: &str = "SELECT product_id, kind, target_slug, label FROM product_links WHERE product_id IN";
        let variants = rows_of::<VariantRow>(conn, VARIANTS, products, "ORDER BY archived, position").await?;
        let variant_ids: Vec<Uuid> = variants.iter().map(|row| row.id).collect();
        let levels = levels(conn, &variant_ids, lock).await?;
        let only_main = levels.values().flat_map(BTreeMap::keys).all(|place| *place == LOCATION);
        let mut places = if only_main { vec![] } else { locations::all(conn).await? };
        places.retain(|place| place.id() != LOCATION);
        Ok(Parts {
            old_slugs: grouped(rows_of(conn, OLD_SLUGS, products, "").await?, |row: &OldSlugRow| row.entity_id),
            images: grouped(rows_of(conn, IMAGES, products, "ORDER BY position").await?, |row: &ImageRow| {
                row.product_id
            }),
            variants: grouped(variants, |row| row.product_id),
            prices: prices(conn, currency, &variant_ids).await?,
            levels,
            elsewhere: places.into_iter().map(|place| (place.id(), place)).collect(),
            categories: grouped(
                rows_of(conn, CATEGORIES, products, "ORDER BY pc.position").await?,
                |row: &CategoryRow| row.product_id,
            ),
            links: grouped(rows_of(conn, LINKS, products, "ORDER BY position").await?, |row: &LinkRow| row.product_id),
        })
    }

    fn assemble(&mut self, row: ProductRow) -> Result<StoredProduct> {
        let id = row.id;
        let images = self.images.remove(&id).unwrap_or_default();
        let (parts, related): (Vec<LinkRow>, Vec<LinkRow>) =
            self.links.remove(&id).unwrap_or_default().into_iter().partition(|link| link.kind == "part");
        let variants: Vec<StoredVariant> = self
            .variants
            .remove(&id)
            .unwrap_or_default()
            .into_iter()
            .filter_map(|variant| self.variant(variant, &row.options.0, &images).transpose())
            .collect::<Result<_>>()?;
        let mut old_slugs: Vec<String> =
            self.old_slugs.remove(&id).unwrap_or_default().into_iter().map(|old| old.slug).collect();
        old_slugs.sort_unstable();
        let input = ProductInput {
            slug: row.slug,
            old_slugs,
            name: row.name,
            brand: row.brand,
            summary: row.summary,
            description_html: row.description_html,
            status: known(row.status.parse())?,
            categories: self.categories.remove(&id).unwrap_or_default().into_iter().map(|link| link.slug).collect(),
            tags: row.tags.0,
            options: row.options.0.into_iter().map(option_input).collect(),
            variants: variants
                .iter()
                .filter(|variant| !variant.archived)
                .map(|variant| variant.input.clone())
                .collect(),
            images: images.iter().map(ImageRow::to_input).collect(),
            attributes: row.attributes.0,
            low_stock_threshold: row.low_stock_threshold,
            seo: Seo { title: row.seo_title, description: row.seo_description },
            parts: parts.into_iter().map(|link| PartInput { number: link.label, slug: link.target_slug }).collect(),
            related: related.into_iter().map(|link| link.target_slug).collect(),
        };
        Ok(StoredProduct {
            id: ProductId(id),
            version: row.version,
            published_at: row.published_at,
            input,
            images: images.iter().map(|image| ImageId(image.id)).collect(),
            variants,
        })
    }

    /// A variant whole. One without a price can't be sold and can't be written to a file: it is passed over.
    fn variant(&self, row: VariantRow, axes: &[OptionAxis], images: &[ImageRow]) -> Result<Option<StoredVariant>> {
        let Some((price, compare_at_price)) = self.prices.get(&row.id).copied() else {
            return Ok(None);
        };
        let levels = self.levels.get(&row.id).cloned().unwrap_or_default();
        let code = |place: &LocationId| self.elsewhere.get(place).map(|place| place.code.clone());
        let count = |(place, level): (&LocationId, &(i64, i64))| Some((code(place)?, level.0));
        let sells = |place: &LocationId| self.elsewhere.get(place).is_none_or(|place| place.sells);
        let sold = levels.iter().filter(|(place, _)| sells(place));
        let image = images.iter().find(|image| Some(image.id) == row.image_id).map(|image| image.src.clone());
        let names = axes.iter().map(|axis| axis.name.clone());
        let free = sold.map(|(_, (on_hand, reserved))| on_hand - reserved).sum();
        let input = VariantInput {
            id: None,
            sku: row.sku,
            barcode: row.barcode,
            options: names.zip(row.option_values.0.iter().cloned()).collect(),
            price,
            compare_at_price,
            on_hand: Some(levels.get(&LOCATION).map_or(0, |(on_hand, _)| *on_hand)),
            elsewhere: levels.iter().filter_map(count).collect(),
            tracked: row.tracked,
            policy: known(row.policy.parse())?,
            weight_grams: row.weight_grams,
            image,
            requires_shipping: row.requires_shipping,
            taxable: row.taxable,
            position: None,
        };
        let VariantRow { id, version, archived, option_values, .. } = row;
        Ok(Some(StoredVariant { id: VariantId(id), version, archived, values: option_values.0, free, levels, input }))
    }
}

impl ImageRow {
    fn to_input(&self) -> ImageInput {
        let focal = self.focal_x.zip(self.focal_y).map(|(x, y)| Focal { x, y });
        ImageInput { src: self.src.clone(), alt: self.alt.clone(), width: self.width, height: self.height, focal }
    }
}

fn option_input(axis: OptionAxis) -> OptionInput {
    let swatches = axis.values.iter().filter_map(|value| Some((value.value.clone(), value.swatch.clone()?))).collect();
    OptionInput { name: axis.name, values: axis.values.into_iter().map(|value| value.value).collect(), swatches }
}

/// The base price of each variant, in the shop's currency if it has one.
async fn prices(
    conn: &mut Conn,
    currency: Currency,
    variants: &[Uuid],
) -> Result<HashMap<Uuid, (Money, Option<Money>)>> {
    const PRICES: &str = "SELECT variant_id, price_list_id, currency, starts_at, amount, compare_at FROM prices
         WHERE min_quantity = 1 AND ends_at IS NULL AND variant_id IN";
    let rows: Vec<PriceRow> = rows_of(conn, PRICES, variants, "").await?;
    let mut prices = HashMap::with_capacity(rows.len());
    for row in rows.into_iter().filter(|row| row.price_list_id == PRICE_LIST.0 && row.starts_at == ALWAYS) {
        let of: Currency = known(row.currency.parse())?;
        let price = (Money::new(row.amount, of), row.compare_at.map(|amount| Money::new(amount, of)));
        if of == currency || !prices.contains_key(&row.variant_id) {
            prices.insert(row.variant_id, price);
        }
    }
    Ok(prices)
}

/// What lies in each place and what of it is promised, by variant.
async fn levels(
    conn: &mut Conn,
    variants: &[Uuid],
    lock: bool,
) -> sqlx::Result<HashMap<Uuid, BTreeMap<LocationId, (i64, i64)>>> {
    let variants: Vec<VariantId> = variants.iter().copied().map(VariantId).collect();
    let found = if lock { stock::lock(conn, &variants).await? } else { stock::levels(conn, &variants).await? };
    let mut levels: HashMap<Uuid, BTreeMap<LocationId, (i64, i64)>> = HashMap::with_capacity(variants.len());
    for ((variant, place), level) in found {
        levels.entry(variant.0).or_default().insert(place, level);
    }
    Ok(levels)
}

async fn rows_of<R: Row>(
    conn: &mut Conn,
    head: &'static str,
    ids: &[Uuid],
    tail: &'static str,
) -> sqlx::Result<Vec<R>> {
    conn.all_in(head, keys(ids.iter().copied()), tail).await
}

fn grouped<R>(rows: Vec<R>, key: impl Fn(&R) -> Uuid) -> HashMap<Uuid, Vec<R>> {
    let mut groups: HashMap<Uuid, Vec<R>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}

/// A word that the schema only lets in when it is one of ours.
fn known<T, E: std::fmt::Display>(word: std::result::Result<T, E>) -> Result<T> {
    word.map_err(|error| Error::Internal(error.to_string()))
}
