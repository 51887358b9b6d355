//! One change to many products. Each product is a transaction of its own: one that can't be changed keeps no other back,
//! and what became of each is written down with it, so that a run goes on where it stopped and does nothing twice.

mod change;

use commerce::ids::{BulkRunId, ProductId};

use super::{edit_product, retrying};
use crate::app::App;
use crate::error::{Error, Result};
use crate::jobs::{self, Job};
use crate::store::bulk_runs::{self, Failure, ItemOutcome, Progress, Run};
use crate::store::product_list::{self, Asked};

pub use change::{BulkChange, CompareAtChange};

/// The most products that are changed while somebody waits; more are changed by a job.
pub const AT_ONCE: usize = 200;
/// The most products that are named one by one.
pub const MOST_NAMED: usize = 10_000;
/// Products that a job changes before it lets others go first.
const A_TURN: i64 = 100;
/// Failures that are told one by one.
const MOST_FAILURES: i64 = 200;

/// Which products are meant.
#[derive(Clone, Debug)]
pub enum Picked {
    /// These.
    These(Vec<ProductId>),
    /// All that match, as a list shows them.
    Matching(Box<Asked>),
}

/// How far a run is, and what went wrong.
#[derive(Clone, Debug)]
pub struct Report {
    /// Which run.
    pub id: BulkRunId,
    /// What is done, and for whom.
    pub run: Run,
    /// How many.
    pub progress: Progress,
    /// Products that could not be changed.
    pub failures: Vec<Failure>,
}

/// Changes products, or begins to.
pub async fn begin(app: &App, picked: &Picked, change: &BulkChange, actor: &str) -> Result<Report> {
    change.check()?;
    let (id, products) = retrying(|| write_down(app, picked, change, actor)).await?;
    if products <= AT_ONCE {
        while turn(app, id).await? {}
    } else {
        app.job_bell.ring_all();
    }
    report(app, id).await
}

async fn write_down(app: &App, picked: &Picked, change: &BulkChange, actor: &str) -> Result<(BulkRunId, usize)> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let mut products = match picked {
        Picked::These(products) => products.clone(),
        Picked::Matching(asked) => product_list::ids(&mut tx, asked).await?,
    };
    products.sort_unstable();
    products.dedup();
    let change = serde_json::to_value(change).map_err(|error| Error::Internal(error.to_string()))?;
    let id = bulk_runs::insert(&mut tx, &app.clock, change, &products, actor, now).await?;
    if products.len() > AT_ONCE {
        jobs::enqueue(&mut tx, &app.clock, Job::BulkProducts { run_id: id }, now, now).await?;
    }
    tx.commit().await?;
    Ok((id, products.len()))
}

/// Changes the next products of a run; answers whether there may be more.
pub async fn turn(app: &App, id: BulkRunId) -> Result<bool> {
    let mut conn = app.db.read().await?;
    let Some(run) = bulk_runs::load(&mut conn, id).await? else { return Ok(false) };
    let next = bulk_runs::next(&mut conn, id, A_TURN).await?;
    drop(conn);
    let change: BulkChange =
        serde_json::from_value(run.change.clone()).map_err(|error| Error::Internal(error.to_string()))?;
    for (position, product) in &next {
        one(app, (id, *position), *product, &change, &run.actor).await?;
    }
    Ok(!next.is_empty())
}

/// Changes one product. What is wrong with the product itself is its outcome; what is wrong with the shop stops the run.
async fn one(app: &App, item: (BulkRunId, i64), id: ProductId, change: &BulkChange, actor: &str) -> Result<()> {
    let message = match retrying(|| change_once(app, item, id, change, actor)).await {
        Ok(()) => return Ok(()),
        Err(Error::Invalid(errors)) => {
            let sentences = errors.into_iter().map(|error| format!("{}: {}", error.field, error.message));
            sentences.collect::<Vec<_>>().join(" ")
        }
        Err(Error::NotFound) => "There is no such product any more.".to_owned(),
        Err(error) => return Err(error),
    };
    let mut tx = app.db.begin().await?;
    bulk_runs::settle(&mut tx, item.0, item.1, ItemOutcome::Failed, Some(message)).await?;
    Ok(tx.commit().await?)
}

async fn change_once(
    app: &App,
    (run, position): (BulkRunId, i64),
    id: ProductId,
    change: &BulkChange,
    actor: &str,
) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let stored = edit_product::locked(app, &mut tx, id).await?;
    let wanted = change.apply(stored.editable()).map_err(Error::Invalid)?;
    let written = edit_product::write(app, &mut tx, Some(&stored), wanted, actor, app.clock.now()).await?;
    let outcome = if written.is_some() { ItemOutcome::Changed } else { ItemOutcome::Unchanged };
    // Another worker that settled it first has changed it too: then this one takes its change back.
    if bulk_runs::settle(&mut tx, run, position, outcome, None).await? {
        tx.commit().await?;
    }
    Ok(())
}

/// How far a run is.
pub async fn report(app: &App, id: BulkRunId) -> Result<Report> {
    let mut conn = app.db.read().await?;
    let run = bulk_runs::load(&mut conn, id).await?.ok_or(Error::NotFound)?;
    let progress = bulk_runs::progress(&mut conn, id).await?;
    let failures = bulk_runs::failures(&mut conn, id, MOST_FAILURES).await?;
    Ok(Report { id, run, progress, failures })
}
