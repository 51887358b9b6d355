//! Errors of the admin. A handler answers an [`AdminError`]; the layer around all routes draws its page here, because
//! only there the theme is at hand.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::page::{Head, draw};
use super::views::{ErrorPage, Section};
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::web::storefront::errors::PageError;

/// An error of a page of the admin.
#[derive(Debug)]
pub struct AdminError(pub Error);

impl<E: Into<Error>> From<E> for AdminError {
    fn from(error: E) -> Self {
        AdminError(error.into())
    }
}

impl IntoResponse for AdminError {
    fn into_response(self) -> Response {
        PageError(self.0).into_response()
    }
}

/// The page of an error under `/admin`: what happened, what is safe, what to do.
pub fn page(app: &App, problem: &Problem, path: &str, request_id: String) -> Result<String> {
    let view = ErrorPage {
        status: problem.status,
        message: message(problem),
        request_id,
        retry: matches!(problem.status, 408 | 429 | 500..=599),
    };
    let title = app.admin_theme.text(view.title_key());
    let head = Head {
        title,
        section: Section::None,
        path: path.to_owned(),
        said: None,
        status: StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
    };
    draw_error(app, head, &view)
}

fn draw_error(app: &App, head: Head, view: &impl Serialize) -> Result<String> {
    draw(app, None, "error.html", head, view)
}

/// Why exactly this request was refused; what went wrong inside is nobody's business.
fn message(problem: &Problem) -> Option<String> {
    match problem.errors.first() {
        Some(error) => Some(format!("{}: {}", error.field, error.message)),
        None if problem.status != 404 && problem.status < 500 => Some(problem.detail.clone()),
        None => None,
    }
}
