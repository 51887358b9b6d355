//! One's own account: the password, and where one is signed in.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use commerce::error::FieldError;
use commerce::ids::{SessionId, StaffId};

use super::errors::AdminError;
use super::page::{Head, done, render};
use super::views::{AccountPage, FieldView, Section, SessionView};
use crate::app::{App, Shop};
use crate::error::{Error, Result};
use crate::flows::{sign_in, staff};
use crate::store::staff_sessions::{self, Listed};
use crate::web::access::Member;
use crate::web::storefront::form::Form;

const PATH: &str = "/admin/account";

/// `GET /admin/account`
pub async fn show(State(app): State<Shop>, member: Member, uri: Uri) -> Result<Response, AdminError> {
    draw(&app, &member, &uri, StatusCode::OK, &[]).await
}

/// `POST /admin/account/password`
pub async fn change_password(
    State(app): State<Shop>,
    member: Member,
    uri: Uri,
    form: Form,
) -> Result<Response, AdminError> {
    let (old, new) = (form.text("old_password"), form.text("password"));
    match staff::change_own_password(&app, member.id, member.session, old, new).await {
        Ok(()) => Ok(done(PATH, "password-changed")),
        Err(Error::Invalid(errors)) => draw(&app, &member, &uri, StatusCode::UNPROCESSABLE_ENTITY, &errors).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /admin/account/sessions/end`
pub async fn end_session(State(app): State<Shop>, member: Member, form: Form) -> Result<Response, AdminError> {
    let session: SessionId = form.text("session").parse().map_err(|_| Error::NotFound)?;
    sign_in::sign_out(&app, member.id, session).await?;
    Ok(done(PATH, "session-ended"))
}

/// `POST /admin/account/sessions/end-others`
pub async fn end_other_sessions(State(app): State<Shop>, member: Member) -> Result<Response, AdminError> {
    sign_in::sign_out_everywhere(&app, member.id, Some(member.session)).await?;
    Ok(done(PATH, "sessions-ended"))
}

async fn draw(
    app: &App,
    member: &Member,
    uri: &Uri,
    status: StatusCode,
    errors: &[FieldError],
) -> Result<Response, AdminError> {
    let view = AccountPage {
        sessions: sessions(app, member.id, Some(member.session)).await?,
        old_password: field("old_password", "", errors),
        password: field("password", "", errors),
    };
    let head = Head::new(Section::Account, app.admin_theme.text("nav-account"), uri).status(status);
    render(app, member, "staff/account.html", head, &view)
}

/// Where somebody is signed in.
pub(super) async fn sessions(app: &App, of: StaffId, here: Option<SessionId>) -> Result<Vec<SessionView>> {
    let found = staff_sessions::of(&mut app.db.read().await?, of, app.clock.now()).await?;
    let view = |one: Listed| SessionView {
        current: here.is_some_and(|here| here.0 == one.id),
        id: one.id.to_string(),
        agent: known_agent(&one.agent),
        program: one.kind == "program",
        created_at: one.created_at,
        seen_at: one.seen_at,
    };
    Ok(found.into_iter().map(view).collect())
}

/// A field with what is wrong with it.
pub(super) fn field(name: &str, value: &str, errors: &[FieldError]) -> FieldView {
    let error = errors.iter().find(|error| error.field == name).map(|error| error.message.clone());
    FieldView { name: name.to_owned(), value: value.to_owned(), error, options: vec![] }
}

/// The browser and the system that an agent names, where they are the usual ones; else its own first word.
fn known_agent(agent: &str) -> String {
    // Each of them also calls itself like those after it.
    const BROWSERS: &[(&str, &str)] =
        &[("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    const SYSTEMS: &[(&str, &str)] = &[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let find =
        |table: &[(&str, &'static str)]| table.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    match (find(BROWSERS), find(SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => agent.split([' ', '/']).next().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_called_by_its_name() {
        let cases = [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Version/17.5 Safari/605.1.15", "Safari, macOS"),
            ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge, Windows"),
            ("stock-sync/2.1", "stock-sync"),
            ("", ""),
        ];
        for (agent, name) in cases {
            assert_eq!(known_agent(agent), name, "{agent}");
        }
    }
}
