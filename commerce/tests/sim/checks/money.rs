//! Payments, what came in by them, and what went back.

use super::super::store::captured;
use super::super::verdict::Found;
use super::family::Family;
use commerce::checkout::CheckoutStatus;
use commerce::payment::{AttemptStatus, ProviderKind};
use commerce::returns::RefundStatus;

pub fn check(family: &Family<'_>, found: &mut Found) {
    for row in &family.payments {
        let attempt = &row.attempt;
        let subject = || attempt.id;
        let all_or_nothing = match attempt.status {
            AttemptStatus::Succeeded { .. } => row.captured == attempt.amount.minor,
            _ => row.captured == captured(attempt),
        };
        found.holds("captured_is_all_or_nothing", all_or_nothing, subject);
        found.holds("charged_is_what_was_seen", row.seen == attempt.amount.minor, subject);
        let refunds = || family.refunds.iter().filter(|refund| refund.refund.payment_id == attempt.id);
        let sum = |counts: fn(RefundStatus) -> bool| {
            let counted = refunds().filter(|refund| counts(refund.refund.status));
            counted.map(|refund| refund.refund.plan.amount.minor).sum::<i64>()
        };
        let refunded = sum(|status| status == RefundStatus::Succeeded);
        found.holds("refunded_is_the_sum_of_refunds", row.refunded == refunded, subject);
        let within = row.refunded <= row.captured && sum(|status| status != RefundStatus::Failed) <= row.captured;
        found.holds("refunded_at_most_captured", within, subject);
        let orders = family.orders.iter().filter(|(_, order)| order.payment.attempt == attempt.id).count();
        let reviewed =
            family.checkout(attempt.checkout_id).is_some_and(|checkout| checkout.status == CheckoutStatus::NeedsReview);
        let succeeded = matches!(attempt.status, AttemptStatus::Succeeded { .. });
        let one = orders == 1 || (orders == 0 && (!succeeded || reviewed));
        found.holds("one_order_per_paid_payment", one, subject);
    }
    check_orders(family, found);
    check_refunds(family, found);
    check_processing(family, found);
}

fn check_orders(family: &Family<'_>, found: &mut Found) {
    for (_, order) in &family.orders {
        let payment = family.payment(order.payment.attempt);
        let paid = payment.is_some_and(|row| {
            let attempt = &row.attempt;
            let succeeded = matches!(attempt.status, AttemptStatus::Succeeded { .. });
            attempt.amount == order.totals.total
                && (succeeded || attempt.provider == ProviderKind::Manual || order.totals.total.is_zero())
        });
        found.holds("no_order_without_a_payment", paid, || order.id);
        let latest =
            family.checkouts.iter().find(|row| row.checkout.id == order.checkout_id).and_then(|row| row.payment);
        let of_one = latest == Some(order.payment.attempt)
            && payment
                .is_some_and(|row| row.attempt.checkout_id == order.checkout_id && row.attempt.order_id == order.id);
        found.holds("order_checkout_and_payment_are_of_one", of_one, || order.id);
    }
}

fn check_refunds(family: &Family<'_>, found: &mut Found) {
    for row in &family.refunds {
        let refund = &row.refund;
        let order = family.orders.iter().find(|(_, order)| order.payment.attempt == refund.payment_id);
        let of_it = refund.order_id == order.map(|(_, order)| order.id)
            && (refund.status == RefundStatus::Pending) == refund.settled_at.is_none();
        found.holds("refund_is_of_its_payments_order", of_it, || refund.id);
        let lines: i64 = refund.plan.lines.iter().map(|line| line.amount.minor).sum();
        let own = refund
            .plan
            .lines
            .iter()
            .all(|line| order.is_some_and(|(_, order)| order.items.iter().any(|item| item.id == line.item_id)));
        let within = lines <= refund.plan.amount.minor && own;
        found.holds("refund_lines_are_within_the_refund", within, || refund.id);
    }
}

fn check_processing(family: &Family<'_>, found: &mut Found) {
    for row in family.checkouts.iter().filter(|row| row.checkout.status == CheckoutStatus::Processing) {
        let checkout = &row.checkout;
        let payment = row.payment.and_then(|id| family.payment(id));
        let is_paid = payment.is_some_and(|payment| {
            let attempt = &payment.attempt;
            attempt.status.in_flight()
                && attempt.checkout_id == checkout.id
                && attempt.checkout_version == checkout.version
                && attempt.amount == checkout.quote.totals.total
        });
        found.holds("processing_checkout_has_a_payment", is_paid, || checkout.id);
    }
}
