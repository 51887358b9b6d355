//! Looking through the words of the index: near misses and beginnings.

use std::collections::HashMap;
use std::io;

use tantivy::query::FuzzyTermQuery;
use tantivy::schema::Field;
use tantivy::{InvertedIndexReader, Term};

use super::snapshot::{Shard, Snapshot};

/// No more words of a dictionary are looked at for one beginning.
const MOST_SCANNED: usize = 50_000;
/// After so many the rare ones are passed over.
const MANY: usize = 1_000;

/// A word of the index and how many products have it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Candidate {
    pub(super) word: String,
    pub(super) frequency: u32,
    /// Letters that differ from what was asked for.
    pub(super) distance: u8,
}

/// How many letters of a word may be wrong, as Elasticsearch's `AUTO`: none to two letters, one to five, two beyond;
/// none where there are digits.
pub(super) fn tolerance(word: &str) -> u8 {
    if word.bytes().any(|b| b.is_ascii_digit()) {
        return 0;
    }
    match word.chars().count() {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    }
}

/// Words as near to this one as [`tolerance`] and `reach` allow, the likeliest first. Farther ones, and words that only
/// descriptions have, are looked for when there are no nearer ones.
pub(super) fn near(
    snapshot: &Snapshot,
    word: &str,
    beginnings: bool,
    reach: u8,
    most: usize,
) -> tantivy::Result<Vec<Candidate>> {
    let mut found = HashMap::new();
    for distance in 1..=tolerance(word).min(reach) {
        for dictionary in [|shard: &Shard| shard.words.clone(), |shard: &Shard| shard.said.clone()] {
            if found.is_empty() {
                for shard in &snapshot.shards {
                    near_in(&dictionary(shard), word, beginnings, distance, &mut found)?;
                }
            }
        }
    }
    let mut found: Vec<Candidate> = found.into_values().collect();
    found.sort_by(|a, b| likelihood(b, word).total_cmp(&likelihood(a, word)).then_with(|| a.word.cmp(&b.word)));
    found.truncate(most);
    Ok(found)
}

/// A frequent word is likelier than a rare one; the first letter is seldom wrong.
fn likelihood(candidate: &Candidate, word: &str) -> f32 {
    let begins = if candidate.word.chars().next() == word.chars().next() { 0.0 } else { 1.5 };
    (1.0 + candidate.frequency as f32).ln() - begins
}

fn near_in(
    terms: &InvertedIndexReader,
    word: &str,
    beginnings: bool,
    distance: u8,
    found: &mut HashMap<String, Candidate>,
) -> tantivy::Result<()> {
    let term = Term::from_field_text(Field::from_field_id(0), word);
    let fuzzy = match beginnings {
        false => FuzzyTermQuery::new(term, distance, true),
        true => FuzzyTermQuery::new_prefix(term, distance, true),
    };
    for (from, to) in beginnings_to_try(word, distance) {
        let mut stream = terms.terms().search(fuzzy.automaton()?).ge(from).lt(to).into_stream()?;
        let mut scanned = 0;
        while let Some((key, info)) = stream.next().filter(|_| scanned < MOST_SCANNED) {
            scanned += 1;
            let Ok(key) = std::str::from_utf8(key) else { continue };
            if key == word || key.bytes().any(|b| b.is_ascii_digit()) {
                continue;
            }
            let fresh = || Candidate { word: key.to_owned(), frequency: 0, distance };
            found.entry(key.to_owned()).or_insert_with(fresh).frequency += info.doc_freq;
        }
    }
    Ok(())
}

/// Where in the dictionary to look. At a distance of two the whole of it would take long: then the first letter is
/// right, or was swapped with the second.
fn beginnings_to_try(word: &str, distance: u8) -> Vec<(String, String)> {
    if distance < 2 {
        return vec![(String::new(), char::MAX.to_string())];
    }
    let mut letters: Vec<char> = word.chars().take(2).collect();
    letters.dedup();
    letters.into_iter().map(|letter| (letter.to_string(), format!("{letter}{}", char::MAX))).collect()
}

/// The most frequent words of names, brands, categories, options and tags that begin so.
pub(super) fn beginning(snapshot: &Snapshot, prefix: &str, most: usize) -> io::Result<Vec<Candidate>> {
    beginning_in(snapshot, prefix, most, |shard| &shard.words)
}

/// The most frequent entries of a dictionary that begin so.
pub(super) fn beginning_in(
    snapshot: &Snapshot,
    prefix: &str,
    most: usize,
    dictionary: impl Fn(&Shard) -> &InvertedIndexReader,
) -> io::Result<Vec<Candidate>> {
    let mut found: HashMap<String, u32> = HashMap::new();
    for shard in &snapshot.shards {
        let mut stream = dictionary(shard).terms().range().ge(prefix).into_stream()?;
        let mut scanned = 0;
        while let Some((key, info)) = stream.next().filter(|(key, _)| key.starts_with(prefix.as_bytes())) {
            scanned += 1;
            if scanned == MOST_SCANNED {
                break;
            }
            // Of a short beginning there are so many that what only one product has can't come to the front.
            if scanned > MANY && info.doc_freq < 2 {
                continue;
            }
            let Ok(key) = std::str::from_utf8(key) else { continue };
            *found.entry(key.to_owned()).or_default() += info.doc_freq;
        }
    }
    let candidate = |(word, frequency)| Candidate { word, frequency, distance: 0 };
    let mut found: Vec<Candidate> = found.into_iter().map(candidate).collect();
    found.sort_by(|a, b| b.frequency.cmp(&a.frequency).then_with(|| a.word.cmp(&b.word)));
    found.truncate(most);
    Ok(found)
}
