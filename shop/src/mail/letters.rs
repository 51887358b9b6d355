//! The letters there are. Each is written from the database when it is sent, so that a late one tells what is true then.

use chrono::{DateTime, Utc};
use commerce::checkout::{Checkout, CheckoutStatus};
use commerce::ids::{CheckoutId, FulfillmentId, OrderId, RefundId};
use commerce::order::Order;
use serde::Serialize;
use uuid::Uuid;

use super::Letter;
use crate::app::App;
use crate::error::{Error, Result};
use crate::flows::resend::Letter as OrderLetter;
use crate::store::{checkouts, orders, payments, refunds};
use crate::web::storefront::order_link::order_path;
use crate::web::storefront::shell::{PageMeta, absolute, render};
use crate::web::storefront::views::mail::AboutOrder;
use crate::web::storefront::views::{
    Card, LineView, OrderCanceledMail, OrderMail, OrderRefundedMail, OrderShippedMail, PaymentFailedMail,
    ReservationExpiredMail,
};
use crate::web::storefront::{lines, order_view, recommended};

/// Products to go on with in a letter.
const SUGGESTED: usize = 3;

/// What a letter is about: kind and id make it the one letter it is.
struct About {
    kind: &'static str,
    id: Uuid,
    at: DateTime<Utc>,
}

/// A letter about an order; a copy has an id of its own, so that it is not taken for the first one.
pub async fn about_order(app: &App, id: OrderId, letter: OrderLetter, copy: Option<Uuid>) -> Result<()> {
    match letter {
        OrderLetter::OrderConfirmation => order_confirmation(app, id, copy).await,
        OrderLetter::OrderShipped(parcel) => order_shipped(app, id, parcel, copy).await,
        OrderLetter::OrderRefunded(refund) => order_refunded(app, refund, copy).await,
        OrderLetter::OrderCanceled => order_canceled(app, id, copy).await,
    }
}

/// The receipt of an order, with its private link.
async fn order_confirmation(app: &App, id: OrderId, copy: Option<Uuid>) -> Result<()> {
    let mut order = order_view::load(app, id).await?;
    let mut suggestions = recommended::with_lines(app, &app.catalog.load(), &order.lines, SUGGESTED);
    outward_cards(app, &mut suggestions);
    outward(app, &mut order.lines);
    for shipment in &mut order.shipments {
        outward(app, &mut shipment.lines);
    }
    let about = About { kind: "order_confirmation", id: id.0, at: order.placed_at }.again(app, copy);
    let to = order.email.clone();
    let view = OrderMail { order, order_url: order_url(app, id), suggestions };
    send(app, about, to, &view).await
}

/// A parcel is on its way, and what is in it.
async fn order_shipped(app: &App, id: OrderId, parcel: FulfillmentId, copy: Option<Uuid>) -> Result<()> {
    let record = orders::load(&mut app.db.read().await?, id).await?;
    let order = &record.order;
    let parcel = record.fulfillments.iter().find(|sent| sent.id == parcel).ok_or(Error::NotFound)?;
    let mut shipment = order_view::shipment(app, order, parcel);
    outward(app, &mut shipment.lines);
    let to_come: i64 = order.items.iter().map(|item| item.to_fulfill()).sum();
    let view = OrderShippedMail {
        order: about(app, order),
        shipment,
        to_come: u64::try_from(to_come).unwrap_or(0),
        shipping_address: order_view::written(&order.shipping_address),
    };
    let about = About { kind: "order_shipped", id: parcel.id.0, at: parcel.created_at }.again(app, copy);
    send(app, about, order.email.clone(), &view).await
}

/// Money went back, of an order or of a payment that never became one.
pub async fn order_refunded(app: &App, id: RefundId, copy: Option<Uuid>) -> Result<()> {
    let mut conn = app.db.read().await?;
    let refund = refunds::load(&mut conn, id).await?;
    let about_it = About { kind: "order_refunded", id: id.0, at: refund.settled_at.unwrap_or(refund.created_at) };
    let Some(order) = refund.order_id else {
        let checkout = payments::load(&mut conn, refund.payment_id).await?.checkout_id;
        let checkout = checkouts::load(&mut conn, checkout).await?.checkout;
        drop(conn);
        let first_name = order_view::first_name(&checkout.shipping_address.name);
        let order = AboutOrder { number: String::new(), first_name, url: String::new(), contact_email: contact(app) };
        let view = OrderRefundedMail { order, amount: refund.plan.amount, lines: vec![] };
        return send(app, about_it, checkout.email, &view).await;
    };
    let order = orders::load(&mut conn, order).await?.order;
    drop(conn);
    let units: Vec<_> = refund.plan.lines.iter().map(|line| (line.item_id, line.quantity)).collect();
    let mut lines = lines::of_units(&app.catalog.load(), &order, &units);
    for (view, line) in lines.iter_mut().zip(&refund.plan.lines) {
        view.total = line.amount;
    }
    outward(app, &mut lines);
    let view = OrderRefundedMail { order: about(app, &order), amount: refund.plan.amount, lines };
    send(app, about_it.again(app, copy), order.email.clone(), &view).await
}

