//! What has come due by a column of its own: checkouts whose time has run out, payments whose provider was not heard. It gets
//! its job only now. Written ahead, nearly all of these jobs would be struck off again unused.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

use super::Job;
use crate::app::App;
use crate::error::Result;
use crate::faults::{self, Fault};
use crate::store::jobs::{self as table, Lane};
use crate::store::{Conn, checkouts, payments};

/// How long a provider may be silent before it is asked.
pub const ASK_AFTER: TimeDelta = TimeDelta::seconds(20);

/// Looks again and again until the shop shuts down.
pub(super) async fn keep_sweeping(app: &App, every: Duration, mut stopped: watch::Receiver<()>) {
    loop {
        match sweep(app).await {
            Ok(0) => {}
            Ok(_) => app.job_bell.ring(Lane::Prompt),
            Err(error) => tracing::warn!(%error, "what has come due could not be looked for"),
        }
        tokio::select! {
            _ = stopped.changed() => return,
            () = tokio::time::sleep(every) => {}
        }
    }
}

/// Gives a job to what has come due and has none; answers to how many.
pub(super) async fn sweep(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let due = due(&mut app.db.read().await?, now).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let jobs: Vec<_> = due.iter().map(|job| job.planned(&app.clock, now)).collect();
    let mut tx = app.db.begin().await?;
    table::take_up(&mut tx, &jobs, now).await?;
    tx.commit().await?;
    Ok(due.len())
}

async fn due(conn: &mut Conn, now: DateTime<Utc>) -> sqlx::Result<Vec<Job>> {
    let expired = checkouts::run_out(conn, now).await?;
    let expired = expired.into_iter().filter(|_| !faults::is(Fault::ExpiryForgotten));
    let expire = expired.map(|checkout_id| Job::ExpireCheckout { checkout_id });
    let unanswered = payments::unanswered(conn, now - ASK_AFTER).await?;
    let unanswered = unanswered.into_iter().filter(|_| !faults::is(Fault::ReconcileForgotten));
    let ask = unanswered.map(|payment_id| Job::ReconcilePayment { payment_id });
    Ok(expire.chain(ask).collect())
}
