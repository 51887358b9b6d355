//! Where the products of the index stand in a snapshot of the catalog: looked up once, not at every hit.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use commerce::ids::ProductId;
use discovery::search::Products;
use uuid::Uuid;

use crate::catalog::Slot;
use crate::catalog::index::Index;

/// No place: the snapshot has no such product.
pub const NOWHERE: Slot = Slot::MAX;
/// So many pairs of index and snapshot are known: while one follows the other, two are asked.
const MOST: usize = 3;

/// The places of a few indexes and snapshots, the latest last.
#[derive(Default)]
pub struct Slots(Mutex<VecDeque<Known>>);

struct Known {
    products: Arc<Products>,
    index: Arc<Index>,
    slots: Arc<[Slot]>,
}

impl Slots {
    /// By place in the index: the place in the snapshot.
    pub fn of(&self, products: &Arc<Products>, index: &Arc<Index>) -> Arc<[Slot]> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |known: &&Known| Arc::ptr_eq(&known.products, products) && Arc::ptr_eq(&known.index, index);
        if let Some(known) = all.iter().find(is_it) {
            return known.slots.clone();
        }
        let slot = |id| index.by_id.get(&ProductId(Uuid::from_u128(id))).copied().unwrap_or(NOWHERE);
        let slots: Arc<[Slot]> = products.iter().map(slot).collect();
        all.push_back(Known { products: products.clone(), index: index.clone(), slots: slots.clone() });
        if all.len() > MOST {
            all.pop_front();
        }
        slots
    }
}
