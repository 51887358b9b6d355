//! The sums under a cart, a checkout and an order.

use commerce::pricing::{DiscountLine, Explained, ExplainedKind, Totals};

use super::views::{DiscountView, TotalsView};

/// Sums as they are or will be charged; `delivery` names the way it is sent.
pub fn view(
    totals: &Totals,
    discounts: &[DiscountLine],
    explanation: &[Explained],
    delivery: Option<String>,
) -> TotalsView {
    let mut taxes = explanation.iter().filter(|amount| is_tax(amount.kind)).map(|amount| &amount.label);
    let (first, second) = (taxes.next(), taxes.next());
    TotalsView {
        subtotal: totals.subtotal,
        discounts: discounts.iter().map(discount).collect(),
        shipping: totals.shipping,
        shipping_label: delivery,
        estimated: false,
        // No tax at all inside the prices is not worth a line.
        tax: totals.tax.filter(|_| first.is_some() || !totals.tax_included),
        // Of several rates none names the sum.
        tax_label: first.filter(|_| second.is_none()).cloned(),
        tax_included: totals.tax_included,
        total: totals.total,
    }
}

/// Whether an amount of the explanation is one of tax.
pub fn is_tax(kind: ExplainedKind) -> bool {
    matches!(kind, ExplainedKind::Tax | ExplainedKind::IncludedTax)
}

fn discount(line: &DiscountLine) -> DiscountView {
    DiscountView { code: line.code.clone(), label: line.label.clone(), amount: line.amount }
}

#[cfg(test)]
mod tests {
    use commerce::money::{Currency, Money};

    use super::*;

    fn money(minor: i64) -> Money {
        Money::new(minor, Currency::parse("EUR").expect("is a currency"))
    }

    fn shown(taxes: &[&str], included: bool) -> (Option<i64>, Option<String>) {
        let totals = Totals {
            subtotal: money(1000),
            discount: money(0),
            shipping: Some(money(0)),
            tax: Some(money(7)),
            total: money(1000),
            tax_included: included,
        };
        let kind = if included { ExplainedKind::IncludedTax } else { ExplainedKind::Tax };
        let explained = |label: &&str| Explained { kind, label: (*label).to_owned(), amount: money(7) };
        let view = view(&totals, &[], &taxes.iter().map(explained).collect::<Vec<_>>(), None);
        (view.tax.map(|tax| tax.minor), view.tax_label)
    }

    #[test]
    fn one_rate_names_the_tax_and_none_hides_it_inside_prices() {
        assert_eq!(shown(&["VAT 21 %"], true), (Some(7), Some("VAT 21 %".into())));
        assert_eq!(shown(&["VAT 21 %", "VAT 9 %"], true), (Some(7), None));
        assert_eq!(shown(&[], true), (None, None));
        assert_eq!(shown(&[], false), (Some(7), None));
    }
}
