//! Answers that were given to idempotency keys.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;

use super::{Arg, Conn};
use crate::args;
use crate::faults::{self, Fault};

/// How long a running request keeps its key before another try may recover it.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// A lease that ends later than this was taken under a clock that was wrong.
const LONGEST_LEASE: TimeDelta = TimeDelta::minutes(10);

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
    /// It is new: run the request, then [`finish`] or [`abandon`].
    Run,
    /// It was answered: give this again.
    Replay(Answer),
    /// The first request is still running.
    Running,
    /// It was used with another body.
    Reused,
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    body_digest: String,
    lease_until: DateTime<Utc>,
    answer: Option<Json<Answer>>,
}

/// Claims a key, or says what it already stands for.
pub async fn claim(conn: &mut Conn, key: &Key, now: DateTime<Utc>) -> sqlx::Result<Claim> {
    const INSERT: &str =
        "INSERT INTO idempotency_keys (scope, route, idem_key, body_digest, status, lease_until, created_at)
         VALUES ($1, $2, $3, $4, 'running', $5, $6) ON CONFLICT (scope, route, idem_key) DO NOTHING";
    const FIND: &str = "SELECT body_digest, lease_until, answer FROM idempotency_keys
         WHERE scope = $1 AND route = $2 AND idem_key = $3";
    const RECOVER: &str =
        "UPDATE idempotency_keys SET lease_until = $4 WHERE scope = $1 AND route = $2 AND idem_key = $3";
    let row = args![&key.scope, &key.route, &key.key, &key.digest, now + LEASE, now];
    if conn.execute(INSERT, row).await? == 1 {
        return Ok(Claim::Run);
    }
    let name = || args![&key.scope, &key.route, &key.key];
    let Some(row) = conn.lock_one::<KeyRow>(FIND, name()).await? else { return Ok(Claim::Running) };
    Ok(match row.answer {
        _ if row.body_digest != key.digest => Claim::Reused,
        Some(answer) => Claim::Replay(answer.0),
        None if row.lease_until > now && row.lease_until <= now + LONGEST_LEASE => Claim::Running,
        None => {
            conn.execute(RECOVER, args![&key.scope, &key.route, &key.key, now + LEASE]).await?;
            Claim::Run
        }
    })
}

/// Keeps the answer.
pub async fn finish(conn: &mut Conn, key: &Key, answer: &Answer) -> sqlx::Result<()> {
    const FINISH: &str = "UPDATE idempotency_keys SET status = 'done', answer = $4
         WHERE scope = $1 AND route = $2 AND idem_key = $3";
    if faults::is(Fault::AnswerForgotten) {
        return abandon(conn, key).await;
    }
    conn.execute(FINISH, args![&key.scope, &key.route, &key.key, Arg::json(answer)]).await?;
    Ok(())
}

/// Forgets the key: the request had no effect worth keeping, so it may be tried again.
pub async fn abandon(conn: &mut Conn, key: &Key) -> sqlx::Result<()> {
    const ABANDON: &str = "DELETE FROM idempotency_keys WHERE scope = $1 AND route = $2 AND idem_key = $3";
    conn.execute(ABANDON, args![&key.scope, &key.route, &key.key]).await?;
    Ok(())
}

/// Forgets keys from before a time.
pub async fn prune(conn: &mut Conn, before: DateTime<Utc>) -> sqlx::Result<u64> {
    conn.execute("DELETE FROM idempotency_keys WHERE created_at < $1", args![before]).await
}
