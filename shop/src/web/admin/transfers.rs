//! Import and export: files that come in, looked at before they are taken, and files that go out.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use commerce::ids::ImportId;

use super::errors::AdminError;
use super::page::{Head, render, see};
use super::views::Section;
use super::views::transfers::{ImportPage, ImportRowView, ImportSummary, TallyView, TransfersPage};
use crate::app::{App, Shop};
use crate::error::{Error, Result};
use crate::flows::transfers;
use crate::import::Tally;
use crate::store::imports::{self, Import, Phase};
use crate::web::access::Member;
use crate::web::api::admin::transfers::{Asked, ROWS, error_file, export_file, incoming};
use crate::web::params;

type Id = Result<Path<ImportId>, PathRejection>;

/// Imports on the first page.
const LATEST: i64 = 20;

/// `GET /admin/transfers`
pub async fn show(State(app): State<Shop>, member: Member, uri: Uri) -> Result<Response, AdminError> {
    draw(&app, &member, &uri, StatusCode::OK, None).await
}

/// `POST /admin/transfers/imports`
pub async fn upload(State(app): State<Shop>, member: Member, request: Request) -> Result<Response, AdminError> {
    let uri = request.uri().clone();
    let kept = match incoming(request).await {
        Ok(upload) => transfers::upload(&app, upload, &member.actor()).await,
        Err(error) => Err(error),
    };
    match kept {
        Ok(id) => Ok(see(&path(id))),
        Err(Error::Unknown(error)) => {
            draw(&app, &member, &uri, StatusCode::UNPROCESSABLE_ENTITY, Some(error.message)).await
        }
        Err(Error::Invalid(errors)) => {
            let why = errors.into_iter().map(|error| error.message).next();
            draw(&app, &member, &uri, StatusCode::UNPROCESSABLE_ENTITY, why).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /admin/transfers/imports/{id}`
pub async fn import(State(app): State<Shop>, member: Member, id: Id, uri: Uri) -> Result<Response, AdminError> {
    let id = known(id)?;
    let asked = Asked::read(&uri)?;
    let mut conn = app.db.read().await?;
    let import = imports::load(&mut conn, id).await?;
    let phase = import.phase();
    let total = imports::count_rows(&mut conn, id, phase, asked.problems).await?;
    let rows = imports::rows(&mut conn, id, phase, asked.problems, ROWS, (asked.page - 1) * ROWS).await?;
    drop(conn);
    let pages = (total + ROWS - 1) / ROWS;
    let at = |page: i64| {
        let problems = if asked.problems { "1" } else { "" };
        let page = if page == 1 { String::new() } else { page.to_string() };
        params::address(&path(id), &[("problems", problems.into()), ("page", page)])
    };
    let view = ImportPage {
        rows: rows
            .into_iter()
            .map(|row| ImportRowView { line: row.line, name: row.name, verdict: row.verdict, message: row.message })
            .collect(),
        total,
        problems_only: asked.problems,
        page: asked.page,
        pages,
        previous_url: (asked.page > 1).then(|| at(asked.page - 1)),
        next_url: (asked.page < pages).then(|| at(asked.page + 1)),
        all_url: path(id),
        problems_url: format!("{}?problems=1", path(id)),
        import: summary(import),
    };
    let head = Head::new(Section::Transfers, view.import.file_name.clone(), &uri);
    render(&app, &member, "transfers/import.html", head, &view)
}

/// `POST /admin/transfers/imports/{id}/begin`
pub async fn begin(State(app): State<Shop>, id: Id) -> Result<Response, AdminError> {
    let id = known(id)?;
    transfers::begin(&app, id).await?;
    Ok(see(&path(id)))
}

/// `POST /admin/transfers/imports/{id}/cancel`
pub async fn cancel(State(app): State<Shop>, id: Id) -> Result<Response, AdminError> {
    let id = known(id)?;
    transfers::cancel(&app, id).await?;
    Ok(see(&path(id)))
}

/// `GET /admin/transfers/imports/{id}/errors`
pub async fn errors(State(app): State<Shop>, id: Id) -> Result<Response, AdminError> {
    Ok(error_file(&app, known(id)?).await?)
}

/// `GET /admin/transfers/exports/{what}`
pub async fn export(
    State(app): State<Shop>,
    what: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> Result<Response, AdminError> {
    let Path(what) = what.map_err(|_| Error::NotFound)?;
    Ok(export_file(&app, &what, &uri).await?)
}

async fn draw(
    app: &App,
    member: &Member,
    uri: &Uri,
    status: StatusCode,
    refused: Option<String>,
) -> Result<Response, AdminError> {
    let latest = imports::latest(&mut app.db.read().await?, LATEST).await?;
    let view = TransfersPage { imports: latest.into_iter().map(summary).collect(), refused };
    let head = Head::new(Section::Transfers, app.admin_theme.text("nav-transfers"), uri).status(status);
    render(app, member, "transfers/transfers.html", head, &view)
}

fn summary(import: Import) -> ImportSummary {
    let counts = import.counts();
    let tally = |Tally { new, changed, unchanged }: Tally| TallyView { new, changed, unchanged };
    ImportSummary {
        url: path(import.id),
        imported: import.phase() == Phase::Import,
        busy: import.state.is_busy(),
        to_write: counts.to_write(),
        through: counts.taken() + counts.skipped,
        // The dry run has seen everything that the import will come to.
        total: (import.phase() == Phase::Import).then(|| import.checked.taken() + import.checked.skipped),
        products: tally(counts.products),
        categories: tally(counts.categories),
        coupons: tally(counts.coupons),
        skipped: counts.skipped,
        warnings: counts.warnings,
        state: import.state.as_str().to_owned(),
        file_name: import.file_name,
        problem: import.problem,
        created_at: import.created_at,
    }
}

fn known(id: Id) -> Result<ImportId> {
    id.map(|Path(id)| id).map_err(|_| Error::NotFound)
}

fn path(id: ImportId) -> String {
    format!("/admin/transfers/imports/{id}")
}
