//! `GET /admin`: home.

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use commerce::money::{Money, format_count};

use super::chart::{self, Series};
use super::errors::AdminError;
use super::page::{self, Head};
use super::views::Section;
use super::views::home::{FigureView, HomePage, LowRow, NeedRow, SetupStep, SetupView, SlotRow, SpanChoice, TopRow};
use crate::app::{App, Shop};
use crate::figures::{self, Change, Span};
use crate::flows::home::{self, Home, Step};
use crate::settings::ShopSettings;
use crate::web::access::Member;
use crate::web::params;

/// The figures of a period, what sells, what runs low and what waits for somebody.
pub async fn show(State(app): State<Shop>, member: Member, uri: Uri) -> Result<Response, AdminError> {
    let pairs = params::pairs(uri.query()).unwrap_or_default();
    let asked = pairs.iter().find(|(name, _)| name == "period").and_then(|(_, value)| Span::parse(value));
    let home = home::home(&app, asked.unwrap_or_default()).await?;
    let view = view(&app, &home);
    let head = Head::new(Section::Home, app.admin_theme.text("nav-home"), &uri);
    page::render(&app, &member, "home.html", head, &view)
}

/// Puts the set-up list away.
pub async fn hide_setup(State(app): State<Shop>, member: Member) -> Result<Response, AdminError> {
    home::hide_setup(&app, true, &member.actor()).await?;
    Ok(page::done("/admin", "setup-hidden"))
}

fn view(app: &App, home: &Home) -> HomePage {
    let settings = app.shop.load();
    let write = Write { settings: &settings, home };
    let span = home.period.span;
    let address = |span: Span| match span {
        Span::Month => "/admin".to_owned(),
        other => format!("/admin?period={}", other.as_str()),
    };
    let choice = |one: Span| SpanChoice { key: one.as_str().into(), url: address(one), current: one == span };
    let zone: Tz = settings.time_zone.parse().unwrap_or(Tz::UTC);
    let top_share = home.top.first().map_or(0, |first| write.share(first.revenue));
    HomePage {
        spans: Span::ALL.into_iter().map(choice).collect(),
        span: span.as_str().into(),
        days: write.days(home.period.days),
        days_before: write.days(home.period.days_before),
        until: write.hour(home.period.now.end.with_timezone(&zone).naive_local()),
        is_new: !home.needs.has_orders,
        has_products: home.has_products,
        figures: write.figures(),
        chart: write.chart(),
        best: write.best(),
        rows: write.rows(),
        top: home.top.iter().map(|one| write.top(one)).collect(),
        // The longest bar ends a little before its track does.
        top_scale: (top_share + top_share / 4).max(1),
        low_count: home.low.0 as i64,
        low: home.low.1.iter().map(low).collect(),
        needs: write.needs(),
        setup: home.setup.as_ref().map(|steps| setup(steps)),
    }
}

/// Writes what home tells as the people of the shop read it.
struct Write<'a> {
    settings: &'a ShopSettings,
    home: &'a Home,
}

