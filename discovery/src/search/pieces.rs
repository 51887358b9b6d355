//! A text in pieces: words, numbers, measures and model numbers. One function for products and queries alike.

use super::fold::fold;
use super::language::Language;
use super::units;

/// No word is longer, in letters; what follows is cut off on both sides alike.
const LONGEST: usize = 40;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A word of letters.
    Word(String),
    /// A number in its one spelling.
    Number(String),
    /// A number with its unit: `10ft`, and the number alone.
    Measure(String, String),
    /// Words joined by a hyphen or an apostrophe: `t-shirt`.
    Compound(Vec<String>),
    /// Letters and digits in one: `wh`, `1000`, `xm`, `4`.
    Code(Vec<String>),
}

/// Letters or digits, with what stands before them.
#[derive(Clone, Debug)]
struct Atom {
    text: String,
    digits: bool,
    /// A space, a connector, or `None` when nothing stands between.
    before: Option<char>,
}

/// The pieces of a text, in their order.
pub fn pieces(text: &str, language: Language) -> Vec<Piece> {
    group(&fractions(atoms(&fold(text), language)), language)
}

fn atoms(folded: &str, language: Language) -> Vec<Atom> {
    let chars: Vec<char> = folded.chars().collect();
    let mut atoms: Vec<Atom> = Vec::new();
    let mut before = Some(' ');
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let end = run_end(&chars, at);
        if end > at {
            let text: String = chars[at..end].iter().take(LONGEST).collect();
            atoms.push(Atom { text, digits: c.is_ascii_digit(), before });
            (before, at) = (None, end);
            if c.is_ascii_digit() {
                at = decimals(&chars, at, &mut atoms, language);
            }
            continue;
        }
        if let Some(unit) = quoted_unit(&chars, at, before, atoms.last()) {
            atoms.push(Atom { text: unit.to_owned(), digits: false, before: None });
            before = Some(' ');
        } else {
            before = Some(if before.is_none() && "-./'_+&".contains(c) { c } else { ' ' });
        }
        at += 1;
    }
    atoms
}

/// The end of the run of letters, or of digits, that begins here. Scripts without spaces come letter by letter.
fn run_end(chars: &[char], start: usize) -> usize {
    let Some(first) = chars.get(start).filter(|c| c.is_alphanumeric()) else { return start };
    if unspaced(*first) {
        return start + 1;
    }
    let same = |c: &&char| c.is_alphanumeric() && !unspaced(**c) && c.is_ascii_digit() == first.is_ascii_digit();
    start + chars[start..].iter().take_while(same).count()
}

fn unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

/// Takes `.5`, `,5` or `,000` behind the number just read into it; says where to go on.
fn decimals(chars: &[char], at: usize, atoms: &mut [Atom], language: Language) -> usize {
    let Some(atom) = atoms.last_mut() else { return at };
    let Some(&sign) = chars.get(at).filter(|c| matches!(c, '.' | ',')) else { return at };
    let end = run_end(chars, at + 1);
    let digits: String = chars[at + 1..end].iter().collect();
    let again = chars.get(end).is_some_and(|c| *c == sign) && chars.get(end + 1).is_some_and(char::is_ascii_digit);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) || again || digits.len() > 6 {
        return at;
    }
    let thousands = digits.len() == 3 && atom.text.len() <= 3 && (sign == ',') != language.decimal_comma();
    atom.text = if thousands { format!("{}{digits}", atom.text) } else { units::number(&atom.text, &digits) };
    end
}

/// Feet and inches: a quote straight behind a number, unless letters follow as in `90's`.
fn quoted_unit(chars: &[char], at: usize, before: Option<char>, last: Option<&Atom>) -> Option<&'static str> {
    let follows = chars.get(at + 1);
    if before.is_some() || !last?.digits || follows.is_some_and(|c| c.is_alphabetic() && *c != 'x') {
        return None;
    }
    match chars[at] {
        '\'' => Some("ft"),
        '"' => Some("in"),
        _ => None,
    }
}

/// `3 1/2` and `3-1/2` become `3.5`.
fn fractions(atoms: Vec<Atom>) -> Vec<Atom> {
    let mut whole: Vec<Atom> = Vec::with_capacity(atoms.len());
    for atom in atoms {
        let top = whole.last().filter(|top| top.digits && atom.digits && atom.before == Some('/'));
        let Some(top) = top.cloned() else {
            whole.push(atom);
            continue;
        };
        let spaced = matches!(top.before, Some(' ' | '-'));
        let front = whole.len().checked_sub(2).and_then(|at| whole.get(at)).filter(|front| front.digits && spaced);
        let units_before = front.and_then(|front| front.text.parse::<u32>().ok());
        match units::fraction(units_before.unwrap_or(0), &top.text, &atom.text) {
            None => whole.push(atom),
            Some(value) => {
                whole.truncate(whole.len() - if units_before.is_some() { 2 } else { 1 });
                whole.push(Atom { text: value, ..top });
            }
        }
    }
    whole
}

