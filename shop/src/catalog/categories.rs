//! The category tree as visitors see it: with the number of products and a picture for each category.

use std::collections::HashMap;

use commerce::catalog::{Category, CategoryTree, CategoryTreeError, Crumb, Focal, Image};
use commerce::ids::CategoryId;
use discovery::search::fold;

/// The tree of categories.
#[derive(Clone, Debug, Default)]
pub struct Categories {
    tree: CategoryTree,
    /// Their names as a search compares them, in the order of the tree.
    names: Vec<(CategoryId, String)>,
}

impl Categories {
    /// Builds the tree.
    pub fn build(categories: Vec<Category>) -> Result<Self, CategoryTreeError> {
        let mut built = Self { tree: CategoryTree::build(categories)?, names: vec![] };
        built.names = built.all().into_iter().map(|category| (category.id, fold(&category.name))).collect();
        Ok(built)
    }

    /// Those of which a word begins so, parents before children. `words` are folded.
    pub fn named_like(&self, words: &str) -> impl Iterator<Item = &Category> {
        let inside = format!(" {words}");
        let begins = move |name: &str| name.starts_with(words) || name.contains(&inside);
        let named = self.names.iter().filter(move |(_, name)| begins(name));
        named.filter_map(|(id, _)| self.get(*id))
    }

    /// A category by id.
    pub fn get(&self, id: CategoryId) -> Option<&Category> {
        self.tree.get(id)
    }

    /// A category by its name in URLs.
    pub fn by_slug(&self, slug: &str) -> Option<&Category> {
        self.tree.by_slug(slug)
    }

    /// What stands directly under a category, in order; under `None`, the top.
    pub fn children(&self, parent: Option<CategoryId>) -> impl Iterator<Item = &Category> {
        self.tree.children(parent)
    }

    /// Every category, parents before children.
    pub fn all(&self) -> Vec<&Category> {
        self.children(None).flat_map(|top| self.tree.descendants(top.id)).collect()
    }

    /// The category of a slug and everything below it; none when there is no such category.
    pub fn below(&self, slug: &str) -> Vec<CategoryId> {
        let found = self.by_slug(slug).into_iter();
        found.flat_map(|category| self.tree.descendants(category.id)).map(|category| category.id).collect()
    }

    /// The way from the top to a category, itself included.
    pub fn breadcrumbs(&self, id: CategoryId) -> Vec<Crumb> {
        self.tree.breadcrumbs(id)
    }

    /// Categories and everything they stand under, each once.
    pub fn lineage(&self, categories: &[CategoryId]) -> Vec<CategoryId> {
        let mut lineage = Vec::with_capacity(categories.len() * 2);
        for category in categories.iter().filter_map(|id| self.get(*id)) {
            let above = self.tree.ancestors(category.id).map(|ancestor| ancestor.id);
            for id in std::iter::once(category.id).chain(above) {
                if !lineage.contains(&id) {
                    lineage.push(id);
                }
            }
        }
        lineage
    }
}

/// What the products say about a category. Only categories with products have a shelf.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    /// How many products stand in it or below.
    pub count: usize,
    /// Its picture.
    pub face: Option<Face>,
}

/// The picture of a category: its own, else that of the product that sells best there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    /// A file name in the media folder, or a link.
    pub src: String,
    /// Width in pixels, if known.
    pub width: Option<i64>,
    /// Height in pixels, if known.
    pub height: Option<i64>,
    /// The point that stays in sight.
    pub focal: Option<Focal>,
    /// Whether it is kept in several widths.
    pub in_widths: bool,
}

impl Face {
    /// The face that a picture is.
    pub fn of(image: &Image) -> Self {
        let Image { src, width, height, focal, in_widths, .. } = image;
        Self { src: src.clone(), width: *width, height: *height, focal: *focal, in_widths: *in_widths }
    }
}

/// The shelves by category.
pub type Shelves = HashMap<CategoryId, Shelf>;
