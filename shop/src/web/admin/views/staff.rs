//! `sign_in.html`, `staff/*.html`: the way in, one's own account, and the accounts of everybody.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{FieldView, sampled};

/// The way in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInPage {
    /// The address that was typed.
    pub email: String,
    /// Where to go on to.
    pub next: String,
    /// What was not right.
    pub error: Option<String>,
    /// Minutes until another try is let through, after too many.
    pub wait_minutes: Option<i64>,
}

sampled!(SignInPage, "sign_in.json");

/// One's own account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountPage {
    /// Where one is signed in, last used first.
    pub sessions: Vec<SessionView>,
    /// The password there is.
    pub old_password: FieldView,
    /// The one there shall be.
    pub password: FieldView,
}

sampled!(AccountPage, "account.json");

/// A place where somebody is signed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionView {
    /// Its id.
    pub id: String,
    /// What browser or program it is, in a few words.
    pub agent: String,
    /// Whether it is a program with tokens.
    pub program: bool,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used.
    pub seen_at: DateTime<Utc>,
    /// Whether it is this one.
    pub current: bool,
}

/// Everybody who works in the shop, and the form for somebody new.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaffList {
    /// Everybody.
    pub people: Vec<StaffRow>,
    /// Of somebody new.
    pub email: FieldView,
    /// Of somebody new.
    pub name: FieldView,
    /// Of somebody new.
    pub role: FieldView,
    /// Of somebody new.
    pub password: FieldView,
}

sampled!(StaffList, "staff_list.json");

/// Somebody who works in the shop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaffRow {
    /// Their page.
    pub url: String,
    /// What they are called.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// `admin` or `super_admin`.
    pub role: String,
    /// Whether they may sign in.
    pub active: bool,
    /// Whether it is who is looking.
    pub me: bool,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// The account of somebody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaffPage {
    /// Whose.
    pub person: StaffRow,
    /// The version that is shown.
    pub version: i64,
    /// What they are called.
    pub name: FieldView,
    /// What they may do.
    pub role: FieldView,
    /// Whether they may sign in.
    pub active: bool,
    /// Where they are signed in.
    pub sessions: Vec<SessionView>,
    /// A new password for them.
    pub password: FieldView,
    /// Why nothing was changed.
    pub refused: Option<String>,
}

sampled!(StaffPage, "staff_page.json");
