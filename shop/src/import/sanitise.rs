//! Descriptions from outside, made safe to show: text, headings, lists, tables, links and pictures stay; scripts,
//! styles, classes and embedded pages go.

mod tags;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use ammonia::Builder;

use self::tags::{Attribute, Tag};

/// Passes after which a text that still changes is taken as it is.
const PASSES: usize = 4;

/// The longest address that is named whole, in characters.
const SHOWN_ADDRESS: usize = 80;

/// The rules, built once.
pub(super) struct Sanitiser {
    rules: Builder<'static>,
    tags: HashSet<&'static str>,
    attributes: HashMap<&'static str, HashSet<&'static str>>,
    attributes_of_all: HashSet<&'static str>,
}

/// What had to go from a text.
#[derive(Debug, Default)]
pub(super) struct Dropped {
    /// What people or scripts would miss: elements, what happens on events, addresses.
    pub(super) losses: BTreeSet<String>,
    /// Attributes that only say how it looks, and how often.
    pub(super) looks: BTreeMap<String, u64>,
}

impl Sanitiser {
    pub(super) fn new() -> Self {
        let mut rules = Builder::default();
        rules
            .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
            .link_rel(Some("nofollow noopener"))
            .generic_attributes(HashSet::from(["lang", "title"]))
            .attribute_filter(safe_attribute);
        let (tags, attributes) = (rules.clone_tags(), rules.clone_tag_attributes());
        let attributes_of_all = rules.clone_generic_attributes();
        Self { rules, tags, attributes, attributes_of_all }
    }

    /// The safe text, and what had to go.
    pub(super) fn clean(&self, html: &str) -> (String, Dropped) {
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

    fn dropped(&self, html: &str) -> Dropped {
        let mut dropped = Dropped::default();
        for tag in tags::read(html) {
            if self.tags.contains(tag.name.as_str()) {
                self.attributes_dropped(&tag, &mut dropped);
            } else if !["html", "head", "body", "meta", "tbody"].contains(&tag.name.as_str()) {
                // Those hold a document, not content.
                dropped.losses.insert(format!("<{}>", tag.name));
            }
        }
        dropped
    }

    fn attributes_dropped(&self, tag: &Tag<'_>, dropped: &mut Dropped) {
        let of_tag = self.attributes.get(tag.name.as_str());
        // Links get a rel of ours.
        for attribute in tag.attributes.iter().filter(|attribute| attribute.name != "rel") {
            let name = attribute.name.as_str();
            let is_known = self.attributes_of_all.contains(name) || of_tag.is_some_and(|names| names.contains(name));
            if is_known && ["href", "src"].contains(&name) && !self.stays(tag, attribute) {
                let shown: String = attribute.value.chars().take(SHOWN_ADDRESS).collect();
                dropped.losses.insert(format!("the address {shown}"));
            } else if !is_known && name.starts_with("on") {
                dropped.losses.insert(name.to_owned());
            } else if !is_known {
                *dropped.looks.entry(name.to_owned()).or_default() += 1;
            }
        }
    }

    /// Whether an address stays, asked of the rules themselves.
    fn stays(&self, tag: &Tag<'_>, attribute: &Attribute<'_>) -> bool {
        let alone = self.rules.clean(&format!("<{} {}>", tag.name, attribute.source)).to_string();
        alone.contains(&format!(" {}=", attribute.name))
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
        for (html, losses, looks) in [
            ("<p>a <IFRAME src=x></iframe> 1 <2 <script>x</script><iframe></iframe>", "<iframe>, <script>", ""),
            ("<a href=\"javascript:x()\" onclick=\"y()\">a</a>", "onclick, the address javascript:x()", ""),
            ("<a href=\"java&#115;cript:x\">a</a>", "the address java&#115;cript:x", ""),
            ("<img src=\"http://example.com/a.png\" alt=\"a\">", "the address http://example.com/a.png", ""),
            ("<p class=\"x\" style=\"y\"><b class=z>a</b></p>", "", "class 2, style 1"),
            ("<a href=\"https://example.com/\" rel=\"me\" title=\"t\">a</a><br/>", "", ""),
        ] {
            let (_, dropped) = Sanitiser::new().clean(html);
            assert_eq!(dropped.losses.into_iter().collect::<Vec<_>>().join(", "), losses, "{html}");
            let named: Vec<String> = dropped.looks.iter().map(|(name, count)| format!("{name} {count}")).collect();
            assert_eq!(named.join(", "), looks, "{html}");
        }
    }
}
