//! Two people edit one product; options make variants; prices follow a rule.

use crate::common::currency;
use commerce::catalog::{
    CompareAt, Merge, PriceRefusal, PriceRule, PriceStep, ProductInput, ProductPatch, Rounding, changes, matrix, merge,
    taking,
};
use commerce::money::{Money, Rate};
use serde_json::{Value, json};

/// A product in two colours.
fn mug() -> Value {
    json!({
        "slug": "mug", "name": "Mug", "brand": "Harbour", "description_html": "<p>Blue.</p>", "tags": ["tea", "sale"],
        "options": [{ "name": "Colour", "values": ["Red", "Blue"] }],
        "variants": [
            { "sku": "M-R", "options": { "Colour": "Red" }, "price": { "amount": 900, "currency": "EUR" }, "on_hand": 5 },
            { "sku": "M-B", "options": { "Colour": "Blue" }, "price": { "amount": 900, "currency": "EUR" }, "on_hand": 7 },
        ],
        "images": [{ "src": "/media/a.jpg" }, { "src": "/media/b.jpg" }],
        "attributes": [{ "name": "Made of", "value": "Clay" }],
    })
}

/// The mug with values put at these pointers.
fn edited(edits: &[(&str, Value)]) -> ProductInput {
    let mut mug = mug();
    for (pointer, value) in edits {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        match mug.pointer_mut(parent).expect("it points to something") {
            Value::Array(list) => list[key.parse::<usize>().expect("an index")] = value.clone(),
            object => object[key] = value.clone(),
        }
    }
    serde_json::from_value(mug).expect("a product in form")
}

/// Merges what they and you did; compares what conflicts and what they changed.
fn check(theirs: &[(&str, Value)], yours: &[(&str, Value)], conflicts: &[&str], by_them: &[&str]) -> ProductInput {
    let Merge { merged, conflicts: found, by_them: told, .. } = merge(&edited(&[]), &edited(theirs), &edited(yours));
    let found: Vec<&str> = found.iter().map(|conflict| conflict.field.as_str()).collect();
    let told: Vec<&str> = told.iter().map(|change| change.field.as_str()).collect();
    assert_eq!((found.as_slice(), told.as_slice()), (conflicts, by_them), "{theirs:?} and {yours:?}");
    merged
}

#[test]
fn what_only_one_changed_is_kept_and_what_both_changed_is_asked() {
    let name = |name: &str| ("/name", json!(name));
    let price = |variant: usize, amount: i64| {
        (["/variants/0/price", "/variants/1/price"][variant], json!({ "amount": amount, "currency": "EUR" }))
    };
    check(&[], &[], &[], &[]);
    let merged = check(&[name("Cup")], &[("/brand", json!("Quay"))], &[], &["name"]);
    assert_eq!((merged.name.as_str(), merged.brand.as_deref()), ("Cup", Some("Quay")));
    check(&[name("Cup")], &[name("Cup")], &[], &["name"]);
    assert_eq!(check(&[name("Cup")], &[name("Beaker")], &["name"], &["name"]).name, "Beaker");
    let merged = check(&[price(0, 800)], &[price(1, 700)], &[], &["variants[Red].price"]);
    assert_eq!(merged.variants.iter().map(|variant| variant.price.minor).collect::<Vec<_>>(), [800, 700]);
    check(&[price(0, 800)], &[price(0, 700)], &["variants[Red].price"], &["variants[Red].price"]);
    let merged = check(&[("/tags", json!(["tea"]))], &[("/tags", json!(["tea", "sale", "new"]))], &[], &["tags"]);
    assert_eq!(merged.tags, ["tea", "new"], "what one took away and the other added both count");
    check(
        &[("/attributes", json!([{ "name": "Made of", "value": "Glass" }]))],
        &[("/attributes", json!([{ "name": "Made of", "value": "Steel" }, { "name": "Holds", "value": "1 l" }]))],
        &["attributes[Made of]"],
        &["attributes[Made of]"],
    );
    // The first picture became another one, and an alternative text was written.
    let merged = check(
        &[("/images", json!([{ "src": "/media/b.jpg" }, { "src": "/media/a.jpg" }]))],
        &[("/images/0", json!({ "src": "/media/a.jpg", "alt": "A mug" }))],
        &[],
        &["images.order"],
    );
    let shown: Vec<(&str, &str)> = merged.images.iter().map(|one| (one.src.as_str(), one.alt.as_str())).collect();
    assert_eq!(shown, [("/media/b.jpg", ""), ("/media/a.jpg", "A mug")]);
}

#[test]
fn stock_that_was_sold_meanwhile_is_no_edit() {
    let merged = check(&[("/variants/0/on_hand", json!(3))], &[("/name", json!("Cup"))], &[], &[]);
    assert_eq!(merged.variants[0].on_hand, None, "what was not counted is left open");
    let counted = ("/variants/0/on_hand", json!(12));
    assert_eq!(check(&[], std::slice::from_ref(&counted), &[], &[]).variants[0].on_hand, Some(12));
    let sold = ("/variants/0/on_hand", json!(3));
    check(&[sold], &[counted], &["variants[Red].on_hand"], &["variants[Red].on_hand"]);
}

