//! The read side: the published catalog in memory. A snapshot never changes; [`refresh`] makes the next one from what
//! happened and swaps it in. Stock in here is a hint; the sale decides.

mod attributes;
mod categories;
pub mod facets;
pub mod finder;
mod index;
pub mod listing;
mod product;
pub mod query;
pub mod recommend;
pub mod refresh;
mod search;
mod versions;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use commerce::catalog::{Category, StockState, Variant};
use commerce::ids::{CategoryId, ProductId, VariantId};
use tokio::task::spawn_blocking;
use uuid::Uuid;

pub use attributes::Attributes;
pub use categories::{Categories, Face};
pub use index::Slot;
pub use product::{CatalogProduct, on_sale};
pub use versions::Part;

use crate::error::{Error, Result};
use crate::store::catalog::{LinkKind, LoadedProduct, ProductLink, StockLevel};
use crate::store::events::Cursor;
use crate::store::{self, Db, settings};
use facets::{Columns, Facts, Terms};
use finder::Finder;
use index::Index;
use versions::Versions;

/// The published catalog at one moment.
#[derive(Clone, Default)]
pub struct Catalog {
    products: Vec<Arc<CatalogProduct>>,
    index: Arc<Index>,
    categories: Arc<Categories>,
    moved: Arc<Moved>,
    sold: Arc<HashMap<ProductId, i64>>,
    read_to: Cursor,
    low: OnceLock<usize>,
    /// By variant, as the columns count them: whether it can be bought now.
    sellable: OnceLock<Arc<Vec<bool>>>,
    /// By product: what a search multiplies its score by.
    priors: OnceLock<Arc<Vec<f32>>>,
    terms: Arc<Terms>,
    /// The attributes that staff chose to filter by.
    filters: Arc<Vec<String>>,
    /// What words are searched with; a snapshot without one looks through the words itself.
    finder: Option<Arc<Finder>>,
    versions: Versions,
}

/// Where old addresses lead now.
#[derive(Debug, Default, PartialEq)]
struct Moved {
    products: HashMap<String, ProductId>,
    categories: HashMap<String, CategoryId>,
}

/// What was read of products as it is shown; each half on a core of its own.
async fn made_up(mut first: Vec<LoadedProduct>, categories: &Arc<Categories>) -> Result<Vec<Arc<CatalogProduct>>> {
    let second = first.split_off(first.len() / 2);
    let half = |loaded: Vec<LoadedProduct>| {
        let categories = categories.clone();
        let make = move |one| Arc::new(CatalogProduct::new(one, &categories));
        spawn_blocking(move || loaded.into_iter().map(make).collect::<Vec<_>>())
    };
    let (first, second) = tokio::try_join!(half(first), half(second)).map_err(|e| Error::Internal(e.to_string()))?;
    Ok([first, second].concat())
}

impl Catalog {
    /// Reads the whole published catalog. What filters look through is left to [`Catalog::laid_out`]: the doors need not
    /// wait for it, and who filters before works it out.
    pub async fn load(db: &Db) -> Result<Self> {
        let mut conn = db.read().await?;
        // The cursor comes first: what commits while the tables are read is read again, never skipped.
        let read_to = store::events::cursor(&mut conn).await?;
        let categories = Categories::build(store::catalog::categories(&mut conn).await?);
        let categories = Arc::new(categories.map_err(|error| Error::Internal(error.to_string()))?);
        let moved = Moved::new(store::catalog::old_slugs(&mut conn).await?);
        let sold = store::catalog::sold(&mut conn).await?;
        let filters = settings::load(&mut conn).await?.map(|settings| settings.filter_attributes).unwrap_or_default();
        drop(conn);
        let loaded = store::catalog::all_products(db).await?;
        let products = made_up(loaded, &categories).await?;
        Ok(Self {
            index: Arc::new(Index::build(&products, &categories, &moved.products, &sold)),
            products,
            categories,
            moved: Arc::new(moved),
            sold: Arc::new(sold),
            read_to,
            filters: Arc::new(filters),
            ..Self::default()
        })
    }

    /// The same snapshot with what filters look through laid out, on a thread of its own.
    pub async fn laid_out(self) -> Result<Self> {
        let lay_out = move || {
            self.lay_out();
            self
        };
        spawn_blocking(lay_out).await.map_err(|error| Error::Internal(error.to_string()))
    }

    /// The same snapshot, searched with an index.
    pub fn with_finder(self, finder: &Arc<Finder>) -> Self {
        Self { finder: Some(finder.clone()), ..self }
    }

