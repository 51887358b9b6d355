//! What a reader sees between two commits.

use std::io;
use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{SegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, IndexReader, InvertedIndexReader, SegmentReader, TERMINATED, Term};

use super::index::{Fields, ID_HALVES, SCORED};
use super::weights::Weights;

/// No more products are looked at to see whether one has all of some words.
const MOST_LOOKED_AT: usize = 5_000;

/// One field of a shard.
pub(super) struct Column {
    pub(super) terms: Arc<InvertedIndexReader>,
    pub(super) lengths: FieldNormReader,
}

/// One segment of the index.
pub(super) struct Shard {
    pub(super) reader: SegmentReader,
    pub(super) ids: Arc<[u128]>,
    pub(super) scored: Vec<Column>,
    pub(super) words: Arc<InvertedIndexReader>,
    pub(super) said: Arc<InvertedIndexReader>,
    pub(super) pairs: Arc<InvertedIndexReader>,
    pub(super) phrases: Arc<InvertedIndexReader>,
}

/// The products of an index as of one commit, each in its place. Places hold as long as this does.
#[derive(Debug, Default, PartialEq)]
pub struct Products {
    /// The place of the first of each segment.
    starts: Vec<u32>,
    ids: Vec<Arc<[u128]>>,
}

impl Products {
    fn of(shards: &[Shard]) -> Self {
        let mut next = 0;
        let mut start = |shard: &Shard| {
            let start = next;
            next += shard.ids.len() as u32;
            start
        };
        Self {
            starts: shards.iter().map(&mut start).collect(),
            ids: shards.iter().map(|shard| shard.ids.clone()).collect(),
        }
    }

    /// The place of a document of a segment.
    pub(super) fn place(&self, (shard, document): (u32, u32)) -> u32 {
        self.starts[shard as usize] + document
    }

    /// The product in a place.
    pub fn id(&self, place: u32) -> u128 {
        let shard = self.starts.partition_point(|start| *start <= place) - 1;
        self.ids[shard][(place - self.starts[shard]) as usize]
    }

    /// All of them, place by place; some have been taken away or stand in a later place again.
    pub fn iter(&self) -> impl Iterator<Item = u128> {
        self.ids.iter().flat_map(|ids| ids.iter().copied())
    }
}

/// The whole index as of one commit.
pub(super) struct Snapshot {
    pub(super) shards: Vec<Shard>,
    pub(super) products: Arc<Products>,
    /// Per scored field and coded length: what one occurrence counts before saturation.
    pub(super) tables: Vec<[f32; 256]>,
    pub(super) alive: u64,
}

impl Snapshot {
    /// What the reader sees now; ids of segments that were there before are taken over.
    pub(super) fn of(
        reader: &IndexReader,
        fields: &Fields,
        weights: &Weights,
        before: Option<&Snapshot>,
    ) -> tantivy::Result<Snapshot> {
        let searcher = reader.searcher();
        let shard = |reader: &SegmentReader| Shard::of(reader, fields, before);
        let shards = searcher.segment_readers().iter().map(shard).collect::<tantivy::Result<Vec<_>>>()?;
        let tables = (0..SCORED.len()).map(|field| table(field, &shards, weights)).collect();
        let products = Arc::new(Products::of(&shards));
        Ok(Snapshot { shards, products, tables, alive: searcher.num_docs() })
    }

    /// In how many products a term stands: of all scored fields the one in which most have it.
    pub(super) fn frequency(&self, term: &str) -> io::Result<u32> {
        let mut most = 0;
        for field in 0..SCORED.len() {
            let mut count = 0;
            for shard in &self.shards {
                count += frequency(&shard.scored[field].terms, term)?;
            }
            most = most.max(count);
        }
        Ok(most)
    }

    /// Whether a product has all of these terms, each in any field. Where that takes long to say, it is no.
    pub(super) fn has_together(&self, terms: &[String]) -> tantivy::Result<bool> {
        let mut looked = 0;
        for shard in &self.shards {
            let mut postings = terms.iter().map(|term| shard.postings(term)).collect::<tantivy::Result<Vec<_>>>()?;
            postings.sort_by_key(|of_term| of_term.iter().map(|one| one.doc_freq()).sum::<u32>());
            let Some((rarest, others)) = postings.split_first_mut() else { return Ok(false) };
            // Within a product the words may stand in any fields, so each is followed by itself.
            let mut candidate = rarest.iter().map(|one| one.doc()).min().unwrap_or(TERMINATED);
            while candidate != TERMINATED && looked < MOST_LOOKED_AT {
                looked += 1;
                let has = |of_term: &mut Vec<SegmentPostings>| of_term.iter_mut().any(|one| reach(one, candidate));
                if !shard.reader.is_deleted(candidate) && others.iter_mut().all(has) {
                    return Ok(true);
                }
                let after = |one: &mut SegmentPostings| if one.doc() == candidate { one.advance() } else { one.doc() };
                candidate = rarest.iter_mut().map(after).min().unwrap_or(TERMINATED);
            }
        }
        Ok(false)
    }

