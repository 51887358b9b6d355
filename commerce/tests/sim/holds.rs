//! What a checkout holds, in stock and in coupon uses: taken, given back, kept by an order.

use super::faults::Fault;
use super::paths::Path;
use super::shop::{LOCATIONS, Shop, Written, location_at, location_of, place};
use super::tables::{CouponUse, Hold, Movement, Reservation, StockRow};
use commerce::ids::{CheckoutId, CouponId, LocationId, VariantId};
use commerce::inventory::{Level, MovementKind, Reserve, put_back};

impl Shop {
    pub fn reserve(&mut self, cart: usize, checkout: CheckoutId, reserves: &[Reserve]) -> Written<()> {
        if reserves.iter().any(|one| one.location_id != reserves[0].location_id) {
            self.walked(Path::TakenFromTwoPlaces);
        }
        for Reserve { variant_id, location_id, quantity } in reserves {
            self.write()?;
            let (variant, location, quantity) = (place(*variant_id), location_of(*location_id), *quantity);
            let row = Reservation { cart, checkout, variant, location, quantity, status: Hold::Active };
            if !self.is(Fault::ReservationForgotten) {
                self.db.reservations.push(row);
            }
            self.move_stock(row.stock(), 0, quantity)?;
        }
        Ok(())
    }

    /// Ends what a checkout holds in stock; answers what that was.
    fn end_reservations(&mut self, checkout: CheckoutId, status: Hold) -> Written<Vec<Reservation>> {
        let mut held = Vec::new();
        for at in 0..self.db.reservations.len() {
            let row = self.db.reservations[at];
            if row.checkout == checkout && row.status == Hold::Active {
                self.write()?;
                self.db.reservations.set(at, Reservation { status, ..row });
                held.push(row);
            }
        }
        Ok(held)
    }

    /// Gives back what a checkout holds; answers of what.
    pub fn release(&mut self, checkout: CheckoutId) -> Written<Vec<usize>> {
        let held = self.end_reservations(checkout, Hold::Released)?;
        for row in &held {
            let kept = self.counted(row.stock()).release(row.quantity).is_ok();
            self.found.holds("only_what_is_reserved_is_given_back", kept, || checkout);
            let times = if self.is(Fault::ReleasedTwice) { 2 } else { 1 };
            self.move_stock(row.stock(), 0, -row.quantity * times)?;
        }
        Ok(held.into_iter().map(|row| row.variant).collect())
    }

    /// Turns what a checkout holds into a sale: it leaves the stock, and the ledger says so.
    pub fn sell(&mut self, cart: usize, checkout: CheckoutId, number: u64) -> Written<Vec<usize>> {
        let held = self.end_reservations(checkout, Hold::Kept)?;
        for row in &held {
            let sold = self.counted(row.stock()).sell(row.quantity);
            self.found.holds("only_what_is_reserved_is_sold", sold.is_ok(), || checkout);
            let reserved = if self.is(Fault::SoldStaysReserved) { 0 } else { -row.quantity };
            self.move_stock(row.stock(), -row.quantity, reserved)?;
            if !self.is(Fault::MovementForgotten) {
                self.record(row.stock(), MovementKind::Sale, -row.quantity, cart, number)?;
            }
            if sold.is_ok_and(|level| level.on_hand < 0) {
                self.walked(Path::SoldBelowZero);
            }
        }
        Ok(held.into_iter().map(|row| row.variant).collect())
    }

    /// Puts goods of an order back on the shelves they were sold from; answers those that were counted.
    pub fn restock(
        &mut self,
        checkout: CheckoutId,
        units: &[(VariantId, i64)],
        (kind, cart, number): (MovementKind, usize, u64),
    ) -> Written<Vec<usize>> {
        let mut back = Vec::new();
        for (variant, quantity) in units.iter().map(|(id, quantity)| (place(*id), *quantity)) {
            for (location, units) in put_back(quantity, &self.still_out(checkout, variant, number)) {
                let stock = variant * LOCATIONS + location_of(location);
                let level = self.counted(stock);
                self.move_stock(stock, level.restock(units).on_hand - level.on_hand, 0)?;
                self.record(stock, kind, units, cart, number)?;
                back.push(variant);
            }
        }
        Ok(back)
    }

