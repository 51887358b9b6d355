//! What checkouts froze, and what their orders, reservations and uses of coupons make of it.

use super::super::shop::variant_at;
use super::super::tables::Hold;
use super::super::verdict::Found;
use super::family::Family;
use commerce::checkout::{Checkout, CheckoutStatus, complete};
use commerce::money::Money;
use commerce::order::{Order, OrderItem, OrderStatus};
use commerce::payment::{Attempt, AttemptStatus};
use commerce::pricing::{PricedLine, Quote};

pub fn check(family: &Family<'_>, found: &mut Found) {
    for row in &family.checkouts {
        let checkout = &row.checkout;
        found.holds("checkout_adds_up", adds_up(checkout), || checkout.id);
        found.holds("checkout_holds_what_it_froze", holds(family, checkout), || checkout.id);
        found.holds("checkout_uses_its_coupons", uses_coupons(family, checkout), || checkout.id);
    }
    for (row, order) in &family.orders {
        let (Some(checkout), Some(payment)) =
            (family.checkout(order.checkout_id), family.payment(order.payment.attempt))
        else {
            continue;
        };
        let frozen = is_frozen(order, checkout, &payment.attempt) && *row.explanation == checkout.quote.explanation;
        found.holds("order_is_what_its_checkout_froze", frozen, || order.id);
        let projected = is_projected(order, &payment.attempt);
        found.holds("order_status_follows_from_its_lines", projected, || order.id);
    }
}

/// Whether the lines are those of the quote, and its sums the sums of its parts.
fn adds_up(checkout: &Checkout) -> bool {
    let Quote { lines, discounts, shipping, totals, .. } = &checkout.quote;
    let minor = |money: Option<Money>| money.map_or(0, |money| money.minor);
    let on_top = |tax: i64| if totals.tax_included { 0 } else { tax };
    let of_item = checkout.items.iter().zip(lines).all(|(item, line)| {
        (item.item_id, item.variant_id, item.quantity) == (line.item_id, line.variant_id, line.quantity)
            && line.subtotal.minor == line.unit_price.minor * line.quantity
            && line.total.minor == line.subtotal.minor - line.discount.minor + on_top(line.tax.minor)
    });
    let sum = |part: fn(&PricedLine) -> Money| lines.iter().map(|line| part(line).minor).sum::<i64>();
    let sent = shipping.as_ref().map_or(0, |shipping| shipping.amount.minor);
    let tax = sum(|line| line.tax) + shipping.as_ref().map_or(0, |shipping| shipping.tax.minor);
    let discount = sum(|line| line.discount);
    checkout.items.len() == lines.len()
        && of_item
        && totals.subtotal.minor == sum(|line| line.subtotal)
        && totals.discount.minor == discount
        && discount == discounts.iter().map(|discount| discount.amount.minor).sum::<i64>()
        && minor(totals.shipping) == sent
        && minor(totals.tax) == tax
        && totals.total.minor == totals.subtotal.minor - discount + sent + on_top(tax)
}

/// Where holds may stand: as usual, or as they were released before money came in for review.
fn standings(status: CheckoutStatus) -> [Hold; 2] {
    match status {
        CheckoutStatus::Open | CheckoutStatus::Processing => [Hold::Active; 2],
        CheckoutStatus::Completed => [Hold::Kept; 2],
        CheckoutStatus::Expired | CheckoutStatus::Canceled => [Hold::Released; 2],
        CheckoutStatus::NeedsReview => [Hold::Active, Hold::Released],
    }
}

/// Whether the reservations are its counted items, wherever they were taken from, and stand where it stands.
fn holds(family: &Family<'_>, checkout: &Checkout) -> bool {
    let own = || family.reservations.iter().filter(|row| row.checkout == checkout.id);
    let counted = || checkout.items.iter().filter(|item| item.tracked);
    let held = |variant| own().filter(|row| variant_at(row.variant) == variant).map(|row| row.quantity).sum::<i64>();
    let same = counted().all(|item| held(item.variant_id) == item.quantity);
    let froze = |variant| counted().any(|item| item.variant_id == variant);
    same && own().all(|row| froze(variant_at(row.variant)))
        && standings(checkout.status).iter().any(|wanted| own().all(|row| row.status == *wanted))
}

/// Whether it has a use of each of its coupons, and they stand where it stands. An order that was called off has given them
/// back.
fn uses_coupons(family: &Family<'_>, checkout: &Checkout) -> bool {
    let own = || family.uses.iter().filter(|row| row.checkout == checkout.id);
    let called_off = family.order_of(checkout.id).is_some_and(|(_, order)| order.status == OrderStatus::Canceled);
    let wanted = if called_off { [Hold::Released; 2] } else { standings(checkout.status) };
    own().count() == checkout.quote.discounts.len()
        && wanted.iter().any(|wanted| own().all(|row| row.status == *wanted))
}

/// Whether an order is what completing its checkout makes, but for what happens to orders afterwards.
fn is_frozen(order: &Order, checkout: &Checkout, attempt: &Attempt) -> bool {
    let made = complete(checkout, attempt, &order.number, order.placed_at);
    let items = made.items.into_iter().zip(&order.items).map(|(item, now)| OrderItem {
        fulfilled: now.fulfilled,
        delivered: now.delivered,
        returned: now.returned,
        refunded_quantity: now.refunded_quantity,
        refunded: now.refunded,
        ..item
    });
    let made = Order {
        items: items.collect(),
        status: order.status,
        payment_status: order.payment_status,
        fulfillment_status: order.fulfillment_status,
        payment: order.payment.clone(),
        version: order.version,
        ..made
    };
    order.items.len() == checkout.items.len() && made == *order
}

/// Whether its three statuses are those that follow from its payment and its lines.
fn is_projected(order: &Order, attempt: &Attempt) -> bool {
    let failed = matches!(attempt.status, AttemptStatus::Declined { .. } | AttemptStatus::Canceled);
    let review = matches!(attempt.status, AttemptStatus::NeedsReview { .. });
    order.projected(failed, review) == *order
}
