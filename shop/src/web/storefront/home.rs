//! The front page.

use std::collections::HashSet;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::cards::{self, ROW};
use super::errors::PageError;
use super::product::part_view;
use super::respond;
use super::shell::{PageMeta, category_path, product_path, render};
use super::views::home::{Hero, HomePage, PartsBand, Row};
use super::views::Link;
use crate::app::Shop;
use crate::catalog::listing::Sort;
use crate::catalog::{Catalog, CatalogProduct};
use crate::store::catalog::LinkKind;

/// The most tiles of top categories.
const TILES: usize = 12;
/// A product of at least so many parts is worth showing taken apart.
const PARTS_WORTH_SHOWING: usize = 3;

/// `GET /`
pub async fn home(State(app): State<Shop>, headers: HeaderMap) -> Result<Response, PageError> {
    let catalog = app.catalog.load();
    let view = HomePage {
        hero: Hero { title: None, text: None, picture: None, link: None },
        categories: catalog.filled_children(None).take(TILES).map(|top| cards::tile(&catalog, top, false)).collect(),
        rows: rows(&catalog),
        parts: parts_band(&catalog),
    };
    let name = app.shop.load().name.clone();
    let meta = PageMeta {
        description: app.theme.text_with("home-hero-text", &[("shop", &name)]),
        canonical: Some("/".into()),
        path: "/".into(),
        ..PageMeta::default()
    };
    Ok(respond::page(&headers, render(&app, "storefront/home.html", meta, &view)?))
}

/// Three views of the catalog, none showing what another has shown.
fn rows(catalog: &Catalog) -> Vec<Row> {
    let mut shown = HashSet::new();
    let mut row = |kind: &str, sort: Sort, wanted: fn(&CatalogProduct) -> bool, more: Option<&str>| {
        let picked = pick(catalog, sort, |entry| wanted(entry) && !shown.contains(&entry.product.id));
        shown.extend(picked.iter().map(|entry| entry.product.id));
        let cards = picked.into_iter().map(cards::card).collect();
        Row { kind: kind.to_owned(), cards, more_url: more.map(str::to_owned) }
    };
    let rows = [
        row("new", Sort::Newest, |_| true, Some("/products?sort=newest")),
        row("sale", Sort::BestSelling, |entry| entry.compare_at.is_some(), None),
        row("popular", Sort::BestSelling, |_| true, Some("/products")),
    ];
    rows.into_iter().filter(|row| !row.cards.is_empty()).collect()
}

/// The first products of an order that can be bought and are not parts of others; from one category each, so that a
/// row shows what there is, while there are enough categories.
fn pick(catalog: &Catalog, sort: Sort, wanted: impl Fn(&CatalogProduct) -> bool) -> Vec<&CatalogProduct> {
    let suits = |entry: &&CatalogProduct| entry.in_stock() && !catalog.is_spare_part(entry.product.id) && wanted(entry);
    let mut places = HashSet::new();
    let one_each = catalog.in_order(sort).filter(suits).filter(|entry| places.insert(entry.product.categories.first()));
    let various: Vec<_> = one_each.take(ROW).collect();
    if various.len() == ROW { various } else { catalog.in_order(sort).filter(suits).take(ROW).collect() }
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
