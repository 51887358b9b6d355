//! What a visitor asks a list for: the parameters of its forms, and the addresses that keep them.

use commerce::catalog::Category;
use commerce::ids::CategoryId;
use commerce::money::{Currency, Money};

use crate::catalog::listing::{ListQuery, Sort};
use crate::catalog::query::{MOST_CHARACTERS, PER_PAGE};
use crate::error::{Error, Result};
use crate::web::params;
use crate::web::storefront::shell::category_path;

/// The most values to choose among that one address gives; further ones are left out.
const MOST_VALUES: usize = 60;

/// A parameter of an address.
type Pair = (String, String);

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
    /// What of the two makes no sense. Then the price is no filter.
    pub wrong_price: Option<WrongPrice>,
}

/// Which bound of the price is no price; both, where the first is above the second.
#[derive(Clone, Copy, Debug)]
pub struct WrongPrice {
    /// The lower one.
    pub min: bool,
    /// The upper one.
    pub max: bool,
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
        let (min, max) = bounds.as_ref().copied().unwrap_or_default();
        let page = match given("page").as_str() {
            "" => 1,
            number => number.parse().ok().filter(|page| *page > 0).ok_or(Error::NotFound)?,
        };
        let mut query = ListQuery {
            q: Some(given("q")).filter(|words| !words.is_empty() && matches!(place, Place::Search)),
            within: place.category().map(|category| category.slug.clone()),
            min_price: min,
            max_price: max,
            in_stock: given("in_stock") == "true",
            on_sale: given("on_sale") == "true",
            sort: Sort::named(&given("sort")),
            page,
            per_page: PER_PAGE,
            ..ListQuery::default()
        };
        pairs.iter().take(MOST_VALUES).for_each(|(name, value)| choose(&mut query, name, value.trim()));
        Ok(Self { place, query, min_price, max_price, wrong_price: bounds.err() })
    }

    /// The same list without its filters, for the count alone.
    pub fn unfiltered(&self) -> ListQuery {
        let ListQuery { q, within, .. } = self.query.clone();
        ListQuery { q, within, ..ListQuery::default() }
    }

    /// Whether anything but the place and the words narrows the list.
    pub fn is_filtered(&self) -> bool {
        self.filters().iter().any(|(_, value)| !value.is_empty())
    }

    /// The words, and the order where it is not the usual one.
    pub fn words_and_sort(&self) -> Vec<Pair> {
        let usual = ListQuery { sort: None, ..self.query.clone() }.order();
        let sort = Some(self.query.order()).filter(|sort| *sort != usual).map_or("", Sort::name);
        vec![("q".to_owned(), self.words()), ("sort".to_owned(), sort.to_owned())]
    }

    /// The words, and the filters as they were typed.
    pub fn words_and_filters(&self) -> Vec<Pair> {
        std::iter::once(("q".to_owned(), self.words())).chain(self.filters()).collect()
    }

    /// The address of a page of this list.
    pub fn url(&self, page: usize) -> String {
        self.url_where(|_, _| true, &[], page)
    }

    /// The address of this list without some of its filters.
    pub fn url_without(&self, left_out: &[&str]) -> String {
        self.url_where(|name, _| !left_out.contains(&name), &[], 1)
    }

    /// The address of this list without one value of a filter.
    pub fn url_without_value(&self, left_out: &str, gone: &str) -> String {
        self.url_where(|name, value| name != left_out || value != gone, &[], 1)
    }

    /// The address of this list with other bounds of the price.
    pub fn url_priced(&self, min: String, max: String) -> String {
        let bounds = [("min_price".to_owned(), min), ("max_price".to_owned(), max)];
        self.url_where(|name, _| !bounds.iter().any(|(bound, _)| bound == name), &bounds, 1)
    }

    fn url_where(&self, stays: impl Fn(&str, &str) -> bool, more: &[Pair], page: usize) -> String {
        let mut pairs = self.words_and_sort();
        pairs.extend(self.filters().into_iter().filter(|(name, value)| stays(name, value)));
        pairs.extend_from_slice(more);
        pairs.push(("page".to_owned(), if page > 1 { page.to_string() } else { String::new() }));
        params::address(&self.place.path(), &pairs)
    }

    /// Every value that is chosen, with the name of its parameter.
    pub fn choices(&self) -> Vec<Pair> {
        let ListQuery { categories, brands, options, attributes, .. } = &self.query;
        let plain = [("category", categories), ("brand", brands)].map(|(name, values)| (name.to_owned(), values));
        let options = options.iter().map(|(name, values)| (format!("option.{name}"), values));
        let attributes = attributes.iter().map(|(name, values)| (format!("attr.{name}"), values));
        let all = plain.into_iter().chain(options).chain(attributes);
        all.flat_map(|(name, values)| values.iter().map(move |value| (name.clone(), value.clone()))).collect()
    }

    /// The address of this list without any filter.
    pub fn plain_url(&self) -> String {
        params::address(&self.place.path(), &self.words_and_sort())
    }

    fn words(&self) -> String {
        self.query.q.clone().unwrap_or_default()
    }

    fn filters(&self) -> Vec<Pair> {
        let yes = |is: bool| if is { "true".to_owned() } else { String::new() };
        let mut filters = self.choices();
        filters.extend(
            [
                ("min_price", self.min_price.clone()),
                ("max_price", self.max_price.clone()),
                ("in_stock", yes(self.query.in_stock)),
                ("on_sale", yes(self.query.on_sale)),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        );
        filters
    }
}

