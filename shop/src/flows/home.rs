//! Home: the figures of a period against the one before, what sells, what runs low, what waits for somebody, and what a
//! new shop still lacks.

use std::cmp::Reverse;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use commerce::ids::{ProductId, VariantId};
use commerce::money::Currency;
use serde_json::json;

use crate::app::App;
use crate::catalog::Catalog;
use crate::error::Result;
use crate::figures::{self, Period, Span};
use crate::settings::ShopSettings;
use crate::store::defaults::MARKET;
use crate::store::events::{self, Event};
use crate::store::home::{self as table, Moments, Needs, Sold, TopProduct};

/// An order that was paid and not sent for so long has waited too long.
const LATE: TimeDelta = TimeDelta::days(2);
/// Rows of the short lists.
const TOP: i64 = 5;
const LOW: usize = 4;
/// How many days tell how fast something goes.
const PACE_DAYS: i64 = 30;

/// What home tells.
#[derive(Clone, Debug)]
pub struct Home {
    /// What is measured against what.
    pub period: Period,
    /// The currency of every amount.
    pub currency: Currency,
    /// The period.
    pub now: Figures,
    /// The one before, up to the same time of day.
    pub before: Figures,
    /// What was sold in each part of the period that has begun, and in each of the one before.
    pub sold: (Vec<Sold>, Vec<Sold>),
    /// What brought in most.
    pub top: Vec<TopProduct>,
    /// How many variants run low, and the lowest of them.
    pub low: (usize, Vec<Low>),
    /// What waits for somebody.
    pub needs: Needs,
    /// What a new shop has to do, and whether it is done; `None` when all is done or somebody put it away.
    pub setup: Option<Vec<(Step, bool)>>,
    /// Whether there is anything to buy.
    pub has_products: bool,
}

/// The figures of a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Orders that were placed, and what they are worth.
    pub sold: Sold,
    /// Carts that were begun.
    pub carts: i64,
    /// Of those, carts that were bought.
    pub bought: i64,
}

impl Figures {
    /// What an order comes to.
    pub fn average(&self) -> Option<i64> {
        figures::average(self.sold.revenue, self.sold.orders)
    }

    /// How many thousandths of the carts were bought.
    pub fn conversion(&self) -> Option<i64> {
        figures::share(self.bought, self.carts)
    }
}

/// A variant that runs low.
#[derive(Clone, Debug)]
pub struct Low {
    /// Its product.
    pub product: ProductId,
    /// The name of the product.
    pub name: String,
    /// Its values.
    pub title: Option<String>,
    /// Units that can be sold.
    pub left: i64,
    /// For how many days they last as it goes; `None` when none goes.
    pub lasts: Option<i64>,
}

/// What a new shop has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Have something to sell.
    Product,
    /// Say how it sends.
    Shipping,
    /// Say how it is taxed.
    Tax,
    /// Have a way to be paid.
    Payment,
    /// Say who its letters come from.
    Sender,
    /// Write the legal pages.
    Legal,
    /// See an order come in.
    Order,
}

impl Step {
    /// Its stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Step::Product => "product",
            Step::Shipping => "shipping",
            Step::Tax => "tax",
            Step::Payment => "payment",
            Step::Sender => "sender",
            Step::Legal => "legal",
            Step::Order => "order",
        }
    }
}

/// What home tells about a period.
pub async fn home(app: &App, span: Span) -> Result<Home> {
    let (settings, catalog, now) = (app.shop.load(), app.catalog.load(), app.clock.now());
    let zone: Tz = settings.time_zone.parse().unwrap_or(Tz::UTC);
    let (period, currency) = (figures::period(span, zone, now), settings.currency);
    // What takes longest is asked at the same time, on two connections.
    let (stretches, period_now) = (stretches(&period), period.now.clone());
    let sums = async {
        let mut conn = app.db.read().await?;
        table::sold(&mut conn, &stretches, currency).await
    };
    let top = async {
        let mut conn = app.db.read().await?;
        table::top(&mut conn, &period_now, currency, TOP).await
    };
    let (sums, top) = tokio::try_join!(sums, top)?;
    let mut conn = app.db.read().await?;
    let carts = table::carts(&mut conn, &period.now, &period.before).await?;
    let needs = table::needs(&mut conn, now - LATE).await?;
    let (low_count, lowest) = lowest(&catalog);
    let went = table::went(&mut conn, &lowest.iter().map(|(id, _)| *id).collect::<Vec<_>>(), pace(now)).await?;
    let hidden = table::is_setup_hidden(&mut conn).await?;

    let has_products = !catalog.products().is_empty();
    let (sold, before) = totals(&period, &sums);
    let (of_now, of_before) = split(&period, sums);
    let low = lowest.into_iter().map(|(variant, low)| {
        let gone = went.iter().find(|(id, _)| *id == variant).map_or(0, |(_, went)| *went);
        Low { lasts: figures::lasts(low.left, gone, PACE_DAYS), ..low }
    });
    let steps = steps(app, &settings, has_products, needs.has_orders);
    Ok(Home {
        now: Figures { sold, carts: carts.carts, bought: carts.bought },
        before: Figures { sold: before, carts: carts.carts_before, bought: carts.bought_before },
        sold: (of_now, of_before),
        top,
        low: (low_count, low.collect()),
        needs,
        setup: Some(steps).filter(|steps| !hidden && steps.iter().any(|(_, done)| !done)),
        has_products,
        period,
        currency,
    })
}

