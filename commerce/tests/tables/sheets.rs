//! Sheets of stock and prices: what is taken, and what each wrong row is told.

use crate::common::{eur, id};
use commerce::catalog::{MAX_QUANTITY, StockPolicy};
use commerce::ids::{LocationId, VariantId};
use commerce::inventory::sheet::{Known, Plan, Reason, Row, RowRefusal, Shelves, decide};
use commerce::inventory::{Level, MovementKind};
use std::collections::HashMap;

/// CUP: ten, four of them promised. MADE: to order. FILE: not counted. TWIN: twice.
fn shelves() -> (Vec<Known>, HashMap<String, LocationId>) {
    let level = |on_hand, reserved| Level { on_hand, reserved, tracked: true, policy: StockPolicy::Deny };
    let known = |number, sku: &str, level: Level| Known {
        id: id(number),
        product_id: id(100 + number),
        sku: Some(sku.into()),
        levels: HashMap::from([(id(1), level)]),
        unstocked: Level { on_hand: 0, reserved: 0, ..level },
        price: (eur(1_000), Some(eur(1_200))),
    };
    let variants = vec![
        known(11, "CUP", level(10, 4)),
        known(12, "MADE", Level { policy: StockPolicy::Continue, ..level(-2, 3) }),
        known(13, "FILE", Level { tracked: false, ..level(0, 0) }),
        known(14, "TWIN", level(5, 0)),
        known(15, "TWIN", level(5, 0)),
        known(16, "OWED", level(-3, 0)),
    ];
    (variants, HashMap::from([("shop".into(), id(1)), ("cellar".into(), id(2))]))
}

fn decided(rows: &[Row]) -> Result<Plan, Vec<RowRefusal>> {
    let (variants, locations) = shelves();
    decide(rows, Shelves { variants: &variants, locations: &locations, first: id(1) })
}

fn row(sku: &str) -> Row {
    Row { sku: Some(sku.into()), ..Row::default() }
}

fn set(sku: &str, on_hand: i64) -> Row {
    Row { on_hand: Some(on_hand), ..row(sku) }
}

fn add(sku: &str, delta: i64) -> Row {
    Row { delta: Some(delta), ..row(sku) }
}

#[test]
fn what_moves() {
    fn check(row: Row, expected: Option<(i64, i64)>) {
        let said = format!("{row:?}");
        let plan = decided(&[row]).unwrap_or_else(|refusals| panic!("{said}: {refusals:?}"));
        assert_eq!(plan.stock.first().map(|change| (change.was, change.on_hand)), expected, "{said}");
        assert_eq!(plan.rows, 1);
    }
    check(set("CUP", 12), Some((10, 12)));
    check(set("CUP", 4), Some((10, 4)));
    check(set("CUP", 10), None);
    check(add("CUP", 5), Some((10, 15)));
    check(add("CUP", -6), Some((10, 4)));
    check(add("CUP", 0), None);
    check(set("CUP", MAX_QUANTITY), Some((10, MAX_QUANTITY)));
    check(Row { variant_id: Some(id(14)), sku: None, ..set("", 7) }, Some((5, 7)));
    check(Row { seen: Some(10), ..set("CUP", 8) }, Some((10, 8)));
    check(Row { seen: Some(9), ..set("CUP", 10) }, None);
    check(Row { seen: Some(9), ..add("CUP", 1) }, Some((10, 11)));
    check(Row { location: Some("shop".into()), ..set("CUP", 8) }, Some((10, 8)));
    check(Row { location: Some("cellar".into()), ..set("CUP", 8) }, Some((0, 8)));
    check(add("MADE", -1), Some((-2, -3)));
    check(set("MADE", -1), Some((-2, -1)));
    check(add("OWED", 1), Some((-3, -2)));
    check(set("FILE", 0), None);
}

