//! The one place that reads the time and draws ids and randomness; everything else is given them.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use uuid::Uuid;

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

    /// Moves the clock forward by a number of seconds.
    pub fn advance(&self, seconds: i64) {
        self.ahead_ms.fetch_add(seconds.saturating_mul(1000), Ordering::Relaxed);
    }

    /// A new id. UUIDv7, so that rows of one time lie together, with 74 random bits.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that draws ids")]
    pub fn id<T: From<Uuid>>(&self) -> T {
        T::from(Uuid::now_v7())
    }
}