/// Puts the set-up list away, or back.
pub async fn hide_setup(app: &App, hidden: bool, actor: &str) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    table::hide_setup(&mut tx, hidden, now).await?;
    let data = json!({ "setup_hidden": hidden });
    let (kind, subject) = ("settings.changed", "settings");
    let event = Event { kind, subject, subject_id: MARKET, version: 0, data, actor, at: now };
    events::append(&mut tx, event).await?;
    Ok(tx.commit().await?)
}

fn pace(now: DateTime<Utc>) -> DateTime<Utc> {
    now - TimeDelta::days(PACE_DAYS)
}

/// Every stretch of time that is summed up: the parts that have begun, the parts of the period before, and the part of
/// those that the same time of day cuts off.
fn stretches(period: &Period) -> Vec<Moments> {
    let begun = period.slots.iter().filter_map(|slot| slot.now.clone());
    let before = period.slots.iter().map(|slot| slot.before.clone());
    let after = period.before.end..period.slots.last().map_or(period.before.end, |slot| slot.before.end);
    begun.chain(before).chain([after]).collect()
}

/// What was sold in the period, and in the one before up to the same time of day.
fn totals(period: &Period, sums: &[Sold]) -> (Sold, Sold) {
    let begun = sums.len() - 1 - period.slots.len();
    let total = |sums: &[Sold]| Sold {
        orders: sums.iter().map(|sold| sold.orders).sum(),
        revenue: sums.iter().map(|sold| sold.revenue).sum(),
    };
    let (whole, after) = (total(&sums[begun..sums.len() - 1]), sums[sums.len() - 1]);
    let before = Sold { orders: whole.orders - after.orders, revenue: whole.revenue - after.revenue };
    (total(&sums[..begun]), before)
}

fn split(period: &Period, mut sums: Vec<Sold>) -> (Vec<Sold>, Vec<Sold>) {
    sums.pop();
    let before = sums.split_off(sums.len() - period.slots.len());
    (sums, before)
}

/// How many variants run low or are sold out, and those with the fewest left.
fn lowest(catalog: &Catalog) -> (usize, Vec<(VariantId, Low)>) {
    let mut low: Vec<_> = catalog.low_stock().collect();
    let count = low.len();
    low.sort_by_key(|(entry, variant)| (variant.on_hand - variant.reserved, Reverse(entry.price.minor), variant.id));
    let row = |(entry, variant): (&std::sync::Arc<crate::catalog::CatalogProduct>, &commerce::catalog::Variant)| {
        let title = (!variant.values.is_empty()).then(|| variant.values.join(" / "));
        let left = (variant.on_hand - variant.reserved).max(0);
        let (product, name) = (entry.product.id, entry.product.name.clone());
        (variant.id, Low { product, name, title, left, lasts: None })
    };
    (count, low.into_iter().take(LOW).map(row).collect())
}

/// What is done of what a new shop has to do, told from its state alone.
fn steps(app: &App, settings: &ShopSettings, has_products: bool, has_orders: bool) -> Vec<(Step, bool)> {
    let fresh = ShopSettings::default();
    let (legal, unwritten) = (&settings.legal, &fresh.legal);
    let takes_money = app.config.manual && settings.bank_details.is_some();
    vec![
        (Step::Product, has_products),
        (Step::Shipping, settings.shipping != fresh.shipping),
        (Step::Tax, !settings.tax.rates.is_empty() || settings.tax.default_rate != fresh.tax.default_rate),
        (Step::Payment, takes_money),
        (Step::Sender, settings.sender.email != fresh.sender.email && !settings.sender.address.is_empty()),
        (Step::Legal, legal.terms_html != unwritten.terms_html && legal.privacy_html != unwritten.privacy_html),
        (Step::Order, has_orders),
    ]
}
