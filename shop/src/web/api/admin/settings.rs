//! The settings of the shop.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use commerce::error::FieldError;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::app::Shop;
use crate::error::Error;
use crate::flows::change_settings::{self, Change};
use crate::settings::ShopSettings;
use crate::web::access::Member;
use crate::web::api::body::{self, Document, WithLists};
use crate::web::api::carts::Answer;
use crate::web::api::problem::{ApiError, Refused};

/// Settings to change, by name.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct SettingsPatch(Map<String, Value>);

impl WithLists for SettingsPatch {
    const LISTS: &'static [&'static str] = &["rates", "methods", "locations", "countries", "regions", "address"];
}

/// Every setting, and the version to change them with.
#[utoipa::path(get, path = "/api/admin/settings",
    responses((status = 200, body = Object, description = "version, and a member for each setting"), Refused), tag = "admin")]
pub async fn read(State(app): State<Shop>) -> Answer {
    let (settings, version) = change_settings::current(&app).await?;
    Ok(Json(document(&settings, version)?).into_response())
}

/// Changes some settings; what a member holds is replaced as a whole.
#[utoipa::path(patch, path = "/api/admin/settings",
    request_body(content = Object, description = "version, and the settings to change"),
    responses((status = 200, body = Object, description = "as they are now"), Refused), tag = "admin")]
pub async fn change(
    State(app): State<Shop>,
    member: Member,
    Document(SettingsPatch(mut patch)): Document<SettingsPatch>,
) -> Answer {
    let version = match patch.remove("version") {
        Some(version) => version.as_i64().ok_or_else(|| Error::field("version", "has to be a whole number"))?,
        None => return Err(Error::field("version", "is required").into()),
    };
    let (settings, now) = change_settings::current(&app).await?;
    let stale = |settings: &ShopSettings, version: i64| -> Result<ApiError, Error> {
        let detail = "Somebody else changed the settings meanwhile. They are in `current`.";
        let extra = Map::from_iter([("current".to_owned(), document(settings, version)?)]);
        Ok(ApiError::from(Error::Rows { code: "version_conflict", detail, errors: vec![], extra }))
    };
    if now != version {
        return Err(stale(&settings, now)?);
    }
    let Value::Object(mut members) = value(&settings)? else {
        return Err(Error::Internal("settings are no object".into()).into());
    };
    for (name, setting) in patch {
        if !members.contains_key(&name) {
            let message = "is not a setting of the shop";
            return Err(Error::Invalid(vec![FieldError::new(name, message)]).into());
        }
        members.insert(name, setting);
    }
    let settings: ShopSettings = body::read(Value::Object(members).to_string().as_bytes())?;
    match change_settings::change(&app, Change { settings, version }, &member.actor()).await {
        Ok(_) => read(State(app)).await,
        Err(Error::Code("version_conflict", _)) => {
            let (settings, now) = change_settings::current(&app).await?;
            Err(stale(&settings, now)?)
        }
        Err(error) => Err(error.into()),
    }
}

fn value(settings: &ShopSettings) -> Result<Value, Error> {
    serde_json::to_value(settings).map_err(|error| Error::Internal(error.to_string()))
}

fn document(settings: &ShopSettings, version: i64) -> Result<Value, Error> {
    let mut document = value(settings)?;
    document["version"] = json!(version);
    Ok(document)
}
