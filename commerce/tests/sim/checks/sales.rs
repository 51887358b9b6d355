//! Orders, the checkouts they were, the carts those were made of, and the coupons.

use super::super::shop::Shop;
use super::super::tables::Hold;
use super::super::verdict::Found;
use super::family::Family;
use commerce::cart::CartStatus;
use commerce::checkout::CheckoutStatus;
use commerce::money::Money;
use commerce::order::{FulfillmentStatus, Order, OrderItem, OrderStatus};
use commerce::returns::{Refund, RefundStatus};

pub fn check_coupons(shop: &Shop, found: &mut Found) {
    for coupon in shop.db.coupons.iter() {
        let mut uses = 0;
        let mut by_customer = vec![0; shop.customers.len()];
        for row in shop.db.uses.iter().filter(|row| row.coupon == coupon.id && row.status != Hold::Released) {
            uses += 1;
            by_customer[row.customer] += 1;
        }
        let within = coupon.used == uses && coupon.total_limit.is_none_or(|limit| coupon.used <= limit);
        found.holds("coupon_uses_within_limits", within, || &coupon.code);
        let most = by_customer.into_iter().max().unwrap_or(0);
        let within = coupon.per_customer_limit.is_none_or(|limit| most <= limit);
        found.holds("coupon_uses_within_a_customers_limit", within, || &coupon.code);
    }
}

pub fn check(family: &Family<'_>, found: &mut Found) {
    for (_, order) in &family.orders {
        adds_up(order, found);
        lines_are_possible(family, order, found);
        let checkout = family.checkout(order.checkout_id);
        let same = checkout.is_some_and(|checkout| {
            checkout.quote.totals.total == order.totals.total
                && checkout.status == CheckoutStatus::Completed
                && checkout.order == Some(order.id)
        });
        found.holds("order_total_is_what_the_checkout_froze", same, || order.id);
        let canceled = order.status == OrderStatus::Canceled;
        let says_why = canceled == family.cancellation(order.id).is_some()
            && (!canceled || order.fulfillment_status == FulfillmentStatus::Unfulfilled);
        found.holds("canceled_order_says_why", says_why, || order.id);
    }
    check_checkouts(family, found);
}

fn check_checkouts(family: &Family<'_>, found: &mut Found) {
    let mut live = 0;
    for row in &family.checkouts {
        let checkout = &row.checkout;
        let orders: Vec<_> = family
            .orders
            .iter()
            .filter(|(_, order)| order.checkout_id == checkout.id)
            .map(|(_, order)| order.id)
            .collect();
        let completed = checkout.status == CheckoutStatus::Completed;
        let has_it = orders.len() == usize::from(completed) && checkout.order == orders.first().copied();
        found.holds("completed_checkout_has_its_order", has_it, || checkout.id);
        if matches!(checkout.status, CheckoutStatus::Open | CheckoutStatus::Processing) {
            live += 1;
            found.holds("cart_names_its_live_checkout", family.cart.checkout == Some(checkout.id), || checkout.id);
        }
    }
    let cart = &family.cart.cart;
    found.holds("cart_is_in_one_checkout", live <= 1, || cart.id);
    let named = match cart.status {
        CartStatus::Open => family.orders.is_empty(),
        CartStatus::Completed(order) => family.orders.len() == 1 && family.orders[0].1.id == order,
    };
    found.holds("cart_names_its_order", named, || cart.id);
}

fn adds_up(order: &Order, found: &mut Found) {
    let totals = &order.totals;
    let minor = |money: Option<Money>| money.map_or(0, |money| money.minor);
    let on_top = |tax: i64| if totals.tax_included { 0 } else { tax };
    let parts = totals.subtotal.minor - totals.discount.minor + minor(totals.shipping) + on_top(minor(totals.tax));
    let right = totals.total.minor == parts && parts >= 0;
    found.holds("order_total_is_the_sum_of_its_parts", right, || order.id);
    let sum = |part: fn(&commerce::order::OrderItem) -> i64| order.items.iter().map(part).sum::<i64>();
    let goods = sum(|item| item.unit_price.minor * item.quantity);
    let (discount, tax) = (sum(|item| item.discount.minor), sum(|item| item.tax.minor));
    let made_up = totals.subtotal.minor == goods
        && totals.discount.minor == discount
        && tax <= minor(totals.tax)
        && sum(|item| item.total.minor) == goods - discount + on_top(tax);
    found.holds("order_lines_make_up_the_order", made_up, || order.id);
    found.holds("order_has_lines", !order.items.is_empty(), || order.id);
    let of_shipping = order.shipping.as_ref().map_or(0, |shipping| shipping.tax.minor);
    found.holds("order_tax_is_the_sum_of_its_parts", minor(totals.tax) == tax + of_shipping, || order.id);
}

fn lines_are_possible(family: &Family<'_>, order: &Order, found: &mut Found) {
    for item in &order.items {
        let possible = (0..=item.quantity).contains(&item.fulfilled)
            && (0..=item.fulfilled).contains(&item.delivered)
            && (0..=item.fulfilled).contains(&item.returned)
            && (0..=item.quantity).contains(&item.refunded_quantity);
        found.holds("line_progress_is_possible", possible, || order.id);
        let sent = family.parcels.iter().filter(|parcel| parcel.order == order.id).flat_map(|parcel| &parcel.items);
        let sent: i64 = sent.filter(|(line, _)| *line == item.id).map(|(_, units)| units).sum();
        found.holds("sent_is_the_sum_of_parcels", sent == item.fulfilled, || order.id);
        let done = family.paid_back(item.id, |status| status == RefundStatus::Succeeded);
        let (asked, owed) = family.paid_back(item.id, |status| status != RefundStatus::Failed);
        let now = (item.refunded_quantity, item.refunded.minor);
        let right = done == now && asked <= item.quantity && owed <= item.total.minor;
        found.holds("units_paid_back_are_the_sum_of_refunds", right, || order.id);
        found.holds("line_paid_back_is_its_share", paid_back_its_share(family, order, item), || order.id);
    }
}

/// Whether what went back for a line, or is on its way, is its share of the total, to the cent. Amounts that are not tied
/// to lines leave less for them. Where a refund failed, its cents are another's: then only the whole line is exact.
fn paid_back_its_share(family: &Family<'_>, order: &Order, item: &OrderItem) -> bool {
    let own = || family.refunds.iter().map(|row| &row.refund).filter(|refund| refund.order_id == Some(order.id));
    if own().any(|refund| refund.plan.lines.is_empty()) {
        return true;
    }
    let failed = |refund: &Refund| refund.status == RefundStatus::Failed;
    let lines = own().filter(|refund| !failed(refund)).flat_map(|refund| &refund.plan.lines);
    let (units, paid) = lines
        .filter(|line| line.item_id == item.id)
        .fold((0, 0), |(units, paid), line| (units + line.quantity, paid + line.amount.minor));
    let total = item.total.minor;
    if own().any(|refund| failed(refund)) {
        return if units == item.quantity { paid == total } else { (0..=total).contains(&paid) };
    }
    // Half a cent either way.
    2 * (paid * item.quantity - total * units).abs() <= item.quantity
}
