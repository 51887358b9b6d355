//! Rendered pages and lists that are the same for everybody, kept in memory until something that they show changes. See
//! docs/adr/0021-pages-are-kept.md.

mod encoding;
mod entry;
mod front;
mod key;
mod shown;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use encoding::Encoding;
pub(crate) use encoding::matching_mark;
use entry::Entry;
pub use front::Front;
pub use shown::Shown;

use crate::app::Shop;

/// The size that the map is made for; it holds fewer large pages and more small ones.
const USUAL_BYTES: usize = 64 * 1024;

/// The pages that are kept, by address.
pub struct PageCache {
    kept: Option<Cache<String, Arc<Entry>, Bytes>>,
    /// Taken while a body is packed: one at a time, so that buyers keep their cores.
    packing: Arc<Semaphore>,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// Weighs entries by their bytes.
#[derive(Clone)]
struct Bytes;

impl Weighter<String, Arc<Entry>> for Bytes {
    fn weight(&self, address: &String, entry: &Arc<Entry>) -> u64 {
        (address.len() + entry.weight()) as u64
    }
}

impl PageCache {
    /// A cache for so many bytes of pages; 0 keeps none.
    pub fn with_room(bytes: usize) -> Self {
        let kept = (bytes > 0).then(|| Cache::with_weighter((bytes / USUAL_BYTES).max(1), bytes as u64, Bytes));
        Self { kept, packing: Arc::new(Semaphore::new(1)), hits: AtomicU64::new(0), misses: AtomicU64::new(0) }
    }

    /// Whether any page is kept.
    pub fn is_on(&self) -> bool {
        self.kept.is_some()
    }

    /// How many answers came from memory.
    pub fn hits(&self) -> u64 {
        self.hits.load(Ordering::Relaxed)
    }

    /// How many answers that may be kept had to be made.
    pub fn misses(&self) -> u64 {
        self.misses.load(Ordering::Relaxed)
    }

    /// What the pages take in memory, in bytes.
    pub fn bytes(&self) -> u64 {
        self.kept.as_ref().map_or(0, Cache::weight)
    }

    fn get(&self, address: &str) -> Option<Arc<Entry>> {
        self.kept.as_ref()?.get(address)
    }

    fn keep(&self, address: String, entry: Entry) {
        if let Some(kept) = &self.kept {
            kept.insert(address, Arc::new(entry));
        }
    }

    /// Puts an entry in the place of an older self, if that is still there.
    fn renew(&self, address: String, before: &Arc<Entry>, entry: Entry) {
        let Some(kept) = &self.kept else { return };
        if kept.peek(&address).is_some_and(|there| Arc::ptr_eq(&there, before)) {
            // It fails where somebody else was faster; then theirs stays.
            let _ = kept.replace(address, Arc::new(entry), true);
        }
    }
}

/// Packs the body of an entry beside the requests, for those who ask later. While another one is being packed nothing
/// happens: who asks next tries again.
fn pack(app: &Shop, address: &str, entry: &Arc<Entry>, encoding: Encoding) {
    let Ok(turn) = app.pages.packing.clone().try_acquire_owned() else { return };
    let (app, address, entry) = (app.clone(), address.to_owned(), entry.clone());
    spawn_blocking(move || {
        if let Some(packed) = entry.with(encoding) {
            app.pages.renew(address, &entry, packed);
        }
        drop(turn);
    });
}
