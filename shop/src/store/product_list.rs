//! Products as staff look through them: of every status, searched, filtered and sorted over their short rows.

mod details;

use commerce::catalog::{ProductStatus, fold};
use commerce::ids::{CategoryId, ProductId};
use uuid::Uuid;

use super::{Conn, Query};
use crate::args;
use crate::error::Result;

pub use details::Listed;

/// How many words of a search count.
const MOST_WORDS: usize = 4;

/// What the stock of a product is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stock {
    /// Nothing of it can be bought.
    Out,
    /// A variant has fallen to the threshold or below.
    Low,
    /// There are plenty.
    In,
    /// None of its variants is counted.
    Untracked,
}

impl Stock {
    /// Every state and its name in addresses.
    pub const NAMES: [(&'static str, Stock); 4] =
        [("out", Stock::Out), ("low", Stock::Low), ("in", Stock::In), ("untracked", Stock::Untracked)];

    /// The state of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, stock)| *stock)
    }

    /// Its name in addresses.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, stock)| *stock == self).map_or("in", |(name, _)| name)
    }
}

/// The column that a list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Last changed.
    #[default]
    Updated,
    /// Made.
    Created,
    /// Name.
    Name,
    /// Lowest price.
    Price,
    /// Units free to buy; what is not counted comes as if there were none.
    Stock,
}

/// What is asked for. Values of one kind are alternatives; different kinds must all hold.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Words that are in the name, brand, tags, SKUs or barcodes.
    pub q: Option<String>,
    /// Statuses; none is every one.
    pub statuses: Vec<ProductStatus>,
    /// Categories, with what stands below them where that shall count; `None` is everywhere.
    pub categories: Option<Vec<CategoryId>>,
    /// States of stock; none is every one.
    pub stock: Vec<Stock>,
    /// The least that its dearest variant costs, in minor units.
    pub min_price: Option<i64>,
    /// The most that its cheapest variant costs, in minor units.
    pub max_price: Option<i64>,
    /// The column it is sorted by.
    pub sort: Sort,
    /// The other way round.
    pub descending: bool,
    /// How many are shown.
    pub limit: i64,
    /// How many come before.
    pub offset: i64,
}

impl Sort {
    /// The columns and their names in addresses.
    pub const NAMES: [(&'static str, Sort); 5] = [
        ("updated", Sort::Updated),
        ("created", Sort::Created),
        ("name", Sort::Name),
        ("price", Sort::Price),
        ("stock", Sort::Stock),
    ];

    /// The column of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, sort)| *sort)
    }
}

/// How many products have each status, whatever else is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Not yet for sale.
    pub draft: i64,
    /// For sale.
    pub active: i64,
    /// Out of the catalog.
    pub archived: i64,
}

/// A page of products.
#[derive(Clone, Debug)]
pub struct Page {
    /// The products, in order.
    pub items: Vec<Listed>,
    /// How many match.
    pub total: i64,
}

#[derive(sqlx::FromRow)]
struct IdRow {
    product_id: Uuid,
}

#[derive(sqlx::FromRow)]
struct CountRow {
    products: i64,
}

#[derive(sqlx::FromRow)]
struct StatusRow {
    status: String,
    products: i64,
}

/// The page of products that is asked for, and how many there are.
pub async fn list(conn: &mut Conn, asked: &Asked) -> Result<Page> {
    let counted: Vec<CountRow> = conn.all_by(asked.query("COUNT(*) AS products")).await?;
    let mut query = asked.query("l.product_id");
    query.then(asked.order());
    query.page(asked.limit, asked.offset);
    let rows: Vec<IdRow> = conn.all_by(query).await?;
    let ids: Vec<Uuid> = rows.into_iter().map(|row| row.product_id).collect();
    Ok(Page { items: details::load(conn, &ids).await?, total: counted.first().map_or(0, |row| row.products) })
}

/// Every product that is asked for, whatever the page.
pub async fn ids(conn: &mut Conn, asked: &Asked) -> Result<Vec<ProductId>> {
    let rows: Vec<IdRow> = conn.all_by(asked.query("l.product_id")).await?;
    Ok(rows.into_iter().map(|row| ProductId(row.product_id)).collect())
}