    /// In how many names two terms are neighbours.
    pub(super) fn pair_frequency(&self, pair: &str) -> io::Result<u32> {
        self.shards.iter().map(|shard| frequency(&shard.pairs, pair)).sum()
    }

    /// Whether there is a product with this id.
    pub(super) fn holds(&self, id: Term) -> tantivy::Result<bool> {
        for shard in &self.shards {
            let terms = shard.reader.inverted_index(id.field())?;
            let Some(postings) = terms.read_postings(&id, IndexRecordOption::Basic)? else { continue };
            if postings.doc() != TERMINATED && !shard.reader.is_deleted(postings.doc()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// How rare something is that so many products have: the `idf` of BM25, never negative.
    pub(super) fn rarity(&self, frequency: u32) -> f32 {
        let (all, some) = (self.alive as f32, frequency as f32);
        (1.0 + ((all - some).max(0.0) + 0.5) / (some + 0.5)).ln()
    }
}

fn frequency(terms: &InvertedIndexReader, term: &str) -> io::Result<u32> {
    Ok(info(terms, term)?.map_or(0, |info| info.doc_freq))
}

/// Where the postings of a term lie.
pub(super) fn info(terms: &InvertedIndexReader, term: &str) -> io::Result<Option<TermInfo>> {
    terms.terms().get(term.as_bytes())
}

/// Goes on to a document; whether it is there.
fn reach(postings: &mut SegmentPostings, document: u32) -> bool {
    postings.doc() == document || (postings.doc() < document && postings.seek(document) == document)
}

impl Shard {
    /// The documents that have a term, by field.
    fn postings(&self, term: &str) -> tantivy::Result<Vec<SegmentPostings>> {
        let mut postings = Vec::new();
        for column in &self.scored {
            if let Some(info) = info(&column.terms, term)? {
                postings.push(column.terms.read_postings_from_terminfo(&info, IndexRecordOption::Basic)?);
            }
        }
        Ok(postings)
    }

    fn of(reader: &SegmentReader, fields: &Fields, before: Option<&Snapshot>) -> tantivy::Result<Shard> {
        let id = reader.segment_id();
        let known = before.and_then(|before| before.shards.iter().find(|shard| shard.reader.segment_id() == id));
        let column = |field: Field| {
            let lengths = reader.get_fieldnorms_reader(field)?;
            Ok(Column { terms: reader.inverted_index(field)?, lengths })
        };
        Ok(Shard {
            ids: known.map_or_else(|| ids(reader), |shard| Ok(shard.ids.clone()))?,
            scored: fields.scored.into_iter().map(column).collect::<tantivy::Result<Vec<_>>>()?,
            words: reader.inverted_index(fields.words)?,
            said: reader.inverted_index(fields.said)?,
            pairs: reader.inverted_index(fields.pairs)?,
            phrases: reader.inverted_index(fields.phrases)?,
            reader: reader.clone(),
        })
    }
}

fn ids(reader: &SegmentReader) -> tantivy::Result<Arc<[u128]>> {
    let [high, low] = ID_HALVES.map(|half| reader.fast_fields().u64(half));
    let (high, low) = (high?.first_or_default_col(0), low?.first_or_default_col(0));
    let id = |doc| u128::from(high.get_val(doc)) << 64 | u128::from(low.get_val(doc));
    Ok((0..reader.max_doc()).map(id).collect())
}

/// BM25F: an occurrence counts `weight / (1 - b + b * length / average length)`.
fn table(field: usize, shards: &[Shard], weights: &Weights) -> [f32; 256] {
    let tokens: u64 = shards.iter().map(|shard| shard.scored[field].terms.total_num_tokens()).sum();
    let documents: u64 = shards.iter().map(|shard| u64::from(shard.reader.max_doc())).sum();
    let average = (tokens as f32 / documents.max(1) as f32).max(1.0);
    let (weight, b) = (weights.fields[field], weights.lengths[field]);
    let mut table = [0.0; 256];
    for (code, slot) in (0..=u8::MAX).zip(&mut table) {
        *slot = weight / (1.0 - b + b * FieldNormReader::id_to_fieldnorm(code) as f32 / average);
    }
    table
}
