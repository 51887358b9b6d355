//! The front page.

use std::collections::HashSet;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::cards::{self, ROW};
use super::errors::PageError;
use super::product::part_view;
use super::shell::{PageMeta, category_path, product_path, render};
use super::views::home::{Hero, HomePage, PartsBand, Row};
use super::views::{Link, Picture};
use super::{recommended, respond};
use crate::app::{App, Shop};
use crate::catalog::listing::Sort;
use crate::catalog::{Catalog, CatalogProduct, Part};
use crate::settings::ShopSettings;
use crate::store::catalog::LinkKind;
use crate::web::pages::Shown;

/// The most tiles of top categories.
const TILES: usize = 12;
/// A product of at least so many parts is worth showing taken apart.
const PARTS_WORTH_SHOWING: usize = 3;

/// `GET /`
pub async fn home(State(app): State<Shop>, headers: HeaderMap) -> Result<Response, PageError> {
    let catalog = app.catalog.load();
    let settings = app.shop.load();
    let view = HomePage {
        hero: hero(&settings),
        categories: catalog.filled_children(None).take(TILES).map(|top| cards::tile(&catalog, top, false)).collect(),
        rows: rows(&app, &catalog),
        parts: parts_band(&catalog),
    };
    let own_words = settings.hero.as_ref().map(|hero| hero.text.clone());
    let meta = PageMeta {
        description: own_words.unwrap_or_else(|| app.theme.text_with("home-hero-text", &[("shop", &settings.name)])),
        picture: settings.hero.as_ref().and_then(|hero| hero.picture.as_deref().map(cards::picture_url)),
        canonical: Some("/".into()),
        path: "/".into(),
        ..PageMeta::default()
    };
    let body = render(&app, "storefront/home.html", meta, &view)?;
    Ok(respond::page(&headers, body, shown(&view)))
}

/// The rows say whether a product is low; all else changes with the catalog.
fn shown(view: &HomePage) -> Shown {
    Shown::catalog().and(Part::Names).and(Part::Recommended).cards(view.rows.iter().flat_map(|row| &row.cards))
}

/// What the merchant wrote for the head of the page; what is absent is the theme's to say.
fn hero(settings: &ShopSettings) -> Hero {
    let Some(own) = settings.hero.clone() else {
        return Hero { title: None, text: None, picture: None, link: None };
    };
    let picture = own.picture.as_deref().map(cards::picture_url);
    Hero {
        title: Some(own.title),
        text: Some(own.text),
        picture: picture.map(|src| Picture::plain(src, own.alt)),
        link: Some(Link { name: own.link_label, url: own.link_url }),
    }
}

/// Three views of the catalog, none showing what another has shown. What trends stands in the place of what always sells.
fn rows(app: &App, catalog: &Catalog) -> Vec<Row> {
    let mut shown = HashSet::new();
    let mut row = |kind: &str, sort: Sort, wanted: fn(&CatalogProduct) -> bool, more: Option<&str>| {
        let picked = cards::various(catalog, sort, |entry| wanted(entry) && !shown.contains(&entry.product.id));
        shown.extend(picked.iter().map(|entry| entry.product.id));
        let cards = picked.into_iter().map(cards::card).collect();
        Row { kind: kind.to_owned(), cards, more_url: more.map(str::to_owned) }
    };
    let new = row("new", Sort::Newest, |_| true, Some("/products?sort=newest"));
    let sale = row("sale", Sort::BestSelling, |entry| entry.compare_at.is_some(), None);
    let popular = row("popular", Sort::BestSelling, |_| true, Some("/products"));
    let above = [&new, &sale].into_iter().flat_map(|row| &row.cards).filter_map(|card| card.id.parse().ok());
    let cards = recommended::trending(app, catalog, above);
    let is_enough = cards.len() == ROW;
    let last = if is_enough { Row { kind: "trending".to_owned(), cards, more_url: None } } else { popular };
    let rows = [new, sale, last];
    rows.into_iter().filter(|row| !row.cards.is_empty()).collect()
}

/// The best-selling product that is sold in parts.
fn parts_band(catalog: &Catalog) -> Option<PartsBand> {
    let mut entries = catalog.in_order(Sort::BestSelling);
    let entry = entries.find(|entry| catalog.linked(entry, LinkKind::Part).count() >= PARTS_WORTH_SHOWING)?;
    let product = &entry.product;
    let parts: Vec<_> = catalog.linked(entry, LinkKind::Part).collect();
    // The category at the top of where the first part stands holds all of them.
    let shelf = parts.first().and_then(|(_, part)| part.lineage.last()).and_then(|id| catalog.categories().get(*id));
    Some(PartsBand {
        product: Link { name: product.name.clone(), url: product_path(&product.slug) },
        picture: super::product::parts_picture(entry),
        parts: parts.into_iter().map(|(link, part)| part_view(&link.label, part)).collect(),
        more_url: shelf.map(|category| category_path(&category.slug)),
    })
}
