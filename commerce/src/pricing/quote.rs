//! The pipeline of the quote: lines, discounts, shipping, tax, totals.

use super::explain::explain;
use super::{DiscountLine, LineInput, PricedLine, PricedShipping, Quote, QuoteError, QuoteInput, Totals};
use crate::money::{Currency, Money, MoneyError, Rate, prorate};
use crate::promotion::amount_off;
use crate::shipping::{self, ShippingOffer};
use crate::tax::Applied;

/// Prices everything: lines, then discounts, then shipping, then tax, then totals.
pub fn quote(input: &QuoteInput) -> Result<Quote, QuoteError> {
    let mut lines = price_lines(input)?;
    let discounts = take_discounts(input, &mut lines)?;
    let shipping_offers = offer_shipping(input, &lines)?;
    let mut shipping = choose_shipping(input, &shipping_offers)?;
    add_taxes(input, &mut lines, shipping.as_mut())?;
    let totals = total_up(input, &lines, shipping.as_ref())?;
    let explanation = explain(&lines, &discounts, shipping.as_ref(), &totals, tax_label(input))?;
    Ok(Quote { lines, discounts, shipping_offers, shipping, totals, explanation })
}

/// Every line at its full price.
fn price_lines(input: &QuoteInput) -> Result<Vec<PricedLine>, MoneyError> {
    let price = |line: &LineInput| {
        let zero = Money::zero(input.currency);
        zero.same_currency(line.unit_price)?;
        let subtotal = line.unit_price.checked_mul(line.quantity)?;
        Ok(PricedLine {
            item_id: line.item_id,
            variant_id: line.variant_id,
            quantity: line.quantity,
            unit_price: line.unit_price,
            subtotal,
            discount: zero,
            tax_rate: Rate::ZERO,
            tax: zero,
            total: subtotal,
        })
    };
    input.lines.iter().map(price).collect()
}

/// Takes each coupon off what is left after the one before, spread over the lines in proportion to what is left of
/// each.
fn take_discounts(input: &QuoteInput, lines: &mut [PricedLine]) -> Result<Vec<DiscountLine>, MoneyError> {
    let mut discounts = Vec::new();
    for coupon in input.coupons {
        let left = Money::sum(lines.iter().map(|line| line.total), input.currency)?;
        let amount = amount_off(coupon, left)?;
        let weights: Vec<i64> = lines.iter().map(|line| line.total.minor).collect();
        for (line, part) in lines.iter_mut().zip(prorate(amount.minor, &weights)) {
            line.discount = line.discount.checked_add(Money::new(part, input.currency))?;
            line.total = line.subtotal.checked_sub(line.discount)?;
        }
        discounts.push(DiscountLine { code: coupon.code.clone(), label: coupon.label.clone(), amount });
    }
    Ok(discounts)
}

/// The ways it can be sent; none are known without a destination.
fn offer_shipping(input: &QuoteInput, lines: &[PricedLine]) -> Result<Vec<ShippingOffer>, QuoteError> {
    let Some(destination) = &input.destination else {
        return Ok(Vec::new());
    };
    let goods = Money::sum(lines.iter().map(|line| line.total), input.currency)?;
    if !input.lines.iter().any(|line| line.requires_shipping) {
        return Ok(vec![shipping::no_delivery(goods)]);
    }
    Ok(shipping::offers(input.shipping, destination, goods)?)
}

fn choose_shipping(input: &QuoteInput, offers: &[ShippingOffer]) -> Result<Option<PricedShipping>, QuoteError> {
    if input.destination.is_none() {
        return Ok(None);
    }
    // Whoever needs no delivery can't choose a wrong one.
    let wanted = input.shipping_method.filter(|_| input.lines.iter().any(|line| line.requires_shipping));
    let offer = shipping::choose(offers, wanted)?;
    Money::zero(input.currency).same_currency(offer.amount)?;
    Ok(Some(PricedShipping {
        method_id: offer.id.clone(),
        label: offer.label.clone(),
        amount: offer.amount,
        tax_rate: Rate::ZERO,
        tax: Money::zero(input.currency),
        min_days: offer.min_days,
        max_days: offer.max_days,
    }))
}

/// Tax per line after discount, each rounded by itself, and on shipping where it is taxed.
fn add_taxes(
    input: &QuoteInput,
    lines: &mut [PricedLine],
    shipping: Option<&mut PricedShipping>,
) -> Result<(), MoneyError> {
    let Some(Applied { rate, .. }) = applied(input) else {
        return Ok(());
    };
    for (line, LineInput { taxable, .. }) in lines.iter_mut().zip(&input.lines) {
        line.tax_rate = if *taxable { rate } else { Rate::ZERO };
        line.tax = input.tax.tax_on(line.total, line.tax_rate)?;
        if !input.tax.prices_include_tax {
            line.total = line.total.checked_add(line.tax)?;
        }
    }
    if let Some(shipping) = shipping {
        shipping.tax_rate = if input.tax.tax_shipping { rate } else { Rate::ZERO };
        shipping.tax = input.tax.tax_on(shipping.amount, shipping.tax_rate)?;
    }
    Ok(())
}

/// `total = subtotal - discount + shipping + (tax_included ? 0 : tax)`.
fn total_up(input: &QuoteInput, lines: &[PricedLine], shipping: Option<&PricedShipping>) -> Result<Totals, MoneyError> {
    let currency: Currency = input.currency;
    let tax_included = input.tax.prices_include_tax;
    let subtotal = Money::sum(lines.iter().map(|line| line.subtotal), currency)?;
    let discount = Money::sum(lines.iter().map(|line| line.discount), currency)?;
    let shipping_amount = shipping.map(|shipping| shipping.amount);
    let taxes = lines.iter().map(|line| line.tax).chain(shipping.map(|shipping| shipping.tax));
    let tax = input.destination.as_ref().map(|_| Money::sum(taxes, currency)).transpose()?;

    let tax_on_top = tax.filter(|_| !tax_included);
    let added = Money::sum([Some(subtotal), shipping_amount, tax_on_top].into_iter().flatten(), currency)?;
    let total = added.checked_sub(discount)?;
    Ok(Totals { subtotal, discount, shipping: shipping_amount, tax, total, tax_included })
}

fn applied<'a>(input: &'a QuoteInput) -> Option<Applied<'a>> {
    input.destination.as_ref().map(|destination| input.tax.at(destination))
}

fn tax_label<'a>(input: &'a QuoteInput) -> &'a str {
    applied(input).map_or("Tax", |applied| applied.label)
}
