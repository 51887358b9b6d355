//! What can be said of one product in terms, worked out once.

use commerce::catalog::Product;

use super::terms::{Dimension, Table, Term, Terms};
use crate::catalog::attributes::Attributes;
use crate::catalog::categories::Categories;
use crate::catalog::product::CatalogProduct;

/// The terms of a product.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Of the product as a whole: categories with what they stand under, brand, attributes, tags.
    pub product: Box<[Term]>,
    /// Of the variants, one after the other: a term for each option.
    pub options: Box<[Term]>,
}

impl Facts {
    /// Those of a product.
    pub fn of(entry: &CatalogProduct, categories: &Categories, terms: &Terms) -> Self {
        let CatalogProduct { product, attributes, .. } = entry;
        let slugs = entry.lineage.iter().filter_map(|id| categories.get(*id)).map(|category| category.slug.as_str());
        terms.learn(|table| Self {
            product: as_a_whole(product, attributes, slugs, table),
            options: options(product, table),
        })
    }
}

fn as_a_whole<'a>(
    product: &Product,
    attributes: &Attributes,
    slugs: impl Iterator<Item = &'a str>,
    table: &mut Table,
) -> Box<[Term]> {
    let mut terms: Vec<Term> = slugs.map(|slug| table.term(Dimension::Category, "", slug, None)).collect();
    terms.extend(product.brand.iter().map(|brand| table.term(Dimension::Brand, "", brand, None)));
    terms.extend(
        attributes
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| table.term(Dimension::Attribute(name.to_lowercase()), name, value, None)),
    );
    terms.extend(product.tags.iter().map(|tag| table.term(Dimension::Tag, "", tag, None)));
    // A product that names a value twice counts once.
    terms.sort_unstable();
    terms.dedup();
    terms.into()
}

fn options(product: &Product, table: &mut Table) -> Box<[Term]> {
    let mut terms = Vec::with_capacity(product.variants.len() * product.options.len());
    for variant in &product.variants {
        for (axis, value) in product.options.iter().zip(&variant.values) {
            let swatch = axis.values.iter().find(|known| known.value == *value).and_then(|known| known.swatch.as_ref());
            terms.push(table.term(Dimension::Option(axis.name.to_lowercase()), &axis.name, value, swatch));
        }
    }
    terms.into()
}
