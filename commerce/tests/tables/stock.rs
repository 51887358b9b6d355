//! Stock levels.

use crate::common::{eur, id};
use commerce::catalog::{StockPolicy, StockState, Variant};
use commerce::inventory::{Level, NotReserved, Short};

fn level(on_hand: i64, reserved: i64) -> Level {
    Level { on_hand, reserved, tracked: true, policy: StockPolicy::Deny }
}

#[test]
fn stock_moves_through_reserve_release_and_sell() {
    assert_eq!(level(5, 0).reserve(5), Ok(level(5, 5)));
    assert_eq!(level(5, 2).reserve(4), Err(Short { available: 3 }));
    assert_eq!(level(-2, 0).reserve(1), Err(Short { available: 0 }));
    assert_eq!(level(5, 5).reserve(-1), Err(Short { available: 0 }));
    assert_eq!(level(5, 3).release(2), Ok(level(5, 1)));
    assert_eq!(level(5, 1).release(2), Err(NotReserved { reserved: 1 }));
    assert_eq!(level(5, 3).release(-1), Err(NotReserved { reserved: 3 }));
    assert_eq!(level(5, 3).sell(2), Ok(level(3, 1)));
    assert_eq!(level(5, 1).sell(2), Err(NotReserved { reserved: 1 }));
    assert_eq!(level(3, 1).restock(2), level(5, 1));
    assert_eq!(level(3, 1).restock(-2), level(3, 1));
    assert_eq!(level(5, 3).set_on_hand(3), Ok(level(3, 3)));
    assert_eq!(level(5, 3).set_on_hand(2).map_err(|error| error.reserved), Err(3));
}

#[test]
fn made_to_order_sells_on_and_owes() {
    let made_to_order = Level { policy: StockPolicy::Continue, ..level(1, 0) };
    let reserved = made_to_order.reserve(3).expect("sold on");
    let sold = reserved.sell(3).expect("reserved before");
    assert_eq!((sold.on_hand, sold.reserved, sold.available()), (-2, 0, Some(0)));
}

#[test]
fn what_is_not_tracked_is_not_counted() {
    let uncounted = Level { tracked: false, ..level(0, 0) };
    assert_eq!(uncounted.reserve(1_000), Ok(uncounted));
    assert_eq!(uncounted.sell(1_000), Ok(uncounted));
    assert_eq!(uncounted.release(1_000), Ok(uncounted));
    assert_eq!(uncounted.restock(1_000), uncounted);
    assert_eq!(uncounted.available(), None);
}

#[test]
fn what_a_page_says_about_stock() {
    fn check(on_hand: i64, reserved: i64, tracked: bool, policy: StockPolicy, expected: StockState) {
        let variant = Variant {
            id: id(1),
            sku: None,
            barcode: None,
            values: Vec::new(),
            price: eur(1),
            compare_at: None,
            tracked,
            policy,
            weight_grams: None,
            image: None,
            requires_shipping: true,
            taxable: true,
            position: 1,
            on_hand,
            reserved,
        };
        assert_eq!(variant.stock_state(3), expected, "{on_hand} on hand, {reserved} reserved, {policy}");
        let can_buy = expected != StockState::Out;
        assert_eq!(variant.sellable(1), can_buy);
    }
    check(10, 0, true, StockPolicy::Deny, StockState::In);
    check(10, 7, true, StockPolicy::Deny, StockState::Low);
    check(10, 10, true, StockPolicy::Deny, StockState::Out);
    check(-1, 0, true, StockPolicy::Deny, StockState::Out);
    check(0, 0, true, StockPolicy::Continue, StockState::Backorder);
    check(2, 0, true, StockPolicy::Continue, StockState::Low);
    check(0, 0, false, StockPolicy::Deny, StockState::In);
}
