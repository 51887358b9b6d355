//! The query string of an address, decoded strictly: nothing in it is guessed or silently replaced.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::error::{Error, Result};

/// What is escaped in a query besides control signs.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b'<')
    .add(b'>')
    .add(b'=')
    .add(b'?')
    .add(b'\'');

/// The parameter of what people search for: they may type and paste whatever they like.
const WORDS: &str = "q";

/// The pairs of a query string, in order. What is no text is refused, naming the parameter; but in words to search for,
/// control signs are blanks.
pub fn pairs(raw: Option<&str>) -> Result<Vec<(String, String)>> {
    let parts = raw.unwrap_or_default().split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let name = decode(name).ok_or_else(|| Error::Malformed("The name of a parameter is not text.".into()))?;
            let value = if name == WORDS { words(value) } else { decode(value) };
            let value = value.ok_or_else(|| Error::field(&name, "This is not text."))?;
            Ok((name, value))
        })
        .collect()
}

/// The text of a part, or `None` where it is not UTF-8 or has control signs in it.
fn decode(part: &str) -> Option<String> {
    text(part).filter(|text| !text.contains(char::is_control))
}

/// Words as they were typed or pasted, or `None` where they are not UTF-8.
fn words(part: &str) -> Option<String> {
    Some(text(part)?.replace(char::is_control, " "))
}

fn text(part: &str) -> Option<String> {
    let spaced = part.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().ok().map(Cow::into_owned)
}

/// A path with a query of these pairs; those without a value are left out.
pub fn address(path: &str, pairs: &[(impl AsRef<str>, String)]) -> String {
    let mut address = path.to_owned();
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        address.push(if address.len() == path.len() { '?' } else { '&' });
        address.extend(utf8_percent_encode(name.as_ref(), ESCAPED));
        address.push('=');
        address.push_str(&utf8_percent_encode(value, ESCAPED).to_string().replace("%20", "+"));
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_comes_back_as_it_was_written() {
        let written =
            address("/search", &[("q", "brick & „blue“ 1+1".into()), ("sort", String::new()), ("page", "2".into())]);
        assert_eq!(written, "/search?q=brick+%26+%E2%80%9Eblue%E2%80%9C+1%2B1&page=2");
        let read = pairs(written.split_once('?').map(|(_, query)| query)).expect("is text");
        assert_eq!(read, [("q".into(), "brick & „blue“ 1+1".into()), ("page".into(), "2".into())]);
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for raw in ["q=%FF", "sort=%FF", "sort=a%00b", "%FF=1", "sort=%0A"] {
            assert!(pairs(Some(raw)).is_err(), "{raw}");
        }
        let read = pairs(Some("q=mug%00%0Acup")).expect("words are not refused for what nobody sees");
        assert_eq!(read, [("q".into(), "mug  cup".into())]);
    }
}
