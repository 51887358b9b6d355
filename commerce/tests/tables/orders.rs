//! Orders: the copy, the projections, what is paid back.

use crate::common::{World, at, eur, id, percent};
use commerce::ids::OrderItemId;
use commerce::order::{FulfillmentStatus, ItemProgress, Order, OrderStatus, fulfillment_status};
use commerce::payment::{PaymentStatus, ProviderKind, begin};
use commerce::returns::{
    RefundItem, RefundPlan, RefundRefusal, after_refund, refund_amount, refund_for_items, refund_remaining, refundable,
};

#[test]
fn an_order_is_a_copy_of_its_checkout() {
    let world = World::new().with_coupon(percent("TEN", 10));
    let (checkout, order) = (world.checkout(), world.order());
    assert_eq!(order, world.order(), "completing twice gives the same order");
    assert_eq!((order.id, order.totals), (id(41), checkout.quote.totals));
    assert_eq!(order.items[0].id, id::<OrderItemId>(11), "the value of the cart line's id");
    assert_eq!(order.items[0].total, checkout.quote.lines[0].total);
    assert_eq!((order.payment_status, order.status), (PaymentStatus::Paid, OrderStatus::Open));
    assert_eq!((order.payment.captured, order.payment.reference.as_deref()), (order.totals.total, Some("pay-1")));
    let kept = serde_json::to_string(&order).expect("json");
    assert_eq!(serde_json::from_str::<Order>(&kept).expect("an order"), order);
}

#[test]
fn a_manual_order_is_still_to_be_paid() {
    let mut checkout = World::new().checkout();
    checkout.payment_method = ProviderKind::Manual;
    let attempt = begin(&checkout, id(31), id(41), at(20));
    let order = commerce::checkout::complete(&checkout, &attempt, "1001", at(21));
    assert_eq!((order.payment_status, order.payment.captured), (PaymentStatus::Pending, eur(0)));
    assert_eq!(refund_remaining(&order), Err(RefundRefusal::NothingLeft));
}

#[test]
fn the_fulfilment_status_of_an_order() {
    fn check(items: &[(i64, i64, i64, i64)], expected: FulfillmentStatus) {
        let progress = |&(due, fulfilled, delivered, returned)| ItemProgress { due, fulfilled, delivered, returned };
        assert_eq!(fulfillment_status(items.iter().map(progress)), expected, "{items:?}");
    }
    check(&[(2, 0, 0, 0), (1, 0, 0, 0)], FulfillmentStatus::Unfulfilled);
    check(&[(2, 1, 0, 0), (1, 0, 0, 0)], FulfillmentStatus::Partial);
    check(&[(2, 2, 2, 0), (1, 0, 0, 0)], FulfillmentStatus::Partial);
    check(&[(2, 2, 0, 0), (1, 1, 0, 0)], FulfillmentStatus::Fulfilled);
    check(&[(2, 2, 2, 0), (1, 1, 0, 0)], FulfillmentStatus::Fulfilled);
    check(&[(2, 2, 2, 0), (1, 1, 1, 0)], FulfillmentStatus::Delivered);
    check(&[(2, 2, 2, 2), (1, 1, 1, 0)], FulfillmentStatus::Delivered);
    check(&[(2, 2, 2, 2), (1, 1, 1, 1)], FulfillmentStatus::Returned);
    check(&[(0, 0, 0, 0)], FulfillmentStatus::Unfulfilled);
    check(&[], FulfillmentStatus::Unfulfilled);
}

