//! Stock in several places: where orders are taken from, where goods go back to, and what is for sale at all.

use commerce::order::Order;
use commerce::returns::{RefundItem, RefundWhat};
use oxcart::args;
use oxcart::error::Error;
use oxcart::flows::change_settings::{self, Change};
use oxcart::flows::refund;
use oxcart::settings::{Location, ShopSettings};
use serde_json::json;

use crate::app::{Engine, Setup, TestApp, both_engines, burst};
use crate::builders::{also_at_the_depot, depot, eur, made_to_order, simple};
use crate::buyer::text;
use crate::deeds::{STAFF, asked, bought, cancel, line, order};
use crate::race::{SOLD_OUT, buy, buyers_with, tally};
use crate::staff::{ADMIN, Staff};

both_engines!(
    an_order_is_taken_from_where_it_lies_and_goes_back_there,
    what_lies_where_nothing_is_sold_is_not_for_sale,
    a_location_is_closed_once_it_is_empty,
    units_are_brought_from_one_location_to_another,
    programs_count_place_by_place,
    the_editor_counts_place_by_place,
    staff_see_and_change_locations_on_their_pages,
    sixty_four_buyers_for_what_lies_in_two_places,
);

/// Three mugs at the main location and two at the depot; an oven at the depot alone.
async fn two_places(engine: Engine) -> TestApp {
    let goods = vec![
        also_at_the_depot(simple("CUP", 1_200, 3), 2),
        also_at_the_depot(simple("OVEN", 90_000, 0), 1),
        made_to_order("SHELF", 4_500),
    ];
    Setup::on(engine).shop(|shop| shop.locations.push(depot())).products(goods).open().await
}

/// What lies of a SKU at each place and what of it is promised: `default 3-0 depot 2-1`.
async fn lying(shop: &TestApp, sku: &str) -> String {
    #[derive(sqlx::FromRow)]
    struct Level {
        text: String,
    }
    const LEVELS: &str = "SELECT l.code || ' ' || CAST(s.on_hand AS TEXT) || '-' || CAST(s.reserved AS TEXT) AS text
         FROM stock s JOIN variants v ON v.id = s.variant_id JOIN locations l ON l.id = s.location_id
         WHERE v.sku = $1 ORDER BY l.code";
    let levels: Vec<Level> = shop.query(LEVELS, args![sku]).await;
    levels.into_iter().map(|level| level.text).collect::<Vec<_>>().join(" ")
}

async fn change(shop: &TestApp, edit: impl FnOnce(&mut ShopSettings)) -> oxcart::error::Result<i64> {
    let (mut settings, version) = change_settings::current(&shop.app).await.expect("the database answers");
    edit(&mut settings);
    change_settings::change(&shop.app, Change { settings, version }, STAFF).await
}

async fn back(shop: &TestApp, order: &Order, sku: &str, quantity: i64) {
    let what = RefundWhat::Items(vec![RefundItem { item_id: line(order, sku), quantity }]);
    refund::refund(&shop.app, order.id, asked(what), STAFF).await.expect("it is paid back");
    shop.drain().await;
}