/// An order was called off, and what was paid for it goes back.
async fn order_canceled(app: &App, id: OrderId, copy: Option<Uuid>) -> Result<()> {
    let record = orders::load(&mut app.db.read().await?, id).await?;
    let order = &record.order;
    let Some(canceled) = &record.cancellation else { return Ok(()) };
    let mut lines = lines::of_order(&app.catalog.load(), order);
    outward(app, &mut lines);
    let captured = order.payment.captured;
    let view = OrderCanceledMail {
        order: about(app, order),
        refund: Some(captured).filter(|captured| !captured.is_zero()),
        lines,
    };
    let about = About { kind: "order_canceled", id: id.0, at: canceled.created_at }.again(app, copy);
    send(app, about, order.email.clone(), &view).await
}

impl About {
    /// The same letter once more: now, and under the id of the copy.
    fn again(self, app: &App, copy: Option<Uuid>) -> Self {
        match copy {
            Some(id) => About { id, at: app.clock.now(), ..self },
            None => self,
        }
    }
}

fn about(app: &App, order: &Order) -> AboutOrder {
    AboutOrder {
        number: order.number.clone(),
        first_name: order_view::first_name(&order.shipping_address.name),
        url: order_url(app, order.id),
        contact_email: contact(app),
    }
}

fn contact(app: &App) -> Option<String> {
    Some(app.shop.load().sender.email.clone()).filter(|email| !email.is_empty())
}

fn order_url(app: &App, id: OrderId) -> String {
    absolute(&app.config.base_url, &order_path(app, id))
}

/// The payment of a checkout failed after its buyer had left the page. One that is being paid again, or was, needs no
/// such letter.
pub async fn payment_failed(app: &App, id: CheckoutId) -> Result<()> {
    let mut conn = app.db.read().await?;
    let record = checkouts::load(&mut conn, id).await?;
    let Some(payment) = record.payment else { return Ok(()) };
    let attempt = payments::load(&mut conn, payment).await?;
    drop(conn);
    let checkout = record.checkout;
    if !matches!(checkout.status, CheckoutStatus::Open | CheckoutStatus::Expired | CheckoutStatus::Canceled) {
        return Ok(());
    }
    let view = PaymentFailedMail {
        first_name: order_view::first_name(&checkout.shipping_address.name),
        total: checkout.quote.totals.total,
        lines: outward_lines(app, &checkout),
        checkout_url: absolute(&app.config.base_url, "/checkout"),
        kept_until: (checkout.status == CheckoutStatus::Open).then_some(checkout.expires_at),
    };
    // Each attempt that failed is a letter of its own.
    let about = About { kind: "payment_failed", id: attempt.id.0, at: attempt.updated_at };
    send(app, about, checkout.email, &view).await
}

/// The time of a checkout ran out.
pub async fn reservation_expired(app: &App, id: CheckoutId) -> Result<()> {
    let checkout = checkouts::load(&mut app.db.read().await?, id).await?.checkout;
    let view = ReservationExpiredMail {
        first_name: order_view::first_name(&checkout.shipping_address.name),
        lines: outward_lines(app, &checkout),
        cart_url: absolute(&app.config.base_url, "/cart"),
    };
    let about = About { kind: "reservation_expired", id: id.0, at: checkout.expires_at };
    send(app, about, checkout.email, &view).await
}

/// Renders a letter with the theme and sends it.
async fn send(app: &App, about: About, to: String, view: &impl Serialize) -> Result<()> {
    let About { kind, id, at } = about;
    let rendered = |ending: &str| render(app, &format!("mail/{kind}.{ending}"), PageMeta::private("", ""), view);
    let html = rendered("html")?;
    let (subject, text) = with_subject(kind, &rendered("txt")?)?;
    let from = app.shop.load().sender.clone();
    app.mailer.send(&Letter { kind, id, at, from, to, subject, text, html }).await
}

/// The subject stands in the first line of the plain text.
fn with_subject(kind: &str, text: &str) -> Result<(String, String)> {
    let missing = || Error::Internal(format!("mail/{kind}.txt of the theme has to begin with a line \"Subject: ...\""));
    let (first, rest) = text.split_once('\n').ok_or_else(missing)?;
    let subject = first.strip_prefix("Subject:").ok_or_else(missing)?;
    Ok((subject.trim().to_owned(), rest.trim_start().to_owned()))
}

/// What a checkout holds, with addresses that lead to the shop from outside.
fn outward_lines(app: &App, checkout: &Checkout) -> Vec<LineView> {
    let mut lines = lines::of_checkout(&app.catalog.load(), checkout);
    outward(app, &mut lines);
    lines
}

fn outward_cards(app: &App, cards: &mut [Card]) {
    let base_url = &app.config.base_url;
    for card in cards {
        card.url = absolute(base_url, &card.url);
        if let Some(picture) = &mut card.picture {
            picture.src = absolute(base_url, &picture.src);
        }
    }
}

fn outward(app: &App, lines: &mut [LineView]) {
    let base_url = &app.config.base_url;
    for line in lines {
        line.url = line.url.as_ref().map(|url| absolute(base_url, url));
        if let Some(picture) = &mut line.picture {
            picture.src = absolute(base_url, &picture.src);
        }
    }
}
