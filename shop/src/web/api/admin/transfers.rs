//! Catalogs brought in as files; catalog, orders and customers taken out.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use commerce::ids::ImportId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::{App, Shop};
use crate::error::{Error, Result};
use crate::export::{CatalogFormat, What};
use crate::flows::transfers::{self, Upload};
use crate::import::{Format, Tally};
use crate::store::imports::{self, Counts, Import, ImportRow};
use crate::store::order_export::Period;
use crate::web::access::Member;
use crate::web::api::body::Ids;
use crate::web::api::carts::Answer;
use crate::web::api::problem::Refused;
use crate::web::download::download;
use crate::web::params;

/// The most bytes of a file with what a form puts around it.
pub const MOST_BYTES: usize = transfers::MOST_BYTES + 64 * 1024;
/// Rows a page.
pub const ROWS: i64 = 100;

/// How many things of one kind came to what.
#[derive(Serialize, ToSchema)]
pub struct TallyDocument {
    new: u64,
    changed: u64,
    unchanged: u64,
}

/// What a pass over a file came to.
#[derive(Serialize, ToSchema)]
pub struct CountsDocument {
    products: TallyDocument,
    categories: TallyDocument,
    coupons: TallyDocument,
    skipped: u64,
    warnings: u64,
}

/// What became of one thing in the file.
#[derive(Serialize, ToSchema)]
pub struct ImportRowDocument {
    /// null is the whole file
    line: Option<i64>,
    /// The slug or code.
    name: String,
    /// new, changed, unchanged, warning or skipped
    verdict: String,
    message: String,
}

/// An import: what its file would do, or did.
#[derive(Serialize, ToSchema)]
#[schema(as = Import)]
pub struct ImportDocument {
    id: String,
    file_name: String,
    bytes: i64,
    /// checking, checked, importing, done, canceled or failed
    state: String,
    /// Why it failed.
    problem: Option<String>,
    /// What the dry run found.
    checked: CountsDocument,
    /// What the import did.
    imported: CountsDocument,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    /// What became of each thing, a page at a time.
    rows: Vec<ImportRowDocument>,
    rows_total: i64,
}

/// Takes a catalog as the body itself or as the part `file` of a form: Shopify CSV, JSON lines or Icecat, packed with gzip
/// or not, up to 64 MB. It is looked at first; nothing is written until it is begun.
#[utoipa::path(post, path = "/api/admin/imports", request_body(content = Vec<u8>, content_type = "text/csv"),
    params(("format" = Option<String>, Query, description = "shopify, lines or icecat; told from name and content when missing"),
        ("name" = Option<String>, Query, description = "What the file is called")),
    responses((status = 202, body = ImportDocument), Refused), tag = "transfers")]
pub async fn upload(State(app): State<Shop>, member: Member, request: Request) -> Answer {
    let upload = incoming(request).await?;
    let id = transfers::upload(&app, upload, &member.actor()).await?;
    let document = document(&app, id, false, 1).await?;
    Ok((StatusCode::ACCEPTED, [(LOCATION, format!("/api/admin/imports/{id}"))], Json(document)).into_response())
}

/// An import and what became of each thing in its file.
#[utoipa::path(get, path = "/api/admin/imports/{id}",
    params(("id" = String, Path), ("problems" = Option<bool>, Query, description = "Only what has a problem"),
        ("page" = Option<i64>, Query, minimum = 1, description = "Pages of 100 rows")),
    responses((status = 200, body = ImportDocument), Refused), tag = "transfers")]
pub async fn read(State(app): State<Shop>, Ids(id): Ids<ImportId>, uri: Uri) -> Answer {
    let asked = Asked::read(&uri)?;
    Ok(Json(document(&app, id, asked.problems, asked.page).await?).into_response())
}

/// Lets an import that was looked at begin.
#[utoipa::path(post, path = "/api/admin/imports/{id}/begin", params(("id" = String, Path)),
    responses((status = 202, body = ImportDocument), Refused), tag = "transfers")]
pub async fn begin(State(app): State<Shop>, Ids(id): Ids<ImportId>) -> Answer {
    transfers::begin(&app, id).await?;
    Ok((StatusCode::ACCEPTED, Json(document(&app, id, false, 1).await?)).into_response())
}

/// Stops an import. What was taken in by now stays.
#[utoipa::path(post, path = "/api/admin/imports/{id}/cancel", params(("id" = String, Path)),
    responses((status = 200, body = ImportDocument), Refused), tag = "transfers")]
pub async fn cancel(State(app): State<Shop>, Ids(id): Ids<ImportId>) -> Answer {
    transfers::cancel(&app, id).await?;
    Ok(Json(document(&app, id, false, 1).await?).into_response())
}

/// What was not taken, in the format of the file, each with why: to be mended and uploaded again.
#[utoipa::path(get, path = "/api/admin/imports/{id}/errors", params(("id" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "text/csv"), Refused), tag = "transfers")]
pub async fn errors(State(app): State<Shop>, Ids(id): Ids<ImportId>) -> Answer {
    Ok(error_file(&app, id).await?)
}

/// The catalog (JSON lines, or products as CSV), the orders of a time or the customers (CSV) as a file.
#[utoipa::path(get, path = "/api/admin/exports/{what}",
    params(("what" = String, Path, description = "catalog, orders or customers"),
        ("format" = Option<String>, Query, description = "Of a catalog: lines or csv"),
        ("from" = Option<String>, Query, description = "Of orders: the first day, in UTC"),
        ("to" = Option<String>, Query, description = "Of orders: the last day, in UTC")),
    responses((status = 200, body = Vec<u8>, content_type = "text/csv"), Refused), tag = "transfers")]
