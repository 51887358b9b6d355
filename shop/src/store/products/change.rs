//! What has to be written so that the shop holds a product as it is wanted. Pure, but for the ids it draws.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use commerce::catalog::{ProductInput, ProductStatus, VariantInput};
use commerce::error::FieldError;
use commerce::ids::{ImageId, ProductId, VariantId};
use commerce::inventory::Level;

use super::load::{StoredProduct, StoredVariant};
use crate::clock::Clock;

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
    /// Units to be counted in, where that differs from what lies there.
    pub on_hand: Option<i64>,
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
/// Variants keep their ids where the option values are the same, else where the SKU is. Stock below what open checkouts
/// were promised is refused.
pub fn change(
    stored: Option<&StoredProduct>,
    mut wanted: ProductInput,
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
    for (variant, known) in wanted.variants.iter_mut().zip(&matches) {
        let lies_there = known.and_then(|known| known.input.on_hand).unwrap_or(0);
        variant.on_hand = Some(variant.on_hand.unwrap_or(lies_there));
    }
    check_reserved(&wanted, &matches)?;
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
        .map(|(variant, known)| variant_change(variant, *known, &wanted, &images, clock))
        .collect();
    let first_published = (wanted.status == ProductStatus::Active).then_some(now);
    Ok(Some(Change {
        id: stored.map_or_else(|| clock.id_in_order(), |stored| stored.id),
        version: stored.map_or(1, |stored| stored.version + 1),
        event: event(stored, wanted.status),
        published_at: stored.and_then(|stored| stored.published_at).or(first_published),
        vanished_images: stored.map(|stored| stored.images_without(&images)).unwrap_or_default(),
        vanished_variants: stored.map(|stored| stored.variants_without(&variants)).unwrap_or_default(),
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

/// The stored variant behind each wanted one, each taken once: first by option values, then by SKU, those on sale before
/// those that have left.
fn matches<'s>(stored: Option<&'s StoredProduct>, wanted: &ProductInput) -> Vec<Option<&'s StoredVariant>> {
    let mut found: Vec<Option<&StoredVariant>> = vec![None; wanted.variants.len()];
    let Some(stored) = stored else { return found };
    let mut left: Vec<&StoredVariant> = stored.variants.iter().collect();
    let mut by_values: HashMap<&[String], &StoredVariant> = HashMap::new();
    for variant in &stored.variants {
        by_values.entry(&variant.values).or_insert(variant);
    }
    for (place, variant) in found.iter_mut().zip(&wanted.variants) {
        *place = by_values.remove(values(variant, wanted).as_slice());
    }
    left.retain(|variant| found.iter().flatten().all(|taken| taken.id != variant.id));
    for (place, variant) in found.iter_mut().zip(&wanted.variants) {
        let same_sku = |known: &&StoredVariant| known.input.sku.is_some() && known.input.sku == variant.sku;
        if place.is_none()
            && let Some(index) = left.iter().position(same_sku)
        {
            *place = Some(left.remove(index));
        }
    }
    found
}

/// One value per option of the product, in their order.
fn values(variant: &VariantInput, product: &ProductInput) -> Vec<String> {
    product.options.iter().filter_map(|option| variant.options.get(&option.name).cloned()).collect()
}

fn check_reserved(wanted: &ProductInput, matches: &[Option<&StoredVariant>]) -> Result<(), Vec<FieldError>> {
    let mut errors = Vec::new();
    for (index, (variant, known)) in wanted.variants.iter().zip(matches).enumerate() {
        let (Some(known), Some(on_hand)) = (known, variant.on_hand) else {
            continue;
        };
        let lies_there = known.input.on_hand.unwrap_or(0);
        let level =
            Level { on_hand: lies_there, reserved: known.reserved, tracked: variant.tracked, policy: variant.policy };
        if on_hand != lies_there
            && let Err(below) = level.set_on_hand(on_hand)
        {
            errors.push(FieldError::new(format!("variants[{index}].on_hand"), below.to_string()));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
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
        on_hand: variant.on_hand.filter(|_| known.is_none_or(|known| known.input.on_hand != variant.on_hand)),
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
