//! What the shop's people say about searches: synonyms, and per query what is pinned, boosted, hidden or elsewhere.

use std::collections::HashMap;

use super::language::Language;
use super::pieces::pieces;
use super::terms::row;

/// What is said about one query.
#[derive(Clone, Debug, Default)]
pub struct QueryRule {
    /// Products that stand first, in this order, whether they match or not.
    pub pinned: Vec<u128>,
    /// Products that rank higher when they match.
    pub boosted: Vec<u128>,
    /// Products that are not shown.
    pub hidden: Vec<u128>,
    /// Where to go instead of showing results.
    pub redirect: Option<String>,
}

/// The rules of a shop in one language.
#[derive(Clone, Debug)]
pub struct Rules {
    language: Language,
    synonyms: HashMap<String, Vec<Vec<String>>>,
    queries: HashMap<String, QueryRule>,
}

impl Rules {
    /// No rules at all.
    pub fn new(language: Language) -> Rules {
        Rules { language, synonyms: HashMap::new(), queries: HashMap::new() }
    }

    /// Whoever searches for `from` also finds `to`, not the other way round. Both may be several words.
    pub fn one_way(&mut self, from: &str, to: &str) {
        let (from, to) = (terms(from, self.language), terms(to, self.language));
        if !from.is_empty() && !to.is_empty() && from != to {
            self.synonyms.entry(from.join(" ")).or_default().push(to);
        }
    }

    /// Whoever searches for one of these finds all of them.
    pub fn two_way(&mut self, group: &[&str]) {
        for from in group {
            group.iter().filter(|to| *to != from).for_each(|to| self.one_way(from, to));
        }
    }

    /// Says something about a query, however it is written: case, accents and plurals don't matter.
    pub fn about(&mut self, query: &str, rule: QueryRule) {
        self.queries.insert(self.key(query), rule);
    }

    /// What a query is known by, empty when it has no words: queries with the same key are answered by the same rule.
    pub fn key(&self, query: &str) -> String {
        terms(query, self.language).join(" ")
    }

    pub(super) fn of(&self, query: &str) -> Option<&QueryRule> {
        if self.queries.is_empty() { None } else { self.queries.get(&self.key(query)) }
    }

    pub(super) fn synonyms(&self, terms: &[&str]) -> &[Vec<String>] {
        if self.synonyms.is_empty() { &[] } else { self.synonyms.get(&terms.join(" ")).map_or(&[], Vec::as_slice) }
    }
}

fn terms(text: &str, language: Language) -> Vec<String> {
    pieces(text, language).iter().flat_map(|piece| row(piece, language)).collect()
}
