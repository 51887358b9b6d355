//! Amounts for people, as their language writes them.
//!
//! Separators, place of the sign and grouping are those of the Unicode CLDR (common/main, `numbers`), with two
//! simplifications: the minus always leads, and a dollar is plain `$` only at home.

use super::{Currency, Money};

/// Where the sign of the currency stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// `€12`, and `CHF 12` for a sign that ends in a letter.
    Before,
    /// `€ 12`
    BeforeSpaced,
    /// `12 €`
    After,
}

/// How a family of locales writes an amount.
struct Style {
    /// The locales, lower case, separated by spaces.
    locales: &'static str,
    decimal: char,
    group: char,
    sign: Sign,
    /// How many digits must stand before the last group of three for it to be set off.
    min_grouping: usize,
}

const NBSP: char = '\u{a0}';
const NARROW_NBSP: char = '\u{202f}';

const fn style(locales: &'static str, decimal: char, group: char, sign: Sign, min_grouping: usize) -> Style {
    Style { locales, decimal, group, sign, min_grouping }
}

/// The first row also serves every locale that is not listed.
const STYLES: &[Style] = &[
    style("en ja zh ko th ga es-mx es-us", '.', ',', Sign::Before, 1),
    style("de da el hr is it ro sl id fr-be", ',', '.', Sign::After, 1),
    style("es", ',', '.', Sign::After, 2),
    style("nl es-ar es-co pt pt-br", ',', '.', Sign::BeforeSpaced, 1),
    style("tr", ',', '.', Sign::Before, 1),
    style("sv nb nn no fi cs sk hu uk ru lt fr-ca", ',', NBSP, Sign::After, 1),
    style("pl bg et lv pt-pt", ',', NBSP, Sign::After, 2),
    style("fr", ',', NARROW_NBSP, Sign::After, 1),
    style("fr-ch", '.', NARROW_NBSP, Sign::After, 1),
    style("de-at", ',', NBSP, Sign::BeforeSpaced, 1),
    style("de-ch de-li it-ch", '.', '\u{2019}', Sign::BeforeSpaced, 1),
];

/// Signs that mean one currency everywhere.
const SIGNS: &[(&str, &str)] = &[
    ("EUR", "€"),
    ("GBP", "£"),
    ("JPY", "¥"),
    ("INR", "₹"),
    ("KRW", "₩"),
    ("ILS", "₪"),
    ("VND", "₫"),
    ("PHP", "₱"),
    ("BRL", "R$"),
    ("USD", "US$"),
    ("CAD", "CA$"),
    ("AUD", "A$"),
    ("NZD", "NZ$"),
    ("HKD", "HK$"),
    ("TWD", "NT$"),
    ("MXN", "MX$"),
    ("CNY", "CN¥"),
];

/// Signs that are understood at home: locale, currency, sign.
const HOME_SIGNS: &[(&str, &str, &str)] = &[
    ("en", "USD", "$"),
    ("en-us", "USD", "$"),
    ("es-us", "USD", "$"),
    ("en-ca", "CAD", "$"),
    ("fr-ca", "CAD", "$"),
    ("en-au", "AUD", "$"),
    ("en-nz", "NZD", "$"),
    ("es-mx", "MXN", "$"),
    ("es-ar", "ARS", "$"),
    ("es-co", "COP", "$"),
    ("zh", "CNY", "¥"),
    ("ja", "JPY", "￥"),
    ("sv", "SEK", "kr"),
    ("nb", "NOK", "kr"),
    ("nn", "NOK", "kr"),
    ("no", "NOK", "kr"),
    ("da", "DKK", "kr."),
    ("pl", "PLN", "zł"),
    ("cs", "CZK", "Kč"),
    ("hu", "HUF", "Ft"),
    ("tr", "TRY", "₺"),
    ("uk", "UAH", "₴"),
    ("ru", "RUB", "₽"),
    ("bg", "BGN", "лв."),
];

impl Money {
    /// The amount as people of `locale` (`en`, `de-AT`, `pt_BR`) write it; an unknown locale is written as `en`.
    pub fn format(self, locale: &str) -> String {
        format(self, locale)
    }
}

/// See [`Money::format`].
pub fn format(money: Money, locale: &str) -> String {
    let locale = locale.replace('_', "-").to_lowercase();
    let style = style_of(&locale);
    let number = number(money, style);
    let minus = if money.minor < 0 { "-" } else { "" };
    let sign = sign_of(&money.currency, &locale);
    let ends_in_letter = sign.chars().next_back().is_some_and(char::is_alphabetic);
    match style.sign {
        Sign::After => format!("{minus}{number}{NBSP}{sign}"),
        Sign::Before if !ends_in_letter => format!("{minus}{sign}{number}"),
        Sign::Before | Sign::BeforeSpaced => format!("{minus}{sign}{NBSP}{number}"),
    }
}

/// The signs a currency may be written with, its code included; the longest first, so that `US$` is not taken for `$`.
pub(super) fn signs(currency: &Currency) -> Vec<&str> {
    let at_home = HOME_SIGNS.iter().filter(|row| row.1 == currency.code()).map(|row| row.2);
    let everywhere = SIGNS.iter().filter(|row| row.0 == currency.code()).map(|row| row.1);
    let mut signs: Vec<&str> = at_home.chain(everywhere).chain([currency.code()]).collect();
    signs.sort_by_key(|sign| std::cmp::Reverse(sign.len()));
    signs
}

fn style_of(locale: &str) -> &'static Style {
    let listed = |wanted: &str| STYLES.iter().find(|style| style.locales.split(' ').any(|name| name == wanted));
    listed(locale).or_else(|| listed(language(locale))).unwrap_or(&STYLES[0])
}

fn sign_of<'a>(currency: &'a Currency, locale: &str) -> &'a str {
    let at_home = |wanted: &str| HOME_SIGNS.iter().find(|row| row.0 == wanted && row.1 == currency.code());
    // English has many homes: its regions do not inherit the dollar of the United States.
    let inherited = if language(locale) == "en" { None } else { at_home(language(locale)) };
    match at_home(locale).or(inherited) {
        Some(row) => row.2,
        None => SIGNS.iter().find(|row| row.0 == currency.code()).map_or(currency.code(), |row| row.1),
    }
}

fn language(locale: &str) -> &str {
    locale.split('-').next().unwrap_or(locale)
}

/// A count as people of `locale` write it: `1,204`.
pub fn format_count(count: i64, locale: &str) -> String {
    let style = style_of(&locale.replace('_', "-").to_lowercase());
    let minus = if count < 0 { "-" } else { "" };
    format!("{minus}{}", grouped(&count.unsigned_abs().to_string(), style))
}

fn number(money: Money, style: &Style) -> String {
    let (whole, decimals) = money.digits();
    let mut written = grouped(&whole, style);
    if !decimals.is_empty() {
        written.push(style.decimal);
        written.push_str(&decimals);
    }
    written
}

fn grouped(whole: &str, style: &Style) -> String {
    let grouping = whole.len() >= 3 + style.min_grouping;
    let mut written = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if grouping && index > 0 && (whole.len() - index).is_multiple_of(3) {
            written.push(style.group);
        }
        written.push(digit);
    }
    written
}
