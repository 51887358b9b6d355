//! Decimal texts: as merchants write them in files, and as programs exchange them.

use super::format::signs;
use super::{Currency, Money};

/// Why a decimal text is not an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseMoneyError {
    /// Not digits with separators.
    #[error("{0:?} is not an amount")]
    NotAnAmount(String),
    /// More decimals than the currency has, and they are not zeros.
    #[error("{text:?} has more decimals than {currency} has")]
    TooManyDecimals {
        /// The text.
        text: String,
        /// The currency it was read for.
        currency: Currency,
    },
    /// It may be read in two ways, as `1,299` may.
    #[error("{0:?} may mean two amounts; write it with a point and all decimals, such as 1299.00")]
    Ambiguous(String),
    /// It has the sign or code of another currency.
    #[error("{text:?} is in another currency than {currency}")]
    OtherCurrency {
        /// The text.
        text: String,
        /// The currency it was read for.
        currency: Currency,
    },
    /// It does not fit 64 bits of minor units.
    #[error("{0:?} is too large")]
    TooLarge(String),
}

impl Money {
    /// Reads an amount as merchants write it: `1299`, `1,299.00`, `1.299,00`, `1 299,00`, `1'299.00`, `€ 12.50`.
    ///
    /// A single point or comma before exactly three digits could be either separator: `1,299` is refused, unless the
    /// currency settles it (JPY has no decimals; `1.299` KWD is how [`Money::to_decimal`] writes it).
    pub fn parse_decimal(text: &str, currency: Currency) -> Result<Self, ParseMoneyError> {
        let shown: String = text.chars().take(40).collect();
        let unsigned = without_currency(text.trim(), currency);
        let (negative, number) = match unsigned.strip_prefix(['-', '\u{2212}']) {
            Some(rest) => (true, without_currency(rest.trim(), currency)),
            None => (false, unsigned),
        };
        let (whole, decimals) = match split(number, currency) {
            Split::Parts(whole, decimals) => (whole, decimals),
            Split::Ambiguous => return Err(ParseMoneyError::Ambiguous(shown)),
            Split::Malformed if names_other_currency(number) => {
                return Err(ParseMoneyError::OtherCurrency { text: shown, currency });
            }
            Split::Malformed => return Err(ParseMoneyError::NotAnAmount(shown)),
        };
        let exponent = currency.exponent() as usize;
        let (kept, surplus) = decimals.split_at(decimals.len().min(exponent));
        if surplus.bytes().any(|digit| digit != b'0') {
            return Err(ParseMoneyError::TooManyDecimals { text: shown, currency });
        }
        let sign = if negative { "-" } else { "" };
        let minor = format!("{sign}{whole}{kept:0<exponent$}").parse();
        minor.map(|minor| Self::new(minor, currency)).map_err(|_| ParseMoneyError::TooLarge(shown))
    }

    /// The plain decimal text, such as `1299.00`: a point, no grouping, all decimals of the currency.
    pub fn to_decimal(self) -> String {
        let sign = if self.minor < 0 { "-" } else { "" };
        let (whole, decimals) = self.digits();
        match decimals.as_str() {
            "" => format!("{sign}{whole}"),
            decimals => format!("{sign}{whole}.{decimals}"),
        }
    }

    /// The digits before and after the decimal separator, without sign.
    pub(super) fn digits(self) -> (String, String) {
        let exponent = self.currency.exponent() as usize;
        let mut whole = format!("{:0>width$}", self.minor.unsigned_abs(), width = exponent + 1);
        let decimals = whole.split_off(whole.len() - exponent);
        (whole, decimals)
    }
}

enum Split {
    /// The digits before and after the decimal separator.
    Parts(String, String),
    Ambiguous,
    Malformed,
}

/// Finds the decimal separator: the last point or comma, if it stands alone and what is before it is grouped by
/// something else or not at all.
fn split(number: &str, currency: Currency) -> Split {
    let points = number.matches('.').count();
    let commas = number.matches(',').count();
    let last = number.rfind(['.', ',']);
    let decimal_at = match (points, commas) {
        (0, 0) => None,
        (1, 0) | (0, 1) => match lone_separator(number, last.unwrap_or(0), currency) {
            Lone::Decimal => last,
            Lone::Grouping => None,
            Lone::Either => return Split::Ambiguous,
        },
        (_, 0) | (0, _) => None,
        // Both are there: the later one is decimal, and must be the only one of its kind.
        _ if last.is_some_and(|at| number.matches(&number[at..=at]).count() == 1) => last,
        _ => return Split::Malformed,
    };
    let (whole, decimals) = match decimal_at {
        Some(at) => (&number[..at], &number[at + 1..]),
        None => (number, ""),
    };
    let decimals_are_digits = decimals.bytes().all(|byte| byte.is_ascii_digit());
    match ungrouped(whole) {
        Some(digits) if decimals_are_digits && !(digits.is_empty() && decimals.is_empty()) => {
            Split::Parts(digits, decimals.to_owned())
        }
        _ => Split::Malformed,
    }
}

enum Lone {
    Decimal,
    Grouping,
    Either,
}

/// What the only point or comma of a number is. It can only group when one to three digits, not beginning with zero,
/// stand before it and three after it.
fn lone_separator(number: &str, at: usize, currency: Currency) -> Lone {
    let (before, after) = (&number[..at], &number[at + 1..]);
    let could_group = matches!(before.len(), 1..=3) && !before.starts_with('0') && after.len() == 3;
    match (could_group, currency.exponent()) {
        (false, _) => Lone::Decimal,
        (true, 0) => Lone::Grouping,
        (true, 3) if number[at..].starts_with('.') => Lone::Decimal,
        (true, _) => Lone::Either,
    }
}

/// The digits of a whole number, which may be grouped in threes by one kind of separator.
fn ungrouped(whole: &str) -> Option<String> {
    let is_separator = |letter: char| matches!(letter, '.' | ',' | '\'' | '\u{2019}' | ' ' | '\u{a0}' | '\u{202f}');
    let mut separators: Vec<char> = whole.chars().filter(|&letter| is_separator(letter)).collect();
    separators.dedup();
    let groups: Vec<&str> = whole.split(is_separator).collect();
    let grouped_in_threes = groups[1..].iter().all(|group| group.len() == 3);
    let first_fits = groups.len() == 1 || matches!(groups[0].len(), 1..=3);
    let digits = groups.concat();
    let well_formed = separators.len() <= 1 && grouped_in_threes && first_fits;
    (well_formed && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// The text without the sign or code of the currency, which may stand before or after the number.
fn without_currency(text: &str, currency: Currency) -> &str {
    for sign in signs(&currency) {
        if let Some(rest) = text.strip_prefix(sign).or_else(|| text.strip_suffix(sign)) {
            return rest.trim();
        }
    }
    text
}

/// The signs of currencies that stand alone, without letters.
const LONE_SIGNS: &str = "$€£¥￥₩₪₫₱₹₺₴₽₦₡₲₵₸₼₾฿";

/// Whether beside the digits of a text there is the sign or the code of some currency.
fn names_other_currency(text: &str) -> bool {
    let beside = text.trim_matches(|letter: char| !letter.is_alphabetic() && !LONE_SIGNS.contains(letter));
    let is_code = beside.len() == 3 && beside.bytes().all(|byte| byte.is_ascii_uppercase());
    let has_digits = text.bytes().any(|byte| byte.is_ascii_digit());
    has_digits && (is_code || beside.ends_with(|letter| LONE_SIGNS.contains(letter)))
}
