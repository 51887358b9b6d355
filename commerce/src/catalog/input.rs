//! The lines of a catalog file: one JSON object each, of one of three kinds.

use super::product::{Attribute, Focal, ProductStatus, Seo, StockPolicy};
use crate::ids::VariantId;
use crate::money::{Money, Rate};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One line of a catalog file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CatalogLine {
    /// `{"kind":"category", ..}`
    Category(CategoryInput),
    /// `{"kind":"product", ..}`
    Product(Box<ProductInput>),
    /// `{"kind":"coupon", ..}`
    Coupon(CouponInput),
}

/// A category as a file or a person gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryInput {
    /// Its name in URLs.
    pub slug: String,
    /// Its earlier names in URLs, which lead to it: a category that is known by one of them is renamed.
    #[serde(default)]
    pub old_slugs: Vec<String>,
    /// Its name.
    pub name: String,
    /// The slug of what it stands under.
    #[serde(default)]
    pub parent: Option<String>,
    /// A sentence about it.
    #[serde(default)]
    pub description: String,
    /// A file name in the media folder, or a link.
    #[serde(default)]
    pub image: Option<String>,
    /// Its place among its siblings.
    #[serde(default)]
    pub position: i64,
}

/// A product as a file or a person gives it. Only `slug` and `name` are needed; without variants it has one that is
/// free of options and has no price, which [`ProductInput::check`] refuses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductInput {
    /// Its name in URLs.
    pub slug: String,
    /// Its earlier names in URLs, which lead to it: a product that is known by one of them is renamed.
    #[serde(default)]
    pub old_slugs: Vec<String>,
    /// Its name.
    pub name: String,
    /// Who makes it.
    #[serde(default)]
    pub brand: Option<String>,
    /// One line under the name.
    #[serde(default)]
    pub summary: Option<String>,
    /// The description; to be sanitised before it is kept.
    #[serde(default)]
    pub description_html: String,
    /// Who may see it.
    #[serde(default = "draft")]
    pub status: ProductStatus,
    /// Slugs of categories; the first is its breadcrumb.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Free words to find it by.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The axes of the option matrix.
    #[serde(default)]
    pub options: Vec<OptionInput>,
    /// The variants.
    #[serde(default)]
    pub variants: Vec<VariantInput>,
    /// The pictures; the first is the face of the product.
    #[serde(default)]
    pub images: Vec<ImageInput>,
    /// The properties.
    #[serde(default)]
    pub attributes: Vec<Attribute>,
    /// At how many units it counts as low.
    #[serde(default)]
    pub low_stock_threshold: i64,
    /// What search engines are told.
    #[serde(default)]
    pub seo: Seo,
    /// Its spare parts.
    #[serde(default)]
    pub parts: Vec<PartInput>,
    /// Slugs of what goes with it.
    #[serde(default)]
    pub related: Vec<String>,
}

/// An axis of the option matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionInput {
    /// The name people see.
    pub name: String,
    /// The values, in the order they are shown.
    pub values: Vec<String>,
    /// CSS colours of values that are shown as one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub swatches: BTreeMap<String, String>,
}

/// A variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VariantInput {
    /// Which one it is, where that is known: an editor that renames a value means the same variant. No file has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<VariantId>,
    /// The merchant's number for it.
    #[serde(default)]
    pub sku: Option<String>,
    /// EAN, UPC or the like.
    #[serde(default)]
    pub barcode: Option<String>,
    /// Option name to value, one for each option of the product.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    /// The price of one.
    pub price: Money,
    /// What it cost before.
    #[serde(default)]
    pub compare_at_price: Option<Money>,
    /// Units in stock at the main location; `None` leaves what is there, and is 0 for a new one.
    #[serde(default)]
    pub on_hand: Option<i64>,
    /// Units in stock at the shop's other locations, by their code; what is not named is left as it is.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub elsewhere: BTreeMap<String, i64>,
    /// Whether stock is counted.
    #[serde(default = "yes")]
    pub tracked: bool,
    /// What happens when it has run out.
    #[serde(default = "deny")]
    pub policy: StockPolicy,
    /// Weight of one in grams.
    #[serde(default)]
    pub weight_grams: Option<i64>,
    /// The `src` of one of the product's pictures.
    #[serde(default)]
    pub image: Option<String>,
    /// Whether it has to be sent.
    #[serde(default = "yes")]
    pub requires_shipping: bool,
    /// Whether tax is due on it.
    #[serde(default = "yes")]
    pub taxable: bool,
    /// Its place among the variants; `None` is its place in the list.
    #[serde(default)]
    pub position: Option<i64>,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageInput {
    /// A file name in the media folder, or a link.
    pub src: String,
    /// What it shows.
    #[serde(default)]
    pub alt: String,
    /// Width in pixels, if known.
    #[serde(default)]
    pub width: Option<i64>,
    /// Height in pixels, if known.
    #[serde(default)]
    pub height: Option<i64>,
    /// The point that stays in sight where the picture is cut; `None` is the middle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focal: Option<Focal>,
}

/// A spare part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartInput {
    /// Its number in the exploded view.
    pub number: String,
    /// The slug of the product it is sold as.
    pub slug: String,
}

/// A coupon: `percent` or `amount`, never both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CouponInput {
    /// What people type.
    pub code: String,
    /// What people see; the code when empty.
    #[serde(default)]
    pub label: String,
    /// A share of the goods, such as `"10"`.
    #[serde(default)]
    pub percent: Option<Rate>,
    /// A fixed amount off the goods.
    #[serde(default)]
    pub amount: Option<Money>,
    /// The least the goods must come to.
    #[serde(default)]
    pub min_subtotal: Option<Money>,
    /// When it begins.
    #[serde(default)]
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ends.
    #[serde(default)]
    pub ends_at: Option<DateTime<Utc>>,
    /// How often it can be used in all.
    #[serde(default)]
    pub total_limit: Option<i64>,
    /// How often one customer can use it.
    #[serde(default)]
    pub per_customer_limit: Option<i64>,
    /// Whether it goes with others.
    #[serde(default)]
    pub combinable: bool,
}

fn yes() -> bool {
    true
}

fn draft() -> ProductStatus {
    ProductStatus::Draft
}

fn deny() -> StockPolicy {
    StockPolicy::Deny
}
