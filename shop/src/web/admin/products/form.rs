//! The form of a product as it was typed: texts and ticks, nothing refused yet, so that nothing typed is ever lost.
//!
//! Rows are named `variant.3.price`. The number only holds a row's fields together; the order of the page is the order
//! of the rows, so that a row is moved by moving it.

pub mod edit;
mod fill;
mod input;
pub mod matrix;
mod read;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A product as it stands in its form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductForm {
    /// The version the form was begun on; 0 for a new product.
    pub version: i64,
    /// The product as it was when the form was begun, as JSON; empty for a new one.
    pub base: String,
    /// Its name.
    pub name: String,
    /// One line under the name.
    pub summary: String,
    /// The description in HTML.
    pub description_html: String,
    /// `draft`, `active` or `archived`.
    pub status: String,
    /// Its name in URLs; empty takes the name.
    pub slug: String,
    /// Who makes it.
    pub brand: String,
    /// The slug of the category it mainly stands in; empty for none.
    pub category: String,
    /// The slugs of the others.
    pub also_in: Vec<String>,
    /// Free words to find it by.
    pub tags: Vec<String>,
    /// The properties; a row without a name and a value is none.
    pub attributes: Vec<AttributeForm>,
    /// What search engines are told.
    pub seo_title: String,
    /// What search engines are told below that.
    pub seo_description: String,
    /// At how many units it counts as low.
    pub low_stock_threshold: String,
    /// The axes of the option matrix.
    pub options: Vec<OptionForm>,
    /// A row for each combination.
    pub variants: Vec<VariantForm>,
    /// The pictures, the cover first.
    pub pictures: Vec<PictureForm>,
}

/// A property.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttributeForm {
    /// The property.
    pub name: String,
    /// What it is for this product.
    pub value: String,
}

/// An axis of the option matrix.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionForm {
    /// The name people see.
    pub name: String,
    /// The values, in the order they are shown.
    pub values: Vec<ValueForm>,
    /// Values that were typed but are none yet, separated by commas.
    pub adding: String,
}

/// A value of an option.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValueForm {
    /// The name people see.
    pub text: String,
    /// A colour to show beside it, as `#rrggbb`.
    pub swatch: String,
}

/// A variant.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VariantForm {
    /// Its id; empty for a new one.
    pub id: String,
    /// For each option, which of its values; `None` where the option is newer than the variant.
    pub at: Vec<Option<usize>>,
    /// The merchant's number for it.
    pub sku: String,
    /// EAN, UPC or the like.
    pub barcode: String,
    /// The price of one.
    pub price: String,
    /// What it cost before.
    pub compare_at: String,
    /// Units in stock at the main location.
    pub on_hand: String,
    /// Units in stock at the others, by their code; one that is not there is left as it is.
    pub elsewhere: BTreeMap<String, String>,
    /// Weight of one in grams.
    pub weight: String,
    /// The `src` of its picture; empty for none of its own.
    pub picture: String,
    /// `deny`, `continue` or `untracked`.
    pub stock: String,
    /// Whether it is for sale; when not, it leaves the product.
    pub sold: bool,
    /// Whether it has to be sent.
    pub sent: bool,
    /// Whether tax is due on it.
    pub taxed: bool,
    /// Whether its box is ticked.
    pub picked: bool,
}

/// A picture.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PictureForm {
    /// A file name in the media folder, or a link.
    pub src: String,
    /// What it shows.
    pub alt: String,
    /// The point that stays to be seen when it is cut, in whole percent from the left; empty for the middle.
    pub focus_x: String,
    /// The same from the top.
    pub focus_y: String,
}

impl ProductForm {
    /// The form of a product that is not there yet: one variant, on sale, counted.
    pub fn blank() -> Self {
        Self {
            status: "draft".into(),
            low_stock_threshold: "0".into(),
            variants: vec![VariantForm::blank()],
            ..Self::default()
        }
    }

    /// Puts a picture behind the others, once.
    pub fn add_picture(&mut self, src: &str) {
        if self.pictures.iter().all(|picture| picture.src != src) {
            self.pictures.push(PictureForm { src: src.to_owned(), ..PictureForm::default() });
        }
    }

    /// What a variant is called: its values, or nothing when there are no options.
    pub fn variant_name(&self, variant: &VariantForm) -> String {
        let texts = self.options.iter().zip(&variant.at).filter_map(|(option, at)| option.values.get((*at)?));
        texts.map(|value| value.text.as_str()).collect::<Vec<_>>().join(" / ")
    }

    /// The first colour among the values of a variant.
    pub fn swatch(&self, variant: &VariantForm) -> Option<&str> {
        let values = self.options.iter().zip(&variant.at).filter_map(|(option, at)| option.values.get((*at)?));
        values.map(|value| value.swatch.as_str()).find(|swatch| is_colour(swatch))
    }
}

impl VariantForm {
    /// A variant without values: sold, sent, taxed and counted.
    pub fn blank() -> Self {
        Self { stock: "deny".into(), sold: true, sent: true, taxed: true, on_hand: "0".into(), ..Self::default() }
    }
}

/// Whether a text is `#rrggbb`, the one way colours are written here.
pub fn is_colour(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or_default();
    digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}
