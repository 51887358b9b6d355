//! Product lines, texts, trees.

use crate::common::{currency, id};
use commerce::catalog::{
    CatalogLine, Category, CategoryTree, CategoryTreeError, ProductInput, ProductStatus, fold, slugify,
};
use serde_json::{Value, json};

/// A product that is right in every way.
fn kettle() -> Value {
    json!({
        "slug": "enamel-kettle", "name": "Enamel kettle", "status": "active", "categories": ["brew"],
        "options": [
            {"name": "Colour", "values": ["Brick", "Ink"], "swatches": {"Brick": "#b5503a"}},
            {"name": "Size", "values": ["1.0 l", "1.6 l"]},
        ],
        "variants": [
            {"sku": "K-1", "options": {"Colour": "Brick", "Size": "1.0 l"},
             "price": {"amount": 6200, "currency": "EUR"},
             "compare_at_price": null, "on_hand": 14, "policy": "deny", "image": "kettle.svg"},
            {"sku": "K-2", "options": {"Colour": "Ink", "Size": "1.6 l"}, "price": {"amount": 0, "currency": "EUR"}},
        ],
        "images": [{"src": "kettle.svg", "alt": "A kettle", "width": 800, "height": 1000}],
        "parts": [{"number": "01", "slug": "grip"}],
    })
}

/// Puts `value` at `pointer` of the kettle and compares the fields that are refused.
fn check(pointer: &str, value: Value, expected: &[&str]) {
    let mut kettle = kettle();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    match kettle.pointer_mut(parent).expect("it points to something") {
        Value::Array(list) => list[key.parse::<usize>().expect("an index")] = value,
        object => object[key] = value,
    }
    let product: ProductInput = serde_json::from_value(kettle).expect("a product in form");
    let errors = product.check(currency("EUR")).err().unwrap_or_default();
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, expected, "{pointer}: {errors:?}");
}

#[test]
fn what_a_product_must_be() {
    check("/name", json!("Kettle"), &[]);
    check("/name", json!(" "), &["name"]);
    check("/name", json!("x".repeat(256)), &["name"]);
    check("/name", json!("Kettle\u{0}"), &["name"]);
    check("/description_html", json!("<p>a\0b</p>"), &["description_html"]);
    check("/slug", json!("Enamel Kettle"), &["slug"]);
    check("/slug", json!(""), &["slug"]);
    check("/slug", json!("x".repeat(201)), &["slug"]);
    check("/old_slugs", json!(["kettle", "old-kettle"]), &[]);
    check("/old_slugs", json!(["kettle", "Old Kettle"]), &["old_slugs[1]"]);
    check("/old_slugs", json!(["enamel-kettle"]), &["old_slugs[0]"]);
    check(
        "/options/1/name",
        json!("Colour"),
        &[
            "options[1].name",
            "variants[0].options",
            "variants[0].options",
            "variants[1].options",
            "variants[1].options",
        ],
    );
    check("/options/1/values", json!(["1.0 l", "1.0 l", "1.6 l"]), &["options[1].values"]);
    check("/options/1/values", json!(["1.0 l"]), &["variants[1].options"]);
    check("/options/0/swatches", json!({"Green": "#0f0"}), &["options[0].swatches"]);
    check("/variants", json!([]), &["variants"]);
    check("/variants/1/options", json!({"Colour": "Ink"}), &["variants[1].options"]);
    check("/variants/1/options", json!({"Colour": "Ink", "Size": "9 l"}), &["variants[1].options"]);
    check("/variants/1/options", json!({"Colour": "Ink", "Size": "1.6 l", "Lid": "no"}), &["variants[1].options"]);
    check("/variants/1/options", json!({"Colour": "Brick", "Size": "1.0 l"}), &["variants[1].options"]);
    check("/variants/1/sku", json!("K-1"), &["variants[1].sku"]);
    check("/variants/1/price", json!({"amount": -1, "currency": "EUR"}), &["variants[1].price"]);
    check("/variants/1/price", json!({"amount": 1, "currency": "USD"}), &["variants[1].price"]);
    check("/variants/0/compare_at_price", json!({"amount": -1, "currency": "EUR"}), &["variants[0].compare_at_price"]);
    check("/variants/0/on_hand", json!(1_000_000_000), &[]);
    check("/variants/0/on_hand", json!(1_000_000_001), &["variants[0].on_hand"]);
    check("/variants/0/on_hand", json!(-1_000_000_001), &["variants[0].on_hand"]);
    check("/variants/0/image", json!("other.svg"), &["variants[0].image"]);
    check("/categories", json!(["Not a slug"]), &["categories[0]"]);
    check("/parts/0/slug", json!("Not a slug"), &["parts[0].slug"]);
}

#[test]
fn a_variant_that_is_absent_or_too_many() {
    let product: ProductInput = serde_json::from_value(json!({"slug": "a", "name": "A"})).expect("a product in form");
    assert_eq!((product.status, product.low_stock_threshold), (ProductStatus::Draft, 0));
    assert_eq!(product.check(currency("EUR")).expect_err("no variant")[0].field, "variants");
    let variant = json!({"price": {"amount": 1, "currency": "EUR"}});
    let many = json!({"slug": "a", "name": "A", "variants": vec![variant; 2_001]});
    let product: ProductInput = serde_json::from_value(many).expect("a product in form");
    assert_eq!(product.check(currency("EUR")).expect_err("too many").len(), 1);
}