/// How many products have each status.
pub async fn counts(conn: &mut Conn) -> Result<Counts> {
    const COUNTS: &str = "SELECT status, COUNT(*) AS products FROM product_lines GROUP BY status";
    let rows: Vec<StatusRow> = conn.all(COUNTS, args![]).await?;
    let of =
        |status: ProductStatus| rows.iter().find(|row| row.status == status.as_str()).map_or(0, |row| row.products);
    Ok(Counts {
        draft: of(ProductStatus::Draft),
        active: of(ProductStatus::Active),
        archived: of(ProductStatus::Archived),
    })
}

/// What the variants of a product have in stock together; joined only where that counts.
const SHELVES: &str = "FROM product_lines l JOIN products p ON p.id = l.product_id JOIN (
         SELECT v.product_id, SUM(CASE WHEN v.tracked THEN COALESCE(f.units, 0) ELSE 0 END) AS units,
                MIN(CASE WHEN v.tracked THEN COALESCE(f.units, 0) END) AS least,
                MAX(CASE WHEN NOT v.tracked OR v.policy = 'continue' OR f.units > 0 THEN 1 ELSE 0 END) AS sold
         FROM variants v
         LEFT JOIN (SELECT variant_id, SUM(on_hand - reserved) AS units FROM stock
                    WHERE location_id NOT IN (SELECT id FROM locations WHERE NOT sells) GROUP BY variant_id) f
                ON f.variant_id = v.id
         WHERE NOT v.archived GROUP BY v.product_id) s ON s.product_id = l.product_id";

impl Asked {
    /// What is asked for, of the rows that match.
    fn query(&self, select: &'static str) -> Query {
        let mut query = Query::new("SELECT");
        query.then(select);
        let by_stock = self.sort == Sort::Stock || !self.stock.is_empty();
        query.then(if by_stock { SHELVES } else { "FROM product_lines l" });
        query.and_one_of("l.status", self.statuses.iter().map(|status| status.as_str()));
        let folded = fold(self.q.as_deref().unwrap_or_default());
        for word in folded.split_whitespace().take(MOST_WORDS) {
            query.and_has("l.search", word);
        }
        if let Some(categories) = &self.categories {
            query.and("EXISTS (SELECT 1 FROM product_categories pc WHERE pc.product_id = l.product_id");
            // Of none there are no products.
            let categories = if categories.is_empty() { &[CategoryId(Uuid::nil())] } else { categories.as_slice() };
            query.and_one_of("pc.category_id", categories.iter().copied());
            query.then(")");
        }
        if let Some(least) = self.min_price {
            query.and_is("l.price_max >=", least);
        }
        if let Some(most) = self.max_price {
            query.and_is("l.price_min <=", most);
        }
        query.and_one_of(
            "CASE WHEN s.least IS NULL THEN 'untracked' WHEN s.sold = 0 THEN 'out'
                  WHEN s.least <= p.low_stock_threshold THEN 'low' ELSE 'in' END",
            self.stock.iter().map(|stock| stock.name()),
        );
        query
    }

    fn order(&self) -> &'static str {
        match (self.sort, self.descending) {
            (Sort::Updated, false) => "ORDER BY l.updated_at, l.product_id",
            (Sort::Updated, true) => "ORDER BY l.updated_at DESC, l.product_id DESC",
            (Sort::Created, false) => "ORDER BY l.created_at, l.product_id",
            (Sort::Created, true) => "ORDER BY l.created_at DESC, l.product_id DESC",
            (Sort::Name, false) => "ORDER BY l.name_folded, l.product_id",
            (Sort::Name, true) => "ORDER BY l.name_folded DESC, l.product_id DESC",
            (Sort::Price, false) => "ORDER BY l.price_min, l.product_id",
            (Sort::Price, true) => "ORDER BY l.price_min DESC, l.product_id DESC",
            (Sort::Stock, false) => "ORDER BY s.units, l.product_id",
            (Sort::Stock, true) => "ORDER BY s.units DESC, l.product_id DESC",
        }
    }
}
