//! Claiming jobs and running them.

use std::time::{Duration, Instant};

use chrono::{DateTime, Days, TimeDelta, Utc};
use commerce::ids::{CheckoutId, PaymentId, RefundId};
use commerce::payment::{AttemptStatus, Outcome};
use commerce::returns::RefundStatus;
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinError, JoinHandle};
use tokio::time::timeout;
use tracing::Instrument as _;

use super::Job;
use super::sweep::{keep_sweeping, sweep};
use crate::app::{App, Shop};
use crate::error::{Error, Result};
use crate::faults::{self, Fault};
use crate::flows::end_checkout::{self, Expiry};
use crate::flows::refund;
use crate::flows::resend::Letter;
use crate::flows::settle::{self, Settled};
use crate::flows::{bulk_products, make_widths, recommend, transfers};
use crate::mail::letters;
use crate::searches;
use crate::store::jobs::{self as table, Claimed, Lane};
use crate::store::learn::learn;
use crate::store::{
    bulk_runs, checkouts, idempotency, imports, payments, product_views, refunds, search_log, sign_in_tries,
    staff_sessions,
};

/// How often a worker looks when nobody rings: SQLite, PostgreSQL.
const POLL: (Duration, Duration) = (Duration::from_millis(250), Duration::from_millis(500));
/// How long after they were claimed jobs are begun: so that what follows still ends within the lease.
const STALE: Duration = Duration::from_secs(10);
/// For how long a letter lets buyers go first: twenty letters a second are written however busy the desk is.
const MANNERS: Duration = Duration::from_millis(50);
/// How long what is done may stay unwritten.
const SOON: Duration = Duration::from_secs(1);
/// How long a job may take: less than its lease.
const PATIENCE: Duration = Duration::from_secs(45);
/// How long an import may take.
const IMPORT_PATIENCE: Duration = Duration::from_secs(6 * 60 * 60);
/// How long it may take to work out what goes with what.
const RECOMMEND_PATIENCE: Duration = Duration::from_secs(30 * 60);
/// How often a job that takes long renews its lease.
const RENEWAL: Duration = Duration::from_secs(20);
/// How often a job may fail before it is left for a person to see.
const MOST_ATTEMPTS: i64 = 12;
/// How long an attempt in flight is left alone between two questions to the provider.
const ASK_AGAIN: TimeDelta = TimeDelta::seconds(30);
/// How long a payment waits whose provider was switched off.
const ASK_MUCH_LATER: TimeDelta = TimeDelta::hours(1);
/// How long after its time a checkout or a payment counts as forgotten by its job.
const OVERDUE: TimeDelta = TimeDelta::minutes(5);
/// How long a shop that opens leaves the cores to its first visitors before it works out what goes with what.
const SETTLED: TimeDelta = TimeDelta::seconds(2);
/// How long idempotency keys and done jobs are kept.
const KEEP: TimeDelta = TimeDelta::hours(48);
/// How long the reports of changes to many products are kept.
const KEEP_REPORTS: TimeDelta = TimeDelta::days(30);

/// How long it is known what was searched for and looked at.
const KEEP_COUNTS: Days = Days::new(90);

/// What to do with a job that ran.
enum Next {
    Done,
    At(DateTime<Utc>),
}

/// Works until the shop shuts down: letters and what takes long beside everything else.
pub async fn work(app: Shop, shutdown: impl Future<Output = ()>) {
    for (job, kind, after) in [(Job::Prune {}, "prune", TimeDelta::zero()), (Job::Recommend {}, "recommend", SETTLED)] {
        if let Err(error) = plan_again(&app, job, kind, after).await {
            tracing::warn!(%error, kind, "a job that comes back could not be planned");
        }
    }
    let (stop, stopped) = watch::channel(());
    let lanes = async {
        let run = |of| lane(&app, of, stopped.clone());
        let swept = keep_sweeping(&app, poll(&app), stopped.clone());
        tokio::join!(run(Lane::Prompt), run(Lane::Letters), run(Lane::Slow), swept)
    };
    let mut lanes = std::pin::pin!(lanes);
    tokio::select! {
        _ = &mut lanes => return,
        () = shutdown => drop(stop),
    }
    lanes.await;
}

fn poll(app: &Shop) -> Duration {
    if app.db.engine() == "sqlite" { POLL.0 } else { POLL.1 }
}

