//! The elements that a text asks for, with their attributes, as far as they have to be spoken of. What is shown is decided
//! by a real parser; this only reads what was written.

/// An element as it was written.
pub(super) struct Tag<'h> {
    /// Its name in lower case.
    pub(super) name: String,
    pub(super) attributes: Vec<Attribute<'h>>,
}

/// An attribute as it was written.
pub(super) struct Attribute<'h> {
    /// Its name in lower case.
    pub(super) name: String,
    /// Its value, without quotes.
    pub(super) value: &'h str,
    /// All of it, as it stands in the text.
    pub(super) source: &'h str,
}

/// Every element that is begun, those in comments left out.
pub(super) fn read(html: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        rest = after;
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
        } else if after.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            let (name, attributes) = after.split_at(end(after, ends_name));
            let (attributes, after) = read_attributes(attributes);
            tags.push(Tag { name: name.to_lowercase(), attributes });
            rest = after;
        }
    }
    tags
}

/// The attributes of an element, and what comes after it.
fn read_attributes(mut rest: &str) -> (Vec<Attribute<'_>>, &str) {
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '/');
        if rest.is_empty() || rest.starts_with('>') {
            return (attributes, rest);
        }
        let start = rest;
        // A mark at the very beginning is part of the name.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let name_ends = first + end(&rest[first..], |letter| ends_name(letter) || letter == '=');
        let (name, after) = rest.split_at(name_ends);
        let (value, after) = match after.trim_start().strip_prefix('=') {
            Some(value) => read_value(value.trim_start()),
            None => ("", after),
        };
        let source = &start[..start.len() - after.len()];
        attributes.push(Attribute { name: name.to_lowercase(), value, source });
        rest = after;
    }
}

/// A value without its quotes, and what comes after it.
fn read_value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(quoted) = text.strip_prefix(quote) {
            return quoted.split_once(quote).unwrap_or((quoted, ""));
        }
    }
    text.split_at(end(text, |letter| letter.is_whitespace() || letter == '>'))
}

fn ends_name(letter: char) -> bool {
    letter.is_whitespace() || letter == '/' || letter == '>'
}

fn end(text: &str, ends: impl Fn(char) -> bool) -> usize {
    text.find(ends).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_however_they_are_written() {
        for (html, expected) in [
            ("<p>1 < 2</p> <2", "p"),
            ("<A HREF=\"x>y\" onClick = 'z()'>", "a href=x>y onclick=z()"),
            ("<img src=a.png/ alt>b", "img src=a.png/ alt="),
            ("<br/><hr />", "br, hr"),
            ("<!-- <a onclick=x> --><i>", "i"),
            ("<a href=\"never ends", "a href=never ends"),
            ("<a", "a"),
        ] {
            let shown = read(html).into_iter().map(|tag| {
                let attributes = tag.attributes.iter().map(|one| format!(" {}={}", one.name, one.value));
                format!("{}{}", tag.name, attributes.collect::<String>())
            });
            assert_eq!(shown.collect::<Vec<_>>().join(", "), expected, "{html}");
        }
    }
}