pub async fn export(State(app): State<Shop>, what: Result<Path<String>, PathRejection>, uri: Uri) -> Answer {
    let Path(what) = what.map_err(|_| Error::NotFound)?;
    Ok(export_file(&app, &what, &uri).await?)
}

/// The file that a request brings, and what it says about it.
pub async fn incoming(request: Request) -> Result<Upload> {
    let unreadable = || Error::Malformed("The file could not be read to its end.".into());
    let mut upload = Upload { file_name: String::new(), format: None, bytes: Bytes::new() };
    for (name, value) in params::pairs(request.uri().query())? {
        match name.as_str() {
            "format" => upload.format = format(&value)?,
            "name" => upload.file_name = value,
            _ => {}
        }
    }
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !content_type.to_ascii_lowercase().starts_with("multipart/form-data") {
        upload.bytes = Bytes::from_request(request, &()).await.map_err(|_| unreadable())?;
        return Ok(upload);
    }
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| unreadable())?;
    while let Some(part) = form.next_field().await.map_err(|_| unreadable())? {
        match part.name() {
            Some("file") => {
                upload.file_name = part.file_name().unwrap_or_default().to_owned();
                upload.bytes = part.bytes().await.map_err(|_| unreadable())?;
            }
            Some("format") => upload.format = format(&part.text().await.map_err(|_| unreadable())?)?,
            _ => {}
        }
    }
    Ok(upload)
}

fn format(name: &str) -> Result<Option<Format>> {
    match name {
        "" | "detect" => Ok(None),
        name => name.parse().map(Some).map_err(|problem| Error::field("format", problem)),
    }
}

/// The error file of an import as an answer.
pub async fn error_file(app: &App, id: ImportId) -> Result<Response> {
    let import = imports::load(&mut app.db.read().await?, id).await?;
    let (file, format) = transfers::errors(app, &import).await?;
    Ok(match format {
        Format::Shopify => download(file, "not-imported.csv", CSV),
        Format::Lines | Format::Icecat => download(file, "not-imported.jsonl", JSON_LINES),
    })
}

const CSV: &str = "text/csv; charset=utf-8";
const JSON_LINES: &str = "application/x-ndjson; charset=utf-8";

/// An export as an answer.
pub async fn export_file(app: &App, what: &str, uri: &Uri) -> Result<Response> {
    let asked = params::pairs(uri.query())?;
    let text = |name: &str| asked.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str());
    let day = |name: &str| match text(name) {
        "" => Ok(None),
        day => day.parse::<NaiveDate>().map(Some).map_err(|_| Error::field(name, "Write a day as 2026-12-31.")),
    };
    let what = match what {
        "catalog" => {
            let format = if text("format").is_empty() { "lines" } else { text("format") };
            What::Catalog(format.parse().map_err(|problem: String| Error::field("format", problem))?)
        }
        "orders" => What::Orders(Period::days(day("from")?, day("to")?)),
        "customers" => What::Customers,
        _ => return Err(Error::NotFound),
    };
    let media_type = if matches!(what, What::Catalog(CatalogFormat::Lines)) { JSON_LINES } else { CSV };
    Ok(download(transfers::export(app, what).await?, what.file_name(), media_type))
}

/// Which rows of an import are asked for.
pub struct Asked {
    /// Only problems.
    pub problems: bool,
    /// From 1.
    pub page: i64,
}

impl Asked {
    /// Reads it from an address.
    pub fn read(uri: &Uri) -> Result<Self> {
        let mut asked = Asked { problems: false, page: 1 };
        for (name, value) in params::pairs(uri.query())? {
            match name.as_str() {
                "problems" => asked.problems = matches!(value.as_str(), "1" | "true"),
                "page" => {
                    let page = value.parse().ok().filter(|page| (1..=1_000_000).contains(page));
                    asked.page = page.ok_or_else(|| Error::field("page", "has to be a whole number from 1"))?;
                }
                _ => {}
            }
        }
        Ok(asked)
    }
}

async fn document(app: &App, id: ImportId, problems: bool, page: i64) -> Result<ImportDocument> {
    let mut conn = app.db.read().await?;
    let import = imports::load(&mut conn, id).await?;
    let rows_total = imports::count_rows(&mut conn, id, import.phase(), problems).await?;
    let rows = imports::rows(&mut conn, id, import.phase(), problems, ROWS, (page - 1) * ROWS).await?;
    Ok(ImportDocument::of(import, rows, rows_total))
}

impl ImportDocument {
    fn of(import: Import, rows: Vec<ImportRow>, rows_total: i64) -> Self {
        let row = |row: ImportRow| {
            let ImportRow { line, name, verdict, message } = row;
            ImportRowDocument { line, name, verdict, message }
        };
        Self {
            id: import.id.to_string(),
            state: import.state.as_str().to_owned(),
            file_name: import.file_name,
            bytes: import.bytes,
            problem: import.problem,
            checked: import.checked.into(),
            imported: import.imported.into(),
            created_at: import.created_at,
            updated_at: import.updated_at,
            rows: rows.into_iter().map(row).collect(),
            rows_total,
        }
    }
}

impl From<Counts> for CountsDocument {
    fn from(counts: Counts) -> Self {
        let tally = |Tally { new, changed, unchanged }: Tally| TallyDocument { new, changed, unchanged };
        Self {
            products: tally(counts.products),
            categories: tally(counts.categories),
            coupons: tally(counts.coupons),
            skipped: counts.skipped,
            warnings: counts.warnings,
        }
    }
}
