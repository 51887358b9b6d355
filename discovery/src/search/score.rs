//! Scores: BM25F over the fields, the best meaning of every word, and neighbours on top.

use std::cell::RefCell;
use std::io;

use tantivy::InvertedIndexReader;
use tantivy::TERMINATED;
use tantivy::schema::IndexRecordOption;

use super::plan::{Meaning, Plan, Slot};
use super::snapshot::{Shard, Snapshot, info};
use super::weights::Weights;

/// A product that has some of the words.
pub(super) struct Match {
    /// Its segment, and its place there.
    pub(super) place: (u32, u32),
    /// One bit per word of the query that it has.
    pub(super) words: u16,
    pub(super) score: f32,
}

/// Room to add up scores, kept from query to query; everything is zero in between.
#[derive(Default)]
struct Board {
    /// Weighted occurrences of one term, per document.
    occurrences: Vec<f32>,
    /// The documents that have some.
    touched: Vec<u32>,
    /// The best score of one word of the query.
    best: Vec<f32>,
    with_best: Vec<u32>,
    total: Vec<f32>,
    words: Vec<u16>,
    matched: Vec<u32>,
    /// Only documents that have a word already are looked at.
    matched_only: bool,
}

thread_local! {
    static BOARD: RefCell<Board> = RefCell::default();
}

/// Which products are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Those that have all of the words: what lacks the rarest is not looked at any more.
    Whole,
    /// Those that have any.
    Any,
}

/// All products that have the words that are wanted.
pub(super) fn score(snapshot: &Snapshot, plan: &Plan, weights: &Weights, wanted: Wanted) -> io::Result<Vec<Match>> {
    BOARD.with_borrow_mut(|board| {
        let mut matches = Vec::new();
        for (number, shard) in (0..).zip(&snapshot.shards) {
            let mut scoring = Scoring { number, shard, tables: &snapshot.tables, weights, board, wanted };
            let scored = scoring.shard(plan, &mut matches);
            if scored.is_err() {
                *board = Board::default();
                scored?;
            }
        }
        Ok(matches)
    })
}

struct Scoring<'a> {
    number: u32,
    shard: &'a Shard,
    tables: &'a [[f32; 256]],
    weights: &'a Weights,
    board: &'a mut Board,
    wanted: Wanted,
}

