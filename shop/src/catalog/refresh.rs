//! Keeps the snapshot up to date: reads what happened since, reloads what it touched and swaps the next snapshot in.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use commerce::ids::{ProductId, VariantId};
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};

use super::Catalog;
use crate::app::App;
use crate::error::{Error, Result};
use crate::store::events::Recorded;
use crate::store::{self, Conn, Db};

/// How many events one look takes.
const MOST_EVENTS: i64 = 1_000;
/// When this many products changed at once, reading all of them is cheaper than picking them out.
const MANY_PRODUCTS: usize = 2_000;
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
        if let Err(error) = catch_up(&app).await {
            tracing::warn!(%error, "the catalog could not be brought up to date");
        }
        if app.clock.now() - ranked_at > TimeDelta::minutes(RANKING_MINUTES) {
            ranked_at = app.clock.now();
            if let Err(error) = rank(&app).await {
                tracing::warn!(%error, "what sells best could not be counted");
            }
        }
    }
}

/// Takes over everything that has happened by now.
pub async fn catch_up(app: &App) -> Result<()> {
    let mut conn = app.db.read().await?;
    loop {
        let before = app.catalog.load_full();
        let (events, end) = store::events::tail(&mut conn, before.read_to(), MOST_EVENTS).await?;
        if events.is_empty() {
            return Ok(());
        }
        let touched = Touched::by(&events);
        if touched.recommendations {
            app.recommender.ring();
        }
        if touched.everything || touched.products.len() > MANY_PRODUCTS {
            drop(conn);
            // It starts from what no running transaction can precede, so it may be told of these events again: later.
            return app.reload().await;
        }
        let next = touched.reload(&mut conn, before.next(end)).await?;
        swap(app, &before, next);
    }
}

/// Counts anew what sells best.
pub async fn rank(app: &App) -> Result<()> {
    let mut conn = app.db.read().await?;
    let sold = store::catalog::sold(&mut conn).await?;
    let before = app.catalog.load_full();
    if *before.sold != sold {
        let mut next = before.next(before.read_to());
        next.rank(sold);
        swap(app, &before, next.laid_out().await?);
    }
    Ok(())
}

/// Has pages that recommend anything drawn anew.
pub fn recommended(app: &App) {
    app.catalog.rcu(|catalog| Arc::new(catalog.recommended_anew()));
}

/// Swaps the next snapshot in, unless somebody else did so meanwhile: then the next look starts from theirs.
fn swap(app: &App, before: &Arc<Catalog>, next: Catalog) {
    app.catalog.compare_and_swap(before, Arc::new(next));
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
    fn by(events: &[Recorded]) -> Self {
        let mut touched = Self::default();
        for event in events {
            let id = event.subject_id;
            match event.subject.as_str() {
                "product" => {
                    touched.products.insert(ProductId(id));
                }
                // Whatever changes what is free to buy says so of each variant.
                "variant" => {
                    touched.variants.insert(VariantId(id));
                }
                "recommendations" => touched.recommendations = true,
                // The names of categories and the currency are in every product's page.
                "category" | "settings" => touched.everything = true,
                _ => {}
            }
        }
        touched
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
    use chrono::DateTime;
    use serde_json::json;
    use sqlx::types::Json;
    use uuid::Uuid;

    use super::*;

    fn event(subject: &str, id: u128) -> Recorded {
        Recorded {
            position: 1,
            kind: format!("{subject}.changed"),
            subject: subject.into(),
            subject_id: Uuid::from_u128(id),
            data: Json(json!({})),
            actor: "system".into(),
            at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn each_event_touches_what_it_is_about() {
        let touched = Touched::by(&[event("product", 1), event("variant", 2), event("order", 3), event("product", 1)]);
        assert_eq!(touched.products, BTreeSet::from([ProductId(Uuid::from_u128(1))]));
        assert_eq!(touched.variants, BTreeSet::from([VariantId(Uuid::from_u128(2))]));
        assert!(!touched.everything);
        assert!(Touched::by(&[event("category", 4)]).everything);
    }
}
