//! Where members of staff are signed in. What opens a session is kept as a digest.

use chrono::{DateTime, Utc};
use commerce::ids::{SessionId, StaffId};
use commerce::staff::Role;
use uuid::Uuid;

use super::{Conn, staff::role};
use crate::args;
use crate::error::Result;

/// What holds a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A browser, by its cookie.
    Browser,
    /// A program, by a bearer token.
    Program,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Kind::Browser => "browser",
            Kind::Program => "program",
        }
    }
}

/// A session to be kept.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub staff: StaffId,
    /// What holds it.
    pub kind: Kind,
    /// The digest of what opens it.
    pub secret_digest: String,
    /// The digest of what renews it; empty for browsers.
    pub refresh_digest: String,
    /// What the browser or program calls itself.
    pub agent: String,
    /// When it began.
    pub at: DateTime<Utc>,
    /// When the secret is no good any more.
    pub expires_at: DateTime<Utc>,
    /// When it is over.
    pub ends_at: DateTime<Utc>,
}

/// A session that is open, and whose it is.
#[derive(Clone, Debug)]
pub struct Open {
    /// The session.
    pub id: SessionId,
    /// Whose it is.
    pub staff: StaffId,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// When it was last used, to within a few minutes.
    pub seen_at: DateTime<Utc>,
    /// When it is over.
    pub ends_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct OpenRow {
    id: Uuid,
    staff_id: Uuid,
    email: String,
    name: String,
    role: String,
    seen_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
}

impl OpenRow {
    fn open(self) -> Result<Open> {
        Ok(Open {
            id: SessionId(self.id),
            staff: StaffId(self.staff_id),
            email: self.email,
            name: self.name,
            role: role(&self.role)?,
            seen_at: self.seen_at,
            ends_at: self.ends_at,
        })
    }
}

/// The open session that a secret opens, of somebody who may sign in.
pub async fn find(conn: &mut Conn, kind: Kind, secret_digest: &str, now: DateTime<Utc>) -> Result<Option<Open>> {
    const FIND: &str = "SELECT s.id, s.staff_id, p.email, p.name, p.role, s.seen_at, s.ends_at
         FROM staff_sessions s JOIN staff p ON p.id = s.staff_id
         WHERE s.secret_digest = $1 AND s.kind = $2 AND s.expires_at > $3 AND s.ends_at > $3 AND p.active";
    let row: Option<OpenRow> = conn.optional(FIND, args![secret_digest, kind.as_str(), now]).await?;
    row.map(OpenRow::open).transpose()
}

/// Keeps a new session.
pub async fn insert(conn: &mut Conn, session: &NewSession) -> sqlx::Result<()> {
    const INSERT: &str = "INSERT INTO staff_sessions (id, staff_id, kind, secret_digest, refresh_digest, agent,
            created_at, seen_at, expires_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9)";
    let row = args![
        session.id,
        session.staff,
        session.kind.as_str(),
        &session.secret_digest,
        &session.refresh_digest,
        &session.agent,
        session.at,
        session.expires_at,
        session.ends_at,
    ];
    conn.execute(INSERT, row).await?;
    Ok(())
}

/// The session is in use: its secret is good for longer.
pub async fn touch(conn: &mut Conn, id: SessionId, now: DateTime<Utc>, expires_at: DateTime<Utc>) -> sqlx::Result<()> {
    const TOUCH: &str = "UPDATE staff_sessions SET seen_at = $2, expires_at = $3 WHERE id = $1";
    conn.execute(TOUCH, args![id, now, expires_at]).await?;
    Ok(())
}

/// Digests of what opens and what renews a session.
pub struct Digests {
    /// Of the access token.
    pub secret: String,
    /// Of the refresh token.
    pub refresh: String,
}

/// Gives a program's session new tokens for its refresh token; `false` when that was used before or never given out.
pub async fn renew(
    conn: &mut Conn,
    id: SessionId,
    used_refresh: &str,
    next: &Digests,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    const RENEW: &str = "UPDATE staff_sessions SET secret_digest = $3, refresh_digest = $4, seen_at = $5,
            expires_at = $6
         WHERE id = $1 AND refresh_digest = $2 AND kind = 'program' AND ends_at > $5
            AND staff_id IN (SELECT id FROM staff WHERE active)";
    let row = args![id, used_refresh, &next.secret, &next.refresh, now, expires_at];
    Ok(conn.execute(RENEW, row).await? == 1)
}

/// Ends a session of somebody; answers whether there was one.
pub async fn end(conn: &mut Conn, staff: StaffId, id: SessionId) -> sqlx::Result<bool> {
    const END: &str = "DELETE FROM staff_sessions WHERE id = $1 AND staff_id = $2";
    Ok(conn.execute(END, args![id, staff]).await? == 1)
}

/// Ends a session whose refresh token was used twice, whoever did it.
pub async fn revoke(conn: &mut Conn, id: SessionId) -> sqlx::Result<()> {
    conn.execute("DELETE FROM staff_sessions WHERE id = $1", args![id]).await?;
    Ok(())
}

/// Ends every session of somebody but perhaps one.
pub async fn end_all(conn: &mut Conn, staff: StaffId, but: Option<SessionId>) -> sqlx::Result<u64> {
    const END: &str = "DELETE FROM staff_sessions WHERE staff_id = $1 AND id <> $2";
    conn.execute(END, args![staff, but.map_or(Uuid::nil(), |id| id.0)]).await
}

/// A session as its owner sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    /// Its id.
    pub id: Uuid,
    /// `browser` or `program`.
    pub kind: String,
    /// What it calls itself.
    pub agent: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to within a few minutes.
    pub seen_at: DateTime<Utc>,
}

/// Where somebody is signed in, last used first. A program whose access token ran out can still renew it.
pub async fn of(conn: &mut Conn, staff: StaffId, now: DateTime<Utc>) -> sqlx::Result<Vec<Listed>> {
    const OF: &str = "SELECT id, kind, agent, created_at, seen_at FROM staff_sessions
         WHERE staff_id = $1 AND ends_at > $2 AND (kind = 'program' OR expires_at > $2) ORDER BY seen_at DESC, id";
    conn.all(OF, args![staff, now]).await
}

/// Forgets sessions that are over.
pub async fn prune(conn: &mut Conn, now: DateTime<Utc>) -> sqlx::Result<u64> {
    const PRUNE: &str = "DELETE FROM staff_sessions WHERE ends_at <= $1 OR (kind = 'browser' AND expires_at <= $1)";
    conn.execute(PRUNE, args![now]).await
}
