//! What a visitor asks a list for: the parameters of its forms, and the addresses that keep them.

use commerce::catalog::Category;
use commerce::ids::CategoryId;
use commerce::money::{Currency, Money};

use crate::catalog::listing::{ListQuery, Sort};
use crate::catalog::query::{MOST_CHARACTERS, PER_PAGE};
use crate::error::{Error, Result};
use crate::web::params;
use crate::web::storefront::shell::category_path;

/// What is listed.
#[derive(Clone, Copy)]
pub enum Place<'a> {
    /// A category and what stands below.
    Category(&'a Category),
    /// Everything.
    All,
    /// What has the words that were typed.
    Search,
}

/// What a visitor asked for, as it is understood and as it was typed.
pub struct Asked<'a> {
    /// What is listed.
    pub place: Place<'a>,
    /// How it is understood.
    pub query: ListQuery,
    /// The lower bound of the price as it was typed.
    pub min_price: String,
    /// The upper bound of the price as it was typed.
    pub max_price: String,
    /// Whether the two make no sense. Then the price is no filter.
    pub price_error: bool,
}

impl<'a> Asked<'a> {
    /// Reads the parameters of the forms. Others are none of ours: campaigns add their own to every link.
    pub fn read(place: Place<'a>, pairs: &[(String, String)], currency: Currency) -> Result<Self> {
        let given = |name: &str| {
            let value = pairs.iter().find(|(given, _)| given == name).map(|(_, value)| value.trim());
            value.unwrap_or_default().chars().take(MOST_CHARACTERS).collect::<String>()
        };
        let (min_price, max_price) = (given("min_price"), given("max_price"));
        let bounds = bounds(&min_price, &max_price, currency);
        let (min, max) = bounds.unwrap_or_default();
        let page = match given("page").as_str() {
            "" => 1,
            number => number.parse().ok().filter(|page| *page > 0).ok_or(Error::NotFound)?,
        };
        let query = ListQuery {
            q: Some(given("q")).filter(|words| !words.is_empty() && matches!(place, Place::Search)),
            categories: place.category().map(|category| category.slug.clone()).into_iter().collect(),
            min_price: min,
            max_price: max,
            in_stock: given("in_stock") == "true",
            sort: Sort::named(&given("sort")),
            page,
            per_page: PER_PAGE,
            ..ListQuery::default()
        };
        Ok(Self { place, query, min_price, max_price, price_error: bounds.is_none() })
    }

    /// The same list without its filters, for the count alone.
    pub fn unfiltered(&self) -> ListQuery {
        let ListQuery { q, categories, .. } = self.query.clone();
        ListQuery { q, categories, ..ListQuery::default() }
    }

    /// Whether anything but the place and the words narrows the list.
    pub fn is_filtered(&self) -> bool {
        self.filters().iter().any(|(_, value)| !value.is_empty())
    }

    /// The words, and the order where it is not the usual one.
    pub fn words_and_sort(&self) -> Vec<(&'static str, String)> {
        let usual = ListQuery { sort: None, ..self.query.clone() }.order();
        let sort = Some(self.query.order()).filter(|sort| *sort != usual).map_or("", Sort::name);
        vec![("q", self.words()), ("sort", sort.to_owned())]
    }

    /// The words, and the filters as they were typed.
    pub fn words_and_filters(&self) -> Vec<(&'static str, String)> {
        std::iter::once(("q", self.words())).chain(self.filters()).collect()
    }

    /// The address of a page of this list.
    pub fn url(&self, page: usize) -> String {
        self.url_without(&[], page)
    }

    /// The address of a page of this list without some of its filters.
    pub fn url_without(&self, left_out: &[&str], page: usize) -> String {
        let mut pairs = self.words_and_sort();
        pairs.extend(self.filters().into_iter().filter(|(name, _)| !left_out.contains(name)));
        pairs.push(("page", if page > 1 { page.to_string() } else { String::new() }));
        params::address(&self.place.path(), &pairs)
    }

    /// The address of this list without any filter.
    pub fn plain_url(&self) -> String {
        params::address(&self.place.path(), &self.words_and_sort())
    }

    fn words(&self) -> String {
        self.query.q.clone().unwrap_or_default()
    }

    fn filters(&self) -> [(&'static str, String); 3] {
        let in_stock = if self.query.in_stock { "true" } else { "" };
        [
            ("min_price", self.min_price.clone()),
            ("max_price", self.max_price.clone()),
            ("in_stock", in_stock.to_owned()),
        ]
    }
}

/// The bounds of the price in minor units, or `None` when what was typed is no price or the first is above the second.
fn bounds(min: &str, max: &str, currency: Currency) -> Option<(Option<i64>, Option<i64>)> {
    let (min, max) = (price(min, currency)?, price(max, currency)?);
    let is_upside_down = matches!((min, max), (Some(min), Some(max)) if min > max);
    (!is_upside_down).then_some((min, max))
}

/// A price as typed; nothing typed is no bound.
fn price(typed: &str, currency: Currency) -> Option<Option<i64>> {
    if typed.is_empty() {
        return Some(None);
    }
    let money = Money::parse_decimal(typed, currency).ok()?;
    (money.minor >= 0).then_some(Some(money.minor))
}

impl<'a> Place<'a> {
    /// The path of the list.
    pub fn path(self) -> String {
        match self {
            Place::Category(category) => category_path(&category.slug),
            Place::All => "/products".into(),
            Place::Search => "/search".into(),
        }
    }

    /// The category, when it is one.
    pub fn category(self) -> Option<&'a Category> {
        if let Place::Category(category) = self { Some(category) } else { None }
    }

    /// The id of the category, when it is one.
    pub fn section(self) -> Option<CategoryId> {
        self.category().map(|category| category.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Asked<'static> {
        let euro = Currency::parse("EUR").expect("is a currency");
        Asked::read(Place::Search, &params::pairs(Some(query)).expect("is text"), euro).expect("is a page")
    }

    #[test]
    fn prices_are_read_as_people_type_them() {
        let cases = [
            ("", Some((None, None))),
            ("min_price=10", Some((Some(1000), None))),
            ("min_price=10.50&max_price=1%2C299.00", Some((Some(1050), Some(129_900)))),
            ("min_price=20&max_price=10", None),
            ("min_price=cheap", None),
            ("max_price=-5", None),
        ];
        for (query, expected) in cases {
            let asked = read(query);
            let understood = (!asked.price_error).then_some((asked.query.min_price, asked.query.max_price));
            assert_eq!(understood, expected, "{query}");
        }
    }

    #[test]
    fn addresses_keep_what_was_asked_and_nothing_else() {
        let asked = read("q=oak+board&sort=price-asc&min_price=10&in_stock=true&page=3&utm_source=mail");
        assert_eq!(asked.url(3), "/search?q=oak+board&sort=price-asc&min_price=10&in_stock=true&page=3");
        assert_eq!(asked.url_without(&["in_stock"], 1), "/search?q=oak+board&sort=price-asc&min_price=10");
        assert_eq!(asked.plain_url(), "/search?q=oak+board&sort=price-asc");
        assert_eq!(read("q=oak&sort=relevance").url(1), "/search?q=oak", "the usual order needs no word");
    }
}
