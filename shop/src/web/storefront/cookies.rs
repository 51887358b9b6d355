//! The two cookies of a cart: which one it is, for the server alone, and how much is in it, for the badge in the header.
//! Neither says anything about the person.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use commerce::ids::CartId;

use crate::config::Config;

/// How long a cart waits for its visitor, in seconds: 90 days.
const LIFE: u32 = 90 * 24 * 60 * 60;

/// The cart that the visitor's browser names.
pub fn cart(config: &Config, headers: &HeaderMap) -> Option<CartId> {
    let lines = headers.get_all(COOKIE).iter().map(|line| String::from_utf8_lossy(line.as_bytes()));
    let named = |pair: &str| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == cart_name(config)).then(|| value.parse().ok())?
    };
    lines.into_iter().find_map(|line| line.split(';').find_map(named))
}

/// Names a cart to the visitor's browser.
pub fn keep_cart(config: &Config, response: &mut Response, cart: CartId) {
    set(config, response, &format!("{}={cart}; HttpOnly", cart_name(config)));
}

/// Tells the visitor's browser how many things are in the cart.
pub fn keep_count(config: &Config, response: &mut Response, count: i64) {
    set(config, response, &format!("oxcart_count={count}"));
}

/// Over TLS the prefix keeps other hosts of the domain from setting it.
fn cart_name(config: &Config) -> &'static str {
    if config.is_tls() { "__Host-oxcart_cart" } else { "oxcart_cart" }
}

fn set(config: &Config, response: &mut Response, cookie: &str) {
    let secure = if config.is_tls() { "; Secure" } else { "" };
    let line = format!("{cookie}; Path=/; Max-Age={LIFE}; SameSite=Lax{secure}");
    let value = HeaderValue::from_str(&line).expect("a name, an id or a number is plain ASCII");
    response.headers_mut().append(SET_COOKIE, value);
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;

    use super::*;

    fn config(base_url: &str) -> Config {
        let environment = [("OXCART_BASE_URL".to_owned(), base_url.to_owned())];
        let effective = crate::config::gather(None, &environment).expect("known settings");
        Config::check(&effective).expect("good settings")
    }

    fn cookies(lines: &[&'static [u8]]) -> HeaderMap {
        lines.iter().map(|line| (COOKIE, HeaderValue::from_bytes(line).expect("a header"))).collect()
    }

    #[test]
    fn a_cart_is_found_among_other_cookies() {
        let id = "019369d0-7c00-7000-8000-000000000001";
        let found = |base_url: &str, lines: &[&'static [u8]]| {
            cart(&config(base_url), &cookies(lines)).map(|cart| cart.to_string())
        };
        let plain = b"a=\xff; oxcart_cart=019369d0-7c00-7000-8000-000000000001; b=2";
        let prefixed = b"__Host-oxcart_cart=019369d0-7c00-7000-8000-000000000001";
        assert_eq!(found("http://shop.example", &[b"x=1", plain]).as_deref(), Some(id));
        assert_eq!(found("https://shop.example", &[prefixed]).as_deref(), Some(id));
        assert_eq!(found("https://shop.example", &[plain]), None);
        assert_eq!(found("http://shop.example", &[b"oxcart_cart=1; oxcart_cart"]), None);
    }

    #[test]
    fn over_tls_the_cookies_are_for_this_host_and_tls_alone() {
        let lines = |base_url: &str| -> Vec<String> {
            let mut response = ().into_response();
            keep_cart(&config(base_url), &mut response, CartId(uuid::Uuid::from_u128(1)));
            keep_count(&config(base_url), &mut response, 3);
            let lines = response.headers().get_all(SET_COOKIE).iter();
            lines.map(|line| line.to_str().expect("ASCII").to_owned()).collect()
        };
        assert_eq!(
            lines("http://shop.example"),
            [
                "oxcart_cart=00000000-0000-0000-0000-000000000001; HttpOnly; Path=/; Max-Age=7776000; SameSite=Lax",
                "oxcart_count=3; Path=/; Max-Age=7776000; SameSite=Lax",
            ]
        );
        assert!(lines("https://shop.example")[0].starts_with("__Host-oxcart_cart="));
        assert!(lines("https://shop.example").iter().all(|line| line.ends_with("; Secure")));
    }
}
