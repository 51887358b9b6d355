//! What must still be done. A job is written in the transaction of the change that needs it.

use chrono::{DateTime, TimeDelta, Utc};
use commerce::ids::JobId;
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

use super::{Arg, Conn, Writes};
use crate::args;
use crate::faults::{self, Fault};

/// How long a worker has for a job before another may take it up.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// A lease that ends later than this was taken under a clock that was wrong.
const LONGEST_LEASE: TimeDelta = TimeDelta::minutes(10);

/// A job that was claimed.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// Which.
    pub id: JobId,
    /// What to do.
    pub kind: String,
    /// With what.
    pub payload: Value,
    /// The how manieth try this is, from 1.
    pub attempt: i64,
}

#[derive(sqlx::FromRow)]
struct JobRow {
    id: Uuid,
    kind: String,
    payload: Json<Value>,
    attempts: i64,
}

/// A job to be run.
#[derive(Clone, Debug)]
pub struct Planned {
    /// Its own id; that of what it is about where there is only ever one: planned again, it is moved.
    pub id: JobId,
    /// What to do.
    pub kind: String,
    /// With what.
    pub payload: Value,
    /// When.
    pub run_at: DateTime<Utc>,
}

/// Writes jobs. One that is there already waits anew, whoever is at it now.
pub async fn enqueue(conn: &mut Conn, jobs: &[Planned], now: DateTime<Utc>) -> sqlx::Result<()> {
    let mut writes = Writes::default();
    plan(&mut writes, jobs, now);
    conn.write(writes).await
}

/// Writes jobs with other changes.
pub fn plan(writes: &mut Writes, jobs: &[Planned], now: DateTime<Utc>) {
    const AGAIN: &str = "ON CONFLICT (id) DO UPDATE SET status = excluded.status, run_at = excluded.run_at,
            lease_until = excluded.lease_until, attempts = 0, last_error = NULL";
    writes.insert(HEAD, rows(jobs, now), AGAIN);
}

/// Writes jobs for what came due. One that waits, is run or has died stays as it is.
pub async fn take_up(conn: &mut Conn, jobs: &[Planned], now: DateTime<Utc>) -> sqlx::Result<()> {
    const IF_ENDED: &str = "ON CONFLICT (id) DO UPDATE SET status = excluded.status, run_at = excluded.run_at,
            lease_until = excluded.lease_until, attempts = 0 WHERE jobs.status = 'done'";
    let mut writes = Writes::default();
    writes.insert(HEAD, rows(jobs, now), IF_ENDED);
    conn.write(writes).await
}

const HEAD: &str = "INSERT INTO jobs (id, kind, lane, payload, status, run_at, lease_until, attempts, created_at)";

fn rows(jobs: &[Planned], now: DateTime<Utc>) -> Vec<Vec<Arg>> {
    let row = |job: &Planned| {
        let payload = Arg::json(&job.payload);
        args![job.id, &job.kind, Lane::of(&job.kind).name(), payload, "waiting", job.run_at, now, 0, now]
    };
    jobs.iter().map(row).collect()
}

/// What a job has to wait behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// What stock and money wait for.
    Prompt,
    /// Letters: a slow mail server keeps nothing else waiting.
    Letters,
    /// Pictures and changes to many things, which take seconds each.
    Slow,
}

impl Lane {
    /// The lane of a kind of job.
    pub fn of(kind: &str) -> Self {
        match kind {
            "bulk_products" | "make_widths" | "run_import" | "recommend" => Self::Slow,
            letter if letter.starts_with("mail") => Self::Letters,
            _ => Self::Prompt,
        }
    }

    /// Its name in the table.
    fn name(self) -> &'static str {
        match self {
            Self::Prompt => "prompt",
            Self::Letters => "letters",
            Self::Slow => "slow",
        }
    }

    /// How many of its jobs are taken at once.
    fn at_once(self) -> i64 {
        match self {
            Self::Prompt | Self::Letters => 16,
            Self::Slow => 1,
        }
    }
}

/// Whether there may be a job of a lane that is due.
pub async fn is_due(conn: &mut Conn, lane: Lane, now: DateTime<Utc>) -> sqlx::Result<bool> {
    const DUE: &str = "SELECT id, kind, payload, attempts FROM jobs
         WHERE status IN ('waiting', 'running') AND lane = $2 AND run_at <= $1
           AND (lease_until <= $1 OR lease_until > $3) LIMIT 1";
    let due: Option<JobRow> = conn.optional(DUE, args![now, lane.name(), now + LONGEST_LEASE]).await?;
    Ok(due.is_some())
}

