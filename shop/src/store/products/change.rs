//! What has to be written so that the shop holds a product as it is wanted. Pure, but for the ids it draws.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use commerce::catalog::{ProductInput, ProductStatus, VariantInput, changes};
use commerce::error::FieldError;
use commerce::ids::{ImageId, LocationId, ProductId, VariantId};
use serde_json::{Value, json};

use super::counts::{check_places, check_reserved, counts, fill_in};
use super::load::{StoredProduct, StoredVariant};
use crate::clock::Clock;

/// The most fields, and the most prices, that an event names.
const MOST_TOLD: usize = 50;

/// A product that differs from what is stored, with the ids of all its parts.
#[derive(Clone, Debug)]
pub struct Change {
    /// Its id.
    pub id: ProductId,
    /// Its version after the change; 1 for a new one.
    pub version: i64,
    /// What the event says: created, updated or archived.
    pub event: &'static str,
    /// When it first became active.
    pub published_at: Option<DateTime<Utc>>,
    /// The product as it is to be.
    pub product: ProductInput,
    /// The ids of its pictures, in the order of `product.images`.
    pub images: Vec<ImageId>,
    /// Pictures it no longer has.
    pub vanished_images: Vec<ImageId>,
    /// What stands behind its variants, in the order of `product.variants`.
    pub variants: Vec<VariantChange>,
    /// Variants it no longer has.
    pub vanished_variants: Vec<VariantId>,
    /// What the event says of it: which fields changed, and which prices from what to what.
    pub data: Value,
}

/// What stands behind a variant that is written.
#[derive(Clone, Debug)]
pub struct VariantChange {
    /// Its id.
    pub id: VariantId,
    /// Its version after the change; 1 for a new one.
    pub version: i64,
    /// One value per option of the product.
    pub values: Vec<String>,
    /// The picture it shows.
    pub image: Option<ImageId>,
    /// Units to be counted in, by place, where that differs from what lies there.
    pub counts: Vec<(LocationId, i64)>,
}

impl Change {
    /// Whether the shop did not have the product.
    pub fn is_new(&self) -> bool {
        self.version == 1
    }
}

/// Compares a checked product with what is stored. `None`: they are the same.
///
/// Old slugs are never forgotten: those the shop knows join those that are wanted, and so does the slug it has till now.
/// Variants keep the ids they are given; else theirs where the option values are the same, where the SKU is, or where an
/// option was added or taken away. Stock below what open checkouts were promised is refused, and so is stock at a location
/// that `places` does not name.
pub fn change(
    stored: Option<&StoredProduct>,
    mut wanted: ProductInput,
    places: &HashMap<String, LocationId>,
    clock: &Clock,
    now: DateTime<Utc>,
) -> Result<Option<Change>, Vec<FieldError>> {
    put_in_order(&mut wanted.variants);
    join_old_slugs(
        &mut wanted.old_slugs,
        &wanted.slug,
        stored.map(|stored| (&stored.input.slug, &stored.input.old_slugs)),
    );
    let matches = matches(stored, &wanted);
    wanted.variants.iter_mut().for_each(|variant| variant.id = None);
    check_places(&wanted, places)?;
    wanted.variants.iter_mut().zip(&matches).for_each(|(variant, known)| fill_in(variant, *known));
    check_reserved(&wanted, &matches, places)?;
    if stored.is_some_and(|stored| stored.input == wanted) {
        return Ok(None);
    }
    let images: Vec<ImageId> = wanted
        .images
        .iter()
        .map(|image| stored.and_then(|stored| stored.image(&image.src)).unwrap_or_else(|| clock.id()))
        .collect();
    let variants: Vec<VariantChange> = wanted
        .variants
        .iter()
        .zip(&matches)
        .map(|(variant, known)| VariantChange {
            counts: counts(variant, *known, places),
            ..variant_change(variant, *known, &wanted, &images, clock)
        })
        .collect();
    let first_published = (wanted.status == ProductStatus::Active).then_some(now);
    Ok(Some(Change {
        id: stored.map_or_else(|| clock.id_in_order(), |stored| stored.id),
        version: stored.map_or(1, |stored| stored.version + 1),
        event: event(stored, wanted.status),
        published_at: stored.and_then(|stored| stored.published_at).or(first_published),
        vanished_images: stored.map(|stored| stored.images_without(&images)).unwrap_or_default(),
        vanished_variants: stored.map(|stored| stored.variants_without(&variants)).unwrap_or_default(),
        data: stored.map_or_else(|| json!({}), |stored| told(stored, &wanted, &matches)),
        images,
        variants,
        product: wanted,
    }))
}

fn event(stored: Option<&StoredProduct>, status: ProductStatus) -> &'static str {
    match stored {
        None => "product.created",
        Some(known) if status == ProductStatus::Archived && known.input.status != status => "product.archived",
        Some(_) => "product.updated",
    }
}

/// Adds the slug and the old slugs that something has to those it is to have, in the order of their bytes.
pub fn join_old_slugs(old: &mut Vec<String>, wanted: &str, has: Option<(&String, &Vec<String>)>) {
    if let Some((slug, known)) = has {
        old.extend(known.iter().chain([slug]).cloned());
    }
    old.retain(|slug| slug != wanted);
    old.sort_unstable();
    old.dedup();
}

/// Sorts by the position where one is given, else by the place in the list, which alone is kept.
fn put_in_order(variants: &mut [VariantInput]) {
    for (place, variant) in variants.iter_mut().enumerate() {
        variant.position.get_or_insert(place as i64);
    }
    variants.sort_by_key(|variant| variant.position);
    for variant in variants {
        variant.position = None;
    }
}

