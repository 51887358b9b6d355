//! Where the goods of an order are taken from, when they lie in several places.

use std::collections::{BTreeMap, HashMap};

use crate::ids::{LocationId, VariantId};

/// What lies of a variant in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shelf {
    /// The place.
    pub location_id: LocationId,
    /// Units that lie there.
    pub on_hand: i64,
    /// Units of those that are promised to open checkouts.
    pub reserved: i64,
}

/// Units of a variant to reserve in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reserve {
    /// The variant.
    pub variant_id: VariantId,
    /// The place.
    pub location_id: LocationId,
    /// How many.
    pub quantity: i64,
}

impl Shelf {
    /// How many are free to buy, never below zero.
    pub fn free(&self) -> i64 {
        self.on_hand.saturating_sub(self.reserved).max(0)
    }
}

/// Takes units from the places the shop sells from, so that an order makes few parcels: all of it from the first place
/// that has all, but for what no place has enough of; else each variant from the first place that has enough of it; else
/// what each has, in their order. What lies nowhere, for it is sold on when it has run out, is owed by the first place
/// that keeps it.
pub fn allocate(
    wanted: &BTreeMap<VariantId, i64>,
    shelves: &HashMap<VariantId, Vec<Shelf>>,
    order: &[LocationId],
) -> Vec<Reserve> {
    let shelf = |variant: &VariantId, place: &LocationId| {
        shelves.get(variant).into_iter().flatten().find(|shelf| shelf.location_id == *place)
    };
    let free = |variant: &VariantId, place: &LocationId| shelf(variant, place).map_or(0, Shelf::free);
    let has = |place: &LocationId, (variant, units): (&VariantId, &i64)| free(variant, place) >= *units;
    let whole: Vec<_> = wanted.iter().filter(|line| order.iter().any(|place| has(place, *line))).collect();
    let one_place = order.iter().find(|place| whole.iter().all(|line| has(place, *line)));
    let mut reserved = Vec::with_capacity(wanted.len());
    for (variant, &units) in wanted {
        let mut take = |location_id: LocationId, quantity: i64| {
            reserved.push(Reserve { variant_id: *variant, location_id, quantity });
        };
        let enough = |place: &&LocationId| has(place, (variant, &units));
        if let Some(place) = one_place.filter(enough).or_else(|| order.iter().find(enough)) {
            take(*place, units);
            continue;
        }
        let keeps = order.iter().find(|place| shelf(variant, place).is_some()).or(order.first());
        let mut taken: BTreeMap<LocationId, i64> = BTreeMap::new();
        let mut left = units;
        for place in order {
            let here = free(variant, place).min(left);
            *taken.entry(*place).or_default() += here;
            left -= here;
        }
        if let Some(place) = keeps {
            *taken.entry(*place).or_default() += left;
        }
        taken.into_iter().filter(|(_, units)| *units > 0).for_each(|(place, units)| take(place, units));
    }
    reserved
}

/// Where units of a variant that come back go: to the places they were sold from, no more to each than is still out.
pub fn put_back(units: i64, still_out: &[(LocationId, i64)]) -> Vec<(LocationId, i64)> {
    let mut left = units;
    let mut back = Vec::with_capacity(still_out.len());
    for (place, out) in still_out {
        let here = left.min(*out).max(0);
        left -= here;
        if here > 0 {
            back.push((*place, here));
        }
    }
    back
}
