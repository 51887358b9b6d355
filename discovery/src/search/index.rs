//! The index: where it lies, what is written into it and what a reader sees.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tantivy::directory::MmapDirectory;
use tantivy::indexer::NoMergePolicy;
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, SegmentMeta, TantivyDocument, Term};

use super::language::Language;
use super::snapshot::Snapshot;
use super::terms::Terms;
use super::weights::Weights;

/// Raised whenever the analysis or the fields change: an index of another number is built anew.
const SCHEMA: u32 = 1;
/// Memory of the writer before it lays down a segment, in bytes.
const WRITER_MEMORY: usize = 48 << 20;

/// The fields that are scored, in the order of [`Weights::fields`].
pub(super) const SCORED: [&str; 7] = ["name", "brand", "kind", "tags", "text", "code", "rest"];

/// A product as it is searched.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The product's id.
    pub id: u128,
    /// Its name.
    pub name: String,
    /// Its brand or vendor.
    pub brand: Option<String>,
    /// The names of the categories it lies in.
    pub categories: Vec<String>,
    /// The values of its options: `Red`, `XL`.
    pub options: Vec<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its attributes, names with values.
    pub attributes: Vec<(String, String)>,
    /// Its description, as plain text.
    pub description: String,
    /// SKUs, barcodes and model numbers.
    pub codes: Vec<String>,
}

/// How an index was found when it was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// It is empty: there was none, or one of an older schema or another language.
    New,
    /// It holds everything up to this position.
    At(i64),
}