fn group(atoms: &[Atom], language: Language) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = atoms;
    while let Some(first) = rest.first() {
        if let Some((piece, used)) = measure(rest).or_else(|| times(rest)) {
            pieces.push(piece);
            rest = &rest[used..];
            continue;
        }
        let used = 1 + rest.windows(2).take_while(|two| joined(&two[0], &two[1], language)).count();
        let texts = || rest[..used].iter().map(|atom| atom.text.clone()).collect::<Vec<_>>();
        pieces.push(match used {
            1 if first.digits => Piece::Number(first.text.clone()),
            1 => Piece::Word(first.text.clone()),
            _ if rest[..used].iter().any(|atom| atom.digits) => Piece::Code(texts()),
            2 if rest[1].before == Some('\'') && rest[1].text == "s" => Piece::Word(format!("{}s", first.text)),
            _ => Piece::Compound(texts()),
        });
        rest = &rest[used..];
    }
    pieces
}

/// A number and its unit, when the unit isn't the beginning of something longer (`4g5`, `2 in 1`).
fn measure(atoms: &[Atom]) -> Option<(Piece, usize)> {
    let [number, word, rest @ ..] = atoms else { return None };
    if !number.digits || number.before.is_none() || !matches!(word.before, None | Some(' ' | '-')) {
        return None;
    }
    let unit = units::unit(&word.text)?;
    let goes_on = |next: &Atom| next.digits && (next.before != Some(' ') || word.before.is_some() && unit == "in");
    if rest.first().is_some_and(goes_on) {
        return None;
    }
    Some((Piece::Measure(format!("{}{unit}", number.text), number.text.clone()), 2))
}

/// `8 x 10`, as if it were written `8x10`.
fn times(atoms: &[Atom]) -> Option<(Piece, usize)> {
    let [one, x, two, rest @ ..] = atoms else { return None };
    let ends = rest.first().is_none_or(|next| next.before == Some(' '));
    let spaced = x.before == Some(' ') && two.before == Some(' ') && one.before == Some(' ');
    (one.digits && x.text == "x" && two.digits && spaced && ends)
        .then(|| (Piece::Code(vec![one.text.clone(), x.text.clone(), two.text.clone()]), 3))
}

fn joined(one: &Atom, two: &Atom, language: Language) -> bool {
    let letters = !one.digits && !two.digits;
    match two.before {
        Some(' ') => false,
        Some('\'') if letters => !language.elides(),
        Some('/' | '.' | '+') if letters => one.text.chars().count() == 1 && two.text.chars().count() == 1,
        None if letters => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let show = |piece: &Piece| match piece {
            Piece::Word(text) | Piece::Number(text) => text.clone(),
            Piece::Measure(both, _) => format!("<{both}>"),
            Piece::Compound(parts) => format!("({})", parts.join("-")),
            Piece::Code(parts) => format!("[{}]", parts.join("|")),
        };
        pieces(text, Language::ENGLISH).iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn one_thing_written_in_many_ways_is_one_piece() {
        for (written, expected) in [
            ("10 ft", "<10ft>"),
            ("10'", "<10ft>"),
            ("10-foot", "<10ft>"),
            ("10feet rope", "<10ft> rope"),
            ("6'2\" man", "<6ft> <2in> man"),
            ("13\" laptop", "<13in> laptop"),
            ("13 in. laptop", "<13in> laptop"),
            ("3 1/2 inch", "<3.5in>"),
            ("½ cup", "0.5 cup"),
            ("1,5", "1.5"),
            ("1,000 pieces", "<1000pc>"),
            ("2.50", "2.5"),
            ("2 in 1 laptop", "2 in 1 laptop"),
            ("500GB", "<500gb>"),
            ("WH-1000XM4", "[wh|1000|xm|4]"),
            ("8 x 10", "[8|x|10]"),
            ("8x10", "[8|x|10]"),
            ("T-Shirt", "(t-shirt)"),
            ("men's", "mens"),
            ("the 90's", "the [90|s]"),
            ("red/black", "red black"),
            ("a AND (b OR \"c*", "a and b or c"),
            ("\u{0}\u{202e}!!!", ""),
        ] {
            assert_eq!(shown(written), expected, "{written}");
        }
    }

    #[test]
    fn elisions_are_two_words_in_french() {
        let french = pieces("l'eau d'été 1,5 l", Language::of("fr-FR"));
        let words = ["l", "eau", "d", "ete"].map(|word| Piece::Word(word.to_owned()));
        assert_eq!(french[..4], words);
        assert_eq!(french[4], Piece::Measure("1.5l".to_owned(), "1.5".to_owned()));
    }
}
