//! The checkout as its page shows it.

use chrono::{DateTime, Utc};
use commerce::error::FieldError;
use commerce::money::Money;
use commerce::payment::ProviderKind;
use commerce::pricing::Quote;
use commerce::shipping::ShippingOffer;

use super::checkout_form::{
    BILLING, CheckoutForm, address_fields, all_countries, country_field, delivery_countries, field_view, filled_field,
};
use super::views::CheckoutPage;
use super::views::checkout::{
    CardFields, CheckoutNotice, FieldError as FieldErrorView, PaymentChoice, ShippingChoice, TestCard,
};
use super::{arrivals, form, lines, totals};
use crate::app::App;
use crate::flows::cart::CartPicture;

/// The cards of the sandbox bank, as they are printed, and what each does.
const TEST_CARDS: [(&str, &str); 5] = [
    ("4242 4242 4242 4242", "succeeds"),
    ("4000 0000 0000 0002", "card_declined"),
    ("4000 0000 0000 9995", "insufficient_funds"),
    ("4000 0027 6000 3184", "three_d_secure"),
    ("4000 0000 0000 0077", "late"),
];

/// What is told above the form and beside its fields.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Fields that are wrong.
    pub errors: Vec<FieldError>,
    /// What else happened.
    pub notice: Option<CheckoutNotice>,
}

impl Told {
    /// Something that happened to the whole checkout; the theme has the words for it.
    pub fn notice(code: &str) -> Self {
        Self::sentence(code, String::new())
    }

    /// The same, with a sentence of its own.
    pub fn sentence(code: &str, message: String) -> Self {
        let notice = CheckoutNotice { code: code.to_owned(), amount: None, message };
        Told { notice: Some(notice), ..Told::default() }
    }

    /// The total is not the one that was seen.
    pub fn total_changed(total: Money) -> Self {
        let notice = CheckoutNotice { code: "total_changed".to_owned(), amount: Some(total), message: String::new() };
        Told { notice: Some(notice), ..Told::default() }
    }

    /// Fields to be put right.
    pub fn errors(errors: Vec<FieldError>) -> Self {
        Told { errors, ..Told::default() }
    }
}

/// The page, with everything that was typed.
pub fn view(app: &App, picture: &CartPicture, typed: &CheckoutForm, told: Told) -> CheckoutPage {
    let quote = &picture.quote;
    let Told { errors, notice } = told;
    let is_sent = quote
        .lines
        .iter()
        .any(|line| picture.goods.get(&line.variant_id).is_some_and(|goods| goods.variant.requires_shipping));
    let destinations = if is_sent { delivery_countries(&app.shop.load().shipping) } else { all_countries() };
    let methods = payment_choices(app, typed, quote.totals.total);
    let delivery = quote.shipping.as_ref().map(|shipping| shipping.label.clone());
    let takes_card = methods.iter().any(|method| method.id == ProviderKind::Sandbox.as_str());
    CheckoutPage {
        email: filled_field("email", &typed.email, "email", "email", &errors),
        country: country_field(&typed.shipping, "", destinations, &errors),
        address: address_fields(&typed.shipping, "", &errors),
        billing_same: typed.billing_same,
        billing_country: country_field(&typed.billing, BILLING, all_countries(), &errors),
        billing: address_fields(&typed.billing, BILLING, &errors),
        shipping_methods: shipping_choices(quote, app.clock.now()),
        card: takes_card.then(|| card_fields(typed, &errors)),
        payment_methods: methods,
        accept_terms: typed.accept_terms,
        accept_terms_error: field_view("accept_terms", "", &errors).error,
        errors: errors.into_iter().map(|error| FieldErrorView { field: error.field, message: error.message }).collect(),
        notice: notice.or_else(|| nowhere_to_send(quote)),
        count: u64::try_from(picture.cart.count()).unwrap_or(0),
        lines: lines::of_cart(&app.catalog.load(), picture),
        totals: totals::view(&quote.totals, &quote.discounts, &quote.explanation, delivery),
        cart_version: picture.cart.version,
        form_token: form::token(app, picture.cart.id.0),
    }
}

fn nowhere_to_send(quote: &Quote) -> Option<CheckoutNotice> {
    quote.shipping.is_none().then(|| Told::notice("no_delivery").notice)?
}

fn shipping_choices(quote: &Quote, now: DateTime<Utc>) -> Vec<ShippingChoice> {
    let chosen = quote.shipping.as_ref().map(|shipping| &shipping.method_id);
    let choice = |offer: &ShippingOffer| ShippingChoice {
        id: offer.id.clone(),
        label: offer.label.clone(),
        amount: offer.amount,
        arrival: arrivals::by_offer(offer, now),
        selected: chosen == Some(&offer.id),
    };
    quote.shipping_offers.iter().map(choice).collect()
}

/// The ways to pay that the shop has; of a total of nothing there are none.
fn payment_choices(app: &App, typed: &CheckoutForm, total: Money) -> Vec<PaymentChoice> {
    let offered = if total.is_zero() { vec![] } else { app.terms().providers };
    let chosen = typed.payment_method.filter(|method| offered.contains(method)).or(offered.first().copied());
    let choice = |method: &ProviderKind| PaymentChoice { id: method.to_string(), selected: chosen == Some(*method) };
    offered.iter().map(choice).collect()
}

fn card_fields(typed: &CheckoutForm, errors: &[FieldError]) -> CardFields {
    let card = &typed.card;
    let test_card =
        |(number, outcome): (&str, &str)| TestCard { number: number.to_owned(), outcome: outcome.to_owned() };
    CardFields {
        number: filled_field("card_number", &card.number, "cc-number", "numeric", errors),
        exp: filled_field("card_exp", &card.exp, "cc-exp", "numeric", errors),
        cvc: filled_field("card_cvc", "", "cc-csc", "numeric", errors),
        test_cards: TEST_CARDS.map(test_card).to_vec(),
    }
}
