//! The products in the columns of Shopify's product CSV: for spreadsheets and other shops. What the columns can't carry is
//! left as it is when the file is imported again.

use std::collections::HashMap;
use std::io::Write;

use commerce::catalog::{ImageInput, ProductInput, ProductStatus, StockPolicy, VariantInput, slugify};
use commerce::money::Currency;

use super::PAGE;
use super::table::Table;
use crate::error::Result;
use crate::import::category_slug;
use crate::store::categories::{self, StoredCategory};
use crate::store::{Db, products};

/// The options a product may have in these columns.
const OPTIONS: usize = 3;
/// The categories a product may have in these columns.
const CATEGORIES: usize = 3;
/// Columns for attributes: those that most products have. A spreadsheet with thousands of columns helps nobody.
const ATTRIBUTES: usize = 100;
/// What Shopify calls the one variant of a product without options.
const NO_OPTION: [&str; 2] = ["Title", "Default Title"];
/// Who counts the stock, in Shopify's words.
const TRACKER: &str = "shopify";

const COLUMNS: [&str; 32] = [
    "Handle",
    "Title",
    "Body (HTML)",
    "Vendor",
    "Product Category",
    "Type",
    "Collection",
    "Tags",
    "Published",
    "Status",
    "SEO Title",
    "SEO Description",
    "Option1 Name",
    "Option1 Value",
    "Option2 Name",
    "Option2 Value",
    "Option3 Name",
    "Option3 Value",
    "Variant SKU",
    "Variant Grams",
    "Variant Inventory Tracker",
    "Variant Inventory Qty",
    "Variant Inventory Policy",
    "Variant Price",
    "Variant Compare At Price",
    "Variant Requires Shipping",
    "Variant Taxable",
    "Variant Barcode",
    "Variant Image",
    "Image Src",
    "Image Position",
    "Image Alt Text",
];

/// Writes every product that fits, by slug: one picture of the database. Answers how many rows there are. One of more
/// than three options does not fit.
pub async fn catalog_csv(db: &Db, currency: Currency, to: &mut impl Write) -> Result<u64> {
    let mut snapshot = db.snapshot().await?;
    let mut attributes = products::attribute_names(&mut snapshot).await?;
    attributes.truncate(ATTRIBUTES);
    attributes.sort_unstable();
    let paths = paths(&categories::all(&mut snapshot).await?);
    let headers: Vec<String> = attributes.iter().map(|name| header(name)).collect();
    let columns = COLUMNS.into_iter().chain(headers.iter().map(String::as_str));
    let mut sheet = Sheet { table: Table::begin(to, columns)?, attributes, paths };
    for page in products::slugs(&mut snapshot).await?.chunks(PAGE) {
        let mut found = products::load(&mut snapshot, currency, page, false).await?;
        for product in page.iter().filter_map(|slug| found.remove(slug)) {
            if product.input.options.len() <= OPTIONS {
                sheet.product(&product.input)?;
            }
        }
    }
    sheet.table.finish()
}

/// The column of an attribute: a metafield of Shopify's.
fn header(attribute: &str) -> String {
    format!("{attribute} (product.metafields.custom.{})", slugify(attribute).replace('-', "_"))
}

/// The way to each category by names, for those that the names alone lead back to.
fn paths(categories: &HashMap<String, StoredCategory>) -> HashMap<String, String> {
    let above = |slug: &String| categories.get(slug)?.input.parent.clone();
    let path = |slug: &String| {
        let mut steps: Vec<&StoredCategory> =
            std::iter::successors(Some(slug.clone()), above).filter_map(|slug| categories.get(&slug)).collect();
        steps.reverse();
        let names: Vec<&str> = steps.iter().map(|step| step.input.name.as_str()).collect();
        let leads_back = |(depth, step): (usize, &&StoredCategory)| {
            !step.input.name.contains(" > ") && category_slug(&names[..=depth]) == step.input.slug
        };
        steps.iter().enumerate().all(leads_back).then(|| (slug.clone(), names.join(" > ")))
    };
    categories.keys().filter_map(path).collect()
}

struct Sheet<W: Write> {
    table: Table<W>,
    attributes: Vec<String>,
    paths: HashMap<String, String>,
}

impl<W: Write> Sheet<W> {
    /// A row for each variant; pictures stand beside them, and go on below them.
    fn product(&mut self, product: &ProductInput) -> Result<()> {
        for row in 0..product.variants.len().max(product.images.len()) {
            self.table.text(&product.slug);
            match row {
                0 => self.facts(product),
                _ => _ = self.table.skip(11),
            }
            match product.variants.get(row) {
                Some(variant) => self.variant(product, variant, row == 0),
                None => _ = self.table.skip(17),
            }
            match product.images.get(row) {
                Some(image) => self.image(image, row as i64 + 1),
                None => _ = self.table.skip(3),
            }
            if row == 0 {
                self.attributes(product);
            }
            self.table.end()?;
        }
        Ok(())
    }

    fn facts(&mut self, product: &ProductInput) {
        let places = self.places(product);
        let table = &mut self.table;
        table.text(&product.name).text(&product.description_html).maybe(product.brand.as_deref());
        for place in 0..CATEGORIES {
            table.maybe(places.get(place).map(String::as_str));
        }
        table.text(&product.tags.join(", ")).text(flag(product.status == ProductStatus::Active));
        table.text(product.status.as_str());
        table.maybe(product.seo.title.as_deref()).maybe(product.seo.description.as_deref());
    }

    /// All categories of a product, or none: what these columns don't say stays.
    fn places(&self, product: &ProductInput) -> Vec<String> {
        let named: Option<Vec<String>> = product.categories.iter().map(|slug| self.paths.get(slug).cloned()).collect();
        named.filter(|named| named.len() <= CATEGORIES).unwrap_or_default()
    }

    fn variant(&mut self, product: &ProductInput, variant: &VariantInput, first: bool) {
        let table = &mut self.table;
        for place in 0..OPTIONS {
            match product.options.get(place) {
                Some(option) => {
                    let value = variant.options.get(&option.name).map(String::as_str);
                    table.text(if first { &option.name } else { "" }).maybe(value);
                }
                None if place == 0 && product.options.is_empty() => {
                    table.text(if first { NO_OPTION[0] } else { "" }).text(NO_OPTION[1]);
                }
                None => _ = table.skip(2),
            }
        }
        table.maybe(variant.sku.as_deref()).number(variant.weight_grams.unwrap_or(0));
        table.text(if variant.tracked { TRACKER } else { "" }).number(variant.on_hand.unwrap_or(0));
        table.text(if variant.policy == StockPolicy::Continue { "continue" } else { "deny" }).money(variant.price);
        match variant.compare_at_price {
            Some(before) => _ = table.money(before),
            None => _ = table.skip(1),
        }
        table.text(flag(variant.requires_shipping)).text(flag(variant.taxable));
        table.maybe(variant.barcode.as_deref()).maybe(variant.image.as_deref());
    }

    fn image(&mut self, image: &ImageInput, position: i64) {
        self.table.text(&image.src).number(position).text(&image.alt);
    }

    fn attributes(&mut self, product: &ProductInput) {
        for name in &self.attributes {
            let value = product.attributes.iter().find(|attribute| attribute.name == *name);
            self.table.maybe(value.map(|attribute| attribute.value.as_str()));
        }
    }
}

fn flag(yes: bool) -> &'static str {
    if yes { "TRUE" } else { "FALSE" }
}
