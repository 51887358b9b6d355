//! The one place that reads the time and draws ids and randomness; everything else is given them.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use uuid::{NoContext, Timestamp, Uuid};

/// The shop's clock. Tests and the sandbox may move it forward.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    ahead_ms: Arc<AtomicI64>,
    /// A simulator's own time, in microseconds, instead of the machine's.
    simulated: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// A clock that runs ahead of the machine's by a number of seconds.
    pub fn ahead_by(seconds: i64) -> Self {
        Self { ahead_ms: Arc::new(AtomicI64::new(seconds.saturating_mul(1000))), simulated: None }
    }

    /// A clock that no machine drives: it goes on by a microsecond whenever it is asked, and its ids are counted, so that
    /// a run can be had again to the last of them. They can be guessed: for a simulator alone.
    pub fn simulated(start: DateTime<Utc>) -> Self {
        Self { ahead_ms: Arc::default(), simulated: Some(Arc::new(AtomicI64::new(start.timestamp_micros()))) }
    }

    /// The next moment of a simulator's own time.
    fn tick(&self) -> Option<DateTime<Utc>> {
        let at = self.simulated.as_ref()?.fetch_add(1, Ordering::Relaxed);
        DateTime::from_timestamp_micros(at)
    }

    /// The next id of a simulator: its own time, which no two ids have in common.
    fn counted(&self) -> Option<Uuid> {
        let at = self.tick()?.timestamp_micros();
        let at = u128::try_from(at).unwrap_or(0);
        // As in any version 7: what sorts them stands in front, the twelve bits after the version still belong to it.
        let number = (at >> 12 << 80) | ((at & 0xfff) << 64);
        Some(uuid::Builder::from_u128(number).with_version(uuid::Version::SortRand).into_uuid())
    }

    /// Now, in whole microseconds as the database keeps them.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the machine")]
    pub fn now(&self) -> DateTime<Utc> {
        let machine = self.tick().unwrap_or_else(Utc::now);
        (machine + TimeDelta::milliseconds(self.ahead_ms.load(Ordering::Relaxed))).trunc_subsecs(6)
    }

    /// Another clock that runs behind this one by a number of seconds.
    pub fn behind_by(&self, seconds: i64) -> Self {
        let behind = self.ahead_ms.load(Ordering::Relaxed).saturating_sub(seconds.saturating_mul(1000));
        Self { ahead_ms: Arc::new(AtomicI64::new(behind)), simulated: self.simulated.clone() }
    }

    /// A new id above every one drawn this way before, so that a catalog keeps the order of its file. It can be guessed
    /// from its neighbours: for what everybody may see.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that draws ids")]
    pub fn id_in_order<T: From<Uuid>>(&self) -> T {
        T::from(self.counted().unwrap_or_else(Uuid::now_v7))
    }

    /// 256 bits that nobody can guess, in hexadecimal digits.
    pub fn token(&self) -> String {
        rand::random::<[u8; 32]>().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Moves the clock forward by a number of seconds.
    pub fn advance(&self, seconds: i64) {
        self.ahead_ms.fetch_add(seconds.saturating_mul(1000), Ordering::Relaxed);
    }

    /// A new id. UUIDv7, so that rows of one time lie together. All of its 74 other bits are random: an id that opens a
    /// cart must not follow from another id of the same moment.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that draws ids")]
    pub fn id<T: From<Uuid>>(&self) -> T {
        if let Some(id) = self.counted() {
            return T::from(id);
        }
        let now = Utc::now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
        T::from(Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_simulators_ids_are_in_order_and_never_the_same() {
        let clock = Clock::simulated(DateTime::UNIX_EPOCH + TimeDelta::days(20_000));
        let ids: Vec<Uuid> = (0..100_000).map(|_| clock.id()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "each is above the one before");
        assert_eq!(ids[0].get_version_num(), 7);
    }

    #[test]
    fn an_id_does_not_follow_from_another_of_the_same_moment() {
        let clock = Clock::default();
        let ids: Vec<Uuid> = (0..1000).map(|_| clock.id()).collect();
        // A counter would only ever rise within a millisecond.
        assert!(ids.windows(2).any(|pair| pair[0] > pair[1]), "what is not the time is drawn anew");
    }
}
