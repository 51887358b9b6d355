//! Signing in and out: browsers get a cookie, programs a pair of tokens.

use chrono::{DateTime, TimeDelta, Utc};
use commerce::ids::{SessionId, StaffId};
use commerce::staff::MAX_PASSWORD;
use serde_json::json;
use subtle::ConstantTimeEq;

use crate::app::App;
use crate::error::{Error, Result};
use crate::store::events::{self, Event};
use crate::store::staff_sessions::{self as sessions, Digests, Kind, NewSession};
use crate::store::{sign_in_tries as tries, staff};
use crate::web::limits::network;

/// How often one may try in [`WINDOW`]: for one account, and from one network.
const TRIES: usize = 5;
/// The time that tries are counted in.
const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// How long a browser stays signed in that is not used.
const IDLE: TimeDelta = TimeDelta::hours(12);
/// How long a session can last at all.
const LONGEST: TimeDelta = TimeDelta::days(30);
/// How long an access token is good for.
const ACCESS: TimeDelta = TimeDelta::minutes(15);
/// How far the time of last use may lag behind, so that not every page writes.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(5);
/// The most characters of a browser's name for itself.
const MOST_AGENT: usize = 200;

/// Somebody at the door.
#[derive(Clone, Debug)]
pub struct Caller<'a> {
    /// Who they say they are.
    pub email: &'a str,
    /// What proves it.
    pub password: &'a str,
    /// Where they come from.
    pub address: &'a str,
    /// What their browser was given when they were let in before.
    pub device: Option<&'a str>,
    /// What their browser or program calls itself.
    pub agent: &'a str,
}

/// A browser that was let in.
#[derive(Clone, Debug)]
pub struct BrowserPass {
    /// For the session's cookie.
    pub token: String,
    /// For the cookie by which the browser is known again.
    pub device: String,
}

/// A program that was let in.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// For the header `Authorization`.
    pub access: String,
    /// Good once, for the next pair.
    pub refresh: String,
    /// Seconds that the access token is good for.
    pub expires_in: i64,
}

/// Lets a browser in.
pub async fn browser(app: &App, caller: &Caller<'_>) -> Result<BrowserPass> {
    let staff = admit(app, caller).await?;
    let token = app.clock.token();
    let now = app.clock.now();
    let session = NewSession {
        id: app.clock.id(),
        staff,
        kind: Kind::Browser,
        secret_digest: digest(app, &token),
        refresh_digest: String::new(),
        agent: shortened(caller.agent),
        at: now,
        expires_at: now + IDLE,
        ends_at: now + LONGEST,
    };
    open(app, &session).await?;
    Ok(BrowserPass { token, device: device_of(app, staff, &app.clock.token()) })
}

/// Lets a program in.
pub async fn program(app: &App, caller: &Caller<'_>) -> Result<Tokens> {
    let staff = admit(app, caller).await?;
    let now = app.clock.now();
    let id: SessionId = app.clock.id();
    let (tokens, digests) = draw_tokens(app, id);
    let session = NewSession {
        id,
        staff,
        kind: Kind::Program,
        secret_digest: digests.secret,
        refresh_digest: digests.refresh,
        agent: shortened(caller.agent),
        at: now,
        expires_at: now + ACCESS,
        ends_at: now + LONGEST,
    };
    open(app, &session).await?;
    Ok(tokens)
}

/// The next pair of tokens for a refresh token. One that was used before ends the session: somebody else has it too.
pub async fn refresh(app: &App, token: &str) -> Result<Tokens> {
    let id = token.split_once('.').and_then(|(id, _)| id.parse::<SessionId>().ok()).ok_or_else(not_let_in)?;
    let now = app.clock.now();
    let (tokens, digests) = draw_tokens(app, id);
    let mut tx = app.db.begin().await?;
    let renewed = sessions::renew(&mut tx, id, &digest(app, token), &digests, now, now + ACCESS).await?;
    if !renewed {
        sessions::revoke(&mut tx, id).await?;
    }
    tx.commit().await?;
    if renewed { Ok(tokens) } else { Err(not_let_in()) }
}

/// The session that a secret opens.
pub async fn session(app: &App, kind: Kind, token: &str) -> Result<Option<sessions::Open>> {
    let now = app.clock.now();
    let mut conn = app.db.read().await?;
    let Some(found) = sessions::find(&mut conn, kind, &digest(app, token), now).await? else { return Ok(None) };
    drop(conn);
    if kind == Kind::Browser && now - found.seen_at > SEEN_EVERY {
        let mut tx = app.db.begin().await?;
        sessions::touch(&mut tx, found.id, now, now + IDLE).await?;
        tx.commit().await?;
    }
    Ok(Some(found))
}

/// Signs out of one session; answers whether it was there.
pub async fn sign_out(app: &App, staff: StaffId, session: SessionId) -> Result<bool> {
    let mut tx = app.db.begin().await?;
    let ended = sessions::end(&mut tx, staff, session).await?;
    tx.commit().await?;
    Ok(ended)
}

