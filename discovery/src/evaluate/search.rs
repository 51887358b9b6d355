//! Searches against judgements: how good plain BM25 and ours are, with and without typos.

mod files;
mod plain;
#[cfg(test)]
mod tests;
mod typos;

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::time::Instant;

use super::measures::{mean, ndcg, percentile, recall};
use crate::search::{Index, IndexError, Language, Query, Rules, Weights};
pub use files::{Judged, read};
use plain::Plain;
pub use typos::Typos;

/// Why an evaluation can't be made.
#[derive(Debug, thiserror::Error)]
pub enum EvaluateError {
    /// A file can't be opened.
    #[error("{file} can't be read: {source}")]
    Open {
        /// The file.
        file: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// A line isn't CSV.
    #[error("{file}: {source}; save the file as CSV in UTF-8 with commas")]
    Csv {
        /// The file.
        file: String,
        /// What is wrong where.
        source: csv::Error,
    },
    /// A column is missing.
    #[error("{file}, line 1: there is no column {column}; the columns are {expected}")]
    Column {
        /// The file.
        file: String,
        /// The missing column.
        column: &'static str,
        /// What there should be.
        expected: &'static str,
    },
    /// A value isn't what it should be.
    #[error("{file}, line {line}: {what}")]
    Value {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// What is wrong and what to do.
        what: String,
    },
    /// No query has a judgement.
    #[error("no query has a judged product above grade 0; judgements name queries by query_id and products by id")]
    Empty,
    /// The engine failed.
    #[error(transparent)]
    Index(#[from] IndexError),
}

/// How one engine did.
#[derive(Clone, Debug)]
pub struct Row {
    /// Which engine, on what.
    pub name: String,
    /// nDCG@10 with linear gain, mean over the queries.
    pub ndcg: f64,
    /// Recall@50, mean over the queries.
    pub recall: f64,
    /// The share of queries that found nothing.
    pub nothing: f64,
    /// Latency in milliseconds: median and 99th percentile.
    pub latency: [f64; 2],
}

/// The rows of an evaluation.
#[derive(Clone, Debug)]
pub struct Report {
    /// Products in the catalog.
    pub products: usize,
    /// Queries that have something worth finding.
    pub queries: usize,
    /// Plain BM25 and ours, then both with a typo in every query.
    pub rows: Vec<Row>,
}

/// Evaluates on CSV files: the catalog `id,name,description` with optional `brand,category,price` and `attr:NAME`
/// columns, queries `query_id,query`, judgements `query_id,product_id,grade`. A file of typos has lines `typo->fix`.
pub fn run(
    catalog: &Path,
    queries: &Path,
    judgements: &Path,
    typos: Option<&Path>,
    language: Language,
) -> Result<Report, EvaluateError> {
    let judged = read(catalog, queries, judgements)?;
    let typos = typos.map_or_else(|| Ok(Typos::default()), Typos::read)?;
    compare(&judged, &typos, language, Weights::default())
}

/// Evaluates what was read, ours by some weights.
pub fn compare(judged: &Judged, typos: &Typos, language: Language, weights: Weights) -> Result<Report, EvaluateError> {
    let plain = Plain::new(&judged.documents, language)?;
    let (ours, _) = Index::open_weighted(None, language, weights)?;
    ours.rebuild(judged.documents.iter().cloned(), 0)?;
    let misspelt = judged.with_queries(|text| typos.misspell(text));
    let rows = vec![
        measure("plain BM25", judged, |text| plain.search(text))?,
        measure("Oxcart", judged, |text| search(&ours, text))?,
        measure("plain BM25, a typo in each", &misspelt, |text| plain.search(text))?,
        measure("Oxcart, a typo in each", &misspelt, |text| search(&ours, text))?,
    ];
    Ok(Report { products: judged.documents.len(), queries: judged.queries.len(), rows })
}

/// The products that our search finds, the best first.
pub fn search(index: &Index, text: &str) -> Result<Vec<u128>, IndexError> {
    let query = Query { text, typing: false, ordered: Some(50), prior: None };
    let found = index.search(&query, &Rules::new(Language::ENGLISH))?;
    Ok(found.ids().collect())
}

/// Measures an engine on judged queries; it answers with ids, the best first.
pub fn measure(
    name: &str,
    judged: &Judged,
    search: impl Fn(&str) -> Result<Vec<u128>, IndexError>,
) -> Result<Row, EvaluateError> {
    let (mut gains, mut recalls, mut times, mut nothing) = (Vec::new(), Vec::new(), Vec::new(), 0_u32);
    for (text, grades) in &judged.queries {
        let begun = Instant::now();
        let found = search(text)?;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
        nothing += u32::from(found.is_empty());
        let ranked: Vec<f64> = found.iter().map(|id| grades.get(id).copied().unwrap_or(0.0)).collect();
        let all: Vec<f64> = grades.values().copied().collect();
        gains.extend(ndcg(&ranked, &all, 10));
        recalls.extend(recall(&ranked, &all, 50));
    }
    Ok(Row {
        name: name.to_owned(),
        ndcg: mean(&gains),
        recall: mean(&recalls),
        nothing: f64::from(nothing) / judged.queries.len().max(1) as f64,
        latency: [0.5, 0.99].map(|share| percentile(&times, share)),
    })
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} products, {} judged queries", self.products, self.queries)?;
        writeln!(
            f,
            "{:<28} {:>8} {:>10} {:>13} {:>10} {:>10}",
            "", "nDCG@10", "recall@50", "zero results", "median ms", "p99 ms"
        )?;
        for Row { name, ndcg, recall, nothing, latency: [median, high] } in &self.rows {
            let nothing = nothing * 100.0;
            writeln!(f, "{name:<28} {ndcg:>8.4} {recall:>10.4} {nothing:>12.1}% {median:>10.2} {high:>10.2}")?;
        }
        Ok(())
    }
}

/// The grades of one query's products.
pub type Grades = HashMap<u128, f64>;
