//! What a dry run would have written by now. It decides on it as the real run does on its rows, and holds nobody up.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::store::categories::StoredCategory;
use crate::store::products::{Change, StoredProduct, StoredVariant, VariantChange};

/// The catalog as the dry run has left it, where that differs from the rows.
#[derive(Default)]
pub(in crate::import) struct Foreseen {
    /// Every category, once the first batch has read them.
    pub(super) categories: Option<HashMap<String, StoredCategory>>,
    products: HashMap<String, StoredProduct>,
    /// Slugs under which the rows still have products that were changed.
    rewritten: HashSet<String>,
    /// Where old addresses lead now; `None` is nowhere.
    moved: HashMap<String, Option<String>>,
    skus: HashMap<String, BTreeSet<String>>,
}

impl Foreseen {
    /// Corrects what was read of some products.
    pub(super) fn correct(
        &self,
        named: &[String],
        stored: &mut HashMap<String, StoredProduct>,
        moved: &mut HashMap<String, String>,
    ) {
        stored.retain(|slug, _| !self.rewritten.contains(slug));
        for slug in named {
            if let Some(product) = self.products.get(slug) {
                stored.insert(slug.clone(), product.clone());
            }
            match self.moved.get(slug) {
                Some(Some(now)) => _ = moved.insert(slug.clone(), now.clone()),
                Some(None) => _ = moved.remove(slug),
                None => {}
            }
        }
    }

    /// Corrects which SKUs are on which products.
    pub(super) fn correct_skus(&self, skus: &[String], owners: &mut Vec<(String, String)>) {
        owners.retain(|(_, slug)| !self.rewritten.contains(slug));
        for sku in skus {
            let of_it = self.skus.get(sku).into_iter().flatten();
            owners.extend(of_it.map(|slug| (sku.clone(), slug.clone())));
        }
        owners.sort_unstable();
        owners.dedup();
    }

    /// Takes in a change as if it were written.
    pub(super) fn take(&mut self, change: &Change, known: Option<&StoredProduct>) {
        if let Some(known) = known {
            self.rewritten.insert(known.input.slug.clone());
            self.products.remove(&known.input.slug);
            for sku in known.input.variants.iter().filter_map(|variant| variant.sku.as_ref()) {
                self.skus.entry(sku.clone()).or_default().remove(&known.input.slug);
            }
        }
        let slug = &change.product.slug;
        for old in &change.product.old_slugs {
            self.moved.insert(old.clone(), Some(slug.clone()));
        }
        self.moved.insert(slug.clone(), None);
        for sku in change.product.variants.iter().filter_map(|variant| variant.sku.as_ref()) {
            self.skus.entry(sku.clone()).or_default().insert(slug.clone());
        }
        self.products.insert(slug.clone(), outline(change, known));
    }
}

/// A changed product without the texts that no later decision looks at: whoever names it again renames it.
fn outline(change: &Change, known: Option<&StoredProduct>) -> StoredProduct {
    let mut input = change.product.clone();
    input.description_html = String::new();
    input.attributes = vec![];
    let levels = |of_it: &VariantChange| {
        let same = known.and_then(|known| known.variants.iter().find(|other| other.id == of_it.id));
        let mut levels = same.map(|same| same.levels.clone()).unwrap_or_default();
        of_it.counts.iter().for_each(|(place, count)| levels.entry(*place).or_default().0 = *count);
        levels
    };
    let variants = input.variants.iter().zip(&change.variants).map(|(variant, of_it)| StoredVariant {
        id: of_it.id,
        version: of_it.version,
        archived: false,
        values: of_it.values.clone(),
        // No later decision asks for it.
        free: 0,
        levels: levels(of_it),
        input: variant.clone(),
    });
    StoredProduct {
        id: change.id,
        version: change.version,
        published_at: change.published_at,
        images: change.images.clone(),
        variants: variants.collect(),
        input,
    }
}
