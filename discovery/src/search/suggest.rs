//! How a query that is being typed may go on, in words of names, brands and categories.

use std::collections::HashSet;

use super::dictionary::{Candidate, beginning, beginning_in, near};
use super::fold::fold;
use super::index::{Index, IndexError};
use super::plan::MOST_WORDS;
use super::snapshot::Snapshot;

/// So many candidates are weighed for one suggestion that is shown.
const WEIGHED: usize = 3;
/// So many letters of what was typed are looked at.
const MOST_LETTERS: usize = 80;

impl Index {
    /// Completions of what was typed, at most so many, the likeliest first. Each of them finds something.
    pub fn suggest(&self, typed: &str, most: usize) -> Result<Vec<String>, IndexError> {
        let snapshot = self.snapshot();
        let typed: String = fold(&typed.chars().take(MOST_LETTERS).collect::<String>());
        let words: Vec<&str> = typed.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let Some((last, before)) = words.split_last().filter(|_| words.len() <= MOST_WORDS) else {
            return Ok(Vec::new());
        };
        let mut candidates = match before.last() {
            None => self.openings(&snapshot, last, most)?,
            Some(neighbour) => self.continuations(&snapshot, before, neighbour, last, most)?,
        };
        candidates.sort_by(|a, b| b.frequency.cmp(&a.frequency).then_with(|| a.word.cmp(&b.word)));
        Ok(self.distinct(candidates, most))
    }

    /// Words, neighbours, brands and categories that begin so; what begins nearly so when there is nothing.
    fn openings(&self, snapshot: &Snapshot, typed: &str, most: usize) -> Result<Vec<Candidate>, IndexError> {
        let mut found = beginning(snapshot, typed, most * WEIGHED)?;
        // Of one letter there are too many to look through.
        let phrases = match typed.chars().count() {
            1 => Vec::new(),
            _ => beginning_in(snapshot, typed, most * WEIGHED, |shard| &shard.phrases)?,
        };
        for phrase in phrases {
            if self.ends_well(snapshot, &phrase.word)? {
                found.push(phrase);
            }
        }
        if found.is_empty() {
            found = near(snapshot, typed, true, true, most)?;
        }
        Ok(found)
    }

    /// Neighbours of the word before that begin so; when there are none, words that stand in the same products.
    fn continuations(
        &self,
        snapshot: &Snapshot,
        before: &[&str],
        neighbour: &str,
        last: &str,
        most: usize,
    ) -> Result<Vec<Candidate>, IndexError> {
        let opening = format!("{neighbour} {last}");
        let front = before[..before.len() - 1].iter().map(|word| format!("{word} ")).collect::<String>();
        let is_whole = |phrase: &Candidate| front.is_empty() && phrase.frequency > 0;
        let phrases = beginning_in(snapshot, &opening, most * WEIGHED, |shard| &shard.phrases)?;
        let words = beginning(snapshot, last, most * WEIGHED)?;
        let beside = words.into_iter().map(|found| Candidate {
            word: format!("{neighbour} {}", found.word),
            frequency: 0,
            ..found
        });
        let mut kept: Vec<Candidate> = Vec::new();
        for candidate in phrases.into_iter().chain(beside) {
            if kept.len() >= most {
                break;
            }
            // Neighbours that are all of it stand in a product's name: what they find is known.
            let is_found = is_whole(&candidate);
            let whole = Candidate { word: format!("{front}{}", candidate.word), ..candidate };
            let known = kept.iter().any(|known| known.word == whole.word);
            if !known && self.ends_well(snapshot, &whole.word)? && (is_found || self.finds(snapshot, &whole.word)?) {
                kept.push(whole);
            }
        }
        Ok(kept)
    }

    /// Not with a word that half of the products have: `rack with`.
    fn ends_well(&self, snapshot: &Snapshot, phrase: &str) -> Result<bool, IndexError> {
        let last = phrase.rsplit(' ').next().unwrap_or_default();
        let frequency = snapshot.frequency(&self.language.stem(last))?;
        Ok(snapshot.alive < 100 || u64::from(frequency) * 5 < snapshot.alive)
    }

    /// Whether a product has all the words.
    fn finds(&self, snapshot: &Snapshot, text: &str) -> Result<bool, IndexError> {
        let stems: Vec<String> = text.split(' ').map(|word| self.language.stem(word)).collect();
        Ok(snapshot.has_together(&stems)?)
    }

    /// Without those that differ only in their endings.
    fn distinct(&self, candidates: Vec<Candidate>, most: usize) -> Vec<String> {
        let mut seen = HashSet::new();
        let stems = |text: &str| text.split(' ').map(|word| self.language.stem(word)).collect::<Vec<_>>();
        let fresh = candidates.into_iter().map(|found| found.word).filter(|text| seen.insert(stems(text)));
        fresh.take(most).collect()
    }
}
