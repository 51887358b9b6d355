//! Opening a checkout: freeze the quote, reserve the stock, replace the cart's older open checkout, in one transaction.

use std::collections::HashMap;

use commerce::checkout::{Checkout, CheckoutStatus, OpenCommand, OpenPlan, OpenSnapshot, open};
use commerce::customer::canonical_email;
use commerce::ids::CartId;
use serde_json::json;

use super::{end_checkout, retrying};
use crate::app::App;
use crate::error::Result;
use crate::faults::{self, Fault};
use crate::jobs::{self, Job};
use crate::store::events::{self, Event};
use crate::store::{Conn, carts, checkouts, coupons, sale, stock};

/// Opens a checkout on a cart, or says why not. What the cart's own older checkout held is given back first, so that
/// nobody is blocked by their own reservation; a refusal leaves that older one as it was.
pub async fn open_checkout(app: &App, cart: CartId, command: &OpenCommand) -> Result<Checkout> {
    let checkout = retrying(|| open_once(app, cart, command)).await?;
    app.job_bell.notify_waiters();
    Ok(checkout)
}

async fn open_once(app: &App, cart: CartId, command: &OpenCommand) -> Result<Checkout> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let record = carts::lock(&mut tx, cart).await?;
    let older = match record.checkout {
        Some(id) => Some(checkouts::load(&mut tx, id).await?.checkout),
        None => None,
    };
    let busy = |c: &Checkout| matches!(c.status, CheckoutStatus::Processing | CheckoutStatus::NeedsReview);
    let payment_in_flight = older.as_ref().is_some_and(busy);
    let ids: Vec<_> = record.cart.items.iter().map(|item| item.variant_id).collect();
    if let Some(older) = older.filter(|_| !payment_in_flight && !faults::is(Fault::OlderCheckoutKept)) {
        // What is given back and what is taken are locked together, in one order, before any coupon.
        let held = stock::held(&mut tx, older.id).await?;
        stock::hold(&mut tx, &[end_checkout::variants_of(&held), ids.clone()].concat()).await?;
        end_checkout::give_back(app, &mut tx, older.id, CheckoutStatus::Canceled, now).await?;
    }
    // Held first: what is read of it then is what the decision is about.
    stock::hold(&mut tx, &ids).await?;
    let goods = sale::load(&mut tx, &ids).await?;
    let levels: HashMap<_, _> = goods.iter().map(|(id, goods)| (*id, goods.level)).collect();
    let variants: HashMap<_, _> = goods.into_iter().map(|(id, goods)| (id, goods.variant)).collect();
    let customer = customer_digest(app, &command.email);
    let known = coupons::load(&mut tx, &record.cart.coupons, &customer, true).await?;
    let terms = app.terms();
    let snapshot = OpenSnapshot {
        cart: &record.cart,
        variants: &variants,
        levels: &levels,
        coupons: &known,
        terms: &terms,
        payment_in_flight,
    };
    let plan = open(&snapshot, command, now)?;
    write(app, &mut tx, &plan, &customer).await?;
    tx.commit().await?;
    Ok(plan.checkout)
}

async fn write(app: &App, conn: &mut Conn, plan: &OpenPlan, customer: &str) -> Result<()> {
    let checkout = &plan.checkout;
    let now = checkout.created_at;
    checkouts::insert(conn, checkout).await?;
    carts::set_checkout(conn, checkout.cart_id, checkout.id).await?;
    stock::reserve(conn, checkout.id, &plan.reserve).await?;
    coupons::take(conn, checkout.id, &plan.coupon_uses, customer).await?;
    if !faults::is(Fault::ExpiryForgotten) {
        let job = Job::ExpireCheckout { checkout_id: checkout.id };
        jobs::enqueue(conn, &app.clock, job, checkout.expires_at, now).await?;
    }
    let opened = Event {
        kind: "checkout.opened",
        subject: "checkout",
        subject_id: checkout.id.0,
        version: checkout.version,
        data: json!({ "cart": checkout.cart_id, "total": checkout.quote.totals.total, "reserved": plan.reserve.len() }),
        actor: "buyer",
        at: now,
    };
    let reserved: Vec<_> = plan.reserve.iter().map(|r| r.variant_id).collect();
    let told = [opened].into_iter().chain(end_checkout::stock_events(&reserved, now)).collect();
    Ok(events::append_all(conn, &app.clock, told).await?)
}

/// A digest of a customer's e-mail address: enough to count uses of a coupon, nothing to read.
pub fn customer_digest(app: &App, email: &str) -> String {
    app.secret.digest("coupon-customer", &[canonical_email(email).as_bytes()])
}
