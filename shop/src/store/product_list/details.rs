//! What a list shows of the products of one page: a few statements for all of them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use commerce::catalog::{ProductStatus, StockPolicy};
use commerce::ids::ProductId;
use uuid::Uuid;

use super::super::{Conn, keys};
use super::Stock;
use crate::error::{Error, Result};

/// A product in a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its id.
    pub id: ProductId,
    /// Its name in URLs.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Who makes it.
    pub brand: Option<String>,
    /// Who may see it.
    pub status: ProductStatus,
    /// Raised by every change.
    pub version: i64,
    /// Where its first picture is.
    pub picture: Option<String>,
    /// What its cheapest variant costs, in minor units.
    pub price_min: i64,
    /// What its dearest variant costs, in minor units.
    pub price_max: i64,
    /// How many variants it has.
    pub variants: i64,
    /// Units of all variants that are free to buy; `None` when none is counted.
    pub available: Option<i64>,
    /// What its stock is like.
    pub stock: Stock,
    /// The names of its categories, the first first.
    pub categories: Vec<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct ProductRow {
    id: Uuid,
    slug: String,
    name: String,
    brand: Option<String>,
    status: String,
    version: i64,
    low_stock_threshold: i64,
    price_min: i64,
    price_max: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct VariantRow {
    product_id: Uuid,
    tracked: bool,
    policy: String,
    units: i64,
}

/// The variants of a product together.
#[derive(Default)]
struct Shelf {
    variants: i64,
    units: i64,
    /// The fewest units of a variant that is counted; `None` when none is.
    least: Option<i64>,
    can_be_bought: bool,
}

impl Shelf {
    fn add(&mut self, row: &VariantRow) {
        self.variants += 1;
        self.can_be_bought |= !row.tracked || row.policy == StockPolicy::Continue.as_str() || row.units > 0;
        if row.tracked {
            self.units += row.units;
            self.least = Some(self.least.map_or(row.units, |least| least.min(row.units)));
        }
    }
}

#[derive(sqlx::FromRow)]
struct PictureRow {
    product_id: Uuid,
    src: String,
}

#[derive(sqlx::FromRow)]
struct CategoryRow {
    product_id: Uuid,
    name: String,
}

/// The products of these ids, in their order.
pub(super) async fn load(conn: &mut Conn, ids: &[Uuid]) -> Result<Vec<Listed>> {
    const PRODUCTS: &str =
        "SELECT p.id, p.slug, p.name, p.brand, p.status, p.version, p.low_stock_threshold, l.price_min,
         l.price_max, l.created_at, l.updated_at
         FROM products p JOIN product_lines l ON l.product_id = p.id WHERE p.id IN";
    const VARIANTS: &str = "SELECT v.product_id, v.tracked, v.policy, CAST(COALESCE(
             (SELECT SUM(s.on_hand - s.reserved) FROM stock s WHERE s.variant_id = v.id
                  AND s.location_id NOT IN (SELECT id FROM locations WHERE NOT sells)), 0) AS BIGINT) AS units
         FROM variants v WHERE NOT v.archived AND v.product_id IN";
    const PICTURES: &str = "SELECT product_id, src FROM images WHERE position = 0 AND product_id IN";
    const CATEGORIES: &str = "SELECT pc.product_id, c.name FROM product_categories pc
         JOIN categories c ON c.id = pc.category_id WHERE pc.product_id IN";
    let wanted = || keys(ids.iter().copied());
    let rows: Vec<ProductRow> = conn.all_in(PRODUCTS, wanted(), "").await?;
    let mut shelves: HashMap<Uuid, Shelf> = HashMap::new();
    for row in conn.all_in::<VariantRow>(VARIANTS, wanted(), "").await? {
        shelves.entry(row.product_id).or_default().add(&row);
    }
    let pictures: Vec<PictureRow> = conn.all_in(PICTURES, wanted(), "").await?;
    let places: Vec<CategoryRow> = conn.all_in(CATEGORIES, wanted(), "ORDER BY pc.position").await?;
    let mut pictures: HashMap<Uuid, String> = pictures.into_iter().map(|row| (row.product_id, row.src)).collect();
    let mut categories: HashMap<Uuid, Vec<String>> = HashMap::new();
    for place in places {
        categories.entry(place.product_id).or_default().push(place.name);
    }
    let mut listed: HashMap<Uuid, Listed> = HashMap::with_capacity(rows.len());
    for row in rows {
        let id = row.id;
        let shelf = shelves.remove(&id).unwrap_or_default();
        let found = row.listed(&shelf, pictures.remove(&id), categories.remove(&id).unwrap_or_default())?;
        listed.insert(id, found);
    }
    Ok(ids.iter().filter_map(|id| listed.remove(id)).collect())
}

impl ProductRow {
    fn listed(self, shelf: &Shelf, picture: Option<String>, categories: Vec<String>) -> Result<Listed> {
        let stock = match shelf.least {
            None => Stock::Untracked,
            Some(_) if !shelf.can_be_bought => Stock::Out,
            Some(least) if least <= self.low_stock_threshold => Stock::Low,
            Some(_) => Stock::In,
        };
        let status = self.status.parse().map_err(|error| Error::Internal(format!("a product: {error}")))?;
        Ok(Listed {
            id: ProductId(self.id),
            slug: self.slug,
            name: self.name,
            brand: self.brand,
            status,
            version: self.version,
            picture,
            price_min: self.price_min,
            price_max: self.price_max,
            variants: shelf.variants,
            available: shelf.least.map(|_| shelf.units),
            stock,
            categories,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}
