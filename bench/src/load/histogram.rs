//! How long things took, in buckets that grow with the value: within two parts in a hundred, at a fixed size.

use std::time::Duration;

/// Buckets for each doubling.
const FINE: u64 = 64;
/// A doubling for each bit of a number of microseconds.
const SIZE: usize = (FINE as usize) * 40;

/// Times in microseconds.
#[derive(Clone)]
pub struct Histogram {
    buckets: Vec<u32>,
    count: u64,
    longest: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Histogram { buckets: vec![0; SIZE], count: 0, longest: 0 }
    }
}

impl Histogram {
    /// One more.
    pub fn add(&mut self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.buckets[bucket(micros)] += 1;
        self.count += 1;
        self.longest = self.longest.max(micros);
    }

    /// Those of another one too.
    pub fn merge(&mut self, other: &Histogram) {
        self.buckets.iter_mut().zip(&other.buckets).for_each(|(mine, more)| *mine += more);
        self.count += other.count;
        self.longest = self.longest.max(other.longest);
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The longest, in microseconds.
    pub fn longest(&self) -> u64 {
        self.longest
    }

    /// Microseconds that so many of a hundred took at most.
    pub fn percentile(&self, percent: u64) -> u64 {
        let wanted = (self.count * percent).div_ceil(100).max(1);
        let mut seen = 0;
        for (place, count) in self.buckets.iter().enumerate() {
            seen += u64::from(*count);
            if seen >= wanted {
                return top(place).min(self.longest);
            }
        }
        self.longest
    }
}

/// The place of a number: those below `FINE` have one each, then every doubling has `FINE`.
fn bucket(micros: u64) -> usize {
    if micros < FINE {
        return micros as usize;
    }
    let doubling = u64::from(micros.ilog2() - FINE.ilog2());
    let place = (doubling + 1) * FINE + (micros >> doubling) - FINE;
    usize::try_from(place).map_or(SIZE - 1, |place| place.min(SIZE - 1))
}

/// The largest number of a place.
fn top(place: usize) -> u64 {
    let place = place as u64;
    if place < FINE {
        return place;
    }
    let doubling = place / FINE - 1;
    ((place % FINE + FINE + 1) << doubling) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_lies_in_its_bucket_within_two_parts_in_a_hundred() {
        for micros in [0, 1, 63, 64, 65, 127, 128, 129, 1_000, 65_535, 65_536, 1_234_567, 60_000_000] {
            let told = top(bucket(micros));
            assert!(told >= micros && told - micros <= micros / 50, "{micros} is told as {told}");
        }
    }

    #[test]
    fn percentiles_are_the_times_that_so_many_took_at_most() {
        let mut times = Histogram::default();
        (1..=100).for_each(|micros| times.add(Duration::from_micros(micros)));
        assert_eq!((times.percentile(50), times.percentile(99), times.longest()), (50, 99, 100));
        assert_eq!(Histogram::default().percentile(99), 0);
    }
}
