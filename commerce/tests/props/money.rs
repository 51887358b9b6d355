//! Money, rates and splits against exact fractions.

use crate::common::currency;
use commerce::money::{Currency, Money, Rate, included_tax, prorate};
use num_rational::Ratio;
use proptest::prelude::*;

type Exact = Ratio<i128>;

fn any_currency() -> impl Strategy<Value = Currency> {
    proptest::sample::select(Currency::all().collect::<Vec<_>>())
}

/// Half away from zero, which is how `Ratio::round` rounds.
fn rounded(exact: Exact) -> i128 {
    exact.round().to_integer()
}

proptest! {
    #[test]
    fn a_split_is_exact_and_fair(total: i64, weights in prop::collection::vec(0..=i64::MAX, 1..40)) {
        let parts = prorate(total, &weights);
        prop_assert_eq!(parts.iter().map(|&part| i128::from(part)).sum::<i128>(), i128::from(total));

        // Nobody is further than one unit from their exact share.
        let whole: i128 = weights.iter().map(|&weight| i128::from(weight)).sum();
        for (&part, &weight) in parts.iter().zip(&weights).filter(|_| whole > 0) {
            let distance = (i128::from(part) * whole - i128::from(total) * i128::from(weight)).abs();
            prop_assert!(distance < whole);
        }
    }

    #[test]
    fn a_split_of_a_debt_mirrors_that_of_a_gain(
        total in -1_000_000_i64..1_000_000,
        weights in prop::collection::vec(0..1_000_i64, 1..10),
    ) {
        let mirrored: Vec<i64> = prorate(-total, &weights).iter().map(|part| -part).collect();
        prop_assert_eq!(prorate(total, &weights), mirrored);
    }

    #[test]
    fn a_share_is_the_exact_one_rounded(minor in -1_000_000_000_000_i64..1_000_000_000_000, ppm in 0..=4_000_000_u32) {
        let exact = Exact::new(i128::from(minor) * i128::from(ppm), 1_000_000);
        prop_assert_eq!(Rate { ppm }.of(minor).map(i128::from), Ok(rounded(exact)));
    }

    #[test]
    fn included_tax_is_what_the_net_leaves(gross: i64, ppm: u32) {
        let net = Exact::new(i128::from(gross) * 1_000_000, 1_000_000 + i128::from(ppm));
        prop_assert_eq!(i128::from(included_tax(gross, Rate { ppm })), i128::from(gross) - rounded(net));
    }

    #[test]
    fn a_rate_reads_back_as_it_was_written(ppm: u32) {
        prop_assert_eq!(Rate { ppm }.to_string().parse(), Ok(Rate { ppm }));
    }

    #[test]
    fn an_amount_reads_back_as_it_was_written(minor in -i64::MAX..=i64::MAX, currency in any_currency()) {
        let money = Money::new(minor, currency);
        prop_assert_eq!(Money::parse_decimal(&money.to_decimal(), currency), Ok(money));
    }

    #[test]
    fn what_people_read_is_read_back(
        minor in -i64::MAX..=i64::MAX,
        locale in proptest::sample::select(vec!["en", "de", "fr", "nl", "pl", "de-CH", "pt-BR", "sv"]),
    ) {
        let money = Money::new(minor, currency("EUR"));
        let written = money.format(locale);
        prop_assert_eq!(Money::parse_decimal(&written, money.currency), Ok(money), "{}", written);
    }

    #[test]
    fn reading_an_amount_never_panics(text in "\\PC{0,20}|[-0-9.,' €$]{0,12}", currency in any_currency()) {
        let _ = Money::parse_decimal(&text, currency);
    }

    #[test]
    fn sums_agree_with_wider_arithmetic(a: i64, b: i64) {
        let (first, second) = (Money::new(a, currency("EUR")), Money::new(b, currency("EUR")));
        let narrow = |wide: i128| i64::try_from(wide).ok();
        let minor = |money: Result<Money, _>| money.ok().map(|money| money.minor);
        prop_assert_eq!(minor(first.checked_add(second)), narrow(i128::from(a) + i128::from(b)));
        prop_assert_eq!(minor(first.checked_sub(second)), narrow(i128::from(a) - i128::from(b)));
        prop_assert_eq!(minor(first.checked_mul(b)), narrow(i128::from(a) * i128::from(b)));
    }
}
