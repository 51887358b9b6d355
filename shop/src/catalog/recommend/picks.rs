//! What is shown of the lists: only what is sold and can be bought now, nothing twice, and no spare part of something
//! while there is anything else.

use std::collections::HashMap;
use std::sync::Arc;

use commerce::ids::ProductId;

use super::Recommended;
use crate::catalog::listing::ListQuery;
use crate::catalog::{Catalog, CatalogProduct};
use crate::store::recommendations::{Kind, SHOP};

/// Products being picked, the most fitting first; each step fills up what the one before left free.
pub struct Picks<'a> {
    catalog: &'a Catalog,
    lists: Arc<Recommended>,
    most: usize,
    seen: Vec<ProductId>,
    chosen: Vec<Arc<CatalogProduct>>,
    parts: Vec<Arc<CatalogProduct>>,
}

impl<'a> Picks<'a> {
    /// Room for `most` products.
    pub fn new(catalog: &'a Catalog, lists: Arc<Recommended>, most: usize) -> Self {
        Self { catalog, lists, most, seen: vec![], chosen: vec![], parts: vec![] }
    }

    /// Leaves these out: the product of the page, what is in the cart, what another row shows.
    pub fn without(mut self, products: impl IntoIterator<Item = ProductId>) -> Self {
        self.seen.extend(products);
        self
    }

    /// What was bought in the same orders as a product.
    pub fn together(self, product: ProductId) -> Self {
        self.list(product, Kind::Together)
    }

    /// What is like a product.
    pub fn similar(self, product: ProductId) -> Self {
        self.list(product, Kind::Similar)
    }

    /// What is bought more than usual of late.
    pub fn trending(self) -> Self {
        self.list(SHOP, Kind::Trending)
    }

    /// What others bought who bought all of these: same orders and same buyers added up.
    pub fn for_you(mut self, recent: &[ProductId]) -> Self {
        let mut sums: HashMap<ProductId, i64> = HashMap::new();
        let lists = self.lists.clone();
        for product in recent {
            // Thousandths beside millionths.
            let together = lists.list(*product, Kind::Together).map(|(id, score)| (id, 1000 * score));
            together
                .chain(lists.list(*product, Kind::GoesWith))
                .for_each(|(id, score)| *sums.entry(id).or_default() += score);
        }
        let mut sums: Vec<_> = sums.into_iter().collect();
        sums.sort_unstable_by_key(|(id, score)| (-score, *id));
        sums.into_iter().for_each(|(id, _)| self.add_by_id(id));
        self
    }

    /// What may be liked after what was looked at: what goes with it, then what is like it, the latest first; without it.
    pub fn after(self, recent: &[ProductId]) -> Self {
        let picks = self.without(recent.iter().copied()).for_you(recent);
        recent.iter().fold(picks, |picks, product| picks.similar(*product))
    }

    /// What staff name themselves: spare parts too.
    pub fn these<'p>(mut self, products: impl IntoIterator<Item = &'p Arc<CatalogProduct>>) -> Self {
        for entry in products {
            if self.is_wanted(entry) && self.chosen.len() < self.most {
                self.seen.push(entry.product.id);
                self.chosen.push(entry.clone());
            }
        }
        self
    }

    /// What sells best beside a product, the nearest shelf first.
    pub fn beside(mut self, entry: &CatalogProduct) -> Self {
        let catalog = self.catalog;
        let shelf = |id| catalog.categories().get(id);
        let mut near = entry.product.categories.first().and_then(|id| shelf(*id));
        while let Some(category) = near.filter(|_| self.chosen.len() < self.most) {
            let per_page = 2 * self.most + self.seen.len().min(40);
            let query = ListQuery { categories: vec![category.slug.clone()], per_page, ..ListQuery::default() };
            catalog.list(&query).items.iter().for_each(|other| self.add(other));
            near = category.parent.and_then(shelf);
        }
        self
    }

    /// What was picked; spare parts when there is nothing else.
    pub fn take(mut self) -> Vec<Arc<CatalogProduct>> {
        if self.chosen.is_empty() {
            self.parts.truncate(self.most);
            return self.parts;
        }
        self.chosen
    }

    fn list(mut self, product: ProductId, kind: Kind) -> Self {
        let lists = self.lists.clone();
        lists.list(product, kind).for_each(|(id, _)| self.add_by_id(id));
        self
    }

    fn add_by_id(&mut self, id: ProductId) {
        if let Some(entry) = self.catalog.product(id) {
            self.add(entry);
        }
    }

    fn add(&mut self, entry: &Arc<CatalogProduct>) {
        if self.chosen.len() == self.most || !self.is_wanted(entry) {
            return;
        }
        let id = entry.product.id;
        self.seen.push(id);
        let places = if self.catalog.is_spare_part(id) { &mut self.parts } else { &mut self.chosen };
        places.push(entry.clone());
    }

    fn is_wanted(&self, entry: &CatalogProduct) -> bool {
        entry.in_stock() && !self.seen.contains(&entry.product.id)
    }
}
