//! Changing an open checkout: another address, e-mail, delivery or way to pay. Re-quoted, one version up.

use commerce::checkout::{Amendment, Checkout, amend};
use commerce::ids::CheckoutId;
use serde_json::json;

use super::{end_checkout, retrying};
use crate::app::App;
use crate::error::Result;
use crate::store::events::{self, Event};
use crate::store::{checkouts, coupons};

/// Changes a checkout, or says why not.
pub async fn amend_checkout(app: &App, id: CheckoutId, change: &Amendment) -> Result<Checkout> {
    retrying(|| amend_once(app, id, change)).await
}

async fn amend_once(app: &App, id: CheckoutId, change: &Amendment) -> Result<Checkout> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let before = end_checkout::load_locked(&mut tx, id).await?;
    let customer = app.trade.customer_digest(change.email.as_deref().unwrap_or(&before.email));
    let codes: Vec<String> = before.quote.discounts.iter().map(|discount| discount.code.clone()).collect();
    // Its own uses are given back before they are counted, and taken again below.
    coupons::release(&mut tx, id).await?;
    let known = coupons::load(&mut tx, &codes, &customer, true).await?;
    let after = amend(&before, change, &app.terms(), &known, now)?;
    coupons::retake(&mut tx, id, &known, &customer).await?;
    if after != before {
        checkouts::save(&mut tx, &after, now).await?;
        let event = Event {
            kind: "checkout.amended",
            subject: "checkout",
            subject_id: id.0,
            version: after.version,
            data: json!({ "total": after.quote.totals.total }),
            actor: "buyer",
            at: now,
        };
        events::append(&mut tx, event).await?;
    }
    tx.commit().await?;
    Ok(after)
}
