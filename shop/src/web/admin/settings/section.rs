//! The sections of the settings, each with its fields: as texts for a form, and read back into their types.

use std::collections::BTreeMap;

use commerce::address::{countries, country};
use commerce::catalog::slugify;
use commerce::error::FieldError;
use commerce::money::{Currency, Money, Rate};
use commerce::shipping::ShippingMethod;
use commerce::tax::TaxRate;

use super::values::{Marks, Values};
use crate::settings::{Hero, Location, ShopSettings};

/// The rows of the taxes.
pub const RATES: &str = "tax.rates";
/// The rows of the ways of delivery.
pub const METHODS: &str = "shipping.methods";
/// The rows of the locations.
pub const LOCATIONS: &str = "locations";

/// A page of settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    General,
    Front,
    Taxes,
    Shipping,
    Locations,
    Sender,
    Legal,
}

impl Section {
    /// All of them, in the order of the page.
    pub const ALL: [Section; 7] =
        [Self::General, Self::Front, Self::Taxes, Self::Shipping, Self::Locations, Self::Sender, Self::Legal];

    /// Its place in the address, and the key of its texts.
    pub fn name(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Front => "front",
            Self::Taxes => "taxes",
            Self::Shipping => "shipping",
            Self::Locations => "locations",
            Self::Sender => "sender",
            Self::Legal => "legal",
        }
    }

    /// The section of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.name() == name)
    }

    /// What its fields begin with.
    pub fn prefixes(self) -> &'static [&'static str] {
        match self {
            Self::General => &["name", "currency", "country", "locale", "time_zone", "demo"],
            Self::Front => &["notice", "hero", "filter_attributes"],
            Self::Taxes => &["tax"],
            Self::Shipping => &["shipping"],
            Self::Locations => &["locations"],
            Self::Sender => &["sender", "bank_details"],
            Self::Legal => &["legal"],
        }
    }

    /// The list of rows it has.
    pub fn list(self) -> Option<&'static str> {
        match self {
            Self::Taxes => Some(RATES),
            Self::Shipping => Some(METHODS),
            Self::Locations => Some(LOCATIONS),
            _ => None,
        }
    }

    /// Fields that may be absent from what is set.
    pub fn blank(self) -> &'static [&'static str] {
        match self {
            Self::Front => &[
                "hero.title",
                "hero.text",
                "hero.picture",
                "hero.alt",
                "hero.link_label",
                "hero.link_url",
                "notice",
                "filter_attributes",
            ],
            Self::General => &["name", "currency", "country", "locale", "time_zone", "demo"],
            Self::Taxes => &["tax.prices_include_tax", "tax.tax_shipping", "tax.default_rate"],
            Self::Sender => &["sender.name", "sender.email", "sender.address", "bank_details"],
            Self::Legal => {
                &["legal.terms_html", "legal.version", "legal.privacy_html", "legal.imprint_html", "legal.returns_html"]
            }
            Self::Shipping | Self::Locations => &[],
        }
    }

    /// A new row of its list.
    pub fn new_row(self) -> BTreeMap<String, String> {
        let fields = self.row_fields().iter();
        fields.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    /// The fields of its rows, and what is in a new one.
    pub fn row_fields(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Taxes => &[("country", ""), ("region", ""), ("rate", ""), ("label", "VAT")],
            Self::Shipping => &[
                ("id", ""),
                ("label", ""),
                ("countries", ""),
                ("regions", ""),
                ("amount", ""),
                ("free_from", ""),
                ("min_days", "1"),
                ("max_days", "3"),
            ],
            Self::Locations => &[("name", ""), ("code", ""), ("sells", "1")],
            _ => &[],
        }
    }

    /// What is set, as texts.
    pub fn values(self, settings: &ShopSettings) -> Values {
        let mut values = Values::default();
        match self {
            Self::General => general(settings, &mut values),
            Self::Front => front(settings, &mut values),
            Self::Taxes => taxes(settings, &mut values),
            Self::Shipping => shipping(settings, &mut values),
            Self::Locations => locations(settings, &mut values),
            Self::Sender => sender(settings, &mut values),
            Self::Legal => legal(settings, &mut values),
        }
        values
    }

    /// What tells later what has changed since.
    pub fn marks(self, settings: &ShopSettings) -> Marks {
        self.values(settings).marks(self.list())
    }

    /// Puts what was typed into settings; answers what can't be read.
    pub fn apply(self, values: &Values, settings: &mut ShopSettings) -> Vec<FieldError> {
        let mut errors = Vec::new();
        match self {
            Self::General => take_general(values, settings, &mut errors),
            Self::Front => take_front(values, settings),
            Self::Taxes => take_taxes(values, settings, &mut errors),
            Self::Shipping => take_shipping(values, settings, &mut errors),
            Self::Locations => take_locations(values, settings),
            Self::Sender => take_sender(values, settings),
            Self::Legal => take_legal(values, settings),
        }
        errors
    }
}

