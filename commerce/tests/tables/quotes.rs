//! Quotes, worked out by hand; coupons; shipping; tax.

use crate::common::{at, coupon, currency, destination, eur, id, method, percent, tax, terms};
use commerce::address::Destination;
use commerce::money::{Money, MoneyError, Rate};
use commerce::pricing::{LineInput, Quote, QuoteError, QuoteInput, quote};
use commerce::promotion::{self, Coupon, CouponKind, CouponUsage};
use commerce::shipping::{self, ShippingRefusal, ShippingTable};
use commerce::tax::TaxRules;

/// A quote to work out: lines as (price, quantity), and what differs from the plain shop.
struct Case {
    lines: Vec<(i64, i64)>,
    coupons: Vec<Coupon>,
    destination: Option<Destination>,
    method: Option<&'static str>,
    tax: TaxRules,
    to_ship: bool,
    taxable: bool,
}

fn case(lines: &[(i64, i64)]) -> Case {
    Case {
        lines: lines.to_vec(),
        coupons: Vec::new(),
        destination: Some(destination("NL", None)),
        method: None,
        tax: terms().tax,
        to_ship: true,
        taxable: true,
    }
}

/// Tax on top, 8.875 % in New York and 5 % in the rest of the United States, shipping not taxed.
fn american() -> TaxRules {
    TaxRules {
        prices_include_tax: false,
        tax_shipping: false,
        rates: vec![tax("US", None, "5"), tax("US", Some("NY"), "8.875")],
        default_rate: Rate::ZERO,
    }
}

impl Case {
    fn quote(&self) -> Result<Quote, QuoteError> {
        let shipping =
            ShippingTable { methods: [terms().shipping.methods, vec![method("parcel", 700, &["US"])]].concat() };
        let line = |(number, &(price, quantity)): (usize, &(i64, i64))| LineInput {
            item_id: id(number as u128),
            variant_id: id(number as u128),
            unit_price: eur(price),
            quantity,
            requires_shipping: self.to_ship,
            taxable: self.taxable,
        };
        quote(&QuoteInput {
            currency: currency("EUR"),
            lines: self.lines.iter().enumerate().map(line).collect(),
            coupons: &self.coupons,
            destination: self.destination.clone(),
            shipping: &shipping,
            shipping_method: self.method,
            tax: &self.tax,
        })
    }
}

/// Compares `subtotal - discount + shipping, tax = total`.
fn check(case: Case, expected: &str) {
    let totals = case.quote().expect("a quote").totals;
    let known = |amount: Option<Money>| amount.map_or("?".to_owned(), |amount| amount.minor.to_string());
    let (subtotal, discount, total) = (totals.subtotal.minor, totals.discount.minor, totals.total.minor);
    let (shipping, tax) = (known(totals.shipping), known(totals.tax));
    let tax_word = if totals.tax_included { "incl" } else { "plus" };
    assert_eq!(format!("{subtotal} - {discount} + {shipping}, {tax_word} {tax} = {total}"), expected);
}

#[test]
fn totals_worked_out_by_hand() {
    // 21 % in 19.99 is 3.47, in 9.98 is 1.73, in 4.95 is 0.86.
    check(case(&[(1_999, 1), (499, 2)]), "2997 - 0 + 495, incl 606 = 3492");
    check(Case { destination: None, ..case(&[(1_999, 1)]) }, "1999 - 0 + ?, incl ? = 1999");
    check(Case { method: Some("express"), ..case(&[(1_999, 1)]) }, "1999 - 0 + 1295, incl 572 = 3294");
    check(case(&[(10_000, 1)]), "10000 - 0 + 0, incl 1736 = 10000");
    check(case(&[(0, 1)]), "0 - 0 + 495, incl 86 = 495");
    check(Case { to_ship: false, ..case(&[(1_999, 1)]) }, "1999 - 0 + 0, incl 347 = 1999");
    check(Case { taxable: false, ..case(&[(1_999, 1)]) }, "1999 - 0 + 495, incl 86 = 2494");
    check(
        Case { destination: Some(destination("DE", None)), ..case(&[(1_999, 1)]) },
        "1999 - 0 + 495, incl 398 = 2494",
    );
    check(case(&[]), "0 - 0 + 0, incl 0 = 0");
}

