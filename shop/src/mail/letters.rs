//! The letters there are. Each is written from the database when it is sent, so that a late one tells what is true then.

use chrono::{DateTime, Utc};
use commerce::checkout::{Checkout, CheckoutStatus};
use commerce::ids::{CheckoutId, OrderId};
use serde::Serialize;
use uuid::Uuid;

use super::Letter;
use crate::app::App;
use crate::error::{Error, Result};
use crate::store::{checkouts, payments};
use crate::web::storefront::order_link::order_path;
use crate::web::storefront::shell::{PageMeta, absolute, render};
use crate::web::storefront::views::{LineView, OrderMail, PaymentFailedMail, ReservationExpiredMail};
use crate::web::storefront::{lines, order_view};

/// What a letter is about: kind and id make it the one letter it is.
struct About {
    kind: &'static str,
    id: Uuid,
    at: DateTime<Utc>,
}

/// The receipt of an order, with its private link.
pub async fn order_confirmation(app: &App, id: OrderId) -> Result<()> {
    let mut order = order_view::load(app, id).await?;
    outward(app, &mut order.lines);
    let about = About { kind: "order_confirmation", id: id.0, at: order.placed_at };
    let to = order.email.clone();
    let view = OrderMail { order, order_url: absolute(&app.config.base_url, &order_path(app, id)) };
    send(app, about, to, &view).await
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

fn outward(app: &App, lines: &mut [LineView]) {
    let base_url = &app.config.base_url;
    for line in lines {
        line.url = line.url.as_ref().map(|url| absolute(base_url, url));
        if let Some(picture) = &mut line.picture {
            picture.src = absolute(base_url, &picture.src);
        }
    }
}
