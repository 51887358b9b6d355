//! `storefront/cart.html`, `fragments/cart.html` and `fragments/drawer.html`

use commerce::money::Money;
use serde::{Deserialize, Serialize};

use super::{Arrival, Card, Picture, Stock, TotalsView, sampled};

/// The cart page, and the fragment that replaces its body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CartPage {
    /// The cart.
    pub cart: CartView,
    /// Products to go on with: what goes with a full cart, popular ones under an empty one.
    pub suggestions: Vec<Card>,
}

/// A cart with everything that is to be said about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CartView {
    /// Raised by every change.
    pub version: i64,
    /// Sum of the quantities, as in the cookie `oxcart_count`.
    pub count: u64,
    /// In the order of adding.
    pub lines: Vec<LineView>,
    /// Sums.
    pub totals: TotalsView,
    /// How far it is to free delivery; absent where delivery is never free.
    pub goal: Option<GoalView>,
    /// When the parcel arrives in the shop's own country.
    pub arrival: Option<Arrival>,
    /// Refused coupon code, kept in the field.
    pub coupon_code: String,
    /// Why it was refused.
    pub coupon_error: Option<String>,
    /// What else was refused, in a sentence (a limit, a full cart).
    pub refusal: Option<String>,
    /// The line that was just removed.
    pub undo: Option<UndoView>,
    /// Path of the payment in flight; while there is one nothing can be changed.
    pub payment_url: Option<String>,
    /// False while a line stands in the way of checking out.
    pub can_check_out: bool,
}

/// A line of a cart, a checkout or an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineView {
    /// Item id, as in `/cart/items/{id}`.
    pub id: String,
    /// Variant id.
    pub variant_id: String,
    /// Path of the product with the variant chosen; absent when it is not sold any more.
    pub url: Option<String>,
    /// Product name.
    pub name: String,
    /// Option values as `Brick, 1.6 l`; empty for a product without options.
    pub variant: String,
    /// Article number.
    pub sku: Option<String>,
    /// Picture of the variant.
    pub picture: Option<Picture>,
    /// How many.
    pub quantity: u32,
    /// How many there can be: what is left, and 999 at most.
    pub max: u32,
    /// Price of one.
    pub unit_price: Money,
    /// Price of one before, on sale only.
    pub before: Option<Money>,
    /// Quantity times price, before discounts on the whole cart.
    pub total: Money,
    /// Stock hint.
    pub stock: Stock,
    /// What the buyer must know about this line.
    pub problems: Vec<ProblemView>,
}

/// Something about a line that changed or stands in the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProblemView {
    /// `sold_out`, `insufficient_stock`, `quantity_reduced`, `unavailable`, `price_raised` or `price_lowered`: names the
    /// text `problem-{code}`. Any other code shows `message`.
    pub code: String,
    /// How many there are.
    pub available: Option<u32>,
    /// What one cost when it was put in.
    pub was: Option<Money>,
    /// Sentence for a code that the theme does not know.
    pub message: String,
}

/// The way to free delivery.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoalView {
    /// Goods from here on are delivered free.
    pub from: Money,
    /// What is missing; zero when it is reached.
    pub missing: Money,
    /// 0 to 100.
    pub percent: u32,
}

/// What brings a removed line back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UndoView {
    /// Variant to add again.
    pub variant_id: String,
    /// As many as there were.
    pub quantity: u32,
    /// Product name.
    pub name: String,
}

/// The answer to an add: what came in, or why not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawerView {
    /// The cart as it is now.
    pub cart: CartView,
    /// Item id of the line that was added to or changed.
    pub added: Option<String>,
    /// Why nothing was added, or less than was asked for.
    pub refusal: Option<String>,
    /// Up to three products that go with what is in it.
    pub suggestions: Vec<Card>,
}

sampled!(CartPage, "cart.json");
sampled!(DrawerView, "drawer.json");
