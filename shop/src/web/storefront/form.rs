//! A posted form. Its fields are texts and nothing more: what is wrong in one is told beside it by whoever reads it.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use percent_encoding::percent_decode_str;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::errors::PageError;
use crate::app::App;
use crate::error::{Error, Result};

/// More fields than any form of the shop has.
const MOST_FIELDS: usize = 300;

/// The fields of a form, in the order of the page.
#[derive(Clone, Debug, Default)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// What was typed into a field; empty when it is not there.
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value)
    }

    /// Whether a box was ticked.
    pub fn is_ticked(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// A whole number that the page itself put in.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.text(name).parse().ok()
    }

    /// All fields.
    pub fn fields(&self) -> &[(String, String)] {
        &self.0
    }

    /// Reads `name=value&...`. What is no text is refused.
    fn read(body: &[u8]) -> Result<Self> {
        let body = std::str::from_utf8(body).map_err(|_| no_text("The form"))?;
        let parts = body.split('&').filter(|part| !part.is_empty());
        if parts.clone().count() > MOST_FIELDS {
            return Err(Error::Malformed(format!("A form has at most {MOST_FIELDS} fields.")));
        }
        let field = |part: &str| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let name = decode(name).ok_or_else(|| no_text("The name of a field"))?;
            let value = decode(value).ok_or_else(|| no_text(&name))?;
            Ok((name, value))
        };
        parts.map(field).collect::<Result<_>>().map(Form)
    }
}

/// The token that a form of the shop carries, so that no other page can send it: for a cart or a payment.
pub fn token(app: &App, of: Uuid) -> String {
    app.secret.digest("form-token", &[of.as_bytes()])
}

/// Whether a form carries the token for a cart or a payment.
pub fn has_token(app: &App, form: &Form, of: Uuid) -> bool {
    token(app, of).as_bytes().ct_eq(form.text("form_token").as_bytes()).into()
}

fn no_text(what: &str) -> Error {
    Error::Malformed(format!("{what} is not text that can be read."))
}

/// The text of a part, or `None` where it is not UTF-8 or has a NUL in it, which no database keeps.
fn decode(part: &str) -> Option<String> {
    let spaced = part.replace('+', " ");
    let text = percent_decode_str(&spaced).decode_utf8().ok()?;
    (!text.contains('\0')).then(|| text.into_owned())
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let is_form = media_type.starts_with("application/x-www-form-urlencoded");
        // The body is read even when it is of no use: what is left of it would end the connection.
        let body = Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Error::Code("body_too_large", "The form is too large.".into()),
            _ => Error::Malformed("The form did not arrive whole.".into()),
        })?;
        if !is_form {
            return Err(Error::Malformed("A form is sent as application/x-www-form-urlencoded.".into()).into());
        }
        Ok(Self::read(&body)?)
    }
}

#[cfg(test)]
impl Form {
    /// A form for tests.
    pub(super) fn of(fields: &[(&str, &str)]) -> Self {
        Form(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_decoded() {
        let form = Form::read(b"option.Colour=Oak+%26+ink&quantity=2&&empty=&name=In%C3%A8s").expect("is a form");
        assert_eq!(form.text("option.Colour"), "Oak & ink");
        assert_eq!(form.number("quantity"), Some(2));
        assert_eq!(form.text("name"), "Inès");
        assert_eq!(form.text("missing"), "");
        assert!(!form.is_ticked("empty"));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for body in [&b"name=%FF"[..], b"name=a%00b", b"%FF=1", b"name=\xff"] {
            assert!(matches!(Form::read(body), Err(Error::Malformed(_))), "{body:?}");
        }
    }
}