/// The stored variant behind each wanted one, each taken once: by its id, then by option values, then by SKU, those on sale
/// before those that have left; and at last by the values of those options that it has in common.
fn matches<'s>(stored: Option<&'s StoredProduct>, wanted: &ProductInput) -> Vec<Option<&'s StoredVariant>> {
    let mut found: Vec<Option<&StoredVariant>> = vec![None; wanted.variants.len()];
    let Some(stored) = stored else { return found };
    let mut by_id: HashMap<VariantId, &StoredVariant> =
        stored.variants.iter().map(|variant| (variant.id, variant)).collect();
    for (place, variant) in found.iter_mut().zip(&wanted.variants) {
        *place = variant.id.and_then(|id| by_id.remove(&id));
    }
    let mut by_values: HashMap<&[String], &StoredVariant> = HashMap::new();
    for variant in left(stored, &found) {
        by_values.entry(&variant.values).or_insert(variant);
    }
    for (place, variant) in found.iter_mut().zip(&wanted.variants) {
        *place = place.or_else(|| by_values.remove(values(variant, wanted).as_slice()));
    }
    let rest = left(stored, &found);
    take_rest(&mut found, wanted, rest, |known, variant| known.input.sku.is_some() && known.input.sku == variant.sku);
    let names = |product: &ProductInput| product.options.iter().map(|option| option.name.clone()).collect::<Vec<_>>();
    if names(&stored.input) != names(wanted) {
        let on_sale = left(stored, &found).into_iter().filter(|known| !known.archived).collect();
        take_rest(&mut found, wanted, on_sale, |known, variant| {
            known.input.options.iter().all(|(name, value)| variant.options.get(name).is_none_or(|other| other == value))
        });
    }
    found
}

/// The stored variants that stand behind none yet.
fn left<'s>(stored: &'s StoredProduct, found: &[Option<&StoredVariant>]) -> Vec<&'s StoredVariant> {
    let taken: HashSet<VariantId> = found.iter().flatten().map(|variant| variant.id).collect();
    stored.variants.iter().filter(|variant| !taken.contains(&variant.id)).collect()
}

/// Puts behind each variant that has none yet the first of the rest that fits.
fn take_rest<'s>(
    found: &mut [Option<&'s StoredVariant>],
    wanted: &ProductInput,
    mut rest: Vec<&'s StoredVariant>,
    fits: impl Fn(&StoredVariant, &VariantInput) -> bool,
) {
    for (place, variant) in found.iter_mut().zip(&wanted.variants).filter(|(place, _)| place.is_none()) {
        *place = rest.iter().position(|known| fits(known, variant)).map(|index| rest.remove(index));
    }
}

/// Which fields an edit changes, and which prices from what to what.
fn told(stored: &StoredProduct, wanted: &ProductInput, matches: &[Option<&StoredVariant>]) -> Value {
    let mut known = wanted.clone();
    for (variant, behind) in known.variants.iter_mut().zip(matches) {
        variant.id = behind.map(|behind| behind.id);
    }
    let mut fields: Vec<String> = changes(&stored.editable(), &known).into_iter().map(|change| change.field).collect();
    let more = fields.len().saturating_sub(MOST_TOLD);
    fields.truncate(MOST_TOLD);
    let repriced = wanted.variants.iter().zip(matches).filter_map(|(variant, behind)| {
        let (was, now) = ((*behind)?.input.price, variant.price);
        let values = values(variant, wanted).join(" / ");
        (was != now)
            .then(|| json!({ "variant": behind.map(|behind| behind.id), "values": values, "was": was, "now": now }))
    });
    let prices: Vec<Value> = repriced.take(MOST_TOLD).collect();
    let mut data = json!({ "fields": fields });
    if more > 0 {
        data["more"] = json!(more);
    }
    if !prices.is_empty() {
        data["prices"] = json!(prices);
    }
    if stored.input.status != wanted.status {
        data["status"] = json!({ "was": stored.input.status, "now": wanted.status });
    }
    data
}

/// One value per option of the product, in their order.
fn values(variant: &VariantInput, product: &ProductInput) -> Vec<String> {
    product.options.iter().filter_map(|option| variant.options.get(&option.name).cloned()).collect()
}

fn variant_change(
    variant: &VariantInput,
    known: Option<&StoredVariant>,
    product: &ProductInput,
    images: &[ImageId],
    clock: &Clock,
) -> VariantChange {
    let shown = variant.image.as_ref().and_then(|src| product.images.iter().position(|image| image.src == *src));
    let untouched = known.is_some_and(|known| known.input == *variant && !known.archived);
    VariantChange {
        id: known.map_or_else(|| clock.id(), |known| known.id),
        version: known.map_or(1, |known| if untouched { known.version } else { known.version + 1 }),
        values: values(variant, product),
        image: shown.map(|place| images[place]),
        counts: vec![],
    }
}

impl StoredProduct {
    fn image(&self, src: &str) -> Option<ImageId> {
        let place = self.input.images.iter().position(|image| image.src == src)?;
        self.images.get(place).copied()
    }

    fn images_without(&self, kept: &[ImageId]) -> Vec<ImageId> {
        self.images.iter().copied().filter(|image| !kept.contains(image)).collect()
    }

    fn variants_without(&self, kept: &[VariantChange]) -> Vec<VariantId> {
        let on_sale = self.variants.iter().filter(|variant| !variant.archived);
        on_sale.map(|variant| variant.id).filter(|id| kept.iter().all(|variant| variant.id != *id)).collect()
    }
}
