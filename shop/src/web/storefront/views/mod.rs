//! What the templates of the storefront are given: one struct a page, plain data only.
//!
//! Handlers fill them, `themes/default/templates` shows them, and `samples/*.json` holds realistic values of every
//! state, so that every template can be rendered in a check. Texts for people are not in here: templates take them
//! from the theme's Fluent files, and a view says only which case it is.
//!
//! A template gets `shop` ([`ShopInfo`]) and `page` ([`PageInfo`]) beside the fields of its own view.

pub mod cart;
pub mod checkout;
pub mod home;
pub mod listing;
pub mod mail;
pub mod message;
pub mod order;
pub mod product;
pub mod samples;
pub mod suggest;

use chrono::{DateTime, Utc};
use commerce::money::Money;
use serde::{Deserialize, Serialize};

pub use cart::{CartPage, CartView, DrawerView, GoalView, LineView, ProblemView, UndoView};
pub use checkout::{CheckoutPage, CheckoutStatusPage, SandboxBankPage};
pub use home::{ForYouView, HomePage};
pub use listing::ListingPage;
pub use mail::{
    OrderCanceledMail, OrderMail, OrderRefundedMail, OrderShippedMail, PaymentFailedMail, ReservationExpiredMail,
};
pub use message::{ErrorPage, LegalPage, NotFoundPage};
pub use order::{FindOrderPage, OrderPage, OrderView};
pub use product::ProductPage;

/// Gives a view its samples from a JSON file of `{state: view}`; `usual` is the state of [`sample`].
macro_rules! sampled {
    ($view:ty, $file:literal) => {
        impl $view {
            /// Every state worth looking at, by name.
            pub fn samples() -> std::collections::BTreeMap<String, Self> {
                $crate::web::storefront::views::samples::read($file, include_str!(concat!("samples/", $file)))
            }

            /// The page as most people see it.
            pub fn sample() -> Self {
                Self::samples().remove("usual").expect("every sample file has the state `usual`")
            }
        }
    };
}
pub(crate) use sampled;

/// The shop, on every page. Nothing personal: shareable pages are cached with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShopInfo {
    /// The name over the door.
    pub name: String,
    /// BCP 47 tag that amounts and dates are written in, as `en-NL`.
    pub locale: String,
    /// Language of the texts, for `<html lang>`, as `en`.
    pub lang: String,
    /// ISO 4217 code.
    pub currency: String,
    /// ISO 3166-1 alpha-2 code of the shop's own country.
    pub country: String,
    /// Absolute address without a slash at the end; canonical links and mails need it.
    pub base_url: String,
    /// One line above the header, if the merchant wrote one.
    pub notice: Option<String>,
    /// Top categories, in the merchant's order.
    pub nav: Vec<NavItem>,
    /// True where nothing is really for sale.
    pub demo: bool,
}

sampled!(ShopInfo, "shop.json");

/// One entry of the main menu.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NavItem {
    /// Category name.
    pub name: String,
    /// Path of its listing.
    pub url: String,
    /// True on the pages inside this category.
    pub current: bool,
    /// One level of subcategories; children of children stay empty.
    pub children: Vec<NavItem>,
}

/// The page, for the head of the document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageInfo {
    /// Without the shop's name: the layout adds it.
    pub title: String,
    /// Up to about 160 characters; empty leaves the tag out.
    pub description: String,
    /// Absolute address of the page that search engines shall keep.
    pub canonical: Option<String>,
    /// As `noindex`; absent on pages that may be found.
    pub robots: Option<String>,
    /// Absolute address of a picture for shared links.
    pub og_image: Option<String>,
    /// Path and query of this request; never shown as text.
    pub path: String,
}

sampled!(PageInfo, "page.json");

/// A link with a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// What is read.
    pub name: String,
    /// Where it goes: a path, or absolute in mails.
    pub url: String,
}

/// A step of the breadcrumb path. The last one is the page itself and is shown without a link.
pub type Crumb = Link;

/// A picture. Frames are 4:5 whatever its own ratio is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    /// Path or absolute address.
    pub src: String,
    /// What is to be seen; empty where the name stands beside it.
    pub alt: String,
    /// Pixels; 0 where it is not known.
    pub width: u32,
    /// Pixels; 0 where it is not known.
    pub height: u32,
    /// The widths it is kept in; none for drawings and links.
    #[serde(default)]
    pub widths: Vec<u32>,
    /// Where those are: `{folder}/640.avif` and `.jpg`.
    #[serde(default)]
    pub folder: String,
    /// What stays in sight where it is cut, as `left-top` or `center-center`.
    #[serde(default = "middle")]
    pub focus: String,
}

