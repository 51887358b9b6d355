//! The checkout: one page from the cart to the order. It re-quotes without writing anything until the buyer pays; then it
//! opens the checkout, compares what is charged with what was seen, and pays.

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::TimeDelta;
use commerce::cart::CartStatus;
use commerce::checkout::{Checkout, CheckoutStatus, OpenCommand, PayCommand};
use commerce::error::Refusal;
use commerce::ids::{CartId, CheckoutId};
use commerce::money::Money;
use commerce::payment::CardInput;
use tracing::Instrument;

use super::checkout_form::{CheckoutForm, delivery_countries};
use super::checkout_status::{bank_path, status_path};
use super::checkout_view::{self, Told};
use super::errors::PageError;
use super::form::{self, Form};
use super::order_link::thanks_path;
use super::refusals::Refused;
use super::shell::{PageMeta, render};
use super::{cart_view, cookies, private};
use crate::app::{App, Shop};
use crate::error::{Error, Result};
use crate::flows::cart::{self, CartPicture, Delivery};
use crate::flows::open_checkout::open_checkout;
use crate::flows::pay::{self, Paid};
use crate::store::{carts, checkouts};
use crate::web::params;

/// How long the cart of a browser still leads to the order it became.
const THANKS: TimeDelta = TimeDelta::minutes(30);

/// `GET /checkout`
pub async fn show(
    State(app): State<Shop>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let picture = match to_buy(&app, cookies::cart(&app.config, &headers)).await? {
        ToBuy::Cart(picture) => picture,
        ToBuy::Elsewhere(path) => return Ok(private::see_other(&path)),
    };
    // The cart tells of each line what is wrong with it.
    if !cart_view::can_check_out(&picture) {
        return Ok(private::see_other("/cart"));
    }
    let typed = match picture.checkout {
        Some(open) => CheckoutForm::of(&checkouts::load(&mut app.db.read().await?, open).await?.checkout),
        None => fresh_form(&app),
    };
    let has_failed = params::pairs(query.as_deref())?.iter().any(|(name, _)| name == "failed");
    let told = if has_failed { Told::notice("payment_failed") } else { Told::default() };
    Ok(draw(&app, &headers, StatusCode::OK, picture.cart.id, &typed, told).await?)
}

/// `POST /checkout`: `action=update` shows the form again for another country or delivery, `action=pay` pays.
pub async fn submit(State(app): State<Shop>, headers: HeaderMap, form: Form) -> Result<Response, PageError> {
    let picture = match to_buy(&app, cookies::cart(&app.config, &headers)).await? {
        ToBuy::Cart(picture) => picture,
        ToBuy::Elsewhere(path) => return Ok(private::see_other(&path)),
    };
    let id = picture.cart.id;
    let typed = CheckoutForm::read(&form, &app.shop.load().country);
    if !form::has_token(&app, &form, id.0) {
        let told = Told::sentence("outdated", "This page was out of date. Please look it over and try again.".into());
        return Ok(draw(&app, &headers, StatusCode::FORBIDDEN, id, &typed, told).await?);
    }
    if form.text("action") != "pay" {
        return Ok(draw(&app, &headers, StatusCode::OK, id, &typed, Told::default()).await?);
    }

    let is_free = quoted(&app, id, &typed).await?.quote.totals.total.is_zero();
    let errors = typed.check(is_free, &app.theme.text("error-terms"), app.clock.now());
    if !errors.is_empty() {
        return Ok(draw(&app, &headers, StatusCode::UNPROCESSABLE_ENTITY, id, &typed, Told::errors(errors)).await?);
    }
    let purchase = Purchase::of(&app, id, &typed, is_free)?;
    // A buyer who presses twice or leaves takes the connection along, but must not stop a payment half-way.
    let buying = tokio::spawn(buy(app.clone(), purchase).in_current_span());
    let bought = buying.await.map_err(|error| Error::Internal(format!("a purchase was cut off: {error}")))?;
    let (status, told) = match bought {
        Ok(Bought::Paid(Paid::Order(order))) => return Ok(private::see_other(&thanks_path(&app, order))),
        Ok(Bought::Paid(Paid::Waiting(checkout))) => {
            return Ok(private::see_other(&waiting_path(&app, checkout.id).await?));
        }
        Ok(Bought::Paid(Paid::Declined(code))) => (StatusCode::PAYMENT_REQUIRED, Told::notice(code.as_str())),
        Ok(Bought::TotalChanged(total)) => (StatusCode::CONFLICT, Told::total_changed(total)),
        // Another press has gone further: its order or its payment is where this one goes too.
        Err(Error::Refused(
            Refusal::PaymentInProgress
            | Refusal::PaymentInReview
            | Refusal::CartCompleted { .. }
            | Refusal::AlreadyPaid { .. },
        )) => return Ok(private::see_other("/checkout")),
        Err(error) => refusal(Refused::of(&app, error)?),
    };
    Ok(draw(&app, &headers, status, id, &typed, told).await?)
}

/// A cart that can be bought, or where to go instead.
enum ToBuy {
    Cart(Box<CartPicture>),
    Elsewhere(String),
}

async fn to_buy(app: &App, cart: Option<CartId>) -> Result<ToBuy> {
    let elsewhere = |path: String| Ok(ToBuy::Elsewhere(path));
    let Some(id) = cart else { return elsewhere("/cart".into()) };
    let picture = match cart::show(app, id, None).await {
        Err(Error::NotFound) => return elsewhere("/cart".into()),
        picture => picture?,
    };
    match (picture.cart.status, picture.checkout) {
        // A second press and the button back lead to the order, but not whoever sits at this computer next week.
        (CartStatus::Completed(_), _) if app.clock.now() - picture.cart.updated_at > THANKS => {
            elsewhere("/cart".into())
        }
        (CartStatus::Completed(order), _) => elsewhere(thanks_path(app, order)),
        (CartStatus::Open, Some(paying)) if picture.paying => elsewhere(status_path(paying)),
        _ if picture.paying || picture.cart.items.is_empty() => elsewhere("/cart".into()),
        _ => Ok(ToBuy::Cart(Box::new(picture))),
    }
}