#[test]
fn what_is_refused_and_where() {
    fn check(row: Row, column: &str, message: &str) {
        let said = format!("{row:?}");
        let refusals = decided(&[set("CUP", 11), row]).expect_err(&said);
        let told: Vec<_> = refusals.iter().map(RowRefusal::to_field).collect();
        assert_eq!(told.len(), 1, "{said}: {told:?}");
        assert_eq!(told[0].field, format!("1.{column}"), "{said}");
        assert!(told[0].message.contains(message), "{said}: {}", told[0].message);
    }
    check(Row { sku: None, ..set("", 1) }, "sku", "Name the variant");
    check(Row { variant_id: Some(id(11)), ..set("CUP", 1) }, "variant_id", "not by both");
    check(set("NOPE", 1), "sku", "no such variant");
    check(set("cup", 1), "sku", "no such variant");
    check(Row { variant_id: Some(id(99)), sku: None, ..set("", 1) }, "variant_id", "no such variant");
    check(set("TWIN", 1), "sku", "More than one");
    check(Row { location: Some("moon".into()), ..set("OWED", 1) }, "location", "no such location");
    check(set("CUP", 1), "sku", "Row 1 is about the same");
    check(Row { variant_id: Some(id(11)), sku: None, ..set("", 1) }, "variant_id", "Row 1 is about the same");
    check(row("OWED"), "on_hand", "how many");
    check(Row { delta: Some(1), ..set("OWED", 1) }, "delta", "not both");
    check(set("FILE", 1), "on_hand", "not counted");
    check(Row { variant_id: Some(id(14)), sku: None, ..set("", -1) }, "on_hand", "between 0 and");
    check(Row { variant_id: Some(id(14)), sku: None, ..add("", -6) }, "delta", "Only 5 there");
    check(set("OWED", MAX_QUANTITY + 1), "on_hand", "between");
    check(add("MADE", i64::MAX), "delta", "between");
    check(add("MADE", i64::MIN), "delta", "between");
    check(Row { seen: Some(3), ..set("OWED", 1) }, "on_hand", "It is -3 by now");
    check(Row { price: Some(-1), ..add("OWED", 0) }, "price", "below zero");
    check(Row { compare_at: Some(Some(-1)), ..add("OWED", 0) }, "compare_at_price", "below zero");
    check(Row { note: Some("x".repeat(201)), ..add("OWED", 1) }, "note", "200");
}

#[test]
fn a_variant_at_two_places_has_one_price() {
    let at = |place: &str, price| Row { location: Some(place.into()), price: Some(price), ..add("CUP", 0) };
    assert_eq!(decided(&[at("shop", 900), at("cellar", 900)]).expect("the same price").prices.len(), 1);
    let refusals = decided(&[at("shop", 900), at("cellar", 800)]).expect_err("two prices");
    assert_eq!((refusals[0].row, refusals[0].column), (1, "price"));
}

#[test]
fn buyers_keep_what_they_were_promised() {
    let below = |row: Row| {
        let refusals = decided(&[row]).expect_err("more is promised");
        refusals[0].to_field().message
    };
    assert_eq!(below(set("CUP", 3)), "3 is fewer than the 4 reserved for buyers. Enter 4 or more, or wait.");
    assert_eq!(below(add("CUP", -7)), below(set("CUP", 3)));
}

#[test]
fn prices_change_beside_stock_or_alone() {
    fn check(row: Row, expected: Option<(i64, Option<i64>)>) {
        let plan = decided(&[row]).expect("a good row");
        let now = plan.prices.first().map(|change| (change.now.0.minor, change.now.1.map(|money| money.minor)));
        assert_eq!(now, expected);
    }
    check(Row { price: Some(900), ..add("CUP", 0) }, Some((900, Some(1_200))));
    check(Row { price: Some(1_000), ..set("CUP", 3 + 4) }, None);
    check(Row { compare_at: Some(None), ..add("FILE", 0) }, Some((1_000, None)));
    check(Row { price: Some(0), compare_at: Some(Some(5)), ..add("MADE", 1) }, Some((0, Some(5))));
    check(Row { compare_at: Some(Some(1_200)), ..add("MADE", 1) }, None);
}

#[test]
fn one_wrong_row_keeps_all_others_back_and_every_wrong_row_is_told() {
    let rows = [set("CUP", 3), set("NOPE", 1), set("OWED", 5), add("OWED", 1)];
    let told: Vec<_> = decided(&rows).expect_err("three are wrong").iter().map(RowRefusal::to_field).collect();
    let fields: Vec<_> = told.iter().map(|field| field.field.as_str()).collect();
    assert_eq!(fields, ["0.on_hand", "1.sku", "3.sku"]);
    assert_eq!(decided(&[]), Ok(Plan::default()));
}

#[test]
fn the_reason_is_kept_with_the_movement() {
    let delivered = Row { reason: Some(Reason::Received), note: Some("Pallet 7".into()), ..add("CUP", 5) };
    let plan = decided(&[delivered, set("OWED", 0)]).expect("good rows");
    let kinds: Vec<_> = plan.stock.iter().map(|change| (change.reason.kind(), change.note.as_str())).collect();
    assert_eq!(kinds, [(MovementKind::Received, "Pallet 7"), (MovementKind::Correction, "")]);
    let ids: Vec<VariantId> = plan.stock.iter().map(|change| change.variant_id).collect();
    assert_eq!(ids, [id(11), id(16)]);
}