/// What stays in sight of most pictures.
pub fn middle() -> String {
    "center-center".to_owned()
}

impl Picture {
    /// A picture of which nothing more is known.
    pub fn plain(src: String, alt: String) -> Self {
        Self { src, alt, width: 0, height: 0, widths: vec![], folder: String::new(), focus: middle() }
    }
}

/// A price as a card or a product page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// What it costs now; the lowest of the variants when `from`.
    pub now: Money,
    /// What it cost before, on sale only.
    pub before: Option<Money>,
    /// True when variants differ in price and none is chosen yet.
    pub from: bool,
    /// Whole percent off, on sale only, rounded down.
    pub percent_off: Option<u32>,
}

/// What a buyer is told about stock: a hint, never a count of what lies there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stock {
    /// Enough of it, or not tracked.
    In,
    /// At or under the product's threshold.
    Low,
    /// None left and not sold on.
    Out,
    /// None left, but sold on: made to order.
    Backorder,
}

/// A product in a grid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Product id, as the quick add form sends it.
    pub id: String,
    /// Product name, of any length.
    pub name: String,
    /// Path of the product page.
    pub url: String,
    /// Brand or maker, shown small.
    pub brand: Option<String>,
    /// Price line.
    pub price: Price,
    /// First picture; without one a frame with the initial is drawn.
    pub picture: Option<Picture>,
    /// Second picture, shown under the pointer.
    pub hover: Option<Picture>,
    /// Colours, at most five.
    pub swatches: Vec<Swatch>,
    /// How many colours more there are than `swatches` shows.
    pub more_swatches: u32,
    /// The best state among its variants.
    pub stock: Stock,
    /// The one variant's id when it can be added without a choice.
    pub quick_add: Option<String>,
}

/// A colour dot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Swatch {
    /// Name of the option value.
    pub name: String,
    /// `#rrggbb`; the handler lets nothing else through.
    pub colour: String,
}

/// A category with its picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryTile {
    /// Category name.
    pub name: String,
    /// Path of its listing.
    pub url: String,
    /// Its picture; without one a frame with the initial is drawn.
    pub picture: Option<Picture>,
    /// True for the category that is being shown.
    pub current: bool,
}

/// A hidden field that carries the rest of a GET form's state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HiddenField {
    /// Parameter name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A field of a form, with what was typed and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldView {
    /// Form name, and the id of the input.
    pub name: String,
    /// Label that follows the country; empty takes the theme's text `field-{name}`.
    pub label: String,
    /// Whether it must be filled. Both cases are said in words.
    pub required: bool,
    /// What was typed; kept after every error.
    pub value: String,
    /// What to do about it, in a sentence.
    pub error: Option<String>,
    /// Autofill token, as `postal-code`; empty leaves it out.
    pub autocomplete: String,
    /// As `numeric` or `email`; empty for text.
    pub inputmode: String,
    /// Choices: with any, the field is a select.
    pub options: Vec<ChoiceView>,
}

/// One choice of a select.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChoiceView {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
}

/// A discount that was applied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiscountView {
    /// Coupon code as typed on the coupon.
    pub code: String,
    /// What the merchant calls it; may be empty.
    pub label: String,
    /// Positive amount taken off.
    pub amount: Money,
}

/// The sums under a cart, a checkout and an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TotalsView {
    /// Goods before discounts.
    pub subtotal: Money,
    /// Each discount in the order of entry.
    pub discounts: Vec<DiscountView>,
    /// Delivery; absent while there is no address and no estimate.
    pub shipping: Option<Money>,
    /// Name of the delivery method, or of the country of an estimate.
    pub shipping_label: Option<String>,
    /// True when delivery and tax are an estimate for the shop's own country.
    pub estimated: bool,
    /// Tax; absent while it is not known.
    pub tax: Option<Money>,
    /// As `VAT 21 %`; absent takes the theme's word for tax.
    pub tax_label: Option<String>,
    /// True when prices have the tax in them.
    pub tax_included: bool,
    /// What is to be paid; with an estimate, the estimated total.
    pub total: Money,
}

/// A postal address, one line each, in the order of its country, country name last.
pub type AddressView = Vec<String>;

/// From when to when something arrives. Both the same day is one day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrival {
    /// First day.
    pub from: DateTime<Utc>,
    /// Last day.
    pub until: DateTime<Utc>,
}
