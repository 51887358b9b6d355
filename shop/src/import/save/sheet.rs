//! What the columns of a spreadsheet can't say about a product that the shop has: it stays as it is.

use std::collections::HashSet;

use commerce::catalog::{Attribute, ProductInput};

/// Puts into a product of a sheet what its columns could not say. `columns` names the attributes that have one.
pub(super) fn keep_unsaid(product: &mut ProductInput, known: &ProductInput, columns: &HashSet<String>) {
    product.summary.clone_from(&known.summary);
    product.low_stock_threshold = known.low_stock_threshold;
    product.parts.clone_from(&known.parts);
    product.related.clone_from(&known.related);
    if product.categories.is_empty() {
        product.categories.clone_from(&known.categories);
    }
    for image in &mut product.images {
        if let Some(same) = known.images.iter().find(|other| other.src == image.src) {
            (image.width, image.height) = (image.width.or(same.width), image.height.or(same.height));
            image.focal = image.focal.or(same.focal);
        }
    }
    for option in &mut product.options {
        let Some(same) = known.options.iter().find(|other| other.name == option.name) else { continue };
        let place = |value: &String| same.values.iter().position(|other| other == value).unwrap_or(usize::MAX);
        option.values.sort_by_key(place);
        let stays = |(value, _): &(&String, &String)| option.values.contains(*value);
        option.swatches =
            same.swatches.iter().filter(stays).map(|(value, colour)| (value.clone(), colour.clone())).collect();
    }
    product.attributes = attributes(std::mem::take(&mut product.attributes), &known.attributes, columns);
}

/// Those of the product in their order, with what the sheet says where it has a column; then what only the sheet has.
fn attributes(mut said: Vec<Attribute>, known: &[Attribute], columns: &HashSet<String>) -> Vec<Attribute> {
    let mut kept = Vec::with_capacity(known.len() + said.len());
    for attribute in known {
        let place = said.iter().position(|other| other.name == attribute.name);
        match place {
            Some(place) => kept.push(said.remove(place)),
            None if !columns.contains(&attribute.name) => kept.push(attribute.clone()),
            None => {}
        }
    }
    kept.extend(said);
    kept
}
