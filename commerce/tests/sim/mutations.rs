//! Does the checker catch anything? Each deliberate fault, and the invariant that finds it.

use super::faults::Fault::{self, *};
use super::run::run;

/// So many seeds a fault may hide in.
const MOST_SEEDS: u64 = 2_000;

const CAUGHT_BY: &[(Fault, &str)] = &[
    (ReserveUnchecked, "nothing_oversold"),
    (ReservationForgotten, "reserved_equals_active_reservations"),
    (MovementForgotten, "stock_equals_movements"),
    (ReleasedTwice, "reserved_equals_active_reservations"),
    (HeldAfterExpiry, "active_reservation_has_a_live_checkout"),
    (SoldStaysReserved, "reserved_equals_active_reservations"),
    (RestockedTwice, "what_a_cancelation_restocks_is_on_the_shelf"),
    (RestockedAfterCancel, "restocked_at_most_what_was_sold"),
    (SheetBelowReserved, "nothing_oversold"),
    (StockEventForgotten, "stock_change_has_its_event"),
    (OlderCheckoutKept, "cart_is_in_one_checkout"),
    (CouponCountedTwice, "coupon_uses_within_limits"),
    (CouponKeptAfterExpiry, "checkout_uses_its_coupons"),
    (CouponKeptAfterCancel, "checkout_uses_its_coupons"),
    (CouponLimitUnchecked, "coupon_uses_within_limits"),
    (CouponCustomerUnchecked, "coupon_uses_within_a_customers_limit"),
    (TotalOffByACent, "order_total_is_the_sum_of_its_parts"),
    (ProrationDropsTheRest, "checkout_adds_up"),
    (OtherVersionPaid, "charged_is_what_was_seen"),
    (AmountUnchecked, "bank_and_shop_agree"),
    (RefundUncapped, "refunded_at_most_captured"),
    (RefundDropsTheRest, "line_paid_back_is_its_share"),
    (RefundForgetsPending, "refunded_at_most_captured"),
    (RefundAppliedTwice, "refunded_is_the_sum_of_refunds"),
    (UnitsPaidBackTwice, "units_paid_back_are_the_sum_of_refunds"),
    (AskedBeforeCommit, "bank_payment_is_known"),
    (NewIdOnRetry, "bank_payment_is_known"),
    (NewRefundIdOnRetry, "bank_refund_is_known"),
    (WebhookWithoutVersion, "payment_state_has_its_event"),
    (OrderOnRepeat, "one_order_per_paid_payment"),
    (OrderIdOnRepeat, "repetition_has_the_same_order"),
    (DeclineWritesOrder, "no_order_without_a_payment"),
    (ExpiredWhilePaying, "paying_has_its_events"),
    (LateMoneySells, "states_change_along_their_tables"),
    (SilenceIsNo, "bank_and_shop_agree"),
    (EventForgotten, "order_has_its_event"),
    (ReconcileForgotten, "nothing_hangs"),
    (ExpiryForgotten, "nothing_hangs"),
    (DoneBeforeItIs, "nothing_hangs"),
];

#[test]
fn each_fault_is_found_by_its_invariant() {
    let (ours, theirs) = CAUGHT_BY.split_at(CAUGHT_BY.len() / 2);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| theirs.iter().for_each(check));
        ours.iter().for_each(check);
        other.join().expect("its faults are found too");
    });
}

#[test]
fn every_fault_stands_in_the_table_once() {
    for fault in Fault::ALL {
        let found = CAUGHT_BY.iter().filter(|(listed, _)| listed == fault).count();
        assert_eq!(found, 1, "{fault:?}");
    }
}

fn check((fault, invariant): &(Fault, &str)) {
    let failure = (1..=MOST_SEEDS).find_map(|seed| run(seed, Some(*fault), false).err());
    let Some(failure) = failure else { panic!("nothing finds {fault:?} in {MOST_SEEDS} seeds") };
    let found = failure.violations.iter().any(|violation| violation.invariant == *invariant);
    assert!(found, "{fault:?} should be found by {invariant}: {failure}");
}
