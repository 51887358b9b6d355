//! Descriptions from outside, made safe to show: text, headings, lists, tables, links and pictures stay; scripts,
//! styles, classes and embedded pages go.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use ammonia::Builder;

/// Passes after which a text that still changes is taken as it is.
const PASSES: usize = 4;

/// The rules, built once.
pub(super) struct Sanitiser {
    rules: Builder<'static>,
    tags: HashSet<&'static str>,
}

impl Sanitiser {
    pub(super) fn new() -> Self {
        let mut rules = Builder::default();
        rules
            .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
            .link_rel(Some("nofollow noopener"))
            .generic_attributes(HashSet::from(["lang", "title"]))
            .attribute_filter(safe_attribute);
        let tags = rules.clone_tags();
        Self { rules, tags }
    }

    /// The safe text, and the names of the elements that had to go.
    pub(super) fn clean(&self, html: &str) -> (String, Vec<String>) {
        let mut text = html.to_owned();
        // Cleaning what is clean must change nothing, or an export would not import as it is.
        for _ in 0..PASSES {
            let next = self.rules.clean(&text).to_string();
            if next == text {
                break;
            }
            text = next;
        }
        (text, self.dropped(html))
    }

    fn dropped(&self, html: &str) -> Vec<String> {
        let name = |after: &str| -> String {
            after.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == ':').collect::<String>().to_lowercase()
        };
        let begins_element = |after: &&str| after.starts_with(|c: char| c.is_ascii_alphabetic());
        let elements = html.split('<').skip(1).filter(begins_element).map(name);
        let dropped: BTreeSet<String> = elements.filter(|element| !self.tags.contains(element.as_str())).collect();
        // These hold a document, not content.
        dropped
            .into_iter()
            .filter(|element| !["html", "head", "body", "meta", "tbody"].contains(&element.as_str()))
            .collect()
    }
}

/// HTML from a person, made safe to show.
pub fn safe_html(html: &str) -> String {
    Sanitiser::new().clean(html).0
}

/// Pictures come over TLS or from the shop itself.
fn safe_attribute<'v>(element: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let is_picture = element == "img" && attribute == "src";
    let is_safe = !is_picture || value.starts_with("https://") || value.starts_with("/media/");
    is_safe.then_some(Cow::Borrowed(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_stays_and_everything_else_goes() {
        let sanitiser = Sanitiser::new();
        for (html, expected) in [
            ("<h2>Made</h2><ul><li>by hand</li></ul>", "<h2>Made</h2><ul><li>by hand</li></ul>"),
            ("<p style=\"color:red\" class=\"x\" onclick=\"y()\">Red</p>", "<p>Red</p>"),
            ("Plain & simple, 5 < 6", "Plain &amp; simple, 5 &lt; 6"),
            ("<script>alert(1)</script>after", "after"),
            ("<a href=\"javascript:x\">a</a>", "<a rel=\"nofollow noopener\">a</a>"),
            ("<img src=\"http://example.com/a.png\" alt=\"a\">", "<img alt=\"a\">"),
            ("<img src=\"https://example.com/a.png\">", "<img src=\"https://example.com/a.png\">"),
        ] {
            let (clean, _) = sanitiser.clean(html);
            assert_eq!(clean, expected);
            assert_eq!(sanitiser.clean(&clean).0, clean, "cleaning twice is cleaning once");
        }
    }

    #[test]
    fn what_was_dropped_is_named() {
        let (_, dropped) =
            Sanitiser::new().clean("<p>a <IFRAME src=x></iframe> 1 <2 <script>x</script><iframe></iframe>");
        assert_eq!(dropped, ["iframe", "script"]);
    }
}
