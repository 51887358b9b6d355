//! Looking through the words of the index: near misses and beginnings.

use std::collections::HashMap;
use std::io;

use tantivy::query::FuzzyTermQuery;
use tantivy::schema::Field;
use tantivy::{InvertedIndexReader, Term};

use super::snapshot::{Shard, Snapshot};

/// No more words of a dictionary are looked at for one beginning.
const MOST_SCANNED: usize = 50_000;

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

/// Words as near to this one as [`tolerance`] allows, nearest first, of the equally near the most frequent first.
pub(super) fn near(snapshot: &Snapshot, word: &str, beginnings: bool, most: usize) -> tantivy::Result<Vec<Candidate>> {
    let mut found: HashMap<String, Candidate> = HashMap::new();
    for allowed in 1..=tolerance(word) {
        for (terms, described) in snapshot.shards.iter().flat_map(dictionaries) {
            let term = Term::from_field_text(Field::from_field_id(0), word);
            let fuzzy = match beginnings {
                false => FuzzyTermQuery::new(term, allowed, true),
                true => FuzzyTermQuery::new_prefix(term, allowed, true),
            };
            let mut stream = terms.terms().search(fuzzy.automaton()?).into_stream()?;
            let mut scanned = 0;
            while let Some((key, info)) = stream.next().filter(|_| scanned < MOST_SCANNED) {
                scanned += 1;
                let Ok(key) = std::str::from_utf8(key) else { continue };
                let digits = key.bytes().any(|b| b.is_ascii_digit());
                if digits || described && info.doc_freq < 2 || key == word {
                    continue;
                }
                let frequency = if described { info.doc_freq.div_ceil(4) } else { info.doc_freq };
                let fresh = || Candidate { word: key.to_owned(), frequency: 0, distance: allowed };
                let candidate = found.entry(key.to_owned()).or_insert_with(fresh);
                if candidate.distance == allowed {
                    candidate.frequency += frequency;
                }
            }
        }
    }
    let mut found: Vec<Candidate> = found.into_values().collect();
    let first = word.chars().next();
    // A tenfold frequency makes up for much, but not for a letter more; the first letter is seldom wrong.
    let worth = |candidate: &Candidate| {
        let begins = if candidate.word.chars().next() == first { 0.0 } else { 1.5 };
        (1.0 + candidate.frequency as f32).ln() - 3.5 * f32::from(candidate.distance) - begins
    };
    found.sort_by(|a, b| worth(b).total_cmp(&worth(a)).then_with(|| a.word.cmp(&b.word)));
    found.truncate(most);
    Ok(found)
}

fn dictionaries(shard: &Shard) -> [(&InvertedIndexReader, bool); 2] {
    [(&shard.words, false), (&shard.said, true)]
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
            let Ok(key) = std::str::from_utf8(key) else { continue };
            *found.entry(key.to_owned()).or_default() += info.doc_freq;
            scanned += 1;
            if scanned == MOST_SCANNED {
                break;
            }
        }
    }
    let candidate = |(word, frequency)| Candidate { word, frequency, distance: 0 };
    let mut found: Vec<Candidate> = found.into_iter().map(candidate).collect();
    found.sort_by(|a, b| b.frequency.cmp(&a.frequency).then_with(|| a.word.cmp(&b.word)));
    found.truncate(most);
    Ok(found)
}
