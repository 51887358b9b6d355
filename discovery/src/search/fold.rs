//! One spelling for one letter: case, accents, ligatures, quotes and dashes are brought together.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_canonical;

/// The text in lower case, without accents, with plain quotes and dashes; what can't be seen is dropped, control
/// characters become spaces. Latin and Greek letters lose their marks; in other scripts a mark makes another letter.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().filter_map(plain_sign).nfkc() {
        match c {
            '\u{300}'..='\u{36f}' => {}
            '\u{2044}' => folded.push('/'),
            'ß' | 'ẞ' => folded.push_str("ss"),
            'æ' | 'Æ' => folded.push_str("ae"),
            'œ' | 'Œ' => folded.push_str("oe"),
            'ø' | 'Ø' => folded.push('o'),
            'đ' | 'Đ' | 'ð' | 'Ð' => folded.push('d'),
            'ł' | 'Ł' => folded.push('l'),
            'þ' | 'Þ' => folded.push_str("th"),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            'ё' | 'Ё' => folded.push('е'),
            c if c.is_control() => folded.push(' '),
            c => c.to_lowercase().for_each(|lower| push_base(lower, &mut folded)),
        }
    }
    folded
}

/// The sign as a keyboard has it, or nothing for one that can't be seen or only marks a trade name. Before Unicode's
/// own folding, which would make letters of some of them.
fn plain_sign(c: char) -> Option<char> {
    Some(match c {
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => {
            return None;
        }
        '™' | '®' | '©' | '℠' => return None,
        '‘' | '’' | '‚' | '‛' | '′' | 'ʼ' | '`' | '´' => '\'',
        '“' | '”' | '„' | '″' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '−' => '-',
        '×' => 'x',
        c => c,
    })
}

fn push_base(lower: char, folded: &mut String) {
    if lower.is_ascii() {
        folded.push(lower);
        return;
    }
    let mut base = None;
    decompose_canonical(lower, |part| base = base.or(Some(part)));
    match base {
        Some('\u{300}'..='\u{36f}') => {}
        Some(letter) if letter.is_ascii_alphabetic() || ('\u{370}'..='\u{3ff}').contains(&letter) => {
            folded.push(letter)
        }
        _ => folded.push(lower),
    }
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn letters_that_look_alike_become_one() {
        for (written, folded) in [
            ("Crème BRÛLÉE", "creme brulee"),
            ("Straße", "strasse"),
            ("STRASSE", "strasse"),
            ("Smørrebrød", "smorrebrod"),
            ("Łódź", "lodz"),
            ("ｆｕｌｌ width", "full width"),
            ("Cafe\u{301}", "cafe"),
            ("Καφές", "καφεσ"),
            ("йод", "йод"),
            ("10″ – 12′", "10\" - 12'"),
            ("Walk\u{200b}man™\u{202e}", "walkman"),
            ("a\u{0}b", "a b"),
        ] {
            assert_eq!(fold(written), folded, "{written}");
        }
    }
}
