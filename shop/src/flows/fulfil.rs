//! Sending: a parcel with some of what is left to send.

use commerce::ids::{OrderId, OrderItemId};
use serde_json::json;

use super::{keep_order, retrying, typed_if_any};
use crate::app::App;
use crate::error::Result;
use crate::jobs::{self, Job};
use crate::store::fulfillments::{self, Fulfillment};
use crate::store::orders;

/// The longest name of a carrier.
pub const MOST_CARRIER: usize = 60;
/// The longest tracking number.
pub const MOST_TRACKING: usize = 100;

/// What goes into a parcel.
#[derive(Clone, Debug)]
pub struct Fulfil {
    /// Lines of the order and how many of each.
    pub items: Vec<(OrderItemId, i64)>,
    /// Who carries it.
    pub carrier: Option<String>,
    /// The carrier's number for it.
    pub tracking_number: Option<String>,
    /// Whether the buyer is written to.
    pub notify: bool,
}

/// Sends a parcel, or says why not.
pub async fn fulfil(app: &App, id: OrderId, parcel: Fulfil, actor: &str) -> Result<()> {
    retrying(|| fulfil_once(app, id, &parcel, actor)).await?;
    app.job_bell.ring_all();
    Ok(())
}

async fn fulfil_once(app: &App, id: OrderId, parcel: &Fulfil, actor: &str) -> Result<()> {
    let now = app.clock.now();
    let carrier = typed_if_any("carrier", parcel.carrier.as_deref(), MOST_CARRIER)?;
    let tracking_number = typed_if_any("tracking_number", parcel.tracking_number.as_deref(), MOST_TRACKING)?;
    let mut tx = app.db.begin().await?;
    let record = orders::lock(&mut tx, id).await?;
    let order = record.order.fulfilled(&parcel.items, &record.pending())?;
    let sent = Fulfillment {
        id: app.clock.id(),
        order_id: id,
        carrier,
        tracking_number,
        actor: actor.to_owned(),
        items: parcel.items.clone(),
        created_at: now,
    };
    fulfillments::insert(&mut tx, &sent).await?;
    let units: i64 = sent.items.iter().map(|(_, quantity)| quantity).sum();
    let data = json!({ "fulfillment": sent.id, "units": units });
    keep_order(&mut tx, &order, ("order.fulfilled", data, actor), now).await?;
    if parcel.notify {
        let mail = Job::MailOrderShipped { order_id: id, fulfillment_id: sent.id };
        jobs::enqueue(&mut tx, &app.clock, mail, now, now).await?;
    }
    Ok(tx.commit().await?)
}
