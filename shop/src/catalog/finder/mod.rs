//! Search: the index of this node. It is opened beside the doors and follows the events; until it stands, a plain look
//! through the words of all products serves.

mod document;
mod follow;
mod suggest;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::{ArcSwap, ArcSwapOption};
use commerce::ids::ProductId;
use discovery::search::{Found, Index, IndexError, Language, Opened, Query, Rules};
use sha2::{Digest, Sha256};

use super::{Catalog, CatalogProduct, Slot};
use crate::config::Config;
pub use follow::{Place, catch_up, follow};
pub use suggest::Suggested;

/// So many of the best stand in order by how well they fit; those behind follow in any order.
const ORDERED: usize = 2_400;
/// What can't be bought now sinks, and so does a part of something else: who types "kettle" wants a kettle.
const SOLD_OUT: f32 = 0.55;
const SPARE_PART: f32 = 0.75;
/// How gently sales lift: a thousand pieces sold are worth a tenth.
const PER_FOLD_SOLD: f32 = 0.0145;

/// The index of this node and what staff say about searches.
pub struct Finder {
    folder: PathBuf,
    index: ArcSwapOption<Index>,
    rules: ArcSwap<Rules>,
}

impl Finder {
    /// A finder whose index lies in the data folder; nothing is opened yet.
    pub fn new(config: &Config) -> Self {
        Self {
            folder: folder(&config.data_dir, config.database_url.as_deref()),
            index: ArcSwapOption::empty(),
            rules: ArcSwap::from_pointee(Rules::new(Language::of("en"))),
        }
    }

    /// Opens the index of a language; how it was found.
    fn open(&self, language: Language) -> Result<Opened, IndexError> {
        let (index, opened) = Index::open(Some(&self.folder), language)?;
        self.index.store(Some(Arc::new(index)));
        Ok(opened)
    }

    /// How many products it knows; `None` as long as it is not open.
    fn count(&self) -> Option<u64> {
        self.index.load().as_ref().map(|index| index.count())
    }

    /// Everything that fits what was typed, or `None` as long as there is no index to ask.
    fn search(&self, catalog: &Catalog, typed: &str, typing: bool) -> Option<Found> {
        self.search_with(catalog, typed, typing, &self.rules.load())
    }

    /// The same with other rules than those that hold.
    fn search_with(&self, catalog: &Catalog, typed: &str, typing: bool, rules: &Rules) -> Option<Found> {
        let index = self.index.load_full()?;
        let prior = |id: u128| catalog.prior(ProductId(uuid::Uuid::from_u128(id)));
        let query = Query { text: typed, typing, ordered: Some(ORDERED), prior: &prior };
        match index.search(&query, rules) {
            Ok(found) => Some(found),
            Err(error) => {
                tracing::error!(%error, "a search failed");
                None
            }
        }
    }

    /// How what is being typed may go on.
    pub fn completions(&self, typed: &str, most: usize) -> Vec<String> {
        let Some(index) = self.index.load_full() else { return vec![] };
        index.suggest(typed, most).unwrap_or_else(|error| {
            tracing::error!(%error, "nothing could be suggested");
            vec![]
        })
    }
}

/// What was understood of a search.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Understood {
    /// The words as they were read, where some had to be corrected.
    pub corrected: Option<String>,
    /// Words that nothing has together with the others.
    pub left_out: Vec<String>,
    /// Where staff send who searches for this: a path of the shop.
    pub redirect: Option<String>,
}

impl Catalog {
    /// What fits what was typed, best first, and what was understood of it.
    pub fn search(&self, typed: &str, typing: bool) -> (Vec<Slot>, Understood) {
        let Some(found) = self.finder.as_ref().and_then(|finder| finder.search(self, typed, typing)) else {
            return (self.plainly(typed), Understood::default());
        };
        self.understood(found)
    }

    /// What a search would find with other rules than those that hold, best first; `None` as long as there is no index.
    pub fn search_with(&self, typed: &str, rules: &Rules) -> Option<(Vec<&Arc<CatalogProduct>>, Understood)> {
        let found = self.finder.as_ref()?.search_with(self, typed, false, rules)?;
        let (slots, understood) = self.understood(found);
        Some((slots.into_iter().map(|slot| self.at(slot)).collect(), understood))
    }

    fn understood(&self, found: Found) -> (Vec<Slot>, Understood) {
        let slot = |id: u128| self.index.by_id.get(&ProductId(uuid::Uuid::from_u128(id))).copied();
        let slots = found.hits.iter().filter_map(|hit| slot(hit.id)).collect();
        let understood = Understood { corrected: found.corrected, left_out: found.left_out, redirect: found.redirect };
        (slots, understood)
    }

    /// What the score of a product is multiplied by, near 1.
    fn prior(&self, id: ProductId) -> f32 {
        let Some(slot) = self.index.by_id.get(&id) else { return 0.0 };
        let entry = self.at(*slot);
        let sold = self.sold.get(&id).copied().unwrap_or(0).max(0);
        let stock = if entry.in_stock() { 1.0 } else { SOLD_OUT };
        let part = if self.index.spare_parts.contains(slot) { SPARE_PART } else { 1.0 };
        stock * part * (1.0 + PER_FOLD_SOLD * (1.0 + sold as f32).ln())
    }
}

/// A folder for the index of one database: another one that is served from the same data folder has another index.
fn folder(data: &Path, database: Option<&str>) -> PathBuf {
    let digest = Sha256::digest(database.unwrap_or("sqlite"));
    let name: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    data.join("search").join(name)
}
