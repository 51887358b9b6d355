//! Answers that were given to idempotency keys.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;

use super::{Arg, Conn, Writes};
use crate::args;
use crate::faults::{self, Fault};

/// How long a running request keeps its key before another try may recover it.
pub const LEASE: TimeDelta = TimeDelta::seconds(60);
/// A lease that ends later than this was taken under a clock that was wrong.
const LONGEST_LEASE: TimeDelta = TimeDelta::minutes(10);

tokio::task_local! {
    static UNDER: Arc<Key>;
}

/// The key of a request: who asks, what for, and the key given.
#[derive(Clone, Debug)]
pub struct Key {
    /// The caller, or the cart or checkout that stands for it.
    pub scope: String,
    /// Method and route.
    pub route: String,
    /// What the caller sent.
    pub key: String,
    /// A digest of the body.
    pub digest: String,
    /// Until when this request holds it. Who comes later and takes it over holds it until another time, so that a request
    /// which slept for so long can do nothing any more.
    pub lease_until: DateTime<Utc>,
}

/// An answer as it was given.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The content type.
    pub content_type: String,
    /// The body.
    pub body: String,
}

/// What a key means for a request.
#[derive(Debug)]
pub enum Claim {
    /// It is new: run the request, then [`finish`], [`let_go`] or [`abandon`].
    Run,
    /// It was answered: give this again.
    Replay(Answer),
    /// The first request is still running.
    Running,
    /// The first request has changed something, and ended before its answer was kept.
    Lost,
    /// It was used with another body.
    Reused,
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    body_digest: String,
    status: String,
    lease_until: DateTime<Utc>,
    answer: Option<Json<Answer>>,
}

/// Claims a key, or says what it already stands for.
pub async fn claim(conn: &mut Conn, key: &Key, now: DateTime<Utc>) -> sqlx::Result<Claim> {
    const INSERT: &str =
        "INSERT INTO idempotency_keys (scope, route, idem_key, body_digest, status, lease_until, created_at)
         VALUES ($1, $2, $3, $4, 'running', $5, $6) ON CONFLICT (scope, route, idem_key) DO NOTHING";
    const FIND: &str = "SELECT body_digest, status, lease_until, answer FROM idempotency_keys
         WHERE scope = $1 AND route = $2 AND idem_key = $3";
    const RECOVER: &str =
        "UPDATE idempotency_keys SET lease_until = $4 WHERE scope = $1 AND route = $2 AND idem_key = $3";
    let row = args![&key.scope, &key.route, &key.key, &key.digest, key.lease_until, now];
    if conn.execute(INSERT, row).await? == 1 {
        return Ok(Claim::Run);
    }
    let name = || args![&key.scope, &key.route, &key.key];
    let Some(row) = conn.lock_one::<KeyRow>(FIND, name()).await? else { return Ok(Claim::Running) };
    Ok(match row.answer {
        _ if row.body_digest != key.digest => Claim::Reused,
        Some(answer) => Claim::Replay(answer.0),
        None if row.lease_until > now && row.lease_until <= now + LONGEST_LEASE => Claim::Running,
        None if row.status == "done" => Claim::Lost,
        None => {
            conn.execute(RECOVER, args![&key.scope, &key.route, &key.key, key.lease_until]).await?;
            Claim::Run
        }
    })
}

/// Runs a request under its key: with the first thing it makes durable, its key says that it has.
pub async fn under<T>(key: Arc<Key>, request: impl Future<Output = T>) -> T {
    UNDER.scope(key, request).await
}

/// The key that this task runs under, if it does.
pub fn current() -> Option<Arc<Key>> {
    UNDER.try_with(Arc::clone).ok()
}

/// With the other changes: what is done under these keys is done. Nothing is, if one of them is no longer its request's.
pub fn changed(writes: &mut Writes, keys: &[Arc<Key>]) {
    const CHANGED: &str = "UPDATE idempotency_keys SET status = 'done'";
    const OWN: &str =
        "WHERE scope = v.column1 AND route = v.column2 AND idem_key = v.column3 AND lease_until = v.column4";
    let known = keys.iter().filter(|_| !faults::is(Fault::KeyKnowsNothing));
    let rows = known.map(|key| own(key)).collect();
    match faults::is(Fault::LeaseIsNoFence) {
        true => writes.update(CHANGED, rows, OWN),
        false => writes.update_each(CHANGED, rows, OWN),
    }
}

/// Notes before a commit that its request has changed something, if it runs under a key.
pub(super) async fn note_change(conn: &mut Conn) -> sqlx::Result<()> {
    let Some(key) = current() else { return Ok(()) };
    let mut writes = Writes::default();
    changed(&mut writes, &[key]);
    conn.write(writes).await
}

/// Keeps the answer. Like the two below: answers whether the key was still this request's.
pub async fn finish(conn: &mut Conn, key: &Key, answer: &Answer) -> sqlx::Result<bool> {
    const FINISH: &str = "UPDATE idempotency_keys SET status = 'done', answer = $5
         WHERE scope = $1 AND route = $2 AND idem_key = $3 AND lease_until = $4";
    if faults::is(Fault::AnswerForgotten) {
        return abandon(conn, key).await;
    }
    let row = own(key).into_iter().chain([Arg::json(answer)]).collect();
    Ok(conn.execute(FINISH, row).await? == 1)
}

/// Lets the key go although it is not known what was done. What this request has handed in can't be done any more; what was
/// done already is known.
pub async fn let_go(conn: &mut Conn, key: &Key, now: DateTime<Utc>) -> sqlx::Result<bool> {
    const LET_GO: &str = "UPDATE idempotency_keys SET lease_until = $5
         WHERE scope = $1 AND route = $2 AND idem_key = $3 AND lease_until = $4";
    let row = own(key).into_iter().chain(args![now]).collect();
    Ok(conn.execute(LET_GO, row).await? == 1)
}

/// Forgets the key: the request had no effect worth keeping, so it may be tried again.
pub async fn abandon(conn: &mut Conn, key: &Key) -> sqlx::Result<bool> {
    const ABANDON: &str = "DELETE FROM idempotency_keys
         WHERE scope = $1 AND route = $2 AND idem_key = $3 AND lease_until = $4";
    Ok(conn.execute(ABANDON, own(key)).await? == 1)
}

/// A key and the lease it is held by.
fn own(key: &Key) -> Vec<Arg> {
    args![&key.scope, &key.route, &key.key, key.lease_until]
}

/// Forgets keys from before a time.
pub async fn prune(conn: &mut Conn, before: DateTime<Utc>) -> sqlx::Result<u64> {
    conn.execute("DELETE FROM idempotency_keys WHERE created_at < $1", args![before]).await
}
