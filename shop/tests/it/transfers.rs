//! Files that staff bring in and take out, on both engines.

use commerce::staff::Role;
use oxcart::flows::transfers;
use oxcart::store::imports;
use serde_json::{Value, json};

use crate::app::{Engine, TestApp, both_engines};
use crate::buyer::{Answer, Api, text};
use crate::staff::Staff;

both_engines! {
    a_dry_run_says_what_the_import_then_does,
    an_interrupted_import_goes_on_where_it_was,
    what_was_not_taken_is_mended_and_brought_again,
    a_stopped_import_keeps_what_it_has_and_goes_no_further,
    products_go_out_as_a_sheet_and_come_back_unchanged,
    a_sheet_changes_what_it_can_say_and_leaves_the_rest,
    orders_and_customers_go_out_as_tables,
    files_are_brought_in_by_hand,
    what_is_no_catalog_is_refused,
}

const IMPORTS: &str = "/api/admin/imports";

/// A member of staff at a program.
async fn staff(shop: &TestApp) -> Api {
    let ada = Staff::hire(shop, Role::Admin).await;
    shop.api().with_bearer(&ada.token)
}

async fn bring(ada: &Api, name: &str, file: &str) -> String {
    let path = format!("{IMPORTS}?name={name}");
    let answer = ada.send_bytes("POST", &path, "application/octet-stream", file.as_bytes().to_vec()).await;
    text(&answer.ok(202)["id"]).to_owned()
}

/// Brings a file, has it looked at, and takes it in.
async fn take(shop: &TestApp, ada: &Api, name: &str, file: &str) -> Value {
    let id = bring(ada, name, file).await;
    shop.drain().await;
    ada.post(&format!("{IMPORTS}/{id}/begin"), &json!({})).await.ok(202);
    shop.drain().await;
    ada.get(&format!("{IMPORTS}/{id}")).await.ok(200)
}

/// Every row of an import.
async fn rows(ada: &Api, id: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for page in 1.. {
        let document = ada.get(&format!("{IMPORTS}/{id}?page={page}")).await.ok(200);
        all.extend(document["rows"].as_array().expect("rows").iter().cloned());
        if all.len() as i64 >= document["rows_total"].as_i64().expect("a number") {
            return all;
        }
    }
    all
}

/// The lines of so many products.
fn cups(count: usize) -> String {
    let variant = r#"{"sku":"CUP-N","price":{"amount":400,"currency":"EUR"},"on_hand":1}"#;
    let cup = |n: usize| {
        let variant = variant.replace('N', &n.to_string());
        format!("{{\"kind\":\"product\",\"slug\":\"cup-{n}\",\"name\":\"Cup {n}\",\"variants\":[{variant}]}}\n")
    };
    (0..count).map(cup).collect()
}

async fn a_dry_run_says_what_the_import_then_does(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = staff(&shop).await;
    let kept = ada.get("/api/admin/exports/catalog").await.text;
    let variant = r#""variants":[{"sku":"CUP-3","price":{"amount":500,"currency":"EUR"}}]"#;
    // Later lines lean on what earlier ones write, also across the parts that the file is taken in.
    let file = [
        kept.replacen("\"name\":\"The mug\"", "\"name\":\"=The mug\"", 1),
        r#"{"kind":"category","slug":"table","name":"Table"}"#.to_owned() + "\n",
        cups(130),
        format!(
            "{{\"kind\":\"product\",\"slug\":\"saucer\",\"name\":\"Saucer\",\"categories\":[\"table\"],{variant}}}\n"
        ),
        format!(
            "{{\"kind\":\"product\",\"slug\":\"beaker\",\"old_slugs\":[\"cup-7\"],\"name\":\"Beaker\",{variant}}}\n"
        ),
        format!(
            "{{\"kind\":\"product\",\"slug\":\"goblet\",\"old_slugs\":[\"cup-7\"],\"name\":\"Goblet\",{variant}}}\n"
        ),
        format!(
            "{{\"kind\":\"product\",\"slug\":\"lost\",\"name\":\"Lost\",\"categories\":[\"nowhere\"],{variant}}}\n"
        ),
        "no json\n".to_owned(),
        r#"{"kind":"coupon","code":"WELCOME","percent":"10"}"#.to_owned(),
    ]
    .concat();
    let before = shop.texts("SELECT slug AS text FROM products ORDER BY slug").await;
    let id = bring(&ada, "catalog.jsonl", &file).await;
    shop.drain().await;
    let checked = ada.get(&format!("{IMPORTS}/{id}")).await.ok(200);
    assert_eq!((text(&checked["state"]), &checked["problem"]), ("checked", &Value::Null), "{checked}");
    assert_eq!(shop.texts("SELECT slug AS text FROM products ORDER BY slug").await, before, "nothing is written");
    let foreseen = rows(&ada, &id).await;

    ada.post(&format!("{IMPORTS}/{id}/begin"), &json!({})).await.ok(202);
    shop.drain().await;
    let done = ada.get(&format!("{IMPORTS}/{id}")).await.ok(200);
    assert_eq!(text(&done["state"]), "done");
    assert_eq!(done["imported"], done["checked"]);
    assert_eq!(rows(&ada, &id).await, foreseen);
    let skipped: Vec<&str> =
        foreseen.iter().filter(|row| row["verdict"] == "skipped").map(|row| text(&row["name"])).collect();
    assert_eq!(skipped, ["goblet", "lost", ""], "{foreseen:?}");
    assert_eq!(done["imported"]["products"]["changed"], 2, "the mug and the beaker: {done}");
    assert_eq!(done["imported"]["products"]["new"], 131);
    assert_eq!(shop.texts("SELECT name AS text FROM products WHERE slug = 'beaker'").await, ["Beaker"]);
    let actors = shop.texts("SELECT DISTINCT actor AS text FROM events WHERE kind = 'coupon.created'").await;
    assert!(actors.iter().all(|actor| actor.starts_with("staff:")), "{actors:?}");
    ada.post(&format!("{IMPORTS}/{id}/begin"), &json!({})).await.refused(409, "not_allowed");
    shop.verify().await;
}

