//! What products can be told apart by, as small numbers: a filter then compares numbers, and counts are an array.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

/// One value of one dimension: a brand, a colour, a category.
pub type Term = u32;
/// The place of a dimension in the table.
pub type Dim = u16;

/// What a value is a value of. Names are in small letters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// A category, or one that it stands under; its values are slugs.
    Category,
    /// Who makes it.
    Brand,
    /// A tag.
    Tag,
    /// An option that variants differ by.
    Option(String),
    /// A named property.
    Attribute(String),
}

/// Every value that was ever seen. It grows with the catalog; a snapshot that is loaded anew begins a new one.
#[derive(Debug, Default)]
pub struct Terms(RwLock<Table>);

/// The table itself, while it is looked at.
#[derive(Debug, Default)]
pub struct Table {
    dims: HashMap<Dimension, Dim>,
    /// Each dimension, and its name as it was first written.
    pub dimensions: Vec<(Dimension, String)>,
    terms: HashMap<(Dim, String), Term>,
    /// What each term is.
    pub known: Vec<Known>,
}

/// A term as people read it.
#[derive(Clone, Debug)]
pub struct Known {
    /// What it is a value of.
    pub dim: Dim,
    /// As it was first written.
    pub label: String,
    /// The colour of an option value.
    pub swatch: Option<String>,
}

impl Terms {
    /// Looks at the table.
    pub fn table(&self) -> RwLockReadGuard<'_, Table> {
        // Nothing that holds the lock can panic half-way: the table is whole.
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds to the table what `add` names.
    pub fn learn<T>(&self, add: impl FnOnce(&mut Table) -> T) -> T {
        add(&mut self.0.write().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Table {
    /// The term of a value, new if need be.
    pub fn term(&mut self, dimension: Dimension, name: &str, value: &str, swatch: Option<&String>) -> Term {
        let dim = match self.dims.get(&dimension) {
            Some(dim) => *dim,
            None => self.add_dimension(dimension, name),
        };
        let key = (dim, value.to_lowercase());
        if let Some(term) = self.terms.get(&key) {
            let known = &mut self.known[*term as usize];
            known.swatch = known.swatch.take().or_else(|| swatch.cloned());
            return *term;
        }
        let term = Term::try_from(self.known.len()).expect("a catalog has fewer values than four thousand million");
        self.known.push(Known { dim, label: value.to_owned(), swatch: swatch.cloned() });
        self.terms.insert(key, term);
        term
    }

    fn add_dimension(&mut self, dimension: Dimension, name: &str) -> Dim {
        // Beyond what fits, all further names share the last place: a catalog with 65,535 attributes filters by fewer.
        let dim = Dim::try_from(self.dimensions.len()).unwrap_or(Dim::MAX);
        if usize::from(dim) == self.dimensions.len() {
            self.dimensions.push((dimension.clone(), name.to_owned()));
        }
        self.dims.insert(dimension, dim);
        dim
    }

    /// The place of a dimension that some product has.
    pub fn dim(&self, dimension: &Dimension) -> Option<Dim> {
        self.dims.get(dimension).copied()
    }

    /// The term of a value that some product has.
    pub fn find(&self, dim: Dim, value: &str) -> Option<Term> {
        self.terms.get(&(dim, value.to_lowercase())).copied()
    }
}
