//! What shoppers would get with a rule that is not saved yet, and products to choose from.

use discovery::search::Language;
use uuid::Uuid;

use super::form;
use crate::app::App;
use crate::catalog::CatalogProduct;
use crate::error::Result;
use crate::store::search_rules::{self, SearchRule, StoredRule};
use crate::web::admin::views::search::{FoundProduct, SearchPreview, SearchRuleForm};
use crate::web::storefront::cards::picture_url;

/// Products that are shown of what is found.
const SHOWN: usize = 12;
/// Products that are offered to be chosen.
const OFFERED: usize = 8;

/// The first products of the search that is tried out: with every other rule as it is saved, and this one as it is in
/// the form.
pub async fn preview(app: &App, id: Option<Uuid>, form: &SearchRuleForm) -> Result<SearchPreview> {
    let rule = form::rule(form);
    let query = tried(form, &rule);
    if query.is_empty() {
        return Ok(SearchPreview { ready: true, ..SearchPreview::default() });
    }
    let mut all = search_rules::all(&mut app.db.read().await?).await?;
    all.retain(|other| Some(other.id) != id);
    all.push(StoredRule { id: Uuid::nil(), rule, version: 0 });
    let rules = search_rules::rules(&all, Language::of(&app.shop.load().locale));
    let catalog = app.catalog.load_full();
    let Some((hits, understood)) = catalog.search_with(&query, &rules) else {
        return Ok(SearchPreview { query, ..SearchPreview::default() });
    };
    // Another query than that of the rule is answered without its pins.
    let is_own = form.kind == "query" && rules.key(&query) == rules.key(&form.query);
    let shown = hits.iter().take(SHOWN).map(|entry| product(entry, if is_own { Some(form) } else { None }));
    Ok(SearchPreview {
        ready: true,
        total: hits.len() as i64,
        hits: shown.collect(),
        corrected: understood.corrected,
        redirect: understood.redirect,
        query,
    })
}

/// What is searched for: what was typed to be tried, else the rule's own query, else its first word.
fn tried(form: &SearchRuleForm, rule: &SearchRule) -> String {
    let own = match rule {
        SearchRule::Query { query, .. } => query.clone(),
        SearchRule::Synonyms { words, .. } => words.first().cloned().unwrap_or_default(),
    };
    let typed = form.tried.trim();
    if typed.is_empty() { own.trim().chars().take(200).collect() } else { typed.to_owned() }
}

/// Products that fit what is looked for to be added; `None` when nothing is.
pub fn found(app: &App, form: &SearchRuleForm) -> Option<Vec<FoundProduct>> {
    if form.find.is_empty() {
        return None;
    }
    let catalog = app.catalog.load();
    let found = catalog.find(&form.find, OFFERED);
    Some(found.into_iter().map(|entry| product(entry, Some(form))).collect())
}

fn product(entry: &CatalogProduct, form: Option<&SearchRuleForm>) -> FoundProduct {
    let id = entry.product.id.to_string();
    let chosen = form.and_then(|form| form.products.iter().find(|one| one.id == id));
    FoundProduct {
        how: chosen.map(|one| one.how.clone()).unwrap_or_default(),
        name: entry.product.name.clone(),
        picture: entry.product.images.first().map(|image| picture_url(&image.src)),
        price: entry.price,
        in_stock: entry.in_stock(),
        id,
    }
}
