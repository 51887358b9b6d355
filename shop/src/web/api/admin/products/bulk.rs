//! One change to many products, for programs.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use commerce::ids::{BulkRunId, ProductId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::list::filter;
use crate::app::{App, Shop};
use crate::error::{Error, Result};
use crate::flows::bulk_products::{self, BulkChange, MOST_NAMED, Picked, Report};
use crate::store::product_list::Asked;
use crate::web::access::Member;
use crate::web::api::body::{Document, Ids, WithLists};
use crate::web::api::carts::Answer;
use crate::web::api::problem::Refused;

/// Products, and what is done to each: `ids` or `filter`, never both.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkRequest {
    /// These products.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    ids: Option<Vec<ProductId>>,
    /// Every product that the list would show for these.
    #[serde(default)]
    filter: Option<BulkFilter>,
    /// `{"action":"publish"}`, `draft`, `archive`; `{"action":"add_tags","tags":[..]}`, `remove_tags`;
    /// `{"action":"price"}` with one of `set`, `add` (minor units) and `percent` (`"-12.5"`), `rounding` (exact, whole,
    /// ending_99, ending_95), and `compare_at` (keep, former_price, clear) or `compare_at_set`.
    #[schema(value_type = Object)]
    change: BulkChange,
}

/// What products are narrowed by, as in the list.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
pub struct BulkFilter {
    q: Option<String>,
    status: Vec<String>,
    category: Vec<String>,
    stock: Vec<String>,
    min_price: Option<i64>,
    max_price: Option<i64>,
}

impl WithLists for BulkRequest {
    const LISTS: &'static [&'static str] = &["ids", "tags", "status", "category", "stock"];
}

/// How far a change to many products is.
#[derive(Serialize, ToSchema)]
pub struct BulkReport {
    id: String,
    finished: bool,
    total: i64,
    changed: i64,
    /// They were as wanted already.
    unchanged: i64,
    failed: i64,
    /// The first of those that failed.
    failures: Vec<BulkFailure>,
}

/// A product that could not be changed.
#[derive(Serialize, ToSchema)]
pub struct BulkFailure {
    product_id: String,
    name: Option<String>,
    /// Why.
    message: String,
}

/// Changes many products, each by itself: one that fails keeps no other back. Up to 200 at once; more are changed by a
/// job, and the answer is 202 with the report so far.
#[utoipa::path(post, path = "/api/admin/products/bulk", request_body = BulkRequest,
    responses((status = 200, body = BulkReport), (status = 202, body = BulkReport), Refused), tag = "products")]
pub async fn begin(State(app): State<Shop>, member: Member, Document(request): Document<BulkRequest>) -> Answer {
    let picked = picked(&app, request.ids, request.filter)?;
    let report = bulk_products::begin(&app, &picked, &request.change, &member.actor()).await?;
    Ok(answer(&report))
}

/// How far a change to many products is.
#[utoipa::path(get, path = "/api/admin/products/bulk/{id}", params(("id" = String, Path)),
    responses((status = 200, body = BulkReport), (status = 202, body = BulkReport), Refused), tag = "products")]
pub async fn report(State(app): State<Shop>, Ids(id): Ids<BulkRunId>) -> Answer {
    Ok(answer(&bulk_products::report(&app, id).await?))
}

fn answer(report: &Report) -> Response {
    let status = if report.progress.is_finished() { StatusCode::OK } else { StatusCode::ACCEPTED };
    (status, Json(BulkReport::of(report))).into_response()
}

fn picked(app: &App, ids: Option<Vec<ProductId>>, by: Option<BulkFilter>) -> Result<Picked> {
    match (ids, by) {
        (Some(ids), None) if ids.is_empty() => Err(Error::field("ids", "Name at least one product.")),
        (Some(ids), None) if ids.len() > MOST_NAMED => {
            Err(Error::field("ids", format!("Name at most {MOST_NAMED} products, or give a filter.")))
        }
        (Some(ids), None) => Ok(Picked::These(ids)),
        (None, Some(by)) => {
            let mut asked = Asked { min_price: by.min_price, max_price: by.max_price, q: by.q, ..Asked::default() };
            for (name, values) in [("status", by.status), ("category", by.category), ("stock", by.stock)] {
                for value in values {
                    filter(app, &mut asked, name, value)?;
                }
            }
            Ok(Picked::Matching(Box::new(asked)))
        }
        _ => Err(Error::field("ids", "Give either ids or a filter.")),
    }
}

impl BulkReport {
    fn of(report: &Report) -> Self {
        let progress = report.progress;
        let failures = report.failures.iter().map(|failure| BulkFailure {
            product_id: failure.product_id.to_string(),
            name: failure.name.clone(),
            message: failure.message.clone(),
        });
        Self {
            id: report.id.to_string(),
            finished: progress.is_finished(),
            total: progress.total,
            changed: progress.changed,
            unchanged: progress.unchanged,
            failed: progress.failed,
            failures: failures.collect(),
        }
    }
}
