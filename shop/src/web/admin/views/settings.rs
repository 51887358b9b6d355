//! `settings/*.html`

use std::collections::BTreeMap;

use chrono_tz::TZ_VARIANTS;
use commerce::address::{Destination, countries};
use commerce::money::{Currency, Money};
use serde::{Deserialize, Serialize};

use super::{Choice, FieldView, sampled};
use crate::app::App;
use crate::settings::ShopSettings;

/// Locales that are offered; any other may be typed.
const LOCALES: &[(&str, &str)] = &[
    ("en-GB", "English (United Kingdom)"),
    ("en-US", "English (United States)"),
    ("en-NL", "English (Netherlands)"),
    ("de-DE", "German (Germany)"),
    ("de-AT", "German (Austria)"),
    ("nl-NL", "Dutch (Netherlands)"),
    ("nl-BE", "Dutch (Belgium)"),
    ("fr-FR", "French (France)"),
    ("es-ES", "Spanish (Spain)"),
    ("it-IT", "Italian (Italy)"),
    ("pl-PL", "Polish (Poland)"),
    ("sv-SE", "Swedish (Sweden)"),
    ("ja-JP", "Japanese (Japan)"),
];

/// The sections to choose from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsIndex {
    /// In order.
    pub sections: Vec<SettingsLink>,
}

sampled!(SettingsIndex, "settings_index.json");

/// A section.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsLink {
    /// Names the texts `settings-{name}` and `settings-{name}-about`.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// Whether this is it.
    pub current: bool,
}

/// A section's form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsPage {
    /// The sections, for the way to the others.
    pub sections: Vec<SettingsLink>,
    /// This one.
    pub section: String,
    /// Where the form goes.
    pub url: String,
    /// What tells later which parts of this section somebody else has changed.
    pub marks: String,
    /// Fields by name.
    pub fields: BTreeMap<String, FieldView>,
    /// Rows of the section's list, fields by name.
    pub rows: Vec<BTreeMap<String, FieldView>>,
    /// What is wrong beside the fields of this page.
    pub errors: Vec<String>,
    /// Whether the form came back because something is wrong.
    pub refused: bool,
    /// What somebody else changed meanwhile.
    pub conflict: Vec<ConflictRow>,
    /// Whether the form holds what is not saved.
    pub dirty: bool,
    /// What fields offer, by list: countries, currencies, locales, time_zones.
    pub choices: BTreeMap<String, Vec<Choice>>,
    /// What the settings that are saved make of an example.
    pub preview: Preview,
    /// The shop's currency.
    pub currency: String,
}

sampled!(SettingsPage, "settings.json");

/// A field that two people changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConflictRow {
    /// The field's path.
    pub name: String,
    /// What it says.
    pub difference: Difference,
}

/// Two contents of one field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// What is saved.
    pub theirs: String,
    /// What was typed.
    pub yours: String,
}

/// What the saved settings make of an example.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preview {
    /// An amount as shoppers see it.
    pub amount: String,
    /// This moment where the shop is.
    pub time: String,
    /// The From line of mails.
    pub sender: String,
    /// Tax in, or on, an amount in the shop's own country.
    pub tax: String,
    /// Whether it is in the price.
    pub tax_included: bool,
    /// What shoppers there call it.
    pub tax_label: String,
    /// Address of the front page's picture.
    pub picture: Option<String>,
}

/// What the fields of a section offer.
pub fn choices(section: &str) -> BTreeMap<String, Vec<Choice>> {
    let choice = |value: &str, label: &str| Choice { value: value.to_owned(), label: label.to_owned() };
    let places = || countries().iter().map(|country| choice(country.code, country.name)).collect();
    let lists: Vec<(&str, Vec<Choice>)> = match section {
        "general" => vec![
            ("countries", places()),
            ("currencies", Currency::all().map(|currency| choice(currency.code(), currency.code())).collect()),
            ("locales", LOCALES.iter().map(|(tag, name)| choice(tag, name)).collect()),
            ("time_zones", TZ_VARIANTS.iter().map(|zone| choice(zone.name(), zone.name())).collect()),
        ],
        "taxes" => vec![("countries", places())],
        _ => vec![],
    };
    lists.into_iter().map(|(name, choices)| (name.to_owned(), choices)).collect()
}

/// What the saved settings make of an example.
pub fn previews(app: &App, settings: &ShopSettings) -> Preview {
    let example = Money::new(1_234 * settings.currency.minor_per_major(), settings.currency);
    let zone = settings.time_zone.parse().unwrap_or(chrono_tz::Tz::UTC);
    let home = Destination { country: settings.country.clone(), region: None, postal_code: None };
    let applied = settings.tax.at(&home);
    let hundred = Money::new(100 * settings.currency.minor_per_major(), settings.currency);
    let tax = settings.tax.tax_on(hundred, applied.rate).unwrap_or(Money::new(0, settings.currency));
    let picture = settings.hero.as_ref().and_then(|hero| hero.picture.as_deref());
    Preview {
        amount: example.format(&settings.locale),
        time: app.clock.now().with_timezone(&zone).format("%-d %b %Y, %H:%M").to_string(),
        sender: format!("{} <{}>", settings.sender.name, settings.sender.email),
        tax: tax.format(&settings.locale),
        tax_included: settings.tax.prices_include_tax,
        tax_label: format!("{} {} %", applied.label, applied.rate),
        picture: picture.map(crate::web::storefront::cards::picture_url),
    }
}