async fn an_interrupted_import_goes_on_where_it_was(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = staff(&shop).await;
    let id = bring(&ada, "cups.jsonl", &cups(450)).await;
    shop.drain().await;
    ada.post(&format!("{IMPORTS}/{id}/begin"), &json!({})).await.ok(202);
    let (app, import) = (shop.app.clone(), id.parse().expect("an id"));
    let running = tokio::spawn(async move { transfers::run(&app, import).await });
    let batches = async || {
        let mut conn = shop.app.db.read().await.expect("the database answers");
        imports::load(&mut conn, import).await.expect("it is there").batches
    };
    while batches().await == 0 {
        tokio::task::yield_now().await;
    }
    running.abort();
    let _ = running.await;
    let by_then = shop.count("SELECT COUNT(*) AS n FROM products WHERE slug LIKE 'cup-%'").await;
    assert!((100..450).contains(&by_then), "{by_then} cups");
    shop.drain().await;
    let done = ada.get(&format!("{IMPORTS}/{id}")).await.ok(200);
    assert_eq!((text(&done["state"]), &done["imported"]), ("done", &done["checked"]), "each is counted once");
    assert_eq!(rows(&ada, &id).await.len(), 450);
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM products WHERE slug LIKE 'cup-%'").await, 450);
    shop.verify().await;
}

const SHEET: &str = "Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty,Option1 Name,Option1 Value\n\
                     jug,Jug,JUG-S,12.50,4,Size,S\n\
                     jug,,JUG-L,19.50,4,Size,L\n\
                     bowl,Bowl,BOWL-S,9.00,4,Size,S\n\
                     bowl,,BOWL-L,a lot,4,Size,L\n\
                     ,,,1.00,,,\n\
                     \"pan\",'=Pan(1),PAN,30.00,1,,\n";

async fn what_was_not_taken_is_mended_and_brought_again(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = staff(&shop).await;
    let done = take(&shop, &ada, "sheet.csv", SHEET).await;
    assert_eq!((&done["imported"]["products"]["new"], &done["imported"]["skipped"]), (&json!(2), &json!(2)), "{done}");
    assert_eq!(shop.texts("SELECT name AS text FROM products WHERE slug = 'pan'").await, ["=Pan(1)"]);
    let id = text(&done["id"]);
    let errors = ada.get(&format!("{IMPORTS}/{id}/errors")).await;
    assert!(errors.header("content-disposition").contains("not-imported.csv"), "{:?}", errors.headers);
    let lines: Vec<&str> = errors.text.lines().collect();
    assert_eq!(lines.len(), 4, "{}", errors.text);
    assert!(lines[0].ends_with(",Import problem"), "{}", lines[0]);
    assert!(lines[1].starts_with("bowl,Bowl,") && lines[1].contains("line 5"), "{}", lines[1]);

    let mended = errors.text.replace("a lot", "14.00").replace(lines[3], "");
    let again = take(&shop, &ada, "mended.csv", &mended).await;
    assert_eq!((&again["imported"]["products"]["new"], &again["imported"]["skipped"]), (&json!(1), &json!(0)));
    assert_eq!(again["imported"]["warnings"], 0, "{again}");
    assert_eq!(shop.stock("BOWL-L").await.0, 4);

    let broken = "{\"kind\":\"product\",\"slug\":\"tray\",\"name\":\"Tray\",\"variants\":[]}\n";
    let done = take(&shop, &ada, "one.jsonl", broken).await;
    let id = text(&done["id"]);
    let line = ada.get(&format!("{IMPORTS}/{id}/errors")).await.json();
    assert!(line["Import problem"].is_string(), "{line}");
    let mut mended = line.clone();
    mended["variants"] = json!([{ "price": { "amount": 900, "currency": "EUR" } }]);
    let again = take(&shop, &ada, "one.jsonl", &mended.to_string()).await;
    assert_eq!(again["imported"]["products"]["new"], 1, "{again}");
}

