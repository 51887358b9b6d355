//! What the settings of a shop have to be, field by field.

use std::collections::HashSet;

use chrono_tz::Tz;
use commerce::address::country;
use commerce::customer::check_email;
use commerce::error::FieldError;
use commerce::money::{Money, Rate};
use commerce::shipping::ShippingMethod;
use commerce::tax::TaxRate;
use unic_langid::LanguageIdentifier;

use super::{Location, ShopSettings};

/// The most rates of tax, and ways of delivery.
const MOST_ROWS: usize = 500;
/// The most attributes that lists offer as filters.
const MOST_FILTERS: usize = 24;
/// The most places where stock lies.
const MOST_LOCATIONS: usize = 50;
/// The longest line of text.
const LONG_LINE: usize = 300;
/// The longest page of text.
const LONG_TEXT: usize = 200_000;
/// The longest way of anything.
const MOST_DAYS: i64 = 365;

/// Errors being collected.
#[derive(Default)]
struct Errors(Vec<FieldError>);

impl Errors {
    fn must(&mut self, holds: bool, field: &str, message: &str) {
        if !holds {
            self.0.push(FieldError::new(field, message));
        }
    }

    /// A line that is there and not too long.
    fn line(&mut self, text: &str, field: &str) {
        let length = text.trim().chars().count();
        self.must((1..=LONG_LINE).contains(&length), field, "has to be 1 to 300 characters");
        self.must(!text.contains(char::is_control), field, "has to be one line");
    }
}

/// What is wrong with settings.
pub fn errors(settings: &ShopSettings) -> Vec<FieldError> {
    let mut errors = Errors::default();
    shop(settings, &mut errors);
    tax(settings, &mut errors);
    shipping(settings, &mut errors);
    locations(settings, &mut errors);
    words(settings, &mut errors);
    errors.0
}

fn shop(settings: &ShopSettings, errors: &mut Errors) {
    let ShopSettings { name, country: home, locale, time_zone, sender, bank_details, .. } = settings;
    errors.must(!name.trim().is_empty() && name.len() <= 100, "name", "has to be 1 to 100 characters");
    errors.must(!name.contains(char::is_control), "name", "has to be one line");
    errors.must(country(home).is_some(), "country", "has to be an ISO 3166-1 code such as NL");
    errors.must(locale.parse::<LanguageIdentifier>().is_ok(), "locale", "has to be a language tag such as en-GB");
    errors.must(time_zone.parse::<Tz>().is_ok(), "time_zone", "has to be an IANA name such as Europe/Amsterdam");
    errors.line(&sender.name, "sender.name");
    errors.must(check_email(&sender.email).is_ok(), "sender.email", "has to be an e-mail address");
    errors.must(sender.address.len() <= 10, "sender.address", "has to be ten lines at most");
    let fits = |line: &String| line.chars().count() <= LONG_LINE;
    errors.must(sender.address.iter().all(fits), "sender.address", "has to have shorter lines");
    let bank = bank_details.as_deref().unwrap_or_default();
    errors.must(bank.chars().count() <= 2_000, "bank_details", "has to be 2,000 characters at most");
}

fn tax(settings: &ShopSettings, errors: &mut Errors) {
    let tax = &settings.tax;
    errors.must(tax.default_rate <= Rate::ONE, "tax.default_rate", "has to be 100 % at most");
    errors.must(tax.rates.len() <= MOST_ROWS, "tax.rates", "has to be 500 rates at most");
    let mut seen = HashSet::new();
    for (index, TaxRate { country: place, region, rate, label }) in tax.rates.iter().enumerate() {
        let field = |name: &str| format!("tax.rates[{index}].{name}");
        let known = country(place);
        errors.must(known.is_some(), &field("country"), "has to be an ISO 3166-1 code such as NL");
        let regions = known.map(|country| country.regions()).unwrap_or_default();
        let listed = |code: &String| regions.is_empty() || regions.iter().any(|region| region.code == code);
        errors.must(
            region.as_ref().is_none_or(listed),
            &field("region"),
            "has to be the code of a region of the country",
        );
        errors.must(*rate <= Rate::ONE, &field("rate"), "has to be 100 % at most");
        errors.line(label, &field("label"));
        errors.must(seen.insert((place, region)), &field("country"), "has another rate for the same place already");
    }
}

fn shipping(settings: &ShopSettings, errors: &mut Errors) {
    let methods = &settings.shipping.methods;
    errors.must(!methods.is_empty(), "shipping.methods", "has to name at least one way of delivery");
    errors.must(methods.len() <= MOST_ROWS, "shipping.methods", "has to be 500 at most");
    let mut seen = HashSet::new();
    for (index, method) in methods.iter().enumerate() {
        let field = |name: &str| format!("shipping.methods[{index}].{name}");
        let ShippingMethod { id, label, countries, regions, amount, free_from, min_days, max_days } = method;
        errors.must(is_code(id), &field("id"), "has to be 1 to 40 small letters, digits and hyphens");
        errors.must(seen.insert(id), &field("id"), "has to be different from the others");
        errors.line(label, &field("label"));
        let known = countries.iter().all(|code| country(code).is_some());
        errors.must(known, &field("countries"), "has to name countries by their ISO 3166-1 code");
        errors.must(regions.len() <= MOST_ROWS, &field("regions"), "has to be fewer regions");
        let fits = |amount: Money| amount.currency == settings.currency && amount.minor >= 0;
        errors.must(fits(*amount), &field("amount"), "has to be an amount in the shop's currency");
        let free = free_from.is_none_or(|amount| fits(amount) && amount.minor > 0);
        errors.must(free, &field("free_from"), "has to be an amount in the shop's currency, above zero");
        let days = 0 <= *min_days && min_days <= max_days && *max_days <= MOST_DAYS;
        errors.must(days, &field("max_days"), "has to be no fewer than the fewest days, and 365 at most");
    }
}

