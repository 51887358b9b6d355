//! `find.html`, and what the command palette reads.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::sampled;

/// What was typed and what was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindPage {
    /// What was typed.
    pub q: String,
    /// What was found, kind by kind.
    pub groups: Vec<FoundGroup>,
}

sampled!(FindPage, "find.json");

/// What was found of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FoundGroup {
    /// The kind, in words.
    pub label: String,
    /// The best first.
    pub items: Vec<FoundItem>,
}

/// Something that was found, or can be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FoundItem {
    /// What is read.
    pub label: String,
    /// What tells it from others.
    pub hint: String,
    /// Where it leads.
    pub url: String,
    /// An icon of the theme.
    pub icon: String,
}