fn general(settings: &ShopSettings, values: &mut Values) {
    values.set("name", &settings.name);
    values.set("currency", settings.currency.code());
    values.set("country", &settings.country);
    values.set("locale", &settings.locale);
    values.set("time_zone", &settings.time_zone);
    values.set("demo", if settings.demo { "1" } else { "" });
}

fn take_general(values: &Values, settings: &mut ShopSettings, errors: &mut Vec<FieldError>) {
    settings.name = values.get("name").to_owned();
    settings.country = values.get("country").to_owned();
    settings.locale = values.get("locale").to_owned();
    settings.time_zone = values.get("time_zone").to_owned();
    settings.demo = !values.get("demo").is_empty();
    match Currency::parse(values.get("currency")) {
        Ok(currency) if currency != settings.currency => *settings = settings.clone().in_currency(currency),
        Ok(_) => {}
        Err(error) => errors.push(FieldError::new("currency", error.to_string())),
    }
}

fn front(settings: &ShopSettings, values: &mut Values) {
    values.set("notice", settings.notice.clone().unwrap_or_default());
    values.set("filter_attributes", settings.filter_attributes.join("\n"));
    let Some(hero) = &settings.hero else { return };
    values.set("hero.title", &hero.title);
    values.set("hero.text", &hero.text);
    values.set("hero.picture", hero.picture.clone().unwrap_or_default());
    values.set("hero.alt", &hero.alt);
    values.set("hero.link_label", &hero.link_label);
    values.set("hero.link_url", &hero.link_url);
}

/// A head without any words is none, and the theme has its own.
fn take_front(values: &Values, settings: &mut ShopSettings) {
    settings.notice = values.some("notice");
    let names = values.get("filter_attributes").lines().map(str::trim).filter(|name| !name.is_empty());
    settings.filter_attributes = names.map(str::to_owned).collect();
    let hero = Hero {
        title: values.get("hero.title").to_owned(),
        text: values.get("hero.text").to_owned(),
        picture: values.some("hero.picture"),
        alt: values.get("hero.alt").to_owned(),
        link_label: values.get("hero.link_label").to_owned(),
        link_url: values.get("hero.link_url").to_owned(),
    };
    let empty = [&hero.title, &hero.text, &hero.link_label, &hero.link_url].iter().all(|text| text.is_empty());
    settings.hero = (!empty || hero.picture.is_some()).then_some(hero);
}

fn taxes(settings: &ShopSettings, values: &mut Values) {
    let tax = &settings.tax;
    values.set("tax.prices_include_tax", if tax.prices_include_tax { "yes" } else { "no" });
    values.set("tax.tax_shipping", if tax.tax_shipping { "1" } else { "" });
    values.set("tax.default_rate", tax.default_rate.to_string());
    for (index, rate) in tax.rates.iter().enumerate() {
        values.set(format!("{RATES}[{index}].country"), &rate.country);
        values.set(format!("{RATES}[{index}].region"), rate.region.clone().unwrap_or_default());
        values.set(format!("{RATES}[{index}].rate"), rate.rate.to_string());
        values.set(format!("{RATES}[{index}].label"), &rate.label);
    }
}