#[test]
fn the_life_of_an_order() {
    let order = World::new().order();
    assert_eq!(order.canceled().expect("nothing was sent").status, OrderStatus::Canceled);
    assert_eq!(order.canceled().expect("nothing was sent").canceled().expect_err("once").code(), "not_allowed");
    assert!(order.can_fulfill().is_ok());

    let mut sent = order.clone();
    sent.items.iter_mut().for_each(|item| item.fulfilled = item.quantity);
    let sent = sent.projected(false, false);
    assert_eq!((sent.status, sent.fulfillment_status), (OrderStatus::Completed, FulfillmentStatus::Fulfilled));
    assert!(sent.can_cancel().is_err());
    assert!(sent.can_fulfill().is_err());

    let mut partial = order.clone();
    partial.items[0].fulfilled = 1;
    let partial = partial.projected(false, false);
    assert_eq!((partial.status, partial.fulfillment_status), (OrderStatus::Open, FulfillmentStatus::Partial));
    assert!(partial.can_cancel().is_err());
    assert_eq!(partial.items[0].to_fulfill(), 1);
}

/// An order over a line of 3 for 100 and shipping of 4.95.
fn order_of_three() -> Order {
    let mut order = World::new().order();
    order.items.truncate(1);
    (order.items[0].quantity, order.items[0].total) = (3, eur(100));
    order.totals.total = eur(595);
    order.payment.captured = eur(595);
    order
}

fn units(quantity: i64) -> Vec<RefundItem> {
    vec![RefundItem { item_id: id(11), quantity }]
}

#[test]
fn units_add_up_to_their_line() {
    let mut order = order_of_three();
    let mut worth = Vec::new();
    for _ in 0..3 {
        let plan = refund_for_items(&order, &units(1)).expect("a unit is left");
        worth.push(plan.amount.minor);
        order = after_refund(&order, &plan, true).expect("a refund");
    }
    assert_eq!(worth, [33, 34, 33]);
    assert_eq!(refund_for_items(&order, &units(1)), Err(RefundRefusal::TooMany { left: 0 }));
    assert_eq!(order.payment_status, PaymentStatus::PartiallyRefunded);
    let rest = refund_remaining(&order).expect("the shipping is left");
    assert_eq!((rest.lines.len(), rest.amount), (0, eur(495)));
    assert_eq!(after_refund(&order, &rest, false).expect("a refund").payment_status, PaymentStatus::Refunded);
}

#[test]
fn what_cannot_be_paid_back() {
    let order = order_of_three();
    let refused = |items: &[RefundItem]| refund_for_items(&order, items).expect_err("refused");
    let [twice] = units(1)[..] else { panic!("one item") };
    assert_eq!(refused(&[]), RefundRefusal::NotPositive);
    assert_eq!(refused(&units(0)), RefundRefusal::NotPositive);
    assert_eq!(refused(&units(-1)), RefundRefusal::NotPositive);
    assert_eq!(refused(&units(4)), RefundRefusal::TooMany { left: 3 });
    assert_eq!(refused(&units(i64::MAX)), RefundRefusal::TooMany { left: 3 });
    assert_eq!(refused(&[twice, twice]), RefundRefusal::DuplicateItem);
    assert_eq!(refused(&[RefundItem { item_id: id(77), quantity: 1 }]), RefundRefusal::UnknownItem);
    assert_eq!(refund_amount(&order, eur(0)), Err(RefundRefusal::NotPositive));
    assert_eq!(refund_amount(&order, eur(596)), Err(RefundRefusal::OverCaptured { left: eur(595) }));
    assert_eq!(refund_amount(&order, eur(595)), Ok(RefundPlan { lines: Vec::new(), amount: eur(595) }));
    assert_eq!(refundable(&order.items[0], 3), Ok(eur(100)));
}

#[test]
fn lines_share_what_earlier_amounts_have_left() {
    let order = order_of_three();
    let plan = refund_amount(&order, eur(535)).expect("an amount");
    let order = after_refund(&order, &plan, false).expect("a refund");
    assert_eq!(refund_for_items(&order, &units(3)), Err(RefundRefusal::OverCaptured { left: eur(60) }));
    let rest = refund_remaining(&order).expect("something is left");
    assert_eq!((rest.amount, rest.lines[0].amount, rest.lines[0].quantity), (eur(60), eur(60), 3));
}
