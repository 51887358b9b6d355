//! Writes down what is counted in memory (searches, what is looked at), so that counting costs no write.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::app::Shop;
use crate::{searches, visits};

/// How often counts are written down.
const WRITE: Duration = Duration::from_secs(5);

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