/// Takes jobs of a lane that are due, or whose worker's lease has run out.
pub async fn claim(conn: &mut Conn, lane: Lane, now: DateTime<Utc>) -> sqlx::Result<Vec<Claimed>> {
    const DUE: &str = "SELECT id, kind, payload, attempts FROM jobs
         WHERE status IN ('waiting', 'running') AND lane = $2 AND run_at <= $1
           AND (lease_until <= $1 OR lease_until > $4)
         ORDER BY run_at, id LIMIT $3";
    const TAKE: &str = "UPDATE jobs SET status = 'running', attempts = jobs.attempts + 1, lease_until = v.column2";
    let rows: Vec<JobRow> = conn.claim_all(DUE, args![now, lane.name(), lane.at_once(), now + LONGEST_LEASE]).await?;
    let taken = rows.iter().map(|row| args![row.id, now + LEASE]).collect();
    conn.update_many(TAKE, taken, "WHERE jobs.id = v.column1").await?;
    let claimed =
        |row: JobRow| Claimed { id: JobId(row.id), kind: row.kind, payload: row.payload.0, attempt: row.attempts + 1 };
    let claimed: Vec<Claimed> = rows.into_iter().map(claimed).collect();
    for job in claimed.iter().filter(|_| faults::is(Fault::DoneBeforeItIs)) {
        finish(conn, std::slice::from_ref(job)).await?;
    }
    Ok(claimed)
}

/// The worker is still at it and needs its lease for longer.
pub async fn renew(conn: &mut Conn, job: &Claimed, now: DateTime<Utc>) -> sqlx::Result<()> {
    const RENEW: &str = "UPDATE jobs SET lease_until = $3 WHERE id = $1 AND attempts = $2 AND status = 'running'";
    conn.execute(RENEW, args![job.id, job.attempt, now + LEASE]).await?;
    Ok(())
}

/// The jobs are done. A worker whose lease ran out, and whose job another has taken up since, changes nothing.
pub async fn finish(conn: &mut Conn, jobs: &[Claimed]) -> sqlx::Result<()> {
    const FINISH: &str = "UPDATE jobs SET status = 'done', last_error = NULL";
    let rows = jobs.iter().map(|job| args![job.id, job.attempt]).collect();
    conn.update_many(FINISH, rows, "WHERE jobs.id = v.column1 AND jobs.attempts = v.column2").await.map(|_| ())
}

/// The job has nothing to complain of, but has to look again at a time.
pub async fn look_again(conn: &mut Conn, job: &Claimed, at: DateTime<Utc>) -> sqlx::Result<()> {
    const LOOK_AGAIN: &str = "UPDATE jobs SET status = 'waiting', run_at = $3, lease_until = $3, last_error = NULL,
            attempts = 0 WHERE id = $1 AND attempts = $2";
    conn.execute(LOOK_AGAIN, args![job.id, job.attempt, at]).await?;
    Ok(())
}

/// The job failed and has to be tried again at a time.
pub async fn again(conn: &mut Conn, job: &Claimed, at: DateTime<Utc>, error: String) -> sqlx::Result<()> {
    const AGAIN: &str = "UPDATE jobs SET status = 'waiting', run_at = $3, lease_until = $3, last_error = $4
         WHERE id = $1 AND attempts = $2";
    conn.execute(AGAIN, args![job.id, job.attempt, at, error]).await?;
    Ok(())
}

/// The job failed too often and is left for a person to see.
pub async fn bury(conn: &mut Conn, job: &Claimed, error: String) -> sqlx::Result<()> {
    const BURY: &str = "UPDATE jobs SET status = 'dead', last_error = $3 WHERE id = $1 AND attempts = $2";
    conn.execute(BURY, args![job.id, job.attempt, error]).await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct CountRow {
    kind: String,
    status: String,
    jobs: i64,
}

/// How many jobs of each kind are waiting, running or dead.
pub async fn counts(conn: &mut Conn) -> sqlx::Result<Vec<(String, String, i64)>> {
    const COUNTS: &str = "SELECT kind, status, COUNT(*) AS jobs FROM jobs
         WHERE status IN ('waiting', 'running') GROUP BY kind, status
         UNION ALL SELECT kind, status, COUNT(*) AS jobs FROM jobs
         WHERE status = 'dead' AND status IN ('done', 'dead') GROUP BY kind, status";
    let rows: Vec<CountRow> = conn.all(COUNTS, args![]).await?;
    Ok(rows.into_iter().map(|row| (row.kind, row.status, row.jobs)).collect())
}

/// Whether a job of a kind is waiting or running.
pub async fn is_planned(conn: &mut Conn, kind: &str) -> sqlx::Result<bool> {
    const PLANNED: &str = "SELECT id, kind, payload, attempts FROM jobs
         WHERE kind = $1 AND status IN ('waiting', 'running') LIMIT 1";
    Ok(conn.optional::<JobRow>(PLANNED, args![kind]).await?.is_some())
}

/// Forgets jobs that were done long ago.
pub async fn prune(conn: &mut Conn, before: DateTime<Utc>) -> sqlx::Result<u64> {
    const DONE: &str = "DELETE FROM jobs WHERE status = 'done' AND status IN ('done', 'dead') AND run_at < $1";
    conn.execute(DONE, args![before]).await
}
