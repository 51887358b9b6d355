//! What the shop sells: names that are made up, variants, prices, and a count of each.

use std::collections::{BTreeMap, HashSet};

use commerce::catalog::{CategoryInput, OptionInput, ProductInput, ProductStatus, Seo, StockPolicy, VariantInput};
use commerce::money::{Currency, Money};

use super::draw::Draw;
use super::words;

/// The shelves, in order.
pub fn shelves() -> Vec<CategoryInput> {
    let shelf = |((slug, name), position): (&(&str, &str), i64)| CategoryInput {
        slug: (*slug).into(),
        old_slugs: vec![],
        name: (*name).into(),
        parent: None,
        description: format!("Everything for {}.", name.to_lowercase()),
        image: None,
        position,
    };
    words::SHELVES.iter().zip(0..).map(shelf).collect()
}

/// So many products of different names.
pub fn products(draw: &mut Draw, count: usize, currency: Currency) -> Vec<ProductInput> {
    let mut slugs = HashSet::new();
    (0..count).map(|place| product(draw, place, &mut slugs, currency)).collect()
}

fn product(draw: &mut Draw, place: usize, slugs: &mut HashSet<String>, currency: Currency) -> ProductInput {
    let (thing, shelf, low, high) = *draw.one(words::THINGS);
    let (quality, material, maker) =
        (*draw.one(words::QUALITIES), *draw.one(words::MATERIALS), *draw.one(words::MAKERS));
    let name = format!("{quality} {material} {thing}");
    let mut slug = name.to_lowercase().replace(' ', "-");
    if !slugs.insert(slug.clone()) {
        slug = format!("{slug}-{place}");
        slugs.insert(slug.clone());
    }
    // Prices of shops end in a nine or on the half.
    let price = draw.between(low / 100, high / 100) * 100 + *draw.one(&[0, 50, 90, 95]);
    let options = options(draw);
    let variants = variants(draw, place, &options, Money::new(price, currency));
    let status = match draw.between(0, 99) {
        0..=1 => ProductStatus::Archived,
        2..=5 => ProductStatus::Draft,
        _ => ProductStatus::Active,
    };
    let tags = if draw.happens(300) { vec![(*draw.one(words::TAGS)).to_owned()] } else { vec![] };
    ProductInput {
        summary: Some(format!("A {} {thing} of {material}, made by {maker}.", quality.to_lowercase())),
        description_html: format!(
            "<p>This {thing} is made of {material} by {maker}. It is meant to be used, and to be mended when it wears.</p>"
        ),
        brand: Some(maker.into()),
        slug,
        name,
        old_slugs: vec![],
        status,
        categories: vec![shelf.into()],
        tags,
        options,
        variants,
        images: vec![],
        attributes: vec![],
        low_stock_threshold: draw.between(2, 6),
        seo: Seo::default(),
        parts: vec![],
        related: vec![],
    }
}

/// None, colours, or colours and sizes.
fn options(draw: &mut Draw) -> Vec<OptionInput> {
    let mut some = |name: &str, values: &[&str], most: i64| {
        let (first, count) = (draw.between(0, values.len() as i64 - 1), draw.between(2, most));
        let values = values.iter().cycle().skip(first as usize).take(count as usize);
        OptionInput {
            name: name.into(),
            values: values.map(|value| (*value).to_owned()).collect(),
            swatches: BTreeMap::new(),
        }
    };
    let colours = some("Colour", words::COLOURS, 4);
    let sizes = some("Size", words::SIZES, 3);
    match draw.between(0, 9) {
        0..=4 => vec![],
        5..=7 => vec![colours],
        _ => vec![colours, sizes],
    }
}

fn variants(draw: &mut Draw, place: usize, options: &[OptionInput], price: Money) -> Vec<VariantInput> {
    let mut rows: Vec<BTreeMap<String, String>> = vec![BTreeMap::new()];
    for option in options {
        let with = |row: &BTreeMap<String, String>, value: &String| {
            let mut row = row.clone();
            row.insert(option.name.clone(), value.clone());
            row
        };
        rows = rows.iter().flat_map(|row| option.values.iter().map(move |value| with(row, value))).collect();
    }
    let dearer = draw.between(0, 4) * 50;
    let was = draw.happens(120).then(|| Money::new(price.minor + price.minor / 4, price.currency));
    let (weight_grams, tracked) = (draw.between(80, 4_000), !draw.happens(30));
    let variant = |(row, nth): (BTreeMap<String, String>, i64)| VariantInput {
        id: None,
        sku: Some(format!("{:05}-{:02}", place + 1, nth + 1)),
        barcode: None,
        options: row,
        price: Money::new(price.minor + nth * dearer, price.currency),
        compare_at_price: was.map(|was| Money::new(was.minor + nth * dearer, was.currency)),
        on_hand: Some(0),
        elsewhere: BTreeMap::new(),
        tracked,
        policy: StockPolicy::Deny,
        weight_grams: Some(weight_grams),
        image: None,
        requires_shipping: true,
        taxable: true,
        position: None,
    };
    rows.into_iter().zip(0..).map(variant).collect()
}

/// What is left on the shelf of a variant today: mostly plenty, some low, some nothing.
pub fn left_over(draw: &mut Draw) -> i64 {
    match draw.between(0, 99) {
        0..=2 => 0,
        3..=7 => draw.between(1, 4),
        8..=60 => draw.between(5, 60),
        _ => draw.between(40, 400),
    }
}
