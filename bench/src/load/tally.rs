//! What happened: how long each kind of request took, how many deeds were done, and everything that went wrong.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::histogram::Histogram;
use super::window::Window;

/// What one buyer saw, or all of them together.
#[derive(Clone, Default)]
pub struct Tally {
    window: Option<Arc<Window>>,
    /// Times of requests, by kind.
    pub kinds: BTreeMap<&'static str, Histogram>,
    /// Times of whole deeds.
    pub deeds: Histogram,
    /// Every deed that was done, also before and after the time that is measured.
    pub all_deeds: u64,
    /// What was not as expected, and how often.
    pub wrong: BTreeMap<String, u64>,
}

impl Tally {
    /// Counts times of what ends while this is open.
    pub fn during(window: &Arc<Window>) -> Self {
        Tally { window: Some(window.clone()), ..Tally::default() }
    }

    /// A request was answered as expected.
    pub fn request(&mut self, kind: &'static str, took: Duration) {
        if self.is_counted() {
            self.kinds.entry(kind).or_default().add(took);
        }
    }

    /// A deed was done.
    pub fn deed(&mut self, took: Duration) {
        self.all_deeds += 1;
        if self.is_counted() {
            self.deeds.add(took);
        }
        self.window.iter().for_each(|window| window.deed());
    }

    /// Something was not as expected. That counts at any time.
    pub fn wrong(&mut self, what: String) {
        *self.wrong.entry(what).or_default() += 1;
        self.window.iter().for_each(|window| window.deed());
    }

    fn is_counted(&self) -> bool {
        self.window.as_ref().is_none_or(|window| window.is_open())
    }

    /// Takes in what another one saw.
    pub fn merge(&mut self, other: Tally) {
        for (kind, times) in &other.kinds {
            self.kinds.entry(kind).or_default().merge(times);
        }
        self.deeds.merge(&other.deeds);
        self.all_deeds += other.all_deeds;
        other.wrong.into_iter().for_each(|(what, count)| *self.wrong.entry(what).or_default() += count);
    }

    /// How often something was not as expected.
    pub fn errors(&self) -> u64 {
        self.wrong.values().sum()
    }

    /// The times of each kind of request, for the record.
    pub fn requests(&self) -> Value {
        let kinds = self.kinds.iter().map(|(kind, times)| ((*kind).to_owned(), times_of(times)));
        Value::Object(kinds.collect())
    }
}

/// A histogram for the record, in microseconds.
pub fn times_of(times: &Histogram) -> Value {
    json!({
        "count": times.count(),
        "p50_us": times.percentile(50),
        "p99_us": times.percentile(99),
        "max_us": times.longest(),
    })
}
