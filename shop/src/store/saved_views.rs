//! Views of the admin's lists that somebody saved, for themselves or for everybody.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Conn;
use crate::args;

/// A saved view of a list.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SavedView {
    /// Which one.
    pub id: Uuid,
    /// Who saved it.
    pub staff_id: Uuid,
    /// The list it is a view of.
    pub list: String,
    /// What they called it.
    pub name: String,
    /// Search, filters, order and columns, as they stand in an address.
    pub query: String,
    /// Whether everybody has it.
    pub shared: bool,
    /// When it was saved.
    pub created_at: DateTime<Utc>,
}

/// The views of a list that a member of staff has: the shared ones and their own.
pub async fn of(conn: &mut Conn, staff: Uuid, list: &str) -> sqlx::Result<Vec<SavedView>> {
    const OF: &str = "SELECT id, staff_id, list, name, query, shared, created_at FROM saved_views
         WHERE list = $1 AND (shared OR staff_id = $2) ORDER BY shared DESC, created_at, id LIMIT 40";
    conn.all(OF, args![list, staff]).await
}

/// Every view that a member of staff has.
pub async fn all(conn: &mut Conn, staff: Uuid) -> sqlx::Result<Vec<SavedView>> {
    const ALL: &str = "SELECT id, staff_id, list, name, query, shared, created_at FROM saved_views
         WHERE shared OR staff_id = $1 ORDER BY list, shared DESC, created_at, id LIMIT 1000";
    conn.all(ALL, args![staff]).await
}

/// Saves a view.
pub async fn add(conn: &mut Conn, view: &SavedView) -> sqlx::Result<()> {
    const ADD: &str = "INSERT INTO saved_views (id, staff_id, list, name, query, shared, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let SavedView { id, staff_id, list, name, query, shared, created_at } = view;
    let args = args![*id, *staff_id, list.as_str(), name.as_str(), query.as_str(), *shared, *created_at];
    conn.execute(ADD, args).await?;
    Ok(())
}

/// Deletes a view of this member of staff; tells whether there was one.
pub async fn remove(conn: &mut Conn, id: Uuid, staff: Uuid) -> sqlx::Result<bool> {
    const REMOVE: &str = "DELETE FROM saved_views WHERE id = $1 AND staff_id = $2";
    Ok(conn.execute(REMOVE, args![id, staff]).await? == 1)
}
