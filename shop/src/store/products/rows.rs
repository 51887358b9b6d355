//! The rows that a product is made of, as both engines decode them.

use chrono::{DateTime, Utc};
use commerce::catalog::{Attribute, OptionAxis};
use sqlx::types::Json;
use uuid::Uuid;

#[derive(sqlx::FromRow)]
pub(super) struct ProductRow {
    pub(super) id: Uuid,
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) brand: Option<String>,
    pub(super) summary: Option<String>,
    pub(super) description_html: String,
    pub(super) status: String,
    pub(super) tags: Json<Vec<String>>,
    pub(super) options: Json<Vec<OptionAxis>>,
    pub(super) attributes: Json<Vec<Attribute>>,
    pub(super) seo_title: Option<String>,
    pub(super) seo_description: Option<String>,
    pub(super) low_stock_threshold: i64,
    pub(super) version: i64,
    pub(super) published_at: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
pub(super) struct AttributesRow {
    pub(super) attributes: Json<Vec<Attribute>>,
}

#[derive(sqlx::FromRow)]
pub(super) struct ImageRow {
    pub(super) id: Uuid,
    pub(super) product_id: Uuid,
    pub(super) src: String,
    pub(super) alt: String,
    pub(super) width: Option<i64>,
    pub(super) height: Option<i64>,
    pub(super) focal_x: Option<i64>,
    pub(super) focal_y: Option<i64>,
}

#[derive(sqlx::FromRow)]
pub(super) struct VariantRow {
    pub(super) id: Uuid,
    pub(super) product_id: Uuid,
    pub(super) sku: Option<String>,
    pub(super) barcode: Option<String>,
    pub(super) option_values: Json<Vec<String>>,
    pub(super) image_id: Option<Uuid>,
    pub(super) tracked: bool,
    pub(super) policy: String,
    pub(super) requires_shipping: bool,
    pub(super) taxable: bool,
    pub(super) weight_grams: Option<i64>,
    pub(super) archived: bool,
    pub(super) version: i64,
}

#[derive(sqlx::FromRow)]
pub(super) struct PriceRow {
    pub(super) variant_id: Uuid,
    pub(super) price_list_id: Uuid,
    pub(super) currency: String,
    pub(super) starts_at: DateTime<Utc>,
    pub(super) amount: i64,
    pub(super) compare_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
pub(super) struct CategoryRow {
    pub(super) product_id: Uuid,
    pub(super) slug: String,
}

#[derive(sqlx::FromRow)]
pub(super) struct LinkRow {
    pub(super) product_id: Uuid,
    pub(super) kind: String,
    pub(super) target_slug: String,
    pub(super) label: String,
}

#[derive(sqlx::FromRow)]
pub(super) struct SlugRow {
    pub(super) slug: String,
}

#[derive(sqlx::FromRow)]
pub(super) struct OldSlugRow {
    pub(super) entity_id: Uuid,
    pub(super) slug: String,
}

#[derive(sqlx::FromRow)]
pub(super) struct MovedRow {
    pub(super) old: String,
    pub(super) now: String,
}

#[derive(sqlx::FromRow)]
pub(super) struct SkuRow {
    pub(super) sku: String,
    pub(super) slug: String,
}
