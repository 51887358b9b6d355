//! What could be meant by the beginning of a search.

use std::sync::Arc;

use commerce::catalog::Category;
use discovery::search::fold;

use super::best;
use crate::catalog::{Catalog, CatalogProduct};

/// How many of each kind are suggested.
const QUERIES: usize = 4;
const PRODUCTS: usize = 5;
const CATEGORIES: usize = 3;

/// Ways on from what was typed so far.
#[derive(Default)]
pub struct Suggested<'a> {
    /// How the words may go on.
    pub queries: Vec<String>,
    /// Products that fit already.
    pub products: Vec<&'a Arc<CatalogProduct>>,
    /// Categories with a word that begins so.
    pub categories: Vec<&'a Category>,
}

impl Catalog {
    /// Ways on from what was typed so far; none before a letter was.
    pub fn suggest(&self, typed: &str) -> Suggested<'_> {
        let words = fold(typed.trim());
        if !words.contains(char::is_alphanumeric) {
            return Suggested::default();
        }
        let (mut found, _) = self.search(typed, true);
        let completions = self.finder.as_ref().map(|finder| finder.completions(typed, QUERIES)).unwrap_or_default();
        let categories = self.categories.named_like(&words).filter(|category| self.count_in(category.id) > 0);
        Suggested {
            queries: completions.iter().filter(|query| **query != words).cloned().collect(),
            products: best(&mut found, PRODUCTS).map(|slot| self.at(slot)).collect(),
            categories: categories.take(CATEGORIES).collect(),
        }
    }
}
