//! Tax: a rate by country and region, included in the prices or added to them.

use crate::address::Destination;
use crate::money::{Money, MoneyError, Rate, added_tax, included_tax};
use serde::{Deserialize, Serialize};

/// The tax rules of a shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxRules {
    /// Whether prices contain the tax (Europe) or it is added (North America).
    pub prices_include_tax: bool,
    /// Whether shipping is taxed, at the rate of the goods.
    #[serde(default = "yes")]
    pub tax_shipping: bool,
    /// Rates by place; the most specific wins.
    #[serde(default)]
    pub rates: Vec<TaxRate>,
    /// The rate everywhere else.
    #[serde(default)]
    pub default_rate: Rate,
}

/// The rate of a country, or of one of its regions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxRate {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// The region's code; `None` is the rest of the country.
    #[serde(default)]
    pub region: Option<String>,
    /// The rate.
    pub rate: Rate,
    /// What people see, such as `VAT`.
    pub label: String,
}

/// What applies at one destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied<'a> {
    /// The rate.
    pub rate: Rate,
    /// What people see.
    pub label: &'a str,
}

impl TaxRules {
    /// The rate at a destination: its region's, else its country's, else the default.
    pub fn at(&self, destination: &Destination) -> Applied<'_> {
        let of_country = || self.rates.iter().filter(|rate| rate.country == destination.country);
        let of_region = of_country().find(|rate| rate.region.is_some() && rate.region == destination.region);
        match of_region.or_else(|| of_country().find(|rate| rate.region.is_none())) {
            Some(TaxRate { rate, label, .. }) => Applied { rate: *rate, label },
            None => Applied { rate: self.default_rate, label: "Tax" },
        }
    }

    /// The tax in, or on, an amount.
    pub fn tax_on(&self, amount: Money, rate: Rate) -> Result<Money, MoneyError> {
        let tax =
            if self.prices_include_tax { included_tax(amount.minor, rate) } else { added_tax(amount.minor, rate)? };
        Ok(Money::new(tax, amount.currency))
    }
}

fn yes() -> bool {
    true
}
