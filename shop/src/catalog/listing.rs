//! What a list of products is asked for and what it answers: pure over the snapshot.

use std::collections::BTreeMap;
use std::sync::Arc;

use commerce::catalog::Variant;
use commerce::ids::CategoryId;

use super::search::{Fit, Words};
use super::{Catalog, CatalogProduct, Slot};

/// The order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// What fits best first; without words to fit, as best-selling.
    Relevance,
    /// Most sold first.
    BestSelling,
    /// Latest published first.
    Newest,
    /// Cheapest first.
    PriceAscending,
    /// Dearest first.
    PriceDescending,
    /// Best rated first; nothing is rated yet, so as best-selling.
    Rating,
}

impl Sort {
    /// Every order and its name in addresses.
    pub const NAMES: &[(&str, Sort)] = &[
        ("relevance", Sort::Relevance),
        ("best-selling", Sort::BestSelling),
        ("newest", Sort::Newest),
        ("price-asc", Sort::PriceAscending),
        ("price-desc", Sort::PriceDescending),
        ("rating", Sort::Rating),
    ];

    /// The order of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, sort)| *sort)
    }

    /// Its name in addresses.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, sort)| *sort == self).map_or("relevance", |(name, _)| name)
    }
}

/// What is asked for. Values of one kind are alternatives; different kinds must all hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListQuery {
    /// Words to find.
    pub q: Option<String>,
    /// Slugs of categories; what stands below counts too.
    pub categories: Vec<String>,
    /// Brands.
    pub brands: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// The least that a variant costs, in minor units.
    pub min_price: Option<i64>,
    /// The most that a variant costs, in minor units.
    pub max_price: Option<i64>,
    /// Only what can be bought now.
    pub in_stock: bool,
    /// Whether a rating is asked for. Nothing is rated yet, so nothing reaches one.
    pub rated: bool,
    /// Option name to values.
    pub options: BTreeMap<String, Vec<String>>,
    /// Attribute name to values.
    pub attributes: BTreeMap<String, Vec<String>>,
    /// The order; `None` is by relevance with words, else best-selling.
    pub sort: Option<Sort>,
    /// From 1; 0 is taken as 1.
    pub page: usize,
    /// How many on a page; 0 asks for the count alone.
    pub per_page: usize,
}

/// A page of products.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The products of the page.
    pub items: Vec<Arc<CatalogProduct>>,
    /// How many match.
    pub total: usize,
    /// Which page this is, from 1.
    pub page: usize,
    /// How many pages there are.
    pub pages: usize,
}

impl ListQuery {
    /// The order that the list is in.
    pub fn order(&self) -> Sort {
        let usual = if self.q.is_some() { Sort::Relevance } else { Sort::BestSelling };
        self.sort.unwrap_or(usual)
    }
}

impl Catalog {
    /// The products that a query asks for.
    pub fn list(&self, query: &ListQuery) -> Listing {
        let filter = Filter::new(self, query);
        let words = query.q.as_deref().map(Words::of);
        let matching = match words {
            // Signs without a word were typed: nothing is found rather than everything.
            Some(None) => vec![],
            Some(Some(words)) => self.found(&words, &filter, query.order()),
            None => self.order(query.order()).iter().copied().filter(|slot| filter.lets(self.at(*slot))).collect(),
        };
        let page = query.page.max(1);
        let first = (page - 1).saturating_mul(query.per_page);
        let shown = matching.iter().skip(first).take(query.per_page);
        Listing {
            items: shown.map(|slot| self.at(*slot).clone()).collect(),
            total: matching.len(),
            page,
            pages: matching.len().div_ceil(query.per_page.max(1)),
        }
    }

    /// The slots whose text has the words, in an order.
    fn found(&self, words: &Words, filter: &Filter, sort: Sort) -> Vec<Slot> {
        let candidates = self.order(sort).iter().copied().filter(|slot| filter.lets(self.at(*slot)));
        let mut fitting: Vec<(Fit, Slot)> =
            candidates.filter_map(|slot| Some((self.at(slot).text(&self.categories).fit(words)?, slot))).collect();
        if sort == Sort::Relevance {
            // Who types "kettle" wants a kettle before its lid. The sort is stable: equals stay as they sell.
            fitting.sort_by_key(|(fit, slot)| (*fit, self.index.spare_parts.contains(slot)));
        }
        fitting.into_iter().map(|(_, slot)| slot).collect()
    }

    /// Every product in an order.
    pub fn in_order(&self, sort: Sort) -> impl Iterator<Item = &CatalogProduct> {
        self.order(sort).iter().map(|slot| self.at(*slot).as_ref())
    }

    fn order(&self, sort: Sort) -> &[Slot] {
        match sort {
            Sort::Relevance | Sort::BestSelling | Sort::Rating => &self.index.best_selling,
            Sort::Newest => &self.index.newest,
            Sort::PriceAscending => &self.index.price_ascending,
            Sort::PriceDescending => &self.index.price_descending,
        }
    }
}

/// A query made ready to be asked of every product.
struct Filter<'q> {
    query: &'q ListQuery,
    categories: Vec<CategoryId>,
    by_variant: bool,
}

impl<'q> Filter<'q> {
    fn new(catalog: &Catalog, query: &'q ListQuery) -> Self {
        let known = query.categories.iter().filter_map(|slug| catalog.categories.by_slug(slug));
        let by_variant =
            query.in_stock || query.min_price.is_some() || query.max_price.is_some() || !query.options.is_empty();
        Self { query, categories: known.map(|category| category.id).collect(), by_variant }
    }

    fn lets(&self, entry: &CatalogProduct) -> bool {
        let query = self.query;
        let product = &entry.product;
        !query.rated
            && (query.categories.is_empty() || self.categories.iter().any(|id| entry.lineage.contains(id)))
            && (query.brands.is_empty() || product.brand.iter().any(|brand| one_of(&query.brands, brand)))
            && (query.tags.is_empty() || product.tags.iter().any(|tag| one_of(&query.tags, tag)))
            && query.attributes.iter().all(|(name, values)| {
                entry.attributes.iter().any(|(own, value)| same(own, name) && one_of(values, value))
            })
            && (!self.by_variant || product.variants.iter().any(|variant| self.lets_variant(entry, variant)))
    }

    /// Price, stock and options have to hold for one and the same variant.
    fn lets_variant(&self, entry: &CatalogProduct, variant: &Variant) -> bool {
        let query = self.query;
        let price = variant.price.minor;
        query.min_price.is_none_or(|least| price >= least)
            && query.max_price.is_none_or(|most| price <= most)
            && (!query.in_stock || variant.sellable(1))
            && query.options.iter().all(|(name, values)| {
                let axis = entry.product.options.iter().position(|axis| same(&axis.name, name));
                axis.and_then(|axis| variant.values.get(axis)).is_some_and(|value| one_of(values, value))
            })
    }
}

fn one_of(wanted: &[String], value: &str) -> bool {
    wanted.iter().any(|wanted| same(wanted, value))
}

/// Whether two names are the same but for case.
fn same(one: &str, other: &str) -> bool {
    one == other || one.chars().flat_map(char::to_lowercase).eq(other.chars().flat_map(char::to_lowercase))
}
