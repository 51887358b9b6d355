//! From the snapshot to what templates show of a product: cards, pictures, prices, tiles.

use std::collections::HashSet;

use commerce::catalog::{Category, Focal, Image, OptionValue, StockState};
use commerce::ids::CategoryId;
use commerce::money::Money;

use super::shell::{category_path, product_path};
use super::views::{Card, CategoryTile, Link, Picture, Price, Stock, Swatch, middle};
use crate::catalog::listing::Sort;
use crate::catalog::{Catalog, CatalogProduct, Face};
use crate::pictures::widths;

/// The most colours that a card shows.
const CARD_SWATCHES: usize = 5;
/// Products of a row.
pub const ROW: usize = 4;
/// How far down an order a row looks for variety.
const LOOKED_AT: usize = 400;
/// Categories to go on with when nothing was found.
const SUGGESTIONS: usize = 6;

/// A product in a grid.
pub fn card(entry: &CatalogProduct) -> Card {
    let product = &entry.product;
    let mut pictures = product.images.iter().map(picture);
    let swatches = swatches(entry);
    Card {
        id: product.id.to_string(),
        name: product.name.clone(),
        url: product_path(&product.slug),
        brand: product.brand.clone(),
        price: price(entry.price, entry.compare_at, entry.highest_price != entry.price),
        picture: pictures.next(),
        hover: pictures.next(),
        more_swatches: swatches.len().saturating_sub(CARD_SWATCHES) as u32,
        swatches: swatches.into_iter().take(CARD_SWATCHES).collect(),
        stock: stock(entry.stock),
        quick_add: entry.only_variant().map(|variant| variant.id.to_string()),
    }
}

/// A price line.
pub fn price(now: Money, before: Option<Money>, from: bool) -> Price {
    Price { now, before, from, percent_off: before.and_then(|before| percent_off(now, before)) }
}

/// Whole percent off, rounded down; less than one is not worth a word.
fn percent_off(now: Money, before: Money) -> Option<u32> {
    let off = i128::from(before.minor) - i128::from(now.minor);
    let percent = (off * 100).checked_div(i128::from(before.minor))?;
    u32::try_from(percent).ok().filter(|percent| *percent > 0)
}

/// A picture of a product.
pub fn picture(image: &Image) -> Picture {
    Picture { alt: image.alt.clone(), ..face_picture(&Face::of(image)) }
}

/// A picture by its face.
fn face_picture(face: &Face) -> Picture {
    let src = picture_url(&face.src);
    let (width, height) = (pixels(face.width), pixels(face.height));
    let kept =
        src.strip_prefix("/media/").and_then(|name| name.split_once('.')).filter(|_| face.in_widths && width > 0);
    Picture {
        widths: kept.map(|_| widths(width)).unwrap_or_default(),
        folder: kept.map(|(digits, _)| format!("/media/{digits}")).unwrap_or_default(),
        focus: face.focal.map_or_else(middle, focus),
        alt: String::new(),
        src,
        width,
        height,
    }
}

/// One of nine places: a theme can't write a style for every point.
fn focus(focal: Focal) -> String {
    let third = |side: i64, names: [&'static str; 3]| names[usize::from(side > 33) + usize::from(side > 66)];
    format!("{}-{}", third(focal.x, ["left", "center", "right"]), third(focal.y, ["top", "center", "bottom"]))
}

/// A side of a picture, 0 where it is not known.
fn pixels(side: Option<i64>) -> u32 {
    side.and_then(|side| u32::try_from(side).ok()).unwrap_or(0)
}

/// Where a picture is: links and paths stay, the name of a file is one of the media folder.
pub fn picture_url(src: &str) -> String {
    let is_address = src.starts_with('/') || src.starts_with("https://") || src.starts_with("http://");
    if is_address { src.to_owned() } else { format!("/media/{src}") }
}

/// What is said about stock.
pub fn stock(state: StockState) -> Stock {
    match state {
        StockState::In => Stock::In,
        StockState::Low => Stock::Low,
        StockState::Out => Stock::Out,
        StockState::Backorder => Stock::Backorder,
    }
}

/// The colour of an option value, where it is one that can do no harm in a page.
pub fn swatch_colour(value: &OptionValue) -> Option<String> {
    harmless_colour(value.swatch.as_ref()?)
}

/// A colour, if it is written as one and nothing else.
pub fn harmless_colour(colour: &str) -> Option<String> {
    let digits = colour.strip_prefix('#')?;
    let is_hex = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| colour.to_owned())
}

