//! What a sale needs to know of variants: what they are and cost, and what lies where the shop sells from.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use commerce::catalog::{ProductStatus, StockPolicy};
use commerce::checkout::SaleVariant;
use commerce::ids::{LocationId, ProductId, VariantId};
use commerce::inventory::{Level, Shelf};
use commerce::money::{Currency, Money};
use sqlx::types::Json;
use uuid::Uuid;

use super::stock::{Held, ShelfKey, Shift};
use super::{Conn, keys};
use crate::faults::{self, Fault};

/// A variant as it is sold, and its stock.
#[derive(Clone, Debug)]
pub struct ForSale {
    /// Which one.
    pub id: VariantId,
    /// What it is and costs.
    pub variant: SaleVariant,
    /// Whether its stock is counted.
    pub tracked: bool,
    /// What happens when it has run out.
    pub policy: StockPolicy,
    /// What lies in each place that the shop sells from.
    pub shelves: Vec<Shelf>,
}

impl ForSale {
    /// Whether it can be bought at all.
    pub fn is_for_sale(&self) -> bool {
        self.variant.status == ProductStatus::Active
    }

    /// What lies in all of those places together.
    pub fn level(&self) -> Level {
        let unseen = if faults::is(Fault::StockUnchecked) { 100 } else { 0 };
        Level {
            on_hand: self.shelves.iter().map(|shelf| shelf.on_hand).sum::<i64>() + unseen,
            reserved: self.shelves.iter().map(|shelf| shelf.reserved).sum(),
            tracked: self.tracked,
            policy: self.policy,
        }
    }

    /// The same with units that are held for this very buyer counted as there.
    pub fn given_back<'a>(mut self, held: impl Iterator<Item = &'a Held>) -> Self {
        let own = self.id.0;
        for held in held.filter(|held| held.variant_id == own) {
            self.shift(held.shelf(), Shift { on_hand: 0, reserved: -held.quantity });
        }
        self
    }

    /// The same with so many units that are held for this very buyer counted as there, wherever they lie.
    pub fn with_units(mut self, mut units: i64) -> Self {
        for shelf in self.shelves.iter_mut().filter(|_| self.tracked) {
            let here = units.min(shelf.reserved);
            shelf.reserved -= here;
            units -= here;
        }
        self
    }

    /// Keeps a shelf of it true.
    pub fn shift(&mut self, shelf: ShelfKey, by: Shift) {
        let (variant, location) = shelf;
        let mut own = self.shelves.iter_mut().filter(|_| variant == self.id);
        if let Some(shelf) = own.find(|shelf| shelf.location_id == location) {
            shelf.on_hand += by.on_hand;
            shelf.reserved += by.reserved;
        }
    }
}

#[derive(sqlx::FromRow)]
struct ForSaleRow {
    id: Uuid,
    product_id: Uuid,
    slug: String,
    name: String,
    status: String,
    archived: bool,
    option_values: Json<Vec<String>>,
    sku: Option<String>,
    image: Option<String>,
    amount: i64,
    currency: String,
    requires_shipping: bool,
    taxable: bool,
    tracked: bool,
    policy: String,
    location_id: Option<Uuid>,
    on_hand: Option<i64>,
    reserved: Option<i64>,
}

/// The variants of these ids that exist, with the price of one and their stock in the places that sell. A variant without
/// a price is left out.
pub async fn load(
    conn: &mut Conn,
    ids: &[VariantId],
    selling: &[LocationId],
) -> sqlx::Result<HashMap<VariantId, ForSale>> {
    const HEAD: &str = "SELECT v.id, v.product_id, p.slug, p.name, p.status, v.archived, v.option_values, v.sku,
            COALESCE(own.src, face.src) AS image, c.amount, c.currency, v.requires_shipping, v.taxable,
            v.tracked, v.policy, s.location_id, s.on_hand, s.reserved
         FROM variants v
         JOIN products p ON p.id = v.product_id
         JOIN prices c ON c.variant_id = v.id AND c.min_quantity = 1 AND c.ends_at IS NULL
         LEFT JOIN stock s ON s.variant_id = v.id
         LEFT JOIN images own ON own.id = v.image_id
         LEFT JOIN images face ON face.product_id = p.id AND face.position = 0
         WHERE v.id IN";
    let rows: Vec<ForSaleRow> = conn.all_in(HEAD, keys(ids.iter().copied()), "").await?;
    let mut goods: HashMap<VariantId, ForSale> = HashMap::with_capacity(ids.len());
    for row in rows {
        // One that lies in several places comes once for each.
        let shelf = row.shelf().filter(|shelf| selling.contains(&shelf.location_id));
        match goods.entry(VariantId(row.id)) {
            Entry::Occupied(mut known) => known.get_mut().shelves.extend(shelf),
            Entry::Vacant(place) => {
                if let Some(one) = row.for_sale() {
                    place.insert(one).shelves.extend(shelf);
                }
            }
        }
    }
    Ok(goods)
}

impl ForSaleRow {
    fn shelf(&self) -> Option<Shelf> {
        let location_id = LocationId(self.location_id?);
        Some(Shelf { location_id, on_hand: self.on_hand?, reserved: self.reserved? })
    }

    fn for_sale(self) -> Option<ForSale> {
        let status = if self.archived { ProductStatus::Archived } else { self.status.parse().ok()? };
        let values = self.option_values.0;
        let variant = SaleVariant {
            product_id: ProductId(self.product_id),
            product_slug: self.slug,
            name: self.name,
            status,
            variant_title: (!values.is_empty()).then(|| values.join(" / ")),
            sku: self.sku,
            image: self.image,
            price: Money::new(self.amount, Currency::parse(&self.currency).ok()?),
            requires_shipping: self.requires_shipping,
            taxable: self.taxable,
        };
        let policy = self.policy.parse().unwrap_or(StockPolicy::Deny);
        Some(ForSale { id: VariantId(self.id), variant, tracked: self.tracked, policy, shelves: vec![] })
    }
}
