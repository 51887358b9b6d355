//! What became of an order: sent, arrived, paid back, called off, or still waiting.

use chrono::{DateTime, TimeDelta, Utc};
use commerce::checkout::Checkout;
use commerce::order::Order;
use commerce::payment::{Attempt, Outcome, ProviderKind, apply};
use commerce::returns::{RefundItem, RefundPlan, after_refund, refund_for_items, refund_remaining};
use oxcart::args;
use serde_json::json;
use uuid::Uuid;

use super::sales::Teller;
use super::words;
use crate::Failure;

/// For how long an order may lie about.
const PATIENCE: TimeDelta = TimeDelta::days(6);

/// An order while it is told.
struct Told {
    order: Order,
    refunded: i64,
    last: DateTime<Utc>,
}

/// Tells what became of an order, as far as the present, and keeps it as it stands.
pub fn follow(teller: &mut Teller<'_>, checkout: &Checkout, attempt: Attempt, order: Order) -> Result<(), Failure> {
    let mut told = Told { last: order.placed_at, order, refunded: 0 };
    let attempt = if attempt.provider == ProviderKind::Manual { told.transfer(teller, attempt)? } else { attempt };
    let hours = teller.draw.between(6, 60);
    let ready = told.last + TimeDelta::hours(hours);
    if !attempt.status.in_flight() && ready < teller.now {
        match teller.draw.between(0, 999) {
            0..=29 => told.call_off(teller, ready)?,
            // What waits, or waits for its rest, has not done so for long.
            30..=34 if ready > teller.now - PATIENCE => {}
            35..=64 if ready > teller.now - PATIENCE => told.send(teller, ready, true),
            _ => {
                told.send(teller, ready, false);
                told.arrive(teller, ready + TimeDelta::hours(hours + 20));
                told.pay_some_back(teller, ready + TimeDelta::days(9))?;
            }
        }
    }
    teller.keep_payment(&attempt, told.refunded);
    teller.keep_order(&told.order, checkout, told.last);
    Ok(())
}

impl Told {
    /// Takes the order as it is after something happened to it.
    fn becomes(&mut self, teller: &mut Teller<'_>, order: Order, kind: &str, at: DateTime<Utc>) {
        let data = json!({ "order": order.id });
        teller.event(at, kind, "order", order.id.0, order.version, data, "staff");
        self.order = order;
        self.last = at;
    }

    /// A bank transfer comes in some days later; a few never do.
    fn transfer(&mut self, teller: &mut Teller<'_>, attempt: Attempt) -> Result<Attempt, Failure> {
        let at = self.last + TimeDelta::hours(teller.draw.between(10, 110));
        if at > teller.now || teller.draw.happens(4) {
            return Ok(attempt);
        }
        let came_in = Outcome::Succeeded { reference: attempt.id.to_string(), amount: attempt.amount };
        let paid = apply(&attempt, came_in, at)?.attempt;
        let data = json!({ "checkout": paid.checkout_id, "amount": paid.amount });
        teller.event(at, "payment.succeeded", "payment", paid.id.0, paid.version, data, "staff");
        let order = self.order.paid()?;
        self.becomes(teller, order, "order.paid", at);
        Ok(paid)
    }

    /// A parcel with everything, or with the first line alone.
    fn send(&mut self, teller: &mut Teller<'_>, at: DateTime<Utc>, part: bool) {
        let mut order = self.order.clone();
        let lines = if part && order.items.len() > 1 { 1 } else { order.items.len() };
        for item in &mut order.items[..lines] {
            item.fulfilled = item.to_fulfill();
        }
        let id: Uuid = teller.draw.id(at);
        let carrier = (*teller.draw.one(words::CARRIERS)).to_owned();
        let number = format!("3S{:010}", teller.draw.between(0, 9_999_999_999));
        teller.batch.fulfillments.push(args![id, order.id, carrier, number, "staff", at]);
        for item in order.items.iter().filter(|item| item.fulfilled > 0) {
            teller.batch.fulfillment_items.push(args![id, item.id, item.fulfilled]);
        }
        order.version += 1;
        self.becomes(teller, order.projected(false, false), "order.fulfilled", at);
    }

    fn arrive(&mut self, teller: &mut Teller<'_>, at: DateTime<Utc>) {
        if at > teller.now || teller.draw.happens(300) {
            return;
        }
        let mut order = self.order.clone();
        for item in &mut order.items {
            item.delivered = item.fulfilled;
        }
        order.version += 1;
        self.becomes(teller, order.projected(false, false), "order.delivered", at);
    }

    /// A few send something back: a line, or all of it.
    fn pay_some_back(&mut self, teller: &mut Teller<'_>, at: DateTime<Utc>) -> Result<(), Failure> {
        if at > teller.now || !teller.draw.happens(45) {
            return Ok(());
        }
        let first = &self.order.items[0];
        let plan = if teller.draw.happens(500) {
            refund_remaining(&self.order)?
        } else {
            refund_for_items(&self.order, &[RefundItem { item_id: first.id, quantity: 1 }])?
        };
        self.pay_back(teller, &plan, true, "return", at)
    }

    fn pay_back(
        &mut self,
        teller: &mut Teller<'_>,
        plan: &RefundPlan,
        came_back: bool,
        kind: &str,
        at: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let reason = (*teller.draw.one(words::REASONS)).to_owned();
        let order = after_refund(&self.order, plan, came_back)?;
        let (id, payment): (Uuid, _) = (teller.draw.id(at), order.payment.attempt);
        let (currency, minor) = (plan.amount.currency.code(), plan.amount.minor);
        let row = args![id, order.id, payment, "succeeded", currency, minor, reason, true, true, "staff", at, at];
        teller.batch.refunds.push(row);
        let data = json!({ "order": order.id, "payment": payment, "amount": plan.amount });
        teller.event(at, "refund.started", "refund", id, 1, data.clone(), "staff");
        teller.event(at, "refund.succeeded", "refund", id, 2, data, "provider");
        for line in &plan.lines {
            teller.batch.refund_items.push(args![id, line.item_id, line.quantity, line.amount.minor]);
            let Some(item) = order.items.iter().find(|item| item.id == line.item_id) else { continue };
            teller.movement(item.variant_id, kind, line.quantity, &order.number, "staff", at);
        }
        self.refunded += plan.amount.minor;
        self.becomes(teller, order, "order.refunded", at);
        Ok(())
    }

    /// Called off before anything was sent: the money goes back and the goods to the shelf.
    fn call_off(&mut self, teller: &mut Teller<'_>, at: DateTime<Utc>) -> Result<(), Failure> {
        let canceled = self.order.canceled()?;
        let reason = (*teller.draw.one(words::REASONS)).to_owned();
        teller.batch.cancellations.push(args![canceled.id, reason, true, "staff", at]);
        self.becomes(teller, canceled, "order.canceled", at);
        let plan = refund_remaining(&self.order)?;
        self.pay_back(teller, &plan, false, "cancel", at + TimeDelta::seconds(1))
    }
}
