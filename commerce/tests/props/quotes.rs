//! Every quote adds up, and agrees with a reference that reckons in exact fractions.

use crate::common::{coupon, currency, destination, eur, id, method, tax};
use commerce::money::{Money, Rate};
use commerce::pricing::{ExplainedKind, LineInput, Quote, QuoteInput, Totals, quote};
use commerce::promotion::{Coupon, CouponKind};
use commerce::shipping::ShippingTable;
use commerce::tax::TaxRules;
use num_rational::Ratio;
use proptest::prelude::*;

type Exact = Ratio<i128>;

#[derive(Debug, Clone)]
struct Basket {
    lines: Vec<LineInput>,
    coupons: Vec<Coupon>,
    has_destination: bool,
    shipping: ShippingTable,
    tax: TaxRules,
}

impl Basket {
    fn quote(&self) -> Quote {
        quote(&QuoteInput {
            currency: currency("EUR"),
            lines: self.lines.clone(),
            coupons: &self.coupons,
            destination: self.has_destination.then(|| destination("NL", None)),
            shipping: &self.shipping,
            shipping_method: None,
            tax: &self.tax,
        })
        .expect("amounts of this size can be quoted")
    }
}

fn line() -> impl Strategy<Value = (i64, i64, bool, bool)> {
    (0..1_000_000_i64, 1..=999_i64, any::<bool>(), any::<bool>())
}

fn kind() -> impl Strategy<Value = CouponKind> {
    prop_oneof![
        (0..=1_000_000_u32).prop_map(|ppm| CouponKind::Percentage(Rate { ppm })),
        (1..100_000_000_i64).prop_map(|minor| CouponKind::Fixed(eur(minor))),
    ]
}

prop_compose! {
    fn basket()(
        lines in prop::collection::vec(line(), 0..12),
        kinds in prop::collection::vec(kind(), 0..4),
        has_destination: bool,
        shipping_amount in 0..10_000_i64,
        free_from in prop::option::of(0..10_000_000_i64),
        ppm in 0..1_000_000_u32,
        prices_include_tax: bool,
        tax_shipping: bool,
    ) -> Basket {
        type Numbered = (usize, (i64, i64, bool, bool));
        let line = |(number, (price, quantity, requires_shipping, taxable)): Numbered| LineInput {
            item_id: id(number as u128),
            variant_id: id(number as u128),
            unit_price: eur(price),
            quantity,
            requires_shipping,
            taxable,
        };
        let mut parcel = method("parcel", shipping_amount, &["NL"]);
        parcel.free_from = free_from.map(eur);
        let mut rate = tax("NL", None, "0");
        rate.rate = Rate { ppm };
        Basket {
            lines: lines.into_iter().enumerate().map(line).collect(),
            coupons: kinds.into_iter().enumerate().map(|(number, kind)| coupon(&format!("C{number}"), kind)).collect(),
            has_destination,
            shipping: ShippingTable { methods: vec![parcel] },
            tax: TaxRules { prices_include_tax, tax_shipping, rates: vec![rate], default_rate: Rate::ZERO },
        }
    }
}

fn sum(amounts: impl Iterator<Item = Money>) -> i64 {
    amounts.map(|amount| amount.minor).sum()
}

fn rounded(exact: Exact) -> i64 {
    i64::try_from(exact.round().to_integer()).expect("an amount")
}

fn share(amount: i64, ppm: u32) -> i64 {
    rounded(Exact::new(i128::from(amount) * i128::from(ppm), 1_000_000))
}

