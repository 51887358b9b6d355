//! Does the simulator catch anything? Each deliberate fault of the shop's own code, and what finds it.

use oxcart::faults::Fault::{self, *};

use super::run::run;
use crate::app::Engine;

/// So many seeds a fault may hide in, when the one that is named has changed.
const MOST_SEEDS: u64 = 60;

/// The fault, what finds it, and a seed in which it does. `nothing_fails_inside` is a constraint of the database that
/// holds where the code does not.
const CAUGHT_BY: &[(Fault, &str, u64)] = &[
    (StockUnchecked, "nothing_oversold", 1),
    (ReservationForgotten, "reserved_equals_active_reservations", 1),
    (MovementForgotten, "stock_equals_movements", 1),
    (ReleasedTwice, "reserved_equals_active_reservations", 3),
    (HeldAfterExpiry, "active_reservation_has_a_live_checkout", 1),
    (SoldStaysReserved, "reserved_equals_active_reservations", 1),
    (RestockedTwice, "restocked_at_most_what_was_sold", 3),
    (StockEventForgotten, "stock_change_has_its_event", 1),
    (OlderCheckoutKept, "cart_is_in_one_checkout", 1),
    (CouponUncounted, "coupon_uses_within_limits", 1),
    (CouponKept, "checkout_uses_its_coupons", 1),
    (CouponGivenBackTwice, "coupon_uses_within_limits", 1),
    (AnswerForgotten, "one_key_has_one_answer", 1),
    (KeyKnowsNothing, "one_key_has_one_effect", 5),
    (LeaseIsNoFence, "one_key_has_one_effect", 7),
    (HoldNotExtended, "paying_checkout_is_held_on", 2),
    (WebhookAppliedTwice, "nothing_fails_inside", 1),
    (LateMoneySells, "no_order_without_a_payment", 27),
    (SilenceIsNo, "no_money_is_lost", 15),
    (LinesForgotten, "units_paid_back_are_the_sum_of_refunds", 1),
    (RefundUncounted, "refunded_is_the_sum_of_refunds", 1),
    (NewRefundIdOnRetry, "bank_refund_is_known", 1),
    (EventForgotten, "order_has_its_event", 1),
    (SumForgotten, "customer_is_the_sum_of_their_orders", 1),
    (ReconcileForgotten, "nothing_hangs", 6),
    (ExpiryForgotten, "nothing_hangs", 1),
    (DoneBeforeItIs, "nothing_hangs", 2),
    (SaleVersionUnchecked, "cart_is_in_one_checkout", 2),
    (SynchronousNormal, "commits_wait_for_the_disk", 1),
];

#[test]
fn each_fault_is_found() {
    let (ours, theirs) = CAUGHT_BY.split_at(CAUGHT_BY.len() / 2);
    let missed: Vec<String> = std::thread::scope(|scope| {
        let other = scope.spawn(|| theirs.iter().filter_map(missed).collect::<Vec<_>>());
        let ours: Vec<_> = ours.iter().filter_map(missed).collect();
        [ours, other.join().expect("a run answers, whatever it finds")].concat()
    });
    assert!(missed.is_empty(), "{}", missed.join("\n\n"));
}

#[test]
fn every_fault_stands_in_the_table_once() {
    for fault in Fault::ALL {
        let found = CAUGHT_BY.iter().filter(|(listed, ..)| listed == fault).count();
        assert_eq!(found, 1, "{fault:?}");
    }
}

/// A fault that nothing finds, or something else than it should.
fn missed((fault, invariant, seed): &(Fault, &str, u64)) -> Option<String> {
    let mut seeds = [*seed].into_iter().chain(1..=MOST_SEEDS);
    let failure = seeds.find_map(|seed| run(Engine::Sqlite, seed, Some(*fault), false).err());
    let Some(failure) = failure else { return Some(format!("nothing finds {fault:?} in {MOST_SEEDS} seeds")) };
    println!("{fault:?}: seed {}, operation {}", failure.seed, failure.step);
    let found = failure.violations.iter().any(|violation| violation.invariant == *invariant);
    (!found).then(|| format!("{fault:?} should be found by {invariant}: {failure}"))
}
