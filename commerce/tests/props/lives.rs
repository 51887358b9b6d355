//! Whatever staff do with an order, in whatever order: nothing is sent or paid back twice, and the statuses follow.

use crate::common::{World, eur};
use commerce::order::{Order, OrderAction, OrderStatus};
use commerce::payment::ProviderKind;
use commerce::returns::{RefundItem, RefundPlan, RefundWhat, after_refund, decide};
use proptest::prelude::*;

#[derive(Debug, Clone, Copy)]
enum Step {
    Send {
        line: usize,
        quantity: i64,
    },
    Arrive,
    MarkPaid,
    AskUnits {
        line: usize,
        quantity: i64,
    },
    AskAmount(i64),
    AskRemaining,
    /// The bank answers the oldest refund: whether it says yes, and whether the goods came back.
    Answer(bool, bool),
    Cancel,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..2_usize, -1..6_i64).prop_map(|(line, quantity)| Step::Send { line, quantity }),
        1 => Just(Step::Arrive),
        1 => Just(Step::MarkPaid),
        4 => (0..2_usize, -1..6_i64).prop_map(|(line, quantity)| Step::AskUnits { line, quantity }),
        2 => (-10..6_000_i64).prop_map(Step::AskAmount),
        1 => Just(Step::AskRemaining),
        6 => (any::<bool>(), any::<bool>()).prop_map(|(yes, goods)| Step::Answer(yes, goods)),
        1 => Just(Step::Cancel),
    ]
}

fn order(quantities: [i64; 2], by_transfer: bool, sent: [bool; 2]) -> Order {
    let mut order = World::new().order();
    for (item, (quantity, sent)) in order.items.iter_mut().zip(quantities.into_iter().zip(sent)) {
        (item.quantity, item.requires_shipping) = (quantity, sent);
    }
    if by_transfer {
        (order.payment.provider, order.payment.captured) = (ProviderKind::Manual, eur(0));
    }
    order.projected(false, false)
}

fn holds(order: &Order, pending: &[RefundPlan]) -> Result<(), TestCaseError> {
    let refunding: i64 = pending.iter().map(|plan| plan.amount.minor).sum();
    prop_assert!(order.payment.refunded.minor + refunding <= order.payment.captured.minor);
    prop_assert!(order.payment.captured.minor <= order.totals.total.minor);
    for item in &order.items {
        let lines = pending.iter().flat_map(|plan| &plan.lines).filter(|line| line.item_id == item.id);
        let refunding: i64 = lines.map(|line| line.quantity).sum();
        prop_assert!(item.refunded_quantity + refunding <= item.quantity, "{:?}", item);
        prop_assert!((0..=item.quantity).contains(&item.fulfilled), "{:?}", item);
        prop_assert!((0..=item.fulfilled).contains(&item.delivered), "{:?}", item);
        prop_assert!((0..=item.fulfilled).contains(&item.returned), "{:?}", item);
        prop_assert!((0..=item.quantity - item.fulfilled).contains(&item.to_fulfill()), "{:?}", item);
    }
    let again = order.projected(false, false);
    prop_assert_eq!(&again, order, "the statuses are projections");
    Ok(())
}

/// The order and what is on its way back after one step, where the rules allow it.
fn after(order: &Order, pending: &mut Vec<RefundPlan>, step: Step) -> Option<Order> {
    let ask = |what: RefundWhat, pending: &[RefundPlan]| decide(order, pending, &what).ok();
    let asked = match step {
        Step::Send { line, quantity } => return order.fulfilled(&[(order.items[line].id, quantity)], pending).ok(),
        Step::Arrive => return order.delivered().ok(),
        Step::MarkPaid => return order.paid().ok(),
        Step::Cancel => {
            order.can(OrderAction::Cancel, pending).ok()?;
            return order.canceled().ok();
        }
        Step::Answer(yes, goods) => {
            let plan = (!pending.is_empty()).then(|| pending.remove(0)).filter(|_| yes)?;
            return Some(after_refund(order, &plan, goods).expect("it was decided"));
        }
        Step::AskUnits { line, quantity } => {
            let item = RefundItem { item_id: order.items[line].id, quantity };
            ask(RefundWhat::Items(vec![item]), pending)
        }
        Step::AskAmount(minor) => ask(RefundWhat::Amount(eur(minor)), pending),
        Step::AskRemaining => ask(RefundWhat::Remaining, pending),
    };
    pending.extend(asked);
    None
}

proptest! {
    #[test]
    fn nothing_is_sent_or_paid_back_twice(
        quantities in [1..5_i64, 1..5_i64],
        by_transfer in any::<bool>(),
        is_sent in [any::<bool>(), any::<bool>()],
        steps in prop::collection::vec(step(), 0..40),
    ) {
        let mut order = order(quantities, by_transfer, is_sent);
        let mut pending = Vec::new();
        for step in steps {
            let Some(next) = after(&order, &mut pending, step) else { continue };
            prop_assert_eq!(next.version, order.version + 1, "each change raises the version");
            prop_assert!(order.status != OrderStatus::Canceled || next.status == OrderStatus::Canceled);
            order = next;
            holds(&order, &pending)?;
        }
    }
}
