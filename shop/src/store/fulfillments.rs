//! Parcels, and the units in them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use commerce::ids::{FulfillmentId, OrderId, OrderItemId};
use uuid::Uuid;

use super::Conn;
use crate::args;

/// A parcel of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fulfillment {
    /// Its id.
    pub id: FulfillmentId,
    /// Whose it is.
    pub order_id: OrderId,
    /// Who carries it.
    pub carrier: Option<String>,
    /// The carrier's number for it.
    pub tracking_number: Option<String>,
    /// Who sent it.
    pub actor: String,
    /// Lines of the order and how many of each are in it.
    pub items: Vec<(OrderItemId, i64)>,
    /// When it was sent.
    pub created_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct FulfillmentRow {
    id: Uuid,
    carrier: Option<String>,
    tracking_number: Option<String>,
    actor: String,
    created_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct ItemRow {
    fulfillment_id: Uuid,
    order_item_id: Uuid,
    quantity: i64,
}

/// The parcels of an order, oldest first.
pub async fn of_order(conn: &mut Conn, order: OrderId) -> sqlx::Result<Vec<Fulfillment>> {
    const PARCELS: &str = "SELECT id, carrier, tracking_number, actor, created_at FROM fulfillments
         WHERE order_id = $1 ORDER BY created_at, id";
    const ITEMS: &str = "SELECT i.fulfillment_id, i.order_item_id, i.quantity FROM fulfillment_items i
         JOIN fulfillments f ON f.id = i.fulfillment_id WHERE f.order_id = $1 ORDER BY i.order_item_id";
    let rows: Vec<FulfillmentRow> = conn.all(PARCELS, args![order]).await?;
    if rows.is_empty() {
        return Ok(vec![]);
    }
    let mut items: HashMap<Uuid, Vec<(OrderItemId, i64)>> = HashMap::new();
    for item in conn.all::<ItemRow>(ITEMS, args![order]).await? {
        items.entry(item.fulfillment_id).or_default().push((OrderItemId(item.order_item_id), item.quantity));
    }
    let parcel = |row: FulfillmentRow| Fulfillment {
        id: FulfillmentId(row.id),
        order_id: order,
        carrier: row.carrier,
        tracking_number: row.tracking_number,
        actor: row.actor,
        items: items.remove(&row.id).unwrap_or_default(),
        created_at: row.created_at,
    };
    Ok(rows.into_iter().map(parcel).collect())
}

/// Keeps a new parcel.
pub async fn insert(conn: &mut Conn, parcel: &Fulfillment) -> sqlx::Result<()> {
    const PARCEL: &str = "INSERT INTO fulfillments (id, order_id, carrier, tracking_number, actor, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)";
    const ITEMS: &str = "INSERT INTO fulfillment_items (fulfillment_id, order_item_id, quantity)";
    let row =
        args![parcel.id, parcel.order_id, &parcel.carrier, &parcel.tracking_number, &parcel.actor, parcel.created_at,];
    conn.execute(PARCEL, row).await?;
    let items = parcel.items.iter().map(|(item, quantity)| args![parcel.id, *item, *quantity]);
    conn.insert_many(ITEMS, items.collect(), "").await?;
    Ok(())
}
