//! The options of a product: what is chosen, and how every other value stands beside it.

use std::collections::{HashMap, HashSet};

use commerce::catalog::{OptionAxis, Variant};
use commerce::ids::{ImageId, VariantId};

use crate::catalog::CatalogProduct;
use crate::web::storefront::cards::{self, picture};
use crate::web::storefront::views::Picture;
use crate::web::storefront::views::product::{OptionValueView, OptionView, ValueState};

/// What is chosen on the page of a product: a value of each option, and the variant they make, if it is made.
#[derive(Clone, Debug)]
pub struct Choice<'a> {
    /// One for each option.
    pub values: Vec<String>,
    /// The variant of these values.
    pub variant: Option<&'a Variant>,
}

impl<'a> Choice<'a> {
    /// What the parameters `variant` and `option.NAME` choose; what they leave open is the first that can be bought.
    pub fn of(entry: &'a CatalogProduct, parameters: &[(String, String)]) -> Self {
        let variants = &entry.product.variants;
        let named = |name: &str| parameters.iter().find(|(given, _)| given == name).map(|(_, value)| value);
        let by_id = named("variant").and_then(|id| id.parse().ok()).and_then(|id: VariantId| entry.variant(id));
        let usual = by_id.or_else(|| variants.iter().find(|variant| variant.sellable(1))).or(variants.first());
        let mut values = usual.map(|variant| variant.values.clone()).unwrap_or_default();
        for (axis, chosen) in entry.product.options.iter().zip(&mut values) {
            let wanted = named(&format!("option.{}", axis.name));
            if let Some(known) = axis.values.iter().find(|value| Some(&value.value) == wanted) {
                chosen.clone_from(&known.value);
            }
        }
        Self { variant: variants.iter().find(|variant| variant.values == values), values }
    }
}

/// The options with every value, given what is chosen.
pub fn options(entry: &CatalogProduct, chosen: &[String]) -> Vec<OptionView> {
    let pictured = pictured_axis(entry);
    let option = |(axis, option): (usize, &OptionAxis)| OptionView {
        name: option.name.clone(),
        selected: chosen.get(axis).cloned().unwrap_or_default(),
        values: option
            .values
            .iter()
            .map(|value| OptionValueView {
                value: value.value.clone(),
                selected: chosen.get(axis) == Some(&value.value),
                state: value_state(entry, chosen, axis, &value.value),
                picture: value_picture(entry, axis, &value.value).filter(|_| pictured == Some(axis)),
                swatch: cards::swatch_colour(value),
            })
            .collect(),
    };
    entry.product.options.iter().enumerate().map(option).collect()
}

/// How a value stands, the other options staying as they are chosen.
fn value_state(entry: &CatalogProduct, chosen: &[String], axis: usize, value: &str) -> ValueState {
    let fits = |variant: &&Variant| {
        let wanted = chosen.iter().enumerate().map(|(at, chosen)| if at == axis { value } else { chosen.as_str() });
        variant.values.iter().map(String::as_str).eq(wanted)
    };
    match entry.product.variants.iter().find(fits) {
        None => ValueState::Missing,
        Some(variant) if variant.sellable(1) => ValueState::Available,
        Some(_) => ValueState::Out,
    }
}

/// The option that pictures follow: each of its values has one picture, and they differ.
fn pictured_axis(entry: &CatalogProduct) -> Option<usize> {
    let product = &entry.product;
    (0..product.options.len()).find(|axis| {
        let mut pictures: HashMap<&str, ImageId> = HashMap::new();
        let one_each = product.variants.iter().all(|variant| match (variant.values.get(*axis), variant.image) {
            (Some(value), Some(image)) => *pictures.entry(value).or_insert(image) == image,
            _ => false,
        });
        let different: HashSet<&ImageId> = pictures.values().collect();
        one_each && different.len() > 1
    })
}

fn value_picture(entry: &CatalogProduct, axis: usize, value: &str) -> Option<Picture> {
    let variant =
        entry.product.variants.iter().find(|variant| variant.values.get(axis).is_some_and(|own| own == value))?;
    let image = entry.image(variant.image?)?;
    Some(Picture { alt: value.to_owned(), ..picture(image) })
}
