//! The shop's settings, one row a group.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use super::defaults::MARKET;
use super::events::{self, Event};
use super::{Arg, Conn, Db};
use crate::args;
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::settings::ShopSettings;

#[derive(sqlx::FromRow)]
struct SettingsRow {
    value: Json<serde_json::Value>,
}

/// The settings of this shop, or `None` before they were ever saved.
pub async fn load(conn: &mut Conn) -> Result<Option<ShopSettings>> {
    let row: Option<SettingsRow> = conn.optional("SELECT value FROM settings WHERE name = $1", args!["shop"]).await?;
    let Some(row) = row else { return Ok(None) };
    let settings = serde_json::from_value(row.value.0);
    settings.map(Some).map_err(|error| Error::Internal(format!("settings can't be read: {error}")))
}

/// Takes new settings. The currency of a shop that has prices stays: they would be worth something else.
pub async fn replace(db: &Db, clock: &Clock, settings: ShopSettings) -> Result<()> {
    const FOREIGN: &str = "SELECT COUNT(*) AS prices FROM prices WHERE currency <> $1";
    let now = clock.now();
    let mut tx = db.begin().await?;
    let foreign: Priced = tx.one(FOREIGN, args![settings.currency.code()]).await?;
    if foreign.prices > 0 {
        return Err(Error::field("currency", "can't change once there are prices in another one"));
    }
    save(&mut tx, &settings, now).await?;
    let (kind, subject, data, actor) = ("settings.changed", "settings", serde_json::json!({}), "staff");
    let event = Event { kind, subject, subject_id: MARKET, version: 0, data, actor, at: now };
    events::append(&mut tx, clock, event).await?;
    Ok(tx.commit().await?)
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
    Ok(())
}