#[test]
fn lines_of_a_catalog_file() {
    let kind = |line: &str| serde_json::from_str::<CatalogLine>(line);
    assert!(matches!(kind(r#"{"kind":"category","slug":"a","name":"A"}"#), Ok(CatalogLine::Category(_))));
    assert!(matches!(kind(r#"{"kind":"product","slug":"a","name":"A"}"#), Ok(CatalogLine::Product(_))));
    assert!(matches!(kind(r#"{"kind":"coupon","code":"A","percent":"10"}"#), Ok(CatalogLine::Coupon(_))));
    for wrong in [
        r#"{"kind":"dragon"}"#,
        r#"{"slug":"a","name":"A"}"#,
        r#"{"kind":"product","slug":"a","name":"A","colour":"red"}"#,
        r#"{"kind":"product","slug":"a","name":"A","status":"live"}"#,
        r#"{"kind":"product","slug":"a","name":"A","variants":[{"price":{"amount":1.5,"currency":"EUR"}}]}"#,
    ] {
        assert!(kind(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn coupons_of_a_catalog_file() {
    fn check(coupon: Value, expected: &[&str]) {
        let mut line = json!({"kind": "coupon", "code": "SPRING"});
        line.as_object_mut().expect("an object").extend(coupon.as_object().expect("an object").clone());
        let Ok(CatalogLine::Coupon(coupon)) = serde_json::from_value(line) else { panic!("a coupon in form") };
        let errors = coupon.check(currency("EUR")).err().unwrap_or_default();
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, expected, "{coupon:?}");
    }
    check(json!({"percent": "10"}), &[]);
    check(json!({"amount": {"amount": 500, "currency": "EUR"}}), &[]);
    check(json!({}), &["percent"]);
    check(json!({"percent": "10", "amount": {"amount": 500, "currency": "EUR"}}), &["percent"]);
    check(json!({"percent": "101"}), &["percent"]);
    check(json!({"percent": "0"}), &["percent"]);
    check(json!({"amount": {"amount": 0, "currency": "EUR"}}), &["amount"]);
    check(json!({"amount": {"amount": 5, "currency": "USD"}}), &["amount"]);
    check(json!({"percent": "10", "code": " "}), &["code"]);
    check(
        json!({"percent": "10", "starts_at": "2026-02-01T00:00:00Z", "ends_at": "2026-01-01T00:00:00Z"}),
        &["ends_at"],
    );
    check(json!({"percent": "10", "total_limit": -1}), &["total_limit"]);
}

#[test]
fn names_become_slugs() {
    for (name, slug) in [
        ("Enamel kettle", "enamel-kettle"),
        ("  Half-glazed   mug! ", "half-glazed-mug"),
        ("Straße & Æther", "strasse-aether"),
        ("Crème brûlée", "creme-brulee"),
        ("Cre\u{300}me", "creme"),
        ("Men's 1.0 l", "mens-1-0-l"),
        ("Łódź Øresund Þing Ĳssel", "lodz-oresund-thing-ijssel"),
        ("İstanbul Iğdır", "istanbul-igdir"),
        ("日本", ""),
        ("---", ""),
    ] {
        assert_eq!(slugify(name), slug, "{name}");
    }
    assert_eq!(slugify(&"ab ".repeat(100)).len(), 200);
}

#[test]
fn texts_fold_for_searching() {
    for (text, folded) in [("Crème BRÛLÉE", "creme brulee"), ("Größe", "grosse"), ("ЧАЙ 日本", "чай 日本")]
    {
        assert_eq!(fold(text), folded);
    }
}

fn category(number: u128, slug: &str, parent: Option<u128>, position: i64) -> Category {
    Category {
        id: id(number),
        slug: slug.into(),
        name: slug.to_uppercase(),
        parent: parent.map(id),
        description: String::new(),
        image: None,
        position,
        version: 1,
    }
}

#[test]
fn categories_form_a_tree() {
    let tree = CategoryTree::build([
        category(3, "brew", Some(1), 2),
        category(1, "kitchen", None, 2),
        category(4, "cook", Some(1), 1),
        category(2, "light", None, 1),
        category(5, "kettles", Some(3), 1),
    ])
    .expect("a tree");
    let slugs =
        |found: Vec<&Category>| found.iter().map(|category| category.slug.as_str()).collect::<Vec<_>>().join(" ");
    assert_eq!(slugs(tree.children(None).collect()), "light kitchen");
    assert_eq!(slugs(tree.descendants(id(1))), "kitchen cook brew kettles");
    assert_eq!(slugs(tree.ancestors(id(5)).collect()), "brew kitchen");
    let path: Vec<String> = tree.breadcrumbs(id(5)).into_iter().map(|crumb| crumb.slug).collect();
    assert_eq!(path, ["kitchen", "brew", "kettles"]);
    assert_eq!(tree.by_slug("cook").map(|category| category.id), Some(id(4)));
    assert_eq!(tree.len(), 5);
    assert!(tree.descendants(id(9)).is_empty());
}

#[test]
fn what_is_no_tree_is_refused() {
    let refused = |categories: Vec<Category>| CategoryTree::build(categories).expect_err("no tree");
    let cycle = vec![category(1, "a", Some(2), 1), category(2, "b", Some(1), 1)];
    assert!(matches!(refused(cycle), CategoryTreeError::Cycle(_)));
    assert!(matches!(refused(vec![category(1, "a", Some(1), 1)]), CategoryTreeError::Cycle(_)));
    assert!(matches!(refused(vec![category(1, "a", Some(9), 1)]), CategoryTreeError::UnknownParent(_)));
    let twice = vec![category(1, "a", None, 1), category(2, "a", None, 1)];
    assert!(matches!(refused(twice), CategoryTreeError::Duplicate(_)));
}
