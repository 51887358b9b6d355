//! What an address must be, and its tidy form.

use super::{Address, Country, country};
use crate::catalog::fold;
use crate::error::FieldError;

/// The longest field, in characters.
pub const MAX_FIELD: usize = 200;

impl Address {
    /// Everything that is wrong with the address, in the order of its fields; empty when nothing is.
    pub fn check(&self) -> Vec<FieldError> {
        let mut errors = self.check_texts();
        let tidy = self.normalized();
        match country(&tidy.country) {
            Some(country) => errors.extend(tidy.check_for(country)),
            None => errors.push(FieldError::new("country", "Choose a country.")),
        }
        errors
    }

    /// The address as it is kept: trimmed, empty fields `None`, the country in capitals, the postal code in its
    /// country's writing, the region by its code where there is a list.
    pub fn normalized(&self) -> Self {
        let code = self.country.trim().to_uppercase();
        let land = country(&code);
        let region = trimmed(&self.region);
        let postal_code = trimmed(&self.postal_code);
        Self {
            name: self.name.trim().to_owned(),
            line1: self.line1.trim().to_owned(),
            line2: trimmed(&self.line2),
            city: self.city.trim().to_owned(),
            region: region.map(|region| land.and_then(|land| land.region_code(&region)).unwrap_or(region)),
            postal_code: postal_code.map(|code| land.and_then(|land| land.postal_code(&code)).unwrap_or(code)),
            country: code,
            phone: trimmed(&self.phone),
        }
    }

    /// No field is too long or holds control characters.
    fn check_texts(&self) -> Vec<FieldError> {
        let fields = [
            ("name", Some(&self.name)),
            ("line1", Some(&self.line1)),
            ("line2", self.line2.as_ref()),
            ("city", Some(&self.city)),
            ("region", self.region.as_ref()),
            ("postal_code", self.postal_code.as_ref()),
            ("country", Some(&self.country)),
            ("phone", self.phone.as_ref()),
        ];
        let mut errors = Vec::new();
        for (field, text) in fields.into_iter().filter_map(|(field, text)| Some((field, text?))) {
            if text.chars().count() > MAX_FIELD {
                errors.push(FieldError::new(field, format!("Use at most {MAX_FIELD} characters.")));
            }
            if text.trim().chars().any(char::is_control) {
                errors.push(FieldError::new(field, "Remove the line breaks and control characters."));
            }
        }
        errors
    }

    /// What the country's mail asks of a normalised address.
    fn check_for(&self, country: &Country) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut missing = |field: &str, letter: char, text: &str, message: String| {
            if country.requires(letter) && text.is_empty() {
                errors.push(FieldError::new(field, message));
            }
        };
        let region = self.region.as_deref().unwrap_or_default();
        let postal_code = self.postal_code.as_deref().unwrap_or_default();
        missing("name", 'n', &self.name, "Enter the full name.".to_owned());
        missing("line1", 's', &self.line1, "Enter the street and number.".to_owned());
        missing("city", 'c', &self.city, "Enter the town or city.".to_owned());
        missing("region", 'r', region, format!("Enter the {}.", in_sentence(country.region_label())));
        missing("postal_code", 'p', postal_code, format!("Enter the {}.", in_sentence(country.postal_label())));
        if !region.is_empty() && !country.regions().is_empty() && country.region_code(region).is_none() {
            let label = in_sentence(country.region_label());
            errors.push(FieldError::new("region", format!("Choose a {label} of {}.", country.name)));
        }
        if !postal_code.is_empty() && country.postal_code(postal_code).is_none() {
            let (label, example) = (in_sentence(country.postal_label()), country.postal_example());
            errors.push(FieldError::new("postal_code", format!("Enter a {label} like {example}.")));
        }
        errors
    }
}

impl Country {
    /// The code of one of its regions, given by code or by name, however capitalised or accented.
    fn region_code(&self, text: &str) -> Option<String> {
        let wanted = fold(text.trim());
        let matches = |known: &str| fold(known) == wanted;
        let found = self.regions().iter().find(|region| matches(region.code) || matches(region.name));
        found.map(|region| region.code.to_owned())
    }
}

fn trimmed(text: &Option<String>) -> Option<String> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A label inside a sentence: `Postal code` becomes `postal code`, `ZIP code` stays.
fn in_sentence(label: &str) -> String {
    let shouted = label.chars().take(2).all(char::is_uppercase);
    if shouted { label.to_owned() } else { label.to_lowercase() }
}
