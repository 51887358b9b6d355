//! The facts of all products side by side, so that one look runs through memory in a straight line.

use std::sync::Arc;

use super::terms::{Dim, Dimension, Table, Term};
use crate::catalog::product::{CatalogProduct, on_sale};

/// The most attributes that are offered as filters when nobody has chosen.
const MOST_ATTRIBUTES: usize = 24;
/// The most values of an attribute that is offered unasked: more are names, not kinds.
const MOST_VALUES: usize = 40;
/// The share of all products that have an attribute which is offered unasked: one in this many.
const ONE_IN: usize = 50;

/// Lists of terms, one after the other.
#[derive(Debug, Default)]
pub struct Lists {
    ends: Vec<u32>,
    terms: Vec<Term>,
}

impl Lists {
    fn push(&mut self, terms: impl Iterator<Item = Term>) {
        self.terms.extend(terms);
        self.ends.push(u32::try_from(self.terms.len()).expect("a catalog in memory has fewer terms"));
    }

    /// One of the lists.
    pub fn of(&self, at: usize) -> &[Term] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.terms[start as usize..self.ends[at] as usize]
    }
}

/// The columns of a snapshot. None of them follows the stock.
#[derive(Debug, Default)]
pub struct Columns {
    /// By product: the terms that filters are offered for.
    pub offered: Lists,
    /// By product: all others, which may still be asked for.
    pub others: Lists,
    /// By product: its first variant; one more at the end.
    pub variants: Vec<u32>,
    /// By variant: the terms of its options.
    pub options: Lists,
    /// By variant: what it costs, in minor units.
    pub prices: Vec<i64>,
    /// By variant: whether it cost more before.
    pub on_sale: Vec<bool>,
    /// The attributes that are offered as filters, in order.
    pub attributes: Vec<Dim>,
}

impl Columns {
    /// Lays out products. `chosen` are the names of the attributes to filter by; when there are none, those that tell
    /// most products apart are taken.
    pub fn build(products: &[Arc<CatalogProduct>], facts: &[&super::Facts], chosen: &[String], table: &Table) -> Self {
        let attributes = if chosen.is_empty() { telling(facts, table) } else { named(chosen, table) };
        let mut is_offered = vec![false; table.dimensions.len()];
        for (dim, (dimension, _)) in table.dimensions.iter().enumerate() {
            is_offered[dim] = matches!(dimension, Dimension::Category | Dimension::Brand);
        }
        attributes.iter().for_each(|dim| is_offered[usize::from(*dim)] = true);
        let is_offered = |term: &Term| is_offered[usize::from(table.known[*term as usize].dim)];

        let mut columns = Self { attributes, variants: vec![0], ..Self::default() };
        for (entry, facts) in products.iter().zip(facts) {
            columns.offered.push(facts.product.iter().copied().filter(&is_offered));
            columns.others.push(facts.product.iter().copied().filter(|term| !is_offered(term)));
            let axes = entry.product.options.len();
            for (at, variant) in entry.product.variants.iter().enumerate() {
                let own = facts.options.get(at * axes..(at + 1) * axes).unwrap_or_default();
                columns.options.push(own.iter().copied());
                columns.prices.push(variant.price.minor);
                columns.on_sale.push(on_sale(variant).is_some());
            }
            columns.variants.push(u32::try_from(columns.prices.len()).expect("a catalog in memory has fewer variants"));
        }
        columns
    }

    /// The variants of a product, by their place.
    pub fn variants_of(&self, slot: usize) -> std::ops::Range<usize> {
        self.variants[slot] as usize..self.variants[slot + 1] as usize
    }
}

fn named(chosen: &[String], table: &Table) -> Vec<Dim> {
    chosen.iter().filter_map(|name| table.dim(&Dimension::Attribute(name.to_lowercase()))).collect()
}

/// The attributes that many products have and few values of.
fn telling(facts: &[&super::Facts], table: &Table) -> Vec<Dim> {
    let mut seen = vec![0_usize; table.known.len()];
    for term in facts.iter().flat_map(|facts| facts.product.iter()) {
        seen[*term as usize] += 1;
    }
    let mut reach = vec![(0_usize, 0_usize); table.dimensions.len()];
    for (known, count) in table.known.iter().zip(seen).filter(|(_, count)| *count > 0) {
        let (products, values) = &mut reach[usize::from(known.dim)];
        *products += count;
        *values += 1;
    }
    let least = (facts.len() / ONE_IN).max(2);
    let tells = |(products, values): (usize, usize)| products >= least && (2..=MOST_VALUES).contains(&values);
    let attributes = table.dimensions.iter().enumerate().filter(|(_, (of, _))| matches!(of, Dimension::Attribute(_)));
    let mut telling: Vec<usize> = attributes.map(|(dim, _)| dim).filter(|dim| tells(reach[*dim])).collect();
    telling.sort_by_key(|dim| std::cmp::Reverse(reach[*dim].0));
    telling.into_iter().take(MOST_ATTRIBUTES).filter_map(|dim| Dim::try_from(dim).ok()).collect()
}
