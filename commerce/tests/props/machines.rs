//! Carts, stock and attempts never leave the states they may be in, whatever is done to them in whatever order.

use crate::common::{World, at, currency, eur, id};
use commerce::cart::{Cart, CartRefusal, MAX_COUPONS, MAX_LINES, MAX_QUANTITY};
use commerce::catalog::StockPolicy;
use commerce::customer::{canonical_email, check_email};
use commerce::ids::VariantId;
use commerce::inventory::{Level, Reserve, Shelf, allocate};
use commerce::payment::{AttemptStatus, DeclineCode, Effect, Outcome, apply, begin};
use proptest::prelude::*;
use std::collections::{BTreeMap, HashMap, HashSet};

#[derive(Debug, Clone)]
enum Edit {
    Add(u8, i64),
    Set(u8, i64),
    Coupon(u8),
    NoCoupon(u8),
}

fn edit() -> impl Strategy<Value = Edit> {
    let quantity = || prop_oneof![4 => -2..50_i64, 1 => 900..1_100_i64, 1 => any::<i64>()];
    prop_oneof![
        (any::<u8>(), quantity()).prop_map(|(variant, quantity)| Edit::Add(variant, quantity)),
        (any::<u8>(), quantity()).prop_map(|(line, quantity)| Edit::Set(line, quantity)),
        (0..8_u8).prop_map(Edit::Coupon),
        (0..8_u8).prop_map(Edit::NoCoupon),
    ]
}

fn edited(cart: &Cart, edit: &Edit, number: usize) -> Result<Cart, CartRefusal> {
    match edit {
        Edit::Add(variant, quantity) => cart.add(id(number as u128), id(u128::from(*variant)), *quantity, at(1)),
        Edit::Set(line, quantity) => match cart.items.get(usize::from(*line) % cart.items.len().max(1)) {
            Some(item) => cart.set_quantity(item.id, *quantity, at(1)),
            None => Err(CartRefusal::UnknownItem),
        },
        Edit::Coupon(code) => cart.apply_coupon(&format!(" c{code} "), at(1)),
        Edit::NoCoupon(code) => cart.remove_coupon(&format!("C{code}"), at(1)),
    }
}

/// What a provider may say; amounts are right, too low, or in dollars.
fn outcome() -> impl Strategy<Value = Outcome> {
    let right = World::new().checkout().quote.totals.total;
    let dollars = commerce::money::Money::new(right.minor, currency("USD"));
    let reference = || "pay-1".to_owned();
    prop_oneof![
        proptest::sample::select(vec![right, right, eur(1), dollars])
            .prop_map(move |amount| Outcome::Succeeded { reference: reference(), amount }),
        Just(Outcome::Declined { code: DeclineCode::CardDeclined }),
        Just(Outcome::RequiresAction { url: "/confirm".into(), reference: "pay-1".into() }),
        Just(Outcome::Processing { reference: "pay-1".into() }),
        Just(Outcome::Canceled),
        Just(Outcome::Unknown),
    ]
}