/// The colours that a product is made in: of its first option that has any.
fn swatches(entry: &CatalogProduct) -> Vec<Swatch> {
    let of = |values: &[OptionValue]| -> Vec<Swatch> {
        let coloured = values.iter().filter_map(|value| Some((value, swatch_colour(value)?)));
        coloured.map(|(value, colour)| Swatch { name: value.value.clone(), colour }).collect()
    };
    let axes = entry.product.options.iter().map(|axis| of(&axis.values));
    axes.into_iter().find(|swatches| !swatches.is_empty()).unwrap_or_default()
}

/// A category with its picture.
pub fn tile(catalog: &Catalog, category: &Category, current: bool) -> CategoryTile {
    let picture = catalog.face_of(category.id).map(face_picture);
    CategoryTile { name: category.name.clone(), url: category_path(&category.slug), picture, current }
}

/// Categories to go on with.
pub fn suggestions(catalog: &Catalog) -> Vec<Link> {
    let tops = catalog.filled_children(None).take(SUGGESTIONS);
    tops.map(|category| Link { name: category.name.clone(), url: category_path(&category.slug) }).collect()
}

/// What sells best and can be bought now.
pub fn popular(catalog: &Catalog) -> Vec<Card> {
    various(catalog, Sort::BestSelling, |_| true).into_iter().map(card).collect()
}

/// A row: the first products of an order that can be bought and are not parts of others. One from under each top
/// category, so that the row shows what there is, while there are enough of them.
pub fn various(catalog: &Catalog, sort: Sort, wanted: impl Fn(&CatalogProduct) -> bool) -> Vec<&CatalogProduct> {
    let suits = |entry: &&CatalogProduct| entry.in_stock() && !catalog.is_spare_part(entry.product.id) && wanted(entry);
    let mut tops = HashSet::new();
    let one_each =
        catalog.in_order(sort).filter(suits).take(LOOKED_AT).filter(|entry| tops.insert(top(catalog, entry)));
    let various: Vec<_> = one_each.take(ROW).collect();
    if various.len() == ROW { various } else { catalog.in_order(sort).filter(suits).take(ROW).collect() }
}

/// The category at the top of where a product stands first.
fn top(catalog: &Catalog, entry: &CatalogProduct) -> Option<CategoryId> {
    let mut id = *entry.product.categories.first()?;
    while let Some(parent) = catalog.categories().get(id).and_then(|category| category.parent) {
        id = parent;
    }
    Some(id)
}

#[cfg(test)]
mod tests {
    use commerce::money::Currency;

    use super::*;

    #[test]
    fn percent_off_is_rounded_down() {
        let money = |minor| Money::new(minor, Currency::parse("EUR").expect("is a currency"));
        for (now, before, percent) in [(5400, 6200, Some(12)), (999, 1000, None), (0, 1000, Some(100)), (0, 0, None)] {
            assert_eq!(percent_off(money(now), money(before)), percent, "{now} of {before}");
        }
    }

    #[test]
    fn only_plain_colours_pass() {
        let colour = |swatch: &str| swatch_colour(&OptionValue { value: "x".into(), swatch: Some(swatch.into()) });
        assert_eq!(colour("#b5503a").as_deref(), Some("#b5503a"));
        for refused in ["red", "#fff", "#12345g", "url(x)", "#b5503a;"] {
            assert_eq!(colour(refused), None, "{refused}");
        }
    }
}
