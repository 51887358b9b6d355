//! What goes with what, served from memory: the lists that the job `recommend` keeps, and the rules of showing them.

mod follow;
mod model;
mod picks;

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use commerce::ids::ProductId;
use tokio::sync::Notify;

pub use follow::{follow, take_over};
pub use model::{Model, Views, Work};
pub use picks::Picks;

use crate::store::recommendations::{Kind, List};

/// The lists of this node and the bell that says there are others.
#[derive(Default)]
pub struct Recommender {
    lists: ArcSwap<Recommended>,
    bell: Notify,
}

impl Recommender {
    /// The lists as they are now.
    pub fn lists(&self) -> Arc<Recommended> {
        self.lists.load_full()
    }

    /// The lists in the database have changed: they are read as soon as there is time.
    pub fn ring(&self) {
        self.bell.notify_one();
    }
}

/// A row of a list: numbers of products and how strong each is, the strongest first.
type Row = Box<[(u32, i64)]>;

/// Every list, with products as numbers: a large shop has millions of entries.
#[derive(Debug, Default)]
pub struct Recommended {
    numbers: HashMap<ProductId, u32>,
    products: Vec<ProductId>,
    rows: HashMap<(u32, Kind), Row>,
}

impl Recommended {
    /// Packs lists as they were read.
    pub fn new(lists: Vec<(ProductId, Kind, List)>) -> Self {
        let mut packed = Self::default();
        for (product, kind, list) in lists.into_iter().filter(|(.., list)| !list.is_empty()) {
            let about = packed.number(product);
            let row = list.into_iter().map(|(id, score)| (packed.number(id), score)).collect();
            packed.rows.insert((about, kind), row);
        }
        packed
    }

    fn number(&mut self, product: ProductId) -> u32 {
        let next = u32::try_from(self.products.len()).expect("a catalog has fewer than four thousand million products");
        let number = *self.numbers.entry(product).or_insert(next);
        if number == next {
            self.products.push(product);
        }
        number
    }

    /// The list of a kind about a product, the strongest first.
    fn list(&self, product: ProductId, kind: Kind) -> impl Iterator<Item = (ProductId, i64)> {
        let row = self.numbers.get(&product).and_then(|number| self.rows.get(&(*number, kind)));
        row.into_iter().flatten().map(|&(number, score)| (self.products[number as usize], score))
    }
}
