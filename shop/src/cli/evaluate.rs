//! `oxcart evaluate`: how good searches and recommendations are, measured.

use std::path::Path;

use discovery::evaluate::{recommend as recommendations, search as searches};
use discovery::recommend::load::seconds;
use discovery::search::Language;

use super::{Failure, say};
use crate::config::Config;
use crate::startup::{self, Purpose};
use crate::store::purchases;

/// Measures searches on judged files; prints a table.
pub fn search(
    catalog: &Path,
    queries: &Path,
    judgements: &Path,
    typos: Option<&Path>,
    language: &str,
) -> Result<(), Failure> {
    say(&searches::run(catalog, queries, judgements, typos, Language::of(language))?.to_string());
    Ok(())
}

/// Measures recommendations on a file of orders; prints a table.
pub fn recommend(orders: &Path, split: &str) -> Result<(), Failure> {
    say(&recommendations::run(orders, split)?.to_string());
    Ok(())
}

/// The same on the shop's own orders.
pub async fn recommend_own(config: Config, split: &str) -> Result<(), Failure> {
    let split = seconds(split).ok_or_else(|| recommendations::EvaluateError::Date(split.to_owned()))?;
    let opened = startup::open(config, Purpose::Beside).await?;
    let history = purchases::history(&mut *opened.db.snapshot().await?).await?;
    say(&recommendations::evaluate(&history, split)?.to_string());
    Ok(())
}