    /// What an order has sold of a variant from each place and has not put back there.
    fn still_out(&self, checkout: CheckoutId, variant: usize, number: u64) -> Vec<(LocationId, i64)> {
        let sold = self.db.reservations.iter().filter(|row| row.checkout == checkout && row.variant == variant);
        let forgetful = self.is(Fault::RestockedAfterCancel);
        let back = |stock: usize| {
            let own = self.db.movements.iter().filter(move |one| one.number == number && one.stock == stock);
            own.filter(|one| one.kind != MovementKind::Sale && !forgetful).map(|one| one.delta).sum::<i64>()
        };
        let kept = sold.filter(|row| row.status == Hold::Kept);
        kept.map(|row| (location_at(row.location), row.quantity - back(row.stock()))).collect()
    }

    /// A reservation was made on counted stock, so its end is counted too, whatever staff have switched since.
    fn counted(&self, stock: usize) -> Level {
        Level { tracked: true, ..self.level(stock / LOCATIONS, stock % LOCATIONS) }
    }

    fn move_stock(&mut self, at: usize, on_hand: i64, reserved: i64) -> Written<()> {
        self.write()?;
        let row = self.db.stock[at];
        self.db.stock.set(at, StockRow { on_hand: row.on_hand + on_hand, reserved: row.reserved + reserved });
        Ok(())
    }

    fn record(&mut self, stock: usize, kind: MovementKind, delta: i64, cart: usize, number: u64) -> Written<()> {
        self.write()?;
        self.db.movements.push(Movement { stock, kind, delta, cart, number });
        Ok(())
    }

    /// Tells that what is there of these variants has changed.
    pub fn tell_stock(&mut self, variants: &[usize]) -> Written<()> {
        if self.is(Fault::StockEventForgotten) {
            return Ok(());
        }
        for variant in variants {
            self.write()?;
            self.db.stock_events.push(*variant);
        }
        Ok(())
    }

    /// Takes a use of each coupon for a checkout.
    pub fn take_uses(
        &mut self,
        cart: usize,
        checkout: CheckoutId,
        coupons: &[CouponId],
        customer: usize,
    ) -> Written<()> {
        for &coupon in coupons {
            self.write()?;
            self.db.uses.push(CouponUse { cart, checkout, coupon, customer, status: Hold::Active });
            self.count_use(coupon, if self.is(Fault::CouponCountedTwice) { 2 } else { 1 })?;
        }
        Ok(())
    }

    /// Gives back the uses of a checkout that stand so. Twice gives back once.
    pub fn release_uses(&mut self, checkout: CheckoutId, from: Hold) -> Written<()> {
        for coupon in self.change_uses(checkout, from, Hold::Released, None)? {
            self.count_use(coupon, -1)?;
        }
        Ok(())
    }

    /// Takes again the uses that a checkout gave back, for a customer who may be another one now.
    pub fn retake_uses(&mut self, checkout: CheckoutId, customer: usize) -> Written<()> {
        for coupon in self.change_uses(checkout, Hold::Released, Hold::Active, Some(customer))? {
            self.count_use(coupon, 1)?;
        }
        Ok(())
    }

    /// The uses of a checkout became uses of its order.
    pub fn consume_uses(&mut self, checkout: CheckoutId) -> Written<()> {
        self.change_uses(checkout, Hold::Active, Hold::Kept, None).map(|_| ())
    }

    fn change_uses(
        &mut self,
        checkout: CheckoutId,
        from: Hold,
        to: Hold,
        customer: Option<usize>,
    ) -> Written<Vec<CouponId>> {
        let mut changed = Vec::new();
        for at in 0..self.db.uses.len() {
            let row = self.db.uses[at];
            if row.checkout == checkout && row.status == from {
                self.write()?;
                let customer = customer.unwrap_or(row.customer);
                self.db.uses.set(at, CouponUse { status: to, customer, ..row });
                changed.push(row.coupon);
            }
        }
        Ok(changed)
    }

    fn count_use(&mut self, coupon: CouponId, uses: i64) -> Written<()> {
        self.write()?;
        let at = self.db.coupons.iter().position(|row| row.id == coupon).expect("coupons are never forgotten");
        let mut row = self.db.coupons[at].clone();
        row.used += uses;
        self.db.coupons.set(at, row);
        Ok(())
    }
}
