//! Changing an open checkout: another address, e-mail, shipping or payment method.

use super::{Checkout, SellingTerms, contact, coupons};
use crate::address::Address;
use crate::error::Refusal;
use crate::payment::ProviderKind;
use crate::pricing::{LineInput, Quote, QuoteError, QuoteInput, quote};
use crate::promotion::CouponUsage;
use crate::shipping::ShippingRefusal;
use chrono::{DateTime, Utc};

/// What to change; `None` leaves it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Amendment {
    /// Where to write to.
    pub email: Option<String>,
    /// Where it goes.
    pub shipping_address: Option<Address>,
    /// Who is billed.
    pub billing_address: Option<Address>,
    /// The shipping method. If only the address changes, the old one is kept where it is offered, else the cheapest.
    pub shipping_method: Option<String>,
    /// How it is paid.
    pub payment_method: Option<ProviderKind>,
}

/// The checkout after a change, quoted anew from its frozen lines and one version up; without a change, as it was.
///
/// `coupons` are those of its discounts, counted without its own uses and for the new e-mail. They are judged by the
/// time the checkout was opened: what was promised stays promised.
pub fn amend(
    checkout: &Checkout,
    change: &Amendment,
    terms: &SellingTerms,
    coupons: &[CouponUsage],
    now: DateTime<Utc>,
) -> Result<Checkout, Refusal> {
    checkout.must_be_open(now)?;
    let mut amended = checkout.clone();
    change.write_into(&mut amended);
    contact::check(&amended.email, &amended.shipping_address, Some(&amended.billing_address))?;
    if !terms.providers.contains(&amended.payment_method) {
        return Err(Refusal::PaymentMethodUnavailable);
    }
    amended.quote = quote_again(&amended, change, terms, coupons)?;
    if amended != *checkout {
        amended.version += 1;
    }
    Ok(amended)
}

impl Amendment {
    fn write_into(&self, checkout: &mut Checkout) {
        if let Some(email) = &self.email {
            checkout.email = email.trim().to_owned();
        }
        // Who is billed where it goes is billed at the new place too.
        let billed_as_shipped = checkout.billing_address == checkout.shipping_address;
        if let Some(address) = &self.shipping_address {
            checkout.shipping_address = address.normalized();
        }
        if let Some(address) = &self.billing_address {
            checkout.billing_address = address.normalized();
        } else if billed_as_shipped {
            checkout.billing_address = checkout.shipping_address.clone();
        }
        if let Some(method) = self.payment_method {
            checkout.payment_method = method;
        }
    }
}

/// Quotes the frozen lines, at their frozen prices and with their frozen coupons, for what has changed.
fn quote_again(
    checkout: &Checkout,
    change: &Amendment,
    terms: &SellingTerms,
    coupons: &[CouponUsage],
) -> Result<Quote, Refusal> {
    let frozen = checkout.items.iter().zip(&checkout.quote.lines);
    let lines: Vec<LineInput> = frozen.map(|(item, line)| item.priced_at(line.unit_price)).collect();
    let codes: Vec<String> = checkout.quote.discounts.iter().map(|discount| discount.code.clone()).collect();
    let currency = checkout.quote.totals.total.currency;
    let applied = coupons::applied(&codes, coupons, &lines, currency, checkout.created_at)?;
    let quote_with = |shipping_method: Option<&str>| {
        quote(&QuoteInput {
            currency,
            lines: lines.clone(),
            coupons: &applied,
            destination: Some(checkout.shipping_address.destination()),
            shipping: &terms.shipping,
            shipping_method,
            tax: &terms.tax,
        })
    };
    if let Some(wanted) = &change.shipping_method {
        return Ok(quote_with(Some(wanted))?);
    }
    let kept = checkout.quote.shipping.as_ref().map(|shipping| shipping.method_id.as_str());
    match quote_with(kept) {
        // The new address is not served that way: the cheapest way there is takes its place.
        Err(QuoteError::Shipping(ShippingRefusal::UnknownMethod)) => Ok(quote_with(None)?),
        quoted => Ok(quoted?),
    }
}
