//! What a catalog line must be before it is taken.

use super::input::{CategoryInput, CouponInput, OptionInput, ProductInput, VariantInput};
use crate::cart::{MAX_COUPON_CODE, normalize_code};
use crate::error::FieldError;
use crate::money::{Currency, Money, Rate};
use std::collections::HashSet;

/// The longest name, in characters.
pub const MAX_NAME: usize = 255;
/// The longest text that is one line: a summary, a link, the value of an attribute.
pub const MAX_LINE: usize = 5_000;
/// The longest description, in characters.
pub const MAX_DESCRIPTION: usize = 500_000;
/// The longest slug, in characters.
pub const MAX_SLUG: usize = 200;
/// The most options a product has.
pub const MAX_OPTIONS: usize = 5;
/// The most variants a product has.
pub const MAX_VARIANTS: usize = 2_000;
/// The most units a stock level holds, either way.
pub const MAX_QUANTITY: i64 = 1_000_000_000;

impl ProductInput {
    /// Everything that is wrong with the product, in the order of its fields; `currency` is the shop's.
    pub fn check(&self, currency: Currency) -> Result<(), Vec<FieldError>> {
        let mut errors = Errors::default();
        errors.slug("slug", &self.slug);
        errors.old_slugs(&self.old_slugs, &self.slug);
        errors.name("name", &self.name);
        errors.optional_name("brand", self.brand.as_deref());
        errors.text("summary", self.summary.as_deref().unwrap_or_default(), MAX_LINE);
        errors.text("description_html", &self.description_html, MAX_DESCRIPTION);
        errors.names("tags", &self.tags);
        self.check_options(&mut errors);
        self.check_variants(currency, &mut errors);
        self.check_images(&mut errors);
        self.check_attributes(&mut errors);
        errors.quantity("low_stock_threshold", self.low_stock_threshold);
        errors.text("seo.title", self.seo.title.as_deref().unwrap_or_default(), MAX_LINE);
        errors.text("seo.description", self.seo.description.as_deref().unwrap_or_default(), MAX_LINE);
        self.check_links(&mut errors);
        errors.into_result()
    }

    fn check_options(&self, errors: &mut Errors) {
        if self.options.len() > MAX_OPTIONS {
            errors.add("options", format!("A product has at most {MAX_OPTIONS} options."));
        }
        let mut names = HashSet::new();
        for (index, option) in self.options.iter().enumerate() {
            let field = format!("options[{index}]");
            errors.name(&format!("{field}.name"), &option.name);
            if !names.insert(&option.name) {
                errors.add(format!("{field}.name"), "Two options can't have the same name.");
            }
            check_values(option, &field, errors);
        }
    }

    fn check_variants(&self, currency: Currency, errors: &mut Errors) {
        if self.variants.is_empty() {
            errors.add("variants", "A product needs at least one variant.");
        }
        if self.variants.len() > MAX_VARIANTS {
            return errors.add("variants", format!("A product has at most {MAX_VARIANTS} variants."));
        }
        let (mut combinations, mut skus) = (HashSet::new(), HashSet::new());
        for (index, variant) in self.variants.iter().enumerate() {
            let field = format!("variants[{index}]");
            errors.optional_name(&format!("{field}.sku"), variant.sku.as_deref());
            if variant.sku.as_ref().is_some_and(|sku| !skus.insert(sku)) {
                errors.add(format!("{field}.sku"), "Two variants can't have the same SKU.");
            }
            errors.optional_name(&format!("{field}.barcode"), variant.barcode.as_deref());
            self.check_combination(variant, &format!("{field}.options"), errors);
            if !combinations.insert(&variant.options) {
                errors.add(format!("{field}.options"), "Two variants can't have the same options.");
            }
            self.check_numbers(variant, &field, currency, errors);
        }
    }

    /// A variant names every option of the product, no other, and a value each has.
    fn check_combination(&self, variant: &VariantInput, field: &str, errors: &mut Errors) {
        for option in &self.options {
            match variant.options.get(&option.name) {
                None => errors.add(field, format!("The option {:?} is missing.", option.name)),
                Some(value) if !option.values.contains(value) => {
                    errors.add(field, format!("{value:?} is not a value of the option {:?}.", option.name));
                }
                Some(_) => {}
            }
        }
        for name in variant.options.keys().filter(|name| self.options.iter().all(|option| option.name != **name)) {
            errors.add(field, format!("The product has no option {name:?}."));
        }
    }