fn locations(settings: &ShopSettings, errors: &mut Errors) {
    let locations = &settings.locations;
    let main = |location: &Location| location.code == Location::MAIN;
    errors.must(locations.iter().any(main), "locations", "has to keep the location `default`; give it another name");
    errors.must(locations.len() <= MOST_LOCATIONS, "locations", "has to be 50 at most");
    let mut seen = HashSet::new();
    for (index, location) in locations.iter().enumerate() {
        let field = |name: &str| format!("locations[{index}].{name}");
        errors.must(is_code(&location.code), &field("code"), "has to be 1 to 40 small letters, digits and hyphens");
        errors.must(seen.insert(&location.code), &field("code"), "has to be different from the others");
        errors.line(&location.name, &field("name"));
        let sells = location.sells || !main(location);
        errors.must(sells, &field("sells"), "has to be yes for this location: what has no other place is sold from it");
    }
}

fn is_code(text: &str) -> bool {
    let plain = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-' || sign == '_';
    (1..=40).contains(&text.len()) && text.chars().all(plain)
}

fn words(settings: &ShopSettings, errors: &mut Errors) {
    let legal = &settings.legal;
    let pages = [
        ("legal.terms_html", &legal.terms_html),
        ("legal.privacy_html", &legal.privacy_html),
        ("legal.imprint_html", &legal.imprint_html),
        ("legal.returns_html", &legal.returns_html),
    ];
    for (field, text) in pages {
        errors.must(!text.trim().is_empty(), field, "has to say something");
        errors.must(text.len() <= LONG_TEXT, field, "has to be 200,000 characters at most");
    }
    errors.line(&legal.version, "legal.version");
    if let Some(hero) = &settings.hero {
        errors.line(&hero.title, "hero.title");
        errors.must(hero.text.chars().count() <= LONG_LINE, "hero.text", "has to be 300 characters at most");
        errors.line(&hero.link_label, "hero.link_label");
        errors.must(
            is_address(&hero.link_url),
            "hero.link_url",
            "has to be a path such as /products, or an https address",
        );
        let picture = hero.picture.as_deref().unwrap_or_default();
        let seen = picture.is_empty() || !hero.alt.trim().is_empty();
        errors.must(seen, "hero.alt", "has to say what is to be seen in the picture");
        let place = !picture.contains(':') || picture.starts_with("https://");
        errors.must(place, "hero.picture", "has to be an https address, or the name of a picture of this shop");
    }
    let notice = settings.notice.as_deref().unwrap_or_default();
    errors.must(notice.chars().count() <= LONG_LINE, "notice", "has to be 300 characters at most");
    let names = &settings.filter_attributes;
    let fits = names.len() <= MOST_FILTERS && names.iter().all(|name| name.chars().count() <= LONG_LINE);
    errors.must(fits, "filter_attributes", "can be 24 names at most, each of 300 characters");
}

/// A path of this shop, or an address elsewhere.
fn is_address(text: &str) -> bool {
    (text.starts_with('/') && !text.starts_with("//")) || text.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use commerce::money::Currency;

    use super::*;

    fn fields(change: impl FnOnce(&mut ShopSettings)) -> Vec<String> {
        let mut settings = ShopSettings::default();
        change(&mut settings);
        settings.check().into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert!(fields(|_| ()).is_empty());
        assert_eq!(fields(|shop| shop.country = "XX".into()), ["country"]);
        assert_eq!(fields(|shop| shop.time_zone = "Mars".into()), ["time_zone"]);
        assert_eq!(fields(|shop| shop.shipping.methods[0].max_days = 1), ["shipping.methods[0].max_days"]);
        assert_eq!(
            fields(|shop| shop.shipping.methods.push(shop.shipping.methods[0].clone())),
            ["shipping.methods[1].id"]
        );
        let rate = |place: &str, region: Option<&str>| TaxRate {
            country: place.into(),
            region: region.map(str::to_owned),
            rate: Rate::percent(21),
            label: "VAT".into(),
        };
        assert_eq!(fields(|shop| shop.tax.rates = vec![rate("NL", None); 2]), ["tax.rates[1].country"]);
        assert_eq!(fields(|shop| shop.tax.rates = vec![rate("US", Some("ZZ"))]), ["tax.rates[0].region"]);
        assert!(fields(|shop| shop.tax.rates = vec![rate("US", Some("CA")), rate("US", None)]).is_empty());
    }

    #[test]
    fn another_currency_takes_the_numbers_along() {
        let yen = Currency::parse("JPY").expect("is known");
        let shop = ShopSettings::default().in_currency(yen);
        assert_eq!(shop.shipping.methods[0].amount, Money::new(4, yen));
        assert!(shop.check().is_empty());
    }
}
