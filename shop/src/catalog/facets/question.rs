//! A query in terms: which of them count for which of its conditions.

use super::columns::{Columns, Local};
use super::terms::{Dim, Dimension, Table, Term};
use crate::catalog::listing::ListQuery;

/// A set of conditions; a query has at most a hundred values, so never more than fit.
pub type Mask = u128;

/// The three conditions that are no terms. All three are about variants.
pub const PRICE: Mask = 1;
/// It can be bought now.
pub const STOCK: Mask = 1 << 1;
/// It cost more before.
pub const SALE: Mask = 1 << 2;

/// What is asked, ready to be compared.
#[derive(Debug, Default)]
pub struct Question {
    /// By offered term: the conditions that it meets.
    meets: Vec<Mask>,
    /// Other terms that are asked for, with theirs.
    others: Vec<(Term, Mask)>,
    /// The category that the list stands in; one without products has no number.
    pub within: Option<Option<Local>>,
    /// Conditions of the product as a whole.
    pub of_products: Mask,
    /// Conditions of one and the same variant.
    pub of_variants: Mask,
    /// Those for which nothing is counted.
    pub uncounted: Mask,
    /// Each condition and the dimension it is about.
    dims: Vec<(Mask, Dim)>,
    least: Option<i64>,
    most: Option<i64>,
}

impl Question {
    /// The question that a query is.
    pub fn new(query: &ListQuery, table: &Table, columns: &Columns) -> Self {
        let category = |slug: &String| columns.local(table.find(table.dim(&Dimension::Category)?, slug)?);
        let mut question = Self {
            meets: vec![0; columns.terms.len()],
            within: query.within.as_ref().map(category),
            least: query.min_price,
            most: query.max_price,
            ..Self::default()
        };
        let has_price = query.min_price.is_some() || query.max_price.is_some();
        let asked = [(PRICE, has_price), (STOCK, query.in_stock), (SALE, query.on_sale)];
        question.of_variants = asked.into_iter().filter(|(_, asked)| *asked).fold(0, |all, (bit, _)| all | bit);

        let mut next = SALE << 1;
        let mut ask = |dimension: Dimension, values: &[String], counted: bool| {
            if values.is_empty() {
                return;
            }
            let of_variant = matches!(dimension, Dimension::Option(_));
            let dim = table.dim(&dimension);
            let terms = values.iter().filter_map(|value| table.find(dim?, value));
            terms.for_each(|term| match columns.local(term) {
                Some(local) => question.meets[local as usize] |= next,
                None => question.others.push((term, next)),
            });
            question.uncounted |= if counted { 0 } else { next };
            question.dims.extend(dim.map(|dim| (next, dim)));
            *(if of_variant { &mut question.of_variants } else { &mut question.of_products }) |= next;
            next <<= 1;
        };
        ask(Dimension::Category, &query.categories, true);
        ask(Dimension::Brand, &query.brands, true);
        ask(Dimension::Tag, &query.tags, false);
        for (name, values) in &query.attributes {
            ask(Dimension::Attribute(name.to_lowercase()), values, true);
        }
        for (name, values) in &query.options {
            ask(Dimension::Option(name.to_lowercase()), values, true);
        }
        question
    }

    /// The conditions that some offered terms meet.
    pub fn met(&self, terms: &[Local]) -> Mask {
        terms.iter().fold(0, |met, term| met | self.meets[*term as usize])
    }

    /// The conditions that some other terms meet.
    pub fn met_by_others(&self, terms: &[Term]) -> Mask {
        self.others.iter().filter(|(term, _)| terms.contains(term)).fold(0, |met, (_, mask)| met | mask)
    }

    /// Whether terms are asked for that no filter is offered for.
    pub fn asks_others(&self) -> bool {
        !self.others.is_empty()
    }

    /// Whether a price is asked for.
    pub fn is_price(&self, price: i64) -> bool {
        self.least.is_none_or(|least| price >= least) && self.most.is_none_or(|most| price <= most)
    }

    /// The dimension that a condition is about.
    pub fn dim(&self, condition: Mask) -> Option<Dim> {
        self.dims.iter().find(|(bit, _)| *bit == condition).map(|(_, dim)| *dim)
    }
}
