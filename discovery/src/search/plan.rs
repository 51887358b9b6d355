//! A query as it is looked up: per word what may stand for it, and how much that counts.

use std::collections::HashSet;

use super::dictionary::{self, Candidate};
use super::index::Index;
use super::pieces::{Piece, pieces};
use super::rules::Rules;
use super::snapshot::Snapshot;
use super::terms::pair;

/// So many letters of a query are looked at.
const MOST_LETTERS: usize = 200;
/// So many words of a query are looked at.
pub(super) const MOST_WORDS: usize = 12;
/// A word is only called frequent when more products have it than this.
const FREQUENT: u32 = 500;
/// So many frequent words of a query are looked at.
const MOST_FREQUENT: usize = 4;
/// So many words may stand for one that was misspelt.
const MOST_MENDED: usize = 6;
/// So many words may stand for one that is still being typed, and no more once they are in so many products together.
const MOST_COMPLETED: usize = 24;
const ENOUGH_COMPLETED: u32 = 5_000;

/// What may stand for a word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Meaning {
    /// A term in any field.
    Term(String),
    /// All of these terms, in any fields.
    All(Vec<String>),
    /// Two neighbours in the name.
    Pair(String),
}

/// A meaning and what it counts, 1 for the word itself.
#[derive(Clone, Debug)]
pub(super) struct Alternative {
    pub(super) meaning: Meaning,
    pub(super) weight: f32,
}

/// One word of the query.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    /// As it was written, folded.
    pub(super) written: String,
    /// What it's most likely meant to be, when it can't be found as it's written.
    pub(super) mended: Option<String>,
    term: String,
    pub(super) alternatives: Vec<Alternative>,
    /// How much the word says: the rarer the more.
    pub(super) rarity: f32,
    /// So many products have it that it brings nothing in by itself.
    pub(super) frequent: bool,
    /// Part of a model number, which is never corrected.
    exact: bool,
}

/// A query, read.
pub(super) struct Plan {
    pub(super) slots: Vec<Slot>,
    /// Neighbouring words of the query that may be neighbours in the name: the first's slot, and the pair.
    pub(super) near: Vec<(usize, String)>,
}

impl Plan {
    /// One bit per word.
    pub(super) fn all_words(&self) -> u16 {
        (0..self.slots.len()).fold(0, |words, at| words | 1 << at)
    }

    /// The words, those that say most first.
    pub(super) fn by_rarity(&self) -> Vec<(usize, &Slot)> {
        let mut slots: Vec<(usize, &Slot)> = self.slots.iter().enumerate().collect();
        slots.sort_by(|(_, a), (_, b)| b.rarity.total_cmp(&a.rarity));
        slots
    }
}

/// Leaves the rarest of the frequent words; more of them say nothing and would take long.
fn drop_frequent(slots: &mut Vec<Slot>) {
    let mut frequent: Vec<(usize, f32)> =
        slots.iter().enumerate().filter(|(_, slot)| slot.frequent).map(|(at, slot)| (at, slot.rarity)).collect();
    frequent.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    let dropped: HashSet<usize> = frequent.into_iter().skip(MOST_FREQUENT).map(|(at, _)| at).collect();
    let mut at = 0..;
    slots.retain(|_| at.next().is_none_or(|at| !dropped.contains(&at)));
}

/// As much of a text as is looked at.
pub(super) fn head(text: &str) -> &str {
    text.char_indices().nth(MOST_LETTERS).map_or(text, |(end, _)| &text[..end])
}

/// Reads queries against what the index holds.
pub(super) struct Reading<'a> {
    pub(super) index: &'a Index,
    pub(super) snapshot: &'a Snapshot,
    pub(super) rules: &'a Rules,
    /// The last word is still being typed.
    pub(super) typing: bool,
    /// Words that are known may be misspelt as well.
    pub(super) doubting: bool,
}

