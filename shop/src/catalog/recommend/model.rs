//! The lists computed: from the catalog in memory and from the latest orders. Heavy; run on a thread of its own.

use std::collections::HashMap;
use std::sync::Arc;

use commerce::catalog::fold;
use commerce::ids::ProductId;
use discovery::recommend::ease::Ease;
use discovery::recommend::history::{DAY, History, Purchase};
use discovery::recommend::matrix::{Sparse, strongest};
use discovery::recommend::popularity::{popularity, trending};
use discovery::recommend::shopper::Shopper;
use discovery::recommend::similar::{Content, Similar};
use discovery::recommend::together::Together;

use crate::catalog::{Catalog, CatalogProduct};
use crate::store::product_views::Seen;
use crate::store::recommendations::{Kind, List, Lists, SHOP};

/// How many of a list are kept: enough to leave out what is sold out or in the cart.
const TOGETHER: usize = 12;
const SIMILAR: usize = 12;
const GOES_WITH: usize = 50;
const TRENDING: usize = 24;
/// Both bought this often counts half of what always would.
const SHRINKAGE: f32 = 5.0;
/// The most bought products are regressed; memory is 4 bytes for each pair of them.
const REGRESSED: usize = 4_000;
/// What careful weights the linear model has; as in the measured model.
const RIDGE: f32 = 500.0;
/// A lighter weight is chance: in a small shop it takes about five buyers of both to weigh more.
const LIGHT: f32 = 0.01;
/// So many products of a customer count, the latest.
const REMEMBERED: usize = 400;
/// Days after which a purchase counts half for what trends.
const HALF_LIFE: f32 = 7.0;
/// A shop that has sold for fewer days has no usual: there what sells well trends.
const USUAL_AFTER: i64 = 28;
/// Words of all products together, and of one: so that a large catalog fits into memory.
const MOST_WORDS: usize = 2_400_000;
const WORDS_EACH: usize = 40;

/// What is to be worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// What was bought in the same orders, and what trends.
    pub together: bool,
    /// What products say about themselves.
    pub similar: bool,
    /// The linear model.
    pub goes_with: bool,
}

/// What was looked at by those who agreed to have it counted.
#[derive(Clone, Debug, Default)]
pub struct Views {
    /// As long as it is kept: for what is like what.
    pub seen: Vec<Seen>,
    /// Of the last days, the most looked at first: for what trends where little is bought.
    pub lately: Vec<ProductId>,
}

/// Everything that lists are read off from. Products are their places in the snapshot.
pub struct Model {
    catalog: Arc<Catalog>,
    together: Option<Together>,
    similar: Option<(Similar, Together)>,
    goes_with: Option<Sparse>,
    trending: Option<List>,
}

impl Model {
    /// Computes what is asked for; `now` is in seconds since 1970.
    pub fn new(catalog: Arc<Catalog>, history: &History, views: &Views, work: Work, now: i64) -> Self {
        let purchases = of_the_catalog(&catalog, history);
        let (customers, products) = (history.customers().len(), catalog.products().len());
        Self {
            together: work.together.then(|| baskets(&purchases)),
            similar: work.similar.then(|| (Similar::new(&contents(&catalog)), looked_at(&catalog, &views.seen))),
            goes_with: work.goes_with.then(|| linear(&purchases, customers, products)),
            trending: work.together.then(|| trends(&catalog, &purchases, &views.lately, now)),
            catalog,
        }
    }

    /// The lists about some products, all of those that were worked out; one that has nothing in it is empty.
    pub fn about(&self, products: &[ProductId]) -> Lists {
        let mut scratch = self.similar.as_ref().map(|(similar, views)| (similar, views, similar.scratch()));
        let mut lists = Lists::new();
        for product in products {
            let Some(slot) = self.catalog.index.by_id.get(product).copied() else { continue };
            if let Some(together) = &self.together {
                let near = together.neighbours(slot, SHRINKAGE, TOGETHER);
                lists.insert((*product, Kind::Together), self.list(&near, 1e3));
            }
            if let Some((similar, views, sums)) = &mut scratch {
                let near = similar.neighbours(slot, views, SIMILAR, sums);
                lists.insert((*product, Kind::Similar), self.list(&near, 1e3));
            }
            if let Some(goes_with) = &self.goes_with {
                let row = goes_with.row(slot as usize);
                let heavy = row.partition_point(|entry| entry.1 >= LIGHT);
                lists.insert((*product, Kind::GoesWith), self.list(&row[..heavy], 1e6));
            }
        }
        lists
    }

    /// The list of the whole shop, if it was worked out.
    pub fn of_the_shop(&self) -> Lists {
        self.trending.iter().map(|list| ((SHOP, Kind::Trending), list.clone())).collect()
    }

    /// Scores as whole numbers: what is stored compares exactly. Those that round to nothing are left out.
    fn list(&self, near: &[(u32, f32)], scale: f32) -> List {
        let whole =
            near.iter().map(|&(slot, score)| (self.catalog.at(slot).product.id, (score * scale).round() as i64));
        whole.filter(|(_, score)| *score > 0).collect()
    }
}

