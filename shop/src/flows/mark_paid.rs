//! A bank transfer came in: staff say so, and the attempt that waited for it has succeeded.

use commerce::ids::OrderId;
use commerce::payment::{Outcome, apply};
use serde_json::json;

use super::{keep_order, retrying};
use crate::app::App;
use crate::error::{Error, Result};
use crate::store::events::{self, Event};
use crate::store::payments::Turn;
use crate::store::{Writes, orders, payments};

/// Marks an order as paid, or says why not.
pub async fn mark_paid(app: &App, id: OrderId, actor: &str) -> Result<()> {
    retrying(|| mark_once(app, id, actor)).await
}

async fn mark_once(app: &App, id: OrderId, actor: &str) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let order = orders::lock(&mut tx, id).await?.order.paid()?;
    let attempt = payments::load(&mut tx, order.payment.attempt).await?;
    // Nobody gave it another name, so it keeps its own.
    let came_in = Outcome::Succeeded { reference: attempt.id.to_string(), amount: attempt.amount };
    let paid = apply(&attempt, came_in, now).map_err(|error| Error::Internal(error.to_string()))?.attempt;
    let turn = [Turn { before: attempt, after: paid.clone(), has_order: true }];
    let mut writes = Writes::default();
    payments::save_all(&mut writes, &turn);
    tx.write(writes).await?;
    payments::count_in(&mut tx, &turn).await?;
    let event = Event {
        kind: "payment.succeeded",
        subject: "payment",
        subject_id: paid.id.0,
        version: paid.version,
        data: json!({ "checkout": paid.checkout_id, "amount": paid.amount }),
        actor,
        at: now,
    };
    events::append(&mut tx, event).await?;
    let data = json!({ "payment": paid.id, "amount": paid.amount });
    keep_order(&mut tx, &order, ("order.paid", data, actor), now).await?;
    Ok(tx.commit().await?)
}
