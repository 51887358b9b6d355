//! What is looked at, and what beside it in the same visit: counted for those who agreed, in memory, and written down
//! every few seconds.
//!
//! A visit is known to the browser alone. It sends a product and what it showed just before; nothing says who it is, and
//! two such messages can't be told to be of one visitor.

use commerce::ids::ProductId;

use crate::app::App;
use crate::counting::Counted;
use crate::error::Result;
use crate::searches::today;
use crate::store::product_views::{self, Pair, Seen};

/// So many products of one visit count beside another.
pub const MOST_BESIDE: usize = 5;
/// The most different pairs that are counted between two writes; others are left out.
const MOST_PAIRS: usize = 20_000;
/// The most different pairs of one day, so that a machine that makes them up fills no disk.
const MOST_A_DAY: i64 = 200_000;

/// What was counted since it was last written down.
#[derive(Debug)]
pub struct Visits(Counted<Pair, i64>);

impl Default for Visits {
    fn default() -> Self {
        Self(Counted::of(MOST_PAIRS))
    }
}

impl Visits {
    /// Counts that a product was looked at, and each of the others with it.
    pub fn looked_at(&self, product: ProductId, beside: &[ProductId]) {
        let mut beside: Vec<ProductId> = beside.iter().copied().filter(|other| *other != product).collect();
        beside.sort_unstable();
        beside.dedup();
        beside.truncate(MOST_BESIDE);
        for other in [product].into_iter().chain(beside) {
            self.0.add((product.min(other), product.max(other)), 1);
        }
    }
}

/// Adds what was counted to what the database has, under the day of the shop. What could not be written stays counted.
pub async fn write_down(app: &App) -> Result<()> {
    let counted = app.visits.0.take();
    if counted.is_empty() {
        return Ok(());
    }
    let seen = counted.iter().map(|(pair, views)| Seen { pair: *pair, views: *views }).collect();
    let written = async {
        let mut tx = app.db.begin().await?;
        product_views::add(&mut tx, today(app), seen, MOST_A_DAY).await?;
        tx.commit().await
    };
    if let Err(error) = written.await {
        app.visits.0.give_back(counted);
        return Err(error.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_product_counts_once_and_its_pairs_have_one_name() {
        let product = |number| ProductId(Uuid::from_u128(number));
        let visits = Visits::default();
        visits.looked_at(product(2), &[product(1), product(1), product(2)]);
        visits.looked_at(product(1), &[product(2)]);
        let mut views: Vec<_> = visits.0.take().into_iter().collect();
        views.sort_unstable();
        let pair = |one, other| (product(one), product(other));
        assert_eq!(views, [(pair(1, 1), 1), (pair(1, 2), 2), (pair(2, 2), 1)]);
    }

    #[test]
    fn memory_is_bounded_and_known_pairs_go_on() {
        let visits = Visits::default();
        let product = |number: usize| ProductId(Uuid::from_u128(number as u128));
        (0..MOST_PAIRS + 10).for_each(|number| visits.looked_at(product(number), &[]));
        visits.looked_at(product(0), &[]);
        let views = visits.0.take();
        assert_eq!((views.len(), views[&(product(0), product(0))]), (MOST_PAIRS, 2));
    }
}
