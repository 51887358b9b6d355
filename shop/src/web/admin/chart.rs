//! A line over a period and a dashed one for the period before, as points of an SVG of 720 by 236. Whole numbers only:
//! places are counted in tenths of a unit.

use super::views::home::{ChartView, Peak, Rule, Tick};

const LEFT: i64 = 640;
const RIGHT: i64 = 7120;
const TOP: i64 = 140;
const BOTTOM: i64 = 2120;
/// Lines above the base.
const STEPS: i64 = 3;

/// What is drawn. `now` may end before the period does.
pub struct Series<'a> {
    /// The values of this period.
    pub now: &'a [i64],
    /// Those of the period before; as many as there are places.
    pub before: &'a [i64],
    /// The places that are named, and how.
    pub named: Vec<(usize, String)>,
    /// The value of one whole unit: 100 for cents, so that small scales still stand on whole amounts.
    pub unit: i64,
}

/// Draws it. `written` is how a value is read.
pub fn draw(series: &Series<'_>, written: impl Fn(i64) -> String) -> ChartView {
    let Series { now, before, named, unit } = series;
    let most = now.iter().chain(*before).copied().max().unwrap_or(0);
    let step = step(most, *unit);
    let place = Place { places: before.len(), top: step * STEPS };
    let highest = now.iter().enumerate().max_by_key(|(place, value)| (**value, std::cmp::Reverse(*place)));
    let line = place.line(now);
    let last = place.x(now.len().saturating_sub(1));
    ChartView {
        grid: (0..=STEPS).map(|n| Rule { y: tenths(place.y(step * n)), label: written(step * n) }).collect(),
        ticks: named.iter().map(|(nth, label)| place.tick(*nth, label)).collect(),
        under: format!("{},{} {line} {},{}", tenths(LEFT), tenths(BOTTOM), tenths(last), tenths(BOTTOM)),
        now: line,
        before: place.line(before),
        peak: highest.filter(|(_, value)| **value > 0).map(|(nth, value)| place.peak(nth, *value, written(*value))),
    }
}

/// Where things stand.
struct Place {
    places: usize,
    top: i64,
}

impl Place {
    fn x(&self, nth: usize) -> i64 {
        let last = self.places.saturating_sub(1).max(1) as i64;
        LEFT + (RIGHT - LEFT) * nth as i64 / last
    }

    fn y(&self, value: i64) -> i64 {
        let value = i128::from(value.clamp(0, self.top));
        let up = value * i128::from(BOTTOM - TOP) / i128::from(self.top.max(1));
        BOTTOM - i64::try_from(up).unwrap_or(0)
    }

    fn line(&self, values: &[i64]) -> String {
        let point = |(nth, value): (usize, &i64)| format!("{},{}", tenths(self.x(nth)), tenths(self.y(*value)));
        values.iter().enumerate().map(point).collect::<Vec<_>>().join(" ")
    }

    fn tick(&self, nth: usize, label: &str) -> Tick {
        let anchor = if nth + 1 == self.places { "end" } else { "middle" };
        Tick { x: tenths(self.x(nth)), anchor: anchor.into(), label: label.into() }
    }

    /// The one value that is written, beside its point and towards the middle.
    fn peak(&self, nth: usize, value: i64, label: String) -> Peak {
        let (x, y) = (self.x(nth), self.y(value));
        let (beside, anchor) = if x > (LEFT + RIGHT) / 2 { (x - 90, "end") } else { (x + 90, "start") };
        Peak {
            x: tenths(x),
            y: tenths(y),
            label_x: tenths(beside),
            label_y: tenths(y + 10),
            anchor: anchor.into(),
            label,
        }
    }
}

/// The smallest of 1, 2, 4, 5 and 8 times a power of ten, in whole units, that reaches over the highest value in three.
fn step(most: i64, unit: i64) -> i64 {
    let mut power = unit.max(1);
    loop {
        for times in [1, 2, 4, 5, 8] {
            if i128::from(power) * times * i128::from(STEPS) >= i128::from(most) {
                return power * times as i64;
            }
        }
        power = power.saturating_mul(10);
    }
}

fn tenths(value: i64) -> String {
    format!("{}.{}", value / 10, value % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_stands_on_round_amounts() {
        for (most, expected) in
            [(0, 100), (299, 100), (301, 200), (109_262, 40_000), (150_001, 80_000), (240_001, 100_000)]
        {
            assert_eq!(step(most, 100), expected, "{most}");
        }
        assert!(step(i64::MAX, 100) > 0);
    }

    #[test]
    fn the_line_ends_where_the_day_stands_and_its_best_is_written() {
        let series = Series { now: &[100, 300], before: &[0, 0, 0], named: vec![(2, "21 Nov".into())], unit: 100 };
        let chart = draw(&series, |value| value.to_string());
        assert_eq!(chart.now, "64.0,146.0 388.0,14.0");
        assert_eq!(chart.under, "64.0,212.0 64.0,146.0 388.0,14.0 388.0,212.0");
        assert_eq!(chart.before, "64.0,212.0 388.0,212.0 712.0,212.0");
        let peak = chart.peak.expect("there is a best");
        assert_eq!((peak.label.as_str(), peak.anchor.as_str()), ("300", "start"));
        assert_eq!((chart.ticks[0].x.as_str(), chart.ticks[0].anchor.as_str()), ("712.0", "end"));
        let flat = Series { now: &[0], before: &[0], named: vec![], unit: 100 };
        assert!(draw(&flat, |value| value.to_string()).peak.is_none());
    }
}
