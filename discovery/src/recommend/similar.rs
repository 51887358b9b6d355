//! What is like a product by what it says about itself, for products nobody has bought yet; and by who looks at both.

use std::collections::HashMap;

use super::matrix::{Sums, strongest};
use super::together::Together;

/// What is known about a product itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Content {
    /// The words of its title and text, folded as for a search.
    pub words: Vec<String>,
    /// Categories, collections and tags, by any number of their own.
    pub categories: Vec<u32>,
    /// The brand, if any.
    pub brand: Option<u32>,
    /// The price in any unit that is the same for all; nothing when unknown.
    pub price: Option<f32>,
}

/// Finds products that are alike: words weighed by how seldom they are (TF-IDF, Salton & Buckley 1988, with the
/// logarithm of repetitions), categories likewise, a brand in common, and a price of the same order.
pub struct Similar {
    /// For each product its terms and their weights, of length one together.
    terms: Vec<Vec<(u32, f32)>>,
    /// For each term the products that have it.
    holders: Vec<Vec<(u32, f32)>>,
    /// The logarithm of each price, to base 2.
    prices: Vec<Option<f32>>,
}

#[derive(PartialEq, Eq, Hash)]
enum Term<'a> {
    Word(&'a str),
    Category(u32),
    Brand(u32),
}

impl Similar {
    /// Prepares a catalog; products are their places in it.
    pub fn new(catalog: &[Content]) -> Self {
        let mut numbers = HashMap::new();
        let counted: Vec<HashMap<u32, f32>> = catalog.iter().map(|content| count(content, &mut numbers)).collect();
        let mut frequency = vec![0.0f32; numbers.len()];
        counted.iter().flat_map(HashMap::keys).for_each(|&term| frequency[term as usize] += 1.0);
        let rarity = |term: u32| (catalog.len() as f32 / frequency[term as usize]).ln();
        let weighed = counted.iter().map(|terms| {
            let mut terms: Vec<(u32, f32)> =
                terms.iter().map(|(&term, &count)| (term, (1.0 + count.ln()) * rarity(term))).collect();
            terms.sort_unstable_by_key(|entry| entry.0);
            let length = terms.iter().map(|entry| entry.1 * entry.1).sum::<f32>().sqrt();
            terms.iter_mut().for_each(|entry| entry.1 /= length.max(f32::MIN_POSITIVE));
            terms
        });
        let terms: Vec<_> = weighed.collect();
        let mut holders = vec![Vec::new(); numbers.len()];
        for (product, terms) in (0..).zip(&terms) {
            terms.iter().for_each(|&(term, weight)| holders[term as usize].push((product, weight)));
        }
        let price = |content: &Content| content.price.filter(|price| *price > 0.0).map(f32::log2);
        Self { terms, holders, prices: catalog.iter().map(price).collect() }
    }

    /// Room for [`Similar::neighbours`], to be kept between calls.
    pub fn scratch(&self) -> Sums {
        Sums::new(self.terms.len())
    }

    /// The `kept` products most like one, strongest first, scores between 0 and about 1. Being looked at in the same
    /// visits (`views`) counts as much as being alike.
    pub fn neighbours(&self, product: u32, views: &Together, kept: usize, sums: &mut Sums) -> Vec<(u32, f32)> {
        /// What so many products share says nothing, and would take the longest to add up.
        const COMMON: usize = 5_000;
        const SHRINKAGE: f32 = 5.0;
        let Some(terms) = self.terms.get(product as usize) else { return Vec::new() };
        for &(term, weight) in terms {
            let holders = &self.holders[term as usize];
            if holders.len() <= COMMON {
                sums.add_row(holders, weight);
            }
        }
        let alike = sums.take().into_iter().map(|(other, like)| (other, like * self.nearness(product, other)));
        let mut seen: HashMap<u32, f32> = views.neighbours(product, SHRINKAGE, kept).into_iter().collect();
        // Most shops have counted nothing of most products.
        let mut also_seen = |other| if seen.is_empty() { None } else { seen.remove(&other) };
        let with_views = alike.map(|(other, like)| (other, like + also_seen(other).unwrap_or(0.0)));
        let mut all: Vec<(u32, f32)> = with_views.filter(|entry| entry.1 > 0.01 && entry.0 != product).collect();
        all.extend(seen);
        strongest(all, kept)
    }

    /// How near two prices are: 1 for the same, 0.7 for a double or half, never below 0.5.
    fn nearness(&self, one: u32, other: u32) -> f32 {
        match (self.prices[one as usize], self.prices[other as usize]) {
            (Some(one), Some(other)) => (1.0 - 0.3 * (one - other).abs()).max(0.5),
            _ => 0.8,
        }
    }
}

/// How often each term stands in a product, terms numbered as they come.
fn count<'a>(content: &'a Content, numbers: &mut HashMap<Term<'a>, u32>) -> HashMap<u32, f32> {
    let words = content.words.iter().map(|word| Term::Word(word));
    let categories = content.categories.iter().map(|&category| Term::Category(category));
    let mut counts = HashMap::new();
    for term in words.chain(categories).chain(content.brand.map(Term::Brand)) {
        let next = u32::try_from(numbers.len()).expect("a catalog has fewer than four thousand million terms");
        *counts.entry(*numbers.entry(term).or_insert(next)).or_insert(0.0) += 1.0;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::{Content, Similar, Together};

    fn content(title: &str, category: u32, price: f32) -> Content {
        let words = title.split(' ').map(str::to_owned).collect();
        Content { words, categories: vec![category], brand: None, price: Some(price) }
    }

    #[test]
    fn products_are_like_those_which_say_the_same_at_the_same_price() {
        let catalog = [
            content("green tea tin", 1, 9.0),
            content("green tea bags", 1, 8.0),
            content("green tea chest", 1, 90.0),
            content("garden chair", 2, 9.0),
            content("garden table", 2, 9.0),
        ];
        let similar = Similar::new(&catalog);
        let mut scratch = similar.scratch();
        let mut near = |views: &Together| {
            let near = similar.neighbours(0, views, 10, &mut scratch);
            near.into_iter().map(|entry| entry.0).collect::<Vec<_>>()
        };
        assert_eq!(near(&Together::default()), [1, 2]);
        let mut views = Together::default();
        (0..50).for_each(|_| views.add(&[0, 4]));
        assert_eq!(near(&views), [4, 1, 2]);
        assert!(similar.neighbours(99, &views, 10, &mut scratch).is_empty());
    }
}