/// The purchases of what is still for sale, with products by their places in the snapshot.
fn of_the_catalog(catalog: &Catalog, history: &History) -> Vec<Purchase> {
    let slot = |name: &String| catalog.index.by_id.get(&name.parse().ok()?).copied();
    let slots: Vec<Option<u32>> = history.products().iter().map(slot).collect();
    let known = history.purchases().iter();
    known.filter_map(|one| Some(Purchase { product: slots[one.product as usize]?, ..*one })).collect()
}

/// What was looked at in the same visits, with products by their places in the snapshot.
fn looked_at(catalog: &Catalog, seen: &[Seen]) -> Together {
    let slot = |product: &ProductId| catalog.index.by_id.get(product).copied();
    let mut together = Together::default();
    for Seen { pair: (one, other), views } in seen {
        if let (Some(one), Some(other)) = (slot(one), slot(other)) {
            together.count(one, other, u32::try_from(*views).unwrap_or(u32::MAX));
        }
    }
    together
}

fn baskets(purchases: &[Purchase]) -> Together {
    let mut lines: Vec<(u32, u32)> = purchases.iter().map(|purchase| (purchase.order, purchase.product)).collect();
    lines.sort_unstable();
    let mut together = Together::default();
    let mut basket = Vec::new();
    for order in lines.chunk_by(|one, other| one.0 == other.0) {
        basket.clear();
        basket.extend(order.iter().map(|line| line.1));
        together.add(&basket);
    }
    together
}

/// A row for each product with what its buyers buy besides, by the measured linear model.
fn linear(purchases: &[Purchase], customers: usize, products: usize) -> Sparse {
    let shoppers = Shopper::all(purchases, customers);
    let bought = Sparse::from_rows(shoppers.iter().map(|shopper| {
        let mut row: Vec<_> = shopper.owned.iter().take(REMEMBERED).map(|owned| (owned.product, 1.0)).collect();
        row.sort_unstable_by_key(|entry| entry.0);
        row
    }));
    Ease { products: REGRESSED, ridge: RIDGE, dropout: 0.0, kept: GOES_WITH }.fit(&bought, products)
}

/// What trends, its rank from the end as its score: a score that fades with every hour would always be another one.
/// What is bought stands before what is only looked at.
fn trends(catalog: &Catalog, purchases: &[Purchase], lately: &[ProductId], now: i64) -> List {
    let products = catalog.products().len();
    let is_young = purchases.first().is_none_or(|first| now - first.time < USUAL_AFTER * DAY);
    let strong = if is_young {
        let sums = popularity(purchases, products, now, Some(HALF_LIFE));
        strongest((0..).zip(sums).filter(|&(_, sum)| sum > 0.0).collect(), TRENDING)
    } else {
        trending(purchases, products, now, HALF_LIFE, TRENDING)
    };
    let mut ids: Vec<ProductId> = strong.iter().map(|&(slot, _)| catalog.at(slot).product.id).collect();
    let looked_at: Vec<_> = lately.iter().filter(|id| !ids.contains(id)).take(TRENDING - ids.len()).copied().collect();
    ids.extend(looked_at);
    ids.into_iter().rev().zip(1..).collect::<Vec<_>>().into_iter().rev().collect()
}

/// What products say about themselves, in the order of the snapshot.
fn contents(catalog: &Catalog) -> Vec<Content> {
    let each = (MOST_WORDS / catalog.products().len().max(1)).clamp(6, WORDS_EACH);
    let mut categories = HashMap::new();
    let mut brands = HashMap::new();
    let content = |entry: &Arc<CatalogProduct>| Content {
        words: words(entry, each),
        categories: entry.lineage.iter().map(|id| numbered(&mut categories, *id)).collect(),
        brand: entry.product.brand.as_ref().map(|brand| numbered(&mut brands, fold(brand))),
        price: Some(entry.price.minor as f32),
    };
    catalog.products().iter().map(content).collect()
}

/// The words of a product, those of its name first.
fn words(entry: &CatalogProduct, most: usize) -> Vec<String> {
    let product = &entry.product;
    let attributes = entry.attributes.iter().map(|(_, value)| value);
    let texts = [product.name.as_str()].into_iter().chain(product.tags.iter().map(String::as_str)).chain(attributes);
    let texts = texts.chain(product.summary.as_deref()).map(fold);
    let split = |text: String| {
        let words = text.split(|sign: char| !sign.is_alphanumeric()).filter(|word| word.chars().count() > 1);
        words.map(str::to_owned).collect::<Vec<_>>()
    };
    texts.flat_map(split).take(most).collect()
}

fn numbered<K: Eq + std::hash::Hash>(numbers: &mut HashMap<K, u32>, key: K) -> u32 {
    let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
    *numbers.entry(key).or_insert(next)
}
