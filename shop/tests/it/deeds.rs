//! What staff do with an order: send it, pay it back, call it off, and what becomes of it when many do so at once.

use commerce::ids::{OrderId, OrderItemId};
use commerce::order::Order;
use commerce::returns::RefundStatus;
use oxcart::args;
use oxcart::error::Result;
use oxcart::flows::cancel::{self, Cancel};
use oxcart::flows::fulfil::{Fulfil, fulfil};
use oxcart::flows::refund::{self, Refund, RefundWhat};
use oxcart::store::orders;

use crate::app::TestApp;

/// Somebody of the staff.
pub const STAFF: &str = "staff:00000000-0000-7000-8000-0000000000bb";

/// The order that was placed last.
pub async fn last_order(shop: &TestApp) -> Order {
    #[derive(sqlx::FromRow)]
    struct Found {
        id: uuid::Uuid,
    }
    const LAST: &str = "SELECT id FROM orders ORDER BY placed_at DESC, number DESC";
    let found: Vec<Found> = shop.query(LAST, args![]).await;
    order(shop, OrderId(found.first().expect("somebody has ordered").id)).await
}

/// An order as it stands.
pub async fn order(shop: &TestApp, id: OrderId) -> Order {
    let mut conn = shop.app.db.read().await.expect("the database answers");
    orders::load(&mut conn, id).await.expect("it can be read").order
}

/// The line of a SKU.
pub fn line(order: &Order, sku: &str) -> OrderItemId {
    let line = order.items.iter().find(|item| item.sku.as_deref() == Some(sku));
    line.unwrap_or_else(|| panic!("no {sku} in the order")).id
}

/// Sends these units with a carrier whose pages are known, and writes to the buyer.
pub async fn send(shop: &TestApp, order: &Order, units: &[(OrderItemId, i64)]) -> Result<()> {
    let (carrier, tracking_number) = (Some("PostNL".into()), Some("3S 1234".into()));
    fulfil(&shop.app, order.id, Fulfil { items: units.to_vec(), carrier, tracking_number, notify: true }, STAFF).await
}

/// A refund with the goods here, of which the buyer is told.
pub fn asked(what: RefundWhat) -> Refund {
    Refund { what, reason: "A chip in the glaze".into(), restock: true, notify: true }
}

/// Pays back.
pub async fn refund(shop: &TestApp, order: &Order, what: RefundWhat) -> Result<RefundStatus> {
    refund::refund(&shop.app, order.id, asked(what), STAFF).await
}

/// Calls an order off.
pub async fn cancel(shop: &TestApp, order: &Order) -> Result<Option<RefundStatus>> {
    let why = Cancel { reason: "Changed their mind".into(), restock: true, notify: true };
    cancel::cancel(&shop.app, order.id, why, STAFF).await
}
