//! One filter of an address: field, operator and value, read into its type.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use commerce::money::Money;

use super::{Filter, Kind, Place};

/// The most days that "in the last days" may reach back.
const MOST_DAYS: i64 = 3_660;
/// The longest text to look for.
const LONGEST: usize = 200;

/// A filter as it stands in an address.
#[derive(Clone, Debug)]
pub(super) struct Chosen {
    pub filter: &'static Filter,
    pub operator: &'static str,
    /// As it was written.
    pub raw: String,
    /// What was meant, or what to do about it. Absent while nothing was written yet.
    pub value: Option<Result<Value, String>>,
}

/// What a filter asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Value {
    Text(String),
    /// Whole numbers, and minor units of amounts.
    Number(i64),
    Day(NaiveDate),
    LastDays(i64),
    Flag(bool),
    Names(Vec<String>),
}

/// Whole numbers, or minor units: both ends belong to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// At least.
    pub min: Option<i64>,
    /// At most.
    pub max: Option<i64>,
}

/// Moments: the first belongs to it, the last does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// From this moment on.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub before: Option<DateTime<Utc>>,
}

/// The operators of a filter; the first is the usual one.
pub(super) fn operators(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Text => &["contains"],
        Kind::Number | Kind::Money => &["min", "max", "is"],
        Kind::Date => &["from", "until", "on", "within"],
        Kind::Flag => &["is"],
        Kind::Choice(_) => &["any", "none"],
        Kind::OpenChoice => &["any"],
    }
}

impl Chosen {
    /// Reads a filter. An operator that it does not have is its usual one.
    pub fn read(filter: &'static Filter, operator: &str, raw: &str, place: &Place) -> Self {
        let known = operators(filter.kind);
        let operator = known.iter().copied().find(|one| *one == operator).unwrap_or(known[0]);
        let raw = raw.trim().to_owned();
        let value = (!raw.is_empty()).then(|| value(filter.kind, operator, &raw, place));
        Self { filter, operator, raw, value }
    }

    /// What it asks for, if it can be read.
    pub fn wanted(&self) -> Option<&Value> {
        self.value.as_ref()?.as_ref().ok()
    }

    /// As it stands in an address.
    pub fn written(&self) -> String {
        format!("{}:{}:{}", self.filter.name, self.operator, self.raw)
    }

    /// Field, operator and value, where it can be read.
    pub fn applied(&self) -> Option<(&str, &str, &Value)> {
        Some((self.filter.name, self.operator, self.wanted()?))
    }

    /// The names that are wanted: those that were chosen, or all others of the set.
    pub fn names(&self) -> Option<Vec<String>> {
        let Value::Names(chosen) = self.wanted()? else { return None };
        match (self.operator, self.filter.kind) {
            ("none", Kind::Choice(all)) => {
                let others = all.iter().filter(|name| !chosen.iter().any(|one| one == *name));
                Some(others.map(|name| (*name).to_owned()).collect())
            }
            _ => Some(chosen.clone()),
        }
    }

    /// The numbers that are wanted.
    pub fn numbers(&self) -> Option<Numbers> {
        let Value::Number(number) = self.wanted()? else { return None };
        Some(match self.operator {
            "min" => Numbers { min: Some(*number), max: None },
            "max" => Numbers { min: None, max: Some(*number) },
            _ => Numbers { min: Some(*number), max: Some(*number) },
        })
    }

    /// The moments that are wanted.
    pub fn dates(&self, place: &Place) -> Option<Dates> {
        match (self.wanted()?, self.operator) {
            (Value::LastDays(days), _) => Some(Dates { from: Some(place.now - TimeDelta::days(*days)), before: None }),
            (Value::Day(day), "from") => Some(Dates { from: begin(*day, place.zone), before: None }),
            (Value::Day(day), "until") => Some(Dates { from: None, before: end(*day, place.zone) }),
            (Value::Day(day), _) => Some(Dates { from: begin(*day, place.zone), before: end(*day, place.zone) }),
            _ => None,
        }
    }

    /// Its value for people; choices are named by the theme.
    pub fn words(&self, place: &Place) -> String {
        let american = place.locale.eq_ignore_ascii_case("en-US");
        match self.wanted() {
            Some(Value::Number(minor)) if self.filter.kind == Kind::Money => {
                Money::new(*minor, place.currency).format(&place.locale)
            }
            Some(Value::Day(day)) => day.format(if american { "%b %-d, %Y" } else { "%-d %b %Y" }).to_string(),
            _ => self.raw.clone(),
        }
    }
}

fn value(kind: Kind, operator: &str, raw: &str, place: &Place) -> Result<Value, String> {
    let wrong = |message: &str| Err(message.to_owned());
    match kind {
        Kind::Text if raw.len() > LONGEST => wrong("This is too long."),
        Kind::Text => Ok(Value::Text(raw.to_owned())),
        Kind::Number => raw.parse().map(Value::Number).or_else(|_| wrong("This has to be a whole number such as 5.")),
        Kind::Money => match Money::parse_decimal(raw, place.currency) {
            Ok(money) => Ok(Value::Number(money.minor)),
            Err(error) => Err(format!("{error}.")),
        },
        Kind::Date if operator == "within" => match raw.parse() {
            Ok(days) if (1..=MOST_DAYS).contains(&days) => Ok(Value::LastDays(days)),
            _ => wrong("This has to be a number of days such as 30."),
        },
        Kind::Date => match NaiveDate::parse_from_str(raw, "%Y-%m-%d") {
            Ok(day) if begin(day, place.zone).is_some() && end(day, place.zone).is_some() => Ok(Value::Day(day)),
            _ => wrong("This has to be a day such as 2026-11-21."),
        },
        Kind::Flag => match raw {
            "yes" => Ok(Value::Flag(true)),
            "no" => Ok(Value::Flag(false)),
            _ => wrong("This has to be yes or no."),
        },
        Kind::Choice(all) => match raw.split(',').all(|name| all.contains(&name)) {
            true => Ok(Value::Names(raw.split(',').map(str::to_owned).collect())),
            false => wrong("This is not one of the choices."),
        },
        Kind::OpenChoice => Ok(Value::Names(raw.split(',').map(str::to_owned).collect())),
    }
}

/// The first moment of a day. Where clocks jump over midnight, the first that there is.
fn begin(day: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    let midnight = day.and_time(NaiveTime::MIN);
    let first = zone.from_local_datetime(&midnight).earliest();
    let first = first.or_else(|| zone.from_local_datetime(&(midnight + TimeDelta::hours(1))).earliest());
    first.map(|time| time.with_timezone(&Utc))
}

/// The first moment after a day.
fn end(day: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    begin(day.checked_add_days(Days::new(1))?, zone)
}

impl Numbers {
    /// What is in both.
    pub(super) fn and(self, other: Self) -> Self {
        Self { min: self.min.max(other.min), max: least(self.max, other.max) }
    }
}

impl Dates {
    /// What is in both.
    pub(super) fn and(self, other: Self) -> Self {
        Self { from: self.from.max(other.from), before: least(self.before, other.before) }
    }
}

/// The smaller one; nothing limits nothing.
fn least<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