#[test]
fn discounts_worked_out_by_hand() {
    let off = |coupons: &[Coupon]| Case { coupons: coupons.to_vec(), ..case(&[(1_999, 1), (499, 2)]) };
    let fixed = |amount| coupon("FIVE", CouponKind::Fixed(eur(amount)));
    check(off(&[percent("TEN", 10)]), "2997 - 300 + 495, incl 554 = 3192");
    check(off(&[fixed(500)]), "2997 - 500 + 495, incl 519 = 2992");
    check(off(&[fixed(5_000)]), "2997 - 2997 + 495, incl 86 = 495");
    // 10 % of 29.97, then 5.00; the other way round 10 % of 24.97.
    check(off(&[percent("TEN", 10), fixed(500)]), "2997 - 800 + 495, incl 467 = 2692");
    check(off(&[fixed(500), percent("TEN", 10)]), "2997 - 750 + 495, incl 476 = 2742");
    check(off(&[percent("ALL", 100), percent("TEN", 10)]), "2997 - 2997 + 495, incl 86 = 495");
    // Free shipping is judged after the discount.
    let large = Case { coupons: vec![percent("TEN", 10)], ..case(&[(10_000, 1)]) };
    check(large, "10000 - 1000 + 495, incl 1648 = 9495");
}

#[test]
fn tax_on_top_worked_out_by_hand() {
    let to = |region| Case { destination: Some(destination("US", region)), tax: american(), ..case(&[(1_999, 3)]) };
    check(to(Some("NY")), "5997 - 0 + 700, plus 532 = 7229");
    check(to(Some("OR")), "5997 - 0 + 700, plus 300 = 6997");
    check(to(None), "5997 - 0 + 700, plus 300 = 6997");
    check(Case { taxable: false, ..to(Some("NY")) }, "5997 - 0 + 700, plus 0 = 6697");
    let taxed_shipping = TaxRules { tax_shipping: true, ..american() };
    check(Case { tax: taxed_shipping, ..to(Some("NY")) }, "5997 - 0 + 700, plus 594 = 7291");
}

#[test]
fn every_amount_is_explained() {
    let case = Case { coupons: vec![percent("TEN", 10)], ..case(&[(1_999, 1), (499, 2)]) };
    let explained = case.quote().expect("a quote").explanation;
    let told: Vec<String> =
        explained.iter().map(|entry| format!("{}: {} {}", entry.kind, entry.label, entry.amount.minor)).collect();
    assert_eq!(
        told,
        [
            "line: 1 × 19.99 1999",
            "line: 2 × 4.99 998",
            "discount: ten (TEN) -300",
            "shipping: standard 495",
            "included_tax: VAT 21 % 554",
            "total: Total 3192",
        ]
    );
}

#[test]
fn no_quote_without_a_way_there_or_with_amounts_beyond_counting() {
    let nowhere = Case { destination: Some(destination("AQ", None)), ..case(&[(1, 1)]) };
    assert_eq!(nowhere.quote(), Err(QuoteError::Shipping(ShippingRefusal::Unavailable)));
    let unknown = Case { method: Some("pigeon"), ..case(&[(1, 1)]) };
    assert_eq!(unknown.quote(), Err(QuoteError::Shipping(ShippingRefusal::UnknownMethod)));
    let elsewhere = Case { method: Some("express"), destination: Some(destination("DE", None)), ..case(&[(1, 1)]) };
    assert_eq!(elsewhere.quote(), Err(QuoteError::Shipping(ShippingRefusal::UnknownMethod)));
    let huge = case(&[(i64::MAX, 2)]);
    assert_eq!(huge.quote(), Err(QuoteError::Money(MoneyError::Overflow)));
    let dollars = coupon("USD", CouponKind::Fixed(Money::new(1, currency("USD"))));
    let mixed = Case { coupons: vec![dollars], ..case(&[(1, 1)]) };
    assert!(matches!(mixed.quote(), Err(QuoteError::Money(MoneyError::CurrencyMismatch(..)))));
}

