//! A plain search by words: every word has to begin a word of the product's text.

use std::sync::Arc;

use commerce::catalog::{Category, Product, fold};

use super::attributes::Attributes;
use super::{Catalog, CatalogProduct};

/// The text of a product as a search looks through it: folded words, each with a space before it.
#[derive(Clone, Debug, Default)]
pub struct SearchText {
    name: String,
    skus: Vec<String>,
    all: String,
}

/// What was searched for, ready to be compared.
#[derive(Clone, Debug)]
pub struct Words {
    whole: String,
    each: Vec<String>,
}

/// How well a product fits, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// What was typed is an article number of it.
    Sku,
    /// What was typed is its name.
    WholeName,
    /// Every word is in its name.
    Name,
    /// Every word is somewhere.
    Text,
}

impl Catalog {
    /// The few products that fit what was typed best.
    pub fn find(&self, typed: &str, most: usize) -> Vec<&Arc<CatalogProduct>> {
        let Some(words) = Words::of(typed) else { return vec![] };
        let fit = |entry: &CatalogProduct| entry.text(self.categories()).fit(&words);
        let fits = self.products().iter().filter_map(|entry| Some((fit(entry)?, entry)));
        let mut found: Vec<_> = fits.collect();
        found.sort_by_key(|(fit, entry)| (*fit, entry.product.id));
        found.into_iter().take(most).map(|(_, entry)| entry).collect()
    }
}

impl SearchText {
    /// The text of a product that stands in these categories.
    pub fn of<'a>(product: &Product, attributes: &Attributes, categories: impl Iterator<Item = &'a Category>) -> Self {
        let skus: Vec<String> = product.variants.iter().filter_map(|v| v.sku.as_deref()).map(words).collect();
        let mut text = product.name.clone();
        let mut add = |part: &str| {
            text.push(' ');
            text.push_str(part);
        };
        product.brand.iter().for_each(|brand| add(brand));
        product.tags.iter().for_each(|tag| add(tag));
        categories.for_each(|category| add(&category.name));
        product.options.iter().flat_map(|axis| &axis.values).for_each(|value| add(&value.value));
        product.variants.iter().filter_map(|variant| variant.barcode.as_deref()).for_each(&mut add);
        attributes.iter().for_each(|(_, value)| add(value));
        let mut all = words(&text);
        skus.iter().for_each(|sku| all.push_str(sku));
        Self { name: words(&product.name), skus, all }
    }

    /// How well the product fits, or `None` when a word is nowhere in it.
    pub fn fit(&self, words: &Words) -> Option<Fit> {
        if !words.each.iter().all(|word| self.all.contains(word)) {
            return None;
        }
        Some(if self.skus.contains(&words.whole) {
            Fit::Sku
        } else if self.name == words.whole {
            Fit::WholeName
        } else if words.each.iter().all(|word| self.name.contains(word)) {
            Fit::Name
        } else {
            Fit::Text
        })
    }
}

impl Words {
    /// The words of what was typed; `None` when there are none in it.
    pub fn of(typed: &str) -> Option<Self> {
        let whole = words(typed);
        let mut each: Vec<String> = whole.split_whitespace().map(|word| format!(" {word}")).collect();
        // The longest word is in the fewest texts: most products are ruled out by one look.
        each.sort_by_key(|word| std::cmp::Reverse(word.len()));
        (!each.is_empty()).then_some(Self { whole, each })
    }
}

/// Folded words with a space before each, so that `contains(" ket")` asks for a word that begins so.
fn words(text: &str) -> String {
    let folded = fold(text);
    let mut words = String::with_capacity(folded.len() + 1);
    for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        words.push(' ');
        words.push_str(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(name: &str, sku: &str, rest: &str) -> SearchText {
        SearchText { name: words(name), skus: vec![words(sku)], all: words(&format!("{name} {rest} {sku}")) }
    }

    #[test]
    fn every_word_has_to_begin_a_word() {
        let kettle = text("Enamel kettle, 1.6 l", "MW-KET-16", "Brick Crème brûlée");
        let cases = [
            ("kettle", Some(Fit::Name)),
            ("KET ena", Some(Fit::Name)),
            ("enamel kettle 1,6 L", Some(Fit::WholeName)),
            ("mw-ket-16", Some(Fit::Sku)),
            ("brulee kettle", Some(Fit::Text)),
            ("ettle", None),
            ("kettle steel", None),
        ];
        for (typed, expected) in cases {
            let words = Words::of(typed).expect("has words");
            assert_eq!(kettle.fit(&words), expected, "{typed}");
        }
    }

    #[test]
    fn signs_alone_are_no_words() {
        assert!(Words::of(" -- !? ").is_none());
    }
}
