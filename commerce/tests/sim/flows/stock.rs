//! Staff and the catalog: sheets of stock and prices, and how things are sold.

use super::super::faults::Fault;
use super::super::paths::Path;
use super::super::shop::{LOCATIONS, Shop, Stop, Written, location_at, place, variant_at};
use super::super::tables::{Goods, Movement, StockRow};
use commerce::catalog::{ProductStatus, StockPolicy};
use commerce::error::Refusal;
use commerce::ids::LocationId;
use commerce::inventory::Level;
use commerce::inventory::sheet::{Known, Plan, Row, Shelves, Why, decide};
use std::collections::HashMap;

impl Shop {
    /// Writes a sheet of stock and prices, all or nothing.
    pub fn save_sheet(&mut self, rows: &[Row]) -> Written<()> {
        let locations: HashMap<String, LocationId> = HashMap::from([("back".to_owned(), location_at(1))]);
        let known: Vec<Known> = (0..self.db.goods.len()).map(|variant| self.known(variant)).collect();
        match decide(rows, Shelves { variants: &known, locations: &locations, first: location_at(0) }) {
            Ok(plan) => self.write_sheet(&plan),
            Err(refusals) => {
                if refusals.iter().any(|refusal| matches!(refusal.why, Why::BelowReserved { .. })) {
                    self.walked(Path::SheetBelowReserved);
                }
                Err(Stop::Refused(Refusal::NotAllowed("Please check the marked rows.")))
            }
        }
    }

    fn known(&self, variant: usize) -> Known {
        let Goods { variant: sold, tracked, policy } = &self.db.goods[variant];
        let unstocked = Level { on_hand: 0, reserved: 0, tracked: *tracked, policy: *policy };
        let seen = |location| {
            let level = self.level(variant, location);
            let reserved = if self.is(Fault::SheetBelowReserved) { 0 } else { level.reserved };
            (location_at(location), Level { reserved, ..level })
        };
        Known {
            id: variant_at(variant),
            product_id: sold.product_id,
            sku: sold.sku.clone(),
            levels: (0..LOCATIONS).map(seen).collect(),
            unstocked,
            price: (sold.price, None),
        }
    }

    fn write_sheet(&mut self, plan: &Plan) -> Written<()> {
        for change in &plan.prices {
            self.write()?;
            let at = place(change.variant_id);
            let mut goods = self.db.goods[at].clone();
            goods.variant.price = change.now.0;
            self.db.goods.set(at, goods);
            self.walked(Path::PriceChanged);
        }
        for change in &plan.stock {
            self.write()?;
            let variant = place(change.variant_id);
            let location = usize::from(change.location_id != location_at(0));
            let stock = variant * LOCATIONS + location;
            let row = self.db.stock[stock];
            self.db.stock.set(stock, StockRow { on_hand: change.on_hand, ..row });
            let (kind, delta) = (change.reason.kind(), change.on_hand - change.was);
            self.db.movements.push(Movement { stock, kind, delta, cart: usize::MAX, number: 0 });
            self.tell_stock(&[variant])?;
            self.walked(Path::SheetSaved);
        }
        Ok(())
    }

    /// Changes how a variant is sold. One that owes or has promised more than there is can't become one that is only sold
    /// while it is there.
    pub fn sell_as(
        &mut self,
        variant: usize,
        (tracked, policy, status): (bool, StockPolicy, ProductStatus),
    ) -> Written<()> {
        self.write()?;
        let strict = tracked && policy == StockPolicy::Deny;
        let owes = |at: usize| self.db.stock[at].on_hand < self.db.stock[at].reserved;
        if strict && (variant * LOCATIONS..(variant + 1) * LOCATIONS).any(owes) {
            return Err(Stop::Refused(Refusal::NotAllowed("More is promised than is there.")));
        }
        let mut goods = self.db.goods[variant].clone();
        goods.variant.status = status;
        self.db.goods.set(variant, Goods { tracked, policy, ..goods });
        self.walked(Path::PolicyChanged);
        Ok(())
    }

    /// The catalog as it is read: what a commit has changed is for sale from then on.
    pub fn publish(&mut self) {
        for (at, goods) in self.db.goods.iter().enumerate() {
            self.for_sale.insert(variant_at(at), goods.variant.clone());
        }
    }
}