fn take_taxes(values: &Values, settings: &mut ShopSettings, errors: &mut Vec<FieldError>) {
    let mut rate = |name: &str| {
        let text = values.get(name).trim_end_matches(['%', ' ', '\u{a0}']).replace(',', ".");
        text.parse::<Rate>().unwrap_or_else(|_| {
            errors.push(FieldError::new(name, "has to be a percentage such as 21 or 8.875"));
            Rate::ZERO
        })
    };
    let tax = &mut settings.tax;
    tax.prices_include_tax = values.get("tax.prices_include_tax") != "no";
    tax.tax_shipping = !values.get("tax.tax_shipping").is_empty();
    tax.default_rate = rate("tax.default_rate");
    let row = |index: usize| {
        let at = |field: &str| format!("{RATES}[{index}].{field}");
        TaxRate {
            country: code_of(values.get(&at("country"))),
            region: values.some(&at("region")).map(|region| region.to_uppercase()),
            rate: rate(&at("rate")),
            label: values.get(&at("label")).to_owned(),
        }
    };
    tax.rates = (0..values.count(RATES)).map(row).collect();
}

fn shipping(settings: &ShopSettings, values: &mut Values) {
    for (index, method) in settings.shipping.methods.iter().enumerate() {
        let mut set = |field: &str, value: String| values.set(format!("{METHODS}[{index}].{field}"), value);
        set("id", method.id.clone());
        set("label", method.label.clone());
        set("countries", method.countries.join(", "));
        set("regions", method.regions.join(", "));
        set("amount", method.amount.to_decimal());
        set("free_from", method.free_from.map(Money::to_decimal).unwrap_or_default());
        set("min_days", method.min_days.to_string());
        set("max_days", method.max_days.to_string());
    }
}

fn take_shipping(values: &Values, settings: &mut ShopSettings, errors: &mut Vec<FieldError>) {
    let currency = settings.currency;
    let mut wrong = |field: String, message: String| errors.push(FieldError::new(field, message));
    let mut method = |index: usize| {
        let at = |field: &str| format!("{METHODS}[{index}].{field}");
        let mut amount = |field: &str| {
            let read = Money::parse_decimal(values.get(&at(field)), currency);
            read.unwrap_or_else(|error| {
                wrong(at(field), error.to_string());
                Money::new(0, currency)
            })
        };
        let price = amount("amount");
        let free_from = values.some(&at("free_from")).map(|_| amount("free_from"));
        let mut days = |field: &str| {
            values.get(&at(field)).parse().unwrap_or_else(|_| {
                wrong(at(field), "has to be a number of days".into());
                0
            })
        };
        let (min_days, max_days) = (days("min_days"), days("max_days"));
        ShippingMethod {
            id: values.get(&at("id")).to_owned(),
            label: values.get(&at("label")).to_owned(),
            countries: pieces(values.get(&at("countries"))).map(code_of).collect(),
            regions: pieces(values.get(&at("regions"))).map(str::to_uppercase).collect(),
            amount: price,
            free_from,
            min_days,
            max_days,
        }
    };
    settings.shipping.methods = (0..values.count(METHODS)).map(&mut method).collect();
}

fn locations(settings: &ShopSettings, values: &mut Values) {
    for (index, location) in settings.locations.iter().enumerate() {
        let mut set = |field: &str, value: &str| values.set(format!("{LOCATIONS}[{index}].{field}"), value);
        set("name", &location.name);
        set("code", &location.code);
        set("sells", if location.sells { "1" } else { "" });
    }
}

/// A new one without a code is called by its name.
fn take_locations(values: &Values, settings: &mut ShopSettings) {
    let location = |index: usize| {
        let at = |field: &str| values.get(&format!("{LOCATIONS}[{index}].{field}"));
        let code = if at("code").is_empty() { slugify(at("name")) } else { at("code").to_owned() };
        Location { code, name: at("name").to_owned(), sells: !at("sells").is_empty() }
    };
    settings.locations = (0..values.count(LOCATIONS)).map(location).collect();
}

