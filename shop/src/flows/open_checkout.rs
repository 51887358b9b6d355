//! Opening a checkout: freeze the quote, reserve the stock, replace the cart's older open checkout, in one transaction.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use commerce::checkout::{Checkout, CheckoutStatus, OpenCommand, OpenPlan, OpenSnapshot, open};
use commerce::ids::{CartId, VariantId};
use serde_json::json;

use super::end_checkout;
use crate::app::App;
use crate::desk::{Changes, Command, Holds, Key, Needs, Picture};
use crate::error::Result;
use crate::faults::{self, Fault};
use crate::store::events::Event;
use crate::trade::Trade;

/// Opens a checkout on a cart, or says why not. What the cart's own older checkout held is given back first, so that
/// nobody is blocked by their own reservation; a refusal leaves that older one as it was.
pub async fn open_checkout(app: &App, cart: CartId, command: &OpenCommand) -> Result<Checkout> {
    let customer = app.trade.customer_digest(&command.email);
    app.desk.ask(Open { cart, command: command.clone(), customer }).await
}

struct Open {
    cart: CartId,
    command: OpenCommand,
    customer: String,
}

impl Command for Open {
    type Answer = Checkout;

    fn needs(&self) -> Needs {
        let customer = Some(self.customer.clone());
        Needs { key: Key::Cart(self.cart), goods: true, customer, holds: Holds::MayEnd, ..Needs::default() }
    }

    fn decide(&self, known: &Picture, trade: &Trade, now: DateTime<Utc>) -> Result<(Checkout, Changes)> {
        let record = known.cart(self.cart)?;
        let older = match record.checkout {
            Some(id) => Some(known.checkout(id)?),
            None => None,
        };
        let status = older.map(|older| older.checkout.status);
        let payment_in_flight = matches!(status, Some(CheckoutStatus::Processing | CheckoutStatus::NeedsReview));
        let mut changes = Changes::default();
        if let Some(older) = older.filter(|_| !faults::is(Fault::OlderCheckoutKept)) {
            end_checkout::give_back(known, &mut changes, older, CheckoutStatus::Canceled, now);
        }
        let wanted = record.cart.items.iter().map(|item| item.variant_id);
        let goods = known.goods(wanted, record.checkout);
        let levels: HashMap<VariantId, _> = goods.iter().map(|(id, goods)| (*id, goods.level())).collect();
        let shelves: HashMap<VariantId, _> = goods.iter().map(|(id, goods)| (*id, goods.shelves.clone())).collect();
        let variants: HashMap<VariantId, _> = goods.into_iter().map(|(id, goods)| (id, goods.variant)).collect();
        let snapshot = OpenSnapshot {
            cart: &record.cart,
            variants: &variants,
            levels: &levels,
            shelves: &shelves,
            coupons: &known.coupons(&record.cart.coupons, &self.customer, record.checkout),
            terms: &trade.terms(),
            payment_in_flight,
        };
        let plan = open(&snapshot, &self.command, now)?;
        write(&mut changes, &plan, &self.customer);
        Ok((plan.checkout, changes))
    }
}

fn write(changes: &mut Changes, plan: &OpenPlan, customer: &str) {
    let checkout = &plan.checkout;
    changes.open_checkout(checkout.clone());
    changes.reserve(checkout.id, &plan.reserve);
    changes.take_uses(checkout.id, &plan.coupon_uses, customer);
    changes.tell(Event {
        kind: "checkout.opened",
        subject: "checkout",
        subject_id: checkout.id.0,
        version: checkout.version,
        data: json!({ "cart": checkout.cart_id, "total": checkout.quote.totals.total, "reserved": plan.reserve.len() }),
        actor: "buyer",
        at: checkout.created_at,
    });
}
