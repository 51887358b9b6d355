//! How a checkout ends without an order: canceled by the buyer, by an edit of the cart, or by time.

use chrono::{DateTime, Utc};
use commerce::checkout::{Checkout, CheckoutStatus};
use commerce::ids::{CheckoutId, VariantId};
use serde_json::json;

use super::retrying;
use crate::app::App;
use crate::error::Result;
use crate::faults::{self, Fault};
use crate::jobs::{self, Job};
use crate::store::events::{self, Event};
use crate::store::stock::{self, Held};
use crate::store::{Conn, carts, checkouts, coupons};

/// The buyer gives up; what was held is released.
pub async fn cancel(app: &App, id: CheckoutId) -> Result<Checkout> {
    retrying(|| cancel_once(app, id)).await
}

async fn cancel_once(app: &App, id: CheckoutId) -> Result<Checkout> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let checkout = load_locked(&mut tx, id).await?;
    checkout.can_cancel()?;
    give_back(app, &mut tx, id, CheckoutStatus::Canceled, now).await?;
    let canceled = checkouts::load(&mut tx, id).await?.checkout;
    tx.commit().await?;
    Ok(canceled)
}

/// What the time has made of a checkout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// It ended, now or before.
    Over,
    /// It was held longer: look again then.
    At(DateTime<Utc>),
    /// A payment is in flight, which has to end first.
    Paying,
}

/// Releases a checkout whose time has run out.
pub async fn expire(app: &App, id: CheckoutId) -> Result<Expiry> {
    retrying(|| expire_once(app, id, false)).await
}

/// Releases a checkout whose payment was canceled because its hold ran out.
pub async fn expire_now(app: &App, id: CheckoutId) -> Result<()> {
    retrying(|| expire_once(app, id, true)).await.map(|_| ())
}

async fn expire_once(app: &App, id: CheckoutId, at_once: bool) -> Result<Expiry> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let checkout = load_locked(&mut tx, id).await?;
    match checkout.status {
        CheckoutStatus::Open if !at_once && !checkout.can_expire(now) => return Ok(Expiry::At(checkout.expires_at)),
        CheckoutStatus::Open => {}
        CheckoutStatus::Processing => return Ok(Expiry::Paying),
        _ => return Ok(Expiry::Over),
    }
    give_back(app, &mut tx, id, CheckoutStatus::Expired, now).await?;
    let mail = Job::MailReservationExpired { checkout_id: id };
    jobs::enqueue(&mut tx, &app.clock, mail, now, now).await?;
    tx.commit().await?;
    app.job_bell.notify_waiters();
    Ok(Expiry::Over)
}

/// A checkout, with its cart locked before it: the one order in which a sale takes its locks.
pub async fn load_locked(conn: &mut Conn, id: CheckoutId) -> Result<Checkout> {
    carts::hold_of_checkout(conn, id).await?;
    Ok(checkouts::load(conn, id).await?.checkout)
}

/// Ends an open checkout and gives back its stock and coupon uses. One that has ended already is left alone.
pub async fn give_back(
    app: &App,
    conn: &mut Conn,
    id: CheckoutId,
    status: CheckoutStatus,
    now: DateTime<Utc>,
) -> Result<()> {
    let record = checkouts::load(conn, id).await?;
    if record.checkout.status != CheckoutStatus::Open {
        return Ok(());
    }
    let ended = Checkout { status, version: record.checkout.version + 1, ..record.checkout };
    let kept = status == CheckoutStatus::Expired && faults::is(Fault::HeldAfterExpiry);
    let released = if kept { vec![] } else { stock::release(conn, id).await? };
    coupons::release(conn, id).await?;
    checkouts::save(conn, &ended, record.payment, now).await?;
    let event = Event {
        kind: if status == CheckoutStatus::Expired { "checkout.expired" } else { "checkout.canceled" },
        subject: "checkout",
        subject_id: id.0,
        version: ended.version,
        data: json!({ "cart": ended.cart_id }),
        actor: if status == CheckoutStatus::Expired { "system" } else { "buyer" },
        at: now,
    };
    let told = [event].into_iter().chain(stock_events(&variants_of(&released), now)).collect();
    Ok(events::append_all(conn, &app.clock, told).await?)
}

/// The variants of what was held.
pub fn variants_of(held: &[Held]) -> Vec<VariantId> {
    held.iter().map(|held| VariantId(held.variant_id)).collect()
}

/// Tells the read side that what is there of these variants has changed.
pub async fn tell_stock(app: &App, conn: &mut Conn, variants: &[VariantId], now: DateTime<Utc>) -> Result<()> {
    Ok(events::append_all(conn, &app.clock, stock_events(variants, now)).await?)
}

/// What tells it.
pub fn stock_events(variants: &[VariantId], now: DateTime<Utc>) -> Vec<Event<'static>> {
    let event = |variant: &VariantId| Event {
        kind: "stock.changed",
        subject: "variant",
        subject_id: variant.0,
        version: 0,
        data: json!({}),
        actor: "system",
        at: now,
    };
    variants.iter().filter(|_| !faults::is(Fault::StockEventForgotten)).map(event).collect()
}
