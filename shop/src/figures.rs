//! The arithmetic of home, pure: which moments a period has and what it is measured against, how a figure changed, and
//! what is a share of what.

use std::ops::Range;

use chrono::{DateTime, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// How far back home looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Span {
    /// Since midnight.
    Today,
    /// Today and the six days before.
    Week,
    /// Today and the 29 days before.
    #[default]
    Month,
}

impl Span {
    /// All of them, shortest first.
    pub const ALL: [Span; 3] = [Span::Today, Span::Week, Span::Month];

    /// Its name in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Span::Today => "today",
            Span::Week => "7",
            Span::Month => "30",
        }
    }

    /// The span of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|span| span.as_str() == name)
    }

    /// How many days it has.
    pub fn days(self) -> u64 {
        match self {
            Span::Today => 1,
            Span::Week => 7,
            Span::Month => 30,
        }
    }
}

/// A day of the period, or an hour of today, and the one it is measured against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Where it begins on the clock of the shop.
    pub begins: NaiveDateTime,
    /// Its moments; `None` while it lies ahead.
    pub now: Option<Range<DateTime<Utc>>>,
    /// Those of the one it is measured against.
    pub before: Range<DateTime<Utc>>,
}

/// A period up to now, and the one before it up to the same time of day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// How long it is.
    pub span: Span,
    /// Its parts, in order: hours of a day, or days.
    pub slots: Vec<Slot>,
    /// All of it.
    pub now: Range<DateTime<Utc>>,
    /// What it is measured against.
    pub before: Range<DateTime<Utc>>,
    /// Its first and last day.
    pub days: (NaiveDate, NaiveDate),
    /// Those of the period before.
    pub days_before: (NaiveDate, NaiveDate),
}

/// The period of a span that ends now, on the clock of a time zone.
pub fn period(span: Span, zone: Tz, now: DateTime<Utc>) -> Period {
    let local = now.with_timezone(&zone).naive_local();
    let (today, length) = (local.date(), span.days());
    let first = back(today, length - 1);
    let slot = |begins: NaiveDateTime, lasts: TimeDelta| {
        let moments = |from: NaiveDateTime| moment(zone, from)..moment(zone, from + lasts);
        let whole = moments(begins);
        Slot {
            begins,
            now: (begins <= local).then(|| whole.start..whole.end.min(now).max(whole.start)),
            before: moments(earlier(begins, length)),
        }
    };
    let slots = match span {
        Span::Today => {
            (0..24).map(|hour| slot(midnight(first) + TimeDelta::hours(hour), TimeDelta::hours(1))).collect()
        }
        _ => (0..length).map(|day| slot(midnight(first + Days::new(day)), TimeDelta::days(1))).collect(),
    };
    Period {
        span,
        slots,
        now: moment(zone, midnight(first))..now,
        before: moment(zone, midnight(back(first, length)))..moment(zone, earlier(local, length)),
        days: (first, today),
        days_before: (back(first, length), back(today, length)),
    }
}

/// The moment that a clock shows a time: the first one where it shows it twice, the next hour where it skips it.
fn moment(zone: Tz, shown: NaiveDateTime) -> DateTime<Utc> {
    match zone.from_local_datetime(&shown) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.with_timezone(&Utc),
        LocalResult::None => moment(zone, shown + TimeDelta::hours(1)),
    }
}

fn midnight(day: NaiveDate) -> NaiveDateTime {
    day.and_time(NaiveTime::MIN)
}

fn back(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(NaiveDate::MIN)
}

fn earlier(time: NaiveDateTime, days: u64) -> NaiveDateTime {
    back(time.date(), days).and_time(time.time())
}

/// How a figure stands to the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is what it was.
    Same,
    /// There was nothing before: no number says how much more that is.
    New,
    /// So many thousandths more, or less.
    By(i64),
}

/// How a figure changed, rounded to a thousandth of what it was.
pub fn change(now: i64, before: i64) -> Change {
    if before == 0 {
        return if now == 0 { Change::Same } else { Change::New };
    }
    let difference = i128::from(now) - i128::from(before);
    match rounded(difference * 1000, i128::from(before.unsigned_abs())) {
        0 => Change::Same,
        thousandths => Change::By(thousandths),
    }
}

/// How many thousandths of a whole a part is; `None` of nothing.
pub fn share(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| rounded(i128::from(part) * 1000, i128::from(whole)))
}

/// What comes to each of so many; `None` where there are none.
pub fn average(sum: i64, count: i64) -> Option<i64> {
    (count > 0).then(|| rounded(i128::from(sum), i128::from(count)))
}

