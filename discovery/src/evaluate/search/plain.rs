//! The plain engine beside ours: Tantivy's BM25 over name and description, lower case and stems, any word counting.

use std::collections::HashMap;

use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{FAST, Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{LowerCaser, RemoveLongFilter, SimpleTokenizer, TextAnalyzer};
use tantivy::{Searcher, TantivyDocument, Term};

use crate::search::{Document, IndexError, Language};

/// Plain BM25.
pub struct Plain {
    searcher: Searcher,
    text: Field,
    analyzer: TextAnalyzer,
}

impl Plain {
    /// Indexes the documents.
    pub fn new(documents: &[Document], language: Language) -> Result<Plain, IndexError> {
        let analyzer = analyzer(language);
        let mut schema = Schema::builder();
        let indexing =
            TextFieldIndexing::default().set_tokenizer("plain").set_index_option(IndexRecordOption::WithFreqs);
        let text = schema.add_text_field("text", TextOptions::default().set_indexing_options(indexing));
        let id = schema.add_u64_field("id", FAST);
        let index = tantivy::Index::create_in_ram(schema.build());
        index.tokenizers().register("plain", analyzer.clone());
        let mut writer = index.writer_with_num_threads(1, 48 << 20)?;
        for (number, document) in (0..).zip(documents) {
            let mut indexed = TantivyDocument::default();
            indexed.add_text(text, format!("{} {}", document.name, document.description));
            indexed.add_u64(id, number);
            writer.add_document(indexed)?;
        }
        writer.commit()?;
        Ok(Plain { searcher: index.reader()?.searcher(), text, analyzer })
    }

    /// The ids of the best fifty.
    pub fn search(&self, text: &str) -> Result<Vec<u128>, IndexError> {
        let mut analyzer = self.analyzer.clone();
        let mut words: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        analyzer.token_stream(text).process(&mut |token| {
            let term = Term::from_field_text(self.text, &token.text);
            words.push((Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))));
        });
        let best = self.searcher.search(&BooleanQuery::new(words), &TopDocs::with_limit(50).order_by_score())?;
        let mut columns = HashMap::new();
        let mut ids = Vec::new();
        for (_, address) in best {
            let column = match columns.entry(address.segment_ord) {
                std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
                std::collections::hash_map::Entry::Vacant(new) => {
                    let segment = self.searcher.segment_reader(address.segment_ord);
                    new.insert(segment.fast_fields().u64("id")?.first_or_default_col(0))
                }
            };
            ids.push(u128::from(column.get_val(address.doc_id)));
        }
        Ok(ids)
    }
}

fn analyzer(language: Language) -> TextAnalyzer {
    let words =
        TextAnalyzer::builder(SimpleTokenizer::default()).filter(RemoveLongFilter::limit(40)).filter(LowerCaser);
    match language.engine() {
        Some(language) => words.filter(tantivy::tokenizer::Stemmer::new(language)).build(),
        None => words.build(),
    }
}
