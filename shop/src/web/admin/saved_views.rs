//! Saving and deleting views of lists.

use axum::extract::{Path, State};
use axum::response::Response;
use uuid::Uuid;

use super::errors::AdminError;
use super::page::done;
use crate::app::Shop;
use crate::error::Error;
use crate::flows::saved_views::{self, NewView};
use crate::web::access::Member;
use crate::web::storefront::form::Form;

/// `POST /admin/views`
pub async fn save(State(app): State<Shop>, member: Member, form: Form) -> Result<Response, AdminError> {
    let new = NewView {
        list: form.text("list"),
        name: form.text("name"),
        query: form.text("query"),
        shared: form.is_ticked("shared"),
    };
    let view = saved_views::save(&app, new, member.id).await?;
    Ok(done(&format!("{}?view={}", list_path(&form), view.id), "view-saved"))
}

/// `POST /admin/views/{id}/delete`
pub async fn delete(
    State(app): State<Shop>,
    member: Member,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, AdminError> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    saved_views::delete(&app, id, member.id).await?;
    Ok(done(list_path(&form), "view-deleted"))
}

/// The list that the form stood on; nowhere but in the admin.
fn list_path(form: &Form) -> &str {
    let path = form.text("path");
    let plain = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '/' | '-' | '_');
    if path.starts_with("/admin/") && path.chars().all(plain) { path } else { "/admin" }
}
