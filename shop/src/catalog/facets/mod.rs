//! Facets: what a list can be narrowed by, with exact counts. Several values of one facet are alternatives, and its own
//! counts leave its own choice out; between facets all choices hold.

mod columns;
mod count;
mod facts;
mod order;
mod price;
mod question;
mod terms;

use commerce::catalog::Category;
use commerce::ids::CategoryId;

pub use columns::{Columns, Local};
pub use count::{Counted, Look};
pub use facts::Facts;
pub use price::{Prices, Range};
pub use question::Question;
pub use terms::{Dim, Dimension, Table, Term, Terms};

use super::categories::Categories;
use super::listing::ListQuery;

/// The most values that one facet shows: nobody reads more, and each is a line of the page.
const MOST_VALUES: usize = 30;
/// The most options, and the most attributes when nobody has chosen which, that are shown.
const MOST_UNASKED: usize = 6;

/// What a list can be narrowed by.
#[derive(Clone, Debug, Default)]
pub struct Facets {
    /// Groups of values, in the order in which they are shown.
    pub groups: Vec<Facet>,
    /// What the products cost.
    pub prices: Option<Prices>,
    /// Products that can be bought now.
    pub in_stock: u32,
    /// Products on sale.
    pub on_sale: u32,
}

/// A group of values.
#[derive(Clone, Debug)]
pub struct Facet {
    /// The name of its parameter: `category`, `brand`, `option.NAME` or `attr.NAME`.
    pub name: String,
    /// What it is about, where the name is the shop's own; empty for category and brand.
    pub label: String,
    /// Its values.
    pub values: Vec<FacetValue>,
}

/// One value.
#[derive(Clone, Debug)]
pub struct FacetValue {
    /// What is sent: the slug of a category, else the label.
    pub value: String,
    /// What is read.
    pub label: String,
    /// How many products it would leave.
    pub count: u32,
    /// Whether it is chosen.
    pub selected: bool,
    /// Its colour, as `#b5503a`.
    pub swatch: Option<String>,
    /// How deep a category stands below the first ones, from 0.
    pub depth: usize,
}

/// What facets are made of.
pub struct Making<'a> {
    /// What was asked.
    pub query: &'a ListQuery,
    /// What was counted.
    pub counted: &'a Counted,
    /// What terms are.
    pub table: &'a Table,
    /// The columns that were counted over.
    pub columns: &'a Columns,
    /// The tree.
    pub categories: &'a Categories,
    /// Whether the attributes were chosen by the shop.
    pub are_chosen: bool,
}

