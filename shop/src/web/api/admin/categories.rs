//! The tree of categories, for programs of the staff.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use commerce::ids::CategoryId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use utoipa::ToSchema;

use crate::app::Shop;
use crate::error::Error;
use crate::flows::edit_category::{self, CategoryPatch, Contents, Outcome};
use crate::store::categories::{self, StoredCategory};
use crate::web::access::Member;
use crate::web::api::body::{Body, Ids, Params};
use crate::web::api::carts::Answer;
use crate::web::api::problem::Refused;

/// Every category.
#[derive(Serialize, ToSchema)]
pub struct StaffCategories {
    items: Vec<StaffCategory>,
}

/// A category.
#[derive(Serialize, ToSchema)]
pub struct StaffCategory {
    id: String,
    version: i64,
    slug: String,
    /// Earlier slugs, which lead to it.
    old_slugs: Vec<String>,
    name: String,
    /// The slug of what it stands under.
    parent: Option<String>,
    description: String,
    image: Option<String>,
    /// Its place among its siblings.
    position: i64,
    /// Products of any status that stand directly in it.
    products: i64,
}

/// A category to be made, or what shall be otherwise about one.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the flow's CategoryPatch")]
pub struct CategoryChange {
    /// The version that was seen. Required to change.
    version: Option<i64>,
    /// Required to make one.
    name: Option<String>,
    slug: Option<String>,
    /// A slug; empty is the top.
    parent: Option<String>,
    description: Option<String>,
    /// Empty is none.
    image: Option<String>,
    /// Its place among its siblings, from 0.
    place: Option<usize>,
}

/// What becomes of what stands in a category.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteParams {
    contents: Option<String>,
}

/// Every category, parents before children, siblings in order.
#[utoipa::path(get, path = "/api/admin/categories", responses((status = 200, body = StaffCategories), Refused),
    tag = "categories")]
pub async fn list(State(app): State<Shop>) -> Answer {
    let mut conn = app.db.read().await?;
    let counts = categories::product_counts(&mut conn).await?;
    let all = categories::all(&mut conn).await?;
    let items = in_order(&all).into_iter();
    let items = items.map(|one| StaffCategory::of(one, counts.get(&one.id).copied().unwrap_or(0))).collect();
    Ok(Json(StaffCategories { items }).into_response())
}

/// Categories as a tree is read: parents before children, siblings in order.
pub fn in_order(all: &HashMap<String, StoredCategory>) -> Vec<&StoredCategory> {
    let mut sorted: Vec<&StoredCategory> = all.values().collect();
    sorted.sort_by_key(|one| std::cmp::Reverse((one.input.position, &one.input.name)));
    let mut open: Vec<&StoredCategory> = sorted.iter().copied().filter(|one| one.input.parent.is_none()).collect();
    let mut read = Vec::with_capacity(sorted.len());
    while let Some(next) = open.pop() {
        read.push(next);
        open.extend(sorted.iter().copied().filter(|one| one.input.parent.as_ref() == Some(&next.input.slug)));
    }
    read
}

/// Makes a category. Without a slug it gets one from its name; without a place it comes last.
#[utoipa::path(post, path = "/api/admin/categories", request_body = CategoryChange,
    responses((status = 201, body = StaffCategory), Refused), tag = "categories")]
pub async fn create(State(app): State<Shop>, member: Member, Body(patch): Body<CategoryPatch>) -> Answer {
    if patch.version.is_some() {
        return Err(Error::field("version", "is not a field of a new category").into());
    }
    let saved = edit_category::create(&app, &patch, &member.actor()).await?;
    Ok((StatusCode::CREATED, Json(StaffCategory::of(&saved, 0))).into_response())
}

/// Renames, moves or describes a category. 409 `version_conflict` carries it as it is now as `current`.
#[utoipa::path(patch, path = "/api/admin/categories/{id}", params(("id" = String, Path)), request_body = CategoryChange,
    responses((status = 200, body = StaffCategory), Refused), tag = "categories")]
pub async fn change(
    State(app): State<Shop>,
    member: Member,
    Ids(id): Ids<CategoryId>,
    Body(patch): Body<CategoryPatch>,
) -> Answer {
    let version = patch.version.ok_or_else(|| Error::field("version", "is required"))?;
    let outcome = edit_category::save(&app, id, version, &patch, &member.actor()).await?;
    let products = categories::products_in(&mut app.db.read().await?, id).await?;
    match outcome {
        Outcome::Saved(saved) => Ok(Json(StaffCategory::of(&saved, products)).into_response()),
        Outcome::Conflict(current) => {
            let extra = json!({ "version": current.version, "current": StaffCategory::of(&current, products) });
            let detail = "Somebody else changed this category meanwhile. Look at `current` and send the change again.";
            let extra = extra.as_object().cloned().unwrap_or_else(Map::new);
            Err(Error::Rows { code: "version_conflict", detail, errors: vec![], extra }.into())
        }
    }
}

/// Deletes a category that is empty; with `contents=parent` what is in it moves to what it stands under.
#[utoipa::path(delete, path = "/api/admin/categories/{id}",
    params(("id" = String, Path), ("contents" = Option<String>, Query, description = "parent")),
    responses((status = 204), Refused), tag = "categories")]
pub async fn delete(
    State(app): State<Shop>,
    member: Member,
    Ids(id): Ids<CategoryId>,
    Params(params): Params<DeleteParams>,
) -> Answer {
    let contents = match params.contents.as_deref() {
        None => Contents::None,
        Some("parent") => Contents::ToParent,
        Some(_) => return Err(Error::field("contents", "has to be parent").into()),
    };
    edit_category::delete(&app, id, contents, &member.actor()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

impl StaffCategory {
    fn of(stored: &StoredCategory, products: i64) -> Self {
        let StoredCategory { id, version, input } = stored.clone();
        Self {
            id: id.to_string(),
            version,
            slug: input.slug,
            old_slugs: input.old_slugs,
            name: input.name,
            parent: input.parent,
            description: input.description,
            image: input.image,
            position: input.position,
            products,
        }
    }
}
