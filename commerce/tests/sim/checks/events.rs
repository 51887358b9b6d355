//! Every change of state has its event. Where a version counts the changes there is one event to each.

use super::super::tables::Subject;
use super::super::verdict::Found;
use super::family::Family;
use commerce::checkout::CheckoutStatus;
use commerce::order::OrderStatus;
use commerce::payment::ProviderKind;
use commerce::returns::RefundStatus;

/// Paying does not raise the version of a checkout.
const UNCOUNTED: [&str; 2] = ["checkout.processing", "checkout.reopened"];

pub fn check(family: &Family<'_>, found: &mut Found) {
    orders(family, found);
    payments(family, found);
    checkouts(family, found);
    refunds(family, found);
}

fn orders(family: &Family<'_>, found: &mut Found) {
    for (_, order) in &family.orders {
        let about = Subject::Order(order.id);
        let told = family.told(about, order.version, |_| true) && family.has_event(about, 1, "order.placed");
        found.holds("order_has_its_event", told, || order.id);
        let parcels = family.parcels.iter().filter(|parcel| parcel.order == order.id).count();
        let succeeded = family.refunds.iter().filter(|row| row.refund.status == RefundStatus::Succeeded);
        let refunds = succeeded.filter(|row| row.refund.order_id == Some(order.id)).count();
        let deeds = family.count(about, "order.fulfilled") == parcels
            && family.count(about, "order.refunded") == refunds
            && family.count(about, "order.canceled") == usize::from(order.status == OrderStatus::Canceled);
        found.holds("order_deed_has_its_event", deeds, || order.id);
    }
}

fn payments(family: &Family<'_>, found: &mut Found) {
    for row in &family.payments {
        let attempt = &row.attempt;
        let about = Subject::Payment(attempt.id);
        // A second charge is told of, but changes nothing.
        let told = family.told(about, attempt.version, |kind| kind != "payment.second_charge")
            && family.has_event(about, 1, "payment.started");
        let latest = attempt.version == 1 || {
            let kind = format!("payment.{}", attempt.status.as_str());
            family.has_event(about, attempt.version, &kind)
        };
        found.holds("payment_state_has_its_event", told && latest, || attempt.id);
    }
}

fn checkouts(family: &Family<'_>, found: &mut Found) {
    for row in &family.checkouts {
        let checkout = &row.checkout;
        let about = Subject::Checkout(checkout.id);
        let told = family.told(about, checkout.version, |kind| !UNCOUNTED.contains(&kind))
            && family.has_event(about, 1, "checkout.opened");
        let kind = match checkout.status {
            CheckoutStatus::Open | CheckoutStatus::Processing => "checkout.amended",
            CheckoutStatus::Completed => "checkout.completed",
            CheckoutStatus::Expired => "checkout.expired",
            CheckoutStatus::Canceled => "checkout.canceled",
            CheckoutStatus::NeedsReview => "checkout.needs_review",
        };
        let latest = checkout.version == 1 || family.has_event(about, checkout.version, kind);
        found.holds("checkout_state_has_its_event", told && latest, || checkout.id);

        let asked = |row: &&&super::super::tables::PaymentRow| {
            row.attempt.provider != ProviderKind::Manual && row.attempt.amount.minor > 0
        };
        let own = family.payments.iter().filter(|row| row.attempt.checkout_id == checkout.id);
        let attempts = own.filter(asked).count();
        let begun = family.count(about, "checkout.processing");
        let reopened = family.count(about, "checkout.reopened");
        let was_asked = row.payment.and_then(|id| family.payment(id)).is_some_and(|row| asked(&&row));
        let still = match checkout.status {
            CheckoutStatus::Processing => 1..=1,
            CheckoutStatus::NeedsReview => 0..=1,
            CheckoutStatus::Completed => usize::from(was_asked)..=usize::from(was_asked),
            CheckoutStatus::Open | CheckoutStatus::Expired | CheckoutStatus::Canceled => 0..=0,
        };
        let right = begun == attempts && reopened <= begun && still.contains(&(begun - reopened));
        found.holds("paying_has_its_events", right, || checkout.id);
    }
}

fn refunds(family: &Family<'_>, found: &mut Found) {
    for row in &family.refunds {
        let refund = &row.refund;
        let about = Subject::Refund(refund.id);
        let ended = match refund.status {
            RefundStatus::Pending => family.told(about, 1, |_| true),
            RefundStatus::Succeeded => {
                family.told(about, 2, |_| true) && family.has_event(about, 2, "refund.succeeded")
            }
            RefundStatus::Failed => family.told(about, 2, |_| true) && family.has_event(about, 2, "refund.failed"),
        };
        let told = ended && family.has_event(about, 1, "refund.started");
        found.holds("refund_state_has_its_event", told, || refund.id);
    }
}
