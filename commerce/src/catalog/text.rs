//! Texts folded for URLs and for searching.

use super::check::MAX_SLUG;

/// ASCII letters and the lower-case Latin letters that fold to them.
const FOLDS: &[(&str, &str)] = &[
    ("a", "àáâãäåāăąǎǟǡǻȁȃȧạảấầẩẫậắằẳẵặª"),
    ("ae", "æǣǽ"),
    ("b", "ɓḃḅ"),
    ("c", "çćĉċčḉ"),
    ("d", "ďđḋḍḑð"),
    ("e", "èéêëēĕėęěȅȇȩẹẻẽếềểễệǝ"),
    ("f", "ƒḟ"),
    ("g", "ĝğġģǧǵḡ"),
    ("h", "ĥħȟḣḥḧ"),
    ("i", "ìíîïĩīĭįıǐȉȋỉị"),
    ("ij", "ĳ"),
    ("j", "ĵǰ"),
    ("k", "ķǩḱḳĸ"),
    ("l", "ĺļľŀłḷḹ"),
    ("m", "ḿṁṃ"),
    ("n", "ñńņňŉŋǹṅṇ"),
    ("o", "òóôõöøōŏőơǒǫǭǿȍȏȯọỏốồổỗộớờởỡợº"),
    ("oe", "œ"),
    ("p", "ṕṗ"),
    ("r", "ŕŗřȑȓṙṛ"),
    ("s", "śŝşšșṡṣſ"),
    ("ss", "ß"),
    ("t", "ţťŧțṫṭ"),
    ("th", "þ"),
    ("u", "ùúûüũūŭůűųưǔǖǘǚǜȕȗụủứừửữự"),
    ("v", "ṽṿ"),
    ("w", "ŵẁẃẅẇẉ"),
    ("x", "ẋẍ"),
    ("y", "ýÿŷȳẏỳỵỷỹ"),
    ("z", "źżžẑẓ"),
];

/// A name as it stands in a URL: lower-case ASCII letters and digits with single hyphens between words. Latin accents
/// fold to their letters, `ß` to `ss`, `æ` to `ae`; what has no Latin letter falls away, so it may be empty.
pub fn slugify(name: &str) -> String {
    let mut slug = String::new();
    for letter in fold(name).chars() {
        match letter {
            'a'..='z' | '0'..='9' => slug.push(letter),
            // An apostrophe joins: "men's" is "mens".
            '\'' | '\u{2019}' => {}
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    slug.truncate(MAX_SLUG);
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// A text as search columns keep it: lower case, Latin accents folded, other scripts kept.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            _ if letter.is_ascii() => folded.push(letter),
            // Combining marks: accents that were written as letters of their own.
            '\u{300}'..='\u{36f}' => {}
            _ => match FOLDS.iter().find(|(_, accented)| accented.contains(letter)) {
                Some((plain, _)) => folded.push_str(plain),
                None => folded.push(letter),
            },
        }
    }
    folded
}
