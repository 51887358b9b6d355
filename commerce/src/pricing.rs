//! The one quote: lines, discounts, shipping, tax, totals, and why each amount is what it is.

mod explain;
mod quote;

pub use quote::quote;

use crate::address::Destination;
use crate::ids::{CartItemId, VariantId};
use crate::money::{Currency, Money, MoneyError, Rate};
use crate::promotion::Coupon;
use crate::shipping::{ShippingOffer, ShippingRefusal, ShippingTable};
use crate::tax::TaxRules;
use serde::{Deserialize, Serialize};

/// Everything a quote depends on. The same input gives the same quote.
#[derive(Debug, Clone)]
pub struct QuoteInput<'a> {
    /// The currency of every amount.
    pub currency: Currency,
    /// What is bought.
    pub lines: Vec<LineInput>,
    /// The coupons that apply, checked, in the order they were entered.
    pub coupons: &'a [Coupon],
    /// Where it goes; without one, shipping and tax are not known yet.
    pub destination: Option<Destination>,
    /// The methods of the shop.
    pub shipping: &'a ShippingTable,
    /// The method chosen; `None` is the cheapest.
    pub shipping_method: Option<&'a str>,
    /// The tax rules of the shop.
    pub tax: &'a TaxRules,
}

/// A line to price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineInput {
    /// The line of the cart.
    pub item_id: CartItemId,
    /// What is bought.
    pub variant_id: VariantId,
    /// The price of one.
    pub unit_price: Money,
    /// How many.
    pub quantity: i64,
    /// Whether it has to be sent.
    pub requires_shipping: bool,
    /// Whether tax is due on it.
    pub taxable: bool,
}

/// A quote. Frozen by a checkout, it is what is charged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The lines, in the order of the input.
    pub lines: Vec<PricedLine>,
    /// What each coupon took off, positive, in the order they apply.
    pub discounts: Vec<DiscountLine>,
    /// The ways it can be sent, cheapest first; empty without a destination.
    pub shipping_offers: Vec<ShippingOffer>,
    /// The way it is sent; `None` without a destination.
    pub shipping: Option<PricedShipping>,
    /// The sums.
    pub totals: Totals,
    /// Every amount and what it is for, in the order a person reads it.
    pub explanation: Vec<Explained>,
}

/// A line with its prices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricedLine {
    /// The line of the cart.
    pub item_id: CartItemId,
    /// What is bought.
    pub variant_id: VariantId,
    /// How many.
    pub quantity: i64,
    /// The price of one.
    pub unit_price: Money,
    /// Unit price times quantity.
    pub subtotal: Money,
    /// This line's part of the discounts, positive.
    pub discount: Money,
    /// The rate of tax; zero without a destination.
    pub tax_rate: Rate,
    /// The tax in, or on, the line after discount; zero without a destination.
    pub tax: Money,
    /// `subtotal - discount`, and `+ tax` where prices don't include it.
    pub total: Money,
}

/// What one coupon took off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscountLine {
    /// Its code.
    pub code: String,
    /// What people see.
    pub label: String,
    /// What it took off, positive.
    pub amount: Money,
}

/// The chosen shipping with its prices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricedShipping {
    /// The method's id.
    pub method_id: String,
    /// What people see.
    pub label: String,
    /// What it costs, without tax where prices don't include it.
    pub amount: Money,
    /// The rate of tax.
    pub tax_rate: Rate,
    /// The tax in, or on, the amount.
    pub tax: Money,
    /// The fewest days it takes.
    pub min_days: i64,
    /// The most days it takes.
    pub max_days: i64,
}

/// The sums: `total = subtotal - discount + shipping + (tax_included ? 0 : tax)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// The goods before discount.
    pub subtotal: Money,
    /// What all coupons took off, positive.
    pub discount: Money,
    /// Shipping; `None` without a destination.
    pub shipping: Option<Money>,
    /// All tax; `None` without a destination.
    pub tax: Option<Money>,
    /// What is to be paid.
    pub total: Money,
    /// Whether the tax is inside the other amounts.
    pub tax_included: bool,
}

named_enum! {
    /// What an amount of the explanation is.
    pub enum ExplainedKind {
        /// A line of goods; adds to the total.
        Line = "line",
        /// A coupon; negative.
        Discount = "discount",
        /// Shipping; adds to the total.
        Shipping = "shipping",
        /// Tax on top; adds to the total.
        Tax = "tax",
        /// Tax inside the amounts above; adds nothing.
        IncludedTax = "included_tax",
        /// The sum.
        Total = "total",
    }
}

/// One amount and what it is for. The amounts but [`ExplainedKind::IncludedTax`] and the total add up to the total.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explained {
    /// What it is.
    pub kind: ExplainedKind,
    /// How it came about, such as `2 x 19.99` or `VAT 21 %`.
    pub label: String,
    /// How much.
    pub amount: Money,
}

/// Why there is no quote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuoteError {
    /// An amount went beyond what can be counted, or currencies were mixed.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// It can't be sent there, or not that way.
    #[error(transparent)]
    Shipping(#[from] ShippingRefusal),
}
