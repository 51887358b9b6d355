//! Stock levels.

use crate::common::{eur, id};
use commerce::catalog::{StockPolicy, StockState, Variant};
use commerce::inventory::{Level, NotReserved, Reserve, Shelf, Short, allocate, put_back};

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

/// What lies in the first and in the second place, by variant.
type Lying<'a> = &'a [(u128, [i64; 2])];
/// Variant, place and units.
type Taken<'a> = &'a [(u128, u128, i64)];
/// What it is about, what lies where, units of variants that are wanted, and from where they are taken.
type Case<'a> = (&'a str, Lying<'a>, &'a [(u128, i64)], Taken<'a>);

#[test]
fn goods_are_taken_so_that_an_order_makes_few_parcels() {
    let cases: &[Case<'_>] = &[
        ("the first place comes first", &[(1, [5, 5])], &[(1, 2)], &[(1, 1, 2)]),
        ("the second has what the first has not", &[(1, [1, 5])], &[(1, 2)], &[(1, 2, 2)]),
        ("one place for all of it", &[(1, [5, 5]), (2, [0, 5])], &[(1, 2), (2, 1)], &[(1, 2, 2), (2, 2, 1)]),
        ("each line whole", &[(1, [5, 0]), (2, [0, 5])], &[(1, 2), (2, 1)], &[(1, 1, 2), (2, 2, 1)]),
        ("a line in two", &[(1, [2, 3])], &[(1, 4)], &[(1, 1, 2), (1, 2, 2)]),
        ("the first owes what lies nowhere", &[(1, [1, 2])], &[(1, 5)], &[(1, 1, 3), (1, 2, 2)]),
        (
            "what is owed keeps no others apart",
            &[(1, [5, 5]), (2, [0, 5]), (3, [0, 0])],
            &[(1, 2), (2, 1), (3, 1)],
            &[(1, 2, 2), (2, 2, 1), (3, 1, 1)],
        ),
        ("owed units are not there", &[(1, [-3, 2])], &[(1, 2)], &[(1, 2, 2)]),
    ];
    for (name, lying, wanted, taken) in cases {
        let shelf = |place: usize, on_hand| Shelf { location_id: id(place as u128 + 1), on_hand, reserved: 0 };
        let of = |units: &[i64; 2]| units.iter().enumerate().map(|(place, units)| shelf(place, *units)).collect();
        let shelves = lying.iter().map(|(variant, units)| (id(*variant), of(units))).collect();
        let wanted = wanted.iter().map(|(variant, units)| (id(*variant), *units)).collect();
        let reserve = |(variant, place, quantity): &_| Reserve {
            variant_id: id(*variant),
            location_id: id(*place),
            quantity: *quantity,
        };
        let taken: Vec<Reserve> = taken.iter().map(reserve).collect();
        assert_eq!(allocate(&wanted, &shelves, &[id(1), id(2)]), taken, "{name}");
    }
}

#[test]
fn what_is_kept_at_one_place_alone_is_owed_there() {
    let shelves = [(id(1), vec![Shelf { location_id: id(2), on_hand: 0, reserved: 0 }])].into();
    let owed = Reserve { variant_id: id(1), location_id: id(2), quantity: 3 };
    assert_eq!(allocate(&[(id(1), 3)].into(), &shelves, &[id(1), id(2)]), [owed]);
}

#[test]
fn goods_go_back_to_where_they_were_sold_from() {
    assert_eq!(put_back(2, &[(id(1), 1), (id(2), 3)]), [(id(1), 1), (id(2), 1)]);
    assert_eq!(put_back(9, &[(id(1), 0), (id(2), 3)]), [(id(2), 3)], "no more than is out");
    assert_eq!(put_back(1, &[]), [], "what was not counted does not come back");
}
