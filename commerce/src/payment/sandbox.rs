//! The built-in bank: what it does with each of its test cards.

use super::DeclineCode;
use crate::error::FieldError;
use chrono::{DateTime, Datelike, Utc};
use serde::{Deserialize, Serialize};

/// After how many seconds the late card succeeds.
pub const LATE_AFTER_SECONDS: i64 = 2;

/// A card as a person typed it. It goes to the sandbox alone and is never kept or shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardInput {
    /// The number; spaces and hyphens are ignored.
    pub number: String,
    /// Expiry, `MM/YY`.
    pub exp: String,
    /// Three or four digits.
    pub cvc: String,
}

impl std::fmt::Debug for CardInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CardInput(..)")
    }
}

/// What the bank would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BankAnswer {
    /// Pays at once.
    Approve,
    /// Refuses.
    Decline(DeclineCode),
    /// Asks the buyer to confirm.
    ThreeDSecure,
    /// Pays after [`LATE_AFTER_SECONDS`], by webhook.
    Late,
}

/// What the bank does with each card it knows; it declines every other.
const TEST_CARDS: &[(&str, BankAnswer)] = &[
    ("4242424242424242", BankAnswer::Approve),
    ("4000000000000002", BankAnswer::Decline(DeclineCode::CardDeclined)),
    ("4000000000009995", BankAnswer::Decline(DeclineCode::InsufficientFunds)),
    ("4000002760003184", BankAnswer::ThreeDSecure),
    ("4000000000000077", BankAnswer::Late),
];

/// What the bank does with a card. Malformed fields (`card.number`, `card.exp`, `card.cvc`) are refused before it is
/// asked.
pub fn sandbox_card(number: &str, exp: &str, cvc: &str, now: DateTime<Utc>) -> Result<BankAnswer, Vec<FieldError>> {
    let number: String = number.chars().filter(|letter| !matches!(letter, ' ' | '-')).collect();
    let checks = [
        ("card.number", check_number(&number)),
        ("card.exp", check_expiry(exp.trim(), now)),
        ("card.cvc", check_cvc(cvc.trim())),
    ];
    let refused = |(field, check): (&str, Result<(), &str>)| check.err().map(|message| FieldError::new(field, message));
    let errors: Vec<FieldError> = checks.into_iter().filter_map(refused).collect();
    if !errors.is_empty() {
        return Err(errors);
    }
    let known = TEST_CARDS.iter().find(|(card, _)| *card == number);
    Ok(known.map_or(BankAnswer::Decline(DeclineCode::CardDeclined), |(_, answer)| *answer))
}

fn check_number(number: &str) -> Result<(), &'static str> {
    if matches!(number.len(), 12..=19) && all_digits(number) {
        Ok(())
    } else {
        Err("Enter the digits of the card number.")
    }
}

fn check_expiry(exp: &str, now: DateTime<Utc>) -> Result<(), &'static str> {
    let malformed = Err("Enter the expiry date as MM/YY.");
    let Some((month, year)) = exp.split_once('/').map(|(month, year)| (month.trim(), year.trim())) else {
        return malformed;
    };
    if month.len() != 2 || year.len() != 2 || !all_digits(month) || !all_digits(year) {
        return malformed;
    }
    let (Ok(month @ 1..=12), Ok(year)) = (month.parse::<u32>(), year.parse::<i32>()) else {
        return malformed;
    };
    // A card is good through the last day of its month.
    if (2000 + year, month) < (now.year(), now.month()) { Err("This card has expired.") } else { Ok(()) }
}

fn check_cvc(cvc: &str) -> Result<(), &'static str> {
    if matches!(cvc.len(), 3 | 4) && all_digits(cvc) { Ok(()) } else { Err("Enter the 3 or 4 digits of the CVC.") }
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}
