//! Which answers may be kept, and the one way in which each of them is asked for. Whatever a page does not read is taken
//! out of the request before the page sees it, so that two requests of one key can't be answered differently.

use std::borrow::Cow;

use crate::web::params;

/// The longest address that is kept, in bytes.
const MOST_BYTES: usize = 512;
/// The most parameters.
const MOST_PAIRS: usize = 16;

/// The parameters of lists, beside those of [`PREFIXES`].
const LIST: &[&str] = &[
    "category",
    "brand",
    "tag",
    "min_price",
    "max_price",
    "in_stock",
    "on_sale",
    "rating",
    "sort",
    "page",
    "per_page",
];
const PREFIXES: &[&str] = &["option.", "attr."];

/// What an address does with its query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Query {
    /// It reads none.
    Unread,
    /// A list for people: spaces around values mean nothing, parameters of others are left out.
    List,
    /// A product, chosen by `variant` and `option.NAME`.
    Choice,
    /// Programs are told what they got wrong, so nothing is left out.
    Strict,
}

/// An answer that may be kept.
#[derive(Debug, PartialEq, Eq)]
pub struct Key<'a> {
    /// The address: the path, and the query in its one spelling.
    pub address: Cow<'a, str>,
    /// The route, as it stands in the table of routes.
    pub route: &'static str,
}

impl<'a> Key<'a> {
    /// The key of an address, if its answer may be kept.
    pub fn of(path: &'a str, query: Option<&str>) -> Option<Self> {
        let (route, reads) = known(path)?;
        let address = match query {
            None | Some("") => Cow::Borrowed(path),
            Some(_) if reads == Query::Unread => Cow::Borrowed(path),
            Some(raw) => Cow::Owned(params::address(path, &spelled(reads, raw)?)),
        };
        (address.len() <= MOST_BYTES).then_some(Self { address, route })
    }
}

/// The route of a path whose answer may be kept, and what it does with its query.
fn known(path: &str) -> Option<(&'static str, Query)> {
    use Query::{List, Strict, Unread};
    // Addresses of ours have nothing to escape; other spellings of them are not worth the room.
    if path.contains('%') {
        return None;
    }
    let exact = match path {
        "/" => ("/", Unread),
        "/products" => ("/products", List),
        "/search" => ("/search", List),
        "/terms" => ("/terms", Unread),
        "/privacy" => ("/privacy", Unread),
        "/imprint" => ("/imprint", Unread),
        "/returns" => ("/returns", Unread),
        "/robots.txt" => ("/robots.txt", Unread),
        "/sitemap.xml" => ("/sitemap.xml", Unread),
        "/api/products" => ("/api/products", Strict),
        "/api/categories" => ("/api/categories", Unread),
        _ => return below(path),
    };
    Some(exact)
}

fn below(path: &str) -> Option<(&'static str, Query)> {
    let families = [
        ("/p/", "/p/{slug}", Query::Choice),
        ("/c/", "/c/{slug}", Query::List),
        ("/sitemap/", "/sitemap/{part}", Query::Unread),
        ("/api/products/", "/api/products/{id}", Query::Unread),
    ];
    let found =
        families.into_iter().find_map(|(prefix, route, query)| Some((path.strip_prefix(prefix)?, route, query)));
    found.filter(|(name, ..)| !name.is_empty() && !name.contains('/')).map(|(_, route, query)| (route, query))
}

/// The parameters that are read, by name; those of one name stay in their order. `None` where the query is no text or
/// too long to be worth the room: then the page itself says what is wrong with it.
fn spelled(reads: Query, raw: &str) -> Option<Vec<(String, String)>> {
    let mut pairs = params::pairs(Some(raw)).ok()?;
    // Words have no end, and what they find follows the index, which comes after the catalog.
    let has_words = pairs.iter().any(|(name, words)| name == "q" && !words.trim().is_empty());
    if has_words && matches!(reads, Query::List | Query::Strict) {
        return None;
    }
    let is_option = |name: &str| PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    match reads {
        Query::Unread => pairs.clear(),
        Query::Choice => pairs.retain(|(name, _)| name == "variant" || name.starts_with("option.")),
        Query::List => {
            pairs.retain(|(name, _)| LIST.contains(&name.as_str()) || is_option(name));
            pairs.iter_mut().for_each(|(_, value)| *value = value.trim().to_owned());
        }
        // An address leaves empty values out, and to a program they are mistakes.
        Query::Strict if pairs.iter().any(|(_, value)| value.is_empty()) => return None,
        Query::Strict => {}
    }
    pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
    (pairs.len() <= MOST_PAIRS).then_some(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(address: &str) -> Option<String> {
        let (path, query) = address.split_once('?').map_or((address, None), |(path, query)| (path, Some(query)));
        Key::of(path, query).map(|key| key.address.into_owned())
    }

    #[test]
    fn there_is_one_spelling_of_every_address() {
        let cases = [
            ("/", Some("/")),
            ("/?utm_source=mail", Some("/")),
            ("/c/kettles?", Some("/c/kettles")),
            ("/c/kettles?utm_source=mail&sort=newest&gclid=1", Some("/c/kettles?sort=newest")),
            ("/c/kettles?sort=newest&brand=%20oak++board+&page=", Some("/c/kettles?brand=oak++board&sort=newest")),
            ("/search?sort=newest&q=%20", Some("/search?sort=newest")),
            ("/products?brand=%6fak", Some("/products?brand=oak")),
            ("/search?q=oak", None),
            ("/products?brand=b&attr.Care=Wipe&brand=a", Some("/products?attr.Care=Wipe&brand=b&brand=a")),
            ("/p/mug?option.Size=L&ref=x&variant=1", Some("/p/mug?option.Size=L&variant=1")),
            ("/p/mug?q=oak", Some("/p/mug")),
            ("/api/products?sort=newest&brand=oak", Some("/api/products?brand=oak&sort=newest")),
            ("/api/products?sort=newest&q=oak", None),
            ("/api/products?colour=red", Some("/api/products?colour=red")),
            ("/api/products?page=", None),
            ("/api/products/mug?x=1", Some("/api/products/mug")),
            ("/api/products/mug/recommendations", None),
            ("/search?q=%FF", None),
            ("/search?q=a%00", None),
            ("/p/%6dug", None),
            ("/p/", None),
            ("/p/mug/more", None),
            ("/cart", None),
            ("/checkout", None),
            ("/orders/find", None),
            ("/admin", None),
            ("/metrics", None),
            ("/api/carts/1", None),
        ];
        for (address, expected) in cases {
            assert_eq!(key(address).as_deref(), expected, "{address}");
        }
    }

    #[test]
    fn what_is_too_long_is_not_kept() {
        assert_eq!(key(&format!("/search?q={}", "a".repeat(600))), None);
        assert_eq!(key(&format!("/p/{}", "a".repeat(600))), None);
        let many: Vec<String> = (0..20).map(|number| format!("brand={number}")).collect();
        assert_eq!(key(&format!("/products?{}", many.join("&"))), None);
    }

    #[test]
    fn a_spelling_is_spelled_as_itself() {
        for address in ["/products?brand=a+%26+b%3D%C3%A9%27&sort=newest", "/p/mug?option.Size=L/XL", "/c/a?page=2"] {
            assert_eq!(key(address).as_deref(), Some(address));
        }
    }
}
