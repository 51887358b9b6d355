//! `products/list.html`, `products/report.html`

use chrono::{DateTime, Utc};
use commerce::money::Money;
use serde::{Deserialize, Serialize};

use super::list::ListView;
use super::sampled;

/// The list of products.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductsPage {
    /// What is around the rows.
    pub list: ListView,
    /// The products of this page.
    pub rows: Vec<ProductRow>,
    /// Sign of the currency, as `€`.
    pub currency_sign: String,
}

sampled!(ProductsPage, "products.json");

/// A product in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its first picture.
    pub picture: Option<String>,
    /// `draft`, `active` or `archived`.
    pub status: String,
    /// Units that can be bought now, of all variants that are counted; absent when none is.
    pub available: Option<i64>,
    /// `in`, `low`, `out` or `untracked`.
    pub stock: String,
    /// How many variants it has.
    pub variants: i64,
    /// What the cheapest variant costs.
    pub price: Money,
    /// What the dearest costs, where that differs.
    pub highest: Option<Money>,
    /// The name of its main category.
    pub category: Option<String>,
    /// Who makes it.
    pub brand: Option<String>,
    /// When it was last changed.
    pub updated: DateTime<Utc>,
    /// When it was made.
    pub created: DateTime<Utc>,
}

/// What came of a change of many products.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductReport {
    /// What was done: names the text `bulk-{what}`.
    pub what: String,
    /// Whether it is still going on.
    pub running: bool,
    /// How many it is about.
    pub total: i64,
    /// How many were looked at.
    pub done: i64,
    /// How many were changed.
    pub changed: i64,
    /// How many were so already.
    pub unchanged: i64,
    /// How many could not be changed.
    pub failed: i64,
    /// Why not, product by product.
    pub failures: Vec<Failure>,
    /// Sign of the currency, as `€`.
    pub currency_sign: String,
}

sampled!(ProductReport, "product_report.json");

/// A product that could not be changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is still there.
    pub there: bool,
    /// Why not, in a sentence.
    pub why: String,
}
