//! What a product that is wanted says of stock, place by place.

use std::collections::HashMap;

use commerce::catalog::{ProductInput, StockPolicy, VariantInput};
use commerce::error::FieldError;
use commerce::ids::LocationId;
use commerce::inventory::Level;

use super::load::StoredVariant;
use crate::store::defaults::LOCATION;

/// Refuses counts at places that the shop does not have.
pub(super) fn check_places(wanted: &ProductInput, places: &HashMap<String, LocationId>) -> Result<(), Vec<FieldError>> {
    let mut errors = Vec::new();
    for (index, variant) in wanted.variants.iter().enumerate() {
        let foreign = |code: &&String| places.get(*code).is_none_or(|place| *place == LOCATION);
        for code in variant.elsewhere.keys().filter(foreign) {
            let message = format!("The shop has no other location {code:?}. Make it under settings first.");
            errors.push(FieldError::new(format!("variants[{index}].elsewhere.{code}"), message));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// What is not named is what lies there.
pub(super) fn fill_in(variant: &mut VariantInput, known: Option<&StoredVariant>) {
    let lies_there = known.and_then(|known| known.input.on_hand).unwrap_or(0);
    variant.on_hand = Some(variant.on_hand.unwrap_or(lies_there));
    let elsewhere = known.map(|known| known.input.elsewhere.clone()).unwrap_or_default();
    for (code, lies_there) in elsewhere {
        variant.elsewhere.entry(code).or_insert(lies_there);
    }
}

/// The counts that differ from what lies there. A new variant gets its place at the main location with them.
pub(super) fn counts(
    variant: &VariantInput,
    known: Option<&StoredVariant>,
    places: &HashMap<String, LocationId>,
) -> Vec<(LocationId, i64)> {
    let was = |place: &LocationId| known?.levels.get(place).map(|(on_hand, _)| *on_hand);
    wanted(variant, places)
        .map(|(_, place, count)| (place, count))
        .filter(|(place, n)| was(place) != Some(*n))
        .collect()
}

/// Refuses counts below what open checkouts were promised.
pub(super) fn check_reserved(
    product: &ProductInput,
    matches: &[Option<&StoredVariant>],
    places: &HashMap<String, LocationId>,
) -> Result<(), Vec<FieldError>> {
    let mut errors = Vec::new();
    for (index, (variant, known)) in product.variants.iter().zip(matches).enumerate() {
        let Some(known) = known else { continue };
        // What was sold on when empty, or not counted, may have less than is promised; from now on it may not.
        let was_bound = known.input.tracked && known.input.policy == StockPolicy::Deny;
        for (field, place, count) in wanted(variant, places) {
            let (on_hand, reserved) = known.levels.get(&place).copied().unwrap_or_default();
            let level = Level { on_hand, reserved, tracked: variant.tracked, policy: variant.policy };
            if (count != on_hand || !was_bound)
                && let Err(below) = level.set_on_hand(count)
            {
                errors.push(FieldError::new(format!("variants[{index}].{field}"), below.to_string()));
            }
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// Field, place and count of each place that a variant names.
fn wanted<'v>(
    variant: &'v VariantInput,
    places: &'v HashMap<String, LocationId>,
) -> impl Iterator<Item = (String, LocationId, i64)> + 'v {
    let main = variant.on_hand.map(|count| ("on_hand".to_owned(), LOCATION, count));
    let other = |(code, count): (&String, &i64)| Some((format!("elsewhere.{code}"), *places.get(code)?, *count));
    main.into_iter().chain(variant.elsewhere.iter().filter_map(other))
}
