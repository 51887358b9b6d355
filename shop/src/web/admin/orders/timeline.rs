//! What happened to an order, in kind words: its events and its payment's, refunds that did not come through, and notes.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use commerce::ids::{FulfillmentId, RefundId, StaffId};
use commerce::money::Money;
use commerce::returns::{Refund, RefundStatus};
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::flows::resend::Letter;
use crate::store::events::Recorded;
use crate::store::order_notes::Note;
use crate::store::orders::OrderRecord;
use crate::web::admin::views::orders::{DayView, EntryView};

/// All that a timeline is made of.
pub struct Happened {
    /// Events of the order and of its payment.
    pub events: Vec<Recorded>,
    /// What staff wrote.
    pub notes: Vec<Note>,
    /// Names of staff.
    pub names: HashMap<StaffId, String>,
}

/// The members of staff who did something.
pub fn staff(record: &OrderRecord, events: &[Recorded], notes: &[Note]) -> Vec<StaffId> {
    let actors = events.iter().map(|event| event.actor.as_str());
    let actors = actors.chain(notes.iter().map(|note| note.actor.as_str()));
    let actors = actors.chain(record.refunds.iter().map(|refund| refund.actor.as_str()));
    let mut ids: Vec<StaffId> = actors.filter_map(staff_id).collect();
    ids.sort();
    ids.dedup();
    ids
}

fn staff_id(actor: &str) -> Option<StaffId> {
    actor.strip_prefix("staff:")?.parse().ok()
}

/// The timeline by days, the latest first.
pub fn days(app: &App, record: &OrderRecord, happened: &Happened) -> Vec<DayView> {
    let teller = Teller { app, record, names: &happened.names };
    let mut entries: Vec<EntryView> = happened.events.iter().filter_map(|event| teller.event(event)).collect();
    entries.extend(record.refunds.iter().filter_map(|refund| teller.unfinished(refund)));
    entries.extend(happened.notes.iter().map(|note| EntryView {
        quote: Some(note.text.clone()),
        ..teller.entry("note", "hold", &note.actor, note.created_at)
    }));
    // Of one moment, what was written later happened later.
    entries.reverse();
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.at));
    let zone = app.shop.load().time_zone.parse().unwrap_or(Tz::UTC);
    by_day(entries, app.clock.now(), zone)
}

fn by_day(entries: Vec<EntryView>, now: DateTime<Utc>, zone: Tz) -> Vec<DayView> {
    let day_of = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
    let today = day_of(now);
    let mut days: Vec<DayView> = vec![];
    for entry in entries {
        let day = day_of(entry.at);
        match days.last_mut().filter(|last| day_of(last.at) == day) {
            Some(last) => last.entries.push(entry),
            None => {
                let name = match (today - day).num_days() {
                    0 => "today",
                    1 => "yesterday",
                    _ => "",
                };
                days.push(DayView { name: name.to_owned(), at: entry.at, entries: vec![entry] });
            }
        }
    }
    days
}

/// Tells events of one order.
struct Teller<'a> {
    app: &'a App,
    record: &'a OrderRecord,
    names: &'a HashMap<StaffId, String>,
}

