//! The list of products for programs of the staff.

use chrono::{DateTime, Utc};
use commerce::catalog::ProductStatus;
use commerce::money::{Currency, Money};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::error::{Error, Result};
use crate::store::product_list::{Asked, Counts, Listed, Page, Sort, Stock};
use crate::web::api::documents::MoneyDocument;
use crate::web::params;
use crate::web::storefront::cards::picture_url;

/// A page of products.
#[derive(Serialize, ToSchema)]
pub struct StaffProductList {
    items: Vec<StaffProductLine>,
    /// How many match.
    total: i64,
    page: i64,
    per_page: i64,
    pages: i64,
    counts: StatusCounts,
}

/// How many products have each status, whatever is asked for.
#[derive(Serialize, ToSchema)]
pub struct StatusCounts {
    draft: i64,
    active: i64,
    archived: i64,
}

/// A product in the list.
#[derive(Serialize, ToSchema)]
pub struct StaffProductLine {
    id: String,
    version: i64,
    slug: String,
    name: String,
    brand: Option<String>,
    /// draft, active or archived
    #[schema(value_type = String)]
    status: ProductStatus,
    price_range: StaffPriceRange,
    variants: i64,
    /// Units that are free to buy; null when nothing is tracked.
    available: Option<i64>,
    /// in, low, out or untracked
    stock: &'static str,
    /// Where its first picture is.
    picture: Option<String>,
    /// Names of its categories.
    categories: Vec<String>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// The lowest and the highest price of a product.
#[derive(Serialize, ToSchema)]
pub struct StaffPriceRange {
    #[schema(value_type = MoneyDocument)]
    min: Money,
    #[schema(value_type = MoneyDocument)]
    max: Money,
}

impl StaffProductList {
    pub(super) fn of(asked: &Asked, page: Page, counts: Counts, currency: Currency) -> Self {
        let Counts { draft, active, archived } = counts;
        Self {
            items: page.items.into_iter().map(|listed| StaffProductLine::of(listed, currency)).collect(),
            total: page.total,
            page: asked.offset / asked.limit + 1,
            per_page: asked.limit,
            pages: (page.total + asked.limit - 1) / asked.limit,
            counts: StatusCounts { draft, active, archived },
        }
    }
}

impl StaffProductLine {
    fn of(listed: Listed, currency: Currency) -> Self {
        let money = |minor| Money::new(minor, currency);
        Self {
            id: listed.id.to_string(),
            version: listed.version,
            slug: listed.slug,
            name: listed.name,
            brand: listed.brand,
            status: listed.status,
            price_range: StaffPriceRange { min: money(listed.price_min), max: money(listed.price_max) },
            variants: listed.variants,
            available: listed.available,
            stock: listed.stock.name(),
            picture: listed.picture.as_deref().map(picture_url),
            categories: listed.categories,
            created_at: listed.created_at,
            updated_at: listed.updated_at,
        }
    }
}

/// What the list is asked for.
pub(super) fn asked(app: &App, query: Option<&str>) -> Result<Asked> {
    let (mut page, mut asked) = (1, Asked { descending: true, limit: 24, ..Asked::default() });
    for (name, value) in params::pairs(query)? {
        match name.as_str() {
            "page" => page = number(&name, &value, (1, i64::MAX / 100))?,
            "per_page" => asked.limit = number(&name, &value, (1, 100))?,
            "sort" => {
                let (column, descending) = value.strip_prefix('-').map_or((value.as_str(), false), |rest| (rest, true));
                let sort = Sort::named(column);
                asked.sort =
                    sort.ok_or_else(|| Error::field("sort", "has to be updated, created, name, price or stock"))?;
                asked.descending = descending;
            }
            _ => filter(app, &mut asked, &name, value)?,
        }
    }
    asked.offset = (page - 1) * asked.limit;
    Ok(asked)
}

/// Takes over one thing that products are narrowed by.
pub(super) fn filter(app: &App, asked: &mut Asked, name: &str, value: String) -> Result<()> {
    match name {
        "q" => asked.q = Some(value),
        "status" => {
            let status = value.parse();
            asked.statuses.push(status.map_err(|_| Error::field("status", "has to be draft, active or archived"))?);
        }
        "category" => {
            let below = app.catalog.load().categories().below(&value);
            asked.categories.get_or_insert_default().extend(below);
        }
        "stock" => {
            let stock = Stock::named(&value);
            asked.stock.push(stock.ok_or_else(|| Error::field("stock", "has to be in, low, out or untracked"))?);
        }
        "min_price" => asked.min_price = Some(number(name, &value, (0, i64::MAX))?),
        "max_price" => asked.max_price = Some(number(name, &value, (0, i64::MAX))?),
        _ => return Err(Error::field(name, "is not a parameter of this list")),
    }
    Ok(())
}

fn number(name: &str, value: &str, (least, most): (i64, i64)) -> Result<i64> {
    let number = value.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| Error::field(name, format!("has to be a whole number from {least} to {most}")))
}