    /// Every product, oldest first.
    pub fn products(&self) -> &[Arc<CatalogProduct>] {
        &self.products
    }

    /// A product by id.
    pub fn product(&self, id: ProductId) -> Option<&Arc<CatalogProduct>> {
        self.index.by_id.get(&id).map(|slot| self.at(*slot))
    }

    /// A product by its name in URLs.
    pub fn by_slug(&self, slug: &str) -> Option<&Arc<CatalogProduct>> {
        self.index.by_slug.get(slug).map(|slot| self.at(*slot))
    }

    /// A variant and the product it belongs to.
    pub fn variant(&self, id: VariantId) -> Option<(&Arc<CatalogProduct>, &Variant)> {
        let entry = self.at(*self.index.by_variant.get(&id)?);
        Some((entry, entry.variant(id)?))
    }

    /// The product that once had this name in URLs.
    pub fn moved_product(&self, slug: &str) -> Option<&Arc<CatalogProduct>> {
        self.product(*self.moved.products.get(slug)?)
    }

    /// The category that once had this name in URLs.
    pub fn moved_category(&self, slug: &str) -> Option<&Category> {
        self.categories.get(*self.moved.categories.get(slug)?)
    }

    /// The products that one leads to, in order, each with its link.
    pub fn linked<'a>(
        &'a self,
        entry: &'a CatalogProduct,
        kind: LinkKind,
    ) -> impl Iterator<Item = (&'a ProductLink, &'a Arc<CatalogProduct>)> {
        let target = |slug: &str| self.by_slug(slug).or_else(|| self.moved_product(slug));
        entry.links(kind).filter_map(move |link| Some((link, target(&link.slug)?)))
    }

    /// Whether a product is a spare part of another.
    pub fn is_spare_part(&self, id: ProductId) -> bool {
        self.index.by_id.get(&id).is_some_and(|slot| self.index.spare_parts.contains(slot))
    }

    /// The tree of categories.
    pub fn categories(&self) -> &Categories {
        &self.categories
    }

    /// How many products stand in a category or below.
    pub fn count_in(&self, category: CategoryId) -> usize {
        self.index.shelves.get(&category).map_or(0, |shelf| shelf.count)
    }

    /// The picture of a category that has products.
    pub fn face_of(&self, category: CategoryId) -> Option<&Face> {
        self.index.shelves.get(&category)?.face.as_ref()
    }

    /// What stands directly under a category and has products; under `None`, the top.
    pub fn filled_children(&self, parent: Option<CategoryId>) -> impl Iterator<Item = &Category> {
        self.categories.children(parent).filter(|category| self.count_in(category.id) > 0)
    }

    /// Every variant that runs low or is sold out, with its product.
    pub fn low_stock(&self) -> impl Iterator<Item = (&Arc<CatalogProduct>, &Variant)> {
        let is_low = |state| matches!(state, StockState::Low | StockState::Out);
        self.products.iter().flat_map(move |entry| {
            let low = entry.product.variants.iter().filter(move |variant| is_low(entry.stock_of(variant)));
            low.map(move |variant| (entry, variant))
        })
    }

    /// How many there are of them, counted once.
    pub fn low_count(&self) -> usize {
        *self.low.get_or_init(|| self.low_stock().count())
    }

    /// The last event that is in here.
    pub fn read_to(&self) -> Cursor {
        self.read_to
    }

    /// The number of this snapshot: no other one of the process has it.
    pub fn snapshot(&self) -> u64 {
        self.versions.snapshot()
    }

    /// The snapshot in which a part was last changed; `None` is a product that is not here.
    pub fn version(&self, part: Part) -> Option<u64> {
        let is_here = match part {
            Part::Product(id) | Part::Counted(id) => self.index.by_id.contains_key(&id),
            _ => true,
        };
        is_here.then(|| self.versions.of(part))
    }

    fn at(&self, slot: Slot) -> &Arc<CatalogProduct> {
        &self.products[slot as usize]
    }

    /// The same snapshot, to be changed by the events up to a cursor.
    fn next(&self, read_to: Cursor) -> Self {
        Self { read_to, low: OnceLock::new(), versions: self.versions.next(), ..self.clone() }
    }

    /// Works out what filters look through, so that nobody has to wait for it.
    pub fn lay_out(&self) {
        self.columns();
        self.sellable();
        self.priors();
    }

    /// What filters look through.
    fn columns(&self) -> &Columns {
        self.index.columns.get_or_init(|| {
            let facts: Vec<&Facts> =
                self.products.iter().map(|entry| entry.facts(&self.categories, &self.terms)).collect();
            Columns::build(&self.products, &facts, &self.filters, &self.terms.table())
        })
    }

    /// By variant, as the columns count them: whether it can be bought now.
    fn sellable(&self) -> &[bool] {
        let variants = || self.products.iter().flat_map(|entry| &entry.product.variants);
        self.sellable.get_or_init(|| Arc::new(variants().map(|variant| variant.sellable(1)).collect()))
    }

    /// Puts products in the place of their older selves; those of `touched` that are not among them are gone.
    fn replace(mut self, touched: &[ProductId], loaded: Vec<LoadedProduct>) -> Self {
        let touched: HashSet<ProductId> = touched.iter().copied().collect();
        let (before, kept) = self.products.drain(..).partition(|entry| touched.contains(&entry.product.id));
        let before: Vec<Arc<CatalogProduct>> = before;
        self.products = kept;
        let categories = self.categories.clone();
        let made = loaded.into_iter().map(|one| Arc::new(CatalogProduct::new(one, &categories)));
        let mut after: Vec<Arc<CatalogProduct>> = made.collect();
        after.sort_by_key(|entry| entry.product.id);
        self.versions.edited(&before, &after);
        self.products.extend(after);
        self.products.sort_by_key(|entry| entry.product.id);
        self.sellable = OnceLock::new();
        self.reindex();
        self
    }

    fn reindex(&mut self) {
        let index = Index::build(&self.products, &self.categories, &self.moved.products, &self.sold);
        self.versions.refilled(&self.index.shelves, &index.shelves);
        self.index = Arc::new(index);
        self.priors = OnceLock::new();
    }

    /// Takes over what lies in stock now. No order and no way in depends on it, so the index stays.
    fn restock(&mut self, levels: &[StockLevel]) {
        let mut by_slot: HashMap<Slot, Vec<StockLevel>> = HashMap::new();
        for level in levels {
            if let Some(slot) = self.index.by_variant.get(&level.variant) {
                by_slot.entry(*slot).or_default().push(*level);
            }
        }
        for (slot, levels) in by_slot {
            let entry = &mut self.products[slot as usize];
            let restocked = entry.with_stock(&levels);
            self.versions.restocked(entry, &restocked);
            *entry = Arc::new(restocked);
            self.count_sellable(slot);
            self.weigh(slot);
        }
    }

    /// Counts anew which variants of a product can be bought, if somebody has counted before.
    fn count_sellable(&mut self, slot: Slot) {
        if let (Some(columns), Some(sellable)) = (self.index.columns.get(), self.sellable.get_mut()) {
            let variants = &self.products[slot as usize].product.variants;
            let places = &mut Arc::make_mut(sellable)[columns.variants_of(slot as usize)];
            places.iter_mut().zip(variants).for_each(|(place, variant)| *place = variant.sellable(1));
        } else {
            self.sellable = OnceLock::new();
        }
    }

    /// Weighs a product anew, if somebody has weighed before.
    fn weigh(&mut self, slot: Slot) {
        let prior = self.prior(slot);
        if let Some(priors) = self.priors.get_mut().filter(|priors| priors[slot as usize] != prior) {
            Arc::make_mut(priors)[slot as usize] = prior;
        }
    }

    /// Takes over how many pieces of each product were ordered.
    fn rank(&mut self, sold: HashMap<ProductId, i64>) {
        self.sold = Arc::new(sold);
        let before = self.index.clone();
        self.reindex();
        self.versions.reordered(&self.products, &before.best_selling, &self.index.best_selling);
    }

    /// The same snapshot, of which other products are recommended.
    fn recommended_anew(&self) -> Self {
        let mut next = self.next(self.read_to);
        next.versions.recommended();
        next
    }

    /// Takes over where old addresses lead.
    fn redirect(&mut self, old: Vec<store::catalog::OldSlug>) {
        let moved = Moved::new(old);
        if *self.moved != moved {
            self.versions.renamed();
        }
        self.moved = Arc::new(moved);
    }
}

impl Moved {
    fn new(old: Vec<store::catalog::OldSlug>) -> Self {
        let of = |entity: &str| -> Vec<(String, Uuid)> {
            let of_entity = old.iter().filter(|old| old.entity == entity);
            of_entity.map(|old| (old.slug.clone(), old.entity_id)).collect()
        };
        Self {
            products: of("product").into_iter().map(|(slug, id)| (slug, ProductId(id))).collect(),
            categories: of("category").into_iter().map(|(slug, id)| (slug, CategoryId(id))).collect(),
        }
    }
}
