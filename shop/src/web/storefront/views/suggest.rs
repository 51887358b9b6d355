//! `fragments/suggest.html`: what could be meant while somebody types.

use serde::{Deserialize, Serialize};

use super::{Link, Picture, Price, sampled};

/// The list under the search field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuggestView {
    /// What was typed.
    pub typed: String,
    /// How the words may go on, each with the address of its search.
    pub queries: Vec<Link>,
    /// Products that fit already.
    pub products: Vec<SuggestedProduct>,
    /// Categories with a word that begins so.
    pub categories: Vec<SuggestedCategory>,
}

/// A product under the search field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuggestedProduct {
    /// Its name.
    pub name: String,
    /// Path of its page.
    pub url: String,
    /// Its first picture.
    pub picture: Option<Picture>,
    /// What it costs.
    pub price: Price,
}

/// A category under the search field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuggestedCategory {
    /// Its name.
    pub name: String,
    /// Path of its listing.
    pub url: String,
    /// Products in it and below.
    pub count: u64,
}

sampled!(SuggestView, "suggest.json");
