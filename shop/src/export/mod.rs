//! The way back out: JSON lines that [`crate::import`] takes as they are. Importing an export changes nothing.

use std::collections::HashMap;
use std::io::Write;

use commerce::catalog::{CatalogLine, CategoryInput};
use commerce::money::Currency;

use crate::error::{Error, Result};
use crate::import::coupon_input;
use crate::store::{Conn, Db, categories, coupons, products};

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
