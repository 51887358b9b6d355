//! Products as they are kept. They are read in the words of a catalog file, compared with what is wanted, and written
//! whole, many at once: what an export writes is what an import compares with, so an import of an export changes nothing.

mod change;
mod counts;
mod find;
mod history;
mod lines;
mod load;
mod prices;
mod rows;
mod sales;
mod write;

pub use change::{Change, VariantChange, change, join_old_slugs};
pub use find::{known_slugs, slug_owner};
pub use history::{Edit, Repriced, Restated, Told, history};
pub use load::{StoredProduct, StoredVariant, attribute_names, has_any, load, load_one, moved, skus_elsewhere, slugs};
pub use prices::{lock_versions, set_prices};
pub use sales::{Sales, sales};
pub use write::write;

use crate::error::Error;

/// Somebody else wrote between our reading and our writing. Reading again and deciding anew mends it.
pub(super) fn changed_meanwhile(slug: &str) -> Error {
    Error::Code("version_conflict", format!("{slug} was changed by somebody else at the same moment."))
}
