//! Works out what goes with what: everything once a day, and every hour what new orders and new products touch.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Days, TimeDelta, Utc};
use commerce::ids::ProductId;
use discovery::recommend::history::History;
use tokio::task::spawn_blocking;

use crate::app::App;
use crate::catalog::Catalog;
use crate::catalog::recommend::{Model, Views, Work};
use crate::error::{Error, Result};
use crate::searches::today;
use crate::store::recommendations::{self as table, Lists, Run, SHOP};
use crate::store::{Db, product_views, purchases};

/// The orders that are learned from, the latest.
const ORDERS: i64 = 100_000;
/// The pairs of products that were looked at together which are learned from, the most frequent.
const PAIRS: i64 = 500_000;
/// How far back views count for what is like what, and for what trends.
const LOOKED_AT: Days = Days::new(90);
const LATELY: Days = Days::new(7);
/// So many of the products that are looked at most can trend.
const TRENDING: i64 = 24;
/// How many products are compared and written at a time.
const CHUNK: usize = 200;
/// How long the lists of everything stand.
const FULL_AFTER: TimeDelta = TimeDelta::hours(24);
/// Orders may commit a little after they were placed.
const COMMITTED: TimeDelta = TimeDelta::minutes(1);

/// What a run is about.
#[derive(Debug, Default)]
struct Plan {
    is_full: bool,
    /// Bought since the last run.
    ordered: Vec<ProductId>,
    /// Not looked at yet.
    cold: Vec<ProductId>,
    /// Have lists, and are not sold any more.
    gone: Vec<ProductId>,
}

/// Brings the lists up to date; answers whether any has changed. Only those that did are written, and one event tells.
pub async fn refresh(app: &App) -> Result<bool> {
    let (now, catalog) = (app.clock.now(), app.catalog.load_full());
    let Some((plan, run)) = plan(&app.db, &catalog, now).await? else { return Ok(false) };
    let history = Arc::new(match plan.is_full || !plan.ordered.is_empty() {
        true => purchases::latest(&mut app.db.read().await?, ORDERS).await?,
        false => History::default(),
    });
    let views = Arc::new(views(app).await?);
    let mut changed = false;
    if plan.is_full {
        let work = Work { together: true, similar: true, goes_with: true };
        let all = catalog.products().iter().map(|entry| entry.product.id).collect();
        changed |= work_out(app, &catalog, (&history, &views), work, all).await?;
    } else {
        let together = Work { together: true, similar: false, goes_with: false };
        let similar = Work { together: false, similar: true, goes_with: false };
        for (work, products) in [(together, plan.ordered), (similar, plan.cold)] {
            if !products.is_empty() {
                changed |= work_out(app, &catalog, (&history, &views), work, products).await?;
            }
        }
    }
    let mut tx = app.db.begin().await?;
    if plan.is_full && !plan.gone.is_empty() {
        table::forget(&mut tx, &plan.gone).await?;
    }
    table::note_run(&mut tx, run).await?;
    if changed {
        table::tell(&mut tx, &app.clock).await?;
    }
    tx.commit().await?;
    Ok(changed)
}

/// What was looked at, as far as it was counted.
async fn views(app: &App) -> Result<Views> {
    let mut conn = app.db.read().await?;
    let seen = product_views::since(&mut conn, today(app) - LOOKED_AT, PAIRS).await?;
    let lately = product_views::alone(&mut conn, today(app) - LATELY, TRENDING).await?;
    Ok(Views { seen, lately })
}

/// What there is to do, and how far it brings the lists; `None` when nothing has happened.
async fn plan(db: &Db, catalog: &Catalog, now: DateTime<Utc>) -> Result<Option<(Plan, Run)>> {
    let mut conn = db.read().await?;
    let last = table::last_run(&mut conn).await?;
    let known = table::known(&mut conn).await?;
    let sold: HashSet<ProductId> = catalog.products().iter().map(|entry| entry.product.id).collect();
    let orders_to = now - COMMITTED;
    let gone = known.difference(&sold).copied().collect();
    let Some(last) = last.filter(|last| now - last.full_at < FULL_AFTER) else {
        let plan = Plan { is_full: true, gone, ..Plan::default() };
        return Ok(Some((plan, Run { full_at: now, orders_to })));
    };
    let ordered = purchases::ordered_since(&mut conn, last.orders_to).await?;
    let plan = Plan {
        is_full: false,
        ordered: ordered.intersection(&sold).copied().collect(),
        cold: sold.difference(&known).copied().collect(),
        gone,
    };
    let is_idle = plan.ordered.is_empty() && plan.cold.is_empty();
    Ok((!is_idle).then_some((plan, Run { orders_to, ..last })))
}

/// Computes the lists about some products and keeps those that are not what they were; whether there were any.
async fn work_out(
    app: &App,
    catalog: &Arc<Catalog>,
    (history, views): (&Arc<History>, &Arc<Views>),
    work: Work,
    mut products: Vec<ProductId>,
) -> Result<bool> {
    let now = app.clock.now().timestamp();
    let (catalog, history, views) = (catalog.clone(), history.clone(), views.clone());
    let model = Arc::new(aside(move || Model::new(catalog, &history, &views, work, now)).await?);
    products.sort_unstable();
    let mut changed = save_changed(app, &[SHOP], model.of_the_shop()).await?;
    for chunk in products.chunks(CHUNK) {
        let (model, about) = (model.clone(), chunk.to_vec());
        let lists = aside(move || model.about(&about)).await?;
        changed |= save_changed(app, chunk, lists).await?;
    }
    Ok(changed)
}

/// Keeps the lists that differ from what is stored. One about what nothing is like is kept too: it was looked at.
async fn save_changed(app: &App, about: &[ProductId], mut lists: Lists) -> Result<bool> {
    if lists.is_empty() {
        return Ok(false);
    }
    let stored = table::about(&mut app.db.read().await?, about).await?;
    lists.retain(|key, list| match stored.get(key) {
        Some(known) => known != list,
        None => !list.is_empty() || key.1 == table::Kind::Similar,
    });
    if lists.is_empty() {
        return Ok(false);
    }
    let mut tx = app.db.begin().await?;
    table::save(&mut tx, lists, app.clock.now()).await?;
    tx.commit().await?;
    Ok(true)
}

/// On a thread of its own: requests go on meanwhile.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    spawn_blocking(work).await.map_err(|error| Error::Internal(error.to_string()))
}
