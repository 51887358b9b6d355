//! How a page of the admin is drawn: the shell, the view and the template, in one answer that nobody keeps.
//!
//! After a write, answer [`done`]: it leads to a page and has it say what was done. A form that was refused is drawn again
//! with [`Head::status`] 422 and its messages.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::errors::AdminError;
use super::views::{AdminShell, MemberInfo, Section};
use crate::app::App;
use crate::error::Result;
use crate::web::access::Member;
use crate::web::params;

/// What a page says about itself.
#[derive(Clone, Debug)]
pub struct Head {
    /// Without the shop's name.
    pub title: String,
    /// The part of the admin it is in.
    pub section: Section,
    /// Path and query of the request.
    pub path: String,
    /// What was just done: names the text `said-{said}`.
    pub said: Option<String>,
    /// 200, or why a form came back.
    pub status: StatusCode,
}

impl Head {
    /// A page at the address of its request. `?said=order-shipped` is what was just done.
    pub fn new(section: Section, title: impl Into<String>, uri: &Uri) -> Self {
        let path = uri.path_and_query().map_or_else(|| uri.path().to_owned(), ToString::to_string);
        let pairs = params::pairs(uri.query()).unwrap_or_default();
        let said = pairs.into_iter().find(|(name, _)| name == "said").map(|(_, value)| value);
        Self { title: title.into(), section, path, said, status: StatusCode::OK }
    }

    /// The same page with another status.
    pub fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }
}

/// What every template gets beside its view. The filters for amounts and times read `shop`, `time_zone` and `now`.
#[derive(Serialize)]
struct Context<'a, V> {
    shop: Locale<'a>,
    time_zone: &'a str,
    now: chrono::DateTime<chrono::Utc>,
    shell: AdminShell,
    #[serde(flatten)]
    view: &'a V,
}

#[derive(Serialize)]
struct Locale<'a> {
    name: &'a str,
    locale: &'a str,
    currency: &'a str,
}

/// Renders a page for a member of staff.
pub fn render<V: Serialize>(
    app: &App,
    viewer: &Member,
    template: &str,
    head: Head,
    view: &V,
) -> Result<Response, AdminError> {
    answer(app, Some(viewer), template, head, view)
}

/// Renders a page that needs nobody signed in: the way in itself, or an error.
pub fn render_bare<V: Serialize>(app: &App, template: &str, head: Head, view: &V) -> Result<Response, AdminError> {
    answer(app, None, template, head, view)
}

fn answer<V: Serialize>(
    app: &App,
    viewer: Option<&Member>,
    template: &str,
    head: Head,
    view: &V,
) -> Result<Response, AdminError> {
    let status = head.status;
    let body = draw(app, viewer, template, head, view)?;
    Ok((status, [(CONTENT_TYPE, "text/html; charset=utf-8")], Body::from(body)).into_response())
}

/// The text of a page.
pub fn draw<V: Serialize>(app: &App, viewer: Option<&Member>, template: &str, head: Head, view: &V) -> Result<String> {
    let settings = app.shop.load();
    let context = Context {
        shop: Locale { name: &settings.name, locale: &settings.locale, currency: settings.currency.code() },
        time_zone: &settings.time_zone,
        now: app.clock.now(),
        shell: shell(app, viewer, head, &settings.name, settings.demo),
        view,
    };
    app.admin_theme.render(template, &context)
}

fn shell(app: &App, viewer: Option<&Member>, head: Head, shop: &str, demo: bool) -> AdminShell {
    // A text that is not there would stop the page, and the address can say anything.
    let said = head.said.map(|said| format!("said-{said}")).filter(|key| app.admin_theme.has_text(key));
    AdminShell {
        shop: shop.to_owned(),
        demo,
        member: viewer.map(|viewer| MemberInfo {
            name: viewer.name.clone(),
            initials: initials(&viewer.name),
            email: viewer.email.clone(),
            role: viewer.role.as_str().to_owned(),
        }),
        csrf: viewer.map(|viewer| viewer.csrf.clone()).unwrap_or_default(),
        section: head.section,
        title: head.title,
        path: head.path,
        said,
        to_ship: viewer.and_then(|viewer| viewer.to_ship),
        low_stock: viewer.map(|_| app.catalog.load().low_count() as i64),
    }
}

/// Leads to a page after something was done, and has it say so: `done("/admin/orders", "order-shipped")`.
pub fn done(path: &str, said: &str) -> Response {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut pairs = params::pairs(Some(query)).unwrap_or_default();
    pairs.retain(|(name, _)| name != "said");
    pairs.push(("said".to_owned(), said.to_owned()));
    let pairs: Vec<(&str, String)> = pairs.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    see(&params::address(path, &pairs))
}

/// Leads to another page.
pub fn see(path: &str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, path.to_owned())]).into_response()
}

/// Two letters for a person: of the first and the last word of their name.
fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let ends = match words.as_slice() {
        [] => vec![],
        [one] => vec![*one],
        [first, .., last] => vec![*first, *last],
    };
    ends.iter().filter_map(|word| word.chars().next()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_have_two_letters_at_most() {
        let cases = [("Ines Maes", "IM"), ("Noor el Amrani", "NA"), ("élise", "É"), ("", "")];
        for (name, letters) in cases {
            assert_eq!(initials(name), letters, "{name}");
        }
    }

    #[test]
    fn what_was_done_is_said_once() {
        let response = done("/admin/orders?q=a%26b&said=old", "order-shipped");
        assert_eq!(response.headers()[LOCATION], "/admin/orders?q=a%26b&said=order-shipped");
    }
}
