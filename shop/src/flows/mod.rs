//! The stories: what spans a transaction, two tables or an outside call, told once for every front.

pub mod amend_checkout;
pub mod bulk_products;
pub mod cancel;
pub mod cart;
pub mod change_settings;
pub mod edit_category;
pub mod edit_product;
pub mod end_checkout;
pub mod fulfil;
pub mod home;
pub mod make_widths;
pub mod mark_delivered;
pub mod mark_paid;
pub mod note;
pub mod open_checkout;
pub mod pay;
pub mod recommend;
pub mod refund;
pub mod refund_review;
pub mod resend;
pub mod saved_views;
pub mod search_rules;
pub mod settle;
pub mod settle_refund;
pub mod sign_in;
pub mod staff;
pub mod stock_sheet;
pub mod take_picture;
pub mod transfers;

use chrono::{DateTime, Utc};
use commerce::order::Order;
use serde_json::Value;

use crate::error::{Error, Result, is_retryable};
use crate::faults::{self, Fault, Point};
use crate::store::events::{self, Event};
use crate::store::{Conn, orders};

/// How often a transaction that lost a race inside the database is run again.
const TRIES: u32 = 5;

/// Runs a transaction from its start again when the database says that it lost a race (deadlock, serialization).
pub async fn retrying<T, F, R>(mut story: F) -> Result<T>
where
    F: FnMut() -> R + Send,
    R: Future<Output = Result<T>> + Send,
{
    let mut tries = 1;
    loop {
        faults::reach(Point::Story).await;
        match story().await {
            Err(error) if is_retryable(&error) && tries < TRIES => tries += 1,
            outcome => return outcome,
        }
    }
}

/// Keeps what was done with an order, and tells it. The order was locked before.
async fn keep_order(
    conn: &mut Conn,
    order: &Order,
    (kind, data, actor): (&'static str, Value, &str),
    now: DateTime<Utc>,
) -> Result<()> {
    orders::save(conn, order, now).await?;
    if faults::is(Fault::EventForgotten) {
        return Ok(());
    }
    let (subject_id, version) = (order.id.0, order.version);
    let event = Event { kind, subject: "order", subject_id, version, data, actor, at: now };
    Ok(events::append(conn, event).await?)
}

/// A text that staff typed, without what surrounds it. One that is too long names its field.
fn typed(field: &str, text: &str, most: usize) -> Result<String> {
    let text = text.trim();
    if text.chars().count() > most {
        return Err(Error::field(field, format!("can be at most {most} characters long")));
    }
    Ok(text.to_owned())
}

/// The same for a text that may be missing: an empty one is none.
fn typed_if_any(field: &str, text: Option<&str>, most: usize) -> Result<Option<String>> {
    Ok(Some(typed(field, text.unwrap_or_default(), most)?).filter(|text| !text.is_empty()))
}
