//! The accounts of the staff: made, changed and closed, with the sessions that hang on them.

use commerce::customer::check_email;
use commerce::error::FieldError;
use commerce::ids::{SessionId, StaffId};
use commerce::staff::{Role, check_name, check_password, may_become};
use serde_json::json;

use crate::app::App;
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::passwords::Passwords;
use crate::store::events::{self, Event};
use crate::store::staff::{self, Credentials, Staff};
use crate::store::{Conn, Db, staff_sessions};

/// A new account.
#[derive(Clone, Debug)]
pub struct NewStaff<'a> {
    /// Where the person is written to, and what they sign in with.
    pub email: &'a str,
    /// What the person is called.
    pub name: &'a str,
    /// What the person may do.
    pub role: Role,
    /// The first password.
    pub password: &'a str,
}

/// What an account is to become.
#[derive(Clone, Debug)]
pub struct StaffChange {
    /// The version that was looked at.
    pub version: i64,
    /// What the person is called.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// Whether the person may sign in.
    pub active: bool,
}

/// Makes an account.
pub async fn create(db: &Db, clock: &Clock, passwords: &Passwords, new: NewStaff<'_>, actor: &str) -> Result<StaffId> {
    check(&new)?;
    let now = clock.now();
    let staff = Staff {
        id: clock.id(),
        email: new.email.trim().to_owned(),
        name: new.name.trim().to_owned(),
        role: new.role,
        active: true,
        version: 1,
        created_at: now,
    };
    let account = Credentials { staff, password_hash: passwords.hash(new.password).await? };
    let mut tx = db.begin().await?;
    if !staff::insert(&mut tx, &account).await? {
        return Err(Error::field("email", "There is an account with this address already."));
    }
    tell(&mut tx, clock, "staff.created", &account.staff, actor).await?;
    tx.commit().await?;
    Ok(account.staff.id)
}

fn check(new: &NewStaff<'_>) -> Result<()> {
    let checks = [check_email(new.email), check_name(new.name), check_password(new.password, new.email)];
    let errors: Vec<FieldError> = checks.into_iter().filter_map(Result::err).collect();
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

/// Changes an account. One that is closed is signed out everywhere; somebody always stays who can look after the others.
pub async fn change(app: &App, id: StaffId, change: StaffChange, actor: &str) -> Result<()> {
    check_name(&change.name).map_err(|error| Error::Invalid(vec![error]))?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let super_admins = staff::lock_super_admins(&mut tx).await?;
    let mut account = staff::lock(&mut tx, id).await?;
    if account.staff.version != change.version {
        let detail = format!("{} was changed by somebody else meanwhile. Please look again.", account.staff.name);
        return Err(Error::Code("version_conflict", detail));
    }
    let others = super_admins.iter().filter(|other| **other != id).count() as i64;
    may_become(change.role, change.active, others).map_err(|error| Error::Code("not_allowed", error.to_string()))?;
    account.staff.name = change.name.trim().to_owned();
    account.staff.role = change.role;
    account.staff.active = change.active;
    account.staff.version += 1;
    staff::update(&mut tx, &account, now).await?;
    if !change.active {
        staff_sessions::end_all(&mut tx, id, None).await?;
    }
    tell(&mut tx, &app.clock, "staff.changed", &account.staff, actor).await?;
    Ok(tx.commit().await?)
}

/// Gives somebody a new password, and signs them out everywhere but where it was changed.
pub async fn set_password(
    db: &Db,
    clock: &Clock,
    passwords: &Passwords,
    id: StaffId,
    password: &str,
    here: Option<SessionId>,
    actor: &str,
) -> Result<()> {
    let email = staff::load(&mut db.read().await?, id).await?.staff.email;
    check_password(password, &email).map_err(|error| Error::Invalid(vec![error]))?;
    let password_hash = passwords.hash(password).await?;
    let mut tx = db.begin().await?;
    let mut account = staff::lock(&mut tx, id).await?;
    account.password_hash = password_hash;
    account.staff.version += 1;
    staff::update(&mut tx, &account, clock.now()).await?;
    staff_sessions::end_all(&mut tx, id, here).await?;
    tell(&mut tx, clock, "staff.password_changed", &account.staff, actor).await?;
    Ok(tx.commit().await?)
}

/// Gives oneself a new password, knowing the old one.
pub async fn change_own_password(app: &App, id: StaffId, here: SessionId, old: &str, new: &str) -> Result<()> {
    let hash = staff::load(&mut app.db.read().await?, id).await?.password_hash;
    if !app.passwords.verify(old, Some(hash)).await? {
        return Err(Error::field("old_password", "This is not your password."));
    }
    set_password(&app.db, &app.clock, &app.passwords, id, new, Some(here), &format!("staff:{id}")).await
}

async fn tell(conn: &mut Conn, clock: &Clock, kind: &'static str, staff: &Staff, actor: &str) -> Result<()> {
    let event = Event {
        kind,
        subject: "staff",
        subject_id: staff.id.0,
        version: staff.version,
        data: json!({ "role": staff.role.as_str(), "active": staff.active }),
        actor,
        at: clock.now(),
    };
    Ok(events::append(conn, event).await?)
}
