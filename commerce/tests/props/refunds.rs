//! However an order is paid back, the parts come to what was captured, and never to more.

use crate::common::{World, eur};
use commerce::order::Order;
use commerce::payment::PaymentStatus;
use commerce::returns::{RefundItem, after_refund, refund_amount, refund_for_items, refund_remaining, refundable_left};
use proptest::prelude::*;

#[derive(Debug, Clone, Copy)]
enum Step {
    Units { line: usize, quantity: i64 },
    Amount(i64),
    Remaining,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..2_usize, -1..5_i64).prop_map(|(line, quantity)| Step::Units { line, quantity }),
        2 => (-10..3_000_i64).prop_map(Step::Amount),
        1 => Just(Step::Remaining),
    ]
}

/// A paid order of two lines, of these quantities and totals.
fn order(quantities: [i64; 2], totals: [i64; 2], shipping: i64) -> Order {
    let mut order = World::new().order();
    for (item, (quantity, total)) in order.items.iter_mut().zip(quantities.into_iter().zip(totals)) {
        (item.quantity, item.total) = (quantity, eur(total));
    }
    order.totals.total = eur(totals.iter().sum::<i64>() + shipping);
    order.payment.captured = order.totals.total;
    order
}

prop_compose! {
    fn any_order()(
        quantities in [1..20_i64, 1..20_i64],
        totals in [0..5_000_i64, 1..5_000_i64],
        shipping in 0..1_000_i64,
    ) -> Order {
        order(quantities, totals, shipping)
    }
}

proptest! {
    #[test]
    fn units_paid_back_bit_by_bit_come_to_the_line(
        quantity in 1..50_i64,
        total in 0..100_000_i64,
        cuts in prop::collection::vec(1..7_i64, 1..60),
    ) {
        let mut order = order([quantity, 1], [total, 1], 0);
        let id = order.items[0].id;
        let mut paid_back = 0;
        for cut in cuts.into_iter().chain([50]) {
            let left = quantity - order.items[0].refunded_quantity;
            if left == 0 {
                break;
            }
            let units = [RefundItem { item_id: id, quantity: cut.min(left) }];
            let plan = refund_for_items(&order, &units).expect("units are left");
            paid_back += plan.amount.minor;
            order = after_refund(&order, &plan, true).expect("a refund");
        }
        prop_assert_eq!(paid_back, total);
    }

    #[test]
    fn never_more_than_was_captured(order in any_order(), steps in prop::collection::vec(step(), 0..20)) {
        let mut order = order;
        for step in steps {
            let plan = match step {
                Step::Units { line, quantity } => {
                    refund_for_items(&order, &[RefundItem { item_id: order.items[line].id, quantity }])
                }
                Step::Amount(minor) => refund_amount(&order, eur(minor)),
                Step::Remaining => refund_remaining(&order),
            };
            let Ok(plan) = plan else { continue };
            prop_assert!(plan.amount.minor >= 0);
            prop_assert!(plan.lines.iter().map(|line| line.amount.minor).sum::<i64>() <= plan.amount.minor);
            order = after_refund(&order, &plan, false).expect("a refund");
            prop_assert!(order.payment.refunded.minor <= order.payment.captured.minor);
            prop_assert!(order.items.iter().all(|item| item.refunded_quantity <= item.quantity));
        }
        if let Ok(rest) = refund_remaining(&order) {
            prop_assert_eq!(Ok(rest.amount), refundable_left(&order));
            order = after_refund(&order, &rest, false).expect("a refund");
            prop_assert!(order.items.iter().all(|item| item.refunded_quantity == item.quantity));
        }
        prop_assert_eq!(order.payment.refunded, order.payment.captured);
        prop_assert_eq!(order.payment_status, PaymentStatus::Refunded);
    }
}
