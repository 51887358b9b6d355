//! Amounts as text, rates, splits.

use crate::common::{currency, eur};
use commerce::money::{Currency, Money, MoneyError, ParseMoneyError, Rate, added_tax, included_tax, prorate};

#[test]
fn amounts_are_read_as_merchants_write_them() {
    fn check(text: &str, code: &str, expected: Option<i64>) {
        let read = Money::parse_decimal(text, currency(code)).ok().map(|money| money.minor);
        assert_eq!(read, expected, "{text:?} in {code}");
    }
    check("1299", "EUR", Some(129_900));
    check("1299.00", "EUR", Some(129_900));
    check("1,299.00", "EUR", Some(129_900));
    check("1.299,00", "EUR", Some(129_900));
    check("1 299,00", "EUR", Some(129_900));
    check("1\u{a0}299,00", "EUR", Some(129_900));
    check("1'299.00", "CHF", Some(129_900));
    check("1\u{2019}299.00", "CHF", Some(129_900));
    check("1,234,567.89", "USD", Some(123_456_789));
    check("1.234.567", "EUR", Some(123_456_700));
    check("€ 12.50", "EUR", Some(1_250));
    check("12,50 €", "EUR", Some(1_250));
    check("EUR 12,5", "EUR", Some(1_250));
    check("$1,299.00", "USD", Some(129_900));
    check("US$5", "USD", Some(500));
    check("-12.50", "EUR", Some(-1_250));
    check("-€12.50", "EUR", Some(-1_250));
    check(" 7 ", "EUR", Some(700));
    check(".99", "EUR", Some(99));
    check("0,990", "EUR", Some(99));
    check("12.5000", "EUR", Some(1_250));
    check("1,299", "JPY", Some(1_299));
    check("1299.00", "JPY", Some(1_299));
    check("1.299", "KWD", Some(1_299));
    check("1299.000", "EUR", Some(129_900));
    check("0.00", "EUR", Some(0));

    check("1,299", "EUR", None);
    check("1.299", "EUR", None);
    check("1,299", "KWD", None);
    check("12.345", "USD", None);
    check("1.2345", "EUR", None);
    check("12.50", "JPY", None);
    check("1,29,900.00", "EUR", None);
    check("1,299.00,00", "EUR", None);
    check("1.299.0", "EUR", None);
    check("$12", "EUR", None);
    check("CHF 12", "EUR", None);
    check("", "EUR", None);
    check(".", "EUR", None);
    check("€", "EUR", None);
    check("12a", "EUR", None);
    check("1e5", "EUR", None);
    check("NaN", "EUR", None);
    check("--5", "EUR", None);
    check("٣", "EUR", None);
    check("99999999999999999999", "EUR", None);
}

#[test]
fn a_refused_amount_says_why() {
    let refusal = |text| Money::parse_decimal(text, currency("EUR")).expect_err("refused");
    assert!(matches!(refusal("1,299"), ParseMoneyError::Ambiguous(_)));
    assert!(matches!(refusal("0.999"), ParseMoneyError::TooManyDecimals { .. }));
    for foreign in ["$1,299.00", "1299.00 $", "US$5", "R$ 5", "CHF 5", "5 GBP", "-£5"] {
        assert!(matches!(refusal(foreign), ParseMoneyError::OtherCurrency { .. }), "{foreign}");
    }
    assert!(matches!(refusal("$"), ParseMoneyError::NotAnAmount(_)));
    assert!(matches!(refusal("cheap"), ParseMoneyError::NotAnAmount(_)));
    assert!(matches!(refusal("99999999999999999999"), ParseMoneyError::TooLarge(_)));
}

#[test]
fn amounts_are_written_for_people() {
    fn check(minor: i64, code: &str, locale: &str, expected: &str) {
        let written = Money::new(minor, currency(code)).format(locale);
        assert_eq!(written.replace(['\u{a0}', '\u{202f}'], "_"), expected, "{minor} {code} in {locale}");
    }
    check(129_900, "EUR", "en", "€1,299.00");
    check(129_900, "EUR", "en-GB", "€1,299.00");
    check(129_900, "EUR", "de", "1.299,00_€");
    check(129_900, "EUR", "de-AT", "€_1_299,00");
    check(129_900, "CHF", "de-CH", "CHF_1’299.00");
    check(129_900, "EUR", "nl", "€_1.299,00");
    check(129_900, "EUR", "fr-FR", "1_299,00_€");
    check(129_900, "CAD", "fr-CA", "1_299,00_$");
    check(129_900, "EUR", "es", "1299,00_€");
    check(1_299_900, "EUR", "es_ES", "12.999,00_€");
    check(129_900, "BRL", "pt-BR", "R$_1.299,00");
    check(129_900, "SEK", "sv", "1_299,00_kr");
    check(129_900, "SEK", "en", "SEK_1,299.00");
    check(129_900, "PLN", "pl", "1299,00_zł");
    check(129_900, "USD", "en-US", "$1,299.00");
    check(129_900, "USD", "en-AU", "US$1,299.00");
    check(129_900, "AUD", "en-AU", "$1,299.00");
    check(1_299, "JPY", "ja", "￥1,299");
    check(1_299, "JPY", "de", "1.299_¥");
    check(1_299, "KWD", "en", "KWD_1.299");
    check(-5, "EUR", "en", "-€0.05");
    check(-5, "EUR", "de", "-0,05_€");
    check(5, "EUR", "xx", "€0.05");
    check(i64::MIN, "JPY", "en", "-¥9,223,372,036,854,775,808");
}

