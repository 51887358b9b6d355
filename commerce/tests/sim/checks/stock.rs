//! What lies in stock, what is promised, and what was sold.

use super::super::shop::{LOCATIONS, Shop, place, variant_at};
use super::super::tables::Hold;
use super::super::tables::Reservation;
use super::super::verdict::Found;
use super::family::Family;
use commerce::catalog::StockPolicy;
use commerce::checkout::CheckoutStatus;
use commerce::inventory::MovementKind;

/// Sums over the whole stock.
pub fn check_all(shop: &Shop, found: &mut Found) {
    let db = &shop.db;
    let mut moved = vec![0; db.stock.len()];
    let mut told = vec![0; db.goods.len()];
    for movement in db.movements.iter() {
        moved[movement.stock] += movement.delta;
        if !matches!(movement.kind, MovementKind::Initial | MovementKind::Sale) {
            told[movement.stock / LOCATIONS] -= 1;
        }
    }
    let (mut held, mut promised) = (vec![0; db.stock.len()], vec![false; db.goods.len()]);
    for row in db.reservations.iter() {
        let active = row.status == Hold::Active;
        held[row.stock()] += if active { row.quantity } else { 0 };
        promised[row.variant] |= row.status != Hold::Released;
        // A reservation changes what is there when it is made and when it ends.
        told[row.variant] -= if active { 1 } else { 2 };
    }
    db.stock_events.iter().for_each(|variant| told[*variant] += 1);
    for (at, row) in db.stock.iter().enumerate() {
        let variant = at / LOCATIONS;
        let subject = || variant_at(variant);
        found.holds("stock_equals_movements", row.on_hand == moved[at], subject);
        found.holds("reserved_equals_active_reservations", row.reserved == held[at], subject);
        let goods = &db.goods[variant];
        let strict = goods.tracked && goods.policy == StockPolicy::Deny && promised[variant];
        let oversold = row.reserved < 0 || (strict && row.on_hand < row.reserved);
        found.holds("nothing_oversold", !oversold, subject);
    }
    for (variant, difference) in told.into_iter().enumerate() {
        found.holds("stock_change_has_its_event", difference == 0, || variant_at(variant));
    }
}

/// The reservations of a cart's checkouts, and what became of them.
pub fn check(family: &Family<'_>, found: &mut Found) {
    for row in &family.reservations {
        let checkout = family.checkout(row.checkout);
        let live = checkout.is_some_and(|checkout| {
            matches!(checkout.status, CheckoutStatus::Open | CheckoutStatus::Processing | CheckoutStatus::NeedsReview)
        });
        let held = row.status != Hold::Active || live;
        found.holds("active_reservation_has_a_live_checkout", held, || row.checkout);
    }
    sold(family, found);
    restocked(family, found);
}

fn sold(family: &Family<'_>, found: &mut Found) {
    let sales = || family.movements.iter().filter(|movement| movement.kind == MovementKind::Sale);
    for row in family.reservations.iter().filter(|row| row.status == Hold::Kept) {
        let Some((order, _)) = family.order_of(row.checkout) else { continue };
        let own = sales().filter(|movement| movement.number == order.number && movement.stock == row.stock());
        let moved: i64 = own.map(|movement| movement.delta).sum();
        found.holds("sold_stock_has_its_movement", moved == -row.quantity, || row.checkout);
    }
    for movement in sales() {
        let order = family.orders.iter().find(|(order, _)| order.number == movement.number);
        let own = order.and_then(|(_, order)| {
            let sold = family.reservations.iter().filter(|row| row.checkout == order.checkout_id);
            sold.into_iter().find(|row| row.status == Hold::Kept && row.stock() == movement.stock)
        });
        let is_it = own.is_some_and(|row| movement.delta == -row.quantity);
        found.holds("sale_movement_is_what_an_order_sold", is_it, || movement.number);
    }
}

/// Goods of an order go back on the shelf at most once: with its cancelation, or with the refunds that said so.
fn restocked(family: &Family<'_>, found: &mut Found) {
    for (row, order) in &family.orders {
        let cancellation = family.cancellation(order.id);
        for (index, item) in order.items.iter().enumerate() {
            let variant = place(item.variant_id);
            let own = || {
                let of_line = family.movements.iter().filter(|movement| movement.stock / LOCATIONS == variant);
                of_line.filter(|movement| movement.number == row.number && movement.kind != MovementKind::Sale)
            };
            let kept = |one: &&&Reservation| {
                one.checkout == order.checkout_id && one.variant == variant && one.status == Hold::Kept
            };
            let mut sold = 0;
            for shelf in 0..LOCATIONS {
                let stock = variant * LOCATIONS + shelf;
                let here = family.reservations.iter().filter(kept).filter(|row| row.location == shelf);
                let here: i64 = here.map(|row| row.quantity).sum();
                let back = own().filter(|movement| movement.stock == stock);
                let right = back.clone().map(|movement| movement.delta).sum::<i64>() <= here;
                let right = right && back.clone().all(|movement| movement.delta > 0);
                found.holds("restocked_at_most_what_was_sold", right, || order.id);
                sold += here;
            }
            let canceled = own().filter(|movement| movement.kind == MovementKind::Cancel);
            let shelved: i64 = canceled.map(|movement| movement.delta).sum();
            let wanted = match cancellation {
                Some(canceled) if canceled.restock && sold > 0 => item.quantity - canceled.refunded_before[index],
                _ => 0,
            };
            found.holds("what_a_cancelation_restocks_is_on_the_shelf", shelved == wanted, || order.id);
        }
    }
}
