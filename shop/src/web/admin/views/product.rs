//! `products/edit.html`, `products/history.html`

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use commerce::money::Money;
use serde::{Deserialize, Serialize};

use super::{Choice, sampled};
use crate::web::admin::products::form::ProductForm;

/// The page that a product is written on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditProductPage {
    /// What is saved: absent for a product that is not there yet.
    pub saved: Option<SavedProduct>,
    /// Where the form goes.
    pub action: String,
    /// Whether something was typed that is not saved.
    pub unsaved: bool,
    /// Everything as it was typed.
    pub form: ProductForm,
    /// What stands beside each row of `form.variants`.
    pub rows: Vec<VariantRow>,
    /// What stands beside each row of `form.pictures`.
    pub pictures: Vec<PictureRow>,
    /// What is wrong, by the name of the field.
    pub errors: BTreeMap<String, String>,
    /// The same in the order of the page, for the top.
    pub wrong: Vec<WrongField>,
    /// What became of the variants when the options changed.
    pub made: Option<MadeView>,
    /// What two people changed at once.
    pub conflict: Option<ConflictView>,
    /// Fields of a conflict that was settled in which the others were given in to.
    pub theirs: Vec<String>,
    /// Every category, as the tree runs.
    pub categories: Vec<CategoryChoice>,
    /// The locations where stock lies, where there are several: the main one first.
    pub places: Vec<Choice>,
    /// Brands there are, to choose from.
    pub brands: Vec<String>,
    /// Sign of the currency, as `€`.
    pub currency_sign: String,
    /// The description as the shop shows it.
    pub preview_html: String,
    /// How search engines show it.
    pub search: SearchPreview,
}

sampled!(EditProductPage, "product.json");

/// A product as it is saved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedProduct {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `draft`, `active` or `archived`.
    pub status: String,
    /// Variants on sale.
    pub variants: i64,
    /// Units in stock; absent when none is counted.
    pub on_hand: Option<i64>,
    /// Who saved it last, where that is known.
    pub by: Option<String>,
    /// When it was saved last.
    pub at: Option<DateTime<Utc>>,
    /// Its page in the shop, when it is for sale.
    pub url: Option<String>,
    /// Earlier addresses, which lead to it.
    pub old_slugs: Vec<String>,
    /// How it sold lately.
    pub sales: SalesView,
    /// What happened to it, the newest first.
    pub history: Vec<HistoryLine>,
}

/// How a product sold in the last 30 days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SalesView {
    /// Units.
    pub sold: i64,
    /// What they brought.
    pub revenue: Money,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryLine {
    /// When.
    pub at: DateTime<Utc>,
    /// Who, by name; absent for the shop itself.
    pub who: Option<String>,
    /// What, as the event is called: `product.updated`.
    pub what: String,
    /// What the fields are called that changed.
    pub fields: Vec<String>,
    /// How many more there were.
    pub more: i64,
}

/// What stands beside a variant in its row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VariantRow {
    /// Its values; empty for the only one of a product without options.
    pub name: String,
    /// The first colour among them.
    pub swatch: Option<String>,
    /// Units that can be bought now; absent when it is new or not counted.
    pub available: Option<i64>,
}

/// What stands beside a picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PictureRow {
    /// Where it is shown from.
    pub url: String,
}

/// A field that is wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrongField {
    /// The id of its input.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What to do.
    pub message: String,
}

/// What became of the variants when the options changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MadeView {
    /// Variants that are new.
    pub added: usize,
    /// Variants that are gone.
    pub removed: usize,
    /// More combinations than a product may have: none were made.
    pub too_many: bool,
    /// Whether saving stopped for it: nobody has seen these variants yet.
    pub before_saving: bool,
}

/// Two people changed the same product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConflictView {
    /// Who was first, where that is known.
    pub who: Option<String>,
    /// The version they made.
    pub version: i64,
    /// Fields that both changed, to choose in.
    pub fields: Vec<ConflictField>,
    /// Fields that only they changed: already below.
    pub theirs: Vec<String>,
}

/// A field that both changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConflictField {
    /// Its path in the product, which the choice is sent under.
    pub path: String,
    /// What it is called.
    pub name: String,
    /// As it was when this form was begun.
    pub was: String,
    /// As they saved it.
    pub theirs: String,
    /// As it is typed here.
    pub yours: String,
}

/// A category to choose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryChoice {
    /// What is sent.
    pub slug: String,
    /// What is read.
    pub name: String,
    /// How far down the tree it stands: 0 at the top.
    pub depth: usize,
}

/// How a search engine may show the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchPreview {
    /// The address, as `shop.example › p › field-apron`.
    pub address: String,
    /// The title.
    pub title: String,
    /// The text below it.
    pub description: String,
}