proptest! {
    #[test]
    fn a_cart_keeps_its_limits_and_its_version_tells_of_change(edits in prop::collection::vec(edit(), 0..300)) {
        let mut cart = Cart::new(id(1), currency("EUR"), at(0));
        for (number, edit) in edits.iter().enumerate() {
            let Ok(next) = edited(&cart, edit, number) else { continue };
            let changed = next.items != cart.items || next.coupons != cart.coupons;
            prop_assert_eq!(next.version, cart.version + i64::from(changed));
            cart = next;
            prop_assert!(cart.items.len() <= MAX_LINES && cart.coupons.len() <= MAX_COUPONS);
            prop_assert!(cart.items.iter().all(|item| (1..=MAX_QUANTITY).contains(&item.quantity)));
            let variants: HashSet<_> = cart.items.iter().map(|item| item.variant_id).collect();
            prop_assert_eq!(variants.len(), cart.items.len(), "one line per variant");
        }
    }

    #[test]
    fn stock_is_never_promised_twice(
        on_hand in 0..50_i64,
        moves in prop::collection::vec((0..4_u8, -3..20_i64), 0..100),
    ) {
        let mut level = Level { on_hand, reserved: 0, tracked: true, policy: StockPolicy::Deny };
        let (mut sold, mut restocked) = (0, 0);
        for (kind, quantity) in moves {
            let moved = match kind {
                0 => level.reserve(quantity).ok(),
                1 => level.release(quantity).ok(),
                2 => level.sell(quantity).ok().inspect(|_| sold += quantity),
                _ => {
                    restocked += quantity.max(0);
                    Some(level.restock(quantity))
                }
            };
            level = moved.unwrap_or(level);
            prop_assert!(0 <= level.reserved && level.reserved <= level.on_hand);
            prop_assert_eq!(level.on_hand, on_hand - sold + restocked, "stock is what moved");
        }
    }

    #[test]
    fn all_that_is_wanted_is_taken_and_no_more_than_lies_there(
        lying in prop::collection::vec(prop::collection::vec((-3..9_i64, 0..4_i64), 3), 3),
        wanted in prop::collection::btree_map(0..3_u128, 1..20_i64, 0..4),
    ) {
        let shelf = |(place, (on_hand, reserved)): (usize, &(i64, i64))| {
            Shelf { location_id: id(place as u128), on_hand: *on_hand, reserved: *reserved }
        };
        let of = |places: &Vec<(i64, i64)>| places.iter().enumerate().map(shelf).collect::<Vec<_>>();
        let shelves: HashMap<VariantId, Vec<Shelf>> = (0..).map(id).zip(lying.iter().map(of)).collect();
        let wanted: BTreeMap<VariantId, i64> = wanted.into_iter().map(|(variant, units)| (id(variant), units)).collect();
        let taken = allocate(&wanted, &shelves, &[id(0), id(1), id(2)]);
        prop_assert!(taken.is_sorted() && taken.iter().all(|one| one.quantity > 0));
        for (variant, units) in wanted {
            let own = || taken.iter().filter(|one| one.variant_id == variant);
            prop_assert_eq!(own().map(|one| one.quantity).sum::<i64>(), units);
            let free: i64 = shelves[&variant].iter().map(Shelf::free).sum();
            let over = |one: &&Reserve| {
                let shelf = shelves[&variant].iter().find(|shelf| shelf.location_id == one.location_id);
                one.quantity > shelf.map_or(0, Shelf::free)
            };
            prop_assert!(units > free || own().filter(over).count() == 0, "a place owes while another has it");
        }
    }

    #[test]
    fn an_attempt_is_paid_once_and_stays_paid(outcomes in prop::collection::vec(outcome(), 0..12)) {
        let mut attempt = begin(&World::new().checkout(), id(31), id(41), at(0));
        let mut paid = 0;
        for outcome in outcomes {
            let transition = apply(&attempt, outcome.clone(), at(1)).expect("one reference only");
            let ended = !attempt.status.in_flight();
            let took_money = matches!(outcome, Outcome::Succeeded { .. });
            paid += i32::from(transition.effect == Effect::Paid);
            prop_assert!(!(ended && transition.attempt.status.in_flight()), "what has ended does not begin again");
            if matches!(attempt.status, AttemptStatus::Succeeded { .. } | AttemptStatus::NeedsReview { .. }) {
                prop_assert_eq!(&transition.attempt, &attempt, "only people move it on");
            }
            attempt = transition.attempt;
            let kept = matches!(attempt.status, AttemptStatus::Succeeded { .. } | AttemptStatus::NeedsReview { .. });
            prop_assert!(kept || !took_money, "money is never dropped");
            if let AttemptStatus::Succeeded { amount, .. } = &attempt.status {
                prop_assert_eq!(*amount, attempt.amount, "only the right amount is paid");
            }
        }
        prop_assert!(paid <= 1, "one order for one attempt");
    }

    #[test]
    fn a_canonical_email_is_its_own(email in "[a-zA-Z.+]{1,12}@(gmail|googlemail|example)\\.com") {
        let canonical = canonical_email(&email);
        prop_assert_eq!(canonical_email(&canonical), canonical);
    }

    #[test]
    fn texts_from_outside_never_panic(text in "\\PC{0,40}|.{0,40}") {
        let _ = (check_email(&text), canonical_email(&text));
        let _ = (commerce::catalog::slugify(&text), commerce::catalog::fold(&text));
        let _ = commerce::payment::sandbox_card(&text, &text, &text, at(0));
        for land in commerce::address::countries().iter().step_by(20) {
            let _ = land.postal_code(&text);
        }
        let slug = commerce::catalog::slugify(&text);
        prop_assert_eq!(commerce::catalog::slugify(&slug), slug);
    }
}