    fn check_numbers(&self, variant: &VariantInput, field: &str, currency: Currency, errors: &mut Errors) {
        errors.price(&format!("{field}.price"), variant.price, currency);
        if let Some(compare_at) = variant.compare_at_price {
            errors.price(&format!("{field}.compare_at_price"), compare_at, currency);
        }
        errors.quantity(&format!("{field}.on_hand"), variant.on_hand.unwrap_or(0));
        for (code, count) in &variant.elsewhere {
            errors.quantity(&format!("{field}.elsewhere.{code}"), *count);
        }
        errors.not_negative(&format!("{field}.weight_grams"), variant.weight_grams.unwrap_or(0));
        errors.quantity(&format!("{field}.position"), variant.position.unwrap_or(0));
        if let Some(src) = variant.image.as_ref().filter(|src| self.images.iter().all(|image| image.src != **src)) {
            errors.add(format!("{field}.image"), format!("{src:?} is not one of the product's images."));
        }
    }

    fn check_images(&self, errors: &mut Errors) {
        let mut seen = HashSet::new();
        for (index, image) in self.images.iter().enumerate() {
            let field = format!("images[{index}]");
            if image.src.trim().is_empty() {
                errors.add(format!("{field}.src"), "Name a file or a link.");
            } else if !seen.insert(&image.src) {
                errors.add(format!("{field}.src"), "The image is there twice.");
            }
            errors.text(&format!("{field}.src"), &image.src, MAX_LINE);
            errors.text(&format!("{field}.alt"), &image.alt, MAX_LINE);
            errors.not_negative(&format!("{field}.width"), image.width.unwrap_or(0));
            errors.not_negative(&format!("{field}.height"), image.height.unwrap_or(0));
            if image.focal.is_some_and(|focal| [focal.x, focal.y].iter().any(|side| !(0..=100).contains(side))) {
                errors.add(format!("{field}.focal"), "Both sides lie between 0 and 100.");
            }
        }
    }

    fn check_attributes(&self, errors: &mut Errors) {
        for (index, attribute) in self.attributes.iter().enumerate() {
            errors.name(&format!("attributes[{index}].name"), &attribute.name);
            errors.text(&format!("attributes[{index}].value"), &attribute.value, MAX_LINE);
        }
    }

    fn check_links(&self, errors: &mut Errors) {
        for (index, slug) in self.categories.iter().enumerate() {
            errors.slug(&format!("categories[{index}]"), slug);
        }
        for (index, part) in self.parts.iter().enumerate() {
            errors.name(&format!("parts[{index}].number"), &part.number);
            errors.slug(&format!("parts[{index}].slug"), &part.slug);
        }
        for (index, slug) in self.related.iter().enumerate() {
            errors.slug(&format!("related[{index}]"), slug);
        }
    }
}

fn check_values(option: &OptionInput, field: &str, errors: &mut Errors) {
    if option.values.is_empty() {
        errors.add(format!("{field}.values"), "An option needs at least one value.");
    }
    errors.names(&format!("{field}.values"), &option.values);
    let mut seen = HashSet::new();
    if let Some(twice) = option.values.iter().find(|value| !seen.insert(*value)) {
        errors.add(format!("{field}.values"), format!("{twice:?} is there twice."));
    }
    for (value, colour) in &option.swatches {
        if !option.values.contains(value) {
            errors.add(format!("{field}.swatches"), format!("{value:?} is not a value of the option."));
        }
        errors.text(&format!("{field}.swatches"), colour, MAX_NAME);
    }
}

impl CategoryInput {
    /// Everything that is wrong with the category.
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut errors = Errors::default();
        errors.slug("slug", &self.slug);
        errors.old_slugs(&self.old_slugs, &self.slug);
        errors.name("name", &self.name);
        if let Some(parent) = &self.parent {
            errors.slug("parent", parent);
        }
        if self.parent.as_ref() == Some(&self.slug) {
            errors.add("parent", "A category can't stand under itself.");
        }
        errors.text("description", &self.description, MAX_DESCRIPTION);
        errors.text("image", self.image.as_deref().unwrap_or_default(), MAX_LINE);
        errors.quantity("position", self.position);
        errors.into_result()
    }
}