#[test]
fn shipping_offers_by_destination_and_total() {
    fn check(country: &str, region: Option<&str>, goods: i64, expected: &[(&str, i64)]) {
        let mut remote = method("remote", 1_900, &["US"]);
        remote.regions = vec!["AK".into(), "HI".into()];
        let methods = [terms().shipping.methods, vec![remote, method("world", 2_500, &[])]].concat();
        let offers = shipping::offers(&ShippingTable { methods }, &destination(country, region), eur(goods));
        let offered: Vec<(String, i64)> =
            offers.expect("offers").into_iter().map(|offer| (offer.id, offer.amount.minor)).collect();
        let expected: Vec<(String, i64)> = expected.iter().map(|&(id, amount)| (id.to_owned(), amount)).collect();
        assert_eq!(offered, expected, "{country} {region:?} {goods}");
    }
    check("NL", None, 100, &[("standard", 495), ("express", 1_295), ("world", 2_500)]);
    check("NL", None, 9_999, &[("standard", 495), ("express", 1_295), ("world", 2_500)]);
    check("NL", None, 10_000, &[("standard", 0), ("express", 1_295), ("world", 2_500)]);
    check("DE", None, 100, &[("standard", 495), ("world", 2_500)]);
    check("US", Some("AK"), 100, &[("remote", 1_900), ("world", 2_500)]);
    check("US", Some("NY"), 100, &[("world", 2_500)]);
    check("US", None, 100, &[("world", 2_500)]);
}

#[test]
fn when_a_coupon_applies() {
    fn check(change: impl FnOnce(&mut Coupon, &mut i64, &mut Vec<Coupon>), expected: &str) {
        let (mut candidate, mut used_by_customer, mut others) = (percent("TEN", 10), 0, Vec::new());
        change(&mut candidate, &mut used_by_customer, &mut others);
        let checked = promotion::check(&candidate, eur(5_000), at(0), used_by_customer, &others);
        assert_eq!(checked.map_or_else(|refusal| refusal.code(), |()| "applies"), expected);
    }
    check(|_, _, _| {}, "applies");
    check(|coupon, _, _| coupon.starts_at = Some(at(1)), "coupon_unknown");
    check(|coupon, _, _| coupon.starts_at = Some(at(0)), "applies");
    check(|coupon, _, _| coupon.ends_at = Some(at(0)), "coupon_expired");
    check(|coupon, _, _| coupon.ends_at = Some(at(1)), "applies");
    check(|coupon, _, _| (coupon.total_limit, coupon.used) = (Some(3), 2), "applies");
    check(|coupon, _, _| (coupon.total_limit, coupon.used) = (Some(3), 3), "coupon_used_up");
    check(|coupon, used, _| (coupon.per_customer_limit, *used) = (Some(1), 1), "coupon_used_up");
    check(|coupon, used, _| (coupon.per_customer_limit, *used) = (Some(2), 1), "applies");
    check(|coupon, _, _| coupon.min_subtotal = Some(eur(5_000)), "applies");
    check(|coupon, _, _| coupon.min_subtotal = Some(eur(5_001)), "coupon_minimum");
    check(|_, _, others| others.push(percent("OTHER", 5)), "applies");
    check(
        |coupon, _, others| (coupon.combinable, *others) = (false, vec![percent("OTHER", 5)]),
        "coupon_not_combinable",
    );
    let alone = Coupon { combinable: false, ..percent("ALONE", 5) };
    check(|_, _, others| others.push(alone), "coupon_not_combinable");
}

#[test]
fn codes_are_taken_in_the_order_they_were_entered() {
    let usage = |coupon| CouponUsage { coupon, used_by_customer: 0 };
    let alone = Coupon { combinable: false, ..percent("ALONE", 5) };
    let known = [usage(percent("TEN", 10)), usage(alone)];
    let codes = ["ten", "WHAT", "ALONE"].map(String::from);
    let (applied, refused) = promotion::choose(&codes, &known, eur(5_000), at(0));
    let applied: Vec<&str> = applied.iter().map(|coupon| coupon.code.as_str()).collect();
    let refused: Vec<(&str, &str)> = refused.iter().map(|(code, refusal)| (code.as_str(), refusal.code())).collect();
    assert_eq!(applied, ["TEN"]);
    assert_eq!(refused, [("WHAT", "coupon_unknown"), ("ALONE", "coupon_not_combinable")]);
}
