//! `storefront/home.html`

use serde::{Deserialize, Serialize};

use super::{Card, CategoryTile, Link, Picture, product::PartView, sampled};

/// The front page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HomePage {
    /// The large picture and its words.
    pub hero: Hero,
    /// Top categories; an even dozen at most looks best.
    pub categories: Vec<CategoryTile>,
    /// Rows of four products; empty rows are left out by the handler.
    pub rows: Vec<Row>,
    /// A product that is sold in parts, if there is one.
    pub parts: Option<PartsBand>,
}

/// The head of the front page. What is absent takes the theme's own words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hero {
    /// A few words.
    pub title: Option<String>,
    /// A sentence.
    pub text: Option<String>,
    /// Landscape picture; without one the words stand alone.
    pub picture: Option<Picture>,
    /// The one button; absent goes to all products.
    pub link: Option<Link>,
}

/// A row of products under a title.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// `new`, `sale`, `trending`, `popular` or `for_you`: names the texts `home-row-{kind}` and `home-row-{kind}-all`.
    pub kind: String,
    /// At most four.
    pub cards: Vec<Card>,
    /// Path of the listing with all of them.
    pub more_url: Option<String>,
}

/// `fragments/for_you.html`: a row about what this browser remembers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForYouView {
    /// Of the kind `for_you`; without cards there is nothing to show.
    pub row: Row,
}

/// A product taken apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartsBand {
    /// The whole product.
    pub product: Link,
    /// Best a drawing with the part numbers.
    pub picture: Option<Picture>,
    /// In the order of their numbers.
    pub parts: Vec<PartView>,
    /// Listing of all spare parts.
    pub more_url: Option<String>,
}

sampled!(HomePage, "home.json");
sampled!(ForYouView, "for_you.json");