fn sender(settings: &ShopSettings, values: &mut Values) {
    values.set("sender.name", &settings.sender.name);
    values.set("sender.email", &settings.sender.email);
    values.set("sender.address", settings.sender.address.join("\n"));
    values.set("bank_details", settings.bank_details.clone().unwrap_or_default());
}

fn take_sender(values: &Values, settings: &mut ShopSettings) {
    settings.sender.name = values.get("sender.name").to_owned();
    settings.sender.email = values.get("sender.email").to_owned();
    let lines = values.get("sender.address").lines().map(str::trim).filter(|line| !line.is_empty());
    settings.sender.address = lines.map(str::to_owned).collect();
    settings.bank_details = values.some("bank_details");
}

fn legal(settings: &ShopSettings, values: &mut Values) {
    let legal = &settings.legal;
    values.set("legal.terms_html", &legal.terms_html);
    values.set("legal.version", &legal.version);
    values.set("legal.privacy_html", &legal.privacy_html);
    values.set("legal.imprint_html", &legal.imprint_html);
    values.set("legal.returns_html", &legal.returns_html);
}

fn take_legal(values: &Values, settings: &mut ShopSettings) {
    let text = |name: &str| values.get(name).to_owned();
    let legal = &mut settings.legal;
    legal.terms_html = text("legal.terms_html");
    legal.version = text("legal.version");
    legal.privacy_html = text("legal.privacy_html");
    legal.imprint_html = text("legal.imprint_html");
    legal.returns_html = text("legal.returns_html");
}

/// The parts of a list as people write it: commas, semicolons or lines between them.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';', '\n']).map(str::trim).filter(|piece| !piece.is_empty())
}

/// The code of a country that is written as its code or its name; what is neither stays as it is, to be refused.
fn code_of(text: &str) -> String {
    let code = text.to_uppercase();
    if country(&code).is_some() {
        return code;
    }
    let named = countries().iter().find(|country| country.name.eq_ignore_ascii_case(text));
    named.map_or_else(|| text.to_owned(), |country| country.code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_is_read_back_as_it_was_written() {
        let mut settings = ShopSettings::default();
        let rate = |region: Option<&str>| TaxRate {
            country: "US".into(),
            region: region.map(str::to_owned),
            rate: "8.875".parse().expect("is a rate"),
            label: "Sales tax".into(),
        };
        settings.tax.rates = vec![rate(Some("NY")), rate(None)];
        settings.shipping.methods[0].free_from = Some(Money::new(6_000, settings.currency));
        settings.shipping.methods[0].countries = vec!["NL".into(), "BE".into()];
        settings.sender.address = vec!["Quay 1".into(), "Haarlem".into()];
        settings.locations.push(Location { code: "depot".into(), name: "Depot".into(), sells: false });
        settings.notice = Some("Closed on Sunday".into());
        settings.hero = Some(Hero {
            title: "Made to be mended".into(),
            text: "Parts for everything.".into(),
            picture: Some("hero.svg".into()),
            alt: "A kettle".into(),
            link_label: "All".into(),
            link_url: "/products".into(),
        });
        for section in Section::ALL {
            let mut read = settings.clone();
            assert_eq!(section.apply(&section.values(&settings), &mut read), vec![]);
            assert_eq!(
                serde_json::to_value(&read).expect("is data"),
                serde_json::to_value(&settings).expect("is data"),
                "{}",
                section.name()
            );
        }
    }

    #[test]
    fn countries_are_named_or_coded() {
        let mut settings = ShopSettings::default();
        let mut values = Section::Shipping.values(&settings);
        values.set("shipping.methods[0].countries", "nl, Belgium;\nDE, Atlantis");
        assert_eq!(Section::Shipping.apply(&values, &mut settings), vec![]);
        assert_eq!(settings.shipping.methods[0].countries, ["NL", "BE", "DE", "Atlantis"]);
        assert_eq!(settings.check()[0].field, "shipping.methods[0].countries");
    }
}
