//! The merchant's stock: sheets that are taken whole or not at all, beside everything that sells.

use commerce::inventory::sheet::{Plan, Reason, Row, RowRefusal};
use oxcart::app::Shop;
use oxcart::args;
use oxcart::flows::stock_sheet::{self, Outcome};
use serde_json::json;

use crate::app::{Engine, TestApp, both_engines, burst};
use crate::builders::{GOOD_CARD, simple};
use crate::buyer::{Buyer, text};
use crate::staff::{ADMIN, Staff};

both_engines!(
    a_sheet_is_taken_whole_or_not_at_all,
    price_and_stock_in_one_sheet,
    a_sheet_of_six_hundred_rows,
    two_people_on_one_grid_lose_nothing,
    two_sheets_begin_the_same_stock_at_once,
    a_sheet_races_a_hundred_buyers,
    programs_send_sheets,
    what_is_reserved_is_kept_and_told,
    the_list_narrows_sorts_and_counts,
    the_ledger_adds_up,
);

const STAFF: &str = "staff:00000000-0000-7000-8000-0000000000aa";

async fn save(shop: &TestApp, rows: &[Row]) -> Result<Plan, Vec<RowRefusal>> {
    match stock_sheet::save(&shop.app, rows, STAFF).await.expect("the database answers") {
        Outcome::Saved(plan) => Ok(plan),
        Outcome::Refused { rows, .. } => Err(rows),
    }
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

fn fields(refused: Result<Plan, Vec<RowRefusal>>) -> Vec<String> {
    refused.expect_err("rows are wrong").iter().map(|refusal| refusal.to_field().field).collect()
}

async fn a_sheet_is_taken_whole_or_not_at_all(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut buyer = shop.buyer().await;
    buyer.add(&shop, "MUG", 4).await.ok(200);
    buyer.check_out().await.ok(201);
    let before = shop.dump().await;
    let refused = save(&shop, &[set("LAMP", 9), set("MUG", 3), add("NOPE", 1), set("LAMP", 8), row("STOOL")]).await;
    assert_eq!(fields(refused), ["1.on_hand", "2.sku", "3.sku", "4.on_hand"]);
    assert_eq!(shop.dump().await, before, "nothing is half done");

    let received = |row: Row| Row { reason: Some(Reason::Received), note: Some("Pallet 7".into()), ..row };
    let plan = save(&shop, &[received(set("LAMP", 9)), received(add("MUG", -96)), set("STOOL", 0)]).await;
    assert_eq!(plan.expect("good rows").stock.len(), 2, "what stays as it is does not move");
    assert_eq!((shop.stock("LAMP").await, shop.stock("MUG").await), ((9, 0), (4, 4)));
    let told = "SELECT kind || ' ' || CAST(delta AS TEXT) || ' ' || reference || ' ' || actor AS text
         FROM stock_movements WHERE kind = 'received' ORDER BY delta DESC";
    assert_eq!(
        shop.texts(told).await,
        [format!("received 8 Pallet 7 {STAFF}"), format!("received -96 Pallet 7 {STAFF}")]
    );
    buyer.pay(GOOD_CARD).await.ok(200);
    assert_eq!(shop.stock("MUG").await, (0, 0), "what was promised was kept");
    shop.drain().await;
    shop.verify().await;
}

async fn price_and_stock_in_one_sheet(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut buyer = shop.buyer().await;
    buyer.add(&shop, "KETTLE-INK-10", 1).await.problem();
    let priced = |row: Row, price| Row { price: Some(price), ..row };
    let sheet = [
        priced(set("KETTLE-INK-10", 5), 7_100),
        Row { compare_at: Some(None), ..priced(add("KETTLE-BRICK-10", 0), 6_500) },
        priced(add("MUG", 1), 1_450),
    ];
    let plan = save(&shop, &sheet).await.expect("a good sheet");
    assert_eq!((plan.stock.len(), plan.prices.len()), (2, 2));
    shop.drain().await;
    let page = buyer.get("/api/products/stove-kettle").await;
    let variants = page.json()["variants"].clone();
    let shown =
        |sku: &str| variants.as_array().into_iter().flatten().find(|v| v["sku"] == sku).cloned().expect("it is shown");
    assert_eq!(shown("KETTLE-INK-10")["price"]["amount"], 7_100);
    assert_eq!(shown("KETTLE-INK-10")["available"], 5);
    assert_eq!(shown("KETTLE-BRICK-10")["compare_at_price"], json!(null));
    let told = "SELECT kind || ' ' || CAST(version AS TEXT) AS text FROM events
         WHERE actor LIKE 'staff:%' AND subject = 'product'";
    assert_eq!(shop.texts(told).await, ["product.updated 2"], "two prices of one product are one change");
    buyer.add(&shop, "KETTLE-INK-10", 5).await.ok(200);
    shop.verify().await;
}

async fn a_sheet_of_six_hundred_rows(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let skus: Vec<String> = (0..600).map(|number| format!("BULK-{number}")).collect();
    shop.stock_up(vec![], skus.iter().map(|sku| simple(sku, 100, 1)).collect()).await;
    let rows: Vec<Row> = skus.iter().map(|sku| Row { price: Some(200), ..add(sku, 2) }).collect();
    let plan = save(&shop, &rows).await.expect("a good sheet");
    assert_eq!((plan.rows, plan.stock.len(), plan.prices.len()), (600, 600, 600));
    assert_eq!((shop.stock("BULK-0").await, shop.stock("BULK-599").await), ((3, 0), (3, 0)));
    shop.verify().await;
}

async fn two_people_on_one_grid_lose_nothing(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let looked = |row: Row, seen| Row { seen: Some(seen), ..row };
    save(&shop, &[looked(set("MUG", 90), 100)]).await.expect("the first one saw what was there");
    let refused = save(&shop, &[looked(set("MUG", 120), 100), looked(set("LAMP", 2), 1)]).await;
    assert_eq!(fields(refused), ["0.on_hand"], "the second one looks again");
    assert_eq!((shop.stock("MUG").await, shop.stock("LAMP").await), ((90, 0), (1, 0)));
    save(&shop, &[looked(add("MUG", 20), 100)]).await.expect("a delivery holds whatever happened");
    save(&shop, &[looked(set("MUG", 110), 100)]).await.expect("who wants what is there is right");
    assert_eq!(shop.stock("MUG").await, (110, 0));
    shop.verify().await;
}

async fn two_sheets_begin_the_same_stock_at_once(engine: Engine) {
    let shop = TestApp::open(engine).await;
    // A variant that never lay anywhere.
    shop.tamper("DELETE FROM stock_movements WHERE variant_id = (SELECT id FROM variants WHERE sku = 'LAMP')").await;
    shop.tamper("DELETE FROM stock WHERE variant_id = (SELECT id FROM variants WHERE sku = 'LAMP')").await;
    let sheet = |app: Shop| async move { stock_sheet::save(&app, &[add("LAMP", 1)], STAFF).await.is_ok() };
    let saved = burst((0..8).map(|_| sheet(shop.app.clone())).collect()).await;
    assert_eq!(saved, [true; 8]);
    assert_eq!(shop.stock("LAMP").await, (8, 0));
    shop.verify().await;
}

const ROUNDS: i64 = 20;
const BUYERS: usize = 100;

/// Buyers, deliveries and a count meet on two goods. Whatever their order, every unit is accounted for.
async fn a_sheet_races_a_hundred_buyers(engine: Engine) {
    let shop = TestApp::open(engine).await;
    for round in 1..=ROUNDS {
        let (left, right) = (format!("L-{round}"), format!("R-{round}"));
        shop.stock_up(vec![], vec![simple(&left, 5000, 30), simple(&right, 5000, 30)]).await;
        let buyers = crate::race::buyers_with(&shop, &[&left, &right], BUYERS).await;
        let mut tasks: Vec<std::pin::Pin<Box<dyn Future<Output = Moved> + Send>>> = vec![];
        for buyer in buyers {
            tasks.push(Box::pin(buy(buyer)));
        }
        for _ in 0..4 {
            tasks.push(Box::pin(deliver(shop.app.clone(), vec![add(&right, 5), add(&left, 5)])));
            tasks.push(Box::pin(count(shop.app.clone(), left.clone())));
        }
        let moved = burst(tasks).await;
        let sold = moved.iter().filter(|moved| **moved == Moved::Sold).count() as i64;
        let delivered = moved.iter().filter(|moved| **moved == Moved::Delivered).count() as i64;
        let counted: i64 = moved.iter().map(|moved| if let Moved::Counted(delta) = moved { *delta } else { 0 }).sum();
        assert_eq!(delivered, 4, "a delivery is never refused, round {round}");
        assert_eq!(shop.stock(&right).await, (30 + 5 * delivered - sold, 0), "round {round}");
        assert_eq!(shop.stock(&left).await, (30 + 5 * delivered + counted - sold, 0), "round {round}");
        shop.verify().await;
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Moved {
    Sold,
    SoldOut,
    Delivered,
    Counted(i64),
}

async fn buy(mut buyer: Buyer) -> Moved {
    let opened = buyer.check_out().await;
    if opened.status != 201 {
        assert_eq!(text(&opened.problem()["code"]), "insufficient_stock");
        return Moved::SoldOut;
    }
    buyer.pay(GOOD_CARD).await.ok(200);
    Moved::Sold
}

async fn deliver(app: Shop, rows: Vec<Row>) -> Moved {
    match stock_sheet::save(&app, &rows, STAFF).await.expect("the database answers") {
        Outcome::Saved(_) => Moved::Delivered,
        Outcome::Refused { rows, .. } => panic!("{rows:?}"),
    }
}

async fn on_hand(app: &Shop, sku: &str) -> i64 {
    #[derive(sqlx::FromRow)]
    struct Level {
        on_hand: i64,
    }
    let mut conn = app.db.read().await.expect("the database answers");
    const LEVEL: &str = "SELECT s.on_hand FROM stock s JOIN variants v ON v.id = s.variant_id WHERE v.sku = $1";
    conn.one::<Level>(LEVEL, args![sku]).await.expect("it lies there").on_hand
}

/// Finds one unit more than the shop thinks, and says so until nobody was faster.
async fn count(app: Shop, sku: String) -> Moved {
    loop {
        let seen = on_hand(&app, &sku).await;
        let counted = Row { seen: Some(seen), ..set(&sku, seen + 1) };
        match stock_sheet::save(&app, &[counted], STAFF).await.expect("the database answers") {
            Outcome::Saved(plan) => return Moved::Counted(plan.stock.iter().map(|c| c.on_hand - c.was).sum()),
            Outcome::Refused { .. } => continue,
        }
    }
}

const BULK: &str = "/api/admin/inventory/bulk";

async fn programs_send_sheets(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    let mug = shop.variant("MUG").await;
    let sheet = json!([
        { "sku": "LAMP", "delta": 4, "price": 9900, "reason": "received", "note": "Pallet 7" },
        { "variant_id": mug, "on_hand": 80, "seen": 100, "location": "default", "compare_at_price": 1600 },
    ]);
    assert_eq!(ada.post(BULK, &sheet).await.ok(200), json!({ "updated": 2 }));
    assert_eq!(ada.post(BULK, &json!([])).await.ok(200), json!({ "updated": 0 }));
    assert_eq!((shop.stock("LAMP").await, shop.stock("MUG").await), ((5, 0), (80, 0)));
    let before = shop.dump().await;
    let cases = [
        (json!([{ "sku": "MUG" }]), "0.on_hand"),
        (json!([{ "sku": "MUG", "on_hand": 1, "delta": 1 }]), "0.delta"),
        (json!([{ "sku": "MUG", "on_hand": 1 }, { "sku": "MUG", "delta": 1 }]), "1.sku"),
        (json!([{ "sku": "MUG", "on_hand": 1 }, { "variant_id": mug, "on_hand": 1 }]), "1.variant_id"),
        (json!([{ "sku": "NOPE", "on_hand": 1 }]), "0.sku"),
        (json!([{ "variant_id": "nope", "on_hand": 1 }]), "0.variant_id"),
        (json!([{ "on_hand": 1 }]), "0.sku"),
        (json!([{ "sku": "MUG", "on_hand": -1 }]), "0.on_hand"),
        (json!([{ "sku": "MUG", "delta": -81 }]), "0.delta"),
        (json!([{ "sku": "MUG", "on_hand": "7" }]), "0.on_hand"),
        (json!([{ "sku": "MUG", "on_hand": 1.5 }]), "0.on_hand"),
        (json!([{ "sku": "MUG", "on_hand": 1, "price": { "amount": 1, "currency": "EUR" } }]), "0.price"),
        (json!([{ "sku": "MUG", "on_hand": 1, "price": -1 }]), "0.price"),
        (json!([{ "sku": "MUG", "on_hand": 1, "reserved": 1 }]), "0.reserved"),
        (json!([{ "sku": "MUG", "on_hand": 1, "reason": "theft" }]), "0.reason"),
        (json!([{ "sku": "MUG", "on_hand": 1, "location": "moon" }]), "0.location"),
        (json!([{ "sku": "LAMP", "on_hand": 2 }, ["MUG", null, 1]]), "1.body"),
        (json!([{ "sku": "LAMP", "on_hand": 2 }, 7]), "1.body"),
        (json!({ "sku": "MUG", "on_hand": 1 }), "body"),
    ];
    for (sheet, field) in cases {
        let refused = ada.post(BULK, &sheet).await;
        assert_eq!(refused.status, 422, "{sheet}");
        assert_eq!(text(&refused.problem()["errors"][0]["field"]), field, "{sheet}");
    }
    let several = json!([{ "sku": 1, "on_hand": 1 }, { "sku": "MUG", "on_hand": "x" }]);
    assert_eq!(ada.post(BULK, &several).await.problem()["errors"].as_array().map(Vec::len), Some(2), "all are told");
    let old = ada.post(BULK, &json!([{ "sku": "MUG", "on_hand": 1, "seen": 100 }])).await;
    assert_eq!((old.status, text(&old.problem()["code"])), (409, "version_conflict"));
    assert_eq!(shop.dump().await, before, "nothing is half done");
    shop.verify().await;
}

async fn what_is_reserved_is_kept_and_told(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    let mut buyer = shop.buyer().await;
    buyer.add(&shop, "MUG", 4).await.ok(200);
    buyer.add(&shop, "STOOL", 2).await.ok(200);
    let checkout = buyer.check_out().await.ok(201);
    for row in [json!({ "sku": "MUG", "on_hand": 3 }), json!({ "sku": "MUG", "delta": -97 })] {
        let refused = ada.post(BULK, &json!([row, { "sku": "LAMP", "on_hand": 7 }])).await;
        let problem = refused.problem();
        assert_eq!((refused.status, text(&problem["code"])), (409, "below_reserved"));
        let held = &problem["reservations"];
        assert_eq!(held.as_array().map(Vec::len), Some(1), "{held}");
        assert_eq!((&held[0]["checkout_id"], &held[0]["quantity"]), (&checkout["id"], &json!(4)));
        assert_eq!(held[0]["until"], checkout["expires_at"]);
    }
    assert_eq!(shop.stock("LAMP").await, (1, 0), "nothing is half done");
    // What is sold on when empty may be promised and not be there.
    ada.post(BULK, &json!([{ "sku": "STOOL", "on_hand": 1 }, { "sku": "MUG", "on_hand": 4 }])).await.ok(200);
    let mug = shop.variant("MUG").await;
    let held = ada.get(&format!("/api/admin/inventory/{mug}/reservations")).await.ok(200);
    assert_eq!((&held["items"][0]["status"], &held["items"][0]["quantity"]), (&json!("open"), &json!(4)));
    shop.after_minutes(16).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    assert_eq!(ada.get(&format!("/api/admin/inventory/{mug}/reservations")).await.ok(200)["items"], json!([]));
    ada.post(BULK, &json!([{ "sku": "MUG", "on_hand": 0 }])).await.ok(200);
    shop.verify().await;
}

async fn the_list_narrows_sorts_and_counts(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    let cases: &[(&str, &[&str])] = &[
        ("q=stove", &["KETTLE-BRICK-10", "KETTLE-BRICK-15", "KETTLE-INK-10"]),
        ("q=kettle-ink", &["KETTLE-INK-10"]),
        ("q=mu_", &[]),
        ("stock=low", &["KETTLE-BRICK-15"]),
        ("stock=out", &["KETTLE-INK-10"]),
        ("stock=low&stock=out&sort=available", &["KETTLE-INK-10", "KETTLE-BRICK-15"]),
        ("stock=in&q=kettle", &["KETTLE-BRICK-10"]),
        ("stock=in", &["KETTLE-BRICK-10", "DRAFT", "LAMP", "MUG", "PLAN", "STOOL"]),
        ("category=kettles", &["KETTLE-BRICK-10", "KETTLE-BRICK-15", "KETTLE-INK-10"]),
        ("category=kitchen&stock=out", &["KETTLE-INK-10"]),
        ("category=nowhere", &[]),
        ("per_page=2&page=2&stock=low&sort=product", &[]),
        ("per_page=3", &["KETTLE-BRICK-10", "KETTLE-BRICK-15", "KETTLE-INK-10"]),
        ("per_page=3&page=3&sort=product", &["PLAN", "STOOL"]),
    ];
    for (query, expected) in cases {
        let list = ada.get(&format!("/api/admin/inventory?{query}")).await.ok(200);
        let skus: Vec<_> = list["items"].as_array().into_iter().flatten().map(|item| text(&item["sku"])).collect();
        assert_eq!(skus, *expected, "{query}");
        if !query.contains("page") {
            assert_eq!(list["total"], json!(expected.len()), "{query}");
        }
    }
    let list = ada.get("/api/admin/inventory?per_page=2&page=9&q=kettle").await.ok(200);
    assert_eq!((&list["total"], &list["pages"], &list["items"]), (&json!(3), &json!(2), &json!([])), "past the end");
    assert_eq!(ada.get("/api/admin/inventory").await.ok(200)["total"], 8, "archived products are left out");
    for query in ["stock=much", "sort=price", "page=0", "per_page=101", "colour=red"] {
        assert_eq!(ada.get(&format!("/api/admin/inventory?{query}")).await.status, 422, "{query}");
    }
}

async fn the_ledger_adds_up(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    let mug = shop.variant("MUG").await;
    Buyer::at_the_till(&shop, "MUG").await.pay(GOOD_CARD).await.ok(200);
    ada.post(BULK, &json!([{ "sku": "MUG", "delta": 20, "reason": "received" }])).await.ok(200);
    ada.post(BULK, &json!([{ "sku": "MUG", "on_hand": 110, "reason": "damaged", "note": "Fell" }])).await.ok(200);
    let path = format!("/api/admin/inventory/{mug}/movements");
    let ledger = ada.get(&path).await.ok(200);
    let entries: Vec<_> = ledger["items"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|entry| (text(&entry["kind"]), entry["delta"].as_i64(), entry["on_hand"].as_i64()))
        .collect();
    let entry = |kind, delta, left| (kind, Some(delta), Some(left));
    let expected =
        [entry("damaged", -9, 110), entry("received", 20, 119), entry("sale", -1, 99), entry("initial", 100, 100)];
    assert_eq!(entries, expected);
    assert_eq!(text(&ledger["items"][0]["reference"]), "Fell");
    assert_eq!(text(&ledger["items"][0]["actor"]), format!("staff:{}", ada.id));
    assert!(ledger["items"][2]["order_id"].is_string(), "a sale leads to its order");
    let second = ada.get(&format!("{path}?per_page=1&page=2")).await.ok(200);
    assert_eq!((&second["items"][0]["on_hand"], &second["total"]), (&json!(119), &json!(4)));
    assert_eq!(ada.get("/api/admin/inventory/019369d0-7c00-7000-8000-00000000dead/movements").await.status, 404);
    shop.verify().await;
}