async fn lane(app: &Shop, of: Lane, mut stopped: watch::Receiver<()>) {
    loop {
        match batch(app, of).await {
            Ok(0) => {}
            Ok(_) if stopped.has_changed().is_ok() => continue,
            Ok(_) => return,
            Err(error) => tracing::warn!(%error, "jobs could not be claimed"),
        }
        tokio::select! {
            _ = stopped.changed() => return,
            () = app.job_bell.rung(of) => {}
            () = tokio::time::sleep(poll(app)) => {}
        }
    }
}

/// Runs everything that is due, and what that brings along, until nothing is left. Answers how many jobs ran.
pub async fn drain(app: &Shop) -> Result<usize> {
    let mut ran = 0;
    loop {
        let mut some = 0;
        sweep(app).await?;
        for lane in [Lane::Prompt, Lane::Letters, Lane::Slow] {
            some += batch(app, lane).await?;
        }
        if some == 0 {
            return Ok(ran);
        }
        ran += some;
    }
}

async fn batch(app: &Shop, lane: Lane) -> Result<usize> {
    let now = app.clock.now();
    // Most looks find nothing, and need no writer for that.
    if !table::is_due(&mut app.db.read().await?, lane, now).await? {
        return Ok(0);
    }
    let mut tx = app.db.begin().await?;
    let claimed = table::claim(&mut tx, lane, now).await?;
    tx.commit().await?;
    let count = claimed.len();
    run_all(app, lane, claimed).await;
    Ok(count)
}

/// A letter can wait, who pays can't: while the desk has work, letters are written now and then.
async fn give_way(app: &App) {
    let began = Instant::now();
    while app.desk.is_busy() && began.elapsed() < MANNERS {
        tokio::time::sleep(MANNERS / 10).await;
    }
}

/// Runs jobs one after the other. Those that are done are written down together, but soon: a letter that went out must
/// not go out again because the program ended here.
async fn run_all(app: &Shop, lane: Lane, claimed: Vec<Claimed>) {
    let (began, mut written) = (Instant::now(), Instant::now());
    let mut done = vec![];
    for job in claimed {
        if lane == Lane::Letters {
            give_way(app).await;
        }
        // Its lease may run out before it is done: whoever claims it next has all of the time.
        let outcome = match began.elapsed() < STALE {
            true => bounded(app, &job).instrument(tracing::info_span!("job", kind = %job.kind, id = %job.id)).await,
            false => Ok(Next::At(app.clock.now())),
        };
        match outcome {
            Ok(Next::Done) => done.push(job),
            outcome => noted(keep(app, &job, outcome).await),
        }
        if written.elapsed() > SOON {
            noted(finish(app, std::mem::take(&mut done)).await);
            written = Instant::now();
        }
    }
    noted(finish(app, done).await);
}

/// A job of which nothing can be written down keeps none of the others waiting; its lease runs out.
fn noted(kept: Result<()>) {
    if let Err(error) = kept {
        tracing::warn!(%error, "what became of a job could not be kept");
    }
}

