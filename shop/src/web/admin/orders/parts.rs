//! Parts of a view that several pages of orders have.

use std::collections::HashMap;

use commerce::ids::OrderItemId;
use commerce::order::{Order, OrderAction, OrderItem};
use commerce::pricing::Explained;
use commerce::returns::Refund;

use super::path;
use crate::app::App;
use crate::catalog::Catalog;
use crate::error::Result;
use crate::settings::Location;
use crate::store::Conn;
use crate::store::locations::{self, Taken};
use crate::store::order_list::ListedOrder;
use crate::store::orders::OrderRecord;
use crate::web::admin::views::customers::OrderRowView;
use crate::web::admin::views::orders::{DiscountView, OrderHead, OrderLineView, PaymentView, RefundView, TakenView};
use crate::web::storefront::{lines, order_view, totals};

/// What stands over every page of an order.
pub fn head(order: &Order) -> OrderHead {
    OrderHead {
        number: order.number.clone(),
        url: path(order.id),
        status: order.status.to_string(),
        payment_status: order.payment_status.to_string(),
        fulfillment_status: order.fulfillment_status.to_string(),
        placed_at: order.placed_at,
        customer: order.shipping_address.name.clone(),
        first_name: order_view::first_name(&order.shipping_address.name),
        email: order.email.clone(),
        units: order.items.iter().map(|item| item.quantity).sum(),
        version: order.version,
    }
}

/// The lines of an order, as pages show some units of them.
pub struct Lines {
    views: HashMap<OrderItemId, OrderLineView>,
}

impl Lines {
    /// The lines of an order, with the pictures that the catalog has.
    pub fn of(catalog: &Catalog, order: &Order) -> Self {
        let seen = lines::of_order(catalog, order);
        let view = |(item, seen): (&OrderItem, crate::web::storefront::views::LineView)| {
            let line = OrderLineView {
                id: item.id.to_string(),
                name: item.name.clone(),
                variant: seen.variant,
                sku: item.sku.clone(),
                url: format!("/admin/products/{}", item.product_id),
                picture: seen.picture.map(|picture| picture.src),
                unit_price: item.unit_price,
                discount: Some(item.discount).filter(|discount| !discount.is_zero()),
                total: item.total,
                quantity: item.quantity,
                taken: vec![],
                returned: item.returned,
                refunded: item.refunded_quantity,
            };
            (item.id, line)
        };
        Self { views: order.items.iter().zip(seen).map(view).collect() }
    }

    /// With the places that they were taken from.
    pub fn taken(mut self, order: &Order, taken: &Taken) -> Self {
        for item in &order.items {
            let places = taken.get(&(order.checkout_id, item.variant_id)).map(Vec::as_slice).unwrap_or_default();
            let view = |(place, units): &(Location, i64)| TakenView { place: place.name.clone(), units: *units };
            if let Some(line) = self.views.get_mut(&item.id) {
                line.taken = places.iter().map(view).collect();
            }
        }
        self
    }

    /// Some units of a line.
    pub fn units(&self, id: OrderItemId, quantity: i64) -> Option<OrderLineView> {
        self.views.get(&id).map(|line| OrderLineView { quantity, ..line.clone() })
    }
}

/// From where the lines of orders were taken; nothing where the shop has one location alone.
pub async fn taken(app: &App, conn: &mut Conn, orders: impl Iterator<Item = &Order>) -> Result<Taken> {
    if app.shop.load().locations.len() < 2 {
        return Ok(Taken::new());
    }
    Ok(locations::taken(conn, orders.map(|order| order.checkout_id)).await?)
}

/// The sums of an order as it is.
pub fn payment(record: &OrderRecord) -> PaymentView {
    let mut view = frozen(&record.order, &record.explanation);
    let order = &record.order;
    view.refunds = record.refunds.iter().map(refund).collect();
    view.outstanding = Some(order.outstanding()).filter(|owed| !owed.is_zero());
    view.can_mark_paid = order.can(OrderAction::MarkPaid, &[]).is_ok();
    view
}

/// The sums of an order without what happened since, but for what was paid.
pub fn frozen(order: &Order, explanation: &[Explained]) -> PaymentView {
    let delivery = order.shipping.as_ref().map(|shipping| shipping.label.clone());
    let sums = totals::view(&order.totals, &order.discounts, explanation, delivery);
    PaymentView {
        subtotal: sums.subtotal,
        discounts: sums.discounts.into_iter().map(|d| DiscountView { code: d.code, amount: d.amount }).collect(),
        shipping: sums.shipping,
        delivery: sums.shipping_label,
        tax: sums.tax,
        tax_label: sums.tax_label,
        tax_included: sums.tax_included,
        total: sums.total,
        paid: Some(order.payment.captured).filter(|paid| !paid.is_zero()),
        provider: order.payment.provider.to_string(),
        reference: order.payment.reference.clone(),
        refunds: vec![],
        outstanding: None,
        can_mark_paid: false,
    }
}

fn refund(refund: &Refund) -> RefundView {
    RefundView {
        amount: refund.plan.amount,
        status: refund.status.to_string(),
        reason: refund.reason.clone(),
        failure: refund.failure.clone(),
        at: refund.settled_at.unwrap_or(refund.created_at),
    }
}

/// A row of a list of orders.
pub fn row(order: ListedOrder) -> OrderRowView {
    OrderRowView {
        url: path(order.id),
        id: order.id.to_string(),
        number: order.number,
        status: order.status.to_string(),
        payment_status: order.payment_status.to_string(),
        fulfillment_status: order.fulfillment_status.to_string(),
        customer: order.address.name,
        email: order.email,
        delivery: order.delivery.unwrap_or_default(),
        units: order.units,
        total: order.total,
        placed_at: order.placed_at,
    }
}

/// The title of a page about one order.
pub fn title(app: &App, key: &str, order: &Order) -> String {
    app.admin_theme.text_with(key, &[("number", &order.number)])
}

/// The name of a quantity's field in a form.
pub fn quantity_field(id: OrderItemId) -> String {
    format!("quantity-{id}")
}