async fn a_stopped_import_keeps_what_it_has_and_goes_no_further(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = staff(&shop).await;
    let id = bring(&ada, "cups.jsonl", &cups(3)).await;
    shop.drain().await;
    ada.post(&format!("{IMPORTS}/{id}/begin"), &json!({})).await.ok(202);
    ada.post(&format!("{IMPORTS}/{id}/cancel"), &json!({})).await.ok(200);
    shop.drain().await;
    let stopped = ada.get(&format!("{IMPORTS}/{id}")).await.ok(200);
    assert_eq!(text(&stopped["state"]), "canceled");
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM products WHERE slug LIKE 'cup-%'").await, 0);
    ada.post(&format!("{IMPORTS}/{id}/cancel"), &json!({})).await.refused(409, "not_allowed");
}

async fn sheet(ada: &Api) -> String {
    ada.get("/api/admin/exports/catalog?format=csv").await.text
}

async fn products_go_out_as_a_sheet_and_come_back_unchanged(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = staff(&shop).await;
    let odd = r#"{"kind":"product","slug":"odd","name":"=HYPERLINK(\"x\")","brand":"'@home","status":"active",
        "tags":["+new"],"attributes":[{"name":"=Made of","value":"-steel"}],
        "variants":[{"sku":"-1","price":{"amount":100,"currency":"EUR"},"on_hand":3}]}"#;
    take(&shop, &ada, "odd.jsonl", &odd.replace('\n', "")).await;
    let out = sheet(&ada).await;
    for cell in ["'=HYPERLINK", "''@home", "'+new", "'=Made of", "'-steel", "'-1"] {
        assert!(out.contains(cell), "{cell} in {out}");
    }
    let before = ada.get("/api/admin/exports/catalog").await.text;
    let done = take(&shop, &ada, "products.csv", &out).await;
    let products = &done["imported"]["products"];
    assert_eq!(
        (&products["new"], &products["changed"], &done["imported"]["skipped"]),
        (&json!(0), &json!(0), &json!(0)),
        "{done}"
    );
    assert_eq!(sheet(&ada).await, out);
    assert_eq!(ada.get("/api/admin/exports/catalog").await.text, before);
}

async fn a_sheet_changes_what_it_can_say_and_leaves_the_rest(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = staff(&shop).await;
    let rich = r#"{"kind":"product","slug":"rich","name":"Rich","summary":"A line","status":"active",
        "low_stock_threshold":7,"related":["mug"],"attributes":[{"name":"Care","value":"Wipe"}],
        "images":[{"src":"https://e.com/a.jpg","width":640,"height":480}],
        "variants":[{"sku":"RICH","price":{"amount":100,"currency":"EUR"},"on_hand":3}]}"#;
    take(&shop, &ada, "rich.jsonl", &rich.replace('\n', "")).await;
    let out = sheet(&ada).await;
    let rows: Vec<&str> = out.lines().filter(|line| line.starts_with("Handle,") || line.starts_with("rich,")).collect();
    let done = take(&shop, &ada, "edited.csv", &rows.join("\n").replace("1.00", "2.50").replace("Wipe", "Wash")).await;
    assert_eq!(done["imported"]["products"]["changed"], 1, "{done}");
    let catalog = ada.get("/api/admin/exports/catalog").await.text;
    let line = catalog.lines().find(|line| line.contains("\"slug\":\"rich\"")).expect("it is still there");
    let rich: Value = serde_json::from_str(line).expect("a line of JSON");
    assert_eq!(rich["variants"][0]["price"]["amount"], 250);
    assert_eq!(rich["attributes"], json!([{ "name": "Care", "value": "Wash" }]));
    assert_eq!((&rich["summary"], &rich["low_stock_threshold"]), (&json!("A line"), &json!(7)));
    assert_eq!((&rich["related"], &rich["images"][0]["width"]), (&json!(["mug"]), &json!(640)));
}

