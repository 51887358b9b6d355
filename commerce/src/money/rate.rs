//! Rates in millionths, and the two ways a tax relates to a price.

use super::MoneyError;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// A rate in parts per million: 1,000,000 is 100 %. In text and JSON a decimal percentage, `"21"` or `"8.875"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Rate {
    /// Parts per million.
    pub ppm: u32,
}

/// A text that is not a decimal percentage with up to four decimals.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a percentage such as \"21\" or \"8.875\" (up to four decimals, no sign)")]
pub struct ParseRateError(pub String);

/// Parts per million in one per cent.
const PPM_PER_PERCENT: u32 = 10_000;
/// Parts per million in the whole.
const PPM_PER_ONE: i128 = 1_000_000;

impl Rate {
    /// Nothing at all.
    pub const ZERO: Self = Self { ppm: 0 };
    /// All of it: 100 %.
    pub const ONE: Self = Self { ppm: 1_000_000 };

    /// A rate of whole per cents.
    pub const fn percent(percent: u16) -> Self {
        Self { ppm: percent as u32 * PPM_PER_PERCENT }
    }

    /// This share of an amount in minor units, rounded half away from zero.
    pub fn of(self, minor: i64) -> Result<i64, MoneyError> {
        let share = div_round(i128::from(minor) * i128::from(self.ppm), PPM_PER_ONE);
        i64::try_from(share).map_err(|_| MoneyError::Overflow)
    }
}

/// The tax contained in a gross amount: `gross - round(gross / (1 + rate))`, in minor units.
pub fn included_tax(gross: i64, rate: Rate) -> i64 {
    let net = div_round(i128::from(gross) * PPM_PER_ONE, PPM_PER_ONE + i128::from(rate.ppm));
    gross - i64::try_from(net).expect("a net amount lies between zero and its gross")
}

/// The tax that comes on top of a net amount: `round(net * rate)`, in minor units.
pub fn added_tax(net: i64, rate: Rate) -> Result<i64, MoneyError> {
    rate.of(net)
}

/// A quotient rounded half away from zero; `divisor` is positive.
pub(crate) fn div_round(dividend: i128, divisor: i128) -> i128 {
    let (quotient, remainder) = (dividend / divisor, dividend % divisor);
    if remainder.abs() * 2 >= divisor { quotient + dividend.signum() } else { quotient }
}

impl FromStr for Rate {
    type Err = ParseRateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || ParseRateError(text.chars().take(40).collect());
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(decimals) || decimals.len() > 4 {
            return Err(refused());
        }
        let percent: u32 = whole.parse().map_err(|_| refused())?;
        let fraction: u32 = format!("{decimals:0<4}").parse().map_err(|_| refused())?;
        let whole_ppm = percent.checked_mul(PPM_PER_PERCENT).ok_or_else(refused)?;
        whole_ppm.checked_add(fraction).map(|ppm| Self { ppm }).ok_or_else(refused)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (percent, fraction) = (self.ppm / PPM_PER_PERCENT, self.ppm % PPM_PER_PERCENT);
        if fraction == 0 {
            return f.pad(&percent.to_string());
        }
        f.pad(format!("{percent}.{fraction:04}").trim_end_matches('0'))
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
