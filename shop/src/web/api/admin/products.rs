//! Products for programs of the staff: the list, one product, its edits and its history.

pub mod bulk;
mod document;
mod list;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use commerce::catalog::ProductPatch;
use commerce::ids::{ProductId, StaffId};
use commerce::money::Money;
use serde::Serialize;
use serde_json::{Map, json};
use utoipa::ToSchema;

use crate::app::Shop;
use crate::error::Error;
use crate::flows::edit_product::{self, Conflict, Outcome};
use crate::store::products::{self, Edit};
use crate::store::{product_list, staff};
use crate::web::access::Member;
use crate::web::api::body::{Document, Ids, WithLists};
use crate::web::api::carts::Answer;
use crate::web::api::documents::MoneyDocument;
use crate::web::api::problem::Refused;

pub use document::{ProductChange, StaffProduct};
pub use list::StaffProductList;

impl WithLists for ProductPatch {
    const LISTS: &'static [&'static str] =
        &["categories", "tags", "options", "values", "variants", "images", "attributes", "parts", "related"];
}

/// Products of every status. Repeating `status`, `category` or `stock` means OR, different ones AND.
#[utoipa::path(get, path = "/api/admin/products", params(
    ("q" = Option<String>, Query, description = "words in name, brand, tags, SKUs and barcodes"),
    ("status" = Option<Vec<String>>, Query, description = "draft, active or archived"),
    ("category" = Option<Vec<String>>, Query, description = "slugs; what stands below counts too"),
    ("stock" = Option<Vec<String>>, Query, description = "in, low, out or untracked"),
    ("min_price" = Option<i64>, Query, description = "minor units"),
    ("max_price" = Option<i64>, Query, description = "minor units"),
    ("sort" = Option<String>, Query, description = "updated, created, name, price or stock; with - in front the other way"),
    ("page" = Option<i64>, Query, minimum = 1),
    ("per_page" = Option<i64>, Query, minimum = 1, maximum = 100),
), responses((status = 200, body = StaffProductList), Refused), tag = "products")]
pub async fn list(State(app): State<Shop>, RawQuery(query): RawQuery) -> Answer {
    let asked = list::asked(&app, query.as_deref())?;
    let mut conn = app.db.read().await?;
    let page = product_list::list(&mut conn, &asked).await?;
    let counts = product_list::counts(&mut conn).await?;
    let currency = app.shop.load().currency;
    Ok(Json(StaffProductList::of(&asked, page, counts, currency)).into_response())
}

/// Makes a product. Without a slug it gets one from its name.
#[utoipa::path(post, path = "/api/admin/products", request_body = ProductChange,
    responses((status = 201, body = StaffProduct), Refused), tag = "products")]
pub async fn create(State(app): State<Shop>, member: Member, Document(patch): Document<ProductPatch>) -> Answer {
    if patch.version.is_some() {
        return Err(Error::field("version", "is not a field of a new product").into());
    }
    let product = edit_product::drafted(&app, patch)?;
    let saved = edit_product::create(&app, product, &member.actor()).await?;
    Ok((StatusCode::CREATED, Json(StaffProduct::of(&saved.product))).into_response())
}

/// A product.
#[utoipa::path(get, path = "/api/admin/products/{id}", params(("id" = String, Path)),
    responses((status = 200, body = StaffProduct), Refused), tag = "products")]
pub async fn read(State(app): State<Shop>, Ids(id): Ids<ProductId>) -> Answer {
    let currency = app.shop.load().currency;
    let stored = products::load_one(&mut app.db.read().await?, currency, id, false).await?;
    Ok(Json(StaffProduct::of(&stored.ok_or(Error::NotFound)?)).into_response())
}

/// Changes what the document names. It needs the version that was seen: 409 `version_conflict` carries the product as it
/// is now as `current`.
#[utoipa::path(patch, path = "/api/admin/products/{id}", params(("id" = String, Path)), request_body = ProductChange,
    responses((status = 200, body = StaffProduct), Refused), tag = "products")]
