//! Looking through the words of the index: near misses and beginnings.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::io;

use tantivy::query::FuzzyTermQuery;
use tantivy::schema::Field;
use tantivy::{InvertedIndexReader, Term};

use super::snapshot::{Shard, Snapshot};

/// No more words of a dictionary are looked at for one beginning.
const MOST_SCANNED: usize = 50_000;
/// So many times as many entries as are wanted are taken from each segment.
const PER_SEGMENT: usize = 4;

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

/// One look for near words: how many letters may be wrong, whether the first may, and whether in descriptions.
struct Look {
    distance: u8,
    first_letter: bool,
    described: bool,
}

/// The looks for a word that nothing has, in their order. With two wrong letters the first is never one of them, or the
/// whole dictionary would have to be gone through.
const UNKNOWN: [Look; 4] = [
    Look { distance: 1, first_letter: true, described: false },
    Look { distance: 1, first_letter: true, described: true },
    Look { distance: 2, first_letter: false, described: false },
    Look { distance: 2, first_letter: false, described: true },
];
/// The only look for a word that some products have.
const KNOWN: [Look; 1] = [Look { distance: 1, first_letter: false, described: false }];

/// Words as near to this one as [`tolerance`] allows, the likeliest first; the first look that finds some is the last.
/// For a word that is known there is only one look.
pub(super) fn near(
    snapshot: &Snapshot,
    word: &str,
    beginnings: bool,
    known: bool,
    most: usize,
) -> tantivy::Result<Vec<Candidate>> {
    let mut found = HashMap::new();
    for look in if known { KNOWN.as_slice() } else { UNKNOWN.as_slice() } {
        if found.is_empty() && look.distance <= tolerance(word) {
            for shard in &snapshot.shards {
                near_in(if look.described { &shard.said } else { &shard.words }, word, beginnings, look, &mut found)?;
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
    look: &Look,
    found: &mut HashMap<String, Candidate>,
) -> tantivy::Result<()> {
    let term = Term::from_field_text(Field::from_field_id(0), word);
    let fuzzy = match beginnings {
        false => FuzzyTermQuery::new(term, look.distance, true),
        true => FuzzyTermQuery::new_prefix(term, look.distance, true),
    };
    for (from, to) in stretches(word, look.first_letter) {
        let mut stream = terms.terms().search(fuzzy.automaton()?).ge(from).lt(to).into_stream()?;
        let mut scanned = 0;
        while let Some((key, info)) = stream.next().filter(|_| scanned < MOST_SCANNED) {
            scanned += 1;
            let Ok(key) = std::str::from_utf8(key) else { continue };
            if key == word || key.bytes().any(|b| b.is_ascii_digit()) {
                continue;
            }
            let fresh = || Candidate { word: key.to_owned(), frequency: 0, distance: look.distance };
            found.entry(key.to_owned()).or_insert_with(fresh).frequency += info.doc_freq;
        }
    }
    Ok(())
}

/// The stretches of the dictionary to look through: all of it, or what begins with the first letter, or with the second,
/// which may have been swapped with it.
fn stretches(word: &str, first_letter: bool) -> Vec<(String, String)> {
    if first_letter {
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
        // A word of the whole's most frequent is among a segment's, but for what is spread very evenly.
        for (word, frequency) in most_frequent(dictionary(shard), prefix, most * PER_SEGMENT)? {
            *found.entry(word).or_default() += frequency;
        }
    }
    let candidate = |(word, frequency)| Candidate { word, frequency, distance: 0 };
    let mut found: Vec<Candidate> = found.into_iter().map(candidate).collect();
    found.sort_by(|a, b| b.frequency.cmp(&a.frequency).then_with(|| a.word.cmp(&b.word)));
    found.truncate(most);
    Ok(found)
}

/// The most frequent entries of one segment that begin so. Only these are copied: of a short beginning there are tens of
/// thousands.
fn most_frequent(dictionary: &InvertedIndexReader, prefix: &str, most: usize) -> io::Result<Vec<(String, u32)>> {
    let mut stream = dictionary.terms().range().ge(prefix).into_stream()?;
    let mut best: BinaryHeap<Reverse<(u32, String)>> = BinaryHeap::with_capacity(most + 1);
    let mut scanned = 0;
    while let Some((key, info)) = stream.next().filter(|(key, _)| key.starts_with(prefix.as_bytes())) {
        scanned += 1;
        if scanned == MOST_SCANNED {
            break;
        }
        let is_full = best.len() == most;
        if is_full && best.peek().is_some_and(|Reverse((least, _))| info.doc_freq <= *least) {
            continue;
        }
        let Ok(key) = std::str::from_utf8(key) else { continue };
        best.push(Reverse((info.doc_freq, key.to_owned())));
        if is_full {
            best.pop();
        }
    }
    Ok(best.into_iter().map(|Reverse((frequency, word))| (word, frequency)).collect())
}
