//! The facts of all products side by side, so that one look runs through memory in a straight line.

use std::sync::Arc;

use super::terms::{Dim, Dimension, Table, Term};

/// The number of a term among those that filters are offered for. There are far fewer of these than terms, so what is
/// counted by them stays close at hand.
pub type Local = u32;
use crate::catalog::product::{CatalogProduct, on_sale};

/// The number of a term that no filter is offered for.
const NOT_OFFERED: Local = Local::MAX;
/// The most attributes that are offered as filters when nobody has chosen.
const MOST_ATTRIBUTES: usize = 24;
/// The most values of an attribute that is offered unasked: more are names, not kinds.
const MOST_VALUES: usize = 40;
/// The share of all products that have an attribute which is offered unasked: one in this many.
const ONE_IN: usize = 50;

/// Lists of numbers, one after the other.
#[derive(Debug, Default)]
pub struct Lists {
    ends: Vec<u32>,
    numbers: Vec<u32>,
}

impl Lists {
    fn push(&mut self, numbers: impl Iterator<Item = u32>) {
        self.numbers.extend(numbers);
        self.ends.push(u32::try_from(self.numbers.len()).expect("a catalog in memory has fewer terms"));
    }

    /// One of the lists.
    pub fn of(&self, at: usize) -> &[u32] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.numbers[start as usize..self.ends[at] as usize]
    }
}

/// The columns of a snapshot. None of them follows the stock.
#[derive(Debug, Default)]
pub struct Columns {
    /// The terms that filters are offered for.
    pub terms: Vec<Term>,
    /// What each of them is a value of.
    pub dims: Vec<Dim>,
    /// By term: its number among them, or [`NOT_OFFERED`].
    locals: Vec<Local>,
    /// By product: its terms that filters are offered for.
    pub offered: Lists,
    /// By product: all others as they are in the table; they may still be asked for.
    pub others: Lists,
    /// By offered term: the products of a category and what stands below; nothing for other terms.
    shelves: Vec<Vec<u32>>,
    /// By product: its first variant; one more at the end.
    pub variants: Vec<u32>,
    /// Which dimension the categories are.
    category: Option<Dim>,
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
        let mut columns = Self { attributes, variants: vec![0], ..Self::default() };
        columns.number(table);
        for (slot, (entry, facts)) in (0..).zip(products.iter().zip(facts)) {
            columns.add_terms(slot, &facts.product);
            let axes = entry.product.options.len();
            for (at, variant) in entry.product.variants.iter().enumerate() {
                let own = facts.options.get(at * axes..(at + 1) * axes).unwrap_or_default();
                columns.options.push(own.iter().map(|term| columns.locals[*term as usize]));
                columns.prices.push(variant.price.minor);
                columns.on_sale.push(on_sale(variant).is_some());
            }
            columns.variants.push(u32::try_from(columns.prices.len()).expect("a catalog in memory has fewer variants"));
        }
        columns
    }

    /// Numbers the terms that filters are offered for.
    fn number(&mut self, table: &Table) {
        let dimensions = table.dimensions.iter().zip(0..);
        let is_offered = |(of, dim): (&Dimension, Dim)| match of {
            Dimension::Category | Dimension::Brand | Dimension::Option(_) => true,
            Dimension::Attribute(_) => self.attributes.contains(&dim),
            Dimension::Tag => false,
        };
        let is_offered: Vec<bool> = dimensions.map(|((of, _), dim)| is_offered((of, dim))).collect();
        self.locals = vec![NOT_OFFERED; table.known.len()];
        for (term, known) in table.known.iter().enumerate().filter(|(_, known)| is_offered[usize::from(known.dim)]) {
            self.locals[term] = self.terms.len() as Local;
            self.terms.push(term as Term);
            self.dims.push(known.dim);
        }
        self.shelves = vec![vec![]; self.terms.len()];
        self.category = table.dim(&Dimension::Category);
    }

    fn add_terms(&mut self, slot: u32, terms: &[Term]) {
        let local = |term: &Term| Some(self.locals[*term as usize]).filter(|local| *local != NOT_OFFERED);
        self.offered.push(terms.iter().filter_map(local));
        self.others.push(terms.iter().copied().filter(|term| local(term).is_none()));
        for local in terms.iter().filter_map(local) {
            if Some(self.dims[local as usize]) == self.category {
                self.shelves[local as usize].push(slot);
            }
        }
    }

    /// The number of a term, if a filter is offered for it.
    pub fn local(&self, term: Term) -> Option<Local> {
        self.locals.get(term as usize).copied().filter(|local| *local != NOT_OFFERED)
    }

    /// The products that stand in a category or below.
    pub fn shelf(&self, category: Local) -> &[u32] {
        &self.shelves[category as usize]
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