pub async fn change(
    State(app): State<Shop>,
    member: Member,
    Ids(id): Ids<ProductId>,
    Document(patch): Document<ProductPatch>,
) -> Answer {
    let version = patch.version.ok_or_else(|| Error::field("version", "is required"))?;
    match edit_product::save(&app, id, version, patch, &member.actor()).await? {
        Outcome::Saved(saved) => Ok(Json(StaffProduct::of(&saved.product)).into_response()),
        Outcome::Conflict(conflict) => Err(stale(&conflict).into()),
    }
}

/// The answer to an edit of a product that somebody else changed meanwhile.
pub fn stale(conflict: &Conflict) -> Error {
    let current = StaffProduct::of(&conflict.current);
    let extra = json!({ "version": conflict.current.version, "current": current, "conflicts": conflict.conflicts });
    Error::Rows {
        code: "version_conflict",
        detail: "Somebody else changed this product meanwhile. Look at `current` and send the change again.",
        errors: vec![],
        extra: extra.as_object().cloned().unwrap_or_else(Map::new),
    }
}

/// Archives a product: it leaves the catalog, orders go on pointing to it.
#[utoipa::path(delete, path = "/api/admin/products/{id}", params(("id" = String, Path)),
    responses((status = 200, body = StaffProduct), Refused), tag = "products")]
pub async fn archive(State(app): State<Shop>, member: Member, Ids(id): Ids<ProductId>) -> Answer {
    let saved = edit_product::archive(&app, id, &member.actor()).await?;
    Ok(Json(StaffProduct::of(&saved.product)).into_response())
}

/// What became of a product, the latest edit first.
#[derive(Serialize, ToSchema)]
pub struct ProductHistory {
    items: Vec<ProductEdit>,
}

/// One edit.
#[derive(Serialize, ToSchema)]
pub struct ProductEdit {
    at: DateTime<Utc>,
    /// product.created, product.updated or product.archived
    kind: String,
    /// `import`, or `staff:` and an id.
    actor: String,
    /// The name of the member of staff.
    name: Option<String>,
    /// Such as `name` or `variants[Red / M].price`.
    fields: Vec<String>,
    prices: Vec<PriceEdit>,
}

/// A price that was changed.
#[derive(Serialize, ToSchema)]
pub struct PriceEdit {
    variant_id: String,
    /// Its option values then.
    variant: String,
    #[schema(value_type = MoneyDocument)]
    was: Money,
    #[schema(value_type = MoneyDocument)]
    now: Money,
}

/// What became of a product, the latest edit first.
#[utoipa::path(get, path = "/api/admin/products/{id}/history", params(("id" = String, Path)),
    responses((status = 200, body = ProductHistory), Refused), tag = "products")]
pub async fn history(
    State(app): State<Shop>,
    Ids(id): Ids<ProductId>,
) -> Result<Response, crate::web::api::problem::ApiError> {
    let mut conn = app.db.read().await?;
    let edits = products::history(&mut conn, id).await?;
    if edits.is_empty() {
        return Err(Error::NotFound.into());
    }
    let member = |edit: &Edit| edit.actor.strip_prefix("staff:").and_then(|id| id.parse::<StaffId>().ok());
    let names = staff::names(&mut conn, edits.iter().filter_map(member).collect()).await?;
    let document = |edit: Edit| ProductEdit {
        name: member(&edit).and_then(|id| names.get(&id).cloned()),
        at: edit.at,
        kind: edit.kind,
        actor: edit.actor,
        fields: edit.told.fields,
        prices: edit.told.prices.into_iter().map(PriceEdit::from).collect(),
    };
    Ok(Json(ProductHistory { items: edits.into_iter().map(document).collect() }).into_response())
}

impl From<products::Repriced> for PriceEdit {
    fn from(price: products::Repriced) -> Self {
        let products::Repriced { variant, values, was, now } = price;
        Self { variant_id: variant.to_string(), variant: values, was, now }
    }
}
