//! The index follows what happens: it reads the events after its own mark and takes in what they touched.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use commerce::ids::ProductId;
use discovery::search::{IndexError, Language, Opened};
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};

use super::document::document;
use crate::app::Shop;
use crate::catalog::Catalog;
use crate::error::{Error, Result};
use crate::store::events::{self, Cursor};
use crate::store::search_rules;

/// How often it looks whether the catalog has moved on.
const LOOK: Duration = Duration::from_millis(250);
/// How many events one look takes.
const MOST_EVENTS: i64 = 1_000;
/// When more products changed than this and half of all, writing all of them anew is cheaper.
const MANY_PRODUCTS: usize = 5_000;

/// Where the index has read to.
#[derive(Debug, Default)]
pub struct Place {
    read_to: Option<Cursor>,
    language: Option<&'static str>,
}

/// Follows for as long as the shop is open. A look that fails is tried again.
pub async fn follow(app: Shop) {
    let mut ticks = interval(LOOK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut place = Place::default();
    // The catalog was not laid out before the doors opened.
    let first = app.catalog.load_full();
    drop(spawn_blocking(move || first.lay_out()).await);
    loop {
        ticks.tick().await;
        if let Err(error) = catch_up(&app, &mut place).await {
            tracing::warn!(%error, "the search index could not be brought up to date");
        }
    }
}

/// Takes over everything that the catalog in memory knows by now.
pub async fn catch_up(app: &Shop, place: &mut Place) -> Result<()> {
    let language = Language::of(&app.shop.load().locale);
    if place.language != Some(language.name()) {
        let read_to = opened(app, language).await?;
        learn_rules(app, language).await?;
        *place = Place { read_to, language: Some(language.name()) };
    }
    loop {
        let catalog = app.catalog.load_full();
        let Some(read_to) = place.read_to.filter(|_| app.finder.count().is_some()) else {
            rebuild(app, catalog.clone()).await?;
            // The catalog may have gone past events that were not looked at here.
            learn_rules(app, language).await?;
            place.read_to = Some(catalog.read_to());
            return Ok(());
        };
        if read_to >= catalog.read_to() {
            return Ok(());
        }
        let mut seen = Seen::default();
        let end = seen.read(app, &catalog, read_to).await?;
        if end == read_to {
            return Ok(());
        }
        if seen.rules {
            learn_rules(app, language).await?;
        }
        if seen.is_most_of(&catalog) {
            // It starts from what the catalog holds, which may have gone past events that were not looked at here.
            place.read_to = None;
            continue;
        }
        if !seen.products.is_empty() {
            update(app, catalog, seen.products, end).await?;
        }
        place.read_to = Some(end);
    }
}

/// What events said that an index has to know.
#[derive(Default)]
struct Seen {
    products: BTreeSet<ProductId>,
    categories: bool,
    rules: bool,
}

impl Seen {
    /// Takes in what happened after a cursor, as far as the catalog has: the rest is read at the next look. Answers where it
    /// ended.
    async fn read(&mut self, app: &Shop, catalog: &Catalog, after: Cursor) -> Result<Cursor> {
        let mut read_to = after;
        loop {
            let mut conn = app.db.read().await?;
            let (events, end) = events::between(&mut conn, read_to, catalog.read_to(), MOST_EVENTS).await?;
            if events.is_empty() || self.is_most_of(catalog) {
                return Ok(read_to);
            }
            for event in events {
                match event.subject.as_str() {
                    "product" => drop(self.products.insert(ProductId(event.subject_id))),
                    "category" => self.categories = true,
                    "search_rule" => self.rules = true,
                    _ => {}
                }
            }
            read_to = end;
        }
    }

    /// Whether writing all of the index anew is cheaper than what was touched. The names of categories are in every document.
    fn is_most_of(&self, catalog: &Catalog) -> bool {
        self.categories || self.products.len() > MANY_PRODUCTS.max(catalog.products().len() / 2)
    }
}

/// Opens the index; where it has read to, if it is of any use.
async fn opened(app: &Shop, language: Language) -> Result<Option<Cursor>> {
    let (finder, products) = (app.finder.clone(), app.catalog.load().products().len() as u64);
    let opened = blocking(move || finder.open(language)).await?;
    let is_postgres = app.db.engine() != "sqlite";
    Ok(match opened {
        Opened::At(mark) if app.finder.count() == Some(products) => Some(Cursor::from_mark(mark, is_postgres)),
        _ => None,
    })
}

async fn learn_rules(app: &Shop, language: Language) -> Result<()> {
    let stored = search_rules::all(&mut app.db.read().await?).await?;
    app.finder.rules.store(Arc::new(search_rules::rules(&stored, language)));
    app.finder.changed();
    Ok(())
}

async fn rebuild(app: &Shop, catalog: Arc<Catalog>) -> Result<()> {
    let finder = app.finder.clone();
    blocking(move || {
        let Some(index) = finder.index.load_full() else { return Ok(()) };
        let documents = catalog.products().iter().map(|entry| document(entry, catalog.categories()));
        index.rebuild(documents, catalog.read_to().mark())?;
        finder.changed();
        Ok(())
    })
    .await
}

async fn update(app: &Shop, catalog: Arc<Catalog>, touched: BTreeSet<ProductId>, end: Cursor) -> Result<()> {
    let finder = app.finder.clone();
    blocking(move || {
        let Some(index) = finder.index.load_full() else { return Ok(()) };
        let there = touched.iter().filter_map(|id| catalog.product(*id));
        let gone = touched.iter().filter(|id| catalog.product(**id).is_none()).map(|id| id.0.as_u128());
        let documents = there.map(|entry| document(entry, catalog.categories()));
        index.update(documents, gone, end.mark())?;
        finder.changed();
        Ok(())
    })
    .await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, IndexError> + Send + 'static) -> Result<T> {
    let done = spawn_blocking(work).await.map_err(|error| Error::Internal(error.to_string()))?;
    done.map_err(|error| Error::Internal(error.to_string()))
}
