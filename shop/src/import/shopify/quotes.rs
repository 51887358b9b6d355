//! Quotes that are opened and never closed.

/// What is wrong with a row whose last quote never ends.
pub(super) const SWALLOWED: &str = "a quote is opened here and never closed, so that the rest of the file went into one cell; look for a missing quote";

/// The line of the quote that is opened last, if it is never closed: a quote opens a cell where it begins it, and two in a
/// row stand for one.
pub(super) fn unclosed(text: &str, delimiter: u8) -> Option<usize> {
    let (mut line, mut begins_cell, mut opened) = (1, true, None);
    for byte in text.bytes() {
        match (byte, opened) {
            // The first of two quotes closes, the second opens again.
            (b'"', Some(_)) => (opened, begins_cell) = (None, true),
            (b'"', None) if begins_cell => opened = Some(line),
            (_, None) => begins_cell = byte == delimiter || byte == b'\n' || byte == b'\r',
            _ => {}
        }
        line += usize::from(byte == b'\n');
    }
    opened
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_quote_that_never_ends_is_found() {
        for (text, expected) in [
            ("a,\"b\"\nc,d\n", None),
            ("a,\"say \"\"b\"\"\"\n", None),
            ("a,\"\"\n", None),
            ("a,5\" pipe\nb,c\n", None),
            ("a,\"b\nc\"\nd,\"e\n\nf\n", Some(3)),
            ("a,\"b\"\"\nc\n", Some(1)),
            ("\"a,b\n", Some(1)),
        ] {
            assert_eq!(unclosed(text, b','), expected, "{text}");
        }
    }
}
