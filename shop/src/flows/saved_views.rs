//! Saving a view of a list: named, bounded, and for oneself or everybody.

use commerce::error::FieldError;
use commerce::ids::StaffId;
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Result};
use crate::store::saved_views::{self, SavedView};

/// The longest name.
const LONGEST_NAME: usize = 60;
/// The longest query.
const LONGEST_QUERY: usize = 4_000;
/// The most views that somebody may have of one list.
const MOST_VIEWS: usize = 20;

/// A view to be saved.
#[derive(Clone, Debug)]
pub struct NewView<'a> {
    /// The list it is a view of.
    pub list: &'a str,
    /// What it is called.
    pub name: &'a str,
    /// Search, filters, order and columns, as they stand in an address.
    pub query: &'a str,
    /// Whether everybody has it.
    pub shared: bool,
}

/// Saves a view.
pub async fn save(app: &App, new: NewView<'_>, staff: StaffId) -> Result<SavedView> {
    let name = new.name.trim();
    let mut errors = Vec::new();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        errors.push(FieldError::new("name", "A view has a name of 1 to 60 characters."));
    }
    let plain = |sign: char| sign.is_ascii_lowercase() || sign == '_' || sign == '-';
    if new.list.is_empty() || new.list.len() > 40 || !new.list.chars().all(plain) {
        errors.push(FieldError::new("list", "There is no such list."));
    }
    if new.query.len() > LONGEST_QUERY || new.query.chars().any(char::is_control) {
        errors.push(FieldError::new("query", "That is more than a view can keep."));
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let mut tx = app.db.begin().await?;
    let own = saved_views::of(&mut tx, staff.0, new.list).await?;
    if own.iter().filter(|view| view.staff_id == staff.0).count() >= MOST_VIEWS {
        return Err(Error::field("name", "You have 20 views of this list. Delete one first."));
    }
    let view = SavedView {
        id: app.clock.id::<Uuid>(),
        staff_id: staff.0,
        list: new.list.to_owned(),
        name: name.to_owned(),
        query: new.query.trim_start_matches('?').to_owned(),
        shared: new.shared,
        created_at: app.clock.now(),
    };
    saved_views::add(&mut tx, &view).await?;
    tx.commit().await?;
    Ok(view)
}

/// Deletes a view of one's own.
pub async fn delete(app: &App, id: Uuid, staff: StaffId) -> Result<()> {
    let mut tx = app.db.begin().await?;
    if !saved_views::remove(&mut tx, id, staff.0).await? {
        return Err(Error::NotFound);
    }
    Ok(tx.commit().await?)
}