impl Scoring<'_> {
    fn shard(&mut self, plan: &Plan, matches: &mut Vec<Match>) -> io::Result<()> {
        self.board.make_room(self.shard.ids.len());
        for (order, (at, slot)) in plan.by_rarity().into_iter().enumerate() {
            self.board.matched_only = order > 0 && (slot.frequent || self.wanted == Wanted::Whole);
            self.slot(slot)?;
            self.board.keep(1 << at);
        }
        self.board.matched_only = true;
        for (at, pair) in &plan.near {
            let rarity = (plan.slots[*at].rarity + plan.slots[*at + 1].rarity) / 2.0;
            self.neighbours(pair, rarity * self.weights.nearness)?;
        }
        let alive = self.shard.reader.alive_bitset();
        let least = if self.wanted == Wanted::Whole { plan.all_words() } else { 0 };
        let board = &mut *self.board;
        for doc in board.matched.drain(..) {
            let at = doc as usize;
            let (score, words) = (std::mem::take(&mut board.total[at]), std::mem::take(&mut board.words[at]));
            if words & least == least && alive.is_none_or(|alive| alive.is_alive(doc)) {
                matches.push(Match { place: (self.number, doc), words, score });
            }
        }
        Ok(())
    }

    /// The best of a word's meanings, per document.
    fn slot(&mut self, slot: &Slot) -> io::Result<()> {
        for alternative in &slot.alternatives {
            let weight = alternative.weight * slot.rarity;
            match &alternative.meaning {
                Meaning::Term(term) => {
                    self.count(term)?;
                    self.board.improve(weight, self.weights.saturation);
                }
                Meaning::Pair(pair) => {
                    self.count_pair(pair)?;
                    self.board.improve(weight, self.weights.saturation);
                }
                Meaning::All(terms) => self.all(terms, weight)?,
            }
        }
        Ok(())
    }

    /// Adds up the occurrences of a term over the fields.
    fn count(&mut self, term: &str) -> io::Result<()> {
        for (column, table) in self.shard.scored.iter().zip(self.tables) {
            let board = &mut *self.board;
            each(&column.terms, term, |doc, frequency| {
                board.add(doc, table[usize::from(column.lengths.fieldnorm_id(doc))] * frequency as f32);
            })?;
        }
        Ok(())
    }

    /// Two neighbours in the name count as one word there.
    fn count_pair(&mut self, pair: &str) -> io::Result<()> {
        let (name, table, board) = (&self.shard.scored[0], &self.tables[0], &mut *self.board);
        each(&self.shard.pairs, pair, |doc, _| board.add(doc, table[usize::from(name.lengths.fieldnorm_id(doc))]))
    }

    /// Documents that have all the terms, scored by the one that counts least.
    fn all(&mut self, terms: &[String], weight: f32) -> io::Result<()> {
        let mut least: Vec<(u32, f32)> = Vec::new();
        for (nth, term) in terms.iter().enumerate() {
            self.count(term)?;
            let board = &mut *self.board;
            if nth == 0 {
                least.extend(board.touched.iter().map(|doc| (*doc, board.occurrences[*doc as usize])));
            } else {
                least.retain_mut(|(doc, least)| {
                    *least = least.min(board.occurrences[*doc as usize]);
                    *least > 0.0
                });
            }
            board.clear_counts();
        }
        for (doc, count) in least {
            self.board.add(doc, count);
        }
        self.board.improve(weight, self.weights.saturation);
        Ok(())
    }

    fn neighbours(&mut self, pair: &str, weight: f32) -> io::Result<()> {
        self.count_pair(pair)?;
        let saturation = self.weights.saturation;
        let board = &mut *self.board;
        for doc in board.touched.drain(..) {
            let at = doc as usize;
            let count = std::mem::take(&mut board.occurrences[at]);
            board.total[at] += weight * count / (saturation + count);
        }
        Ok(())
    }
}

/// Calls for every document that has the term, with how often.
fn each(terms: &InvertedIndexReader, term: &str, mut found: impl FnMut(u32, u32)) -> io::Result<()> {
    let Some(info) = info(terms, term)? else { return Ok(()) };
    let mut block = terms.read_block_postings_from_terminfo(&info, IndexRecordOption::WithFreqs)?;
    while block.docs().first().is_some_and(|doc| *doc != TERMINATED) {
        let frequencies = block.freqs().iter().copied().chain(std::iter::repeat(1));
        block.docs().iter().zip(frequencies).for_each(|(doc, frequency)| found(*doc, frequency));
        block.advance();
    }
    Ok(())
}

impl Board {
    fn make_room(&mut self, documents: usize) {
        if self.total.len() < documents {
            self.occurrences.resize(documents, 0.0);
            self.best.resize(documents, 0.0);
            self.total.resize(documents, 0.0);
            self.words.resize(documents, 0);
        }
    }

    fn add(&mut self, doc: u32, count: f32) {
        if self.matched_only && self.words[doc as usize] == 0 {
            return;
        }
        let occurrences = &mut self.occurrences[doc as usize];
        if *occurrences == 0.0 {
            self.touched.push(doc);
        }
        *occurrences += count;
    }

    fn clear_counts(&mut self) {
        for doc in self.touched.drain(..) {
            self.occurrences[doc as usize] = 0.0;
        }
    }

    /// Turns occurrences into scores and keeps them where they're better than those of another meaning.
    fn improve(&mut self, weight: f32, saturation: f32) {
        for doc in self.touched.drain(..) {
            let count = std::mem::take(&mut self.occurrences[doc as usize]);
            let score = weight * count / (saturation + count);
            let best = &mut self.best[doc as usize];
            if *best == 0.0 && score > 0.0 {
                self.with_best.push(doc);
            }
            *best = best.max(score);
        }
    }

    /// Adds the best score of a word to the totals.
    fn keep(&mut self, word: u16) {
        for doc in self.with_best.drain(..) {
            let at = doc as usize;
            if self.words[at] == 0 {
                self.matched.push(doc);
            }
            self.words[at] |= word;
            self.total[at] += std::mem::take(&mut self.best[at]);
        }
    }
}
