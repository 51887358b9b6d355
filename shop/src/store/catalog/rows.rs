//! The rows of the catalog and what they become.

use chrono::{DateTime, Utc};
use commerce::UnknownName;
use commerce::catalog::{Category, Focal, Image, OptionAxis, Product, ProductStatus, Seo, StockPolicy, Variant};
use commerce::ids::{CategoryId, ImageId, ProductId, VariantId};
use commerce::money::{Currency, Money};
use serde_json::value::RawValue;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::types::Json;
use sqlx::{FromRow, Row};
use uuid::Uuid;

use super::{LinkKind, ProductLink};
use crate::error::{Error, Result};

/// A row that is read by the order of its columns, as its statement lists them. There are many of these: to look each
/// column up by its name took a good part of the start.
macro_rules! in_order {
    ($(#[$doc:meta])* pub struct $row:ident { $(pub $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        pub struct $row { $(pub $field: $type,)* }
        in_order!(SqliteRow => $row { $($field)* });
        in_order!(PgRow => $row { $($field)* });
    };
    ($source:ty => $row:ident { $($field:ident)* }) => {
        impl FromRow<'_, $source> for $row {
            fn from_row(row: &$source) -> sqlx::Result<Self> {
                let mut columns = 0_usize..;
                let mut next = || columns.next().expect("a range without an end");
                Ok(Self { $($field: row.try_get(next())?,)* })
            }
        }
    };
}

in_order! {
    /// A row of products.
    pub struct ProductRow {
        pub id: Uuid,
        pub slug: String,
        pub name: String,
        pub brand: Option<String>,
        pub summary: Option<String>,
        pub description_html: String,
        pub tags: Json<Vec<String>>,
        pub options: Json<Vec<OptionAxis>>,
        pub attributes: Json<Box<RawValue>>,
        pub seo_title: Option<String>,
        pub seo_description: Option<String>,
        pub low_stock_threshold: i64,
        pub version: i64,
        pub created_at: DateTime<Utc>,
        pub updated_at: DateTime<Utc>,
        pub published_at: Option<DateTime<Utc>>,
    }
}

in_order! {
    /// A row of variants with its price.
    pub struct VariantRow {
        pub id: Uuid,
        pub product_id: Uuid,
        pub sku: Option<String>,
        pub barcode: Option<String>,
        pub option_values: Json<Vec<String>>,
        pub image_id: Option<Uuid>,
        pub tracked: bool,
        pub policy: String,
        pub requires_shipping: bool,
        pub taxable: bool,
        pub weight_grams: Option<i64>,
        pub position: i64,
        pub amount: i64,
        pub compare_at: Option<i64>,
        pub currency: String,
    }
}

in_order! {
    /// What lies of a variant in one place.
    pub struct StockRow {
        pub variant_id: Uuid,
        pub on_hand: i64,
        pub reserved: i64,
    }
}

in_order! {
    /// A row of images.
    pub struct ImageRow {
        pub id: Uuid,
        pub product_id: Uuid,
        pub src: String,
        pub alt: String,
        pub width: Option<i64>,
        pub height: Option<i64>,
        pub focal_x: Option<i64>,
        pub focal_y: Option<i64>,
        pub in_widths: bool,
    }
}

in_order! {
    /// A product stands in a category.
    pub struct PlaceRow {
        pub product_id: Uuid,
        pub category_id: Uuid,
    }
}

/// A product leads to another.
#[derive(FromRow)]
pub struct LinkRow {
    pub product_id: Uuid,
    pub kind: String,
    pub target_slug: String,
    pub label: String,
}

/// A row of categories.
#[derive(FromRow)]
pub struct CategoryRow {
    pub id: Uuid,
    pub parent_id: Option<Uuid>,
    pub slug: String,
    pub name: String,
    pub description: String,
    pub image: Option<String>,
    pub position: i64,
    pub version: i64,
}

impl ProductRow {
    /// The product of the rows without its attributes, and those as they stand there.
    pub fn product(
        self,
        variants: Vec<Variant>,
        images: Vec<Image>,
        categories: Vec<CategoryId>,
    ) -> (Product, Box<RawValue>) {
        let product = Product {
            id: ProductId(self.id),
            slug: self.slug,
            name: self.name,
            brand: self.brand,
            summary: self.summary,
            description_html: self.description_html,
            status: ProductStatus::Active,
            tags: self.tags.0,
            options: self.options.0,
            variants,
            images,
            attributes: vec![],
            categories,
            seo: Seo { title: self.seo_title, description: self.seo_description },
            low_stock_threshold: self.low_stock_threshold,
            parts: vec![],
            related: vec![],
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
            published_at: self.published_at,
        };
        (product, self.attributes.0)
    }
}

impl VariantRow {
    /// The variant, with what is (on hand, reserved).
    pub fn variant(self, (on_hand, reserved): (i64, i64)) -> Result<Variant> {
        let currency = Currency::parse(&self.currency).map_err(|error| Error::Internal(error.to_string()))?;
        let policy: StockPolicy =
            self.policy.parse().map_err(|error: UnknownName| Error::Internal(error.to_string()))?;
        Ok(Variant {
            id: VariantId(self.id),
            sku: self.sku,
            barcode: self.barcode,
            values: self.option_values.0,
            price: Money::new(self.amount, currency),
            compare_at: self.compare_at.map(|amount| Money::new(amount, currency)),
            tracked: self.tracked,
            policy,
            weight_grams: self.weight_grams,
            image: self.image_id.map(ImageId),
            requires_shipping: self.requires_shipping,
            taxable: self.taxable,
            position: self.position,
            on_hand,
            reserved,
        })
    }
}

impl From<ImageRow> for Image {
    fn from(row: ImageRow) -> Self {
        Image {
            id: ImageId(row.id),
            src: row.src,
            alt: row.alt,
            width: row.width,
            height: row.height,
            focal: row.focal_x.zip(row.focal_y).map(|(x, y)| Focal { x, y }),
            in_widths: row.in_widths,
        }
    }
}

impl From<LinkRow> for ProductLink {
    fn from(row: LinkRow) -> Self {
        let kind = if row.kind == "part" { LinkKind::Part } else { LinkKind::Related };
        ProductLink { kind, slug: row.target_slug, label: row.label }
    }
}

impl From<CategoryRow> for Category {
    fn from(row: CategoryRow) -> Self {
        Category {
            id: CategoryId(row.id),
            slug: row.slug,
            name: row.name,
            parent: row.parent_id.map(CategoryId),
            description: row.description,
            image: row.image,
            position: row.position,
            version: row.version,
        }
    }
}