/// A form for the shop's own country, or the first that it sends to.
fn fresh_form(app: &App) -> CheckoutForm {
    let shop = app.shop.load();
    let served = delivery_countries(&shop.shipping);
    let home = served.iter().find(|country| country.value == shop.country).or(served.first());
    CheckoutForm::fresh(home.map_or(&shop.country, |country| &country.value), app.terms().providers.first().copied())
}

/// The cart and what it comes to where it goes, by the way that was chosen.
async fn quoted(app: &App, cart: CartId, typed: &CheckoutForm) -> Result<CartPicture> {
    let destination = typed.shipping.destination();
    cart::show(app, cart, Some(Delivery { destination, way: typed.shipping_method.clone() })).await
}

/// The page, or its form alone for a script.
async fn draw(
    app: &App,
    headers: &HeaderMap,
    status: StatusCode,
    cart: CartId,
    typed: &CheckoutForm,
    told: Told,
) -> Result<Response> {
    let picture = quoted(app, cart, typed).await?;
    let view = checkout_view::view(app, &picture, typed, told);
    let is_fragment = private::fragment(headers) == Some("checkout");
    let template = if is_fragment { "fragments/checkout.html" } else { "storefront/checkout.html" };
    let meta = PageMeta::private(app.theme.text("checkout"), "/checkout");
    Ok(private::page(status, render(app, template, meta, &view)?))
}

/// Everything that a press of the button asks for.
struct Purchase {
    cart: CartId,
    command: OpenCommand,
    seen_total: Option<i64>,
    card: Option<CardInput>,
}

/// What became of it.
enum Bought {
    /// The total is not the one that was seen: nothing was charged, and the stock is held while the buyer looks.
    TotalChanged(Money),
    /// It was paid, or not.
    Paid(Paid),
}

impl Purchase {
    fn of(app: &App, cart: CartId, typed: &CheckoutForm, is_free: bool) -> Result<Self> {
        let any_method = || app.terms().providers.first().copied();
        let payment_method = typed.payment_method.filter(|_| !is_free).or_else(any_method);
        let command = OpenCommand {
            checkout_id: app.clock.id(),
            cart_version: typed.cart_version,
            email: typed.email.clone(),
            shipping_address: typed.shipping.clone(),
            billing_address: (!typed.billing_same).then(|| typed.billing.clone()),
            shipping_method: typed.shipping_method.clone(),
            payment_method: payment_method.ok_or(Refusal::PaymentMethodUnavailable)?,
            terms_accepted: typed.accept_terms,
            locale: app.shop.load().locale.clone(),
        };
        let card = Some(typed.card.clone()).filter(|_| typed.needs_card(is_free));
        Ok(Purchase { cart, command, seen_total: typed.seen_total, card })
    }
}

/// Opens the checkout and pays it. Of presses that come at once each replaces the checkout of the one before; the replaced
/// ones pay the last, and the first to do so is the one that does.
async fn buy(app: Shop, purchase: Purchase) -> Result<Bought> {
    let mut checkout = open_checkout(&app, purchase.cart, &purchase.command).await?;
    loop {
        let total = checkout.quote.totals.total;
        if purchase.seen_total != Some(total.minor) {
            return Ok(Bought::TotalChanged(total));
        }
        let command = PayCommand { version: checkout.version, card: purchase.card.clone() };
        match pay::pay(&app, checkout.id, &command).await {
            Err(Error::Refused(Refusal::CheckoutCanceled)) => checkout = twin(&app, &checkout).await?,
            outcome => return Ok(Bought::Paid(outcome?)),
        }
    }
}

/// The checkout that took the place of another one, if nothing about it is different.
async fn twin(app: &App, replaced: &Checkout) -> Result<Checkout> {
    let mut conn = app.db.read().await?;
    let latest = carts::load(&mut conn, replaced.cart_id).await?.checkout.filter(|id| *id != replaced.id);
    let latest = latest.ok_or(Refusal::CheckoutCanceled)?;
    let latest = checkouts::load(&mut conn, latest).await?.checkout;
    let agreed = |c: &Checkout| {
        (c.email.clone(), c.shipping_address.clone(), c.billing_address.clone(), c.payment_method, c.quote.clone())
    };
    if agreed(&latest) == agreed(replaced) { Ok(latest) } else { Err(Refusal::CheckoutCanceled.into()) }
}

/// Where a buyer waits: at the bank when it asks for something, else on the page of the checkout.
async fn waiting_path(app: &App, id: CheckoutId) -> Result<String> {
    let mut conn = app.db.read().await?;
    let record = checkouts::load(&mut conn, id).await?;
    let bank = match record.checkout.status {
        CheckoutStatus::Processing => bank_path(&mut conn, record.payment).await?,
        _ => None,
    };
    Ok(bank.unwrap_or_else(|| status_path(id)))
}

/// What is told of a refusal; the theme has words for the usual ones.
fn refusal(refused: Refused) -> (StatusCode, Told) {
    let told = match refused.code.as_str() {
        // A checkout is canceled by a change of its cart.
        "cart_changed" | "checkout_canceled" => Told::notice("cart_changed"),
        "checkout_expired" => Told::notice("checkout_expired"),
        "shipping_unavailable" => Told::notice("no_delivery"),
        code => Told::sentence(code, refused.sentence),
    };
    (refused.status, told)
}
