//! `error.html`

use serde::{Deserialize, Serialize};

use super::sampled;

/// The page of an error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorPage {
    /// HTTP status.
    pub status: u16,
    /// Why exactly this was refused.
    pub message: Option<String>,
    /// To be named when asking for help.
    pub request_id: String,
    /// Whether the same may work in a moment.
    pub retry: bool,
}

impl ErrorPage {
    /// The key of its title.
    pub fn title_key(&self) -> &'static str {
        match self.status {
            403 => "error-forbidden",
            404 => "error-not-found",
            409 => "error-conflict",
            429 => "error-too-often",
            500.. => "error-inside",
            _ => "error-refused",
        }
    }
}

sampled!(ErrorPage, "error.json");
