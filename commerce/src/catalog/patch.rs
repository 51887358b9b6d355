//! A change that names only what it changes: what a program sends to edit a product.

use super::input::{ImageInput, OptionInput, PartInput, ProductInput, VariantInput};
use super::matrix::{matrix, new_variant};
use super::product::{Attribute, ProductStatus, Seo, StockPolicy};
use crate::error::FieldError;
use crate::ids::VariantId;
use crate::money::{Currency, Money};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// What shall be otherwise about a product; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProductPatch {
    /// The version that was seen when the change was thought of.
    #[serde(deserialize_with = "given")]
    pub version: Option<i64>,
    /// Its name in URLs; the one it has till now goes on leading to it.
    #[serde(deserialize_with = "given")]
    pub slug: Option<String>,
    /// Its name.
    #[serde(deserialize_with = "given")]
    pub name: Option<String>,
    /// Who makes it.
    #[serde(deserialize_with = "given")]
    pub brand: Option<Option<String>>,
    /// One line under the name.
    #[serde(deserialize_with = "given")]
    pub summary: Option<Option<String>>,
    /// The description; it is made safe before it is kept.
    #[serde(deserialize_with = "given")]
    pub description_html: Option<String>,
    /// Who may see it.
    #[serde(deserialize_with = "given")]
    pub status: Option<ProductStatus>,
    /// Slugs of categories; the first is its breadcrumb.
    #[serde(deserialize_with = "given")]
    pub categories: Option<Vec<String>>,
    /// Free words to find it by.
    #[serde(deserialize_with = "given")]
    pub tags: Option<Vec<String>>,
    /// The axes of the option matrix. Without `variants` the matrix is made from them, keeping what there is.
    #[serde(deserialize_with = "given")]
    pub options: Option<Vec<OptionInput>>,
    /// Every variant it shall have; one that is not named leaves the product.
    #[serde(deserialize_with = "given")]
    pub variants: Option<Vec<VariantPatch>>,
    /// The pictures; the first is the face of the product.
    #[serde(deserialize_with = "given")]
    pub images: Option<Vec<ImageInput>>,
    /// The properties.
    #[serde(deserialize_with = "given")]
    pub attributes: Option<Vec<Attribute>>,
    /// At how many units it counts as low.
    #[serde(deserialize_with = "given")]
    pub low_stock_threshold: Option<i64>,
    /// What search engines are told.
    #[serde(deserialize_with = "given")]
    pub seo: Option<Seo>,
    /// Its spare parts.
    #[serde(deserialize_with = "given")]
    pub parts: Option<Vec<PartInput>>,
    /// Slugs of what goes with it.
    #[serde(deserialize_with = "given")]
    pub related: Option<Vec<String>>,
}

/// A variant as it shall be. What is `None` stays as it is, and is as at its siblings for a new one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VariantPatch {
    /// Which one it is; without it the one of these options, else of this SKU.
    #[serde(deserialize_with = "given")]
    pub id: Option<VariantId>,
    /// The merchant's number for it.
    #[serde(deserialize_with = "given")]
    pub sku: Option<Option<String>>,
    /// EAN, UPC or the like.
    #[serde(deserialize_with = "given")]
    pub barcode: Option<Option<String>>,
    /// Option name to value, one for each option of the product.
    pub options: BTreeMap<String, String>,
    /// The price of one.
    #[serde(deserialize_with = "given")]
    pub price: Option<Money>,
    /// What it cost before.
    #[serde(deserialize_with = "given")]
    pub compare_at_price: Option<Option<Money>>,
    /// Units in stock at the main location.
    #[serde(deserialize_with = "given")]
    pub on_hand: Option<Option<i64>>,
    /// Units in stock at other locations, by their code.
    #[serde(deserialize_with = "given")]
    pub elsewhere: Option<BTreeMap<String, i64>>,
    /// Whether stock is counted.
    #[serde(deserialize_with = "given")]
    pub tracked: Option<bool>,
    /// What happens when it has run out.
    #[serde(deserialize_with = "given")]
    pub policy: Option<StockPolicy>,
    /// Weight of one in grams.
    #[serde(deserialize_with = "given")]
    pub weight_grams: Option<Option<i64>>,
    /// The `src` of one of the product's pictures.
    #[serde(deserialize_with = "given")]
    pub image: Option<Option<String>>,
    /// Whether it has to be sent.
    #[serde(deserialize_with = "given")]
    pub requires_shipping: Option<bool>,
    /// Whether tax is due on it.
    #[serde(deserialize_with = "given")]
    pub taxable: Option<bool>,
}

