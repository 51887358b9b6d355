//! From a product to its form.

use std::collections::HashSet;

use commerce::catalog::{ImageInput, OptionInput, ProductInput, StockPolicy, VariantInput};
use commerce::money::Money;

use super::{AttributeForm, OptionForm, PictureForm, ProductForm, ValueForm, VariantForm};

impl ProductForm {
    /// The form of a product; `left` are variants that are no longer for sale and stand in it without a tick.
    pub fn of(product: &ProductInput, left: &[VariantInput], version: i64) -> Self {
        let mut categories = product.categories.iter().cloned();
        Self {
            version,
            base: serde_json::to_string(product).expect("a product is plain data"),
            name: product.name.clone(),
            summary: product.summary.clone().unwrap_or_default(),
            description_html: product.description_html.clone(),
            status: product.status.to_string(),
            slug: product.slug.clone(),
            brand: product.brand.clone().unwrap_or_default(),
            category: categories.next().unwrap_or_default(),
            also_in: categories.collect(),
            tags: product.tags.clone(),
            attributes: product
                .attributes
                .iter()
                .map(|one| AttributeForm { name: one.name.clone(), value: one.value.clone() })
                .collect(),
            seo_title: product.seo.title.clone().unwrap_or_default(),
            seo_description: product.seo.description.clone().unwrap_or_default(),
            low_stock_threshold: product.low_stock_threshold.to_string(),
            options: product.options.iter().map(option).collect(),
            variants: variants(product, left),
            pictures: product.images.iter().map(picture).collect(),
        }
    }

    /// The product the form was begun on, as it was then.
    pub fn begun_on(&self) -> Option<ProductInput> {
        serde_json::from_str(&self.base).ok()
    }
}

fn option(option: &OptionInput) -> OptionForm {
    let value = |text: &String| ValueForm {
        text: text.clone(),
        swatch: option.swatches.get(text).cloned().unwrap_or_default(),
    };
    OptionForm { name: option.name.clone(), values: option.values.iter().map(value).collect(), adding: String::new() }
}

fn picture(image: &ImageInput) -> PictureForm {
    let side = |side: Option<i64>| side.map(|side| side.to_string()).unwrap_or_default();
    PictureForm {
        src: image.src.clone(),
        alt: image.alt.clone(),
        focus_x: side(image.focal.map(|focal| focal.x)),
        focus_y: side(image.focal.map(|focal| focal.y)),
    }
}

/// Those for sale, then those that were and still have a place among the options.
fn variants(product: &ProductInput, left: &[VariantInput]) -> Vec<VariantForm> {
    let sold = product.variants.iter().map(|variant| variant_row(variant, product, true));
    let left = left.iter().map(|variant| variant_row(variant, product, false));
    let mut seen = HashSet::new();
    let fits = |row: &VariantForm| row.sold || row.at.iter().all(Option::is_some);
    sold.chain(left).filter(|row| fits(row) && seen.insert(row.at.clone())).collect()
}

fn variant_row(variant: &VariantInput, product: &ProductInput, sold: bool) -> VariantForm {
    let place = |option: &OptionInput| {
        let value = variant.options.get(&option.name)?;
        option.values.iter().position(|own| own == value)
    };
    VariantForm {
        id: variant.id.map(|id| id.to_string()).unwrap_or_default(),
        at: product.options.iter().map(place).collect(),
        sku: variant.sku.clone().unwrap_or_default(),
        barcode: variant.barcode.clone().unwrap_or_default(),
        price: variant.price.to_decimal(),
        compare_at: variant.compare_at_price.map(Money::to_decimal).unwrap_or_default(),
        on_hand: variant.on_hand.unwrap_or(0).to_string(),
        elsewhere: variant.elsewhere.iter().map(|(code, count)| (code.clone(), count.to_string())).collect(),
        weight: variant.weight_grams.map(|grams| grams.to_string()).unwrap_or_default(),
        picture: variant.image.clone().unwrap_or_default(),
        stock: match (variant.tracked, variant.policy) {
            (false, _) => "untracked",
            (true, StockPolicy::Deny) => "deny",
            (true, StockPolicy::Continue) => "continue",
        }
        .into(),
        sold,
        sent: variant.requires_shipping,
        taxed: variant.taxable,
        picked: false,
    }
}
