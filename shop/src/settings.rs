//! What the merchant decides about the shop itself.

mod check;

use commerce::error::FieldError;
use commerce::ids::LocationId;
use commerce::money::{Currency, Money, Rate};
use commerce::shipping::{ShippingMethod, ShippingTable};
use commerce::tax::TaxRules;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Builder;

use crate::store::defaults::LOCATION;

/// The settings of the shop, kept in the database.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShopSettings {
    /// What the shop is called.
    pub name: String,
    /// What it sells in. Imports are priced in it.
    pub currency: Currency,
    /// Where it is: ISO 3166-1 alpha-2.
    pub country: String,
    /// How it writes amounts and dates: a BCP 47 tag.
    pub locale: String,
    /// IANA name of the time zone it lives in.
    pub time_zone: String,
    /// Whether prices include tax, and the rates.
    pub tax: TaxRules,
    /// How and for how much it sends.
    pub shipping: ShippingTable,
    /// Who its mails come from.
    pub sender: Sender,
    /// What a buyer has to know to pay by bank transfer: account holder, number, bank.
    #[serde(default)]
    pub bank_details: Option<String>,
    /// The legal pages.
    pub legal: Legal,
    /// The head of the front page; `None` leaves it to the theme.
    #[serde(default)]
    pub hero: Option<Hero>,
    /// A line above every page.
    pub notice: Option<String>,
    /// The attributes that lists can be filtered by, in order; none leaves the choice to the shop.
    #[serde(default)]
    pub filter_attributes: Vec<String>,
    /// The places where stock lies, in the order that goods are taken from them.
    #[serde(default = "one_place")]
    pub locations: Vec<Location>,
    /// Whether this is the demo, which says that nothing is for sale.
    pub demo: bool,
}

/// A place where stock lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// Its name in programs and files; it stays what it is.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// Whether the shop sells what lies there.
    pub sells: bool,
}

impl Location {
    /// The code of the place that every shop has. What names no place means this one.
    pub const MAIN: &str = "default";

    /// Its id, which follows from its code.
    pub fn id(&self) -> LocationId {
        location_of(&self.code)
    }
}

/// The id of the location of a code: a digest of it, so that no list has to be asked.
pub fn location_of(code: &str) -> LocationId {
    if code == Location::MAIN {
        return LOCATION;
    }
    let digest: [u8; 32] = Sha256::digest(code.as_bytes()).into();
    let (first, _) = digest.split_first_chunk().expect("a digest has more than sixteen bytes");
    LocationId(Builder::from_custom_bytes(*first).into_uuid())
}

fn one_place() -> Vec<Location> {
    vec![Location { code: Location::MAIN.into(), name: "Stock room".into(), sells: true }]
}

/// The head of the front page: a picture, a few words and the one way on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Hero {
    /// A few words.
    pub title: String,
    /// A sentence.
    pub text: String,
    /// Landscape picture: a link, or a path such as `/media/x.svg`; without one the words stand alone.
    pub picture: Option<String>,
    /// What is to be seen in it.
    pub alt: String,
    /// What the button says.
    pub link_label: String,
    /// Where it goes.
    pub link_url: String,
}

/// Who mails come from and who answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sender {
    /// The name in the From line.
    pub name: String,
    /// The address mails come from and answers go to.
    pub email: String,
    /// The postal address, a line each.
    pub address: Vec<String>,
}

/// The legal pages of a shop, as HTML, and the version of the terms that orders keep.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Legal {
    /// Terms of sale.
    pub terms_html: String,
    /// What is kept about whom, and why.
    pub privacy_html: String,
    /// Who stands behind the shop.
    pub imprint_html: String,
    /// How to send something back.
    pub returns_html: String,
    /// Raised with every change of the terms; orders keep the one accepted.
    pub version: String,
}

impl ShopSettings {
    /// What is wrong with them, by field. Amounts have to be in the shop's currency.
    pub fn check(&self) -> Vec<FieldError> {
        check::errors(self)
    }

    /// The same shop with another currency: what it charges for sending keeps its numbers.
    pub fn in_currency(mut self, currency: Currency) -> Self {
        let (from, to) = (self.currency.minor_per_major(), currency.minor_per_major());
        let restate = |amount: &mut Money| {
            *amount = Money::new(amount.minor.saturating_mul(to) / from, currency);
        };
        for method in &mut self.shipping.methods {
            restate(&mut method.amount);
            method.free_from.iter_mut().for_each(restate);
        }
        Self { currency, ..self }
    }
}

impl Default for ShopSettings {
    /// A shop that can sell at once: euros, no tax set up, one flat way of sending.
    fn default() -> Self {
        let currency = Currency::parse("EUR").expect("EUR is in ISO 4217");
        ShopSettings {
            name: "My shop".into(),
            currency,
            country: "NL".into(),
            locale: "en-GB".into(),
            time_zone: "Europe/Amsterdam".into(),
            tax: TaxRules { prices_include_tax: true, rates: vec![], default_rate: Rate::ZERO, tax_shipping: true },
            shipping: ShippingTable {
                methods: vec![ShippingMethod {
                    id: "standard".into(),
                    label: "Standard delivery".into(),
                    countries: vec![],
                    regions: vec![],
                    amount: Money::new(495, currency),
                    free_from: None,
                    min_days: 2,
                    max_days: 5,
                }],
            },
            sender: Sender { name: "My shop".into(), email: "shop@example.com".into(), address: vec![] },
            bank_details: None,
            legal: Legal {
                terms_html: "<p>The terms of this shop have not been written yet.</p>".into(),
                privacy_html: "<p>The privacy notice of this shop has not been written yet.</p>".into(),
                imprint_html: "<p>The imprint of this shop has not been written yet.</p>".into(),
                returns_html: "<p>The returns policy of this shop has not been written yet.</p>".into(),
                version: "1".into(),
            },
            hero: None,
            notice: None,
            filter_attributes: vec![],
            locations: one_place(),
            demo: false,
        }
    }
}