/// Why the index can't be used.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The folder can't be made or read.
    #[error("the search index can't be kept in {folder}: {source}; let the folder be written to, or choose another")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The engine failed.
    #[error("the search index failed: {0}; it can be removed and is then built anew")]
    Engine(#[from] tantivy::TantivyError),
    /// Its files can't be read.
    #[error("the search index can't be read: {0}; it can be removed and is then built anew")]
    Read(#[from] std::io::Error),
}

/// A search index over the products of a shop in one language.
pub struct Index {
    pub(super) language: Language,
    pub(super) weights: Weights,
    fields: Fields,
    writer: Mutex<IndexWriter>,
    reader: IndexReader,
    snapshot: RwLock<Arc<Snapshot>>,
}

impl Index {
    /// Opens the index in a folder, or an empty one in memory. Indexes of an older schema or another language that lie
    /// in the folder are removed.
    pub fn open(folder: Option<&Path>, language: Language) -> Result<(Index, Opened), IndexError> {
        Index::open_weighted(folder, language, Weights::default())
    }

    /// Opens an index that ranks by weights of one's own.
    pub fn open_weighted(
        folder: Option<&Path>,
        language: Language,
        weights: Weights,
    ) -> Result<(Index, Opened), IndexError> {
        let fields = Fields::new();
        let index = match folder {
            None => tantivy::Index::create_in_ram(fields.schema.clone()),
            Some(folder) => {
                let directory = MmapDirectory::open(prepare(folder, language)?).map_err(tantivy::TantivyError::from)?;
                tantivy::Index::open_or_create(directory, fields.schema.clone())?
            }
        };
        let position = index.load_metas()?.payload.and_then(|payload| payload.parse().ok());
        let writer: IndexWriter = index.writer_with_num_threads(1, WRITER_MEMORY)?;
        // What is merged and when is said in `tidy`: a merge that nobody waits for is seen by nobody.
        writer.set_merge_policy(Box::new(NoMergePolicy));
        let writer = Mutex::new(writer);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let snapshot = RwLock::new(Arc::new(Snapshot::of(&reader, &fields, &weights, None)?));
        let opened = position.map_or(Opened::New, Opened::At);
        Ok((Index { language, weights, fields, writer, reader, snapshot }, opened))
    }

    /// Replaces documents by their ids, removes others, and is then current to the position. Readers see all of it at
    /// once; when it fails, nothing of it.
    pub fn update(
        &self,
        documents: impl IntoIterator<Item = Document>,
        removed: impl IntoIterator<Item = u128>,
        position: i64,
    ) -> Result<(), IndexError> {
        self.write(position, |writer| {
            for id in removed {
                writer.delete_term(self.fields.id_term(id));
            }
            for document in documents {
                writer.delete_term(self.fields.id_term(document.id));
                writer.add_document(self.fields.document(&document, self.language))?;
            }
            Ok(())
        })
    }

    /// Replaces everything; the old is searched until the new stands. Memory stays bounded however many come.
    pub fn rebuild(&self, documents: impl IntoIterator<Item = Document>, position: i64) -> Result<(), IndexError> {
        self.write(position, |writer| {
            writer.delete_all_documents()?;
            for document in documents {
                writer.add_document(self.fields.document(&document, self.language))?;
            }
            Ok(())
        })
    }

    fn write(
        &self,
        position: i64,
        changes: impl FnOnce(&mut IndexWriter) -> tantivy::Result<()>,
    ) -> Result<(), IndexError> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = changes(&mut writer).and_then(|()| commit(&mut writer, position)) {
            writer.rollback()?;
            return Err(error.into());
        }
        self.show()?;
        // It is found already; with fewer segments it is found sooner.
        if tidy(&mut writer)? {
            self.show()?;
        }
        Ok(())
    }

    /// Lets readers see what was committed.
    fn show(&self) -> Result<(), IndexError> {
        self.reader.reload()?;
        let snapshot = Snapshot::of(&self.reader, &self.fields, &self.weights, Some(&self.snapshot()))?;
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
        Ok(())
    }

    /// The same index, ranking by other weights.
    pub fn reweighed(self, weights: Weights) -> Result<Index, IndexError> {
        let snapshot = Snapshot::of(&self.reader, &self.fields, &weights, Some(&self.snapshot()))?;
        Ok(Index { snapshot: RwLock::new(Arc::new(snapshot)), weights, ..self })
    }

    /// How many products it holds.
    pub fn count(&self) -> u64 {
        self.snapshot().alive
    }

    pub(super) fn id_term(&self, id: u128) -> Term {
        self.fields.id_term(id)
    }

    pub(super) fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn commit(writer: &mut IndexWriter, position: i64) -> tantivy::Result<()> {
    let mut commit = writer.prepare_commit()?;
    commit.set_payload(&position.to_string());
    commit.commit()?;
    Ok(())
}

/// Merges the smaller segments until each is larger than all that are smaller together: every word is looked up in every
/// segment. A large one is rewritten only when as much has come in since. Answers whether anything was merged.
fn tidy(writer: &mut IndexWriter) -> tantivy::Result<bool> {
    let mut segments = writer.index().searchable_segment_metas()?;
    segments.sort_by_key(SegmentMeta::num_docs);
    let (mut smaller, mut merged) = (0, 0);
    for (at, segment) in segments.iter().enumerate() {
        if at > 0 && segment.num_docs() <= smaller {
            merged = at + 1;
        }
        smaller += segment.num_docs();
    }
    if merged == 0 {
        return Ok(false);
    }
    let ids: Vec<_> = segments[..merged].iter().map(SegmentMeta::id).collect();
    writer.merge(&ids).wait()?;
    Ok(true)
}

/// Makes the folder of this schema and language and removes its siblings.
fn prepare(folder: &Path, language: Language) -> Result<PathBuf, IndexError> {
    let failed = |source| IndexError::Folder { folder: folder.to_owned(), source };
    let name = format!("products-{}-{SCHEMA}", language.name());
    let current = folder.join(&name);
    std::fs::create_dir_all(&current).map_err(failed)?;
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let other = entry.file_name().to_string_lossy().starts_with("products-") && *entry.file_name() != *name;
        if other && entry.file_type().map_err(failed)?.is_dir() {
            std::fs::remove_dir_all(entry.path()).map_err(failed)?;
        }
    }
    Ok(current)
}

/// The fields of the schema.
pub(super) struct Fields {
    schema: Schema,
    id: Field,
    high: Field,
    low: Field,
    pub(super) scored: [Field; SCORED.len()],
    /// Words of names, brands, categories, options and tags as they're written.
    pub(super) words: Field,
    /// Words of descriptions as they're written.
    pub(super) said: Field,
    /// Neighbouring terms of names.
    pub(super) pairs: Field,
    /// Neighbouring words of names as they're written, and whole brands and categories.
    pub(super) phrases: Field,
}

