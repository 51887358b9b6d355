//! Lists of products: a category, all of them, or what a search found.

mod asked;
mod narrow;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use commerce::ids::CategoryId;
use commerce::money::{Currency, Money};

use super::cards::{self, card, tile};
use super::errors::PageError;
use super::private;
use super::respond;
use super::shell::{PageMeta, category_path, render};
use super::views::listing::{ChipView, ListingKind, ListingPage, PageLink, PagesView, SortView};
use super::views::{CategoryTile, Crumb, HiddenField};
use crate::app::{App, Shop};
use crate::catalog::Catalog;
use crate::catalog::facets::Facets;
use crate::catalog::finder::Understood;
use crate::catalog::listing::{ListQuery, Listing, Sort};
use crate::error::{Error, Result};
use crate::web::pages::Shown;
use crate::web::params;
use asked::{Asked, Place};
pub use narrow::label as facet_label;

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

fn answer(
    app: &App,
    catalog: &Catalog,
    place: Place,
    query: Option<&str>,
    headers: &HeaderMap,
) -> Result<Response, PageError> {
    let asked = Asked::read(place, &params::pairs(query)?, app.shop.load().currency)?;
    let (listing, facets) = list(catalog, place, &asked.query);
    if asked.query.page > listing.pages.max(1) {
        return Err(Error::NotFound.into());
    }
    app.searches.listed(&asked.query, &listing);
    if let Some(path) = &listing.understood.redirect {
        return Ok(private::see_other(path));
    }
    let view = view(app, catalog, &asked, &listing, facets);
    let body = render(app, "storefront/listing.html", meta(app, catalog, &asked), &view)?;
    if asked.wrong_price.is_some() {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(body)).into_response());
    }
    Ok(respond::page(headers, body, Shown::list(catalog, &asked.query, &view)))
}

/// What is listed. A search lists nothing before anything was typed.
fn list(catalog: &Catalog, place: Place, query: &ListQuery) -> (Listing, Facets) {
    match (place, &query.q) {
        (Place::Search, None) => (
            Listing { items: vec![], total: 0, page: 1, pages: 0, understood: Understood::default() },
            Facets::default(),
        ),
        _ => catalog.list_counted(query),
    }
}

fn title(app: &App, asked: &Asked) -> String {
    match (asked.place, &asked.query.q) {
        (Place::Category(category), _) => category.name.clone(),
        (Place::All, _) => app.theme.text("all-products"),
        (Place::Search, None) => app.theme.text("search"),
        (Place::Search, Some(words)) => app.theme.text_with("search-results", &[("query", words)]),
    }
}

fn meta(app: &App, catalog: &Catalog, asked: &Asked) -> PageMeta {
    let place = asked.place;
    // One address a page is enough for search engines: the plain one. Searches are endless.
    let hidden = matches!(place, Place::Search) || asked.is_filtered() || asked.query.sort.is_some();
    PageMeta {
        title: title(app, asked),
        description: place.category().map(|category| category.description.clone()).unwrap_or_default(),
        canonical: (!hidden).then(|| asked.url(asked.query.page)),
        hidden,
        picture: place.section().and_then(|id| catalog.face_of(id)).map(|face| cards::picture_url(&face.src)),
        path: asked.url(asked.query.page),
        section: place.section(),
    }
}