impl Teller<'_> {
    /// An event in words; `None` for what says nothing to people, or what another entry says.
    fn event(&self, event: &Recorded) -> Option<EntryView> {
        let entry = |key, glyph| self.entry(key, glyph, &event.actor, event.at);
        Some(match event.kind.as_str() {
            "order.placed" => {
                EntryView { actor: Some(self.record.order.shipping_address.name.clone()), ..entry("placed", "none") }
            }
            "order.fulfilled" => self.shipped(event, entry("shipped", "half")),
            "order.delivered" => entry("delivered", "full"),
            "order.paid" => EntryView { amount: data(event, "amount"), ..entry("marked-paid", "full") },
            "order.refunded" => self.refunded(event, entry("refunded", "back")),
            "order.canceled" => {
                let called_off = self.record.cancellation.as_ref();
                let restocked = called_off.is_some_and(|cancellation| cancellation.restock);
                let quote = called_off.map(|cancellation| cancellation.reason.clone()).filter(|why| !why.is_empty());
                EntryView { quote, ..entry(if restocked { "canceled-restocked" } else { "canceled" }, "void") }
            }
            "letter.resent" => EntryView { detail: self.letter(event), ..entry("resent", "full") },
            // What staff marked as paid, the order tells.
            "payment.succeeded" if staff_id(&event.actor).is_none() => self.paid(event)?,
            "payment.declined" => entry("declined", "void"),
            "payment.needs_review" => EntryView { amount: data(event, "amount"), ..entry("needs-review", "alert") },
            "payment.second_charge" => entry("second-charge", "alert"),
            _ => return None,
        })
    }

    fn shipped(&self, event: &Recorded, entry: EntryView) -> EntryView {
        let id: Option<FulfillmentId> = data(event, "fulfillment");
        let parcel = self.record.fulfillments.iter().find(|parcel| Some(parcel.id) == id);
        let carrier = parcel.and_then(|parcel| parcel.carrier.clone());
        let key = if carrier.is_some() { "shipped-by" } else { "shipped" };
        let count = data(event, "units").unwrap_or(0);
        EntryView { key: key.to_owned(), count, detail: carrier.unwrap_or_default(), ..entry }
    }

    fn refunded(&self, event: &Recorded, entry: EntryView) -> EntryView {
        let id: Option<RefundId> = data(event, "refund");
        let refund = self.record.refunds.iter().find(|refund| Some(refund.id) == id);
        let count: i64 = refund.map_or(0, |refund| refund.plan.lines.iter().map(|line| line.quantity).sum());
        let key = match (count, refund.is_some_and(|refund| refund.restock)) {
            (0, _) => "refunded",
            (_, false) => "refunded-items",
            (_, true) => "refunded-restocked",
        };
        let quote = refund.map(|refund| refund.reason.clone()).filter(|reason| !reason.is_empty());
        EntryView { key: key.to_owned(), count, amount: data(event, "amount"), quote, ..entry }
    }

    fn paid(&self, event: &Recorded) -> Option<EntryView> {
        let amount: Option<Money> = data(event, "amount");
        if amount.is_none_or(Money::is_zero) {
            return None;
        }
        let provider = self.record.order.payment.provider;
        let detail = self.app.admin_theme.text(&format!("provider-{provider}"));
        Some(EntryView { amount, detail, ..self.entry("paid", "full", &event.actor, event.at) })
    }

    /// The letter's name.
    fn letter(&self, event: &Recorded) -> String {
        let letter = serde_json::from_value::<Letter>(event.data.0.clone());
        letter.map_or_else(|_| String::new(), |letter| self.app.admin_theme.text(letter_text(letter)))
    }

    /// A refund that is on its way, or never arrived.
    fn unfinished(&self, refund: &Refund) -> Option<EntryView> {
        let amount = Some(refund.plan.amount);
        match refund.status {
            RefundStatus::Succeeded => None,
            RefundStatus::Pending => {
                Some(EntryView { amount, ..self.entry("refund-pending", "hold", &refund.actor, refund.created_at) })
            }
            RefundStatus::Failed => {
                let at = refund.settled_at.unwrap_or(refund.created_at);
                Some(EntryView {
                    amount,
                    quote: refund.failure.clone(),
                    ..self.entry("refund-failed", "alert", "", at)
                })
            }
        }
    }

    fn entry(&self, key: &str, glyph: &str, actor: &str, at: DateTime<Utc>) -> EntryView {
        let actor = staff_id(actor).map(|id| match self.names.get(&id) {
            Some(name) => name.clone(),
            None => self.app.admin_theme.text("somebody"),
        });
        EntryView {
            key: key.to_owned(),
            glyph: glyph.to_owned(),
            actor,
            amount: None,
            count: 0,
            detail: String::new(),
            quote: None,
            at,
        }
    }
}

/// The key of a letter's name.
pub fn letter_text(letter: Letter) -> &'static str {
    match letter {
        Letter::OrderConfirmation => "letter-confirmation",
        Letter::OrderShipped(_) => "letter-shipped",
        Letter::OrderRefunded(_) => "letter-refunded",
        Letter::OrderCanceled => "letter-canceled",
    }
}

/// A value of an event.
fn data<T: DeserializeOwned>(event: &Recorded, name: &str) -> Option<T> {
    serde_json::from_value(event.data.0.get(name)?.clone()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_shop() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a moment");
        let entry = |text: &str| EntryView {
            key: "note".into(),
            glyph: "hold".into(),
            actor: None,
            amount: None,
            count: 0,
            detail: String::new(),
            quote: None,
            at: at(text),
        };
        let entries =
            ["2026-11-21T23:30:00Z", "2026-11-21T22:59:00Z", "2026-11-20T23:10:00Z", "2026-11-01T00:00:00Z"].map(entry);
        let days = by_day(entries.to_vec(), at("2026-11-22T12:00:00Z"), Tz::Europe__Amsterdam);
        let days: Vec<(&str, usize)> = days.iter().map(|day| (day.name.as_str(), day.entries.len())).collect();
        assert_eq!(days, [("today", 1), ("yesterday", 2), ("", 1)]);
    }
}