impl Reading<'_> {
    pub(super) fn plan(&self, text: &str) -> tantivy::Result<Plan> {
        let mut slots = Vec::new();
        for piece in pieces(text, self.index.language) {
            self.add_piece(&piece, &mut slots)?;
            // What is written twice counts once.
            let mut seen = HashSet::new();
            slots.retain(|slot: &Slot| seen.insert(slot.term.clone()));
            if slots.len() >= MOST_WORDS {
                slots.truncate(MOST_WORDS);
                break;
            }
        }
        drop_frequent(&mut slots);
        self.join(&mut slots)?;
        self.add_synonyms(&mut slots)?;
        let unfinished = (self.typing && !text.ends_with(char::is_whitespace)).then(|| slots.len().wrapping_sub(1));
        for (at, slot) in slots.iter_mut().enumerate() {
            self.split(slot)?;
            if unfinished == Some(at) {
                self.complete(slot)?;
            }
            if !slot.exact && (slot.alternatives.is_empty() || self.doubting) {
                self.mend(slot, unfinished == Some(at))?;
            }
        }
        let near = self.near(&slots)?;
        Ok(Plan { slots, near })
    }

    fn slot(&self, written: &str, term: String) -> tantivy::Result<Slot> {
        let frequency = self.snapshot.frequency(&term)?;
        let itself = Alternative { meaning: Meaning::Term(term.clone()), weight: 1.0 };
        let alternatives = if frequency > 0 { vec![itself] } else { Vec::new() };
        let rarity = self.snapshot.rarity(frequency);
        let frequent = frequency > FREQUENT && u64::from(frequency) > self.snapshot.alive / 6;
        Ok(Slot { written: written.to_owned(), mended: None, term, alternatives, rarity, frequent, exact: false })
    }

    fn add_piece(&self, piece: &Piece, slots: &mut Vec<Slot>) -> tantivy::Result<()> {
        let stem = |word: &str| self.index.language.stem(word);
        match piece {
            Piece::Word(word) => slots.push(self.slot(word, stem(word))?),
            Piece::Number(number) => slots.push(self.slot(number, number.clone())?),
            Piece::Measure(measure, number) => {
                let mut slot = self.slot(measure, measure.clone())?;
                self.offer(&mut slot, Meaning::Term(number.clone()), 0.4)?;
                slots.push(slot);
            }
            Piece::Compound(parts) => {
                for part in parts {
                    slots.push(self.slot(part, stem(part))?);
                }
            }
            Piece::Code(parts) => self.add_code(parts, slots)?,
        }
        Ok(())
    }

    /// A model number: as a whole, as the beginning of one, or as its parts.
    fn add_code(&self, parts: &[String], slots: &mut Vec<Slot>) -> tantivy::Result<()> {
        let whole = parts.concat();
        let mut slot = self.slot(&whole, whole.clone())?;
        if slot.alternatives.is_empty() && whole.len() >= 4 {
            for code in dictionary::beginning_in(self.snapshot, &whole, MOST_COMPLETED, |shard| &shard.scored[5].terms)?
            {
                self.offer(&mut slot, Meaning::Term(code.word), 0.8)?;
            }
            for code in dictionary::beginning_in(self.snapshot, &whole, MOST_COMPLETED, |shard| &shard.scored[0].terms)?
            {
                self.offer(&mut slot, Meaning::Term(code.word), 0.8)?;
            }
        }
        if slot.alternatives.is_empty() {
            for part in parts {
                slots.push(Slot { exact: true, ..self.slot(part, self.index.language.stem(part))? });
            }
            return Ok(());
        }
        self.offer(&mut slot, Meaning::All(parts.to_vec()), 0.8)?;
        slots.push(slot);
        Ok(())
    }

    /// Adds a meaning if any product has it; a word that had none is as rare as its first meaning.
    fn offer(&self, slot: &mut Slot, meaning: Meaning, weight: f32) -> tantivy::Result<()> {
        let frequency = match &meaning {
            Meaning::Term(term) => self.snapshot.frequency(term)?,
            Meaning::Pair(pair) => self.snapshot.pair_frequency(pair)?,
            Meaning::All(terms) => {
                let mut least = u32::MAX;
                for term in terms {
                    least = least.min(self.snapshot.frequency(term)?);
                }
                least
            }
        };
        if frequency > 0 && slot.alternatives.iter().all(|known| known.meaning != meaning) {
            let rarity = self.snapshot.rarity(frequency);
            if slot.alternatives.is_empty() {
                slot.rarity = rarity;
            }
            // A common word that stands for a rare one says no more than it does anyway.
            let weight = weight * (rarity / slot.rarity).min(1.0);
            slot.alternatives.push(Alternative { meaning, weight });
        }
        Ok(())
    }

    /// `head phones` may be written `headphones`.
    fn join(&self, slots: &mut [Slot]) -> tantivy::Result<()> {
        for at in 1..slots.len() {
            let joined = self.index.language.stem(&format!("{}{}", slots[at - 1].written, slots[at].written));
            let (before, after) = slots.split_at_mut(at);
            for slot in before.last_mut().into_iter().chain(after.first_mut()) {
                self.offer(slot, Meaning::Term(joined.clone()), 1.0)?;
            }
        }
        Ok(())
    }

    /// `headphones` may be written `head phones`; the most frequent way to write it as two counts.
    fn split(&self, slot: &mut Slot) -> tantivy::Result<()> {
        if slot.written.len() < 5 || dictionary::tolerance(&slot.written) == 0 {
            return Ok(());
        }
        let mut best: Option<(u32, String)> = None;
        for (at, _) in slot.written.char_indices().skip(1) {
            let (one, two) = slot.written.split_at(at);
            let halves = pair(&self.index.language.stem(one), &self.index.language.stem(two));
            let frequency = self.snapshot.pair_frequency(&halves)?;
            if best.as_ref().is_none_or(|(most, _)| frequency > *most) {
                best = Some((frequency, halves));
            }
        }
        match best {
            Some((frequency, halves)) if frequency > 0 => self.offer(slot, Meaning::Pair(halves), 0.9),
            _ => Ok(()),
        }
    }

    fn add_synonyms(&self, slots: &mut [Slot]) -> tantivy::Result<()> {
        let terms: Vec<String> = slots.iter().map(|slot| slot.term.clone()).collect();
        let terms: Vec<&str> = terms.iter().map(String::as_str).collect();
        for length in 1..=slots.len().min(4) {
            for start in 0..=slots.len() - length {
                for to in self.rules.synonyms(&terms[start..start + length]) {
                    let meaning = match to.as_slice() {
                        [one] => Meaning::Term(one.clone()),
                        several => Meaning::All(several.to_vec()),
                    };
                    for slot in &mut slots[start..start + length] {
                        self.offer(slot, meaning.clone(), 0.9)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// What the word that is being typed may become.
    fn complete(&self, slot: &mut Slot) -> tantivy::Result<()> {
        let mut products = 0;
        for candidate in dictionary::beginning(self.snapshot, &slot.written, MOST_COMPLETED)? {
            if products > ENOUGH_COMPLETED {
                break;
            }
            products += candidate.frequency;
            self.offer(slot, Meaning::Term(self.index.language.stem(&candidate.word)), 0.8)?;
        }
        Ok(())
    }

    /// What a misspelt word may be meant to be.
    fn mend(&self, slot: &mut Slot, beginnings: bool) -> tantivy::Result<()> {
        let unknown = slot.alternatives.is_empty();
        let candidates = dictionary::near(self.snapshot, &slot.written, beginnings, !unknown, MOST_MENDED)?;
        let Some(best) = candidates.first().cloned() else { return Ok(()) };
        for Candidate { word, distance, frequency } in candidates {
            let share = (1.0 + frequency as f32).ln() / (1.0 + best.frequency as f32).ln().max(0.1);
            let doubt = if unknown { 1.0 } else { self.index.weights.typo };
            let weight = doubt * self.index.weights.typo.powi(i32::from(distance)) * share.min(1.0);
            self.offer(slot, Meaning::Term(self.index.language.stem(&word)), weight)?;
        }
        if unknown && !slot.alternatives.is_empty() {
            slot.mended = Some(best.word);
        }
        Ok(())
    }

    fn near(&self, slots: &[Slot]) -> tantivy::Result<Vec<(usize, String)>> {
        let mut near = Vec::new();
        for (at, two) in slots.windows(2).enumerate() {
            for (one, other) in first_terms(&two[0]).flat_map(|one| first_terms(&two[1]).map(move |two| (one, two))) {
                let both = pair(one, other);
                if self.snapshot.pair_frequency(&both)? > 0 {
                    near.push((at, both));
                }
            }
        }
        Ok(near)
    }
}

fn first_terms(slot: &Slot) -> impl Iterator<Item = &str> {
    let term = |alternative: &'_ Alternative| matches!(alternative.meaning, Meaning::Term(_));
    slot.alternatives.iter().filter(move |alternative| term(alternative)).take(2).filter_map(|alternative| {
        match &alternative.meaning {
            Meaning::Term(term) => Some(term.as_str()),
            _ => None,
        }
    })
}
