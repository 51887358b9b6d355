//! The page of a product.

mod options;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use commerce::cart::MAX_QUANTITY;
use commerce::catalog::Variant;
use commerce::ids::ImageId;

use super::cards::{self, picture, price, stock};
use super::delivery::HomeDelivery;
use super::errors::PageError;
use super::recommended::Beside;
use super::shell::{PageMeta, product_path, render};
use super::views::product::{AttributeView, PartView, ProductPage, VariantView};
use super::views::{Crumb, Picture, Price};
use super::{recommended, respond};
use crate::app::{App, Shop};
use crate::catalog::{Catalog, CatalogProduct, Part, on_sale};
use crate::error::{Error, Result};
use crate::settings::ShopSettings;
use crate::store::catalog::LinkKind;
use crate::web::pages::Shown;
use crate::web::params;
pub use options::Choice;
use options::options;

/// `GET /p/{slug}?variant=ID` or `?option.NAME=value`
pub async fn product(
    State(app): State<Shop>,
    slug: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let Path(slug) = slug.map_err(|_| Error::NotFound)?;
    let catalog = app.catalog.load();
    let Some(entry) = catalog.by_slug(&slug) else {
        let moved = catalog.moved_product(&slug).ok_or(Error::NotFound)?;
        return Ok(respond::moved(&product_path(&moved.product.slug)));
    };
    let choice = Choice::of(entry, &params::pairs(query.as_deref())?);
    let beside = recommended::beside(&app, &catalog, entry);
    let shown = shown(&catalog, entry, &beside);
    let view = view_beside(&app, &catalog, entry, &choice, beside);
    let body = render(&app, "storefront/product.html", meta(entry), &view)?;
    Ok(respond::page(&headers, body, shown))
}

/// The head of the page of a product.
pub fn meta(entry: &CatalogProduct) -> PageMeta {
    let product = &entry.product;
    let path = product_path(&product.slug);
    let description = product.seo.description.as_ref().or(product.summary.as_ref());
    PageMeta {
        title: product.seo.title.clone().unwrap_or_else(|| product.name.clone()),
        description: description.cloned().unwrap_or_default(),
        canonical: Some(path.clone()),
        picture: product.images.first().map(|image| cards::picture_url(&image.src)),
        path,
        section: product.categories.first().copied(),
        hidden: false,
    }
}

/// The page of a product as it is chosen; `refusal` is why the last add was refused.
pub fn view(app: &App, catalog: &Catalog, entry: &CatalogProduct, choice: &Choice, refusal: String) -> ProductPage {
    let view = view_beside(app, catalog, entry, choice, recommended::beside(app, catalog, entry));
    ProductPage { refusal: Some(refusal), ..view }
}

fn view_beside(app: &App, catalog: &Catalog, entry: &CatalogProduct, choice: &Choice, beside: Beside) -> ProductPage {
    let product = &entry.product;
    let settings = app.shop.load();
    let delivery = HomeDelivery::of(&settings);
    let is_sent = product.variants.iter().any(|variant| variant.requires_shipping);
    let chosen_picture = choice.variant.and_then(|variant| picture_index(entry, variant.image));
    ProductPage {
        crumbs: crumbs(app, catalog, entry),
        id: product.id.to_string(),
        url: product_path(&product.slug),
        name: product.name.clone(),
        brand: product.brand.clone(),
        summary: product.summary.clone(),
        pictures: product.images.iter().map(picture).collect(),
        picture: chosen_picture.unwrap_or(0),
        price: chosen_price(entry, choice.variant),
        card_price: chosen_price(entry, None),
        tax_included: settings.tax.prices_include_tax,
        tax_label: tax_label(&settings),
        options: options(entry, &choice.values),
        variants: product.variants.iter().map(|variant| variant_view(entry, variant)).collect(),
        variant: choice.variant.map(|variant| variant.id.to_string()),
        sku: choice.variant.and_then(|variant| variant.sku.clone()),
        stock: stock(choice.variant.map_or(entry.stock, |variant| entry.stock_of(variant))),
        arrival: delivery.arrival(app.clock.now()).filter(|_| is_sent),
        free_delivery_from: delivery.free_from.filter(|_| is_sent),
        delivery_cost: delivery.cheapest.filter(|_| is_sent).map(|offer| offer.amount),
        delivery_country: delivery.country,
        max_quantity: MAX_QUANTITY as u32,
        description_html: product.description_html.clone(),
        attributes: attributes(entry),
        parts: catalog.linked(entry, LinkKind::Part).map(|(link, part)| part_view(&link.label, part)).collect(),
        parts_picture: parts_picture(entry),
        companions: beside.companions,
        bought_together: beside.bought_together,
        similar: beside.similar,
        refusal: None,
    }
}