/// Signs out everywhere but perhaps here.
pub async fn sign_out_everywhere(app: &App, staff: StaffId, but: Option<SessionId>) -> Result<()> {
    let mut tx = app.db.begin().await?;
    sessions::end_all(&mut tx, staff, but).await?;
    Ok(tx.commit().await?)
}

/// Lets somebody pass whose password is right and who did not try too often. Wrong and unknown are one answer, and take
/// the same time.
async fn admit(app: &App, caller: &Caller<'_>) -> Result<StaffId> {
    let known = staff::by_email(&mut app.db.read().await?, caller.email).await?.filter(|found| found.staff.active);
    let counted = counted(app, caller, known.as_ref().map(|found| found.staff.id));
    count(app, &counted).await?;
    // A longer one can't be right, and hashing it would only cost time.
    let password = if caller.password.len() <= MAX_PASSWORD { caller.password } else { "" };
    let right = app.passwords.verify(password, known.as_ref().map(|found| found.password_hash.clone())).await?;
    let staff = known.filter(|_| right).ok_or_else(not_let_in)?.staff.id;
    forgive(app, &counted).await?;
    Ok(staff)
}

/// The digests that a try counts for. A browser that was let in before counts for itself, so that nobody can lock a
/// merchant out by trying from elsewhere.
fn counted(app: &App, caller: &Caller<'_>, staff: Option<StaffId>) -> [String; 2] {
    let known_device = |staff: StaffId| caller.device.filter(|device| is_device_of(app, staff, device));
    let account = match staff.and_then(known_device) {
        Some(device) => ("device", device.to_owned()),
        None => ("account", caller.email.trim().to_lowercase()),
    };
    let network = ("network", network(caller.address));
    [account, network].map(|(kind, name)| app.secret.digest("sign-in-try", &[kind.as_bytes(), name.as_bytes()]))
}

/// Counts a try before its password is looked at, so that a burst of them is no way around.
async fn count(app: &App, digests: &[String; 2]) -> Result<()> {
    if !app.config.rate_limits {
        return Ok(());
    }
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    for digest in digests {
        let mut times = tries::lock(&mut tx, digest, now).await?;
        times.retain(|at| *at > now - WINDOW);
        if let Some(oldest) = times.first().filter(|_| times.len() >= TRIES) {
            return Err(Error::RateLimited { wait_seconds: wait(*oldest, now) });
        }
        times.push(now);
        tries::keep(&mut tx, digest, &times, now).await?;
    }
    Ok(tx.commit().await?)
}

fn wait(oldest: DateTime<Utc>, now: DateTime<Utc>) -> i64 {
    (oldest + WINDOW - now).num_seconds().max(1)
}

/// Forgets the tries of an account that got in, and this one of its network.
async fn forgive(app: &App, [account, network]: &[String; 2]) -> Result<()> {
    if !app.config.rate_limits {
        return Ok(());
    }
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    tries::forget(&mut tx, account).await?;
    let mut times = tries::lock(&mut tx, network, now).await?;
    times.pop();
    tries::keep(&mut tx, network, &times, now).await?;
    Ok(tx.commit().await?)
}

async fn open(app: &App, session: &NewSession) -> Result<()> {
    let mut tx = app.db.begin().await?;
    sessions::insert(&mut tx, session).await?;
    let event = Event {
        kind: "staff.signed_in",
        subject: "staff",
        subject_id: session.staff.0,
        version: 0,
        data: json!({ "session": session.id }),
        actor: &format!("staff:{}", session.staff),
        at: session.at,
    };
    events::append(&mut tx, event).await?;
    Ok(tx.commit().await?)
}

fn draw_tokens(app: &App, id: SessionId) -> (Tokens, Digests) {
    let access = app.clock.token();
    let refresh = format!("{id}.{}", app.clock.token());
    let digests = Digests { secret: digest(app, &access), refresh: digest(app, &refresh) };
    (Tokens { access, refresh, expires_in: ACCESS.num_seconds() }, digests)
}

fn digest(app: &App, token: &str) -> String {
    app.secret.digest("staff-session", &[token.as_bytes()])
}

fn device_of(app: &App, staff: StaffId, nonce: &str) -> String {
    let proof = app.secret.digest("staff-device", &[staff.0.as_bytes(), nonce.as_bytes()]);
    format!("{nonce}.{proof}")
}

fn is_device_of(app: &App, staff: StaffId, device: &str) -> bool {
    let Some((nonce, _)) = device.split_once('.') else { return false };
    device_of(app, staff, nonce).as_bytes().ct_eq(device.as_bytes()).into()
}

fn shortened(agent: &str) -> String {
    agent.chars().filter(|letter| !letter.is_control()).take(MOST_AGENT).collect()
}

fn not_let_in() -> Error {
    Error::Code("invalid_credentials", "The e-mail address or the password is not right.".into())
}
