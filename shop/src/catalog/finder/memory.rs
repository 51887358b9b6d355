//! What searches found, until the index or the rules change: who filters, sorts and turns pages asks for the same words
//! again, and many begin to type the same.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use discovery::search::{Found, Hit};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// How much of it is kept, in bytes.
const ROOM: u64 = 16 << 20;
/// About how many searches that is.
const SEARCHES: usize = 2_000;
/// What one takes beside its hits, in bytes.
const AROUND: u64 = 300;

/// Words, and whether they are still being typed.
type Asked = (u64, bool, String);

/// Something that is remembered of words.
pub trait Remembered {
    /// About how many bytes it takes.
    fn size(&self) -> usize;
}

impl Remembered for Found {
    fn size(&self) -> usize {
        self.hits.capacity() * size_of::<Hit>()
    }
}

impl Remembered for Vec<String> {
    fn size(&self) -> usize {
        self.iter().map(|text| text.len() + size_of::<String>()).sum()
    }
}

/// Searches that were made.
pub struct Memory<T> {
    found: Cache<Asked, Arc<T>, Weight>,
    /// Raised with every change: what was found before is never asked for again.
    age: AtomicU64,
}

impl<T: Remembered> Default for Memory<T> {
    fn default() -> Self {
        Self { found: Cache::with_weighter(SEARCHES, ROOM, Weight), age: AtomicU64::new(0) }
    }
}

impl<T: Remembered> Memory<T> {
    /// What is remembered of a search, or else what is found now.
    pub fn or_find(&self, typed: &str, typing: bool, find: impl FnOnce() -> Option<T>) -> Option<Arc<T>> {
        // The age comes first: what is found while something changes is kept for those who asked before.
        let asked = (self.age.load(Ordering::Acquire), typing, typed.to_owned());
        if let Some(found) = self.found.get(&asked) {
            return Some(found);
        }
        let found = Arc::new(find()?);
        self.found.insert(asked, found.clone());
        Some(found)
    }

    /// Something has changed.
    pub fn forget(&self) {
        self.age.fetch_add(1, Ordering::AcqRel);
        self.found.clear();
    }
}

#[derive(Clone)]
struct Weight;

impl<T: Remembered> Weighter<Asked, Arc<T>> for Weight {
    fn weight(&self, (_, _, typed): &Asked, found: &Arc<T>) -> u64 {
        AROUND + (typed.len() + found.size()) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_made_once_until_something_changes() {
        let memory = Memory::default();
        let mut made = 0;
        let mut ask = |typed: &str, typing| {
            memory.or_find(typed, typing, || {
                made += 1;
                Some(Found { whole: made, ..Found::default() })
            })
        };
        let whole = |found: Option<Arc<Found>>| found.expect("something is found").whole;
        assert_eq!((whole(ask("mug", false)), whole(ask("mug", false))), (1, 1));
        assert_eq!((whole(ask("mug", true)), whole(ask("mugs", false))), (2, 3));
        memory.forget();
        assert_eq!(whole(ask("mug", false)), 4);
    }

    #[test]
    fn memory_is_bounded() {
        let memory = Memory::default();
        for nth in 0..1_000 {
            let found = Found { hits: vec![Hit { place: 1, score: 1.0 }; 10_000], ..Found::default() };
            memory.or_find(&nth.to_string(), false, || Some(found));
        }
        assert!(memory.found.weight() <= ROOM);
    }
}