#[test]
fn currencies_have_their_minor_units() {
    for (code, exponent) in [("EUR", 2), ("JPY", 0), ("KRW", 0), ("KWD", 3), ("CLF", 4), ("USD", 2)] {
        assert_eq!(currency(code).exponent(), exponent, "{code}");
    }
    for text in ["eur", "EU", "EURO", "XXX", "XAU", "", "€", "DEM"] {
        assert!(Currency::parse(text).is_err(), "{text:?} is no currency in use");
    }
    assert_eq!(Currency::all().count(), 165);
}

#[test]
fn arithmetic_refuses_to_mix_and_to_overflow() {
    let usd = Money::new(1, currency("USD"));
    let most = eur(i64::MAX);
    assert!(matches!(eur(1).checked_add(usd), Err(MoneyError::CurrencyMismatch(..))));
    assert!(matches!(eur(1).checked_sub(usd), Err(MoneyError::CurrencyMismatch(..))));
    assert_eq!(most.checked_add(eur(1)), Err(MoneyError::Overflow));
    assert_eq!(most.checked_mul(2), Err(MoneyError::Overflow));
    assert_eq!(eur(i64::MIN).checked_neg(), Err(MoneyError::Overflow));
    assert_eq!(Money::sum([eur(1), eur(2)], currency("EUR")), Ok(eur(3)));
    assert_eq!(Money::sum([], currency("EUR")), Ok(eur(0)));
}

#[test]
fn money_is_amount_and_currency_in_json() {
    let json = serde_json::to_string(&eur(1_999)).expect("json");
    assert_eq!(json, r#"{"amount":1999,"currency":"EUR"}"#);
    for wrong in [r#"{"amount":19.99,"currency":"EUR"}"#, r#"{"amount":"1","currency":"EUR"}"#, r#"{"amount":1}"#] {
        assert!(serde_json::from_str::<Money>(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn rates_are_decimal_percentages() {
    fn check(text: &str, ppm: Option<u32>) {
        assert_eq!(text.parse::<Rate>().ok().map(|rate| rate.ppm), ppm, "{text:?}");
    }
    check("21", Some(210_000));
    check("8.875", Some(88_750));
    check("0", Some(0));
    check("100", Some(1_000_000));
    check("0.0001", Some(1));
    for text in ["", ".", "21.", ".5", "-1", "+1", "1.00001", "1e2", "21%", "99999999"] {
        check(text, None);
    }
    assert_eq!(serde_json::to_string(&Rate { ppm: 88_750 }).expect("json"), r#""8.875""#);
    assert_eq!(Rate::percent(21).to_string(), "21");
}

#[test]
fn tax_rounds_half_away_from_zero() {
    fn check(amount: i64, rate: &str, included: i64, added: i64) {
        let rate: Rate = rate.parse().expect("a rate");
        assert_eq!(included_tax(amount, rate), included, "included in {amount} at {rate} %");
        assert_eq!(added_tax(amount, rate), Ok(added), "added to {amount} at {rate} %");
    }
    check(12_100, "21", 2_100, 2_541);
    check(1_999, "21", 347, 420);
    check(100, "8.875", 8, 9);
    check(50, "5", 2, 3);
    check(10, "5", 0, 1);
    check(-10, "5", 0, -1);
    check(-1_999, "21", -347, -420);
    check(0, "21", 0, 0);
    check(100, "0", 0, 0);
    check(i64::MAX, "100", 4_611_686_018_427_387_903, i64::MAX);
    let huge: Rate = "400".parse().expect("a rate");
    assert_eq!(added_tax(i64::MAX, huge), Err(MoneyError::Overflow));
}

#[test]
fn a_split_loses_no_cent() {
    fn check(total: i64, weights: &[i64], expected: &[i64]) {
        assert_eq!(prorate(total, weights), expected, "{total} over {weights:?}");
    }
    check(100, &[1, 1, 1], &[34, 33, 33]);
    check(-100, &[1, 1, 1], &[-34, -33, -33]);
    check(101, &[1, 1, 1], &[34, 34, 33]);
    check(10, &[0, 0], &[5, 5]);
    check(1, &[0, 0, 0], &[1, 0, 0]);
    check(10, &[7, 0, 3], &[7, 0, 3]);
    check(10, &[-5, 5], &[0, 10]);
    check(1, &[1, 2], &[0, 1]);
    check(0, &[3, 4], &[0, 0]);
    check(5, &[], &[]);
    check(i64::MIN, &[1], &[i64::MIN]);
    check(i64::MAX, &[i64::MAX, i64::MAX], &[4_611_686_018_427_387_904, 4_611_686_018_427_387_903]);
}
