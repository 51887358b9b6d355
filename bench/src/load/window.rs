//! The time in which a run is measured. It opens when everybody is at work, and stays open until enough has been done
//! to say how long things take.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::time::sleep;

/// Deeds for each visitor before a run may end, as long as it takes no longer than this many times its time.
const ENOUGH: u64 = 4;
const MOST_TIMES: u32 = 12;
/// How often it is looked whether there are enough.
const LOOK: Duration = Duration::from_millis(5);

/// Before it is open, it is neither.
const OPEN: u8 = 1;
const CLOSED: u8 = 2;

/// Whether it is measured now, and how much was done.
#[derive(Default)]
pub struct Window {
    state: AtomicU8,
    deeds: AtomicU64,
}

impl Window {
    /// Whether what ends now is measured.
    pub fn is_open(&self) -> bool {
        self.state.load(Ordering::Relaxed) == OPEN
    }

    /// Whether it is over.
    pub fn is_closed(&self) -> bool {
        self.state.load(Ordering::Relaxed) == CLOSED
    }

    /// Something was done, or failed.
    pub fn deed(&self) {
        self.deeds.fetch_add(1, Ordering::Relaxed);
    }

    /// Lets a number of visitors warm up, measures them for so long, and answers how long it was in the end.
    pub async fn pass(&self, visitors: usize, time: Duration) -> Duration {
        let visitors = visitors as u64;
        let warm = (time / 5).min(Duration::from_secs(2));
        self.wait(warm, visitors, time * MOST_TIMES).await;
        self.state.store(OPEN, Ordering::Relaxed);
        let took = self.wait(time, visitors * ENOUGH, time * MOST_TIMES).await;
        self.state.store(CLOSED, Ordering::Relaxed);
        took
    }

    /// Waits for so long at least, and then for so many deeds, but not for ever.
    async fn wait(&self, least: Duration, deeds: u64, most: Duration) -> Duration {
        let (began, before) = (Instant::now(), self.deeds.load(Ordering::Relaxed));
        sleep(least).await;
        while self.deeds.load(Ordering::Relaxed) - before < deeds && began.elapsed() < most {
            sleep(LOOK).await;
        }
        began.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_stays_open_until_enough_was_done_but_not_for_ever() {
        let window = Window::default();
        let nobody = window.pass(1, Duration::from_millis(10)).await;
        assert!(nobody >= Duration::from_millis(120), "{nobody:?}");
        let window = Window::default();
        let busy = async {
            while !window.is_closed() {
                window.deed();
                tokio::task::yield_now().await;
            }
        };
        let (took, ()) = tokio::join!(window.pass(1, Duration::from_millis(10)), busy);
        assert!(took < Duration::from_millis(120), "{took:?}");
    }
}
