//! What became of a product, told from its events.

use chrono::{DateTime, Utc};
use commerce::catalog::ProductStatus;
use commerce::ids::{ProductId, VariantId};
use commerce::money::Money;
use serde::Deserialize;

use super::super::Conn;
use super::super::events;

/// One edit of a product.
#[derive(Clone, Debug)]
pub struct Edit {
    /// When.
    pub at: DateTime<Utc>,
    /// `product.created`, `product.updated` or `product.archived`.
    pub kind: String,
    /// Who: `import`, `staff:` with an id.
    pub actor: String,
    /// What was changed.
    pub told: Told,
}

/// What an event says of an edit.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Told {
    /// The fields that changed, such as `name` or `variants[Red / M].price`.
    pub fields: Vec<String>,
    /// How many more there were.
    pub more: i64,
    /// Prices, from what to what.
    pub prices: Vec<Repriced>,
    /// The status, where it changed.
    pub status: Option<Restated>,
}

/// A price that changed.
#[derive(Clone, Debug, Deserialize)]
pub struct Repriced {
    /// Of which variant.
    pub variant: VariantId,
    /// Its option values at that time, where they were kept.
    #[serde(default)]
    pub values: String,
    /// What it was.
    pub was: Money,
    /// What it became.
    pub now: Money,
}

/// A status that changed.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Restated {
    /// What it was.
    pub was: ProductStatus,
    /// What it became.
    pub now: ProductStatus,
}

/// The edits of a product, the latest first.
pub async fn history(conn: &mut Conn, id: ProductId) -> sqlx::Result<Vec<Edit>> {
    let mut edits: Vec<Edit> = events::of(conn, id.0)
        .await?
        .into_iter()
        .filter(|event| event.kind.starts_with("product."))
        .map(|event| Edit {
            at: event.at,
            kind: event.kind,
            actor: event.actor,
            told: serde_json::from_value(event.data.0).unwrap_or_default(),
        })
        .collect();
    edits.reverse();
    Ok(edits)
}
