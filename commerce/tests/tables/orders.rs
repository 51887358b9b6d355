//! Orders: the copy, the projections, what is paid back.

use crate::common::{World, at, eur, id, percent};
use commerce::error::Refusal;
use commerce::ids::OrderItemId;
use commerce::order::{FulfillmentStatus, ItemProgress, Order, OrderStatus, UnitsRefusal, fulfillment_status};
use commerce::payment::{PaymentStatus, ProviderKind, begin};
use commerce::returns::{
    Refund, RefundItem, RefundOutcome, RefundPlan, RefundRefusal, RefundStatus, RefundWhat, WrongAmount, after_refund,
    decide, refund_amount, refund_for_items, refund_remaining,
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

#[test]
fn units_are_sent_once() {
    fn check(sent: &[(u128, i64)], expected: Result<(FulfillmentStatus, OrderStatus), UnitsRefusal>) {
        let named: Vec<_> = sent.iter().map(|(line, quantity)| (id::<OrderItemId>(*line), *quantity)).collect();
        let after = World::new().order().fulfilled(&named, &[]);
        let after = after.map(|order| (order.fulfillment_status, order.status));
        assert_eq!(after, expected.map_err(Refusal::from), "{sent:?}");
    }
    check(&[(11, 2), (12, 1)], Ok((FulfillmentStatus::Fulfilled, OrderStatus::Completed)));
    check(&[(11, 1)], Ok((FulfillmentStatus::Partial, OrderStatus::Open)));
    check(&[], Err(UnitsRefusal::Nothing));
    check(&[(77, 1)], Err(UnitsRefusal::Unknown { index: 0 }));
    check(&[(11, 1), (11, 1)], Err(UnitsRefusal::Twice { index: 1 }));
    check(&[(12, 0)], Err(UnitsRefusal::NotPositive { index: 0 }));
    check(&[(12, -1)], Err(UnitsRefusal::NotPositive { index: 0 }));
    check(&[(11, 3)], Err(UnitsRefusal::TooMany { index: 0, left: 2 }));

    let mut order = World::new().order();
    let pending = decide(&order, &[], &RefundWhat::Items(units(1))).expect("two are left");
    let both = order.fulfilled(&[(id(11), 2)], std::slice::from_ref(&pending));
    assert_eq!(both, Err(UnitsRefusal::TooMany { index: 0, left: 1 }.into()), "what is paid back is not sent");
    order.items[1].requires_shipping = false;
    assert_eq!(order.fulfilled(&[(id(12), 1)], &[]), Err(UnitsRefusal::TooMany { index: 0, left: 0 }.into()));
}

/// Which of the five actions each state allows, in the order of their declaration.
#[test]
fn each_state_allows_its_actions() {
    fn check(state: &str, order: &Order, pending: &[RefundPlan], expected: &str) {
        let actions = order.actions(pending);
        let allowed = actions.iter().filter(|(_, answer)| answer.is_ok()).map(|(action, _)| action.as_str());
        assert_eq!(allowed.collect::<Vec<_>>().join(" "), expected, "{state}");
        for (action, refusal) in actions.iter().filter_map(|(action, answer)| Some((action, answer.clone().err()?))) {
            assert_eq!(refusal.code(), "not_allowed", "{state}: {action}");
            assert!(refusal.to_string().ends_with('.'), "{state}: {action} says why");
        }
    }
    let paid = World::new().order();
    let everything = decide(&paid, &[], &RefundWhat::Remaining).expect("it was paid");
    let sent = paid.fulfilled(&[(id(11), 2), (id(12), 1)], &[]).expect("all of it is there");
    let arrived = sent.delivered().expect("it was sent");
    let refunded = after_refund(&arrived, &everything, true).expect("a refund");
    let mut transfer = paid.clone();
    (transfer.payment.provider, transfer.payment.captured) = (ProviderKind::Manual, eur(0));
    let transfer = transfer.projected(false, false);
    check("paid", &paid, &[], "fulfill refund cancel");
    check("part sent", &paid.fulfilled(&[(id(11), 1)], &[]).expect("two are there"), &[], "fulfill deliver refund");
    check("sent", &sent, &[], "deliver refund");
    check("arrived", &arrived, &[], "refund");
    check("refunded", &refunded, &[], "");
    check("being refunded", &paid, &[everything], "");
    check("canceled", &paid.canceled().expect("nothing was sent"), &[], "refund");
    check("by transfer", &transfer, &[], "fulfill mark_paid cancel");
    check("transferred", &transfer.paid().expect("it was owed"), &[], "fulfill refund cancel");
    check("called off", &transfer.canceled().expect("nothing was sent"), &[], "");
    let owed = |order: &Order| order.outstanding().minor;
    assert_eq!(
        (owed(&transfer), owed(&paid), owed(&transfer.canceled().expect("open"))),
        (paid.totals.total.minor, 0, 0)
    );
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

/// A refund that fails after a later one came through gives its cents back to the line.
#[test]
fn units_add_up_to_their_line_whichever_refund_fails() {
    let order = order_of_three();
    let one = RefundWhat::Items(units(1));
    let first = decide(&order, &[], &one).expect("three are left");
    let second = decide(&order, std::slice::from_ref(&first), &one).expect("two are left");
    assert_eq!((first.amount, second.amount), (eur(33), eur(34)));
    let order = after_refund(&order, &second, true).expect("the first has failed");
    let rest = decide(&order, &[], &RefundWhat::Items(units(2))).expect("two are left");
    assert_eq!(rest.amount, eur(66));
    let order = after_refund(&order, &rest, true).expect("a refund");
    let rest = refund_remaining(&order).expect("the shipping is left");
    assert_eq!((order.items[0].refunded, rest.amount), (eur(100), eur(495)));
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
    assert_eq!(refund_for_items(&order, &units(1)), Err(UnitsRefusal::TooMany { index: 0, left: 0 }.into()));
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
    let unknown = RefundItem { item_id: id(77), quantity: 1 };
    assert_eq!(refused(&[]), UnitsRefusal::Nothing.into());
    assert_eq!(refused(&units(0)), UnitsRefusal::NotPositive { index: 0 }.into());
    assert_eq!(refused(&units(-1)), UnitsRefusal::NotPositive { index: 0 }.into());
    assert_eq!(refused(&units(4)), UnitsRefusal::TooMany { index: 0, left: 3 }.into());
    assert_eq!(refused(&units(i64::MAX)), UnitsRefusal::TooMany { index: 0, left: 3 }.into());
    assert_eq!(refused(&[twice, twice]), UnitsRefusal::Twice { index: 1 }.into());
    assert_eq!(refused(&[twice, unknown]), UnitsRefusal::Unknown { index: 1 }.into());
    assert_eq!(refund_amount(&order, eur(0)), Err(RefundRefusal::NotPositive));
    assert_eq!(refund_amount(&order, eur(596)), Err(RefundRefusal::OverCaptured { left: eur(595) }));
    assert_eq!(refund_amount(&order, eur(595)), Ok(RefundPlan { lines: Vec::new(), amount: eur(595) }));
    assert_eq!(refund_for_items(&order, &units(3)).map(|plan| plan.amount), Ok(eur(100)));
}

#[test]
fn what_is_on_its_way_back_is_no_longer_left() {
    let order = order_of_three();
    let remaining = |pending: &[RefundPlan]| decide(&order, pending, &RefundWhat::Remaining);
    let two = decide(&order, &[], &RefundWhat::Items(units(2))).expect("two are left");
    let rest = remaining(std::slice::from_ref(&two)).expect("one and the shipping are left");
    assert_eq!((two.amount, rest.amount, rest.lines[0].quantity), (eur(67), eur(528), 1));
    let third = decide(&order, std::slice::from_ref(&two), &RefundWhat::Items(units(2)));
    assert_eq!(third, Err(UnitsRefusal::TooMany { index: 0, left: 1 }.into()));
    assert_eq!(remaining(&[two, rest]).expect_err("nothing is left").code(), "not_allowed");

    let mut free = order_of_three();
    free.items[0].total = eur(0);
    assert_eq!(decide(&free, &[], &RefundWhat::Items(units(1))), Err(RefundRefusal::WorthNothing.into()));
}

#[test]
fn an_answer_ends_a_refund_once() {
    let plan = refund_amount(&order_of_three(), eur(500)).expect("an amount");
    let asked = Refund {
        id: id(51),
        payment_id: id(31),
        order_id: Some(id(41)),
        status: RefundStatus::Pending,
        plan,
        reason: "A chip".into(),
        restock: false,
        notify: true,
        actor: "staff:1".into(),
        failure: None,
        created_at: at(30),
        settled_at: None,
    };
    let paid = |minor| RefundOutcome::Succeeded { amount: eur(minor) };
    let refused = || RefundOutcome::Refused { reason: "closed account".into() };
    let done = asked.after(paid(500), at(31)).expect("the amount fits").expect("it is new");
    assert_eq!((done.status, done.settled_at), (RefundStatus::Succeeded, Some(at(31))));
    assert_eq!(done.after(refused(), at(32)), Ok(None), "what comes late takes nothing back");
    let failed = asked.after(refused(), at(31)).expect("a refusal").expect("it is new");
    assert_eq!((failed.status, failed.failure.as_deref()), (RefundStatus::Failed, Some("closed account")));
    assert_eq!(failed.after(paid(500), at(32)), Ok(None));
    assert_eq!(asked.after(RefundOutcome::Unknown, at(31)), Ok(None));
    assert_eq!(asked.after(RefundOutcome::Processing, at(31)), Ok(None));
    assert_eq!(asked.after(paid(499), at(31)), Err(WrongAmount { asked: eur(500), paid: eur(499) }));
}

/// Units sent, then paid back with the goods here: those that were never sent go first, and count as kept by us.
#[test]
fn goods_that_came_back() {
    fn check(sent: i64, back: &[(i64, bool)], expected: (i64, i64, i64)) {
        let mut order = order_of_three();
        order.items[0].fulfilled = sent;
        for (quantity, came_back) in back {
            let plan = refund_for_items(&order, &units(*quantity)).expect("units are left");
            order = after_refund(&order, &plan, *came_back).expect("a refund");
        }
        let item = &order.items[0];
        assert_eq!((item.refunded_quantity, item.returned, item.to_fulfill()), expected, "{sent} sent, {back:?}");
    }
    check(0, &[(1, true)], (1, 0, 2));
    check(0, &[(3, true)], (3, 0, 0));
    check(1, &[(2, true)], (2, 0, 0));
    check(1, &[(3, true)], (3, 1, 0));
    check(1, &[(2, false), (1, true)], (3, 1, 0));
    check(2, &[(1, false), (1, false), (1, true)], (3, 1, 0));
    check(3, &[(2, true)], (2, 2, 0));
    check(3, &[(2, false), (1, true)], (3, 1, 0));
    check(3, &[(3, false)], (3, 0, 0));
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
