//! How the demo shop is set up: a small Dutch shop that sends all over the world.

use commerce::address::countries;
use commerce::money::{Currency, Money, Rate};
use commerce::shipping::{ShippingMethod, ShippingTable};
use commerce::tax::{TaxRate, TaxRules};

use super::text;
use crate::settings::{Hero, Legal, Sender, ShopSettings};

/// Standard VAT rates of the European Union, in per mille. Source: ibericode/vat-rates.
#[rustfmt::skip]
const EU_VAT: &[(&str, u16)] = &[
    ("AT", 200), ("BE", 210), ("BG", 200), ("CY", 190), ("CZ", 210), ("DE", 190), ("DK", 250), ("EE", 240), ("ES", 210),
    ("FI", 255), ("FR", 200), ("GR", 240), ("HR", 250), ("HU", 270), ("IE", 230), ("IT", 220), ("LT", 210), ("LU", 170),
    ("LV", 210), ("MT", 180), ("NL", 210), ("PL", 230), ("PT", 230), ("RO", 210), ("SE", 250), ("SI", 220), ("SK", 230),
];
/// Where our own van and the post of the neighbours go.
const NEAR: &[&str] = &["NL", "BE", "DE", "LU"];

/// The settings of the demo shop.
pub fn settings() -> ShopSettings {
    let currency = Currency::parse("EUR").expect("EUR is in ISO 4217");
    ShopSettings {
        locations: ShopSettings::default().locations,
        name: "Mendwell".into(),
        currency,
        country: "NL".into(),
        locale: "en-GB".into(),
        time_zone: "Europe/Amsterdam".into(),
        tax: tax(),
        shipping: shipping(currency),
        sender: Sender {
            name: "Mendwell".into(),
            email: "hello@mendwell.example".into(),
            address: vec![
                "Mendwell".into(),
                "Scheepmakersdijk 12".into(),
                "2011 AS Haarlem".into(),
                "Netherlands".into(),
            ],
        },
        bank_details: Some("Mendwell, NL00 DEMO 0000 0000 00 (a demonstration: there is no such account)".into()),
        legal: Legal {
            terms_html: text("legal/terms.html"),
            privacy_html: text("legal/privacy.html"),
            imprint_html: text("legal/imprint.html"),
            returns_html: text("legal/returns.html"),
            version: "2026-01".into(),
        },
        hero: Some(Hero {
            title: "Made to be mended".into(),
            text: "Good things for the house, with every part sold on its own for as long as we sell the whole.".into(),
            picture: Some("hero.svg".into()),
            alt: "Ink blue kettle beside a vase with a flowering branch, in window light".into(),
            link_label: "Shop the kitchen".into(),
            link_url: "/c/kitchen".into(),
        }),
        notice: Some("This is a demonstration. Nothing here is for sale and no card is charged.".into()),
        filter_attributes: ["Made of", "Made in", "Guarantee"].map(str::to_owned).to_vec(),
        demo: true,
    }
}

/// VAT is in the prices. Goods that leave the Union leave without it.
fn tax() -> TaxRules {
    let rate = |&(country, per_mille): &(&str, u16)| TaxRate {
        country: country.into(),
        region: None,
        rate: Rate { ppm: u32::from(per_mille) * 1_000 },
        label: "VAT".into(),
    };
    TaxRules {
        prices_include_tax: true,
        tax_shipping: true,
        rates: EU_VAT.iter().map(rate).collect(),
        default_rate: Rate::ZERO,
    }
}

fn shipping(currency: Currency) -> ShippingTable {
    let near = NEAR.iter().map(|country| (*country).to_owned()).collect();
    let eu = EU_VAT.iter().map(|(country, _)| *country);
    let rest_of_eu = eu.filter(|country| !NEAR.contains(country)).map(str::to_owned).collect();
    let method = |id: &str, label: &str, countries: Vec<String>, amount: i64, days: (i64, i64)| ShippingMethod {
        id: id.into(),
        label: label.into(),
        countries,
        regions: vec![],
        amount: Money::new(amount, currency),
        free_from: None,
        min_days: days.0,
        max_days: days.1,
    };
    let home = method("home", "Home delivery", near, 495, (1, 3));
    ShippingTable {
        methods: vec![
            ShippingMethod { free_from: Some(Money::new(6_000, currency)), ..home },
            method("evening", "Evening delivery, 18:00 to 22:00", vec!["NL".into()], 795, (1, 2)),
            method("europe", "Parcel within the EU", rest_of_eu, 995, (3, 6)),
            method("world", "Parcel, tracked", outside_eu(), 1_995, (6, 14)),
        ],
    }
}

fn outside_eu() -> Vec<String> {
    let everywhere = countries().iter().map(|country| country.code);
    everywhere.filter(|code| EU_VAT.iter().all(|(member, _)| member != code)).map(str::to_owned).collect()
}
