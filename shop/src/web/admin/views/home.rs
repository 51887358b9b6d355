//! `home.html`

use serde::{Deserialize, Serialize};

use super::sampled;

/// Figures, what sells, what runs low and what waits for somebody. Amounts and dates are as they are to be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HomePage {
    /// The periods to choose from.
    pub spans: Vec<SpanChoice>,
    /// `today`, `7` or `30`.
    pub span: String,
    /// The days of the period.
    pub days: String,
    /// The days of the one before.
    pub days_before: String,
    /// Until when both count, on the clock of the shop.
    pub until: String,
    /// Whether nothing was ever ordered here.
    pub is_new: bool,
    /// Whether there is anything to buy.
    pub has_products: bool,
    /// Revenue, orders, average, conversion.
    pub figures: Vec<FigureView>,
    /// Revenue over the period.
    pub chart: ChartView,
    /// The part of the period with the most revenue.
    pub best: Option<String>,
    /// The same as rows.
    pub rows: Vec<SlotRow>,
    /// What brought in most.
    pub top: Vec<TopRow>,
    /// The end of the scale of their shares, in thousandths.
    pub top_scale: i64,
    /// How many variants run low.
    pub low_count: i64,
    /// The lowest of them.
    pub low: Vec<LowRow>,
    /// What waits for somebody; the worst first.
    pub needs: Vec<NeedRow>,
    /// What a new shop has to do.
    pub setup: Option<SetupView>,
}

sampled!(HomePage, "home.json");

/// A period to choose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpanChoice {
    /// `today`, `7` or `30`.
    pub key: String,
    /// Where it is shown.
    pub url: String,
    /// Whether it is the one that is shown.
    pub current: bool,
}

/// A figure, how it changed, and what it is measured against.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FigureView {
    /// `revenue`, `orders`, `average` or `conversion`.
    pub key: String,
    /// As it is read; `None` when there is nothing to tell.
    pub value: Option<String>,
    /// What it was.
    pub was: Option<String>,
    /// `+13.5`; with `unit` the whole change.
    pub change: Option<String>,
    /// `percent` or `points`.
    pub unit: String,
    /// `good`, `bad` or nothing.
    pub tone: String,
}

/// Lines of an SVG of 720 by 236.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChartView {
    /// The scale, from the base up.
    pub grid: Vec<Rule>,
    /// The places that are named.
    pub ticks: Vec<Tick>,
    /// The points of this period's line.
    pub now: String,
    /// The points around what lies under it.
    pub under: String,
    /// The points of the line of the period before.
    pub before: String,
    /// The highest point.
    pub peak: Option<Peak>,
}

/// A line of the scale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// How far down.
    pub y: String,
    /// What it stands for.
    pub label: String,
}

/// A name under the chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tick {
    /// How far across.
    pub x: String,
    /// `text-anchor`
    pub anchor: String,
    /// What it says.
    pub label: String,
}

/// The one value that is written into the chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peak {
    /// How far across.
    pub x: String,
    /// How far down.
    pub y: String,
    /// Where its value begins or ends.
    pub label_x: String,
    /// The line its value stands on.
    pub label_y: String,
    /// `text-anchor`
    pub anchor: String,
    /// Its value.
    pub label: String,
}

/// A day, or an hour of today.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlotRow {
    /// Which.
    pub label: String,
    /// Revenue; `None` while it lies ahead.
    pub now: Option<String>,
    /// That of the one it is measured against.
    pub before: String,
}

/// A product that sells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopRow {
    /// Its name.
    pub name: String,
    /// Its editor.
    pub url: String,
    /// Its picture.
    pub picture: Option<String>,
    /// Units.
    pub units: String,
    /// What they came to.
    pub revenue: String,
    /// Its share of all revenue in thousandths.
    pub share: i64,
    /// The same in percent, to be read.
    pub percent: String,
}

/// A variant that runs low.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LowRow {
    /// The product's name.
    pub name: String,
    /// The variant's values.
    pub title: Option<String>,
    /// Where it is counted.
    pub url: String,
    /// Units that can be sold.
    pub left: i64,
    /// For how many days they last; `None` when none goes.
    pub lasts: Option<i64>,
}

/// Something that waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeedRow {
    /// What: names the text `home-need-{key}`.
    pub key: String,
    /// How many.
    pub count: String,
    /// Where they are.
    pub url: Option<String>,
    /// `bad` where somebody must, nothing where somebody should.
    pub tone: String,
    /// Whether it has waited too long.
    pub urgent: bool,
}

/// What a new shop has to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetupView {
    /// How much is done.
    pub done: usize,
    /// Every step, in order.
    pub steps: Vec<SetupStep>,
}

/// A step of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetupStep {
    /// Which: names the texts `home-step-{key}` and `home-do-{key}`.
    pub key: String,
    /// Whether it is done.
    pub done: bool,
    /// Where it is done.
    pub url: String,
}
