//! The ways into the snapshot: by id, by slug, by variant, and in every order a listing is shown in.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use commerce::ids::{CategoryId, ProductId, VariantId};
use rustc_hash::FxHashMap;

use super::categories::{Categories, Face, Shelves};
use super::facets::Columns;
use super::product::CatalogProduct;
use crate::store::catalog::LinkKind;

/// The place of a product in the snapshot.
pub type Slot = u32;

/// Everything that follows from which products there are, and not from their stock.
#[derive(Debug, Default)]
pub struct Index {
    /// Slots by id. Each hit of a search is looked up here; an id is ours, so nobody can choose ids that collide.
    pub by_id: FxHashMap<ProductId, Slot>,
    /// Slots by slug.
    pub by_slug: HashMap<String, Slot>,
    /// Slots by variant.
    pub by_variant: HashMap<VariantId, Slot>,
    /// Most sold first, then as they stand in the catalog.
    pub best_selling: Vec<Slot>,
    /// Latest published first.
    pub newest: Vec<Slot>,
    /// Cheapest first.
    pub price_ascending: Vec<Slot>,
    /// Dearest first.
    pub price_descending: Vec<Slot>,
    /// What is on the shelves of each category.
    pub shelves: Shelves,
    /// Products that are a spare part of another.
    pub spare_parts: HashSet<Slot>,
    /// What filters look through, once somebody filtered or had the time.
    pub columns: OnceLock<Columns>,
}

impl Index {
    /// Builds every way in. `moved` is what old addresses lead to, `sold` how many pieces of each product were ordered.
    pub fn build(
        products: &[Arc<CatalogProduct>],
        categories: &Categories,
        moved: &HashMap<String, ProductId>,
        sold: &HashMap<ProductId, i64>,
    ) -> Self {
        let slots = || (0..).zip(products);
        let best_selling = sorted(products, |entry| Reverse(sold.get(&entry.product.id).copied().unwrap_or(0)));
        let count = products.iter().map(|entry| entry.product.variants.len()).sum();
        let mut by_variant = HashMap::with_capacity(count);
        for (slot, entry) in slots() {
            by_variant.extend(entry.product.variants.iter().map(|variant| (variant.id, slot)));
        }
        let by_slug: HashMap<String, Slot> = slots().map(|(slot, entry)| (entry.product.slug.clone(), slot)).collect();
        let by_id: FxHashMap<ProductId, Slot> = slots().map(|(slot, entry)| (entry.product.id, slot)).collect();
        let parts = products.iter().flat_map(|entry| entry.links(LinkKind::Part));
        let target = |slug: &str| by_slug.get(slug).or_else(|| by_id.get(moved.get(slug)?)).copied();
        Self {
            spare_parts: parts.filter_map(|link| target(&link.slug)).collect(),
            by_id,
            by_variant,
            by_slug,
            newest: sorted(products, |entry| Reverse(entry.product.published_at)),
            price_ascending: sorted(products, |entry| entry.price.minor),
            price_descending: sorted(products, |entry| Reverse(entry.price.minor)),
            shelves: shelves(products, categories, &best_selling),
            best_selling,
            columns: OnceLock::new(),
        }
    }
}

/// Slots in an order; equals stay as they stand in the catalog.
fn sorted<K: Ord>(products: &[Arc<CatalogProduct>], key: impl Fn(&CatalogProduct) -> K) -> Vec<Slot> {
    let mut keyed: Vec<(K, Slot)> = products.iter().map(|entry| key(entry)).zip(0..).collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, slot)| slot).collect()
}

fn shelves(products: &[Arc<CatalogProduct>], categories: &Categories, best_selling: &[Slot]) -> Shelves {
    let mut shelves = Shelves::new();
    for entry in best_selling.iter().map(|slot| &products[*slot as usize]) {
        for category in &entry.lineage {
            let shelf = shelves.entry(*category).or_default();
            shelf.count += 1;
            shelf.face = shelf.face.take().or_else(|| entry.product.images.first().map(Face::of));
        }
    }
    let own = own_pictures(categories);
    // A category's picture is mostly one of a product, which knows its size.
    let images = products.iter().flat_map(|entry| &entry.product.images);
    let mut known: HashMap<&str, Face> = HashMap::new();
    for image in images.filter(|image| own.contains_key(image.src.as_str())) {
        known.entry(&image.src).or_insert_with(|| Face::of(image));
    }
    for (src, ids) in own {
        let face = known.remove(src).unwrap_or_else(|| Face {
            src: src.to_owned(),
            width: None,
            height: None,
            focal: None,
            in_widths: false,
        });
        for id in ids {
            shelves.entry(id).and_modify(|shelf| shelf.face = Some(face.clone()));
        }
    }
    shelves
}

/// The pictures that categories have of their own, and which have them.
fn own_pictures(categories: &Categories) -> HashMap<&str, Vec<CategoryId>> {
    let mut pictures: HashMap<&str, Vec<CategoryId>> = HashMap::new();
    for category in categories.all() {
        if let Some(src) = &category.image {
            pictures.entry(src).or_default().push(category.id);
        }
    }
    pictures
}
