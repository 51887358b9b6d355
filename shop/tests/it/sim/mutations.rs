//! Does the simulator catch anything? Each deliberate fault of the shop's own code, and what finds it.

use oxcart::faults::Fault::{self, *};

use super::run::run;
use crate::app::Engine;

/// So many seeds a fault may hide in.
const MOST_SEEDS: u64 = 60;

const CAUGHT_BY: &[(Fault, &str)] = &[
    (StockUnchecked, "nothing_oversold"),
    (ReservationForgotten, "reserved_equals_active_reservations"),
    (MovementForgotten, "stock_equals_movements"),
    (ReleasedTwice, "reserved_equals_active_reservations"),
    (HeldAfterExpiry, "active_reservation_has_a_live_checkout"),
    (SoldStaysReserved, "reserved_equals_active_reservations"),
    (RestockedTwice, "restocked_at_most_what_was_sold"),
    (StockEventForgotten, "stock_change_has_its_event"),
    (OlderCheckoutKept, "cart_is_in_one_checkout"),
    (CouponUncounted, "coupon_uses_within_limits"),
    (CouponKept, "checkout_uses_its_coupons"),
    (CouponGivenBackTwice, "coupon_uses_within_limits"),
    (AnswerForgotten, "one_key_has_one_answer"),
    (AskedBeforeCommit, "bank_payment_is_known"),
    (HoldNotExtended, "paying_checkout_is_held_on"),
    (WebhookAppliedTwice, "nothing_fails_inside"),
    (LateMoneySells, "checkout_holds_what_it_froze"),
    (SilenceIsNo, "no_money_is_lost"),
    (LinesForgotten, "units_paid_back_are_the_sum_of_refunds"),
    (RefundUncounted, "refunded_is_the_sum_of_refunds"),
    (NewRefundIdOnRetry, "bank_refund_is_known"),
    (EventForgotten, "order_has_its_event"),
    (SumForgotten, "customer_is_the_sum_of_their_orders"),
    (ReconcileForgotten, "nothing_hangs"),
    (ExpiryForgotten, "nothing_hangs"),
    (DoneBeforeItIs, "nothing_hangs"),
    (SynchronousNormal, "commits_wait_for_the_disk"),
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
        let found = CAUGHT_BY.iter().filter(|(listed, _)| listed == fault).count();
        assert_eq!(found, 1, "{fault:?}");
    }
}

/// A fault that nothing finds, or something else than it should.
fn missed((fault, invariant): &(Fault, &str)) -> Option<String> {
    let failure = (1..=MOST_SEEDS).find_map(|seed| run(Engine::Sqlite, seed, Some(*fault), false).err());
    let Some(failure) = failure else { return Some(format!("nothing finds {fault:?} in {MOST_SEEDS} seeds")) };
    println!("{fault:?}: seed {}, operation {}", failure.seed, failure.step);
    let found = failure.violations.iter().any(|violation| violation.invariant == *invariant);
    (!found).then(|| format!("{fault:?} should be found by {invariant}: {failure}"))
}
