//! Search: the index of this node. It is opened beside the doors and follows the events; until it stands, a plain look
//! through the words of all products serves.

mod document;
mod follow;
mod memory;
mod slots;
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
use memory::Memory;
use slots::{NOWHERE, Slots};
pub use suggest::Suggested;

/// So many of the best are looked at while somebody types.
const BEST_WHILE_TYPING: usize = 200;
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
    found: Memory<Found>,
    completed: Memory<Vec<String>>,
    slots: Slots,
}

impl Finder {
    /// A finder whose index lies in the data folder; nothing is opened yet.
    pub fn new(config: &Config) -> Self {
        Self {
            folder: folder(&config.data_dir, config.database_url.as_deref()),
            index: ArcSwapOption::empty(),
            rules: ArcSwap::from_pointee(Rules::new(Language::of("en"))),
            found: Memory::default(),
            completed: Memory::default(),
            slots: Slots::default(),
        }
    }

    /// What searches find now may be something else than before.
    fn changed(&self) {
        self.found.forget();
        self.completed.forget();
    }

    /// Opens the index of a language; how it was found.
    fn open(&self, language: Language) -> Result<Opened, IndexError> {
        let (index, opened) = Index::open(Some(&self.folder), language)?;
        self.index.store(Some(Arc::new(index)));
        self.changed();
        Ok(opened)
    }

    /// How many products it knows; `None` as long as it is not open.
    fn count(&self) -> Option<u64> {
        self.index.load().as_ref().map(|index| index.count())
    }

    /// Everything that fits what was typed, in no order but that what is pinned comes first; while somebody types, only the
    /// best. `None` as long as there is no index to ask.
    fn search(&self, typed: &str, typing: bool) -> Option<Arc<Found>> {
        self.found.or_find(typed, typing, || find(&*self.index.load_full()?, typed, typing, &self.rules.load()))
    }

    /// The same with other rules than those that hold.
    fn search_with(&self, typed: &str, rules: &Rules) -> Option<Found> {
        find(&*self.index.load_full()?, typed, false, rules)
    }

    /// How what is being typed may go on.
    pub fn completions(&self, typed: &str, most: usize) -> Arc<Vec<String>> {
        let complete = || {
            let completions = self.index.load_full()?.suggest(typed, most);
            completions.map_err(|error| tracing::error!(%error, "nothing could be suggested")).ok()
        };
        self.completed.or_find(typed, true, complete).unwrap_or_default()
    }
}

fn find(index: &Index, typed: &str, typing: bool, rules: &Rules) -> Option<Found> {
    let ordered = if typing { BEST_WHILE_TYPING } else { 0 };
    let query = Query { text: typed, typing, ordered: Some(ordered), prior: None };
    match index.search(&query, rules) {
        Ok(mut found) => {
            if typing {
                found.hits.truncate(BEST_WHILE_TYPING);
                found.hits.shrink_to_fit();
            }
            Some(found)
        }
        Err(error) => {
            tracing::error!(%error, "a search failed");
            None
        }
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

/// A product that fits what was searched for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fitting {
    /// Its place.
    pub slot: Slot,
    /// The higher the better.
    pub score: f32,
}

/// The best so many, in order.
pub fn best(found: &mut [Fitting], most: usize) -> impl Iterator<Item = Slot> {
    let better = |a: &Fitting, b: &Fitting| b.score.total_cmp(&a.score).then(a.slot.cmp(&b.slot));
    let most = most.min(found.len());
    if 0 < most && most < found.len() {
        found.select_nth_unstable_by(most - 1, better);
    }
    let best = &mut found[..most];
    best.sort_unstable_by(better);
    best.iter().map(|fitting| fitting.slot)
}

impl Catalog {
    /// What fits what was typed, in no order, and what was understood of it.
    pub fn search(&self, typed: &str, typing: bool) -> (Vec<Fitting>, Understood) {
        match self.finder.as_ref().and_then(|finder| Some((finder, finder.search(typed, typing)?))) {
            Some((finder, found)) => self.understood(finder, &found),
            None => (in_order(self.plainly(typed)), Understood::default()),
        }
    }

    /// What a search would find with other rules than those that hold, best first; `None` as long as there is no index.
    pub fn search_with(&self, typed: &str, rules: &Rules) -> Option<(Vec<&Arc<CatalogProduct>>, Understood)> {
        let finder = self.finder.as_ref()?;
        let (mut found, understood) = self.understood(finder, &finder.search_with(typed, rules)?);
        let all = found.len();
        Some((best(&mut found, all).map(|slot| self.at(slot)).collect(), understood))
    }

    fn understood(&self, finder: &Finder, found: &Found) -> (Vec<Fitting>, Understood) {
        let priors = self.priors();
        let slots = finder.slots.of(&found.products, &self.index);
        let mut fittings = Vec::with_capacity(found.pinned.len() + found.hits.len());
        for (place, id) in found.pinned.iter().enumerate() {
            if let Some(&slot) = self.index.by_id.get(&ProductId(uuid::Uuid::from_u128(*id))) {
                // Above all others, in their order.
                fittings.push(Fitting { slot, score: f32::MAX / (place + 1) as f32 });
            }
        }
        for hit in &found.hits {
            let slot = slots[hit.place as usize];
            if slot != NOWHERE {
                fittings.push(Fitting { slot, score: hit.score * priors[slot as usize] });
            }
        }
        let understood = Understood {
            corrected: found.corrected.clone(),
            left_out: found.left_out.clone(),
            redirect: found.redirect.clone(),
        };
        (fittings, understood)
    }

    /// By product: what its score is multiplied by, near 1.
    pub(super) fn priors(&self) -> &[f32] {
        let all = || (0..self.products.len() as Slot).map(|slot| self.prior(slot)).collect();
        self.priors.get_or_init(|| Arc::new(all()))
    }

    pub(super) fn prior(&self, slot: Slot) -> f32 {
        let entry = self.at(slot);
        let sold = self.sold.get(&entry.product.id).copied().unwrap_or(0).max(0);
        let stock = if entry.in_stock() { 1.0 } else { SOLD_OUT };
        let part = if self.index.spare_parts.contains(&slot) { SPARE_PART } else { 1.0 };
        stock * part * (1.0 + PER_FOLD_SOLD * (1.0 + sold as f32).ln())
    }
}

/// What stands in order already.
fn in_order(slots: Vec<Slot>) -> Vec<Fitting> {
    slots.into_iter().enumerate().map(|(place, slot)| Fitting { slot, score: -(place as f32) }).collect()
}

/// A folder for the index of one database: another one that is served from the same data folder has another index.
fn folder(data: &Path, database: Option<&str>) -> PathBuf {
    let digest = Sha256::digest(database.unwrap_or("sqlite"));
    let name: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    data.join("search").join(name)
}
