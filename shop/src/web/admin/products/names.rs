//! What the fields of the form are called, for the list of what is wrong.

use super::form::ProductForm;
use crate::web::theme::Theme;

/// The name of a field for people: `variant.3.price` is `Price, Rust / M`.
pub fn name_of(theme: &Theme, form: &ProductForm, field: &str) -> String {
    let mut words = field.split('.');
    let head = words.next().unwrap_or_default();
    let place: usize = words.next().and_then(|word| word.parse().ok()).unwrap_or_default();
    let last = words.next().unwrap_or_default();
    let number = (place + 1).to_string();
    let numbered = |key: &str| theme.text_with(key, &[("number", &number)]);
    match head {
        "variant" => of_variant(theme, form, place, last),
        "option" => match form.options.get(place).filter(|option| !option.name.is_empty()) {
            Some(option) => option.name.clone(),
            None => numbered("option-number"),
        },
        "picture" => numbered("picture-number"),
        "attribute" if last == "name" => numbered("attribute-name"),
        "attribute" => numbered("attribute-value"),
        _ => theme.text(key_of(head)),
    }
}

fn of_variant(theme: &Theme, form: &ProductForm, place: usize, last: &str) -> String {
    let what = theme.text(match last {
        "sku" => "variant-sku",
        "price" => "variant-price",
        "compare_at" => "variant-compare-at",
        "on_hand" | "elsewhere" => "variant-on-hand",
        "barcode" => "variant-barcode",
        "weight" => "variant-weight",
        "picture" => "variant-picture",
        "stock" => "variant-stock",
        _ => "variant",
    });
    let name = form.variants.get(place).map(|variant| form.variant_name(variant)).unwrap_or_default();
    if name.is_empty() { what } else { theme.text_with("field-variant", &[("what", &what), ("name", &name)]) }
}

fn key_of(field: &str) -> &'static str {
    match field {
        "name" => "product-name",
        "summary" => "product-summary",
        "description_html" => "product-description",
        "status" => "product-status",
        "slug" => "product-slug",
        "brand" => "product-brand",
        "category" => "product-category",
        "tags_add" => "product-tags",
        "low_stock_threshold" => "product-low",
        "seo_title" => "seo-title",
        "seo_description" => "seo-description",
        "options" => "product-options",
        "variants" => "product-variants-head",
        "pictures" => "product-pictures",
        _ => "variant-only",
    }
}

/// The name of a part of a product for people: `variants[Rust / M].price` is `Price, Rust / M`.
pub fn name_of_path(theme: &Theme, path: &str) -> String {
    let (head, rest) = match path.split_once('[') {
        Some((head, rest)) => (head, rest),
        None => path.split_once('.').unwrap_or((path, "")),
    };
    // A name in brackets may have anything in it, so the last bracket closes it.
    let (of, what) = match path.contains('[').then(|| rest.rsplit_once(']')).flatten() {
        Some((of, what)) => (of, what.trim_start_matches('.')),
        None => ("", rest),
    };
    let key = match (head, what) {
        ("variants", "compare_at_price") => "variant-compare-at",
        ("variants", "on_hand") => "variant-on-hand",
        ("variants", what) if what.starts_with("elsewhere") => "variant-on-hand",
        ("variants", "sku") => "variant-sku",
        ("variants", "price") => "variant-price",
        ("variants", "barcode") => "variant-barcode",
        ("variants", "weight_grams") => "variant-weight",
        ("variants", "image") => "variant-picture",
        ("variants", "tracked" | "policy") => "variant-stock",
        ("variants", "requires_shipping") => "variant-sent",
        ("variants", "taxable") => "variant-taxed",
        ("variants", _) => "variant",
        ("images", "alt") => "picture-alt",
        ("images", "focal") => "picture-focus",
        ("images", _) => "product-pictures",
        ("attributes", _) => "product-attributes",
        ("seo", "title") => "seo-title",
        ("seo", _) => "seo-description",
        ("categories", _) => "product-category",
        ("tags", _) => "product-tags",
        ("parts", _) => "product-parts",
        ("related", _) => "product-related",
        (head, _) => key_of(head),
    };
    let is_named = matches!(head, "variants" | "options" | "attributes") && !of.is_empty();
    let what = theme.text(key);
    if is_named { theme.text_with("field-variant", &[("what", &what), ("name", of)]) } else { what }
}
