//! The legal pages.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::errors::PageError;
use super::respond;
use super::shell::{PageMeta, render};
use super::views::LegalPage;
use crate::app::{App, Shop};
use crate::settings::Legal;
use crate::web::pages::Shown;

/// `GET /terms`
pub async fn terms(State(app): State<Shop>, headers: HeaderMap) -> Result<Response, PageError> {
    legal(&app, &headers, "terms", |texts| &texts.terms_html)
}

/// `GET /privacy`
pub async fn privacy(State(app): State<Shop>, headers: HeaderMap) -> Result<Response, PageError> {
    legal(&app, &headers, "privacy", |texts| &texts.privacy_html)
}

/// `GET /imprint`
pub async fn imprint(State(app): State<Shop>, headers: HeaderMap) -> Result<Response, PageError> {
    legal(&app, &headers, "imprint", |texts| &texts.imprint_html)
}

/// `GET /returns`
pub async fn returns(State(app): State<Shop>, headers: HeaderMap) -> Result<Response, PageError> {
    legal(&app, &headers, "returns", |texts| &texts.returns_html)
}

fn legal(app: &App, headers: &HeaderMap, kind: &str, text: fn(&Legal) -> &String) -> Result<Response, PageError> {
    let html = text(&app.shop.load().legal).clone();
    let path = format!("/{kind}");
    let meta = PageMeta {
        title: app.theme.text(&format!("legal-{kind}")),
        canonical: Some(path.clone()),
        path,
        ..PageMeta::default()
    };
    let view = LegalPage { kind: kind.to_owned(), title: String::new(), html, updated_at: None };
    Ok(respond::page(headers, render(app, "storefront/legal.html", meta, &view)?, Shown::frame()))
}
