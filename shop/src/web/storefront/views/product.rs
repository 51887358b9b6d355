//! `storefront/product.html`

use commerce::money::Money;
use serde::{Deserialize, Serialize};

use super::{Arrival, Card, Crumb, Picture, Price, Stock, sampled};

/// A product and everything to choose about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductPage {
    /// From the front page to its category; the product itself is not in it.
    pub crumbs: Vec<Crumb>,
    /// Product id, as the form sends it.
    pub id: String,
    /// Path of the product without a variant.
    pub url: String,
    /// Of any length.
    pub name: String,
    /// Brand or maker.
    pub brand: Option<String>,
    /// One line under the name.
    pub summary: Option<String>,
    /// At least the chosen variant's; empty draws a frame with the initial.
    pub pictures: Vec<Picture>,
    /// Index into `pictures` that is shown first: the chosen variant's.
    pub picture: usize,
    /// Price of the chosen variant.
    pub price: Price,
    /// The price as on its card, whatever is chosen: what is remembered of the product.
    pub card_price: Price,
    /// True when prices have the tax in them.
    pub tax_included: bool,
    /// What the tax is called in the shop's own country, as `VAT`; absent takes the theme's word.
    pub tax_label: Option<String>,
    /// Choices; empty for a product of one variant.
    pub options: Vec<OptionView>,
    /// Every variant that is made.
    pub variants: Vec<VariantView>,
    /// The chosen variant's id: `?variant=`, else the first that can be bought. Absent when the chosen options are not
    /// made together.
    pub variant: Option<String>,
    /// SKU of the chosen variant.
    pub sku: Option<String>,
    /// Stock of the chosen variant.
    pub stock: Stock,
    /// When it arrives in the shop's own country if ordered now.
    pub arrival: Option<Arrival>,
    /// Delivery from here on is free; absent when it never is.
    pub free_delivery_from: Option<Money>,
    /// Cheapest delivery in the shop's own country; absent when nothing is shipped.
    pub delivery_cost: Option<Money>,
    /// Name of the shop's own country.
    pub delivery_country: String,
    /// Most that one line may hold.
    pub max_quantity: u32,
    /// Sanitised HTML; may be empty.
    pub description_html: String,
    /// Two columns of facts.
    pub attributes: Vec<AttributeView>,
    /// Spare parts that are sold singly.
    pub parts: Vec<PartView>,
    /// Picture beside the parts.
    pub parts_picture: Option<Picture>,
    /// Up to four products that go with it.
    pub companions: Vec<Card>,
    /// Whether they are there because they were bought in the same orders, and none because the merchant said so.
    pub bought_together: bool,
    /// Up to four products like it.
    pub similar: Vec<Card>,
    /// Why the last add was refused, when the form came back without JavaScript. Never on a cached page.
    pub refusal: Option<String>,
}

/// An option of a product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionView {
    /// As `Colour`; the field is `option.Colour`.
    pub name: String,
    /// The chosen value.
    pub selected: String,
    /// In the merchant's order; thirty of them become a select by themselves.
    pub values: Vec<OptionValueView>,
}

/// How an option value stands, given the values chosen for the other options.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ValueState {
    /// Can be bought.
    Available,
    /// Is made, but sold out.
    Out,
    /// Is not made in this combination.
    Missing,
}

/// A value of an option.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionValueView {
    /// Both what is sent and what is read.
    pub value: String,
    /// True for the chosen one.
    pub selected: bool,
    /// Whether it can be had.
    pub state: ValueState,
    /// Picture of a variant in this value, for the option that pictures follow.
    pub picture: Option<Picture>,
    /// `#rrggbb` where the merchant gave one.
    pub swatch: Option<String>,
}

/// A variant, for the page's own script and for search engines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VariantView {
    /// Variant id.
    pub id: String,
    /// In the order of the options.
    pub values: Vec<String>,
    /// Article number.
    pub sku: Option<String>,
    /// What it costs.
    pub price: Money,
    /// What it cost before.
    pub before: Option<Money>,
    /// The price as a plain decimal, as `68.00`, for structured data.
    pub decimal: String,
    /// Stock hint.
    pub stock: Stock,
    /// Index into `pictures`.
    pub picture: Option<usize>,
    /// Path of the product with this variant chosen.
    pub url: String,
}

/// A fact about the product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttributeView {
    /// As `Made of`.
    pub name: String,
    /// As `Enamelled steel, walnut, brass`.
    pub value: String,
}

/// A spare part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartView {
    /// Its number in the drawing.
    pub number: String,
    /// Product id, for the add form.
    pub id: String,
    /// Name of the part.
    pub name: String,
    /// Path of its own page.
    pub url: String,
    /// What it costs, the lowest of its variants.
    pub price: Money,
    /// Its one variant's id when it can be added without a choice.
    pub quick_add: Option<String>,
}

sampled!(ProductPage, "product.json");