impl CouponInput {
    /// Everything that is wrong with the coupon; `currency` is the shop's.
    pub fn check(&self, currency: Currency) -> Result<(), Vec<FieldError>> {
        let mut errors = Errors::default();
        if normalize_code(&self.code).is_empty() || self.code.chars().count() > MAX_COUPON_CODE {
            errors.add("code", format!("A code has 1 to {MAX_COUPON_CODE} characters."));
        }
        errors.text("code", &self.code, MAX_COUPON_CODE);
        errors.text("label", &self.label, MAX_NAME);
        match (self.percent, self.amount) {
            (Some(_), Some(_)) | (None, None) => errors.add("percent", "Give either a percentage or an amount."),
            (Some(rate), None) if rate == Rate::ZERO || rate > Rate::ONE => {
                errors.add("percent", "A percentage lies above 0 and goes up to 100.");
            }
            (None, Some(amount)) if amount.minor <= 0 => errors.add("amount", "An amount lies above zero."),
            _ => {}
        }
        for (field, amount) in [("amount", self.amount), ("min_subtotal", self.min_subtotal)] {
            if let Some(amount) = amount {
                errors.price(field, amount, currency);
            }
        }
        if self.starts_at.zip(self.ends_at).is_some_and(|(start, end)| start >= end) {
            errors.add("ends_at", "A coupon ends after it begins.");
        }
        errors.not_negative("total_limit", self.total_limit.unwrap_or(0));
        errors.not_negative("per_customer_limit", self.per_customer_limit.unwrap_or(0));
        errors.into_result()
    }
}

/// What is wrong so far.
#[derive(Default)]
struct Errors(Vec<FieldError>);

impl Errors {
    fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(FieldError::new(field, message));
    }

    fn into_result(self) -> Result<(), Vec<FieldError>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }

    /// A text that may be empty. Line breaks and tabs are fine, other control characters are not.
    fn text(&mut self, field: &str, text: &str, longest: usize) {
        if text.chars().any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')) {
            self.add(field, "Remove the control characters.");
        }
        if text.chars().count() > longest {
            self.add(field, format!("At most {longest} characters."));
        }
    }

    fn name(&mut self, field: &str, name: &str) {
        if name.trim().is_empty() {
            self.add(field, "This can't be empty.");
        }
        self.text(field, name, MAX_NAME);
    }

    fn optional_name(&mut self, field: &str, name: Option<&str>) {
        if let Some(name) = name {
            self.name(field, name);
        }
    }

    fn names(&mut self, field: &str, names: &[String]) {
        for (index, name) in names.iter().enumerate() {
            self.name(&format!("{field}[{index}]"), name);
        }
    }

    fn slug(&mut self, field: &str, slug: &str) {
        let grammar = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if slug.is_empty() || slug.len() > MAX_SLUG || !slug.bytes().all(grammar) {
            self.add(field, format!("A slug has 1 to {MAX_SLUG} of the characters a-z, 0-9 and -."));
        }
    }

    fn old_slugs(&mut self, old: &[String], now: &str) {
        for (index, slug) in old.iter().enumerate() {
            let field = format!("old_slugs[{index}]");
            self.slug(&field, slug);
            if slug == now {
                self.add(field, "An old slug is not the one it has now.");
            }
        }
    }

    fn price(&mut self, field: &str, price: Money, currency: Currency) {
        self.not_negative(field, price.minor);
        if price.currency != currency {
            self.add(field, format!("The shop's currency is {currency}, not {}.", price.currency));
        }
    }

    fn not_negative(&mut self, field: &str, number: i64) {
        if number < 0 {
            self.add(field, "This can't be below zero.");
        }
    }

    fn quantity(&mut self, field: &str, number: i64) {
        if !(-MAX_QUANTITY..=MAX_QUANTITY).contains(&number) {
            self.add(field, format!("This lies between -{MAX_QUANTITY} and {MAX_QUANTITY}."));
        }
    }
}