async fn an_order_is_taken_from_where_it_lies_and_goes_back_there(engine: Engine) {
    let shop = two_places(engine).await;
    let mut buyer = shop.buyer().await;
    buyer.add(&shop, "CUP", 5).await.ok(200);
    buyer.add(&shop, "CUP", 1).await.refused(409, "insufficient_stock");
    buyer.check_out().await.ok(201);
    assert_eq!(lying(&shop, "CUP").await, "default 3-3 depot 2-2");
    // The own older checkout is given back place by place.
    buyer.check_out().await.ok(201);
    assert_eq!(lying(&shop, "CUP").await, "default 3-3 depot 2-2");
    shop.after_minutes(16).await;
    shop.drain().await;
    assert_eq!(lying(&shop, "CUP").await, "default 3-0 depot 2-0");

    let whole = bought(&shop, &[("CUP", 1), ("OVEN", 1)]).await;
    assert_eq!(lying(&shop, "CUP").await, "default 3-0 depot 1-0", "all of an order from one place");
    assert_eq!(lying(&shop, "OVEN").await, "default 0-0 depot 0-0");
    cancel(&shop, &whole).await.expect("it was not sent");
    shop.drain().await;
    assert_eq!(lying(&shop, "CUP").await, "default 3-0 depot 2-0");

    let split = bought(&shop, &[("CUP", 4), ("SHELF", 2)]).await;
    assert_eq!(lying(&shop, "CUP").await, "default 0-0 depot 1-0");
    assert_eq!(lying(&shop, "SHELF").await, "default -2-0", "what lies nowhere is owed by the main location");
    back(&shop, &split, "CUP", 2).await;
    assert_eq!(lying(&shop, "CUP").await, "default 2-0 depot 1-0");
    back(&shop, &split, "CUP", 2).await;
    assert_eq!(lying(&shop, "CUP").await, "default 3-0 depot 2-0", "no more to a place than it has sold");
    cancel(&shop, &order(&shop, split.id).await).await.expect("the shelf was not sent");
    shop.drain().await;
    assert_eq!(lying(&shop, "CUP").await, "default 3-0 depot 2-0", "what is back is not put back again");
    shop.verify().await;
}

async fn what_lies_where_nothing_is_sold_is_not_for_sale(engine: Engine) {
    let shop = two_places(engine).await;
    let available = async |slug: &str| {
        shop.catch_up().await;
        let product = shop.api().get(&format!("/api/products/{slug}")).await.ok(200);
        product["variants"][0]["available"].clone()
    };
    assert_eq!((available("cup").await, available("oven").await), (json!(5), json!(1)));
    change(&shop, |settings| settings.locations[1].sells = false).await.expect("it may stop selling");
    assert_eq!((available("cup").await, available("oven").await), (json!(3), json!(0)));
    let mut buyer = shop.buyer().await;
    buyer.add(&shop, "OVEN", 1).await.refused(409, "insufficient_stock");
    buyer.add(&shop, "CUP", 4).await.refused(409, "insufficient_stock");
    buyer.add(&shop, "CUP", 3).await.ok(200);
    buyer.check_out().await.ok(201);
    assert_eq!(lying(&shop, "CUP").await, "default 3-3 depot 2-0");
    shop.verify().await;
}

async fn a_location_is_closed_once_it_is_empty(engine: Engine) {
    let shop = two_places(engine).await;
    let refused = change(&shop, |settings| settings.locations.truncate(1)).await.expect_err("cups lie there");
    let Error::Invalid(errors) = refused else { panic!("{refused}") };
    assert!(errors[0].message.contains("Depot"), "{errors:?}");
    let refused = change(&shop, |settings| settings.locations.truncate(0)).await;
    refused.expect_err("the main location stays");
    let refused = change(&shop, |settings| settings.locations[0].sells = false).await;
    refused.expect_err("the main location sells");

    let sold = bought(&shop, &[("CUP", 5), ("OVEN", 1)]).await;
    change(&shop, |settings| settings.locations.truncate(1)).await.expect("nothing lies there");
    // What comes back goes to where it was sold from; it is not for sale there, and the inventory shows it.
    cancel(&shop, &sold).await.expect("it was not sent");
    shop.drain().await;
    assert_eq!(lying(&shop, "CUP").await, "default 3-0 depot 2-0");
    let ada = Staff::hire(&shop, ADMIN).await;
    ada.browser(&shop).await.open("/admin/inventory?q=cup").await.is(200).says("Depot");
    shop.verify().await;
}

