//! `storefront/checkout.html`, its fragment, `storefront/checkout_status.html` and `storefront/sandbox_bank.html`

use commerce::money::Money;
use serde::{Deserialize, Serialize};

use super::{Arrival, FieldView, LineView, TotalsView, sampled};

/// The one-page checkout, and the fragment that replaces its form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckoutPage {
    /// `email`
    pub email: FieldView,
    /// `country`, a select.
    pub country: FieldView,
    /// The other address fields, in the order of the country.
    pub address: Vec<FieldView>,
    /// Whether the bill goes to the same address.
    pub billing_same: bool,
    /// `billing_country`
    pub billing_country: FieldView,
    /// The other billing fields, `billing_` before each name.
    pub billing: Vec<FieldView>,
    /// Ways of delivery, the cheapest first; empty when the shop does not deliver there.
    pub shipping_methods: Vec<ShippingChoice>,
    /// Ways of paying; with a zero total none is needed and it is empty.
    pub payment_methods: Vec<PaymentChoice>,
    /// Card fields of the sandbox, when it is offered.
    pub card: Option<CardFields>,
    /// Whether the terms were accepted.
    pub accept_terms: bool,
    /// Why that is needed, when it was forgotten.
    pub accept_terms_error: Option<String>,
    /// Fields that are wrong, in the order of the page.
    pub errors: Vec<FieldError>,
    /// What else is to be said above the form.
    pub notice: Option<CheckoutNotice>,
    /// Sum of the quantities.
    pub count: u64,
    /// What is bought.
    pub lines: Vec<LineView>,
    /// Sums as they will be charged.
    pub totals: TotalsView,
    /// Version of the cart that was shown.
    pub cart_version: i64,
    /// Form token against other sites.
    pub form_token: String,
}

/// A field that is wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldError {
    /// Form name; the link goes to the input of that id.
    pub field: String,
    /// What to do, in a sentence.
    pub message: String,
}

/// A way of delivery.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShippingChoice {
    /// Method id.
    pub id: String,
    /// The merchant's name for it.
    pub label: String,
    /// What it costs; zero is shown as free.
    pub amount: Money,
    /// When it arrives; absent where nothing is known.
    pub arrival: Option<Arrival>,
    /// True for the chosen one.
    pub selected: bool,
}

/// A way of paying.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentChoice {
    /// `sandbox`, `manual` or `stripe`: names the texts `payment-{id}` and `payment-{id}-note`.
    pub id: String,
    /// True for the chosen one.
    pub selected: bool,
}

/// The sandbox card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardFields {
    /// `card_number`
    pub number: FieldView,
    /// `card_exp`
    pub exp: FieldView,
    /// `card_cvc`; never filled again.
    pub cvc: FieldView,
    /// Numbers that the sandbox knows.
    pub test_cards: Vec<TestCard>,
}

/// A number of the sandbox.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestCard {
    /// With spaces, as on a card.
    pub number: String,
    /// `succeeds`, `card_declined`, `insufficient_funds`, `three_d_secure` or `late`: names the text `test-card-{outcome}`.
    pub outcome: String,
}

/// Something that happened to the whole checkout.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckoutNotice {
    /// `card_declined`, `insufficient_funds`, `total_changed`, `cart_changed`, `insufficient_stock`, `checkout_expired`,
    /// `no_delivery` or `payment_failed`: names the text `notice-{code}`. Any other code shows `message`.
    pub code: String,
    /// The new total, for `total_changed`.
    pub amount: Option<Money>,
    /// Sentence for a code that the theme does not know, or more about the one it knows.
    pub message: String,
}

/// Where a payment stands that was not finished at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckoutStatusPage {
    /// Checkout id; the page asks `/api/checkouts/{id}`.
    pub id: String,
    /// `processing`, `failed`, `expired`, `canceled`, `needs_review` or `refunded`.
    pub status: String,
    /// What was to be paid.
    pub total: Money,
    /// The bank's page while it waits for the buyer.
    pub next_url: Option<String>,
    /// The way back, `/checkout` or `/cart`.
    pub back_url: String,
}

/// The page of the sandbox's own bank.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SandboxBankPage {
    /// Checkout id, as in the path.
    pub id: String,
    /// What is to be paid.
    pub total: Money,
    /// Last four figures of the card.
    pub card_last4: String,
    /// Form token against other sites.
    pub form_token: String,
}

sampled!(CheckoutPage, "checkout.json");
sampled!(CheckoutStatusPage, "checkout_status.json");
sampled!(SandboxBankPage, "sandbox_bank.json");
