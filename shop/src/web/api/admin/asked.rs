//! The parameters that lists for staff have in common: page, its size, and the way of sorting.

use commerce::error::FieldError;

use crate::error::{Error, Result};
use crate::web::params;

/// Rows a page when nothing is said.
const PER_PAGE: i64 = 24;
/// The most rows a page has.
const MOST_PER_PAGE: i64 = 100;
/// The last page that anybody would turn to.
const LAST_PAGE: i64 = 1_000_000;
/// The longest value, and how many of them there may be.
const MOST: usize = 200;

/// What a list was asked for beside its own filters.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Counted from one.
    pub page: i64,
    /// Rows a page.
    pub per_page: i64,
    /// Whether large and late ones come first.
    pub descending: bool,
}

impl Asked {
    /// Reads a query. What is not page or size goes to `take` with its name; `sort` without the sign before it. Everything
    /// that is wrong is told at once, each by its name.
    pub fn read(query: Option<&str>, mut take: impl FnMut(&str, &str) -> Result<(), String>) -> Result<Self> {
        let mut asked = Asked { page: 1, per_page: PER_PAGE, descending: true };
        let mut errors = vec![];
        for (at, (name, value)) in params::pairs(query)?.iter().enumerate() {
            let text = value.trim();
            let taken = match name.as_str() {
                _ if at >= MOST || text.chars().count() > MOST => Err("is more than is taken at once".to_owned()),
                "page" => whole(text, LAST_PAGE).map(|page| asked.page = page),
                "per_page" => whole(text, MOST_PER_PAGE).map(|size| asked.per_page = size),
                "sort" => {
                    asked.descending = text.starts_with('-');
                    take(name, text.strip_prefix('-').unwrap_or(text))
                }
                name => take(name, text),
            };
            errors.extend(taken.err().map(|message| FieldError::new(name, message)));
        }
        if errors.is_empty() { Ok(asked) } else { Err(Error::Invalid(errors)) }
    }

    /// Rows before the page.
    pub fn offset(&self) -> i64 {
        (self.page - 1) * self.per_page
    }

    /// How many pages so many rows are.
    pub fn pages(&self, total: i64) -> i64 {
        (total + self.per_page - 1) / self.per_page
    }
}

fn whole(text: &str, most: i64) -> Result<i64, String> {
    let number = text.parse::<i64>().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| format!("has to be a whole number from 1 to {most}"))
}
