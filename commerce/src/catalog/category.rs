//! Categories and the tree they form.

use crate::ids::CategoryId;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// A category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Its id.
    pub id: CategoryId,
    /// Its name in URLs.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What it stands under; `None` at the top.
    pub parent: Option<CategoryId>,
    /// A sentence about it.
    pub description: String,
    /// A file name in the media folder, or a link.
    pub image: Option<String>,
    /// Its place among its siblings.
    pub position: i64,
    /// Raised by every change.
    pub version: i64,
}

/// What makes categories no tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CategoryTreeError {
    /// Two categories have one id or one slug.
    #[error("The category {0:?} is there twice.")]
    Duplicate(String),
    /// A parent that is not there.
    #[error("The parent of the category {0:?} does not exist.")]
    UnknownParent(String),
    /// A category stands under itself.
    #[error("The category {0:?} stands under itself.")]
    Cycle(String),
}

/// One step of a breadcrumb.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crumb {
    /// Its name in URLs.
    pub slug: String,
    /// Its name.
    pub name: String,
}

/// All categories, each under its parent, siblings by position and name. There is no way to build one with a cycle.
#[derive(Debug, Clone, Default)]
pub struct CategoryTree {
    categories: HashMap<CategoryId, Category>,
    by_slug: HashMap<String, CategoryId>,
    children: HashMap<Option<CategoryId>, Vec<CategoryId>>,
}

impl CategoryTree {
    /// Builds the tree, in whatever order the categories come.
    pub fn build(categories: impl IntoIterator<Item = Category>) -> Result<Self, CategoryTreeError> {
        let mut tree = Self::default();
        for category in categories {
            tree.take_in(category)?;
        }
        tree.check_parents()?;
        tree.sort_siblings();
        Ok(tree)
    }

    /// A category by id.
    pub fn get(&self, id: CategoryId) -> Option<&Category> {
        self.categories.get(&id)
    }

    /// A category by its name in URLs.
    pub fn by_slug(&self, slug: &str) -> Option<&Category> {
        self.by_slug.get(slug).and_then(|&id| self.get(id))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.categories.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.categories.is_empty()
    }

    /// What stands directly under a category, in order; under `None`, the top.
    pub fn children(&self, parent: Option<CategoryId>) -> impl Iterator<Item = &Category> {
        self.children.get(&parent).into_iter().flatten().filter_map(|&id| self.get(id))
    }

    /// What a category stands under, from its parent up to the top.
    pub fn ancestors(&self, id: CategoryId) -> impl Iterator<Item = &Category> {
        std::iter::successors(self.parent_of(id), |category| self.parent_of(category.id))
    }

    /// A category and everything under it, parents before children.
    pub fn descendants(&self, id: CategoryId) -> Vec<&Category> {
        let mut found = Vec::new();
        let mut open = vec![id];
        while let Some(category) = open.pop().and_then(|id| self.get(id)) {
            found.push(category);
            let below: Vec<_> = self.children(Some(category.id)).map(|child| child.id).collect();
            open.extend(below.into_iter().rev());
        }
        found
    }

    /// The way from the top to a category, itself included.
    pub fn breadcrumbs(&self, id: CategoryId) -> Vec<Crumb> {
        let mut path: Vec<&Category> = self.get(id).into_iter().chain(self.ancestors(id)).collect();
        path.reverse();
        path.into_iter().map(|step| Crumb { slug: step.slug.clone(), name: step.name.clone() }).collect()
    }

    fn parent_of(&self, id: CategoryId) -> Option<&Category> {
        self.get(id)?.parent.and_then(|parent| self.get(parent))
    }

    fn take_in(&mut self, category: Category) -> Result<(), CategoryTreeError> {
        let slug_taken = self.by_slug.insert(category.slug.clone(), category.id).is_some();
        if slug_taken || self.categories.contains_key(&category.id) {
            return Err(CategoryTreeError::Duplicate(category.slug));
        }
        self.children.entry(category.parent).or_default().push(category.id);
        self.categories.insert(category.id, category);
        Ok(())
    }

    fn check_parents(&self) -> Result<(), CategoryTreeError> {
        for category in self.categories.values() {
            let mut seen = HashSet::from([category.id]);
            let mut step = category;
            while let Some(parent) = step.parent {
                step = self.get(parent).ok_or_else(|| CategoryTreeError::UnknownParent(step.slug.clone()))?;
                if !seen.insert(parent) {
                    return Err(CategoryTreeError::Cycle(category.slug.clone()));
                }
            }
        }
        Ok(())
    }

    fn sort_siblings(&mut self) {
        for siblings in self.children.values_mut() {
            siblings
                .sort_by_key(|id| self.categories.get(id).map(|category| (category.position, category.name.clone())));
        }
    }
}
