//! Lists of products: a category, all of them, or what a search found.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use commerce::catalog::Category;
use commerce::ids::CategoryId;
use commerce::money::{Currency, Money};

use super::cards::{self, card, tile};
use super::errors::PageError;
use super::respond;
use super::shell::{PageMeta, category_path, render};
use super::views::listing::{ChipView, FiltersView, ListingKind, ListingPage, PageLink, PagesView, SortView};
use super::views::{CategoryTile, Crumb, HiddenField};
use crate::app::{App, Shop};
use crate::catalog::Catalog;
use crate::catalog::listing::{ListQuery, Listing, Sort};
use crate::catalog::query::{MOST_CHARACTERS, PER_PAGE};
use crate::error::{Error, Result};
use crate::web::params;

/// Pages that are linked on each side of the current one.
const PAGES_AROUND: usize = 1;

/// `GET /c/{slug}`
pub async fn category(
    State(app): State<Shop>,
    slug: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let Path(slug) = slug.map_err(|_| Error::NotFound)?;
    let catalog = app.catalog.load();
    let Some(category) = catalog.categories().by_slug(&slug) else {
        let moved = catalog.moved_category(&slug).ok_or(Error::NotFound)?;
        return Ok(respond::moved(&category_path(&moved.slug)));
    };
    answer(&app, &catalog, Place::Category(category), query.as_deref(), &headers)
}

/// `GET /products`
pub async fn products(
    State(app): State<Shop>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    answer(&app, &app.catalog.load(), Place::All, query.as_deref(), &headers)
}

/// `GET /search?q=`
pub async fn search(
    State(app): State<Shop>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    answer(&app, &app.catalog.load(), Place::Search, query.as_deref(), &headers)
}

/// What is listed.
#[derive(Clone, Copy)]
enum Place<'a> {
    Category(&'a Category),
    All,
    Search,
}

/// What a visitor asked for, as it is understood and as it was typed.
struct Asked {
    query: ListQuery,
    min_price: String,
    max_price: String,
    price_error: bool,
}

fn answer(
    app: &App,
    catalog: &Catalog,
    place: Place,
    query: Option<&str>,
    headers: &HeaderMap,
) -> Result<Response, PageError> {
    let asked = Asked::read(place, &params::pairs(query)?, app.shop.load().currency)?;
    let listing = list(catalog, place, &asked.query);
    if asked.query.page > listing.pages.max(1) {
        return Err(Error::NotFound.into());
    }
    let view = view(app, catalog, place, &asked, &listing);
    let body = render(app, "storefront/listing.html", meta(app, catalog, place, &asked), &view)?;
    if asked.price_error {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(body)).into_response());
    }
    Ok(respond::page(headers, body))
}

impl Asked {
    /// Reads the parameters of the forms. Others are none of ours: campaigns add their own to every link.
    fn read(place: Place, pairs: &[(String, String)], currency: Currency) -> Result<Self> {
        let given = |name: &str| {
            let value = pairs.iter().find(|(given, _)| given == name).map(|(_, value)| value.trim());
            value.unwrap_or_default().chars().take(MOST_CHARACTERS).collect::<String>()
        };
        let (min_price, max_price) = (given("min_price"), given("max_price"));
        let (min, max) = (price(&min_price, currency), price(&max_price, currency));
        let price_error =
            min.is_err() || max.is_err() || matches!((min, max), (Ok(Some(min)), Ok(Some(max))) if min > max);
        let bound = |typed: Result<Option<i64>, ()>| typed.ok().flatten().filter(|_| !price_error);
        let page = match given("page").as_str() {
            "" => 1,
            number => number.parse().ok().filter(|page| *page > 0).ok_or(Error::NotFound)?,
        };
        let query = ListQuery {
            q: Some(given("q")).filter(|words| !words.is_empty() && matches!(place, Place::Search)),
            categories: if let Place::Category(category) = place { vec![category.slug.clone()] } else { vec![] },
            min_price: bound(min),
            max_price: bound(max),
            in_stock: given("in_stock") == "true",
            sort: Sort::named(&given("sort")),
            page,
            per_page: PER_PAGE,
            ..ListQuery::default()
        };
        Ok(Self { query, min_price, max_price, price_error })
    }

    /// The same list without its filters, for the count alone.
    fn unfiltered(&self) -> ListQuery {
        let own = self.query.clone();
        ListQuery { q: own.q, categories: own.categories, sort: own.sort, page: 1, per_page: 0, ..ListQuery::default() }
    }

    fn is_filtered(&self) -> bool {
        self.query.in_stock || !self.min_price.is_empty() || !self.max_price.is_empty()
    }