/// A field that is there has a value: null only where the value may be none.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl ProductPatch {
    /// The product as it shall be, to be checked. A stock level that is not named is left open.
    pub fn apply(self, product: ProductInput, currency: Currency) -> Result<ProductInput, Vec<FieldError>> {
        let was = product;
        let options = self.options.unwrap_or_else(|| was.options.clone());
        let variants = match self.variants {
            Some(variants) => patched(variants, &was.variants)?,
            None if options != was.options => matrix(&options, &untouched(&was.variants), Money::zero(currency))
                .map_err(|error| vec![FieldError::new("options", error.to_string())])?,
            None => untouched(&was.variants),
        };
        Ok(ProductInput {
            slug: self.slug.unwrap_or(was.slug),
            old_slugs: was.old_slugs,
            name: self.name.unwrap_or(was.name),
            brand: self.brand.unwrap_or(was.brand),
            summary: self.summary.unwrap_or(was.summary),
            description_html: self.description_html.unwrap_or(was.description_html),
            status: self.status.unwrap_or(was.status),
            categories: self.categories.unwrap_or(was.categories),
            tags: self.tags.unwrap_or(was.tags),
            options,
            variants,
            images: self.images.unwrap_or(was.images),
            attributes: self.attributes.unwrap_or(was.attributes),
            low_stock_threshold: self.low_stock_threshold.unwrap_or(was.low_stock_threshold),
            seo: self.seo.unwrap_or(was.seo),
            parts: self.parts.unwrap_or(was.parts),
            related: self.related.unwrap_or(was.related),
        })
    }
}

/// The variants with their stock left open: what lies there may have changed since they were read.
fn untouched(variants: &[VariantInput]) -> Vec<VariantInput> {
    variants.iter().map(uncounted).collect()
}

fn uncounted(variant: &VariantInput) -> VariantInput {
    VariantInput { on_hand: None, elsewhere: BTreeMap::new(), ..variant.clone() }
}

fn patched(wanted: Vec<VariantPatch>, known: &[VariantInput]) -> Result<Vec<VariantInput>, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut variants = Vec::with_capacity(wanted.len());
    for (index, patch) in wanted.into_iter().enumerate() {
        match patch.patched(known) {
            Ok(variant) => variants.push(variant),
            Err(error) => errors.push(error.under(&format!("variants[{index}]"))),
        }
    }
    if errors.is_empty() { Ok(variants) } else { Err(errors) }
}

impl VariantPatch {
    fn patched(self, known: &[VariantInput]) -> Result<VariantInput, FieldError> {
        let was = match self.behind(known)? {
            Some(variant) => VariantInput { options: self.options, ..uncounted(variant) },
            None => {
                let price = self.price.ok_or_else(|| FieldError::new("price", "A new variant needs a price."))?;
                let like = new_variant(self.options, known, price);
                VariantInput { price, compare_at_price: None, ..like }
            }
        };
        Ok(VariantInput {
            sku: self.sku.unwrap_or(was.sku),
            barcode: self.barcode.unwrap_or(was.barcode),
            price: self.price.unwrap_or(was.price),
            compare_at_price: self.compare_at_price.unwrap_or(was.compare_at_price),
            on_hand: self.on_hand.flatten(),
            elsewhere: self.elsewhere.unwrap_or_default(),
            tracked: self.tracked.unwrap_or(was.tracked),
            policy: self.policy.unwrap_or(was.policy),
            weight_grams: self.weight_grams.unwrap_or(was.weight_grams),
            image: self.image.unwrap_or(was.image),
            requires_shipping: self.requires_shipping.unwrap_or(was.requires_shipping),
            taxable: self.taxable.unwrap_or(was.taxable),
            ..was
        })
    }

    /// The variant that is meant, if there is one.
    fn behind<'v>(&self, known: &'v [VariantInput]) -> Result<Option<&'v VariantInput>, FieldError> {
        if let Some(id) = self.id {
            let named = known.iter().find(|variant| variant.id == Some(id));
            return named.map(Some).ok_or_else(|| FieldError::new("id", "The product has no such variant."));
        }
        let same_sku = |variant: &&VariantInput| variant.sku.is_some() && Some(&variant.sku) == self.sku.as_ref();
        let same_options = known.iter().find(|variant| variant.options == self.options);
        Ok(same_options.or_else(|| known.iter().find(same_sku)))
    }
}
