//! Postal addresses, checked by the rules of their country.

mod check;
mod countries;
mod form;
mod postal;
mod regions;

pub use countries::{Country, countries, country};
pub use form::{AddressField, form_fields};
pub use regions::Region;

use serde::{Deserialize, Serialize};

/// A postal address. Check it with [`Address::check`]; keep what [`Address::normalized`] makes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// The full name of the person or company.
    pub name: String,
    /// Street and number.
    pub line1: String,
    /// Flat, floor, building.
    #[serde(default)]
    pub line2: Option<String>,
    /// City, town or village; empty where a country has none.
    #[serde(default)]
    pub city: String,
    /// State, province or prefecture: its code where the country's regions are listed, else its name.
    #[serde(default)]
    pub region: Option<String>,
    /// Postal code.
    #[serde(default)]
    pub postal_code: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// For the carrier only.
    #[serde(default)]
    pub phone: Option<String>,
}

/// What shipping and tax depend on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destination {
    /// ISO 3166-1 alpha-2, capitals.
    pub country: String,
    /// The region's code, where the country's regions are listed.
    pub region: Option<String>,
    /// The postal code.
    pub postal_code: Option<String>,
}

impl Address {
    /// Where it is, for shipping and tax.
    pub fn destination(&self) -> Destination {
        let Self { country, region, postal_code, .. } = self.normalized();
        Destination { country, region, postal_code }
    }
}
