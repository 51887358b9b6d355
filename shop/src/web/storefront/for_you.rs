//! The row of the front page about what a browser remembers: asked for by those who agreed, kept by nobody.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use commerce::ids::ProductId;

use super::errors::PageError;
use super::form::Form;
use super::shell::{PageMeta, render};
use super::views::home::{ForYouView, Row};
use super::{private, recommended};
use crate::app::Shop;
use crate::web::api::visits::{MOST_RECENT, known};

/// `POST /for-you`: a fragment about the fields `product`, each a slug, the latest first.
pub async fn for_you(State(app): State<Shop>, form: Form) -> Result<Response, PageError> {
    let slugs = form.fields().iter().filter(|(name, _)| name == "product").map(|(_, slug)| slug.clone());
    let slugs: Vec<String> = slugs.take(MOST_RECENT).collect();
    let catalog = app.catalog.load();
    let recent: Vec<ProductId> = known(&catalog, &slugs).map(|entry| entry.product.id).collect();
    let cards = recommended::after(&app, &catalog, &recent);
    let view = ForYouView { row: Row { kind: "for_you".into(), cards, more_url: None } };
    let body = render(&app, "fragments/for_you.html", PageMeta::private("", "/"), &view)?;
    Ok(private::page(StatusCode::OK, body))
}
