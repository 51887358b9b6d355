//! The cookies of staff: the session, and the mark by which a browser is known again at the door.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;

use crate::config::Config;

/// Seconds that a session's cookie lasts: as long as a session can.
const SESSION_LIFE: u32 = 30 * 24 * 60 * 60;
/// Seconds that a browser is known again.
const DEVICE_LIFE: u32 = 365 * 24 * 60 * 60;

/// The token of the session that the browser holds.
pub fn session(config: &Config, headers: &HeaderMap) -> Option<String> {
    find(headers, name(config, "staff"))
}

/// What the browser was given when somebody signed in with it before.
pub fn device(config: &Config, headers: &HeaderMap) -> Option<String> {
    find(headers, name(config, "device"))
}

/// Hands the browser its session.
pub fn keep_session(config: &Config, response: &mut Response, token: &str) {
    set(config, response, name(config, "staff"), token, SESSION_LIFE);
}

/// Takes the session away from the browser.
pub fn forget_session(config: &Config, response: &mut Response) {
    set(config, response, name(config, "staff"), "", 0);
}

/// Hands the browser the mark by which it is known again.
pub fn keep_device(config: &Config, response: &mut Response, mark: &str) {
    set(config, response, name(config, "device"), mark, DEVICE_LIFE);
}

/// Over TLS the prefix keeps other hosts of the domain from setting it.
fn name(config: &Config, what: &'static str) -> &'static str {
    match (config.is_tls(), what) {
        (true, "staff") => "__Host-oxcart_staff",
        (true, _) => "__Host-oxcart_device",
        (false, "staff") => "oxcart_staff",
        (false, _) => "oxcart_device",
    }
}

fn find(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(own, value)| *own == name && !value.is_empty()).map(|(_, value)| value.to_owned())
}

fn set(config: &Config, response: &mut Response, name: &str, value: &str, life: u32) {
    let secure = if config.is_tls() { "; Secure" } else { "" };
    let line = format!("{name}={value}; HttpOnly; Path=/; Max-Age={life}; SameSite=Lax{secure}");
    let value = HeaderValue::from_str(&line).expect("tokens and digests are plain ASCII");
    response.headers_mut().append(SET_COOKIE, value);
}
