//! Why each amount is what it is, in words.

use super::{DiscountLine, Explained, ExplainedKind, PricedLine, PricedShipping, Totals};
use crate::money::{Money, MoneyError, Rate};

/// One entry per line, coupon, shipping and rate of tax, and the total. The tax of one rate, on goods and shipping, is
/// one entry.
pub(super) fn explain(
    lines: &[PricedLine],
    discounts: &[DiscountLine],
    shipping: Option<&PricedShipping>,
    totals: &Totals,
    tax_label: &str,
) -> Result<Vec<Explained>, MoneyError> {
    let mut explanation = Vec::new();
    for line in lines {
        let label = format!("{} \u{d7} {}", line.quantity, line.unit_price.to_decimal());
        explanation.push(Explained { kind: ExplainedKind::Line, label, amount: line.subtotal });
    }
    for discount in discounts {
        let label = format!("{} ({})", discount.label, discount.code);
        explanation.push(Explained { kind: ExplainedKind::Discount, label, amount: discount.amount.checked_neg()? });
    }
    if let Some(shipping) = shipping {
        let (label, amount) = (shipping.label.clone(), shipping.amount);
        explanation.push(Explained { kind: ExplainedKind::Shipping, label, amount });
    }
    let tax_kind = if totals.tax_included { ExplainedKind::IncludedTax } else { ExplainedKind::Tax };
    for (rate, amount) in taxes_by_rate(lines, shipping)? {
        explanation.push(Explained { kind: tax_kind, label: format!("{tax_label} {rate} %"), amount });
    }
    explanation.push(Explained { kind: ExplainedKind::Total, label: "Total".to_owned(), amount: totals.total });
    Ok(explanation)
}

/// The tax of every rate but zero, in the order the rates appear.
fn taxes_by_rate(lines: &[PricedLine], shipping: Option<&PricedShipping>) -> Result<Vec<(Rate, Money)>, MoneyError> {
    let on_lines = lines.iter().map(|line| (line.tax_rate, line.tax));
    let on_shipping = shipping.map(|shipping| (shipping.tax_rate, shipping.tax));
    let mut taxes: Vec<(Rate, Money)> = Vec::new();
    for (rate, tax) in on_lines.chain(on_shipping).filter(|(rate, _)| *rate != Rate::ZERO) {
        match taxes.iter_mut().find(|(known, _)| *known == rate) {
            Some((_, sum)) => *sum = sum.checked_add(tax)?,
            None => taxes.push((rate, tax)),
        }
    }
    Ok(taxes)
}
