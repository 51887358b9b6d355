//! How often one may try. Tries are counted in memory, by a hash of who tries what; nothing readable is kept.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::error::Error;

/// The most keys that are remembered; beyond it the one that was quiet for longest is forgotten.
const MOST_KEYS: usize = 10_000;
/// How often an order may be looked up from one network, and how often under one number, in [`WINDOW`].
const LOOKUPS: usize = 5;
/// How many products that were found one network may follow and have counted, in [`WINDOW`].
const CLICKS: usize = 120;
/// How many products that were looked at one network may have counted, in [`WINDOW`].
const VIEWS: usize = 240;
/// The time that tries are counted in.
const WINDOW: TimeDelta = TimeDelta::minutes(15);

/// Tries of the last minutes.
#[derive(Debug)]
pub struct Limits {
    on: bool,
    hasher: RandomState,
    tries: Mutex<HashMap<u64, Vec<DateTime<Utc>>>>,
}

/// One has tried too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany {
    /// When another try will be let through.
    pub wait_seconds: i64,
}

impl From<TooMany> for Error {
    fn from(too_many: TooMany) -> Self {
        Error::RateLimited { wait_seconds: too_many.wait_seconds }
    }
}

impl Limits {
    /// Nothing was tried yet. When off, everything is let through.
    pub fn new(on: bool) -> Self {
        Self { on, hasher: RandomState::new(), tries: Mutex::default() }
    }

    /// Lets a guest look up an order, or not. Every try counts, right or wrong: five an address, five a number.
    pub fn order_lookup(&self, now: DateTime<Utc>, address: &str, number: &str) -> Result<(), TooMany> {
        let number = number.trim().to_lowercase();
        let keys = [self.hasher.hash_one(("address", network(address))), self.hasher.hash_one(("number", number))];
        self.take(now, &keys, LOOKUPS)
    }

    /// Lets a visitor have it counted that they followed a product of a search, or not.
    pub fn search_click(&self, now: DateTime<Utc>, address: &str) -> Result<(), TooMany> {
        self.take(now, &[self.hasher.hash_one(("click", network(address)))], CLICKS)
    }

    /// Lets a visitor have it counted what they looked at, or not.
    pub fn product_view(&self, now: DateTime<Utc>, address: &str) -> Result<(), TooMany> {
        self.take(now, &[self.hasher.hash_one(("view", network(address)))], VIEWS)
    }

    fn take(&self, now: DateTime<Utc>, keys: &[u64], most: usize) -> Result<(), TooMany> {
        if !self.on {
            return Ok(());
        }
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys {
            let Some(earlier) = tries.get_mut(key) else { continue };
            earlier.retain(|at| *at > now - WINDOW);
            if let Some(oldest) = earlier.first().filter(|_| earlier.len() >= most) {
                return Err(TooMany { wait_seconds: (*oldest + WINDOW - now).num_seconds().max(1) });
            }
        }
        for key in keys {
            tries.entry(*key).or_default().push(now);
        }
        while tries.len() > MOST_KEYS {
            forget_quietest(&mut tries);
        }
        Ok(())
    }
}

fn forget_quietest(tries: &mut HashMap<u64, Vec<DateTime<Utc>>>) {
    let quietest = tries.iter().min_by_key(|(_, times)| times.last().copied()).map(|(key, _)| *key);
    if let Some(key) = quietest {
        tries.remove(&key);
    }
}

/// Who counts as one visitor: an IPv4 address, or an IPv6 network, of which everybody has all addresses.
pub fn network(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => format!("{:x?}", &address.segments()[..4]),
        Ok(address) => address.to_string(),
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("a time")
    }

    #[test]
    fn the_sixth_try_waits_until_the_first_is_old() {
        let limits = Limits::new(true);
        for second in 0..5 {
            assert_eq!(limits.order_lookup(at(second), "10.0.0.1", &second.to_string()), Ok(()));
        }
        assert_eq!(limits.order_lookup(at(10), "10.0.0.1", "9"), Err(TooMany { wait_seconds: 890 }));
        assert_eq!(limits.order_lookup(at(10), "10.0.0.2", "9"), Ok(()));
        assert_eq!(limits.order_lookup(at(900), "10.0.0.1", "9"), Ok(()));
        assert_eq!(limits.order_lookup(at(900), "10.0.0.1", "9"), Err(TooMany { wait_seconds: 1 }));
    }

    #[test]
    fn a_number_is_counted_wherever_the_tries_come_from() {
        let limits = Limits::new(true);
        for host in 0..5 {
            assert_eq!(limits.order_lookup(at(0), &format!("10.0.0.{host}"), "10001"), Ok(()));
        }
        assert!(limits.order_lookup(at(1), "10.0.0.9", " 10001 ").is_err());
        assert_eq!(Limits::new(false).order_lookup(at(1), "10.0.0.9", "10001"), Ok(()));
    }

    #[test]
    fn clicks_and_views_have_limits_of_their_own() {
        let limits = Limits::new(true);
        assert!((0..CLICKS).all(|_| limits.search_click(at(0), "10.0.0.1").is_ok()));
        assert_eq!(limits.search_click(at(1), "10.0.0.1"), Err(TooMany { wait_seconds: 899 }));
        assert!((0..VIEWS).all(|_| limits.product_view(at(0), "10.0.0.1").is_ok()));
        assert_eq!(limits.product_view(at(1), "10.0.0.1"), Err(TooMany { wait_seconds: 899 }));
        assert_eq!(limits.order_lookup(at(1), "10.0.0.1", "10001"), Ok(()));
    }

    #[test]
    fn an_ipv6_network_is_one_visitor() {
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:10.0.0.1"), network("10.0.0.1"));
    }

    #[test]
    fn memory_is_bounded() {
        let limits = Limits::new(true);
        for visitor in 0..i64::try_from(MOST_KEYS).expect("fits") {
            let _ = limits.order_lookup(at(visitor), &visitor.to_string(), &visitor.to_string());
        }
        assert!(limits.tries.lock().expect("not poisoned").len() <= MOST_KEYS);
    }
}
