//! A product as the index reads it.

use discovery::search::Document;

use crate::catalog::CatalogProduct;
use crate::catalog::categories::Categories;

/// What of a product is searched.
pub fn document(entry: &CatalogProduct, categories: &Categories) -> Document {
    let product = &entry.product;
    let names = entry.lineage.iter().filter_map(|id| categories.get(*id)).map(|category| category.name.clone());
    let codes = product.variants.iter().flat_map(|variant| [&variant.sku, &variant.barcode]).flatten();
    Document {
        id: product.id.0.as_u128(),
        name: product.name.clone(),
        brand: product.brand.clone(),
        categories: names.collect(),
        options: product.options.iter().flat_map(|axis| &axis.values).map(|value| value.value.clone()).collect(),
        tags: product.tags.clone(),
        attributes: entry.attributes.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        description: plain(&product.description_html),
        codes: codes.cloned().collect(),
    }
}

/// The words of a sanitised text: tags become spaces, and the few entities it can have their signs.
fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut inside = false;
    for sign in html.chars() {
        match sign {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                text.push(' ');
            }
            _ if !inside => text.push(sign),
            _ => {}
        }
    }
    // The ampersand comes last, or "&amp;lt;" would be taken for a sign.
    [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")]
        .iter()
        .fold(text, |text, (entity, sign)| text.replace(entity, sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_text_are_left() {
        for (html, expected) in [
            ("<p>Oak &amp; ash</p><p>10&nbsp;ft</p>", " Oak & ash  10 ft "),
            ("a &lt; b", "a < b"),
            ("&amp;lt;", "&lt;"),
            ("", ""),
        ] {
            assert_eq!(plain(html), expected);
        }
    }
}
