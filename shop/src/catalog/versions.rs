//! What changed in the catalog and when, so that a page knows in a moment whether all that it shows is still so.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use commerce::ids::{CategoryId, ProductId};

use super::categories::Shelves;
use super::{CatalogProduct, Slot};

/// Something that a page is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// What pages say of a product: texts, prices, pictures, whether each variant is in stock, low or out.
    Product(ProductId),
    /// The same, and how many pieces there are.
    Counted(ProductId),
    /// Which products stand in a category and below, in every order, and which of them can be bought.
    Shelf(CategoryId),
    /// The same of all products.
    Shelves,
    /// The categories: their names and pictures, and which have products. They are in the menu of every page.
    Tree,
    /// Which product each name in addresses leads to.
    Names,
    /// What goes with what.
    Recommended,
}

/// Every snapshot of this process has a number of its own, above all that were made before.
static LATEST: AtomicU64 = AtomicU64::new(0);

fn next_number() -> u64 {
    LATEST.fetch_add(1, Ordering::Relaxed) + 1
}

/// The snapshot in which each part was last changed.
#[derive(Clone, Debug)]
pub(super) struct Versions {
    snapshot: u64,
    /// The snapshot for which everything was read: what is not in `changed` is as it was then.
    read: u64,
    changed: HashMap<Part, u64>,
}

impl Default for Versions {
    fn default() -> Self {
        let number = next_number();
        Self { snapshot: number, read: number, changed: HashMap::new() }
    }
}

impl Versions {
    /// Those of the snapshot that follows; nothing of it is changed yet.
    pub fn next(&self) -> Self {
        Self { snapshot: next_number(), ..self.clone() }
    }

    /// The number of the snapshot.
    pub fn snapshot(&self) -> u64 {
        self.snapshot
    }

    /// The snapshot in which a part was last changed.
    pub fn of(&self, part: Part) -> u64 {
        self.changed.get(&part).copied().unwrap_or(self.read)
    }

    fn change(&mut self, part: Part) {
        self.changed.insert(part, self.snapshot);
    }

    /// Products were read anew: as they were, and as they are. One that is new or gone is on one side alone.
    pub fn edited(&mut self, before: &[Arc<CatalogProduct>], after: &[Arc<CatalogProduct>]) {
        for entry in before.iter().chain(after) {
            self.change(Part::Product(entry.product.id));
            self.change(Part::Counted(entry.product.id));
            self.reshelved(entry);
        }
        let names = |side: &[Arc<CatalogProduct>]| -> Vec<(ProductId, String)> {
            side.iter().map(|entry| (entry.product.id, entry.product.slug.clone())).collect()
        };
        if names(before) != names(after) {
            self.renamed();
        }
    }

    /// The stock of a product was read anew. Whether it can be bought decides on which lists it stands.
    pub fn restocked(&mut self, before: &CatalogProduct, after: &CatalogProduct) {
        self.change(Part::Counted(after.product.id));
        let variants = || before.product.variants.iter().zip(&after.product.variants);
        if variants().any(|(old, new)| before.stock_of(old) != after.stock_of(new)) {
            self.change(Part::Product(after.product.id));
        }
        if variants().any(|(old, new)| old.sellable(1) != new.sellable(1)) {
            self.reshelved(after);
        }
    }

    fn reshelved(&mut self, entry: &CatalogProduct) {
        entry.lineage.iter().for_each(|category| self.change(Part::Shelf(*category)));
        self.change(Part::Shelves);
    }

    /// Other products are recommended.
    pub fn recommended(&mut self) {
        self.change(Part::Recommended);
    }

    /// Names lead to other products than before.
    pub fn renamed(&mut self) {
        self.change(Part::Names);
    }

    /// The same products stand in another order.
    pub fn reordered(&mut self, products: &[Arc<CatalogProduct>], before: &[Slot], after: &[Slot]) {
        if before == after {
            return;
        }
        self.change(Part::Shelves);
        let before = orders(products, before);
        for (category, order) in orders(products, after) {
            if before.get(&category) != Some(&order) {
                self.change(Part::Shelf(category));
            }
        }
    }

    /// The shelves were worked out anew.
    pub fn refilled(&mut self, before: &Shelves, after: &Shelves) {
        let same = before.len() == after.len()
            && before.iter().all(|(id, old)| {
                after.get(id).is_some_and(|new| (old.count > 0) == (new.count > 0) && old.face == new.face)
            });
        if !same {
            self.change(Part::Tree);
        }
    }
}

/// A digest of the order of each category's products.
fn orders(products: &[Arc<CatalogProduct>], order: &[Slot]) -> HashMap<CategoryId, u64> {
    let mut digests: HashMap<CategoryId, DefaultHasher> = HashMap::new();
    for slot in order {
        for category in &products[*slot as usize].lineage {
            slot.hash(digests.entry(*category).or_default());
        }
    }
    digests.into_iter().map(|(category, digest)| (category, digest.finish())).collect()
}
