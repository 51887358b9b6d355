//! Prices of many products changed by one rule.

use crate::money::{Money, MoneyError, Rate};

/// What happens to a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PriceStep {
    /// It becomes this, in minor units.
    Set(i64),
    /// So many minor units are added; below zero they are taken off.
    Add(i64),
    /// It rises by a share of itself.
    Raise(Rate),
    /// It falls by a share of itself.
    Lower(Rate),
}

named_enum! {
    /// How a price is rounded that follows from another.
    pub enum Rounding {
        /// To the minor unit.
        Exact = "exact",
        /// To whole units of the currency.
        Whole = "whole",
        /// To the nearest price that ends in 99 of a hundredth, as 4.99.
        Ending99 = "ending_99",
        /// To the nearest price that ends in 95 of a hundredth, as 4.95.
        Ending95 = "ending_95",
    }
}

/// What happens to the price it had before, which is shown crossed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompareAt {
    /// It stays.
    Keep,
    /// It becomes the price before this change.
    FormerPrice,
    /// It becomes this, in minor units.
    Set(i64),
    /// There is none any more.
    Clear,
}

/// A rule for prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceRule {
    /// What happens to the price; `None` leaves it.
    pub step: Option<PriceStep>,
    /// How the outcome is rounded. A price that is set is taken as it is.
    pub rounding: Rounding,
    /// What happens to the price before.
    pub compare_at: CompareAt,
}

/// Why a rule does not fit a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PriceRefusal {
    /// It would fall below zero.
    #[error("The price would fall below zero.")]
    BelowZero,
    /// It can't be counted.
    #[error(transparent)]
    Amount(#[from] MoneyError),
}

impl PriceRule {
    /// The price and the price before, by the rule.
    pub fn apply(&self, price: Money, compare_at: Option<Money>) -> Result<(Money, Option<Money>), PriceRefusal> {
        let money = |minor| Money::new(minor, price.currency);
        let now = match self.step {
            None => price,
            Some(PriceStep::Set(minor)) => money(minor),
            Some(step) => money(self.rounding.round(stepped(step, price.minor)?, price.currency.minor_per_major())),
        };
        if now.minor < 0 {
            return Err(PriceRefusal::BelowZero);
        }
        let compare_at = match self.compare_at {
            CompareAt::Keep => compare_at,
            CompareAt::FormerPrice => Some(price),
            CompareAt::Set(minor) if minor < 0 => return Err(PriceRefusal::BelowZero),
            CompareAt::Set(minor) => Some(money(minor)),
            CompareAt::Clear => None,
        };
        Ok((now, compare_at))
    }
}

fn stepped(step: PriceStep, minor: i64) -> Result<i64, MoneyError> {
    let sum = match step {
        PriceStep::Set(minor) => Some(minor),
        PriceStep::Add(more) => minor.checked_add(more),
        PriceStep::Raise(rate) => minor.checked_add(rate.of(minor)?),
        PriceStep::Lower(rate) => minor.checked_sub(rate.of(minor)?),
    };
    sum.ok_or(MoneyError::Overflow)
}

impl Rounding {
    fn round(self, minor: i64, major: i64) -> i64 {
        match self {
            Self::Exact => minor,
            Self::Whole => nearest(minor, major, 0),
            Self::Ending99 => nearest(minor, major.max(100), major.max(100) / 100),
            Self::Ending95 => nearest(minor, major.max(100), major.max(100) / 20),
        }
    }
}

/// The multiple of `step`, less `short`, that is nearest; the higher one of two. What is not above zero stays.
fn nearest(minor: i64, step: i64, short: i64) -> i64 {
    if minor <= 0 {
        return minor;
    }
    let multiples = minor.saturating_add(short).saturating_add(step / 2) / step;
    let least = i64::from(short > 0);
    multiples.max(least).saturating_mul(step).saturating_sub(short)
}