async fn orders_and_customers_go_out_as_tables(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = staff(&shop).await;
    let mut buyer = shop.buyer().await;
    buyer.address["name"] = json!("=cmd|calc");
    buyer.add(&shop, "MUG", 3).await.ok(200);
    buyer.add(&shop, "LAMP", 1).await.ok(200);
    buyer.check_out().await.ok(201);
    buyer.pay("4242 4242 4242 4242").await.ok(200);
    let orders = records(&ada.get("/api/admin/exports/orders").await);
    assert_eq!(orders.len(), 3, "the columns, and a row for each line: {orders:?}");
    let cell = |row: usize, name: &str| {
        let column = orders[0].iter().position(|column| column == name).expect("a column of this name");
        orders[row][column].as_str()
    };
    assert_eq!((cell(1, "SKU"), cell(1, "Quantity"), cell(1, "Unit price")), ("MUG", "3", "14.50"));
    assert_eq!((cell(2, "SKU"), cell(2, "Total"), cell(2, "Order")), ("LAMP", "", cell(1, "Order")));
    assert_eq!(cell(1, "Shipping name"), "'=cmd|calc");
    assert_eq!(cell(1, "Paid"), cell(1, "Total"));
    let none = records(&ada.get("/api/admin/exports/orders?to=2001-01-01").await);
    assert_eq!(none.len(), 1, "{none:?}");
    ada.get("/api/admin/exports/orders?from=soon").await.refused(422, "invalid_fields");

    let customers = records(&ada.get("/api/admin/exports/customers").await);
    assert_eq!(customers[1][..3], [buyer.email.as_str(), "'=cmd|calc", "1"], "{customers:?}");
    ada.get("/api/admin/exports/secrets").await.refused(404, "not_found");
    shop.api().get("/api/admin/exports/customers").await.refused(401, "unauthenticated");
}

fn records(answer: &Answer) -> Vec<Vec<String>> {
    assert!(answer.header("content-type").starts_with("text/csv"), "{:?}", answer.headers);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(answer.text.as_bytes());
    reader.records().map(|row| row.expect("a CSV").iter().map(str::to_owned).collect()).collect()
}

async fn files_are_brought_in_by_hand(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = Staff::hire(&shop, Role::Admin).await;
    let browser = ada.browser(&shop).await;
    let page = browser.open("/admin/transfers").await.is(200).says("Upload and check");
    let form = page.form("/admin/transfers/imports");
    let file = SHEET.replace("a lot", "14.00").into_bytes();
    let page = browser.send_with_file(&form, "file", "sheet.csv", file.clone()).await;
    let page = page.is(200).says("Being checked");
    shop.drain().await;
    let page = browser.open(&page.path).await.says("Nothing has been changed yet").says("Import 3 changes");
    let begin = page.form(&format!("{}/begin", page.path));
    browser.send(&begin).await.says("Being imported");
    shop.drain().await;
    let page = browser.open(&page.path).await.says("This is what happened").says("jug");
    browser.open(&format!("{}?problems=1", page.path)).await.says("the row has no handle");
    browser.open("/admin/transfers").await.says("sheet.csv").says("Imported");
    let refused = browser.send_with_file(&form.set("csrf", "mine"), "file", "sheet.csv", file).await;
    assert_eq!(refused.status, 403, "without the page's token");
}

async fn what_is_no_catalog_is_refused(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = staff(&shop).await;
    let send = async |path: &str, body: Vec<u8>| ada.send_bytes("POST", path, "text/csv", body).await;
    send(IMPORTS, vec![]).await.refused(422, "invalid_fields");
    send(&format!("{IMPORTS}?format=xml"), b"x".to_vec()).await.refused(422, "invalid_fields");
    let too_large = vec![b'a'; transfers::MOST_BYTES + 128 * 1024];
    send(IMPORTS, too_large).await.refused(413, "body_too_large");
    for (nonsense, said) in
        [(vec![0xff_u8; 64], "neither a column Handle"), (b"\x1f\x8b not packed".to_vec(), "can't be read")]
    {
        let id = send(IMPORTS, nonsense).await.ok(202)["id"].clone();
        shop.drain().await;
        let failed = ada.get(&format!("{IMPORTS}/{}", text(&id))).await.ok(200);
        assert_eq!(text(&failed["state"]), "failed", "{failed}");
        assert!(text(&failed["problem"]).contains(said), "{failed}");
    }
    shop.api().send_bytes("POST", IMPORTS, "text/csv", b"Handle\n".to_vec()).await.refused(401, "unauthenticated");
}
