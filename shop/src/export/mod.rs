//! The way back out: JSON lines that [`crate::import`] takes as they are, so that importing an export changes nothing; and
//! tables for spreadsheets.

mod catalog_csv;
mod customers;
mod orders;
mod table;

use std::collections::HashMap;
use std::io::Write;
use std::str::FromStr;

use commerce::catalog::{CatalogLine, CategoryInput};
use commerce::money::Currency;

pub use catalog_csv::catalog_csv;
pub use customers::customers;
pub use orders::orders;

use crate::error::{Error, Result};
use crate::import::coupon_input;
use crate::store::order_export::Period;
use crate::store::{Conn, Db, categories, coupons, products};

/// What is exported.
#[derive(Clone, Copy, Debug)]
pub enum What {
    /// Categories, products and coupons, or the products alone.
    Catalog(CatalogFormat),
    /// The orders of a time.
    Orders(Period),
    /// Everybody who has ordered.
    Customers,
}

/// How a catalog is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatalogFormat {
    /// Everything, one JSON object a line.
    Lines,
    /// The products in the columns of Shopify's CSV.
    Csv,
}

impl FromStr for CatalogFormat {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "lines" => Ok(Self::Lines),
            "csv" => Ok(Self::Csv),
            _ => Err(format!("{name:?} is not a format; there are lines and csv")),
        }
    }
}

impl What {
    /// The name of its file.
    pub fn file_name(self) -> &'static str {
        match self {
            What::Catalog(CatalogFormat::Lines) => "catalog.jsonl",
            What::Catalog(CatalogFormat::Csv) => "products.csv",
            What::Orders(_) => "orders.csv",
            What::Customers => "customers.csv",
        }
    }
}

/// Writes an export; answers how many lines or rows it has.
pub async fn write(db: &Db, currency: Currency, what: What, to: &mut impl Write) -> Result<u64> {
    match what {
        What::Catalog(CatalogFormat::Lines) => catalog(db, currency, to).await,
        What::Catalog(CatalogFormat::Csv) => catalog_csv(db, currency, to).await,
        What::Orders(period) => orders(db, period, to).await,
        What::Customers => customers(db, to).await,
    }
}

/// Products held in memory at once.
const PAGE: usize = 500;

/// Writes categories, parents first, then products by slug, then coupons by code: one picture of the database, however
/// long it takes. Answers how many lines it wrote.
pub async fn catalog(db: &Db, currency: Currency, to: &mut impl Write) -> Result<u64> {
    let mut snapshot = db.snapshot().await?;
    let mut lines = Lines { to, written: 0 };
    for category in parents_first(categories::all(&mut snapshot).await?) {
        lines.write(&CatalogLine::Category(category))?;
    }
    write_products(&mut snapshot, currency, &mut lines).await?;
    for coupon in coupons::all(&mut snapshot).await? {
        lines.write(&CatalogLine::Coupon(coupon_input(&coupon)))?;
    }
    lines.to.flush().map_err(unwritable)?;
    Ok(lines.written)
}

async fn write_products(conn: &mut Conn, currency: Currency, lines: &mut Lines<'_, impl Write>) -> Result<()> {
    let slugs = products::slugs(conn).await?;
    for page in slugs.chunks(PAGE) {
        let mut found = products::load(conn, currency, page, false).await?;
        for slug in page {
            if let Some(product) = found.remove(slug) {
                lines.write(&CatalogLine::Product(Box::new(product.input)))?;
            }
        }
    }
    Ok(())
}

/// By depth, and by slug within a depth.
fn parents_first(categories: HashMap<String, categories::StoredCategory>) -> Vec<CategoryInput> {
    let parent = |category: &CategoryInput| Some(&categories.get(category.parent.as_ref()?)?.input);
    let depth = |category: &CategoryInput| std::iter::successors(parent(category), |above| parent(above)).count();
    let mut sorted: Vec<(usize, CategoryInput)> =
        categories.values().map(|category| (depth(&category.input), category.input.clone())).collect();
    sorted.sort_by(|(depth, category), (other, than)| (depth, &category.slug).cmp(&(other, &than.slug)));
    sorted.into_iter().map(|(_, category)| category).collect()
}

/// JSON, one value a line.
struct Lines<'w, W> {
    to: &'w mut W,
    written: u64,
}

impl<W: Write> Lines<'_, W> {
    fn write(&mut self, value: &impl serde::Serialize) -> Result<()> {
        serde_json::to_writer(&mut *self.to, value).map_err(|error| unwritable(error.into()))?;
        self.to.write_all(b"\n").map_err(unwritable)?;
        self.written += 1;
        Ok(())
    }
}

fn unwritable(error: std::io::Error) -> Error {
    Error::Malformed(format!("the export can't be written: {error}"))
}
