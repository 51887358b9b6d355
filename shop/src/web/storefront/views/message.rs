//! `storefront/not_found.html`, `storefront/error.html` and `storefront/legal.html`

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Card, Link, Picture, sampled};

/// No such page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotFoundPage {
    /// A picture beside the words; without one they stand alone.
    pub picture: Option<Picture>,
    /// Categories to go on with.
    pub suggestions: Vec<Link>,
    /// Products that are often bought.
    pub popular: Vec<Card>,
}

/// Something went wrong, or was not allowed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorPage {
    /// HTTP status: 400, 403, 405, 409, 413, 422, 429, 500 and 503 have texts of their own.
    pub status: u16,
    /// What was wrong, in a sentence; absent takes the theme's words.
    pub message: Option<String>,
    /// To be named when asking for help.
    pub request_id: String,
    /// Seconds until it is worth trying again.
    pub retry_after: Option<u32>,
}

/// Terms, privacy, imprint or returns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalPage {
    /// `terms`, `privacy`, `imprint` or `returns`.
    pub kind: String,
    /// The merchant's title; empty takes the theme's `legal-{kind}`.
    pub title: String,
    /// Sanitised HTML; empty says that the text is still missing.
    pub html: String,
    /// When it was last changed.
    pub updated_at: Option<DateTime<Utc>>,
}

sampled!(NotFoundPage, "not_found.json");
sampled!(ErrorPage, "error.json");
sampled!(LegalPage, "legal.json");
