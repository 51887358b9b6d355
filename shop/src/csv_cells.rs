//! Cells of a CSV that a spreadsheet must not take for formulas. What begins like one gets an apostrophe before it, which
//! spreadsheets hide; reading takes away exactly what writing added.

use std::borrow::Cow;

/// What a formula begins with, in one spreadsheet or another.
const BEGINNINGS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The cell as it is written.
pub fn guarded(cell: &str) -> Cow<'_, str> {
    if is_risky(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// The cell as it was before it was written.
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_risky(rest)).unwrap_or(cell)
}

/// Whether it begins like a formula, behind apostrophes or not: `'=1` must come back as `'=1`.
fn is_risky(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(BEGINNINGS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_formula_is_written_as_text() {
        for (cell, written) in [
            ("=1+2", "'=1+2"),
            ("+32 2 555", "'+32 2 555"),
            ("-5", "'-5"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("'=1", "''=1"),
            ("'90s mug", "'90s mug"),
            ("a=1", "a=1"),
            (" =1", " =1"),
            ("", ""),
        ] {
            assert_eq!(guarded(cell), written, "{cell:?}");
            assert_eq!(unguarded(written), cell, "{written:?}");
        }
    }

    #[test]
    fn any_text_comes_back_and_none_begins_like_a_formula() {
        let letters = ['\'', '=', '+', '-', '@', '\t', '\r', 'a', ' ', '"'];
        // Every text of up to four of these letters: longer ones differ only behind their beginning.
        let mut texts = vec![String::new()];
        for length in 0..4 {
            let longest: Vec<String> = texts.iter().filter(|text| text.chars().count() == length).cloned().collect();
            texts.extend(longest.iter().flat_map(|text| letters.map(|letter| format!("{text}{letter}"))));
        }
        assert_eq!(texts.len(), 11_111);
        for text in texts {
            let written = guarded(&text);
            assert!(!written.starts_with(BEGINNINGS), "{text:?}");
            assert_eq!(unguarded(&written), text);
        }
    }
}