/// Totals by the definition, line by line, taking nothing from the code but how a discount is spread.
fn reference(basket: &Basket, quote: &Quote) -> (i64, i64, i64, i64) {
    let subtotal: i64 = basket.lines.iter().map(|line| line.unit_price.minor * line.quantity).sum();
    let mut left = subtotal;
    for coupon in &basket.coupons {
        left -= match coupon.kind {
            CouponKind::Percentage(rate) => share(left, rate.ppm),
            CouponKind::Fixed(amount) => amount.minor.min(left),
        };
    }
    if !basket.has_destination {
        return (subtotal, subtotal - left, 0, 0);
    }
    let parcel = &basket.shipping.methods[0];
    let free = parcel.free_from.is_some_and(|from| left >= from.minor);
    let to_ship = basket.lines.iter().any(|line| line.requires_shipping);
    let shipping = if free || !to_ship { 0 } else { parcel.amount.minor };

    let rate = basket.tax.rates[0].rate.ppm;
    let tax_on = |amount: i64| match basket.tax.prices_include_tax {
        true => amount - rounded(Exact::new(i128::from(amount) * 1_000_000, 1_000_000 + i128::from(rate))),
        false => share(amount, rate),
    };
    let taxable = basket.lines.iter().zip(&quote.lines).filter(|(line, _)| line.taxable);
    let on_lines: i64 = taxable.map(|(_, priced)| tax_on(priced.subtotal.minor - priced.discount.minor)).sum();
    let on_shipping = if basket.tax.tax_shipping { tax_on(shipping) } else { 0 };
    (subtotal, subtotal - left, shipping, on_lines + on_shipping)
}

proptest! {
    #[test]
    fn totals_agree_with_the_exact_reference(basket in basket()) {
        let quote = basket.quote();
        let (subtotal, discount, shipping, tax) = reference(&basket, &quote);
        let on_top = if basket.tax.prices_include_tax { 0 } else { tax };
        let known = |minor| basket.has_destination.then(|| eur(minor));
        let expected = Totals {
            subtotal: eur(subtotal),
            discount: eur(discount),
            shipping: known(shipping),
            tax: known(tax),
            total: eur(subtotal - discount + shipping + on_top),
            tax_included: basket.tax.prices_include_tax,
        };
        prop_assert_eq!(quote.totals, expected);
    }

    #[test]
    fn parts_add_up_to_totals(basket in basket()) {
        let quote = basket.quote();
        let totals = quote.totals;
        let shipping_tax = quote.shipping.as_ref().map_or(0, |shipping| shipping.tax.minor);
        let shipping_on_top = if totals.tax_included { 0 } else { shipping_tax };
        let shipping = totals.shipping.map_or(0, |amount| amount.minor);
        prop_assert_eq!(sum(quote.lines.iter().map(|line| line.subtotal)), totals.subtotal.minor);
        prop_assert_eq!(sum(quote.lines.iter().map(|line| line.discount)), totals.discount.minor);
        prop_assert_eq!(sum(quote.discounts.iter().map(|discount| discount.amount)), totals.discount.minor);
        let on_lines = sum(quote.lines.iter().map(|line| line.total));
        prop_assert_eq!(on_lines + shipping + shipping_on_top, totals.total.minor);
        prop_assert_eq!(
            sum(quote.lines.iter().map(|line| line.tax)) + shipping_tax,
            totals.tax.map_or(0, |amount| amount.minor)
        );
    }

    #[test]
    fn nothing_is_ever_below_zero(basket in basket()) {
        let quote = basket.quote();
        for line in &quote.lines {
            prop_assert!(line.discount.minor >= 0 && line.discount.minor <= line.subtotal.minor);
            prop_assert!(line.tax.minor >= 0 && line.total.minor >= 0);
        }
        prop_assert!(quote.totals.total.minor >= 0);
    }

    #[test]
    fn the_explanation_adds_up_to_the_total(basket in basket()) {
        let quote = basket.quote();
        let adds = |kind| !matches!(kind, ExplainedKind::IncludedTax | ExplainedKind::Total);
        let told = sum(quote.explanation.iter().filter(|entry| adds(entry.kind)).map(|entry| entry.amount));
        let tax = |kind| matches!(kind, ExplainedKind::IncludedTax | ExplainedKind::Tax);
        let told_tax = sum(quote.explanation.iter().filter(|entry| tax(entry.kind)).map(|entry| entry.amount));
        prop_assert_eq!(told, quote.totals.total.minor);
        prop_assert_eq!(told_tax, quote.totals.tax.map_or(0, |amount| amount.minor));
    }

    #[test]
    fn a_frozen_quote_thaws_unchanged(basket in basket()) {
        let quote = basket.quote();
        let json = serde_json::to_string(&quote).expect("json");
        prop_assert_eq!(serde_json::from_str::<Quote>(&json).expect("a quote"), quote);
    }
}
