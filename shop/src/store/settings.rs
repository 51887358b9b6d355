//! The shop's settings, one row a group.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use super::{Arg, Conn, locations};
use crate::args;
use crate::error::{Error, Result};
use crate::settings::ShopSettings;

#[derive(sqlx::FromRow)]
struct SettingsRow {
    value: Json<serde_json::Value>,
    version: i64,
}

/// The settings of this shop, or `None` before they were ever saved.
pub async fn load(conn: &mut Conn) -> Result<Option<ShopSettings>> {
    Ok(versioned(conn).await?.map(|(settings, _)| settings))
}

/// The settings of this shop and their version, or `None` before they were ever saved.
pub async fn versioned(conn: &mut Conn) -> Result<Option<(ShopSettings, i64)>> {
    const LOAD: &str = "SELECT value, version FROM settings WHERE name = $1";
    let row: Option<SettingsRow> = conn.optional(LOAD, args!["shop"]).await?;
    let Some(row) = row else { return Ok(None) };
    let settings = serde_json::from_value(row.value.0);
    settings
        .map(|settings| Some((settings, row.version)))
        .map_err(|error| Error::Internal(format!("settings can't be read: {error}")))
}

/// How many prices are in another currency than this one.
pub async fn foreign_prices(conn: &mut Conn, currency: &str) -> sqlx::Result<i64> {
    let row: Priced = conn.one("SELECT COUNT(*) AS prices FROM prices WHERE currency <> $1", args![currency]).await?;
    Ok(row.prices)
}

#[derive(sqlx::FromRow)]
struct Priced {
    prices: i64,
}

/// Saves the settings over what was there.
pub async fn save(conn: &mut Conn, settings: &ShopSettings, now: DateTime<Utc>) -> sqlx::Result<()> {
    const SAVE: &str = "INSERT INTO settings (name, value, version, updated_at) VALUES ($1, $2, 1, $3)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value, version = settings.version + 1, updated_at = excluded.updated_at";
    conn.execute(SAVE, args!["shop", Arg::json(settings), now]).await?;
    locations::keep(conn, &settings.locations).await
}

/// Saves the settings over one version of them; tells whether it was still the one that is there. Version 0 is that of
/// settings that were never saved.
pub async fn save_over(
    conn: &mut Conn,
    settings: &ShopSettings,
    version: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    const FIRST: &str = "INSERT INTO settings (name, value, version, updated_at) VALUES ($1, $2, 1, $3)
         ON CONFLICT (name) DO NOTHING";
    const NEXT: &str = "UPDATE settings SET value = $2, version = version + 1, updated_at = $3
         WHERE name = $1 AND version = $4";
    let mut args = args!["shop", Arg::json(settings), now];
    let rows = if version == 0 {
        conn.execute(FIRST, args).await?
    } else {
        args.push(version.into());
        conn.execute(NEXT, args).await?
    };
    if rows == 1 {
        locations::keep(conn, &settings.locations).await?;
    }
    Ok(rows == 1)
}
