//! The form a person fills in for an address, by country.

use super::country;
use serde::Serialize;

/// A field of the form, in the order the country writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AddressField {
    /// The field of [`super::Address`].
    pub name: &'static str,
    /// What the country calls it.
    pub label: &'static str,
    /// Whether mail needs it.
    pub required: bool,
    /// The token of HTML's `autocomplete`.
    pub autocomplete: &'static str,
}

/// The fields of an address in a country, in its order, `country` and `phone` last; an unknown country gets all of
/// them.
pub fn form_fields(code: &str) -> Vec<AddressField> {
    let land = country(code);
    let order = land.map_or("NScrp", |land| land.order);
    let region_label = land.map_or("Region", |land| land.region_label());
    let postal_label = land.map_or("Postal code", |land| land.postal_label());

    let mut fields = Vec::new();
    for letter in order.chars() {
        let required = letter.is_ascii_uppercase();
        match letter.to_ascii_lowercase() {
            'n' => fields.push(field("name", "Full name", required, "name")),
            's' => {
                fields.push(field("line1", "Street and number", required, "address-line1"));
                fields.push(field("line2", "Flat, floor or building", false, "address-line2"));
            }
            'c' => fields.push(field("city", "Town or city", required, "address-level2")),
            'r' => fields.push(field("region", region_label, required, "address-level1")),
            'p' => fields.push(field("postal_code", postal_label, required, "postal-code")),
            other => unreachable!("{other:?} names no field"),
        }
    }
    fields.push(field("country", "Country", true, "country"));
    fields.push(field("phone", "Phone", false, "tel"));
    fields
}

fn field(name: &'static str, label: &'static str, required: bool, autocomplete: &'static str) -> AddressField {
    AddressField { name, label, required, autocomplete }
}
