//! The shop's settings, one row a group.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use super::{Arg, Conn};
use crate::args;
use crate::settings::ShopSettings;

#[derive(sqlx::FromRow)]
struct SettingsRow {
    value: Json<serde_json::Value>,
}

/// The settings of this shop, or `None` before they were ever saved.
pub async fn load(conn: &mut Conn) -> crate::error::Result<Option<ShopSettings>> {
    let row: Option<SettingsRow> = conn.optional("SELECT value FROM settings WHERE name = $1", args!["shop"]).await?;
    let Some(row) = row else { return Ok(None) };
    let settings = serde_json::from_value(row.value.0);
    settings.map(Some).map_err(|error| crate::error::Error::Internal(format!("settings can't be read: {error}")))
}

/// Saves the settings over what was there.
pub async fn save(conn: &mut Conn, settings: &ShopSettings, now: DateTime<Utc>) -> sqlx::Result<()> {
    const SAVE: &str = "INSERT INTO settings (name, value, version, updated_at) VALUES ($1, $2, 1, $3)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value, version = settings.version + 1, updated_at = excluded.updated_at";
    conn.execute(SAVE, args!["shop", Arg::json(settings), now]).await?;
    Ok(())
}
