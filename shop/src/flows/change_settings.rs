//! Taking new settings: checked, in one transaction with their event, and never over what somebody else just changed.

use std::sync::Arc;

use commerce::error::FieldError;
use serde_json::{Value, json};

use crate::app::App;
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::import::safe_html;
use crate::settings::{Location, ShopSettings};
use crate::store::defaults::MARKET;
use crate::store::events::{self, Event};
use crate::store::{Db, Tx, locations, settings};

/// What staff changes.
#[derive(Clone, Debug)]
pub struct Change {
    /// As they shall be.
    pub settings: ShopSettings,
    /// The version that was changed; 0 where there was none yet.
    pub version: i64,
}

/// The settings as they are in the database, with their version.
pub async fn current(app: &App) -> Result<(ShopSettings, i64)> {
    let mut conn = app.db.read().await?;
    Ok(settings::versioned(&mut conn).await?.unwrap_or_default())
}

/// Takes new settings from staff and sells by them from now on. Answers their version.
pub async fn change(app: &App, change: Change, actor: &str) -> Result<i64> {
    let Change { settings: wanted, version } = change;
    let mut tx = app.db.begin().await?;
    let (before, found) = settings::versioned(&mut tx).await?.unwrap_or_default();
    if found != version {
        return Err(conflict());
    }
    let wanted = safe(wanted, &before);
    let mut errors = wanted.check();
    if before.legal.terms_html != wanted.legal.terms_html && before.legal.version == wanted.legal.version {
        let message = "has to be a new one when the terms change, for orders keep the version that was accepted";
        errors.push(FieldError::new("legal.version", message));
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    refuse_foreign_prices(&mut tx, &wanted).await?;
    refuse_closing_full_places(&mut tx, &before, &wanted).await?;
    if !settings::save_over(&mut tx, &wanted, version, app.clock.now()).await? {
        return Err(conflict());
    }
    record(&mut tx, &app.clock, version + 1, changed(&before, &wanted), actor).await?;
    tx.commit().await?;
    // Here at once; other nodes follow the event.
    let (taken, version) = current(app).await?;
    app.shop.store(Arc::new(taken));
    Ok(version)
}

/// Takes new settings whatever was there: for whoever owns the machine.
pub async fn replace(db: &Db, clock: &Clock, wanted: ShopSettings) -> Result<()> {
    let mut tx = db.begin().await?;
    let (before, version) = settings::versioned(&mut tx).await?.unwrap_or_default();
    let wanted = safe(wanted, &before);
    refuse_foreign_prices(&mut tx, &wanted).await?;
    refuse_closing_full_places(&mut tx, &before, &wanted).await?;
    settings::save(&mut tx, &wanted, clock.now()).await?;
    record(&mut tx, clock, version + 1, changed(&before, &wanted), "system").await?;
    Ok(tx.commit().await?)
}

fn conflict() -> Error {
    Error::Code("version_conflict", "Somebody else changed the settings meanwhile. Look at them and try again.".into())
}

/// The currency of a shop that has prices stays: they would be worth something else.
async fn refuse_foreign_prices(tx: &mut Tx, wanted: &ShopSettings) -> Result<()> {
    match settings::foreign_prices(tx, wanted.currency.code()).await? {
        0 => Ok(()),
        prices => Err(Error::field("currency", format!("can't change: {prices} prices are in another one"))),
    }
}

/// A place is left out of the settings only when nothing lies or is promised there.
async fn refuse_closing_full_places(tx: &mut Tx, before: &ShopSettings, wanted: &ShopSettings) -> Result<()> {
    let stays = |one: &&Location| wanted.locations.iter().any(|other| other.code == one.code);
    let closed: Vec<&Location> = before.locations.iter().filter(|one| !stays(one)).collect();
    match locations::in_use(tx, &closed).await?.first() {
        None => Ok(()),
        Some(code) => {
            let name = closed.iter().find(|one| one.code == *code).map_or(code.as_str(), |one| one.name.as_str());
            let message =
                format!("can't lose {name}: something lies or is promised there. Move it first, or stop selling");
            Err(Error::field("locations", message))
        }
    }
}

async fn record(tx: &mut Tx, clock: &Clock, version: i64, fields: Vec<String>, actor: &str) -> Result<()> {
    let (kind, subject, data, at) = ("settings.changed", "settings", json!({ "fields": fields }), clock.now());
    let event = Event { kind, subject, subject_id: MARKET, version, data, actor, at };
    Ok(events::append(tx, event).await?)
}

/// The names of what differs; what it says may be personal, so it stays out of events.
fn changed(before: &ShopSettings, after: &ShopSettings) -> Vec<String> {
    let members = |settings: &ShopSettings| match serde_json::to_value(settings) {
        Ok(Value::Object(members)) => members,
        _ => serde_json::Map::new(),
    };
    let before = members(before);
    members(after).into_iter().filter(|(name, value)| before.get(name) != Some(value)).map(|(name, _)| name).collect()
}

/// Cleans the pages that somebody wrote anew; those that only went through a form stay as they are.
fn safe(mut wanted: ShopSettings, before: &ShopSettings) -> ShopSettings {
    let (new, old) = (&mut wanted.legal, &before.legal);
    for (html, was) in [
        (&mut new.terms_html, &old.terms_html),
        (&mut new.privacy_html, &old.privacy_html),
        (&mut new.imprint_html, &old.imprint_html),
        (&mut new.returns_html, &old.returns_html),
    ] {
        *html = if html.trim() == was.trim() { was.clone() } else { safe_html(html) };
    }
    wanted
}
