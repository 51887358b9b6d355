//! The accounts of the people who work in the shop.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use commerce::ids::StaffId;
use commerce::staff::Role;
use uuid::Uuid;

use super::{Conn, keys};
use crate::args;
use crate::error::{Error, Result};

/// An account.
#[derive(Clone, Debug)]
pub struct Staff {
    /// Its id.
    pub id: StaffId,
    /// Where the person is written to, and what they sign in with.
    pub email: String,
    /// What the person is called.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// Whether the person may sign in.
    pub active: bool,
    /// Raised by every change.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// An account with what its password is checked against.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The account.
    pub staff: Staff,
    /// The hash in PHC form.
    pub password_hash: String,
}

#[derive(sqlx::FromRow)]
struct StaffRow {
    id: Uuid,
    email: String,
    name: String,
    role: String,
    active: bool,
    version: i64,
    created_at: DateTime<Utc>,
    password_hash: String,
}

impl StaffRow {
    fn credentials(self) -> Result<Credentials> {
        let staff = Staff {
            id: StaffId(self.id),
            email: self.email,
            name: self.name,
            role: role(&self.role)?,
            active: self.active,
            version: self.version,
            created_at: self.created_at,
        };
        Ok(Credentials { staff, password_hash: self.password_hash })
    }
}

/// The role of a name that the database keeps.
pub(super) fn role(name: &str) -> Result<Role> {
    name.parse().map_err(|error: commerce::UnknownName| Error::Internal(error.to_string()))
}

/// The form of an address by which an account is found: people type it in any case.
fn canonical(email: &str) -> String {
    email.trim().to_lowercase()
}

/// The account of an address, whether it may sign in or not.
pub async fn by_email(conn: &mut Conn, email: &str) -> Result<Option<Credentials>> {
    const BY_EMAIL: &str = "SELECT id, email, name, role, active, version, created_at, password_hash FROM staff
         WHERE email_canonical = $1";
    conn.optional::<StaffRow>(BY_EMAIL, args![canonical(email)]).await?.map(StaffRow::credentials).transpose()
}

/// An account, or `NotFound`.
pub async fn load(conn: &mut Conn, id: StaffId) -> Result<Credentials> {
    const LOAD: &str =
        "SELECT id, email, name, role, active, version, created_at, password_hash FROM staff WHERE id = $1";
    conn.optional::<StaffRow>(LOAD, args![id]).await?.ok_or(Error::NotFound)?.credentials()
}

/// An account, locked until the transaction ends.
pub async fn lock(conn: &mut Conn, id: StaffId) -> Result<Credentials> {
    const LOCK: &str =
        "SELECT id, email, name, role, active, version, created_at, password_hash FROM staff WHERE id = $1";
    conn.lock_one::<StaffRow>(LOCK, args![id]).await?.ok_or(Error::NotFound)?.credentials()
}

/// Every account, by name.
pub async fn all(conn: &mut Conn) -> Result<Vec<Staff>> {
    const ALL: &str =
        "SELECT id, email, name, role, active, version, created_at, password_hash FROM staff ORDER BY name, id";
    let rows: Vec<StaffRow> = conn.all(ALL, args![]).await?;
    rows.into_iter().map(|row| row.credentials().map(|found| found.staff)).collect()
}

/// Locks every active super admin, in the order of their ids, so that two who demote each other come one after the other.
pub async fn lock_super_admins(conn: &mut Conn) -> Result<Vec<StaffId>> {
    const LOCK: &str = "SELECT id, email, name, role, active, version, created_at, password_hash FROM staff
         WHERE role = 'super_admin' AND active ORDER BY id";
    let rows: Vec<StaffRow> = conn.lock_all(LOCK, args![]).await?;
    Ok(rows.into_iter().map(|row| StaffId(row.id)).collect())
}

#[derive(sqlx::FromRow)]
struct NameRow {
    id: Uuid,
    name: String,
}

/// The names behind some ids.
pub async fn names(conn: &mut Conn, ids: Vec<StaffId>) -> Result<HashMap<StaffId, String>> {
    let rows: Vec<NameRow> = conn.all_in("SELECT id, name FROM staff WHERE id IN", keys(ids), "").await?;
    Ok(rows.into_iter().map(|row| (StaffId(row.id), row.name)).collect())
}

/// Keeps a new account; `false`: the address has one already.
pub async fn insert(conn: &mut Conn, account: &Credentials) -> Result<bool> {
    const INSERT: &str = "INSERT INTO staff (id, email, email_canonical, name, role, password_hash, active, version,
            created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) ON CONFLICT (email_canonical) DO NOTHING";
    let Credentials { staff, password_hash } = account;
    let row = args![
        staff.id,
        staff.email.trim(),
        canonical(&staff.email),
        staff.name.trim(),
        staff.role.as_str(),
        password_hash,
        staff.active,
        staff.version,
        staff.created_at,
    ];
    Ok(conn.execute(INSERT, row).await? == 1)
}

/// Writes what may change of an account that is locked: everything but its address.
pub async fn update(conn: &mut Conn, account: &Credentials, now: DateTime<Utc>) -> Result<()> {
    const UPDATE: &str = "UPDATE staff SET name = $2, role = $3, active = $4, password_hash = $5, version = $6,
            updated_at = $7 WHERE id = $1";
    let Credentials { staff, password_hash } = account;
    let row = args![staff.id, staff.name.trim(), staff.role.as_str(), staff.active, password_hash, staff.version, now];
    conn.execute(UPDATE, row).await?;
    Ok(())
}
