//! `categories/tree.html`

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::product::{CategoryChoice, WrongField};
use super::sampled;

/// The category tree, and the category that is written on beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoriesPage {
    /// The categories at the top, each with what stands under it.
    pub tree: Vec<CategoryNode>,
    /// How many there are.
    pub count: usize,
    /// The category that is open.
    pub open: Option<OpenCategory>,
}

sampled!(CategoriesPage, "categories.json");

/// A category in the tree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryNode {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Products that stand in it itself.
    pub products: i64,
    /// Whether it is the open one.
    pub current: bool,
    /// Whether it is the first among its siblings.
    pub first: bool,
    /// Whether it is the last.
    pub last: bool,
    /// Whether it stands at the top.
    pub top: bool,
    /// What stands under it, in order.
    pub children: Vec<CategoryNode>,
}

/// The form of a category.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenCategory {
    /// Its id; absent for a new one.
    pub id: Option<String>,
    /// What it is called as it is saved.
    pub saved_name: String,
    /// Where the form goes.
    pub action: String,
    /// Whether something was typed that is not saved.
    pub unsaved: bool,
    /// Everything as it was typed.
    pub form: CategoryForm,
    /// Where its picture is shown from.
    pub picture_url: Option<String>,
    /// What it can stand under.
    pub parents: Vec<CategoryChoice>,
    /// Its page in the shop.
    pub url: Option<String>,
    /// Earlier addresses, which lead to it.
    pub old_slugs: Vec<String>,
    /// Products that stand in it itself.
    pub products: i64,
    /// Categories that stand directly under it.
    pub children: i64,
    /// What is wrong, by the name of the field.
    pub errors: BTreeMap<String, String>,
    /// The same in the order of the page.
    pub wrong: Vec<WrongField>,
    /// Who saved it while this form was open.
    pub conflict: Option<CategoryConflict>,
}

/// A category as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryForm {
    /// The version the form was begun on; 0 for a new one.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// Its name in URLs; empty takes the name.
    pub slug: String,
    /// A sentence about it.
    pub description: String,
    /// A file name in the media folder, or a link; empty for none.
    pub image: String,
    /// The slug of what it stands under; empty for the top.
    pub parent: String,
}

/// Somebody else saved the category meanwhile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryConflict {
    /// What they have, where it is not what is typed: name of the field and value.
    pub fields: Vec<ConflictingField>,
}

/// A field of theirs beside yours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConflictingField {
    /// Key of its name, such as `category-name`.
    pub name: String,
    /// As they saved it.
    pub theirs: String,
    /// As it is typed here.
    pub yours: String,
}