/// The columns of a product's id, its two halves.
pub(super) const ID_HALVES: [&str; 2] = ["high", "low"];

impl Fields {
    fn new() -> Fields {
        use tantivy::schema::{FAST, INDEXED};
        let mut schema = Schema::builder();
        let text = |option, lengths| {
            let indexing = TextFieldIndexing::default().set_index_option(option).set_fieldnorms(lengths);
            TextOptions::default().set_indexing_options(indexing)
        };
        let id = schema.add_bytes_field("id", INDEXED);
        let [high, low] = ID_HALVES.map(|half| schema.add_u64_field(half, FAST));
        let scored = SCORED.map(|name| schema.add_text_field(name, text(IndexRecordOption::WithFreqs, true)));
        let [words, said, pairs, phrases] = ["words", "said", "pairs", "phrases"]
            .map(|name| schema.add_text_field(name, text(IndexRecordOption::Basic, false)));
        Fields { schema: schema.build(), id, high, low, scored, words, said, pairs, phrases }
    }

    fn id_term(&self, id: u128) -> Term {
        Term::from_field_bytes(self.id, &id.to_be_bytes())
    }

    fn document(&self, document: &Document, language: Language) -> TantivyDocument {
        let Document { id, name, brand, categories, options, tags, attributes, description, codes } = document;
        let attributes = attributes.iter().flat_map(|(name, value)| [name, value]);
        let read = |texts: Vec<&String>| {
            let mut terms = Terms::default();
            texts.into_iter().for_each(|text| terms.add(text, language));
            terms
        };
        let whole_name = read(vec![name]);
        let (head, rest) = language.head_and_rest(name);
        let parts = [
            read(vec![&head.to_owned()]),
            read(brand.iter().collect()),
            read(categories.iter().chain(options).collect()),
            read(tags.iter().chain(attributes).collect()),
            read(vec![description]),
            read(codes.iter().collect()),
            read(vec![&rest.to_owned()]),
        ];
        let mut indexed = TantivyDocument::default();
        indexed.add_bytes(self.id, &id.to_be_bytes());
        let [high, low] = halves(*id);
        indexed.add_u64(self.high, high);
        indexed.add_u64(self.low, low);
        let whole = brand.iter().chain(categories).map(|text| super::fold::fold(text).trim().to_owned());
        let [_, brand_terms, kind_terms, tag_terms, text_terms, ..] = &parts;
        add_once(&mut indexed, self.said, text_terms.words.iter());
        let words = [&whole_name, brand_terms, kind_terms, tag_terms].into_iter().flat_map(|part| &part.words);
        add_once(&mut indexed, self.words, words);
        add_once(&mut indexed, self.pairs, whole_name.pairs.iter());
        let whole: Vec<String> = whole.filter(|text| !text.is_empty()).collect();
        add_once(&mut indexed, self.phrases, whole_name.phrases.iter().chain(&whole));
        for (field, part) in self.scored.into_iter().zip(parts) {
            add(&mut indexed, field, part.terms.iter());
        }
        indexed
    }
}

/// Adds texts to a field that doesn't count them, every one once.
fn add_once<'a>(document: &mut TantivyDocument, field: Field, texts: impl Iterator<Item = &'a String>) {
    let mut texts: Vec<&String> = texts.collect();
    texts.sort_unstable();
    texts.dedup();
    add(document, field, texts.into_iter());
}

fn add<'a>(document: &mut TantivyDocument, field: Field, texts: impl Iterator<Item = &'a String>) {
    // No field keeps positions, so they may all be 0; the default would overflow.
    let token = |text: &String| Token { text: text.clone(), position: 0, ..Token::default() };
    let tokens: Vec<Token> = texts.map(token).collect();
    if !tokens.is_empty() {
        document.add_pre_tokenized_text(field, PreTokenizedString { text: String::new(), tokens });
    }
}

fn halves(id: u128) -> [u64; 2] {
    let bytes = id.to_be_bytes();
    let half = |from: usize| bytes[from..from + 8].iter().fold(0, |half, byte| half << 8 | u64::from(*byte));
    [half(0), half(8)]
}