impl Write<'_> {
    fn money(&self, minor: i64) -> String {
        Money::new(minor, self.home.currency).format(&self.settings.locale)
    }

    fn count(&self, count: i64) -> String {
        format_count(count, &self.settings.locale)
    }

    /// Thousandths as percent.
    fn percent(&self, thousandths: i64) -> String {
        let (whole, rest) = (self.count(thousandths.abs() / 10), thousandths.abs() % 10);
        format!("{}{whole}{}{rest}", if thousandths < 0 { "\u{2212}" } else { "" }, self.decimal())
    }

    /// What stands between whole and part, as in the shop's amounts.
    fn decimal(&self) -> char {
        let sample = format_count(1000, &self.settings.locale);
        if sample.contains(',') || self.settings.locale.starts_with("en") { '.' } else { ',' }
    }

    fn is_american(&self) -> bool {
        self.settings.locale.eq_ignore_ascii_case("en-US")
    }

    fn day(&self, day: NaiveDate) -> String {
        day.format(if self.is_american() { "%b %-d" } else { "%-d %b" }).to_string()
    }

    fn hour(&self, time: NaiveDateTime) -> String {
        time.format(if self.is_american() { "%-I:%M %p" } else { "%H:%M" }).to_string()
    }

    fn days(&self, (first, last): (NaiveDate, NaiveDate)) -> String {
        if first == last { self.day(first) } else { format!("{} \u{2013} {}", self.day(first), self.day(last)) }
    }

    fn slot(&self, begins: NaiveDateTime) -> String {
        if self.home.period.span == Span::Today { self.hour(begins) } else { self.day(begins.date()) }
    }

    fn figures(&self) -> Vec<FigureView> {
        let Home { now, before, .. } = self.home;
        let figure = |key: &str, value: Option<i64>, was: Option<i64>, write: &dyn Fn(i64) -> String| {
            let change = value.zip(was).map(|(value, was)| figures::change(value, was));
            self.figure(key, value.map(write), was.map(write), change)
        };
        let (money, count) = (|minor| self.money(minor), |n| self.count(n));
        let conversion = now.conversion().zip(before.conversion()).map(|(now, before)| Change::By(now - before));
        let percent = |thousandths: i64| format!("{}\u{a0}%", self.percent(thousandths));
        let rate =
            self.figure("conversion", now.conversion().map(percent), before.conversion().map(percent), conversion);
        vec![
            figure("revenue", Some(now.sold.revenue), Some(before.sold.revenue), &money),
            figure("orders", Some(now.sold.orders), Some(before.sold.orders), &count),
            figure("average", now.average(), before.average(), &money),
            FigureView { unit: "points".into(), ..rate },
        ]
    }

    fn figure(&self, key: &str, value: Option<String>, was: Option<String>, change: Option<Change>) -> FigureView {
        // Where there was nothing, no number says so.
        let was = was.filter(|_| change != Some(Change::New));
        let (change, tone) = match change {
            Some(Change::By(thousandths)) if thousandths > 0 => {
                (Some(format!("+{}", self.percent(thousandths))), "good")
            }
            Some(Change::By(thousandths)) if thousandths < 0 => (Some(self.percent(thousandths)), "bad"),
            _ => (None, ""),
        };
        FigureView { key: key.into(), value, was, change, unit: "percent".into(), tone: tone.into() }
    }

    fn chart(&self) -> super::views::home::ChartView {
        let revenue = |sold: &[crate::store::home::Sold]| sold.iter().map(|one| one.revenue).collect::<Vec<_>>();
        let (now, before) = (revenue(&self.home.sold.0), revenue(&self.home.sold.1));
        let slots = &self.home.period.slots;
        let every = match self.home.period.span {
            Span::Today => 4,
            Span::Week => 1,
            Span::Month => 7,
        };
        // The last one is always named; hours are named from midnight on.
        let is_named = |nth: usize| match self.home.period.span {
            Span::Today => nth.is_multiple_of(every),
            _ => (slots.len() - 1 - nth).is_multiple_of(every),
        };
        let named = slots.iter().enumerate().filter(|(nth, _)| is_named(*nth));
        let named = named.map(|(nth, slot)| (nth, self.slot(slot.begins))).collect();
        let unit = self.home.currency.minor_per_major();
        chart::draw(&Series { now: &now, before: &before, named, unit }, |minor| self.whole(minor))
    }

    /// An amount without its minor units where they are nothing.
    fn whole(&self, minor: i64) -> String {
        if minor == 0 {
            return "0".into();
        }
        let written = self.money(minor);
        let unit = self.home.currency.minor_per_major();
        let zeros = format!("{}{}", self.decimal(), unit.to_string().trim_start_matches('1'));
        if minor % unit == 0 { written.replace(&zeros, "") } else { written }
    }

    fn best(&self) -> Option<String> {
        let places = self.home.period.slots.iter().zip(&self.home.sold.0);
        let (slot, sold) = places.max_by_key(|(slot, sold)| (sold.revenue, std::cmp::Reverse(slot.begins)))?;
        (sold.revenue > 0).then(|| format!("{}, {}", self.slot(slot.begins), self.money(sold.revenue)))
    }

    fn rows(&self) -> Vec<SlotRow> {
        let (now, before) = &self.home.sold;
        let row = |(nth, slot): (usize, &figures::Slot)| SlotRow {
            label: self.slot(slot.begins),
            now: now.get(nth).map(|sold| self.money(sold.revenue)),
            before: self.money(before[nth].revenue),
        };
        self.home.period.slots.iter().enumerate().map(row).collect()
    }

    fn share(&self, revenue: i64) -> i64 {
        figures::share(revenue, self.home.now.sold.revenue).unwrap_or(0)
    }

    fn top(&self, top: &crate::store::home::TopProduct) -> TopRow {
        let share = self.share(top.revenue);
        TopRow {
            name: top.name.clone(),
            url: format!("/admin/products/{}", top.id),
            picture: top.picture.clone(),
            units: self.count(top.units),
            revenue: self.money(top.revenue),
            share,
            percent: self.percent(share),
        }
    }

    /// What waits, the worst first; what is nothing is left out.
    fn needs(&self) -> Vec<NeedRow> {
        let needs = &self.home.needs;
        let row = |key: &str, count: i64, url: Option<&str>, tone: &str, urgent: bool| {
            let (key, url, tone) = (key.into(), url.map(str::to_owned), tone.into());
            (count > 0).then(|| NeedRow { key, count: self.count(count), url, tone, urgent })
        };
        let to_ship = "/admin/orders?view=to-ship&sort=placed";
        [
            row("reviews", needs.reviews, Some("/admin/payments"), "bad", true),
            row("failed-refunds", needs.failed_refunds, Some("/admin/orders"), "bad", true),
            row("dead-jobs", needs.dead_jobs, None, "bad", true),
            row("to-ship-late", needs.to_ship_late, Some(to_ship), "", true),
            row("to-ship", needs.to_ship, Some(to_ship), "", false),
            row("unpaid", needs.unpaid, Some("/admin/orders?view=unpaid"), "", false),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

fn low(low: &home::Low) -> LowRow {
    LowRow {
        name: low.name.clone(),
        title: low.title.clone(),
        url: format!("/admin/products/{}", low.product),
        left: low.left,
        lasts: low.lasts,
    }
}

fn setup(steps: &[(Step, bool)]) -> SetupView {
    let url = |step| match step {
        Step::Product => "/admin/products/new",
        Step::Shipping => "/admin/settings/shipping",
        Step::Tax => "/admin/settings/taxes",
        Step::Payment => "/admin/settings/sender",
        Step::Sender => "/admin/settings/sender",
        Step::Legal => "/admin/settings/legal",
        Step::Order => "/",
    };
    let step =
        |(step, done): &(Step, bool)| SetupStep { key: step.as_str().into(), done: *done, url: url(*step).into() };
    SetupView { done: steps.iter().filter(|(_, done)| *done).count(), steps: steps.iter().map(step).collect() }
}
