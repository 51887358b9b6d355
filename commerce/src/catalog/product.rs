//! A product and its parts, as the catalog keeps it.

use crate::ids::{CategoryId, ImageId, ProductId, VariantId};
use crate::money::Money;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

named_enum! {
    /// Who may see a product.
    pub enum ProductStatus {
        /// Staff only; not yet for sale.
        Draft = "draft",
        /// For sale.
        Active = "active",
        /// Out of the catalog; kept because orders point to it.
        Archived = "archived",
    }
}

named_enum! {
    /// What happens when a tracked variant has run out.
    pub enum StockPolicy {
        /// It can't be bought.
        Deny = "deny",
        /// It is sold on: made to order.
        Continue = "continue",
    }
}

/// An axis of the option matrix, such as Colour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionAxis {
    /// The name people see.
    pub name: String,
    /// The values, in the order they are shown.
    pub values: Vec<OptionValue>,
}

/// One value of an axis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionValue {
    /// The name people see.
    pub value: String,
    /// A CSS colour to show instead of a word.
    pub swatch: Option<String>,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Its id.
    pub id: ImageId,
    /// A file name in the media folder, or a link.
    pub src: String,
    /// What it shows, for who can't see it.
    pub alt: String,
    /// Width in pixels, if known.
    pub width: Option<i64>,
    /// Height in pixels, if known.
    pub height: Option<i64>,
    /// The point that stays in sight where the picture is cut; `None` is the middle.
    #[serde(default)]
    pub focal: Option<Focal>,
    /// Whether it is kept in several widths.
    #[serde(default)]
    pub in_widths: bool,
}

/// A point of a picture, in hundredths of its width and height from the upper left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Focal {
    /// From the left, 0 to 100.
    pub x: i64,
    /// From the top, 0 to 100.
    pub y: i64,
}

/// A named property, such as Made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// The property.
    pub name: String,
    /// What it is for this product.
    pub value: String,
}

/// What search engines are told, where it differs from the name and the summary.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seo {
    /// The title of the page.
    #[serde(default)]
    pub title: Option<String>,
    /// The description under it.
    #[serde(default)]
    pub description: Option<String>,
}

/// A spare part of a product, which is a product itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its number in the exploded view, such as `01`.
    pub number: String,
    /// The product it is sold as.
    pub product: ProductId,
}

/// What is bought: one combination of a product's options, with a price and stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// Its id.
    pub id: VariantId,
    /// The merchant's number for it.
    pub sku: Option<String>,
    /// EAN, UPC or the like.
    pub barcode: Option<String>,
    /// One value per option of the product, in their order.
    pub values: Vec<String>,
    /// The price of one.
    pub price: Money,
    /// What it cost before; higher than the price when on sale.
    pub compare_at: Option<Money>,
    /// Whether stock is counted at all.
    pub tracked: bool,
    /// What happens when it has run out.
    pub policy: StockPolicy,
    /// Weight of one in grams.
    pub weight_grams: Option<i64>,
    /// The picture of this variant, one of the product's.
    pub image: Option<ImageId>,
    /// Whether it has to be sent.
    pub requires_shipping: bool,
    /// Whether tax is due on it.
    pub taxable: bool,
    /// Its place among the variants.
    pub position: i64,
    /// Units that lie in stock.
    pub on_hand: i64,
    /// Units of those that are promised to open checkouts.
    pub reserved: i64,
}

/// A product: one page, one or more variants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Its id.
    pub id: ProductId,
    /// Its name in URLs.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Who makes it.
    pub brand: Option<String>,
    /// One line under the name.
    pub summary: Option<String>,
    /// The description, sanitised HTML.
    pub description_html: String,
    /// Who may see it.
    pub status: ProductStatus,
    /// Free words to find it by.
    pub tags: Vec<String>,
    /// The axes of the option matrix; none for a product of one variant.
    pub options: Vec<OptionAxis>,
    /// The variants, by position.
    pub variants: Vec<Variant>,
    /// The pictures; the first is the face of the product.
    pub images: Vec<Image>,
    /// The properties, in the order they are shown.
    pub attributes: Vec<Attribute>,
    /// Where it stands; the first is its breadcrumb.
    pub categories: Vec<CategoryId>,
    /// What search engines are told.
    pub seo: Seo,
    /// At how many units it counts as low.
    pub low_stock_threshold: i64,
    /// Its spare parts, in order.
    pub parts: Vec<Part>,
    /// What goes with it.
    pub related: Vec<ProductId>,
    /// Raised by every change.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When it first became active.
    pub published_at: Option<DateTime<Utc>>,
}