/// For how many whole days something lasts that goes as it did in the last so many days; `None` when none of it went.
pub fn lasts(left: i64, went: i64, days: i64) -> Option<i64> {
    (went > 0).then(|| left.max(0).saturating_mul(days) / went)
}

/// Divides, half away from zero. What would not fit is as much as there can be.
fn rounded(part: i128, whole: i128) -> i64 {
    let half = whole / 2 * part.signum();
    i64::try_from((part + half) / whole).unwrap_or(if part > 0 { i64::MAX } else { i64::MIN })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    fn amsterdam(span: Span, now: &str) -> Period {
        period(span, Tz::Europe__Amsterdam, at(now))
    }

    #[test]
    fn a_period_is_measured_against_the_same_time_before() {
        for (span, now, from, before_from, before_to) in [
            (
                Span::Today,
                "2026-11-21T13:20:00Z",
                "2026-11-20T23:00:00Z",
                "2026-11-19T23:00:00Z",
                "2026-11-20T13:20:00Z",
            ),
            (
                Span::Week,
                "2026-11-21T13:20:00Z",
                "2026-11-14T23:00:00Z",
                "2026-11-07T23:00:00Z",
                "2026-11-14T13:20:00Z",
            ),
            // Summer time ended between: the same time of day is an hour earlier in the world's time.
            (
                Span::Month,
                "2026-11-21T13:20:00Z",
                "2026-10-22T22:00:00Z",
                "2026-09-22T22:00:00Z",
                "2026-10-22T12:20:00Z",
            ),
        ] {
            let period = amsterdam(span, now);
            assert_eq!(period.now, at(from)..at(now), "{span:?}");
            assert_eq!(period.before, at(before_from)..at(before_to), "{span:?}");
        }
    }

    #[test]
    fn days_follow_each_other_without_a_gap_when_the_clock_changes() {
        for (now, hours) in [("2026-04-01T10:00:00Z", 23), ("2026-10-28T10:00:00Z", 25)] {
            let period = amsterdam(Span::Week, now);
            let days: Vec<_> = period.slots.iter().filter_map(|slot| slot.now.clone()).collect();
            assert_eq!(days.len(), 7);
            assert!(days.windows(2).all(|pair| pair[0].end == pair[1].start), "{days:?}");
            assert!(days.iter().any(|day| (day.end - day.start).num_hours() == hours), "{days:?}");
            assert_eq!((days[0].start, days[6].end), (period.now.start, period.now.end));
        }
    }

    #[test]
    fn an_hour_that_the_clock_skips_has_no_moments_and_one_it_repeats_has_two() {
        for (now, skipped, repeated) in [("2026-03-29T20:30:00Z", 1, 0), ("2026-10-25T20:30:00Z", 0, 1)] {
            let hours = amsterdam(Span::Today, now).slots;
            let lasting = |minutes| {
                let whole = hours.iter().filter_map(|slot| slot.now.as_ref());
                whole.filter(|hour| (hour.end - hour.start).num_minutes() == minutes).count()
            };
            assert_eq!((lasting(0), lasting(120)), (skipped, repeated), "{now}");
        }
    }

    #[test]
    fn hours_ahead_have_no_moments_yet() {
        let period = amsterdam(Span::Today, "2026-11-21T13:20:00Z");
        assert_eq!(period.slots.iter().filter(|slot| slot.now.is_some()).count(), 15);
        assert_eq!(period.slots[14].now, Some(at("2026-11-21T13:00:00Z")..at("2026-11-21T13:20:00Z")));
        assert_eq!(period.slots[23].before.end, period.now.start);
    }

    #[test]
    fn a_change_is_told_in_thousandths_of_what_was() {
        for (now, before, expected) in [
            (0, 0, Change::Same),
            (5, 0, Change::New),
            (0, 5, Change::By(-1000)),
            (288, 262, Change::By(99)),
            (6, 6, Change::Same),
            (100_001, 100_000, Change::Same),
            (-5, 10, Change::By(-1500)),
            (10, -5, Change::By(3000)),
            (i64::MAX, 1, Change::By(i64::MAX)),
        ] {
            assert_eq!(change(now, before), expected, "{now} after {before}");
        }
    }

    #[test]
    fn shares_and_averages_of_nothing_are_not_told() {
        assert_eq!((share(34, 1000), share(1, 3), share(0, 0)), (Some(34), Some(333), None));
        assert_eq!((average(1000, 16), average(5, 0)), (Some(63), None));
        assert_eq!((lasts(3, 45, 30), lasts(0, 3, 30), lasts(5, 0, 30)), (Some(2), Some(0), None));
    }
}