/// Takes a value to choose among, where the parameter is one of them.
fn choose(query: &mut ListQuery, name: &str, value: &str) {
    if value.is_empty() || value.chars().count() > MOST_CHARACTERS {
        return;
    }
    let values = match (name, name.split_once('.')) {
        ("category", _) => &mut query.categories,
        ("brand", _) => &mut query.brands,
        (_, Some(("option", option))) if !option.is_empty() => query.options.entry(option.to_owned()).or_default(),
        (_, Some(("attr", name))) if !name.is_empty() => query.attributes.entry(name.to_owned()).or_default(),
        _ => return,
    };
    if !values.iter().any(|known| known == value) {
        values.push(value.to_owned());
    }
}

/// The bounds of the price in minor units, or what is wrong with them.
fn bounds(min: &str, max: &str, currency: Currency) -> Result<(Option<i64>, Option<i64>), WrongPrice> {
    match (price(min, currency), price(max, currency)) {
        (Some(Some(min)), Some(Some(max))) if min > max => Err(WrongPrice { min: true, max: true }),
        (Some(min), Some(max)) => Ok((min, max)),
        (min, max) => Err(WrongPrice { min: min.is_none(), max: max.is_none() }),
    }
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
            let understood = asked.wrong_price.is_none().then_some((asked.query.min_price, asked.query.max_price));
            assert_eq!(understood, expected, "{query}");
        }
        for (query, wrong) in [
            ("min_price=cheap&max_price=10", (true, false)),
            ("min_price=10&max_price=-5", (false, true)),
            ("min_price=cheap&max_price=dear", (true, true)),
            ("min_price=20&max_price=10", (true, true)),
        ] {
            let told = read(query).wrong_price.map(|wrong| (wrong.min, wrong.max));
            assert_eq!(told, Some(wrong), "{query}");
        }
    }

    #[test]
    fn addresses_keep_what_was_asked_and_nothing_else() {
        let asked = read("q=oak+board&sort=price-asc&min_price=10&in_stock=true&page=3&utm_source=mail");
        assert_eq!(asked.url(3), "/search?q=oak+board&sort=price-asc&min_price=10&in_stock=true&page=3");
        assert_eq!(asked.url_without(&["in_stock"]), "/search?q=oak+board&sort=price-asc&min_price=10");
        assert_eq!(asked.plain_url(), "/search?q=oak+board&sort=price-asc");
        assert_eq!(read("q=oak&sort=relevance").url(1), "/search?q=oak", "the usual order needs no word");
    }

    #[test]
    fn a_value_is_let_go_alone() {
        let asked = read("q=mug&option.Colour=Ink&option.Colour=Oat&brand=Kiln&brand=Kiln&category=&colour=x");
        assert_eq!(asked.url(1), "/search?q=mug&brand=Kiln&option.Colour=Ink&option.Colour=Oat");
        assert_eq!(asked.url_without_value("option.Colour", "Ink"), "/search?q=mug&brand=Kiln&option.Colour=Oat");
        assert_eq!(asked.url_priced("5".into(), String::new()), asked.url(1) + "&min_price=5");
        assert_eq!(asked.plain_url(), "/search?q=mug");
    }
}
