//! The terms under which pieces of a product's text are found.

use super::language::Language;
use super::pieces::{Piece, pieces};

/// What one text is indexed under.
#[derive(Default)]
pub struct Terms {
    /// Stems, numbers, measures and model numbers in all their parts.
    pub terms: Vec<String>,
    /// Words as they're written, folded: what typing is completed from and typos are mended to.
    pub words: Vec<String>,
    /// Neighbours: two terms with a space between.
    pub pairs: Vec<String>,
    /// Words as they're written that stand side by side, for suggestions.
    pub phrases: Vec<String>,
}

impl Terms {
    /// Adds a text.
    pub fn add(&mut self, text: &str, language: Language) {
        let mut last: Option<String> = None;
        let mut last_word: Option<String> = None;
        for piece in pieces(text, language) {
            self.add_words(&piece, &mut last_word);
            let row = row(&piece, language);
            self.terms.extend(more(&piece, language));
            for term in row {
                if let Some(last) = &last {
                    self.pairs.push(pair(last, &term));
                }
                self.terms.push(term.clone());
                last = Some(term);
            }
        }
    }

    fn add_words(&mut self, piece: &Piece, last: &mut Option<String>) {
        for word in written(piece) {
            if let Some(last) = last {
                self.phrases.push(pair(last, &word));
            }
            self.words.push(word.clone());
            *last = Some(word);
        }
        if let Piece::Compound(parts) = piece {
            self.words.push(parts.concat());
        }
    }
}

/// Two terms side by side.
pub fn pair(one: &str, two: &str) -> String {
    format!("{one} {two}")
}

/// The terms that stand in a row with those of the neighbouring pieces.
pub fn row(piece: &Piece, language: Language) -> Vec<String> {
    match piece {
        Piece::Word(word) => vec![language.stem(word)],
        Piece::Number(number) => vec![number.clone()],
        Piece::Measure(measure, _) => vec![measure.clone()],
        Piece::Compound(parts) => parts.iter().map(|part| language.stem(part)).collect(),
        Piece::Code(parts) => vec![parts.concat()],
    }
}

/// Further terms of a piece, beside those of its row.
fn more(piece: &Piece, language: Language) -> Vec<String> {
    match piece {
        Piece::Word(_) | Piece::Number(_) => Vec::new(),
        Piece::Measure(_, number) => vec![number.clone()],
        Piece::Compound(parts) => vec![language.stem(&parts.concat())],
        Piece::Code(parts) => code_parts(parts, language),
    }
}

/// Every run of a model number's parts but the whole: `wh`, `wh1000`, `1000xm4`. Of very long ones only short runs.
fn code_parts(parts: &[String], language: Language) -> Vec<String> {
    let longest = if parts.len() > 8 { 2 } else { parts.len() };
    let runs = (1..=longest).flat_map(|length| parts.windows(length)).filter(|run| run.len() < parts.len());
    let mut terms: Vec<String> = runs.map(<[String]>::concat).collect();
    terms.extend(parts.iter().map(|part| language.stem(part)).filter(|stem| !parts.contains(stem)));
    terms
}

/// The words of a piece as a person would type them.
pub fn written(piece: &Piece) -> Vec<String> {
    match piece {
        Piece::Word(word) | Piece::Number(word) | Piece::Measure(word, _) => vec![word.clone()],
        Piece::Compound(parts) => parts.clone(),
        Piece::Code(parts) => vec![parts.concat()],
    }
}
