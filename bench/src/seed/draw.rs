//! Chance, from one number: the same number draws the same trade.

use chrono::{DateTime, Utc};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use uuid::Uuid;

/// Where everything that is made up comes from.
pub struct Draw(StdRng);

impl Draw {
    /// Chance that follows from a number.
    pub fn from_seed(seed: u64) -> Self {
        Draw(StdRng::seed_from_u64(seed))
    }

    /// One of a list.
    pub fn one<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.0.random_range(0..list.len())]
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high)
    }

    /// A place below `count`, each as likely as the others.
    pub fn below(&mut self, count: usize) -> usize {
        self.0.random_range(0..count)
    }

    /// Whether something that happens so many times in a thousand happens now.
    pub fn happens(&mut self, per_mille: u32) -> bool {
        self.0.random_range(0..1000) < per_mille
    }

    /// A place below `count` where low ones come up far more often, as favourites do.
    pub fn favourite(&mut self, count: usize) -> usize {
        let (first, second) = (self.0.random_range(0..count.max(1)), self.0.random_range(0..1000));
        // The product of two even draws: half of all come from the first sixth.
        first * second / 1000
    }

    /// An id of a moment: rows of one time lie together, as they do in a shop that has grown.
    pub fn id<T: From<Uuid>>(&mut self, at: DateTime<Utc>) -> T {
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
        T::from(uuid::Builder::from_unix_timestamp_millis(millis, &self.0.random()).into_uuid())
    }
}
