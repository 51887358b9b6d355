//! How many statements are run: by this process, and by each request. A page that asks once a row can't hide here.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

static ALL: AtomicU64 = AtomicU64::new(0);
static WAITS: AtomicU64 = AtomicU64::new(0);

tokio::task_local! {
    static OF_REQUEST: Tally;
}

/// The statements of one request, wherever its parts run.
#[derive(Clone, Debug, Default)]
pub struct Tally(Arc<AtomicU64>);

impl Tally {
    /// The tally that this task counts into, or one of its own.
    pub fn current() -> Self {
        OF_REQUEST.try_with(Clone::clone).unwrap_or_default()
    }

    /// Counts into this tally whatever a part of the request runs. A task that is spawned has to be counted again.
    pub async fn over<T>(&self, part: impl Future<Output = T>) -> T {
        OF_REQUEST.scope(self.clone(), part).await
    }

    /// How many there were so far.
    pub fn statements(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// How many statements this process has run.
pub fn all() -> u64 {
    ALL.load(Ordering::Relaxed)
}

/// How often every connection was in use when one was needed.
pub fn waits() -> u64 {
    WAITS.load(Ordering::Relaxed)
}

/// A connection is needed; counts whether somebody has to wait for it.
pub(super) fn needed(none_left: bool) {
    WAITS.fetch_add(u64::from(none_left), Ordering::Relaxed);
}

/// One more was run.
pub(super) fn count() {
    ALL.fetch_add(1, Ordering::Relaxed);
    // Jobs and commands have no request.
    let _ = OF_REQUEST.try_with(|tally| tally.0.fetch_add(1, Ordering::Relaxed));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_tally_counts_what_its_own_parts_run() {
        let (mine, other) = (Tally::default(), Tally::default());
        let part = || async {
            count();
            let tally = Tally::current();
            tokio::spawn(async move { tally.over(async { count() }).await }).await.expect("it only counts");
        };
        tokio::join!(mine.over(part()), other.over(async { count() }));
        count();
        assert_eq!((mine.statements(), other.statements()), (2, 1));
    }
}
