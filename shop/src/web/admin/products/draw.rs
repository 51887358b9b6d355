//! From the form and what is saved to the page.

use std::collections::BTreeMap;

use commerce::error::FieldError;
use commerce::money::Money;

use super::form::{ProductForm, VariantForm};
use super::names::name_of;
use super::saved::Shelf;
use crate::app::App;
use crate::import::safe_html;
use crate::web::admin::views::product::{
    ConflictView, EditProductPage, MadeView, PictureRow, SavedProduct, SearchPreview, VariantRow, WrongField,
};
use crate::web::storefront::cards::picture_url;

/// What a page shows beside the form.
#[derive(Debug, Default)]
pub struct Beside {
    /// Whether something was typed that is not saved.
    pub unsaved: bool,
    /// What is wrong, by the fields of the form.
    pub errors: Vec<FieldError>,
    /// What became of the variants.
    pub made: Option<MadeView>,
    /// What two people changed at once.
    pub conflict: Option<ConflictView>,
    /// Fields of a conflict in which the others were given in to, until it is saved.
    pub theirs: Vec<String>,
}

/// The page.
pub fn page(app: &App, form: ProductForm, beside: Beside, shelf: Shelf) -> EditProductPage {
    let Beside { unsaved, errors, made, conflict, theirs } = beside;
    let Shelf { saved, available, categories, brands, places } = shelf;
    let wrong = errors.iter().map(|error| wrong(app, &form, error)).collect();
    let mut by_field = BTreeMap::new();
    for error in errors {
        by_field.entry(error.field).or_insert(error.message);
    }
    EditProductPage {
        action: action(saved.as_ref()),
        unsaved,
        rows: form.variants.iter().map(|variant| row(&form, variant, &available)).collect(),
        pictures: form.pictures.iter().map(|picture| PictureRow { url: picture_url(&picture.src) }).collect(),
        errors: by_field,
        wrong,
        made,
        conflict,
        theirs,
        categories,
        brands,
        places,
        currency_sign: sign(app),
        preview_html: safe_html(&form.description_html),
        search: search(app, &form),
        saved,
        form,
    }
}

/// Where the form of a product goes.
pub fn action(saved: Option<&SavedProduct>) -> String {
    saved.map_or_else(|| "/admin/products/new".to_owned(), |saved| format!("/admin/products/{}", saved.id))
}

fn wrong(app: &App, form: &ProductForm, error: &FieldError) -> WrongField {
    WrongField {
        id: error.field.clone(),
        name: name_of(&app.admin_theme, form, &error.field),
        message: error.message.clone(),
    }
}

fn row(form: &ProductForm, variant: &VariantForm, available: &BTreeMap<String, i64>) -> VariantRow {
    let counted = variant.stock != "untracked" && variant.sold;
    VariantRow {
        name: form.variant_name(variant),
        swatch: form.swatch(variant).map(str::to_owned),
        available: available.get(&variant.id).copied().filter(|_| counted),
    }
}

/// What a search engine may make of it.
fn search(app: &App, form: &ProductForm) -> SearchPreview {
    let first = |own: &str, other: &str| if own.is_empty() { other.to_owned() } else { own.to_owned() };
    let base = &app.config.base_url;
    let host = base.split_once("://").map_or(base.as_str(), |(_, host)| host);
    SearchPreview {
        address: format!("{host} › p › {}", first(&form.slug, &commerce::catalog::slugify(&form.name))),
        title: first(&form.seo_title, &form.name),
        description: first(&form.seo_description, &form.summary),
    }
}

/// The sign of the currency alone: an amount without its digits.
pub fn sign(app: &App) -> String {
    let shop = app.shop.load();
    let nothing = Money::zero(shop.currency).format(&shop.locale);
    let beside = |letter: char| letter.is_ascii_digit() || letter.is_whitespace() || matches!(letter, '.' | ',');
    nothing.trim_matches(beside).to_owned()
}
