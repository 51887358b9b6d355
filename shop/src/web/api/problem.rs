//! Errors as `application/problem+json` (RFC 9457).

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use commerce::error::FieldError;
use utoipa::{IntoResponses, ToSchema};

use crate::error::Error;
use crate::web::middleware::request_id;

/// An error on its way out of the API.
#[derive(Debug)]
pub struct ApiError(pub Error);

impl<E: Into<Error>> From<E> for ApiError {
    fn from(error: E) -> Self {
        ApiError(error.into())
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if self.0.code() == "internal" {
            tracing::error!(error = %self.0, "a request failed");
        }
        let problem = self.0.problem();
        let mut document = problem.to_json();
        if let (Some(id), Some(members)) = (request_id(), document.as_object_mut()) {
            members.insert("request_id".into(), id.into());
        }
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, document.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = problem.retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// The document of every error.
#[derive(ToSchema)]
#[schema(as = Problem)]
#[expect(dead_code, reason = "it describes what `Problem::to_json` writes")]
pub struct ProblemDocument {
    /// A name for this sort of problem.
    #[schema(rename = "type")]
    kind: String,
    /// The same for every problem of this code.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What happened and what to do.
    detail: String,
    /// Stable, snake_case.
    code: String,
    /// The fields to mend, each with `field` and `message`.
    #[schema(value_type = Option<Vec<FieldProblem>>)]
    errors: Option<Vec<FieldError>>,
    /// To be named when asking for help.
    request_id: Option<String>,
}

/// What any route answers instead, for its description.
#[derive(IntoResponses)]
pub enum Refused {
    /// It can't be done as asked; `code` and `detail` say why, `errors` which fields to mend.
    #[response(status = "4XX", content_type = "application/problem+json")]
    AsAsked(ProblemDocument),
    /// It can't be done now, through no fault of the caller.
    #[response(status = "5XX", content_type = "application/problem+json")]
    Now(ProblemDocument),
}

/// A field to mend.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes commerce's FieldError")]
pub struct FieldProblem {
    /// The path of the field.
    field: String,
    /// What to do.
    message: String,
}