async fn units_are_brought_from_one_location_to_another(engine: Engine) {
    let shop = two_places(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    let browser = ada.browser(&shop).await;
    let path = format!("/admin/inventory/{}", shop.variant("CUP").await);
    let bring = async |from: &str, to: &str, quantity: &str| {
        let form = browser.open(&path).await.is(200).form(&path);
        browser.send(&form.set("from", from).set("to", to).set("quantity", quantity)).await
    };
    for (from, to, quantity, why) in [
        ("default", "default", "1", "Choose another location"),
        ("default", "depot", "4", "Only 3 there"),
        ("default", "depot", "some", "Enter a whole number"),
        ("default", "nowhere", "1", "There is no such location"),
    ] {
        bring(from, to, quantity).await.is(422).says(why);
    }
    assert_eq!(lying(&shop, "CUP").await, "default 3-0 depot 2-0");
    bring("default", "depot", "2").await.is(200).says("The units are at their new location.").says("Brought elsewhere");
    assert_eq!(lying(&shop, "CUP").await, "default 1-0 depot 4-0");
    shop.verify().await;
}

async fn programs_count_place_by_place(engine: Engine) {
    let shop = two_places(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    let bulk = "/api/admin/inventory/bulk";
    let rows = json!([
        { "sku": "CUP", "delta": -1 },
        { "sku": "CUP", "location": "depot", "on_hand": 7 },
        { "sku": "SHELF", "location": "depot", "delta": 1 },
    ]);
    ada.post(bulk, &rows).await.ok(200);
    assert_eq!(lying(&shop, "CUP").await, "default 2-0 depot 7-0");
    assert_eq!(lying(&shop, "SHELF").await, "default 0-0 depot 1-0");
    let rows = json!([{ "sku": "CUP", "location": "moon", "on_hand": 7 }]);
    assert_eq!(ada.post(bulk, &rows).await.refused(422, "invalid_fields")["errors"][0]["field"], "0.location");

    let units = async |query: &str| {
        let list = ada.get(&format!("/api/admin/inventory?q=cup{query}")).await.ok(200);
        list["items"][0]["on_hand"].clone()
    };
    assert_eq!((units("").await, units("&location=depot").await), (json!(9), json!(7)));
    assert_eq!(units("&location=depot&location=default").await, json!(9));
    ada.get("/api/admin/inventory?location=moon").await.refused(422, "invalid_fields");
    let out =
        async |query: &str| ada.get(&format!("/api/admin/inventory?stock=out{query}")).await.ok(200)["total"].clone();
    let all = out("").await;
    assert_ne!(out("&location=default").await, all, "the oven lies at the depot alone");

    let order = bought(&shop, &[("CUP", 9)]).await;
    let seen = ada.get(&format!("/api/admin/orders/{}", order.id)).await.ok(200);
    let taken: Vec<_> =
        seen["taken_from"].as_array().expect("a list").iter().map(|one| text(&one["location"])).collect();
    assert_eq!(taken, ["depot", "default"]);
    let moves = format!("/api/admin/inventory/{}/movements", shop.variant("CUP").await);
    let moves = ada.get(&moves).await.ok(200);
    let last: Vec<_> =
        moves["items"].as_array().expect("a list")[..2].iter().map(|one| text(&one["location"])).collect();
    assert!(last.contains(&"depot") && last.contains(&"default"), "{moves}");
    shop.verify().await;
}

async fn the_editor_counts_place_by_place(engine: Engine) {
    let shop = two_places(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    let path = {
        let list = ada.get("/api/admin/products?q=cup").await.ok(200);
        format!("/api/admin/products/{}", text(&list["items"][0]["id"]))
    };
    let product = ada.get(&path).await.ok(200);
    assert_eq!(product["variants"][0]["elsewhere"], json!({ "depot": 2 }));
    assert_eq!(product["variants"][0]["available"], json!(5));
    let patch = |elsewhere: serde_json::Value| json!({ "version": product["version"], "variants": [{ "sku": "CUP", "elsewhere": elsewhere }] });
    ada.patch(&path, &patch(json!({ "moon": 1 }))).await.refused(422, "invalid_fields");
    let saved = ada.patch(&path, &patch(json!({ "depot": 6 }))).await.ok(200);
    assert_eq!(saved["variants"][0]["elsewhere"], json!({ "depot": 6 }));
    assert_eq!(lying(&shop, "CUP").await, "default 3-0 depot 6-0");

    // The page has a column for each location; a count below what is promised there is refused.
    let mut buyer = shop.buyer().await;
    buyer.add(&shop, "CUP", 5).await.ok(200);
    buyer.check_out().await.ok(201);
    assert_eq!(lying(&shop, "CUP").await, "default 3-0 depot 6-5");
    let browser = ada.browser(&shop).await;
    let path = path.replace("/api", "");
    let form = browser.open(&path).await.is(200).says("On hand, Depot").form(&path);
    let few = form.clone().set("variant.0.elsewhere.depot", "4").press("do", "save");
    browser.send(&few).await.is(422).says("5 are reserved");
    let more = form.set("variant.0.elsewhere.depot", "8").set("variant.0.on_hand", "1").press("do", "save");
    browser.send(&more).await.is(200).says("The product is saved.");
    assert_eq!(lying(&shop, "CUP").await, "default 1-0 depot 8-5");
    shop.verify().await;
}

async fn staff_see_and_change_locations_on_their_pages(engine: Engine) {
    let shop = two_places(engine).await;
    let browser = Staff::hire(&shop, ADMIN).await.browser(&shop).await;
    let settings = "/admin/settings/locations";
    let form = browser.open(settings).await.is(200).says("Depot").form(settings);
    let form = browser.send(&form.press("rows", "add")).await.is(200).form(settings);
    browser.send(&form.set("locations[2].name", "Fair stand")).await.is(200).says("Saved.");
    let (saved, _) = change_settings::current(&shop.app).await.expect("the database answers");
    let fair = Location { code: "fair-stand".into(), name: "Fair stand".into(), sells: true };
    assert_eq!(saved.locations.last(), Some(&fair), "the code follows the name");
    let form = browser.open(settings).await.form(settings).press("rows", "remove-1");
    let form = browser.send(&form).await.is(200).form(settings);
    browser.send(&form).await.is(422).says("something lies or is promised there");

    // The sheet of one location is typed into; that of all together shows sums.
    let cup = shop.variant("CUP").await;
    let cell = format!("on_hand.{cup}");
    let all = browser.open("/admin/inventory?q=cup").await.is(200).says("Choose a location");
    assert!(all.form(&all.path).value(&cell).is_none(), "a sum can't be typed over");
    let depot = browser.open("/admin/inventory?q=cup&filter=location:any:depot").await.is(200);
    let form = depot.form(&depot.path);
    assert_eq!(form.value(&cell), Some("2"));
    browser.send(&form.set(&cell, "4")).await.is(200).says("Stock and prices are saved.");
    assert_eq!(lying(&shop, "CUP").await, "default 3-0 depot 4-0");

    // Whoever packs is told where the goods lie, on the page and on paper.
    let order = bought(&shop, &[("CUP", 6), ("OVEN", 1)]).await;
    for page in [format!("/admin/orders/{}", order.id), format!("/admin/orders/{}/print?kind=slip", order.id)] {
        browser.open(&page).await.is(200).says("3 from Stock room").says("3 from Depot").says("from Depot");
    }
    // A variant that a location does not keep has an empty field there.
    let list = browser.open("/admin/products?q=shelf").await.is(200);
    browser.open(&list.link("/admin/products/0")).await.is(200).says("Depot");
    shop.verify().await;
}

async fn sixty_four_buyers_for_what_lies_in_two_places(engine: Engine) {
    let shop = two_places(engine).await;
    for round in 0..4 {
        let sku = format!("RARE-{round}");
        shop.stock_up(vec![], vec![also_at_the_depot(simple(&sku, eur(5_000).minor, 4), 3)]).await;
        let buyers = buyers_with(&shop, &[&sku], 64).await;
        let outcomes = tally(burst(buyers.into_iter().map(buy).collect()).await);
        assert_eq!(outcomes.get("ordered"), Some(&7), "{outcomes:?}");
        assert_eq!(outcomes.get(SOLD_OUT), Some(&57), "{outcomes:?}");
        assert_eq!(lying(&shop, &sku).await, "default 0-0 depot 0-0");
    }
    shop.verify().await;
}
