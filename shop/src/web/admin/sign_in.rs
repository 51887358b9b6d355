//! The way in and the way out.

use axum::extract::State;
use axum::http::header::{RETRY_AFTER, USER_AGENT};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;

use super::errors::AdminError;
use super::page::{Head, render_bare, see};
use super::views::{Section, SignInPage};
use crate::app::Shop;
use crate::error::{Error, Result};
use crate::flows::sign_in::{self, Caller};
use crate::web::access::{self, Member};
use crate::web::params;
use crate::web::storefront::form::Form;
use crate::web::visitor::VisitorAddress;

/// Where staff go who come for nothing in particular.
const START: &str = "/admin";

/// `GET /admin/sign-in`
pub async fn show(State(app): State<Shop>, headers: HeaderMap, uri: Uri) -> Result<Response, AdminError> {
    let pairs = params::pairs(uri.query()).unwrap_or_default();
    let next = pairs.iter().find(|(name, _)| name == "next").map_or(START, |(_, value)| value);
    if access::recognise(&app, &headers).await?.is_some() {
        return Ok(see(inside(next)));
    }
    draw(&app, &uri, StatusCode::OK, SignInPage { next: inside(next).to_owned(), ..SignInPage::default() })
}

/// `POST /admin/sign-in`
pub async fn submit(
    State(app): State<Shop>,
    VisitorAddress(address): VisitorAddress,
    headers: HeaderMap,
    uri: Uri,
    form: Form,
) -> Result<Response, AdminError> {
    let agent = headers.get(USER_AGENT).map(|value| String::from_utf8_lossy(value.as_bytes())).unwrap_or_default();
    let device = access::device(&app.config, &headers);
    let caller = Caller {
        email: form.text("email"),
        password: form.text("password"),
        address: &address,
        device: device.as_deref(),
        agent: &agent,
    };
    let next = inside(form.text("next"));
    let page = SignInPage { email: caller.email.to_owned(), next: next.to_owned(), ..SignInPage::default() };
    match sign_in::browser(&app, &caller).await {
        Ok(pass) => {
            leave_old_session(&app, &headers).await?;
            let mut response = see(next);
            access::keep_session(&app.config, &mut response, &pass.token);
            access::keep_device(&app.config, &mut response, &pass.device);
            Ok(response)
        }
        Err(Error::RateLimited { wait_seconds }) => {
            let page = SignInPage { wait_minutes: Some((wait_seconds + 59) / 60), ..page };
            let mut response = draw(&app, &uri, StatusCode::TOO_MANY_REQUESTS, page)?;
            response.headers_mut().insert(RETRY_AFTER, wait_seconds.into());
            Ok(response)
        }
        Err(error) if error.code() == "invalid_credentials" => {
            let page = SignInPage { error: Some(error.to_string()), ..page };
            draw(&app, &uri, StatusCode::UNPROCESSABLE_ENTITY, page)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /admin/sign-out`
pub async fn sign_out(State(app): State<Shop>, member: Member) -> Result<Response, AdminError> {
    sign_in::sign_out(&app, member.id, member.session).await?;
    let mut response = see("/admin/sign-in");
    access::forget_session(&app.config, &mut response);
    Ok(response)
}

/// A browser holds one session: the one it had before ends with the new one.
async fn leave_old_session(app: &Shop, headers: &HeaderMap) -> Result<()> {
    if let Some(old) = access::recognise(app, headers).await? {
        sign_in::sign_out(app, old.id, old.session).await?;
    }
    Ok(())
}

/// A way that stays within the admin: a link from elsewhere must not lead out through the door.
fn inside(next: &str) -> &str {
    let rest = next.strip_prefix(START);
    let stays = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if stays && plain && !next.contains("//") { next } else { START }
}

fn draw(app: &Shop, uri: &Uri, status: StatusCode, page: SignInPage) -> Result<Response, AdminError> {
    let head = Head::new(Section::None, app.admin_theme.text("sign-in"), uri).status(status);
    render_bare(app, "sign_in.html", head, &page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_on_stays_within_the_admin() {
        for (next, expected) in [
            ("/admin", "/admin"),
            ("/admin/orders?status=open&page=2", "/admin/orders?status=open&page=2"),
            ("", "/admin"),
            ("/", "/admin"),
            ("/administrator", "/admin"),
            ("//evil.example", "/admin"),
            ("/admin//evil.example", "/admin"),
            ("/admin/\\evil.example", "/admin"),
            ("https://evil.example/admin", "/admin"),
            ("/admin/orders\r\nSet-Cookie: a=b", "/admin"),
        ] {
            assert_eq!(inside(next), expected, "{next:?}");
        }
    }
}
