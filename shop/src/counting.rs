//! What is counted in memory (searches, what is looked at) and written down now and then, so that counting costs no write.

use std::collections::HashMap;
use std::hash::Hash;
use std::mem::take;
use std::ops::AddAssign;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::app::Shop;
use crate::{searches, visits};

/// How often counts are written down.
const WRITE: Duration = Duration::from_secs(5);

/// Numbers by what they count, since they were last written down: of so many different things, others are left out.
#[derive(Debug)]
pub struct Counted<K, N> {
    most: usize,
    numbers: Mutex<HashMap<K, N>>,
}

impl<K: Eq + Hash, N: Default + AddAssign> Counted<K, N> {
    /// Nothing yet, and at most so many different things.
    pub fn of(most: usize) -> Self {
        Self { most, numbers: Mutex::default() }
    }

    /// Counts on.
    pub fn add(&self, key: K, more: N) {
        let mut numbers = self.numbers();
        if numbers.len() < self.most || numbers.contains_key(&key) {
            *numbers.entry(key).or_default() += more;
        }
    }

    /// All of it, to be written down.
    pub fn take(&self) -> HashMap<K, N> {
        take(&mut *self.numbers())
    }

    /// What could not be written down stays counted, however much it is.
    pub fn give_back(&self, counted: HashMap<K, N>) {
        let mut numbers = self.numbers();
        counted.into_iter().for_each(|(key, more)| *numbers.entry(key).or_default() += more);
    }

    fn numbers(&self) -> MutexGuard<'_, HashMap<K, N>> {
        self.numbers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes counts down for as long as the shop is open, and once more when it closes.
pub async fn keep(app: Shop, closed: impl Future<Output = ()>) {
    let mut ticks = interval(WRITE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut closed = std::pin::pin!(closed);
    loop {
        let is_last = tokio::select! {
            _ = ticks.tick() => false,
            () = &mut closed => true,
        };
        if let Err(error) = searches::write_down(&app).await {
            tracing::warn!(%error, "what was searched for could not be written down");
        }
        if let Err(error) = visits::write_down(&app).await {
            tracing::warn!(%error, "what was looked at could not be written down");
        }
        if is_last {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_bounded_known_things_go_on_and_nothing_is_lost() {
        let counted = Counted::of(2);
        ["a", "b", "c", "a"].into_iter().for_each(|key| counted.add(key, 1));
        let taken = counted.take();
        assert_eq!(taken, HashMap::from([("a", 2), ("b", 1)]));
        ["c", "a"].into_iter().for_each(|key| counted.add(key, 1));
        counted.give_back(taken);
        assert_eq!(counted.take(), HashMap::from([("a", 3), ("b", 1), ("c", 1)]));
    }
}
