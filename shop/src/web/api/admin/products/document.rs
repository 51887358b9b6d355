//! A product as the staff's programs see it, and as they write it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use commerce::catalog::{Attribute, ImageInput, OptionInput, PartInput, ProductStatus, Seo, StockPolicy};
use commerce::money::Money;
use serde::Serialize;
use utoipa::ToSchema;

use crate::store::products::{StoredProduct, StoredVariant};
use crate::web::api::documents::MoneyDocument;

/// A product with everything that staff can change about it.
#[derive(Serialize, ToSchema)]
pub struct StaffProduct {
    id: String,
    version: i64,
    published_at: Option<DateTime<Utc>>,
    slug: String,
    /// Earlier slugs, which lead to it.
    old_slugs: Vec<String>,
    name: String,
    brand: Option<String>,
    summary: Option<String>,
    description_html: String,
    /// draft, active or archived
    #[schema(value_type = String)]
    status: ProductStatus,
    /// Slugs; the first is its breadcrumb.
    categories: Vec<String>,
    tags: Vec<String>,
    #[schema(value_type = Vec<OptionDocument>)]
    options: Vec<OptionInput>,
    variants: Vec<StaffVariant>,
    #[schema(value_type = Vec<ImageDocument>)]
    images: Vec<ImageInput>,
    #[schema(value_type = Vec<NamedValue>)]
    attributes: Vec<Attribute>,
    low_stock_threshold: i64,
    #[schema(value_type = SeoDocument)]
    seo: Seo,
    #[schema(value_type = Vec<PartDocument>)]
    parts: Vec<PartInput>,
    related: Vec<String>,
}

/// A variant.
#[derive(Serialize, ToSchema)]
pub struct StaffVariant {
    id: String,
    sku: Option<String>,
    barcode: Option<String>,
    /// Option name to value.
    options: BTreeMap<String, String>,
    #[schema(value_type = MoneyDocument)]
    price: Money,
    #[schema(value_type = Option<MoneyDocument>)]
    compare_at_price: Option<Money>,
    /// At the main location.
    on_hand: i64,
    /// At the others, by their code.
    elsewhere: BTreeMap<String, i64>,
    /// Units of all of those that open checkouts hold.
    reserved: i64,
    /// Units that are free to buy; null when it is not tracked.
    available: Option<i64>,
    tracked: bool,
    /// deny or continue
    #[schema(value_type = String)]
    policy: StockPolicy,
    weight_grams: Option<i64>,
    /// The `src` of one of the product's pictures.
    image: Option<String>,
    requires_shipping: bool,
    taxable: bool,
}

/// A product to be made, or what shall be otherwise about one: everything may be left out but `version` of a change and
/// `name` and `variants` of a new one.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes commerce's ProductPatch")]
pub struct ProductChange {
    /// The version that was seen. Required to change, refused to make.
    version: Option<i64>,
    name: Option<String>,
    slug: Option<String>,
    brand: Option<String>,
    summary: Option<String>,
    description_html: Option<String>,
    /// draft, active or archived
    status: Option<String>,
    categories: Option<Vec<String>>,
    tags: Option<Vec<String>>,
    /// Without `variants` the matrix is made from them, keeping what there is.
    options: Option<Vec<OptionDocument>>,
    /// Every variant it shall have; one that is not named leaves the product.
    variants: Option<Vec<VariantChange>>,
    images: Option<Vec<ImageDocument>>,
    attributes: Option<Vec<NamedValue>>,
    low_stock_threshold: Option<i64>,
    seo: Option<SeoDocument>,
    parts: Option<Vec<PartDocument>>,
    related: Option<Vec<String>>,
}

/// A variant as it shall be. What is left out stays, and is as at its siblings for a new one.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes commerce's VariantPatch")]
pub struct VariantChange {
    /// Which one; without it the one of these options, else of this SKU.
    id: Option<String>,
    sku: Option<String>,
    barcode: Option<String>,
    options: Option<BTreeMap<String, String>>,
    /// Required for a new one.
    price: Option<MoneyDocument>,
    compare_at_price: Option<MoneyDocument>,
    /// At the main location.
    on_hand: Option<i64>,
    /// At others, by their code.
    elsewhere: Option<BTreeMap<String, i64>>,
    tracked: Option<bool>,
    /// deny or continue
    policy: Option<String>,
    weight_grams: Option<i64>,
    image: Option<String>,
    requires_shipping: Option<bool>,
    taxable: Option<bool>,
}

/// An option and its values.
#[derive(ToSchema)]
#[schema(as = StaffOption)]
#[expect(dead_code, reason = "it describes commerce's OptionInput")]
pub struct OptionDocument {
    name: String,
    values: Vec<String>,
    /// Value to `#rrggbb`.
    swatches: Option<BTreeMap<String, String>>,
}

/// A picture.
#[derive(ToSchema)]
#[schema(as = StaffImage)]
#[expect(dead_code, reason = "it describes commerce's ImageInput")]
pub struct ImageDocument {
    /// As `POST /api/admin/media` answered it, or a link.
    src: String,
    alt: Option<String>,
    width: Option<i64>,
    height: Option<i64>,
    focal: Option<FocalDocument>,
}

/// The point of a picture that stays in sight, in hundredths from the upper left.
#[derive(ToSchema)]
#[schema(as = Focal)]
#[expect(dead_code, reason = "it describes commerce's Focal")]
pub struct FocalDocument {
    x: i64,
    y: i64,
}

/// A property.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes commerce's Attribute")]
pub struct NamedValue {
    name: String,
    value: String,
}

/// What search engines are told.
#[derive(ToSchema)]
#[schema(as = Seo)]
#[expect(dead_code, reason = "it describes commerce's Seo")]
pub struct SeoDocument {
    title: Option<String>,
    description: Option<String>,
}

/// A spare part.
#[derive(ToSchema)]
#[schema(as = Part)]
#[expect(dead_code, reason = "it describes commerce's PartInput")]
pub struct PartDocument {
    number: String,
    /// The slug of the product it is sold as.
    slug: String,
}

impl StaffProduct {
    /// The document of a product.
    pub fn of(stored: &StoredProduct) -> Self {
        let product = stored.input.clone();
        let on_sale = stored.variants.iter().filter(|variant| !variant.archived);
        Self {
            id: stored.id.to_string(),
            version: stored.version,
            published_at: stored.published_at,
            slug: product.slug,
            old_slugs: product.old_slugs,
            name: product.name,
            brand: product.brand,
            summary: product.summary,
            description_html: product.description_html,
            status: product.status,
            categories: product.categories,
            tags: product.tags,
            options: product.options,
            variants: on_sale.map(StaffVariant::of).collect(),
            images: product.images,
            attributes: product.attributes,
            low_stock_threshold: product.low_stock_threshold,
            seo: product.seo,
            parts: product.parts,
            related: product.related,
        }
    }
}

impl StaffVariant {
    fn of(stored: &StoredVariant) -> Self {
        let variant = stored.input.clone();
        let on_hand = variant.on_hand.unwrap_or(0);
        Self {
            id: stored.id.to_string(),
            sku: variant.sku,
            barcode: variant.barcode,
            options: variant.options,
            price: variant.price,
            compare_at_price: variant.compare_at_price,
            on_hand,
            elsewhere: variant.elsewhere,
            reserved: stored.reserved(),
            available: variant.tracked.then(|| stored.free.max(0)),
            tracked: variant.tracked,
            policy: variant.policy,
            weight_grams: variant.weight_grams,
            image: variant.image,
            requires_shipping: variant.requires_shipping,
            taxable: variant.taxable,
        }
    }
}