/// What the tax of the shop's own country is called, where it was set up.
fn tax_label(settings: &ShopSettings) -> Option<String> {
    let mut rates = settings.tax.rates.iter();
    rates.find(|rate| rate.country == settings.country && rate.region.is_none()).map(|rate| rate.label.clone())
}

fn crumbs(app: &App, catalog: &Catalog, entry: &CatalogProduct) -> Vec<Crumb> {
    let mut crumbs = vec![Crumb { name: app.theme.text("home"), url: "/".into() }];
    if let Some(category) = entry.product.categories.first() {
        crumbs.extend(super::listing::category_crumbs(catalog, *category));
    }
    crumbs
}

fn chosen_price(entry: &CatalogProduct, variant: Option<&Variant>) -> Price {
    match variant {
        Some(variant) => price(variant.price, on_sale(variant), false),
        None => price(entry.price, entry.compare_at, entry.highest_price != entry.price),
    }
}

fn picture_index(entry: &CatalogProduct, image: Option<ImageId>) -> Option<usize> {
    entry.product.images.iter().position(|own| Some(own.id) == image)
}

fn variant_view(entry: &CatalogProduct, variant: &Variant) -> VariantView {
    VariantView {
        id: variant.id.to_string(),
        values: variant.values.clone(),
        sku: variant.sku.clone(),
        price: variant.price,
        before: on_sale(variant),
        decimal: variant.price.to_decimal(),
        stock: stock(entry.stock_of(variant)),
        picture: picture_index(entry, variant.image),
        url: variant_path(entry, variant),
    }
}

/// The path of a product's page with a variant chosen.
pub fn variant_path(entry: &CatalogProduct, variant: &Variant) -> String {
    let path = product_path(&entry.product.slug);
    if entry.product.options.is_empty() { path } else { format!("{path}?variant={}", variant.id) }
}

fn attributes(entry: &CatalogProduct) -> Vec<AttributeView> {
    entry.attributes.iter().map(|(name, value)| AttributeView { name: name.into(), value: value.into() }).collect()
}

/// A spare part in a table.
pub fn part_view(number: &str, part: &CatalogProduct) -> PartView {
    PartView {
        number: number.to_owned(),
        id: part.product.id.to_string(),
        name: part.product.name.clone(),
        url: product_path(&part.product.slug),
        price: part.price,
        quick_add: part.only_variant().map(|variant| variant.id.to_string()),
    }
}

/// The picture beside the parts: the last one, where drawings stand, unless it shows a variant.
pub fn parts_picture(entry: &CatalogProduct) -> Option<Picture> {
    let last = entry.product.images.last()?;
    let shows_variant = entry.product.variants.iter().any(|variant| variant.image == Some(last.id));
    (!shows_variant).then(|| picture(last))
}

/// What the page of a product is made of. Where nothing better goes with it, its nearest shelf fills the rows.
fn shown(catalog: &Catalog, entry: &CatalogProduct, beside: &Beside) -> Shown {
    let linked = [LinkKind::Part, LinkKind::Related].into_iter().flat_map(|kind| catalog.linked(entry, kind));
    let linked = linked.map(|(_, other)| other.product.id);
    let shown = Shown::frame().products([entry.product.id].into_iter().chain(linked));
    let shown = shown.cards(&beside.companions).cards(&beside.similar).and(Part::Recommended);
    let shown = entry.product.categories.first().map(|id| Part::Shelf(*id)).into_iter().fold(shown, Shown::and);
    if entry.links.is_empty() { shown } else { shown.and(Part::Names) }
}