impl Making<'_> {
    /// The facets of a list.
    pub fn facets(&self) -> Facets {
        let by_dim = self.by_dim();
        let of = |dimension: &Dimension| {
            self.table.dim(dimension).map(|dim| by_dim[usize::from(dim)].as_slice()).unwrap_or_default()
        };
        let options = self.dims(|dimension| matches!(dimension, Dimension::Option(_)));
        let options = self.telling(options, &by_dim);
        let attributes = self.columns.attributes.clone();
        let attributes = if self.are_chosen { attributes } else { self.telling(attributes, &by_dim) };
        let mut groups = vec![self.tree()];
        groups.extend(options.into_iter().chain(attributes).map(|dim| self.group(dim, &by_dim[usize::from(dim)])));
        groups.push(self.plain("brand", "", of(&Dimension::Brand), &self.query.brands));
        groups.retain(|facet| facet.values.len() > 1 || facet.values.iter().any(|value| value.selected));
        Facets {
            groups,
            prices: Prices::of(&self.counted.prices),
            in_stock: self.counted.in_stock,
            on_sale: self.counted.on_sale,
        }
    }

    /// The terms that count anything, and those that are chosen, by dimension.
    fn by_dim(&self) -> Vec<Vec<Local>> {
        let mut by_dim = vec![vec![]; self.table.dimensions.len()];
        for ((term, dim), count) in (0..).zip(&self.columns.dims).zip(&self.counted.terms) {
            if *count > 0 {
                by_dim[usize::from(*dim)].push(term);
            }
        }
        by_dim
    }

    fn dims(&self, is: impl Fn(&Dimension) -> bool) -> Vec<Dim> {
        let dims = self.table.dimensions.iter().enumerate().filter(|(_, (dimension, _))| is(dimension));
        dims.filter_map(|(dim, _)| Dim::try_from(dim).ok()).collect()
    }

    /// The few that say most about what was found, and what is filtered by already. Where each value leaves one
    /// product, nothing is told apart.
    fn telling(&self, mut dims: Vec<Dim>, by_dim: &[Vec<Local>]) -> Vec<Dim> {
        let terms = |dim: &Dim| &by_dim[usize::from(*dim)];
        let reach = |dim: &Dim| -> u32 { terms(dim).iter().map(|term| self.count(*term)).sum() };
        dims.retain(|dim| self.is_asked(*dim) || (terms(dim).len() > 1 && reach(dim) as usize >= 2 * terms(dim).len()));
        dims.sort_by_key(|dim| (!self.is_asked(*dim), std::cmp::Reverse(reach(dim))));
        dims.truncate(MOST_UNASKED);
        dims
    }

    fn is_asked(&self, dim: Dim) -> bool {
        let (asked, own) = match &self.table.dimensions[usize::from(dim)].0 {
            Dimension::Option(name) => (&self.query.options, name),
            Dimension::Attribute(name) => (&self.query.attributes, name),
            _ => return false,
        };
        asked.keys().any(|name| name.to_lowercase() == *own)
    }

    fn group(&self, dim: Dim, terms: &[Local]) -> Facet {
        let (dimension, label) = &self.table.dimensions[usize::from(dim)];
        let (prefix, asked) = match dimension {
            Dimension::Option(_) => ("option", &self.query.options),
            _ => ("attr", &self.query.attributes),
        };
        let chosen = asked.iter().find(|(name, _)| name.to_lowercase() == label.to_lowercase());
        self.plain(
            &format!("{prefix}.{label}"),
            label,
            terms,
            chosen.map(|(_, values)| values.as_slice()).unwrap_or_default(),
        )
    }

    /// A group of values: sizes by size, others by how many they leave.
    fn plain(&self, name: &str, label: &str, terms: &[Local], chosen: &[String]) -> Facet {
        let mut values: Vec<FacetValue> = terms.iter().map(|term| self.value(*term, chosen)).collect();
        // What is chosen stays to be unchosen, even where it leaves nothing.
        for gone in chosen.iter().filter(|one| !values.iter().any(|value| same(&value.value, one))).collect::<Vec<_>>()
        {
            values.push(FacetValue {
                value: gone.clone(),
                label: gone.clone(),
                count: 0,
                selected: true,
                swatch: None,
                depth: 0,
            });
        }
        if order::are_sizes(values.iter().map(|value| value.label.as_str())) {
            values.sort_by(|one, other| order::by_size(&one.label, &other.label));
        } else {
            values.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.label.cmp(&other.label)));
        }
        let mut shown = 0;
        values.retain(|value| {
            shown += 1;
            value.selected || shown <= MOST_VALUES
        });
        Facet { name: name.to_owned(), label: label.to_owned(), values }
    }

    fn value(&self, term: Local, chosen: &[String]) -> FacetValue {
        let known = &self.table.known[self.columns.terms[term as usize] as usize];
        FacetValue {
            value: known.label.clone(),
            label: known.label.clone(),
            count: self.count(term),
            selected: chosen.iter().any(|value| same(value, &known.label)),
            swatch: known.swatch.clone(),
            depth: 0,
        }
    }

    /// The categories below where the list stands; below those that are chosen, one level more.
    fn tree(&self) -> Facet {
        let top = self.query.within.as_deref().and_then(|slug| self.categories.by_slug(slug)).map(|top| top.id);
        let mut values = vec![];
        self.branch(top, 0, &mut values);
        fullest(&mut values);
        Facet { name: "category".to_owned(), label: String::new(), values }
    }

    fn branch(&self, parent: Option<CategoryId>, depth: usize, values: &mut Vec<FacetValue>) {
        let dim = self.table.dim(&Dimension::Category);
        for category in self.categories.children(parent) {
            let term = dim.and_then(|dim| self.columns.local(self.table.find(dim, &category.slug)?));
            let is_open = !self.query.categories.is_empty() && self.is_asked_below(category);
            let count = term.map_or(0, |term| self.count(term));
            if count == 0 && !is_open {
                continue;
            }
            let selected = self.query.categories.iter().any(|slug| same(slug, &category.slug));
            values.push(FacetValue {
                value: category.slug.clone(),
                label: category.name.clone(),
                count,
                selected,
                swatch: None,
                depth,
            });
            if is_open {
                self.branch(Some(category.id), depth + 1, values);
            }
        }
    }

    fn is_asked_below(&self, category: &Category) -> bool {
        let below = self.categories.below(&category.slug);
        let asked = |slug: &String| self.categories.by_slug(slug).is_some_and(|asked| below.contains(&asked.id));
        self.query.categories.iter().any(asked)
    }

    fn count(&self, term: Local) -> u32 {
        self.counted.terms.get(term as usize).copied().unwrap_or(0)
    }
}

/// Of many categories those that hold most, in the order of the tree; those that are chosen and what stands below stay.
fn fullest(values: &mut Vec<FacetValue>) {
    let is_kept = |value: &FacetValue| value.selected || value.depth > 0;
    let mut counts: Vec<u32> = values.iter().filter(|value| !is_kept(value)).map(|value| value.count).collect();
    if counts.len() <= MOST_VALUES {
        return;
    }
    counts.sort_unstable_by(|one, other| other.cmp(one));
    let least = counts[MOST_VALUES - 1];
    let mut above = counts.iter().filter(|count| **count > least).count();
    values.retain(|value| {
        let fits = is_kept(value) || value.count > least || (value.count == least && above < MOST_VALUES);
        above += usize::from(fits && !is_kept(value) && value.count == least);
        fits
    });
}

fn same(one: &str, other: &str) -> bool {
    one == other || one.to_lowercase() == other.to_lowercase()
}