fn view(app: &App, catalog: &Catalog, asked: &Asked, listing: &Listing, facets: Facets) -> ListingPage {
    let settings = app.shop.load();
    let category = asked.place.category();
    let unfiltered = asked.is_filtered().then(|| catalog.list(&asked.unfiltered()).total);
    let (all_subcategories, subcategories) = subcategories(catalog, asked.place);
    let before = (listing.page - 1) * asked.query.per_page;
    let is_empty = listing.total == 0;
    ListingPage {
        kind: match asked.place {
            Place::Category(_) => ListingKind::Category,
            Place::All => ListingKind::All,
            Place::Search => ListingKind::Search,
        },
        crumbs: crumbs(app, catalog, asked),
        title: category.map(|category| category.name.clone()).unwrap_or_default(),
        description: category.map(|category| category.description.clone()).filter(|text| !text.is_empty()),
        query: asked.query.q.clone().unwrap_or_default(),
        corrected: listing.understood.corrected.clone(),
        left_out: listing.understood.left_out.clone(),
        subcategories,
        all_subcategories,
        total: listing.total as u64,
        total_unfiltered: unfiltered.unwrap_or(listing.total) as u64,
        first: if is_empty { 0 } else { before as u64 + 1 },
        last: (before + listing.items.len()) as u64,
        cards: listing.items.iter().map(|entry| card(entry)).collect(),
        action: asked.place.path(),
        sorts: sorts(asked),
        sort_fields: hidden_fields(asked.words_and_filters()),
        filter_fields: hidden_fields(asked.words_and_sort()),
        chips: chips(catalog, asked, settings.currency),
        filters: narrow::filters(app, asked, facets),
        clear_url: asked.plain_url(),
        pages: pages(asked, listing),
        suggestions: if is_empty { cards::suggestions(catalog) } else { vec![] },
        popular: if is_empty { cards::popular(catalog) } else { vec![] },
    }
}

fn crumbs(app: &App, catalog: &Catalog, asked: &Asked) -> Vec<Crumb> {
    let home = Crumb { name: app.theme.text("home"), url: "/".into() };
    match asked.place {
        Place::Category(category) => std::iter::once(home).chain(category_crumbs(catalog, category.id)).collect(),
        Place::All => vec![home, Crumb { name: title(app, asked), url: asked.place.path() }],
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
        catalog.filled_children(parent).map(|child| tile(catalog, child, place.section() == Some(child.id))).collect()
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

fn hidden_fields(pairs: Vec<(String, String)>) -> Vec<HiddenField> {
    let filled = pairs.into_iter().filter(|(_, value)| !value.is_empty());
    filled.map(|(name, value)| HiddenField { name, value }).collect()
}

fn chips(catalog: &Catalog, asked: &Asked, currency: Currency) -> Vec<ChipView> {
    let chip = |kind: &str, (min, max): (Option<i64>, Option<i64>), names: &[&str]| ChipView {
        kind: kind.to_owned(),
        label: String::new(),
        min: min.map(|minor| Money::new(minor, currency)),
        max: max.map(|minor| Money::new(minor, currency)),
        url: asked.url_without(names),
    };
    let bounds = (asked.query.min_price, asked.query.max_price);
    let price = (bounds != (None, None)).then(|| chip("price", bounds, &["min_price", "max_price"]));
    let stock = asked.query.in_stock.then(|| chip("stock", (None, None), &["in_stock"]));
    let sale = asked.query.on_sale.then(|| chip("sale", (None, None), &["on_sale"]));
    let chosen = asked.choices().into_iter().map(|(name, value)| ChipView {
        kind: "facet".to_owned(),
        url: asked.url_without_value(&name, &value),
        label: match catalog.categories().by_slug(&value) {
            Some(category) if name == "category" => category.name.clone(),
            _ => value,
        },
        min: None,
        max: None,
    });
    chosen.chain(price).chain(stock).chain(sale).collect()
}

fn pages(asked: &Asked, listing: &Listing) -> PagesView {
    let (current, count) = (listing.page, listing.pages);
    let is_near = |page: &usize| *page == 1 || *page == count || page.abs_diff(current) <= PAGES_AROUND;
    let mut links: Vec<PageLink> = Vec::new();
    if count > 1 {
        for page in (1..=count).filter(is_near) {
            let gap = links.last().is_some_and(|before| before.number + 1 < page as u64);
            links.push(PageLink { number: page as u64, url: asked.url(page), gap });
        }
    }
    PagesView {
        current: current as u64,
        count: count.max(1) as u64,
        previous: (current > 1).then(|| asked.url(current - 1)),
        next: (current < count).then(|| asked.url(current + 1)),
        links,
    }
}