#[test]
fn a_variant_that_one_took_away_and_the_other_changed_is_asked() {
    let only_blue = [("/options/0/values", json!(["Blue"])), ("/variants", json!([mug()["variants"][1]]))];
    let dearer = [("/variants/0/price", json!({ "amount": 950, "currency": "EUR" }))];
    check(&dearer, &only_blue, &["variants[Red]"], &["variants[Red]"]);
    let merged = check(&only_blue, &[("/name", json!("Cup"))], &[], &["options[Colour].values", "variants[Red]"]);
    assert_eq!(merged.variants.len(), 1);
}

#[test]
fn who_gives_in_takes_what_the_others_wrote() {
    let (theirs, yours) = (edited(&[("/name", json!("Cup"))]), edited(&[("/name", json!("Beaker"))]));
    assert_eq!(taking(&yours, &theirs, &["name".to_owned()]).name, "Cup");
    assert_eq!(taking(&yours, &theirs, &[]), ProductInput { variants: taking(&yours, &theirs, &[]).variants, ..yours });
    assert!(changes(&edited(&[]), &edited(&[])).is_empty());
}

#[test]
fn options_make_variants_and_keep_those_there_are() {
    let eur = currency("EUR");
    let mug = edited(&[]);
    let options = serde_json::from_value::<Vec<_>>(json!([
        { "name": "Colour", "values": ["Red", "Blue", "Green"] },
        { "name": "Size", "values": ["S", "M", "L", "XL"] },
    ]));
    let options = options.expect("options in form");
    let made = matrix(&options, &mug.variants, Money::zero(eur)).expect("few enough");
    assert_eq!(made.len(), 12);
    let skus: Vec<(usize, &str)> =
        made.iter().enumerate().filter_map(|(place, variant)| Some((place, variant.sku.as_deref()?))).collect();
    assert_eq!(skus, [(0, "M-R"), (4, "M-B")], "what was there stands for the first value of the new option");
    assert!(made.iter().all(|variant| variant.price.minor == 900), "new ones cost what their siblings do");
    assert_eq!(matrix(&mug.options, &mug.variants, Money::zero(eur)).expect("few enough").len(), 2);
    let many: Vec<String> = (0..50).map(|number| number.to_string()).collect();
    let too_many = serde_json::from_value::<Vec<_>>(json!([
        { "name": "A", "values": many }, { "name": "B", "values": many },
    ]));
    assert!(matrix(&too_many.expect("options in form"), &[], Money::zero(eur)).is_err());
}

#[test]
fn a_patch_changes_what_it_names() {
    let patch = |document: Value| serde_json::from_value::<ProductPatch>(document).expect("a patch in form");
    let apply = |document: Value| patch(document).apply(edited(&[]), currency("EUR"));
    let named = apply(json!({ "name": "Cup", "brand": null })).expect("it fits");
    assert_eq!((named.name.as_str(), named.brand, named.tags.len()), ("Cup", None, 2));
    assert!(named.variants.iter().all(|variant| variant.on_hand.is_none()), "stock is left open");
    let priced = apply(json!({ "variants": [
        { "options": { "Colour": "Blue" }, "price": { "amount": 1, "currency": "EUR" } },
    ] }));
    let priced = priced.expect("it fits").variants;
    assert_eq!((priced.len(), priced[0].sku.as_deref(), priced[0].price.minor), (1, Some("M-B"), 1));
    let wider = apply(json!({ "options": [{ "name": "Colour", "values": ["Red", "Blue", "Green"] }] }));
    assert_eq!(wider.expect("it fits").variants.len(), 3, "the matrix follows the options");
    let errors = apply(json!({ "variants": [{ "options": { "Colour": "Green" } }] })).expect_err("it has no price");
    assert_eq!(errors[0].field, "variants[0].price");
    for wrong in [json!({ "tags": null }), json!({ "price": 5 }), json!({ "version": "1" })] {
        assert!(serde_json::from_value::<ProductPatch>(wrong.clone()).is_err(), "{wrong}");
    }
}

#[test]
fn prices_follow_a_rule() {
    let eur = currency("EUR");
    let percent = |text: &str| text.parse::<Rate>().expect("a percentage");
    let check = |step: PriceStep, rounding: Rounding, price: i64, expected: Result<i64, PriceRefusal>| {
        let rule = PriceRule { step: Some(step), rounding, compare_at: CompareAt::FormerPrice };
        let found = rule.apply(Money::new(price, eur), None);
        let before = Some(Money::new(price, eur));
        assert_eq!(found, expected.map(|minor| (Money::new(minor, eur), before)), "{step:?} {rounding:?} {price}");
    };
    check(PriceStep::Set(1234), Rounding::Ending99, 900, Ok(1234));
    check(PriceStep::Add(-100), Rounding::Exact, 900, Ok(800));
    check(PriceStep::Add(-1000), Rounding::Exact, 900, Err(PriceRefusal::BelowZero));
    check(PriceStep::Lower(percent("12.5")), Rounding::Exact, 999, Ok(874));
    check(PriceStep::Raise(percent("10")), Rounding::Whole, 1450, Ok(1600));
    check(PriceStep::Raise(percent("10")), Rounding::Ending99, 1450, Ok(1599));
    check(PriceStep::Lower(percent("10")), Rounding::Ending95, 1000, Ok(895));
    check(PriceStep::Lower(percent("90")), Rounding::Ending99, 100, Ok(99));
    check(PriceStep::Lower(percent("100")), Rounding::Ending99, 100, Ok(0));
}
