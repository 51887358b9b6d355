//! What a list of products is asked for and what it answers: pure over the snapshot.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::facets::{Counted, Facets, Look, Making, Question};
use super::finder::{Fitting, Understood};
use super::search::{Fit, Words};
use super::{Catalog, CatalogProduct, Slot, finder};

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
    /// The slug of the category that is listed; what stands below counts too.
    pub within: Option<String>,
    /// Slugs of categories to choose among; what stands below counts too.
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
    /// Only what cost more before.
    pub on_sale: bool,
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
    /// What was understood of the words.
    pub understood: Understood,
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
        self.look(query, false).0
    }

    /// The products that a query asks for, and what the list can be narrowed by.
    pub fn list_counted(&self, query: &ListQuery) -> (Listing, Facets) {
        let (listing, counted) = self.look(query, true);
        let making = Making {
            query,
            counted: &counted,
            table: &self.terms.table(),
            columns: self.columns(),
            categories: &self.categories,
            are_chosen: !self.filters.is_empty(),
        };
        (listing, making.facets())
    }

    fn look(&self, query: &ListQuery, counts: bool) -> (Listing, Counted) {
        let (found, understood) = match query.q.as_deref().map(|typed| self.search(typed, false)) {
            Some((found, understood)) => (Some(found), understood),
            None => (None, Understood::default()),
        };
        let counted = self.count(query, found.as_deref(), counts);
        let is_asked = |slot: Slot| counted.matching[slot as usize];
        let page = query.page.max(1);
        let first = (page - 1).saturating_mul(query.per_page);
        let shown: Vec<Slot> = match (found, query.order()) {
            (Some(mut found), Sort::Relevance) => {
                found.retain(|fitting| is_asked(fitting.slot));
                finder::best(&mut found, first.saturating_add(query.per_page)).skip(first).collect()
            }
            (_, sort) => {
                let asked = self.order(sort).iter().copied().filter(|slot| is_asked(*slot));
                asked.skip(first).take(query.per_page).collect()
            }
        };
        let listing = Listing {
            items: shown.into_iter().map(|slot| self.at(slot).clone()).collect(),
            total: counted.total,
            page,
            pages: counted.total.div_ceil(query.per_page.max(1)),
            understood,
        };
        (listing, counted)
    }

    /// Looks which products meet the conditions; with words, only at those that were found.
    fn count(&self, query: &ListQuery, found: Option<&[Fitting]>, counts: bool) -> Counted {
        let columns = self.columns();
        let question = Question::new(query, &self.terms.table(), columns);
        let look = Look { columns, sellable: self.sellable(), question: &question, counts };
        let all = self.products.len();
        let shelf = question.within.map(|category| category.map_or(&[][..], |category| columns.shelf(category)));
        match (found, shelf) {
            _ if query.rated => look.over(all, std::iter::empty()),
            (Some(found), shelf) => {
                let is_on_it = |slot: &Slot| shelf.is_none_or(|shelf| shelf.binary_search(slot).is_ok());
                look.over(all, found.iter().map(|fitting| fitting.slot).filter(is_on_it))
            }
            (None, Some(shelf)) => look.over(all, shelf.iter().copied()),
            (None, None) => look.over(all, 0..all as Slot),
        }
    }

    /// The products whose text has the words, what fits best first: as long as there is no index.
    pub(super) fn plainly(&self, typed: &str) -> Vec<Slot> {
        // Signs without a word were typed: nothing is found rather than everything.
        let Some(words) = Words::of(typed) else { return vec![] };
        let candidates = self.order(Sort::Relevance).iter().copied();
        let mut fitting: Vec<(Fit, Slot)> =
            candidates.filter_map(|slot| Some((self.at(slot).text(&self.categories).fit(&words)?, slot))).collect();
        // Who types "kettle" wants a kettle before its lid. The sort is stable: equals stay as they sell.
        fitting.sort_by_key(|(fit, slot)| (*fit, self.index.spare_parts.contains(slot)));
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
