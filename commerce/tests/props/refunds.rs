//! However an order is paid back, the parts come to what was captured, and never to more.

use crate::common::{World, eur};
use commerce::order::Order;
use commerce::payment::PaymentStatus;
use commerce::returns::{
    RefundItem, RefundPlan, RefundWhat, after_refund, decide, refund_amount, refund_for_items, refund_remaining,
    refundable_left,
};
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
    /// Each refund is decided while others are on their way, and they end in any order, some of them failing.
    #[test]
    fn a_line_comes_to_its_total_whichever_refunds_fail(
        quantity in 1..30_i64,
        total in 1..200_i64,
        steps in prop::collection::vec((1..4_i64, any::<bool>(), any::<prop::sample::Index>()), 0..60),
    ) {
        let mut order = order([quantity, 1], [total, 1], 10_000);
        let units = |quantity| RefundWhat::Items(vec![RefundItem { item_id: order.items[0].id, quantity }]);
        let whats: Vec<_> = (0..=quantity).map(units).collect();
        let mut pending: Vec<RefundPlan> = Vec::new();
        for (units, begins, which) in steps {
            if begins {
                let what = whats.get(units as usize).unwrap_or(&whats[1]);
                pending.extend(decide(&order, &pending, what).ok());
            } else if !pending.is_empty() {
                let ended = pending.swap_remove(which.index(pending.len()));
                if units > 1 {
                    order = after_refund(&order, &ended, true).expect("a refund");
                }
            }
            let on_its_way: i64 = pending.iter().map(|plan| plan.amount.minor).sum();
            prop_assert!(order.items[0].refunded.minor + on_its_way <= total);
        }
        for plan in pending {
            order = after_refund(&order, &plan, true).expect("a refund");
        }
        if let Ok(rest) = decide(&order, &[], &whats[(quantity - order.items[0].refunded_quantity) as usize]) {
            order = after_refund(&order, &rest, true).expect("a refund");
        }
        prop_assert_eq!(order.items[0].refunded.minor, total);
    }

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