    /// The words, and the order where it is not the usual one.
    fn words_and_sort(&self) -> Vec<(&'static str, String)> {
        let usual = ListQuery { sort: None, ..self.query.clone() }.order();
        let sort = Some(self.query.order()).filter(|sort| *sort != usual).map_or("", Sort::name);
        vec![("q", self.query.q.clone().unwrap_or_default()), ("sort", sort.to_owned())]
    }

    fn filters(&self) -> Vec<(&'static str, String)> {
        let in_stock = if self.query.in_stock { "true" } else { "" };
        vec![
            ("min_price", self.min_price.clone()),
            ("max_price", self.max_price.clone()),
            ("in_stock", in_stock.to_owned()),
        ]
    }

    /// The address of this listing with some of its filters and a page.
    fn url(&self, place: Place, kept: impl Fn(&str) -> bool, page: usize) -> String {
        let mut pairs = self.words_and_sort();
        pairs.extend(self.filters().into_iter().filter(|(name, _)| kept(name)));
        pairs.push(("page", if page > 1 { page.to_string() } else { String::new() }));
        params::address(&place.path(), &pairs)
    }
}

/// What is listed. A search lists nothing before anything was typed.
fn list(catalog: &Catalog, place: Place, query: &ListQuery) -> Listing {
    match (place, &query.q) {
        (Place::Search, None) => Listing { items: vec![], total: 0, page: 1, pages: 0 },
        _ => catalog.list(query),
    }
}

/// A price as typed, in minor units; nothing typed is no bound.
fn price(typed: &str, currency: Currency) -> Result<Option<i64>, ()> {
    if typed.is_empty() {
        return Ok(None);
    }
    let money = Money::parse_decimal(typed, currency).map_err(|_| ())?;
    if money.minor < 0 { Err(()) } else { Ok(Some(money.minor)) }
}

impl Place<'_> {
    fn path(self) -> String {
        match self {
            Place::Category(category) => category_path(&category.slug),
            Place::All => "/products".into(),
            Place::Search => "/search".into(),
        }
    }

    fn category(self) -> Option<CategoryId> {
        if let Place::Category(category) = self { Some(category.id) } else { None }
    }
}

fn title(app: &App, place: Place, asked: &Asked) -> String {
    match (place, &asked.query.q) {
        (Place::Category(category), _) => category.name.clone(),
        (Place::All, _) => app.theme.text("all-products"),
        (Place::Search, None) => app.theme.text("search"),
        (Place::Search, Some(words)) => app.theme.text_with("search-results", &[("query", words)]),
    }
}

fn meta(app: &App, catalog: &Catalog, place: Place, asked: &Asked) -> PageMeta {
    // One address a page is enough for search engines: the plain one. Searches are endless.
    let hidden = matches!(place, Place::Search) || asked.is_filtered() || asked.query.sort.is_some();
    let description = if let Place::Category(category) = place { category.description.clone() } else { String::new() };
    PageMeta {
        title: title(app, place, asked),
        description,
        canonical: (!hidden).then(|| asked.url(place, |_| true, asked.query.page)),
        hidden,
        picture: place.category().and_then(|id| catalog.face_of(id)).map(|face| cards::picture_url(&face.src)),
        path: asked.url(place, |_| true, asked.query.page),
        section: place.category(),
    }
}

fn view(app: &App, catalog: &Catalog, place: Place, asked: &Asked, listing: &Listing) -> ListingPage {
    let currency = app.shop.load().currency;
    let total_unfiltered =
        if asked.is_filtered() { list(catalog, place, &asked.unfiltered()).total } else { listing.total };
    let (all_subcategories, subcategories) = subcategories(catalog, place);
    let first = (listing.page - 1) * asked.query.per_page;
    ListingPage {
        kind: match place {
            Place::Category(_) => ListingKind::Category,
            Place::All => ListingKind::All,
            Place::Search => ListingKind::Search,
        },
        crumbs: crumbs(app, catalog, place, asked),
        title: if let Place::Category(category) = place { category.name.clone() } else { String::new() },
        description: if let Place::Category(category) = place { some_text(&category.description) } else { None },
        query: asked.query.q.clone().unwrap_or_default(),
        subcategories,
        all_subcategories,
        total: listing.total as u64,
        total_unfiltered: total_unfiltered as u64,
        first: if listing.items.is_empty() { 0 } else { first as u64 + 1 },
        last: (first + listing.items.len()) as u64,
        cards: listing.items.iter().map(|entry| card(entry)).collect(),
        action: place.path(),
        sorts: sorts(asked),
        sort_fields: hidden_fields(
            [("q", asked.query.q.clone().unwrap_or_default())].into_iter().chain(asked.filters()),
        ),
        filter_fields: hidden_fields(asked.words_and_sort()),
        filters: FiltersView {
            min_price: asked.min_price.clone(),
            max_price: asked.max_price.clone(),
            price_error: asked.price_error.then(|| app.theme.text("price-error")),
            currency_symbol: symbol(currency, &app.shop.load().locale),
            in_stock: asked.query.in_stock,
            facets: vec![],
        },
        chips: chips(place, asked, currency),
        clear_url: asked.url(place, |_| false, 1),
        pages: pages(place, asked, listing),
        suggestions: if listing.total == 0 { cards::suggestions(catalog) } else { vec![] },
        popular: if listing.total == 0 { cards::popular(catalog) } else { vec![] },
    }
}

