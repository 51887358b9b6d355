//! The parameters of a list of products, as programs send them.

use commerce::error::FieldError;

use super::listing::{ListQuery, Sort};
use crate::error::{Error, Result};

/// How many products a page has when nothing is said.
pub const PER_PAGE: usize = 24;
/// The most products a page has.
const MOST_PER_PAGE: usize = 100;
/// The longest that words to find, or any other value, may be.
pub const MOST_CHARACTERS: usize = 200;
/// How many values one request may give.
const MOST_VALUES: usize = 100;

impl ListQuery {
    /// Reads the parameters, or says everything that is wrong with them, each by its name.
    pub fn parse(pairs: &[(String, String)]) -> Result<Self> {
        let mut query = ListQuery { page: 1, per_page: PER_PAGE, ..Self::default() };
        let mut errors = Vec::new();
        for (at, (name, value)) in pairs.iter().enumerate() {
            let taken = if at >= MOST_VALUES {
                Err(format!("At most {MOST_VALUES} values can be given at once."))
            } else if value.chars().count() > MOST_CHARACTERS {
                Err(format!("This can be at most {MOST_CHARACTERS} characters long."))
            } else if takes_one(name) && pairs[..at].iter().any(|(earlier, _)| earlier == name) {
                Err("This can be given only once.".to_owned())
            } else {
                query.take(name, value)
            };
            if let Err(message) = taken {
                errors.push(FieldError::new(name, message));
            }
        }
        if matches!((query.min_price, query.max_price), (Some(min), Some(max)) if min > max) {
            errors.push(FieldError::new("min_price", "This has to be at most max_price."));
        }
        if errors.is_empty() { Ok(query) } else { Err(Error::Invalid(errors)) }
    }

    /// Takes one parameter, or says what is wrong with it.
    fn take(&mut self, name: &str, value: &str) -> Result<(), String> {
        let text = value.trim().to_owned();
        match name {
            "q" => self.q = Some(text).filter(|words| !words.is_empty()),
            "category" => self.categories.push(text),
            "brand" => self.brands.push(text),
            "tag" => self.tags.push(text),
            "min_price" => self.min_price = Some(whole(&text, 0, i64::MAX)?),
            "max_price" => self.max_price = Some(whole(&text, 0, i64::MAX)?),
            "in_stock" => self.in_stock = yes_or_no(&text)?,
            "on_sale" => self.on_sale = yes_or_no(&text)?,
            "rating" => self.rated = rating(&text)?,
            "sort" => self.sort = Some(Sort::named(&text).ok_or_else(unknown_sort)?),
            "page" => self.page = whole(&text, 1, 1_000_000)? as usize,
            "per_page" => self.per_page = whole(&text, 1, MOST_PER_PAGE as i64)? as usize,
            _ => match name.split_once('.') {
                Some(("option", option)) if !option.is_empty() => {
                    self.options.entry(option.into()).or_default().push(text)
                }
                Some(("attr", attribute)) if !attribute.is_empty() => {
                    self.attributes.entry(attribute.into()).or_default().push(text);
                }
                _ => return Err("This parameter is not known here.".to_owned()),
            },
        }
        Ok(())
    }
}

/// Parameters that are no alternatives: a second one would contradict the first.
fn takes_one(name: &str) -> bool {
    ["q", "min_price", "max_price", "in_stock", "on_sale", "rating", "sort", "page", "per_page"].contains(&name)
}

fn whole(text: &str, least: i64, most: i64) -> Result<i64, String> {
    let number = text.parse::<i64>().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| match most {
        i64::MAX => format!("This has to be a whole number from {least}, in minor units."),
        _ => format!("This has to be a whole number from {least} to {most}."),
    })
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| "This has to be true or false.".to_owned())
}

/// Whether a rating above none is asked for.
fn rating(text: &str) -> Result<bool, String> {
    let (stars, tenths) = text.split_once('.').unwrap_or((text, "0"));
    let digit = |part: &str| part.parse::<u8>().ok().filter(|_| part.len() == 1);
    match (digit(stars), digit(tenths)) {
        (Some(stars), Some(tenths)) if stars < 5 || (stars == 5 && tenths == 0) => Ok(stars + tenths > 0),
        _ => Err("This has to be a number from 0 to 5.".to_owned()),
    }
}

fn unknown_sort() -> String {
    let names: Vec<&str> = Sort::NAMES.iter().map(|(name, _)| *name).collect();
    format!("This has to be one of {}.", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &str) -> Result<ListQuery> {
        ListQuery::parse(&crate::web::params::pairs(Some(query))?)
    }

    #[test]
    fn the_same_name_is_an_alternative_and_another_name_a_condition() {
        let query = parse(
            "category=a&category=b&option.Colour=Red&option.Colour=Blue&attr.Care=Wipe&min_price=100&sort=price-asc",
        )
        .expect("is valid");
        assert_eq!(query.categories, ["a", "b"]);
        assert_eq!(query.options["Colour"], ["Red", "Blue"]);
        assert_eq!(query.attributes["Care"], ["Wipe"]);
        assert_eq!((query.min_price, query.sort), (Some(100), Some(Sort::PriceAscending)));
        assert_eq!((query.page, query.per_page), (1, PER_PAGE));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let cases = [
            ("colour=red", "colour"),
            ("option.=red", "option."),
            ("page=0", "page"),
            ("page=1.5", "page"),
            ("per_page=101", "per_page"),
            ("per_page=0", "per_page"),
            ("min_price=-1", "min_price"),
            ("min_price=10.00", "min_price"),
            ("min_price=2&max_price=1", "min_price"),
            ("max_price=99999999999999999999", "max_price"),
            ("in_stock=maybe", "in_stock"),
            ("rating=6", "rating"),
            ("sort=random", "sort"),
            ("page=1&page=2", "page"),
            ("q=%FF", "q"),
        ];
        for (query, field) in cases {
            let Err(Error::Invalid(errors)) = parse(query) else { panic!("{query} was taken") };
            assert_eq!(errors[0].field, field, "{query}");
        }
    }
}
