//! What was sent has arrived.

use commerce::ids::OrderId;
use serde_json::json;

use super::{keep_order, retrying};
use crate::app::App;
use crate::error::Result;
use crate::store::orders;

/// Says that everything that was sent has arrived, or why that can't be said.
pub async fn mark_delivered(app: &App, id: OrderId, actor: &str) -> Result<()> {
    retrying(|| mark_once(app, id, actor)).await
}

async fn mark_once(app: &App, id: OrderId, actor: &str) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let order = orders::lock(&mut tx, id).await?.order.delivered()?;
    keep_order(&mut tx, &order, ("order.delivered", json!({}), actor), now).await?;
    Ok(tx.commit().await?)
}
