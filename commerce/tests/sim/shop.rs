//! The shop as the flows see it: its tables, its terms, the time, and a transaction around every change.

use super::faults::Fault;
use super::life;
use super::paths::{Path, Paths};
use super::tables::{Db, Event, Goods, Job, JobRow, Subject};
use super::verdict::Found;
use chrono::{DateTime, Duration, Utc};
use commerce::checkout::{SaleVariant, SellingTerms};
use commerce::error::Refusal;
use commerce::ids::{LocationId, VariantId};
use commerce::inventory::Level;
use commerce::money::Money;
use std::collections::HashMap;
use uuid::Uuid;

/// The places where stock lies: the first is sold from, the other is only counted.
pub const LOCATIONS: usize = 2;

/// Why a transaction was not brought to its end.
#[derive(Debug)]
pub enum Stop {
    Refused(Refusal),
    Crash,
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

pub type Written<T> = Result<T, Stop>;

/// What the caller of a transaction learns.
#[derive(Debug)]
pub enum Ended<T> {
    Done(T),
    Refused(Refusal),
    /// The process is gone, or was never told. It may have been committed.
    Lost,
}

/// What happens to a transaction that the rules allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Commit,
    /// The process dies at the write after so many, or before the commit.
    CrashAt(usize),
    /// It is committed and nobody is told.
    Unknown,
}

#[derive(Debug)]
pub struct Shop {
    pub db: Db,
    pub now: DateTime<Utc>,
    pub terms: SellingTerms,
    /// What is for sale, as the latest commit left it.
    pub for_sale: HashMap<VariantId, SaleVariant>,
    /// Who has used coupons, by canonical address.
    pub customers: Vec<String>,
    pub fault: Option<Fault>,
    pub paths: Paths,
    /// What the flows themselves found broken.
    pub found: Found,
    /// Whether anything was committed since the last check.
    pub dirty: bool,
    ids: u64,
    numbers: u64,
}

impl Shop {
    pub fn new(now: DateTime<Utc>, terms: SellingTerms, fault: Option<Fault>) -> Self {
        Self {
            db: Db::default(),
            now,
            terms,
            for_sale: HashMap::new(),
            customers: Vec::new(),
            fault,
            paths: Paths::default(),
            found: Found::default(),
            dirty: false,
            ids: 1_000,
            numbers: 1_000,
        }
    }

    pub fn is(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    pub fn walked(&mut self, path: Path) {
        self.paths.walked(path);
    }

    /// An id that was never given before, whatever was rolled back.
    pub fn id<T: From<Uuid>>(&mut self) -> T {
        self.ids += 1;
        T::from(Uuid::from_u128(u128::from(self.ids)))
    }

    /// A number for an order, set aside for good.
    pub fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    pub fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.terms.currency)
    }

    /// Runs a transaction to its fate. What does not commit leaves no trace.
    pub fn transact<T>(&mut self, fate: Fate, body: impl FnOnce(&mut Self) -> Written<T>) -> Ended<T> {
        self.db.fuse = match fate {
            Fate::CrashAt(writes) => Some(writes),
            Fate::Commit | Fate::Unknown => None,
        };
        let found_before = self.found.len();
        let ended = body(self);
        self.db.fuse = None;
        match ended {
            Ok(done) if !matches!(fate, Fate::CrashAt(_)) => {
                self.commit();
                if fate == Fate::Unknown {
                    self.walked(Path::UnknownCommit);
                    return Ended::Lost;
                }
                Ended::Done(done)
            }
            Err(Stop::Refused(refusal)) => {
                self.roll_back(found_before);
                Ended::Refused(refusal)
            }
            Ok(_) | Err(Stop::Crash) => {
                self.roll_back(found_before);
                self.walked(Path::Crash);
                Ended::Lost
            }
        }
    }

    /// A transaction that nothing can happen to.
    pub fn surely<T>(&mut self, body: impl FnOnce(&mut Self) -> Written<T>) -> T {
        match self.transact(Fate::Commit, body) {
            Ended::Done(done) => done,
            ended => panic!("a world could not be made: {}", matches!(ended, Ended::Refused(_))),
        }
    }

    fn commit(&mut self) {
        self.dirty |= self.db.commit();
    }

    fn roll_back(&mut self, found_before: usize) {
        self.db.roll_back();
        // What was never committed has broken nothing.
        self.found.forget_after(found_before);
    }

    /// Before each write: the process may die here.
    pub fn write(&mut self) -> Written<()> {
        match &mut self.db.fuse {
            None => Ok(()),
            Some(0) => Err(Stop::Crash),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
        }
    }

    /// Everything that grows from a cart is written under its lock.
    pub fn lock(&mut self, cart: usize) {
        self.db.touched.push(cart);
    }

    /// What is for sale of a variant, in all places.
    pub fn for_sale_of(&self, variant: usize) -> Level {
        let all = (0..LOCATIONS).map(|location| self.level(variant, location));
        all.reduce(|sum, one| Level {
            on_hand: sum.on_hand + one.on_hand,
            reserved: sum.reserved + one.reserved,
            ..sum
        })
        .expect("there is a place")
    }

    pub fn level(&self, variant: usize, location: usize) -> Level {
        let Goods { tracked, policy, .. } = &self.db.goods[variant];
        let row = self.db.stock[variant * LOCATIONS + location];
        Level { on_hand: row.on_hand, reserved: row.reserved, tracked: *tracked, policy: *policy }
    }

    pub fn tell(&mut self, cart: usize, kind: &'static str, subject: Subject, version: i64) -> Written<()> {
        self.write()?;
        self.db.events.push(Event { cart, kind, subject, version });
        Ok(())
    }

    pub fn enqueue(&mut self, job: Job, run_at: DateTime<Utc>) -> Written<()> {
        self.write()?;
        self.db.jobs.push(JobRow { job, run_at, lease_until: self.now, tries: 0, done: false });
        Ok(())
    }

    pub fn after(&self, seconds: i64) -> DateTime<Utc> {
        self.now + Duration::seconds(seconds)
    }

    /// Notes a state that may not follow on another.
    pub fn may_follow(&mut self, what: life::Life, before: &'static str, after: &'static str) {
        self.found.holds("states_change_along_their_tables", life::may_follow(what, before, after), || {
            format!("{what:?}: {before} -> {after}")
        });
    }
}

/// The place of a variant in the tables: its id is one above.
pub fn place(variant: VariantId) -> usize {
    usize::try_from(variant.0.as_u128() - 1).expect("a small number")
}

pub fn variant_at(place: usize) -> VariantId {
    VariantId(Uuid::from_u128(place as u128 + 1))
}

pub fn location_of(id: LocationId) -> usize {
    (id.0.as_u128() - 101) as usize
}

pub fn location_at(location: usize) -> LocationId {
    LocationId(Uuid::from_u128(location as u128 + 101))
}
