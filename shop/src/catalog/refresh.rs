//! Keeps the snapshot up to date: reads what happened since, reloads what it touched and swaps the next snapshot in.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use commerce::ids::{ProductId, VariantId};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

use super::Catalog;
use crate::app::App;
use crate::error::{Error, Result};
use crate::store::events::{Cursor, Told};
use crate::store::{self, Conn, Db};

/// How many events one look takes.
const MOST_EVENTS: i64 = 1_000;
/// When more products changed than this and a quarter of all, reading all of them is cheaper than picking them out.
const MANY_PRODUCTS: usize = 2_000;
/// A look that took longer is followed by a rest as long.
const LONG: Duration = Duration::from_secs(1);
/// How often what sells best is counted anew.
const RANKING_MINUTES: i64 = 10;

/// Follows the events for as long as the shop is open. A look that fails is tried again at the next one.
pub async fn follow(app: Arc<App>) {
    let mut ticks = interval(match app.db {
        Db::Sqlite { .. } => Duration::from_millis(250),
        Db::Postgres(_) => Duration::from_millis(500),
    });
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut ranked_at = app.clock.now();
    loop {
        ticks.tick().await;
        let began = Instant::now();
        if let Err(error) = catch_up(&app).await {
            tracing::warn!(%error, "the catalog could not be brought up to date");
        }
        if app.clock.now() - ranked_at > TimeDelta::minutes(RANKING_MINUTES) {
            ranked_at = app.clock.now();
            if let Err(error) = rank(&app).await {
                tracing::warn!(%error, "what sells best could not be counted");
            }
        }
        // While a large catalog comes in, visitors have the cores at least half of the time.
        if began.elapsed() > LONG {
            sleep(began.elapsed()).await;
        }
    }
}

/// Takes over everything that has happened by now.
pub async fn catch_up(app: &App) -> Result<()> {
    let _turn = app.refreshing.lock().await;
    loop {
        let mut conn = app.db.read().await?;
        let before = app.catalog.load_full();
        let mut touched = Touched::default();
        let read_to = touched.read(&mut conn, &before).await?;
        if read_to == before.read_to() {
            return Ok(());
        }
        let recommendations = touched.recommendations;
        if touched.is_most_of(&before) {
            drop(conn);
            // It starts from what no running transaction can precede, so it may be told of these events again: later.
            load(app).await?;
        } else {
            let next = touched.reload(&mut conn, before.next(read_to)).await?;
            app.catalog.store(Arc::new(next));
        }
        if recommendations {
            app.recommender.ring();
        }
    }
}

/// Reads settings and catalog anew from the database.
pub async fn reload(app: &App) -> Result<()> {
    let _turn = app.refreshing.lock().await;
    load(app).await
}

async fn load(app: &App) -> Result<()> {
    let settings = store::settings::load(&mut app.db.read().await?).await?;
    settings.into_iter().for_each(|settings| app.shop.store(Arc::new(settings)));
    let catalog = Catalog::load(&app.db).await?.with_finder(&app.finder);
    app.catalog.store(Arc::new(catalog.laid_out().await?));
    Ok(())
}

/// Counts anew what sells best.
pub async fn rank(app: &App) -> Result<()> {
    let _turn = app.refreshing.lock().await;
    let sold = store::catalog::sold(&mut app.db.read().await?).await?;
    let before = app.catalog.load_full();
    if *before.sold != sold {
        let mut next = before.next(before.read_to());
        next.rank(sold);
        app.catalog.store(Arc::new(next.laid_out().await?));
    }
    Ok(())
}

/// Has pages that recommend anything drawn anew.
pub async fn recommended(app: &App) {
    let _turn = app.refreshing.lock().await;
    app.catalog.store(Arc::new(app.catalog.load().recommended_anew()));
}

/// What some events changed of what is shown.
#[derive(Debug, Default, PartialEq, Eq)]
struct Touched {
    products: BTreeSet<ProductId>,
    variants: BTreeSet<VariantId>,
    recommendations: bool,
    everything: bool,
}

impl Touched {
    /// Takes in what happened since a snapshot, until that is all or so much that the whole catalog is read anyway.
    /// Answers where it ended.
    async fn read(&mut self, conn: &mut Conn, catalog: &Catalog) -> Result<Cursor> {
        let mut read_to = catalog.read_to();
        loop {
            let (events, end) = store::events::tail(conn, read_to, MOST_EVENTS).await?;
            self.take_in(&events);
            read_to = end;
            if (events.len() as i64) < MOST_EVENTS || self.is_most_of(catalog) {
                return Ok(read_to);
            }
        }
    }

    fn take_in(&mut self, events: &[Told]) {
        for event in events {
            let id = event.subject_id;
            match event.subject.as_str() {
                "product" => {
                    self.products.insert(ProductId(id));
                }
                // Whatever changes what is free to buy says so of each variant.
                "variant" => {
                    self.variants.insert(VariantId(id));
                }
                "recommendations" => self.recommendations = true,
                // The names of categories and the currency are in every product's page.
                "category" | "settings" => self.everything = true,
                _ => {}
            }
        }
    }

    /// Whether reading the whole catalog is cheaper than picking out what was touched.
    fn is_most_of(&self, catalog: &Catalog) -> bool {
        self.everything || self.products.len() > MANY_PRODUCTS.max(catalog.products().len() / 4)
    }

    /// Puts what was touched into the next snapshot, as it is now.
    async fn reload(self, conn: &mut Conn, mut next: Catalog) -> Result<Catalog> {
        if !self.products.is_empty() {
            let ids: Vec<ProductId> = self.products.into_iter().collect();
            let loaded = store::catalog::products(conn, &ids).await?;
            // Links between products follow old addresses, so those come first.
            next.redirect(store::catalog::old_slugs(conn).await?);
            // Orders and columns of a large catalog take a while: nobody who browses waits for them.
            let replaced = spawn_blocking(move || next.replace(&ids, loaded)).await;
            next = replaced.map_err(|error| Error::Internal(error.to_string()))?.laid_out().await?;
        }
        let levels = store::catalog::stock(conn, self.variants).await?;
        next.restock(&levels);
        Ok(next)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn event(subject: &str, id: u128) -> Told {
        Told { subject: subject.into(), subject_id: Uuid::from_u128(id) }
    }

    #[test]
    fn each_event_touches_what_it_is_about() {
        let mut touched = Touched::default();
        touched.take_in(&[event("product", 1), event("variant", 2), event("order", 3), event("product", 1)]);
        assert_eq!(touched.products, BTreeSet::from([ProductId(Uuid::from_u128(1))]));
        assert_eq!(touched.variants, BTreeSet::from([VariantId(Uuid::from_u128(2))]));
        assert!(!touched.is_most_of(&Catalog::default()));
        touched.take_in(&[event("category", 4)]);
        assert!(touched.is_most_of(&Catalog::default()));
    }
}
