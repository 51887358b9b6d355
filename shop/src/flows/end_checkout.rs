//! How a checkout ends without an order: canceled by the buyer, by an edit of the cart, or by time.

use chrono::{DateTime, Utc};
use commerce::checkout::{Checkout, CheckoutStatus};
use commerce::ids::{CheckoutId, VariantId};
use serde_json::json;

use crate::app::App;
use crate::desk::{Changes, Command, Holds, Key, Needs, Picture};
use crate::error::Result;
use crate::faults::{self, Fault};
use crate::jobs::Job;
use crate::store::checkouts::CheckoutRecord;
use crate::store::events::{self, Event};
use crate::store::stock::Held;
use crate::store::{Conn, carts, checkouts};
use crate::trade::Trade;

/// The buyer gives up; what was held is released.
pub async fn cancel(app: &App, id: CheckoutId) -> Result<Checkout> {
    app.desk.ask(Cancel { id }).await
}

struct Cancel {
    id: CheckoutId,
}

impl Command for Cancel {
    type Answer = Checkout;

    fn needs(&self) -> Needs {
        Needs { key: Key::Checkout(self.id), holds: Holds::MayEnd, ..Needs::default() }
    }

    fn decide(&self, known: &Picture, _trade: &Trade, now: DateTime<Utc>) -> Result<(Checkout, Changes)> {
        let record = known.checkout(self.id)?;
        record.checkout.can_cancel()?;
        let mut changes = Changes::default();
        let canceled = give_back(known, &mut changes, record, CheckoutStatus::Canceled, now);
        Ok((canceled, changes))
    }
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
    app.desk.ask(Expire { id, at_once: false }).await
}

/// Releases a checkout whose payment was canceled because its hold ran out.
pub async fn expire_now(app: &App, id: CheckoutId) -> Result<()> {
    app.desk.ask(Expire { id, at_once: true }).await.map(|_| ())
}

struct Expire {
    id: CheckoutId,
    at_once: bool,
}

impl Command for Expire {
    type Answer = Expiry;

    fn needs(&self) -> Needs {
        Needs { key: Key::Checkout(self.id), holds: Holds::MayEnd, ..Needs::default() }
    }

    fn decide(&self, known: &Picture, trade: &Trade, now: DateTime<Utc>) -> Result<(Expiry, Changes)> {
        let record = known.checkout(self.id)?;
        let mut changes = Changes::default();
        match record.checkout.status {
            CheckoutStatus::Open if !self.at_once && !record.checkout.can_expire(now) => {
                return Ok((Expiry::At(record.checkout.expires_at), changes));
            }
            CheckoutStatus::Open => {}
            CheckoutStatus::Processing => return Ok((Expiry::Paying, changes)),
            _ => return Ok((Expiry::Over, changes)),
        }
        give_back(known, &mut changes, record, CheckoutStatus::Expired, now);
        changes.plan(&trade.clock, Job::MailReservationExpired { checkout_id: self.id }, now);
        Ok((Expiry::Over, changes))
    }
}

/// A checkout, with its cart locked before it: the one order in which a sale takes its locks.
pub async fn load_locked(conn: &mut Conn, id: CheckoutId) -> Result<Checkout> {
    carts::hold_of_checkout(conn, id).await?;
    Ok(checkouts::load(conn, id).await?.checkout)
}

/// Ends an open checkout and gives back its stock and coupon uses; answers it as it is then. One that is not open is left
/// alone.
pub fn give_back(
    known: &Picture,
    changes: &mut Changes,
    record: &CheckoutRecord,
    status: CheckoutStatus,
    now: DateTime<Utc>,
) -> Checkout {
    if record.checkout.status != CheckoutStatus::Open {
        return record.checkout.clone();
    }
    let id = record.checkout.id;
    let ended = Checkout { status, version: record.checkout.version + 1, ..record.checkout.clone() };
    if !(status == CheckoutStatus::Expired && faults::is(Fault::HeldAfterExpiry)) {
        changes.release(id, known.held(id));
    }
    changes.give_back_uses(id, known.taken(id));
    changes.advance_checkout(CheckoutRecord { checkout: ended.clone(), payment: record.payment });
    changes.tell(Event {
        kind: if status == CheckoutStatus::Expired { "checkout.expired" } else { "checkout.canceled" },
        subject: "checkout",
        subject_id: id.0,
        version: ended.version,
        data: json!({ "cart": ended.cart_id }),
        actor: if status == CheckoutStatus::Expired { "system" } else { "buyer" },
        at: now,
    });
    ended
}

/// The variants of what was held.
pub fn variants_of(held: &[Held]) -> Vec<VariantId> {
    held.iter().map(|held| VariantId(held.variant_id)).collect()
}

/// Tells the read side that what is there of these variants has changed.
pub async fn tell_stock(conn: &mut Conn, variants: &[VariantId], now: DateTime<Utc>) -> Result<()> {
    Ok(events::append_all(conn, events::stock_changed(variants, now)).await?)
}
