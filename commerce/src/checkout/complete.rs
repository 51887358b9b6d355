//! Turning a paid checkout into an order.

use super::{Checkout, CheckoutItem};
use crate::ids::OrderItemId;
use crate::money::Money;
use crate::order::{FulfillmentStatus, Order, OrderItem, OrderPayment, OrderStatus};
use crate::payment::{Attempt, AttemptStatus, PaymentStatus};
use crate::pricing::PricedLine;
use chrono::{DateTime, Utc};

/// The order of a checkout: a copy of everything, so that no later change of the catalog reaches it. Its id is the one
/// the attempt allocated; completing twice gives the same order.
///
/// The attempt has succeeded, or is a manual one that is still to be paid.
pub fn complete(checkout: &Checkout, attempt: &Attempt, number: &str, now: DateTime<Utc>) -> Order {
    let quote = &checkout.quote;
    let order = Order {
        id: attempt.order_id,
        number: number.to_owned(),
        checkout_id: checkout.id,
        status: OrderStatus::Open,
        payment_status: PaymentStatus::Pending,
        fulfillment_status: FulfillmentStatus::Unfulfilled,
        email: checkout.email.clone(),
        items: checkout.items.iter().zip(&quote.lines).map(|(item, line)| order_item(item, line)).collect(),
        totals: quote.totals,
        discounts: quote.discounts.clone(),
        shipping: quote.shipping.clone(),
        shipping_address: checkout.shipping_address.clone(),
        billing_address: checkout.billing_address.clone(),
        payment: payment(attempt),
        terms_version: checkout.terms_version.clone(),
        locale: checkout.locale.clone(),
        placed_at: now,
        version: 1,
    };
    order.projected(false, false)
}

fn payment(attempt: &Attempt) -> OrderPayment {
    let nothing = Money::zero(attempt.amount.currency);
    let (captured, reference) = match &attempt.status {
        AttemptStatus::Succeeded { amount, reference } => (*amount, Some(reference.clone())),
        _ => (nothing, None),
    };
    OrderPayment {
        attempt: attempt.id,
        provider: attempt.provider,
        reference: reference.filter(|reference| !reference.is_empty()),
        captured,
        refunded: nothing,
    }
}

fn order_item(item: &CheckoutItem, line: &PricedLine) -> OrderItem {
    OrderItem {
        id: OrderItemId(item.item_id.0),
        variant_id: item.variant_id,
        product_id: item.product_id,
        product_slug: item.product_slug.clone(),
        name: item.name.clone(),
        variant_title: item.variant_title.clone(),
        sku: item.sku.clone(),
        image: item.image.clone(),
        quantity: line.quantity,
        unit_price: line.unit_price,
        discount: line.discount,
        tax_rate: line.tax_rate,
        tax: line.tax,
        total: line.total,
        requires_shipping: item.requires_shipping,
        fulfilled: 0,
        delivered: 0,
        returned: 0,
        refunded_quantity: 0,
        refunded: Money::zero(line.total.currency),
    }
}
