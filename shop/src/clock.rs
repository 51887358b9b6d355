//! The one place that reads the time and draws ids and randomness; everything else is given them.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use uuid::{NoContext, Timestamp, Uuid};

/// The shop's clock. Tests and the sandbox may move it forward.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    ahead_ms: Arc<AtomicI64>,
}

impl Clock {
    /// A clock that runs ahead of the machine's by a number of seconds.
    pub fn ahead_by(seconds: i64) -> Self {
        Self { ahead_ms: Arc::new(AtomicI64::new(seconds.saturating_mul(1000))) }
    }

    /// Now, in whole microseconds as the database keeps them.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the machine")]
    pub fn now(&self) -> DateTime<Utc> {
        (Utc::now() + TimeDelta::milliseconds(self.ahead_ms.load(Ordering::Relaxed))).trunc_subsecs(6)
    }

    /// Another clock that runs behind this one by a number of seconds.
    pub fn behind_by(&self, seconds: i64) -> Self {
        let behind = self.ahead_ms.load(Ordering::Relaxed).saturating_sub(seconds.saturating_mul(1000));
        Self { ahead_ms: Arc::new(AtomicI64::new(behind)) }
    }

    /// A new id above every one drawn this way before, so that a catalog keeps the order of its file. It can be guessed
    /// from its neighbours: for what everybody may see.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that draws ids")]
    pub fn id_in_order<T: From<Uuid>>(&self) -> T {
        T::from(Uuid::now_v7())
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
        let now = Utc::now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
        T::from(Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_does_not_follow_from_another_of_the_same_moment() {
        let clock = Clock::default();
        let ids: Vec<Uuid> = (0..1000).map(|_| clock.id()).collect();
        // A counter would only ever rise within a millisecond.
        assert!(ids.windows(2).any(|pair| pair[0] > pair[1]), "what is not the time is drawn anew");
    }
}