fn some_text(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

fn crumbs(app: &App, catalog: &Catalog, place: Place, asked: &Asked) -> Vec<Crumb> {
    let home = Crumb { name: app.theme.text("home"), url: "/".into() };
    match place {
        Place::Category(category) => std::iter::once(home).chain(category_crumbs(catalog, category.id)).collect(),
        Place::All => vec![home, Crumb { name: title(app, place, asked), url: place.path() }],
        Place::Search => vec![],
    }
}

/// The way from the top to a category.
pub fn category_crumbs(catalog: &Catalog, id: CategoryId) -> impl Iterator<Item = Crumb> {
    let steps = catalog.categories().breadcrumbs(id).into_iter();
    steps.map(|step| Crumb { url: category_path(&step.slug), name: step.name })
}

/// The categories inside this one, or beside it when it has none; before them the one around them.
fn subcategories(catalog: &Catalog, place: Place) -> (Option<CategoryTile>, Vec<CategoryTile>) {
    let tiles = |parent: Option<CategoryId>| -> Vec<CategoryTile> {
        let current = place.category();
        catalog.filled_children(parent).map(|child| tile(catalog, child, current == Some(child.id))).collect()
    };
    match place {
        Place::Search => (None, vec![]),
        Place::All => (None, tiles(None)),
        Place::Category(category) => {
            let inside = tiles(Some(category.id));
            let parent = category.parent.and_then(|id| catalog.categories().get(id));
            match parent {
                _ if !inside.is_empty() => (Some(tile(catalog, category, true)), inside),
                Some(parent) => (Some(tile(catalog, parent, false)), tiles(Some(parent.id))),
                None => (None, vec![]),
            }
        }
    }
}

fn sorts(asked: &Asked) -> Vec<SortView> {
    let offered = [Sort::Relevance, Sort::BestSelling, Sort::Newest, Sort::PriceAscending, Sort::PriceDescending];
    let offered = offered.into_iter().filter(|sort| *sort != Sort::Relevance || asked.query.q.is_some());
    offered.map(|sort| SortView { value: sort.name().into(), selected: sort == asked.query.order() }).collect()
}

fn hidden_fields(pairs: impl IntoIterator<Item = (&'static str, String)>) -> Vec<HiddenField> {
    let filled = pairs.into_iter().filter(|(_, value)| !value.is_empty());
    filled.map(|(name, value)| HiddenField { name: name.to_owned(), value }).collect()
}

fn chips(place: Place, asked: &Asked, currency: Currency) -> Vec<ChipView> {
    let money = |minor: i64| Money::new(minor, currency);
    let chip = |kind: &str, without: &'static [&str]| ChipView {
        kind: kind.to_owned(),
        label: String::new(),
        min: asked.query.min_price.map(money).filter(|_| kind == "price"),
        max: asked.query.max_price.map(money).filter(|_| kind == "price"),
        url: asked.url(place, |name| !without.contains(&name), 1),
    };
    let by_price = asked.query.min_price.is_some() || asked.query.max_price.is_some();
    let price = by_price.then(|| chip("price", &["min_price", "max_price"]));
    let stock = asked.query.in_stock.then(|| chip("stock", &["in_stock"]));
    price.into_iter().chain(stock).collect()
}

fn pages(place: Place, asked: &Asked, listing: &Listing) -> PagesView {
    let (current, count) = (listing.page, listing.pages);
    let url = |page: usize| asked.url(place, |_| true, page);
    let is_near = |page: &usize| *page == 1 || *page == count || page.abs_diff(current) <= PAGES_AROUND;
    let mut links: Vec<PageLink> = Vec::new();
    if count > 1 {
        for page in (1..=count).filter(is_near) {
            let gap = links.last().is_some_and(|before| before.number + 1 < page as u64);
            links.push(PageLink { number: page as u64, url: url(page), gap });
        }
    }
    PagesView {
        current: current as u64,
        count: count.max(1) as u64,
        previous: (current > 1).then(|| url(current - 1)),
        next: (current < count).then(|| url(current + 1)),
        links,
    }
}

/// The sign of a currency: what is left of an amount without its digits.
fn symbol(currency: Currency, locale: &str) -> String {
    let amount = Money::zero(currency).format(locale);
    amount.chars().filter(|c| !c.is_numeric() && !c.is_whitespace() && !matches!(c, '.' | ',' | '\'' | '’')).collect()
}
