//! A note of staff about an order.

use commerce::ids::OrderId;

use super::typed;
use crate::app::App;
use crate::error::{Error, Result};
use crate::store::{order_notes, orders};

/// The longest note.
pub const MOST_NOTE: usize = 2000;

/// Writes a note down; only staff read it.
pub async fn note(app: &App, id: OrderId, text: &str, actor: &str) -> Result<()> {
    let text = typed("text", text, MOST_NOTE)?;
    if text.is_empty() {
        return Err(Error::field("text", "Write something first."));
    }
    let mut tx = app.db.begin().await?;
    if !orders::exists(&mut tx, id).await? {
        return Err(Error::NotFound);
    }
    order_notes::add(&mut tx, &app.clock, id, &text, actor, app.clock.now()).await?;
    Ok(tx.commit().await?)
}
