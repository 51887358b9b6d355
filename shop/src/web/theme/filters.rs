//! How amounts and times are written: in the locale and the time zone of the shop, which every page has in its context.

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;
use commerce::money::{Money, format_count};
use minijinja::value::Value;
use minijinja::{Error, ErrorKind, State};
use serde::Deserialize;

/// `{{ price|money }}`: `€68.00`
pub fn money(state: &State, value: Value) -> Result<String, Error> {
    let money = Money::deserialize(value.clone()).map_err(|_| wrong("an amount", &value))?;
    Ok(money.format(&locale(state)))
}

/// `{{ time|day }}`: `Sat 21 November`
pub fn day(state: &State, value: Value) -> Result<String, Error> {
    written(state, &value, |american| if american { "%a, %B %-d" } else { "%a %-d %B" })
}

/// `{{ time|date }}`: `Sat 21 November 2026`
pub fn date(state: &State, value: Value) -> Result<String, Error> {
    written(state, &value, |american| if american { "%a, %B %-d, %Y" } else { "%a %-d %B %Y" })
}

/// `{{ time|datetime }}`: `Sat 21 November 2026, 14:05`
pub fn datetime(state: &State, value: Value) -> Result<String, Error> {
    written(state, &value, |american| if american { "%a, %B %-d, %Y, %-I:%M %p" } else { "%a %-d %B %Y, %H:%M" })
}

/// `{{ time|moment }}`: `21 Nov, 14:05`, and the year instead of the time of day where it is another one than now.
pub fn moment(state: &State, value: Value) -> Result<String, Error> {
    let zone = time_zone(state);
    let now = state.lookup("now").and_then(|now| now.as_str()?.parse::<DateTime<Utc>>().ok());
    let year = |time: DateTime<Utc>| time.with_timezone(&zone).year();
    match now {
        Some(now) if year(now) == year(time(&value)?) => {
            written(state, &value, |american| if american { "%b %-d, %-I:%M %p" } else { "%-d %b, %H:%M" })
        }
        _ => written(state, &value, |american| if american { "%b %-d, %Y" } else { "%-d %b %Y" }),
    }
}

/// `{{ time|hour }}`: `14:05`
pub fn hour(state: &State, value: Value) -> Result<String, Error> {
    written(state, &value, |american| if american { "%-I:%M %p" } else { "%H:%M" })
}

/// `{{ time|year }}`: `2026`
pub fn year(state: &State, value: Value) -> Result<String, Error> {
    written(state, &value, |_| "%Y")
}

/// `{{ count|number }}`: `1,204`
pub fn number(state: &State, value: Value) -> Result<String, Error> {
    let count = value.as_i64().ok_or_else(|| wrong("a whole number", &value))?;
    Ok(format_count(count, &locale(state)))
}

fn time(value: &Value) -> Result<DateTime<Utc>, Error> {
    let time = value.as_str().and_then(|text| text.parse().ok());
    time.ok_or_else(|| wrong("a time", value))
}

fn written(state: &State, value: &Value, pattern: fn(bool) -> &'static str) -> Result<String, Error> {
    let time = time(value)?;
    let american = locale(state).eq_ignore_ascii_case("en-US");
    Ok(time.with_timezone(&time_zone(state)).format(pattern(american)).to_string())
}

fn locale(state: &State) -> String {
    let locale = state.lookup("shop").and_then(|shop| shop.get_attr("locale").ok());
    locale.and_then(|locale| locale.as_str().map(str::to_owned)).unwrap_or_else(|| "en".to_owned())
}

/// Where the shop is; the world's time when a page does not say.
fn time_zone(state: &State) -> Tz {
    let name = state.lookup("time_zone");
    name.and_then(|name| name.as_str().and_then(|name| name.parse().ok())).unwrap_or(Tz::UTC)
}

fn wrong(expected: &str, value: &Value) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("{expected} is expected, not {}", value.kind()))
}

#[cfg(test)]
mod tests {
    use minijinja::{Environment, context};

    #[test]
    fn times_are_written_where_the_shop_is() {
        let mut environment = Environment::new();
        environment.add_filter("date", super::date);
        environment.add_filter("datetime", super::datetime);
        environment.add_filter("moment", super::moment);
        environment.add_filter("number", super::number);
        let render = |locale: &str, zone: &str, template: &str| {
            let context = context! { shop => context! { locale }, time_zone => zone, at => "2026-11-21T23:30:00Z" };
            environment.render_str(template, context).expect("renders")
        };
        assert_eq!(render("en-GB", "Europe/Amsterdam", "{{ at|datetime }}"), "Sun 22 November 2026, 00:30");
        assert_eq!(render("en-US", "America/New_York", "{{ at|datetime }}"), "Sat, November 21, 2026, 6:30 PM");
        assert_eq!(render("en-GB", "nowhere", "{{ at|date }}"), "Sat 21 November 2026");
        assert_eq!(render("en-GB", "Europe/Amsterdam", "{{ at|moment }}"), "22 Nov 2026");
        let this_year = "{% set now = '2026-01-01T12:00:00Z' %}{{ at|moment }}";
        assert_eq!(render("en-GB", "Europe/Amsterdam", this_year), "22 Nov, 00:30");
        assert_eq!(render("de-DE", "UTC", "{{ 1204|number }}"), "1.204");
    }
}
