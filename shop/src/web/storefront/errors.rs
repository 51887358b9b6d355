//! Errors as pages. A handler answers a [`PageError`]; [`render`], around all routes, draws the page of it.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::cards;
use super::shell::{PageMeta, render as render_page};
use super::views::{ErrorPage, NotFoundPage};
use crate::app::{App, Shop};
use crate::error::{Error, Problem, Result};
use crate::web::admin;

/// An error of a page.
#[derive(Debug)]
pub struct PageError(pub Error);

impl<E: Into<Error>> From<E> for PageError {
    fn from(error: E) -> Self {
        PageError(error.into())
    }
}

impl IntoResponse for PageError {
    /// The status, and the problem for [`render`] to draw: only there the theme is at hand.
    fn into_response(self) -> Response {
        if matches!(self.0.code(), "internal" | "unavailable") {
            tracing::error!(error = %self.0, "a page could not be answered");
        }
        let problem = self.0.problem();
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        if let Some(seconds) = problem.retry_after {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(Arc::new(problem));
        response
    }
}

/// Draws the page of an error. Goes around the routes and whatever may refuse before them.
pub async fn render(State(app): State<Shop>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().remove::<Arc<Problem>>() {
        let body = draw(&app, &problem, &path, response.headers()).unwrap_or_else(|error| {
            tracing::error!(%error, "the page of an error could not be drawn");
            plain(&problem)
        });
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.remove(CONTENT_LENGTH);
        *response.body_mut() = Body::from(body);
    }
    response
}

fn draw(app: &App, problem: &Problem, path: &str, headers: &HeaderMap) -> Result<String> {
    let request_id = headers.get("x-request-id").and_then(|value| value.to_str().ok().map(str::to_owned));
    let request_id = request_id.or_else(crate::web::middleware::request_id).unwrap_or_default();
    if path == "/admin" || path.starts_with("/admin/") {
        return admin::errors::page(app, problem, path, request_id);
    }
    if problem.status == 404 {
        let catalog = app.catalog.load();
        let view = NotFoundPage {
            picture: None,
            suggestions: cards::suggestions(&catalog),
            popular: cards::popular(&catalog),
        };
        let title = app.theme.text("not-found-title");
        return render_page(app, "storefront/not_found.html", PageMeta::private(title, path), &view);
    }
    let seconds = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let view = ErrorPage { status: problem.status, message: message(problem), request_id, retry_after: seconds };
    render_page(app, "storefront/error.html", PageMeta::private(problem.title, path), &view)
}

/// What the theme has no words for: why exactly this request was refused.
fn message(problem: &Problem) -> Option<String> {
    match problem.errors.first() {
        Some(error) => Some(format!("{}: {}", error.field, error.message)),
        None if (400..500).contains(&problem.status) => Some(problem.detail.clone()),
        None => None,
    }
}

/// When not even the theme works.
fn plain(problem: &Problem) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{0}</title><h1>{0}</h1></html>",
        problem.title
    )
}
