//! What wakes those who run jobs: a bell for each lane, so that an order's letter has nobody else look for work.

use tokio::sync::Notify;

use crate::store::jobs::Lane;

/// The bells of a node.
#[derive(Debug, Default)]
pub struct Bells {
    prompt: Notify,
    letters: Notify,
    slow: Notify,
}

impl Bells {
    /// There may be work of any sort.
    pub fn ring_all(&self) {
        [Lane::Prompt, Lane::Letters, Lane::Slow].into_iter().for_each(|lane| self.ring(lane));
    }

    /// There is work in a lane. Who is busy hears it afterwards.
    pub fn ring(&self, lane: Lane) {
        self.of(lane).notify_one();
    }

    /// Waits until a lane's bell rings.
    pub(super) async fn rung(&self, lane: Lane) {
        self.of(lane).notified().await;
    }

    fn of(&self, lane: Lane) -> &Notify {
        match lane {
            Lane::Prompt => &self.prompt,
            Lane::Letters => &self.letters,
            Lane::Slow => &self.slow,
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn a_bell_wakes_its_lane_alone_and_is_heard_later() {
        let bells = Bells::default();
        bells.ring(Lane::Letters);
        let heard = |lane| bells.rung(lane).now_or_never().is_some();
        assert_eq!([Lane::Prompt, Lane::Letters, Lane::Slow].map(heard), [false, true, false]);
        bells.ring_all();
        assert_eq!([Lane::Prompt, Lane::Letters, Lane::Slow].map(heard), [true; 3]);
    }
}
