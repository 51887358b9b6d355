//! When people buy: more every month, most on Sunday evenings and before Christmas, few at night.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::draw::Draw;

/// How far back the shop's trade goes.
pub const DAYS: u64 = 730;

/// How much of a week's trade falls on each day, from Monday on.
const WEEK: [i64; 7] = [100, 96, 92, 94, 98, 116, 142];
/// How much of a day's trade falls into each hour.
const HOURS: [i64; 24] = [12, 6, 4, 3, 3, 6, 14, 26, 38, 46, 52, 56, 60, 56, 52, 52, 54, 58, 66, 84, 96, 92, 64, 30];
/// How much of a year's trade falls into each month.
const MONTHS: [i64; 12] = [88, 84, 92, 96, 98, 94, 86, 84, 98, 104, 128, 156];

/// So many moments up to now, in order.
pub fn moments(draw: &mut Draw, count: usize, zone: Tz, now: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let today = now.with_timezone(&zone).date_naive();
    let days: Vec<NaiveDate> = (0..=DAYS).rev().filter_map(|ago| today.checked_sub_days(Days::new(ago))).collect();
    let weights: Vec<i64> = days.iter().zip(0..).map(|(day, place)| weight(*day, place)).collect();
    let (mut moments, total) = (Vec::with_capacity(count), weights.iter().sum::<i64>());
    while moments.len() < count {
        let day = days[pick(&weights, draw.between(0, total - 1))];
        let hour = pick(&HOURS, draw.between(0, HOURS.iter().sum::<i64>() - 1));
        let clock = day.and_hms_opt(hour as u32, draw.between(0, 59) as u32, draw.between(0, 59) as u32);
        // An hour that the clock skips in spring is nobody's.
        let Some(at) = clock.and_then(|clock| zone.from_local_datetime(&clock).earliest()) else { continue };
        let at = at.with_timezone(&Utc) + TimeDelta::microseconds(draw.between(0, 999_999));
        if at < now - TimeDelta::minutes(10) {
            moments.push(at);
        }
    }
    moments.sort_unstable();
    moments
}

/// What a day is worth: its weekday, its month, and the growth since the first.
fn weight(day: NaiveDate, place: i64) -> i64 {
    let (weekday, month) = (day.weekday().num_days_from_monday() as usize, day.month0() as usize);
    WEEK[weekday] * MONTHS[month] * (700 + place) / 1000
}

/// The place in a list of weights that a number below their sum falls on.
fn pick(weights: &[i64], mut drawn: i64) -> usize {
    weights
        .iter()
        .position(|weight| {
            drawn -= weight;
            drawn < 0
        })
        .unwrap_or(0)
}