async fn finish(app: &Shop, done: Vec<Claimed>) -> Result<()> {
    if done.is_empty() {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    table::finish(&mut tx, &done).await?;
    Ok(tx.commit().await?)
}

async fn keep(app: &Shop, claimed: &Claimed, outcome: Result<Next>) -> Result<()> {
    let mut tx = app.db.begin().await?;
    match outcome {
        Ok(Next::Done) => table::finish(&mut tx, std::slice::from_ref(claimed)).await?,
        Ok(Next::At(time)) => table::look_again(&mut tx, claimed, time).await?,
        Err(error) if claimed.attempt >= MOST_ATTEMPTS && !must_end(&claimed.kind) => {
            tracing::error!(%error, kind = %claimed.kind, attempts = claimed.attempt, "job is dead");
            table::bury(&mut tx, claimed, error.to_string()).await?;
        }
        Err(error) => {
            tracing::warn!(%error, kind = %claimed.kind, attempt = claimed.attempt, "job failed, will run again");
            let at = app.clock.now() + pause(claimed.attempt);
            table::again(&mut tx, claimed, at, error.to_string()).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// Whether stock or money hangs on a job, so that it is tried for as long as it takes.
fn must_end(kind: &str) -> bool {
    matches!(kind, "expire_checkout" | "reconcile_payment" | "reconcile_refund")
}

/// Runs a job with an end to its time; one that panics has failed like any other.
async fn bounded(app: &Shop, claimed: &Claimed) -> Result<Next> {
    let job = Job::of(claimed).map_err(|error| Error::Internal(format!("unreadable job: {error}")))?;
    let mut running = tokio::spawn(faults::carried(run(app.clone(), job)).in_current_span());
    let _ends = EndsWithUs(running.abort_handle());
    // An import takes as long as its file is; its parts are short, and it keeps its lease while it is at them.
    let patience = match claimed.kind.as_str() {
        "run_import" => IMPORT_PATIENCE,
        "recommend" => RECOMMEND_PATIENCE,
        _ => PATIENCE,
    };
    match timeout(patience, holding(app, claimed, &mut running)).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_panicked)) => Err(Error::Internal("the job panicked".into())),
        Err(_) => Err(Error::Internal("the job took too long".into())),
    }
}

/// A job whose worker has gone would hold its locks while another takes it up.
struct EndsWithUs(AbortHandle);

impl Drop for EndsWithUs {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Waits for a job and keeps its lease meanwhile.
async fn holding<T>(app: &Shop, claimed: &Claimed, running: &mut JoinHandle<T>) -> Result<T, JoinError> {
    loop {
        if let Ok(ended) = timeout(RENEWAL, &mut *running).await {
            return ended;
        }
        let renewed = async {
            let mut tx = app.db.begin().await?;
            table::renew(&mut tx, claimed, app.clock.now()).await?;
            tx.commit().await
        };
        if let Err(error) = renewed.await {
            tracing::warn!(%error, "the lease of a job could not be renewed");
        }
    }
}

/// 2, 4, 8 ... seconds, at most an hour.
fn pause(attempt: i64) -> TimeDelta {
    TimeDelta::seconds(1 << attempt.clamp(1, 12)).min(TimeDelta::hours(1))
}

async fn run(app: Shop, job: Job) -> Result<Next> {
    let app = app.as_ref();
    match job {
        Job::ExpireCheckout { checkout_id } => expire(app, checkout_id).await,
        Job::ReconcilePayment { payment_id } => reconcile(app, payment_id).await,
        Job::SandboxAnswer { payment_id } => sandbox_answer(app, payment_id).await,
        Job::MailOrderConfirmation { order_id } => {
            done(letters::about_order(app, order_id, Letter::OrderConfirmation, None).await)
        }
        Job::MailPaymentFailed { checkout_id } => done(letters::payment_failed(app, checkout_id).await),
        Job::MailReservationExpired { checkout_id } => done(letters::reservation_expired(app, checkout_id).await),
        Job::BulkProducts { run_id } => Ok(match bulk_products::turn(app, run_id).await? {
            true => Next::At(app.clock.now()),
            false => Next::Done,
        }),
        Job::MakeWidths { name } => done(make_widths::make_widths(app, &name).await),
        Job::MailOrderShipped { order_id, fulfillment_id } => {
            done(letters::about_order(app, order_id, Letter::OrderShipped(fulfillment_id), None).await)
        }
        Job::MailOrderRefunded { refund_id } => done(letters::order_refunded(app, refund_id, None).await),
        Job::MailOrderCanceled { order_id } => {
            done(letters::about_order(app, order_id, Letter::OrderCanceled, None).await)
        }
        Job::MailCopy { order_id, letter, copy } => done(letters::about_order(app, order_id, letter, Some(copy)).await),
        Job::ReconcileRefund { refund_id } => reconcile_refund(app, refund_id).await,
        Job::RunImport { import_id } => done(transfers::run(app, import_id).await),
        Job::Prune {} => prune(app).await,
        Job::Recommend {} => {
            recommend::refresh(app).await?;
            Ok(Next::At(app.clock.now() + TimeDelta::hours(1)))
        }
    }
}

fn done(outcome: Result<()>) -> Result<Next> {
    outcome.map(|()| Next::Done)
}

async fn expire(app: &App, id: CheckoutId) -> Result<Next> {
    Ok(match end_checkout::expire(app, id).await? {
        // While a payment is in flight its own job ends it; a decline writes a new expiry.
        Expiry::Over | Expiry::Paying => Next::Done,
        Expiry::At(time) => Next::At(time),
    })
}

/// Asks the provider until the attempt has ended. When the hold runs out first, the attempt is canceled there, and only
/// what the provider confirms counts.
async fn reconcile(app: &App, id: PaymentId) -> Result<Next> {
    let mut conn = app.db.read().await?;
    let attempt = payments::load(&mut conn, id).await?;
    let checkout = checkouts::load(&mut conn, attempt.checkout_id).await?.checkout;
    drop(conn);
    if !attempt.status.in_flight() {
        return Ok(Next::Done);
    }
    let now = app.clock.now();
    let Some(provider) = app.provider(attempt.provider) else {
        tracing::error!(payment = %id, provider = %attempt.provider, "the provider of a running payment is switched off");
        return Ok(Next::At(now + ASK_MUCH_LATER));
    };
    let overdue = now >= checkout.expires_at;
    let outcome = match provider.fetch(&attempt).await {
        Outcome::Unknown if faults::is(Fault::SilenceIsNo) => Outcome::Canceled,
        // The hold ran out, or the provider never heard of it: from here on it shall not pass.
        _ if overdue => provider.cancel(&attempt).await,
        Outcome::Unknown if attempt.status == AttemptStatus::Pending => provider.cancel(&attempt).await,
        outcome => outcome,
    };
    let settled = settle::settle(app, id, outcome).await?;
    if overdue && settled == Settled::Ended {
        end_checkout::expire_now(app, attempt.checkout_id).await?;
    }
    Ok(if settled == Settled::Waiting { Next::At(now + ASK_AGAIN) } else { Next::Done })
}

/// Asks the provider until the refund has ended.
async fn reconcile_refund(app: &App, id: RefundId) -> Result<Next> {
    Ok(match refund::ask(app, id).await? {
        RefundStatus::Pending => Next::At(app.clock.now() + ASK_AGAIN),
        RefundStatus::Succeeded | RefundStatus::Failed => Next::Done,
    })
}

async fn sandbox_answer(app: &App, id: PaymentId) -> Result<Next> {
    let Some(sandbox) = &app.sandbox else { return Ok(Next::Done) };
    let outcome = sandbox.finish(id, true).await?;
    settle::settle(app, id, outcome).await?;
    Ok(Next::Done)
}

async fn prune(app: &App) -> Result<Next> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    idempotency::prune(&mut tx, now - KEEP).await?;
    table::prune(&mut tx, now - KEEP).await?;
    bulk_runs::prune(&mut tx, now - KEEP_REPORTS).await?;
    staff_sessions::prune(&mut tx, now).await?;
    let forgotten = imports::prune(&mut tx, now - KEEP_REPORTS).await?;
    sign_in_tries::prune(&mut tx, now - KEEP).await?;
    search_log::prune(&mut tx, searches::today(app) - KEEP_COUNTS).await?;
    product_views::prune(&mut tx, searches::today(app) - KEEP_COUNTS).await?;
    // What has outlived its own job, or whose job has died, gets a new one: stock and money must not hang on a single row.
    for checkout_id in checkouts::overdue(&mut tx, now - OVERDUE).await? {
        super::enqueue(&mut tx, &app.clock, Job::ExpireCheckout { checkout_id }, now, now).await?;
    }
    for payment_id in payments::overdue(&mut tx, now - OVERDUE).await? {
        super::enqueue(&mut tx, &app.clock, Job::ReconcilePayment { payment_id }, now, now).await?;
    }
    // A bank may be silent for long: while jobs ask it, no more are added.
    if !table::is_planned(&mut tx, "reconcile_refund").await? {
        for refund_id in refunds::overdue(&mut tx, now - OVERDUE).await? {
            super::enqueue(&mut tx, &app.clock, Job::ReconcileRefund { refund_id }, now, now).await?;
        }
    }
    tx.commit().await?;
    transfers::forget(app, &forgotten);
    let mut tx = app.db.begin().await?;
    learn(&mut tx).await?;
    tx.commit().await?;
    Ok(Next::At(now + TimeDelta::hours(1)))
}

/// A job that comes back every hour; a shop that has it gets no second one.
async fn plan_again(app: &App, job: Job, kind: &str, after: TimeDelta) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    if !table::is_planned(&mut tx, kind).await? {
        super::enqueue(&mut tx, &app.clock, job, now + after, now).await?;
    }
    Ok(tx.commit().await?)
}
