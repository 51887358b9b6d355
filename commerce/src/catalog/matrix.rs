//! The option matrix: one variant for each combination of values, keeping what there is.

use super::check::MAX_VARIANTS;
use super::input::{OptionInput, VariantInput};
use crate::money::Money;
use std::collections::BTreeMap;

/// More combinations than a product can have variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("These options make {combinations} combinations; a product has at most {MAX_VARIANTS} variants.")]
pub struct TooManyVariants {
    /// How many there would be.
    pub combinations: usize,
}

/// The variants of a matrix, the last option changing fastest.
///
/// A variant that is there stays with its combination. One from before an option was added stands for the first value
/// of that option. A new one costs what the variant costs that shares most of its values, else `price`.
pub fn matrix(
    options: &[OptionInput],
    existing: &[VariantInput],
    price: Money,
) -> Result<Vec<VariantInput>, TooManyVariants> {
    let combinations = options.iter().fold(1_usize, |all, option| all.saturating_mul(option.values.len()));
    if combinations > MAX_VARIANTS {
        return Err(TooManyVariants { combinations });
    }
    let mut left: Vec<&VariantInput> = existing.iter().collect();
    let variants = each(options).map(|combination| {
        let kept = left.iter().position(|variant| stands_for(variant, &combination, options));
        match kept.map(|index| left.remove(index)) {
            Some(variant) => VariantInput { options: combination, position: None, ..variant.clone() },
            None => new_variant(combination, existing, price),
        }
    });
    Ok(variants.collect())
}

/// A variant of a combination that is not made yet, like the one that shares most of its values.
pub fn new_variant(combination: BTreeMap<String, String>, siblings: &[VariantInput], price: Money) -> VariantInput {
    let like = siblings.iter().rev().max_by_key(|sibling| shared(&sibling.options, &combination));
    VariantInput {
        id: None,
        sku: None,
        barcode: None,
        price: like.map_or(price, |like| like.price),
        compare_at_price: like.and_then(|like| like.compare_at_price),
        on_hand: None,
        elsewhere: BTreeMap::new(),
        tracked: like.is_none_or(|like| like.tracked),
        policy: like.map_or(super::StockPolicy::Deny, |like| like.policy),
        weight_grams: like.and_then(|like| like.weight_grams),
        image: None,
        requires_shipping: like.is_none_or(|like| like.requires_shipping),
        taxable: like.is_none_or(|like| like.taxable),
        position: None,
        options: combination,
    }
}

/// Every combination of values, the last option changing fastest.
fn each(options: &[OptionInput]) -> impl Iterator<Item = BTreeMap<String, String>> {
    let mut all = vec![BTreeMap::new()];
    for option in options {
        let with = |combination: &BTreeMap<String, String>, value: &String| {
            let mut wider = combination.clone();
            wider.insert(option.name.clone(), value.clone());
            wider
        };
        all = all.iter().flat_map(|one| option.values.iter().map(move |value| with(one, value))).collect();
    }
    all.into_iter()
}

/// Whether a variant is the one of a combination: the same values, and the first one of an option it does not know yet.
fn stands_for(variant: &VariantInput, combination: &BTreeMap<String, String>, options: &[OptionInput]) -> bool {
    options.iter().all(|option| {
        let wanted = combination.get(&option.name);
        match variant.options.get(&option.name) {
            Some(value) => Some(value) == wanted,
            None => wanted == option.values.first(),
        }
    })
}

fn shared(one: &BTreeMap<String, String>, other: &BTreeMap<String, String>) -> usize {
    one.iter().filter(|(name, value)| other.get(*name) == Some(value)).count()
}
