//! The settings of the shop: shown, checked, saved by one or by two, and in force at once. And saved views of lists.

use oxcart::store::defaults::MARKET;
use oxcart::store::events;
use serde_json::{Value, json};

use crate::admin_products::png;
use crate::app::{Engine, Setup, TestApp, both_engines};
use crate::builders::simple;
use crate::buyer::text;
use crate::staff::{ADMIN, Staff};

both_engines!(
    a_change_is_in_force_at_once_and_has_its_event,
    every_section_saves_what_it_shows,
    the_picture_of_the_front_page_is_uploaded,
    what_is_wrong_is_said_beside_the_field,
    two_who_change_different_things_are_both_heard,
    two_who_change_the_same_see_both_and_nothing_is_lost,
    rows_come_and_go_without_scripts,
    a_currency_with_prices_stays,
    programs_change_settings_by_their_version,
    a_view_is_kept_for_oneself_or_for_everybody,
    a_list_keeps_its_view_and_forgets_it,
);

const SECTIONS: [&str; 6] = ["general", "front", "taxes", "shipping", "sender", "legal"];

fn path(section: &str) -> String {
    format!("/admin/settings/{section}")
}

async fn a_change_is_in_force_at_once_and_has_its_event(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    let browser = ada.browser(&shop).await;
    let form = browser.open(&path("front")).await.is(200).form(&path("front"));
    browser.send(&form.set("notice", "Closed on Monday")).await.is(200).says("Saved.");
    shop.visitor().open("/").await.is(200).says("Closed on Monday");

    let mut conn = shop.app.db.read().await.expect("a connection");
    let events = events::of(&mut conn, MARKET).await.expect("is read");
    let event = events.iter().rfind(|event| event.kind == "settings.changed").expect("it is told");
    assert_eq!(event.actor, format!("staff:{}", ada.id));
    assert_eq!(event.data.0, json!({ "fields": ["notice"] }), "what it says stays out of events");
    drop(conn);
    shop.verify().await;
}

async fn every_section_saves_what_it_shows(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    let browser = ada.browser(&shop).await;
    browser.open("/admin/settings").await.is(200).says("Taxes");
    let before = ada.get("/api/admin/settings").await.ok(200);
    for section in SECTIONS {
        let form = browser.open(&path(section)).await.is(200).form(&path(section));
        browser.send(&form).await.is(200).says("Saved.");
    }
    let mut after = ada.get("/api/admin/settings").await.ok(200);
    after["version"] = before["version"].clone();
    assert_eq!(after, before, "saving what is there changes nothing");
    browser.open(&path("nothing")).await.is(404);
    shop.visitor().open(&path("general")).await.is(200).says("Sign in");
}

async fn the_picture_of_the_front_page_is_uploaded(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await.browser(&shop).await;
    let form = ada.open(&path("front")).await.is(200).form(&path("front"));
    let texts = [("title", "Mended"), ("text", "By hand"), ("link_label", "Look"), ("link_url", "/products")];
    let form = texts.iter().fold(form, |form, (name, value)| form.set(&format!("hero.{name}"), value));
    let form = form.set("hero.alt", "A mended cup");
    ada.send_with_file(&form, "picture", "a.png", b"no picture".to_vec()).await.is(422).says("GIF");
    ada.send_with_file(&form, "picture", "a.png", png()).await.is(200).says("Saved.");
    let page = shop.visitor().open("/").await.is(200);
    let (_, rest) = page.html.split_once("class=\"hero-picture\"><img src=\"").expect("the picture is there");
    let (picture, _) = rest.split_once('"').expect("it has an address");
    assert!(picture.starts_with("/media/"), "{picture}");
    shop.visitor().open(picture).await.is(200);
    shop.verify().await;
}

async fn what_is_wrong_is_said_beside_the_field(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    let browser = ada.browser(&shop).await;
    for (section, field, value, message) in [
        ("general", "name", " ", "Has to be 1 to 100 characters."),
        ("general", "time_zone", "Mars", "Has to be an IANA name"),
        ("front", "hero.link_url", "javascript:alert(1)", "Has to be a path such as /products"),
        ("taxes", "tax.default_rate", "many", "Has to be a percentage"),
        ("shipping", "shipping.methods[0].amount", "4,9,5", "is not an amount"),
        ("shipping", "shipping.methods[0].countries", "NL, Atlantis", "Has to name countries"),
        ("sender", "sender.email", "nobody", "Has to be an e-mail address."),
        ("legal", "legal.terms_html", "<p>Other terms.</p>", "Not saved yet"),
    ] {
        let form = browser.open(&path(section)).await.is(200).form(&path(section));
        let page = browser.send(&form.set(field, value)).await.is(422).says(message);
        let back = page.form(&path(section));
        assert_eq!(back.value(field).map(str::trim), Some(value.trim()), "what was typed is kept");
    }
    let settings = ada.get("/api/admin/settings").await.ok(200);
    assert_eq!(settings["time_zone"], "Europe/Amsterdam", "nothing was taken");
}

async fn two_who_change_different_things_are_both_heard(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let (ada, bob) = (Staff::hire(&shop, ADMIN).await, Staff::hire(&shop, ADMIN).await);
    let (hers, his) = (ada.browser(&shop).await, bob.browser(&shop).await);
    let stale = hers.open(&path("general")).await.is(200).form(&path("general"));
    let form = his.open(&path("general")).await.is(200).form(&path("general"));
    his.send(&form.set("name", "Harbour")).await.is(200).says("Saved.");
    hers.send(&stale.set("country", "BE")).await.is(200).says("somebody else changed meanwhile");
    let settings = ada.get("/api/admin/settings").await.ok(200);
    assert_eq!((text(&settings["name"]), text(&settings["country"])), ("Harbour", "BE"));
}

async fn two_who_change_the_same_see_both_and_nothing_is_lost(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let (ada, bob) = (Staff::hire(&shop, ADMIN).await, Staff::hire(&shop, ADMIN).await);
    let (hers, his) = (ada.browser(&shop).await, bob.browser(&shop).await);
    let stale = hers.open(&path("general")).await.is(200).form(&path("general"));
    let form = his.open(&path("general")).await.is(200).form(&path("general"));
    his.send(&form.set("name", "Harbour")).await.is(200).says("Saved.");

    let page = hers.send(&stale.set("name", "Quay").set("country", "BE")).await.is(409);
    let words = page.words();
    assert!(words.contains("Harbour") && words.contains("Quay"), "both are shown: {words}");
    let settings = ada.get("/api/admin/settings").await.ok(200);
    assert_eq!((text(&settings["name"]), text(&settings["country"])), ("Harbour", "NL"), "nothing was overwritten");
    // What she typed is still there, and saving it now is meant.
    hers.send(&page.form(&path("general"))).await.is(200).says("Saved.");
    let settings = ada.get("/api/admin/settings").await.ok(200);
    assert_eq!((text(&settings["name"]), text(&settings["country"])), ("Quay", "BE"));
    shop.verify().await;
}

async fn rows_come_and_go_without_scripts(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    let browser = ada.browser(&shop).await;
    let taxes = path("taxes");
    let mut form = browser.open(&taxes).await.is(200).form(&taxes);
    let rows = |settings: &Value| settings["tax"]["rates"].as_array().map_or(0, Vec::len);
    let before = rows(&ada.get("/api/admin/settings").await.ok(200));
    for index in [before, before + 1] {
        form = browser.send(&form.press("rows", "add")).await.is(200).form(&taxes);
        let at = |field: &str| format!("tax.rates[{index}].{field}");
        let country = if index == before { "Peru" } else { "cl" };
        form = form.set(&at("country"), country).set(&at("rate"), "18,5 %").set(&at("label"), "IGV");
    }
    form = browser.send(&form.press("rows", &format!("remove-{}", before + 1))).await.is(200).form(&taxes);
    assert_eq!(rows(&ada.get("/api/admin/settings").await.ok(200)), before, "nothing is saved yet");
    browser.send(&form).await.is(200).says("Saved.");
    let settings = ada.get("/api/admin/settings").await.ok(200);
    let last = &settings["tax"]["rates"][before];
    assert_eq!((text(&last["country"]), text(&last["rate"]), text(&last["label"])), ("PE", "18.5", "IGV"));
    assert_eq!(rows(&settings), before + 1);
}

async fn a_currency_with_prices_stays(engine: Engine) {
    let shop = Setup::on(engine).products(vec![]).open().await;
    let ada = Staff::hire(&shop, ADMIN).await;
    let browser = ada.browser(&shop).await;
    let general = path("general");
    let form = browser.open(&general).await.is(200).form(&general);
    browser.send(&form.clone().set("currency", "USD")).await.is(200).says("Saved.");
    let settings = ada.get("/api/admin/settings").await.ok(200);
    assert_eq!(settings["shipping"]["methods"][0]["amount"]["currency"], "USD");
    let form = browser.open(&general).await.is(200).form(&general);
    browser.send(&form.set("currency", "EUR")).await.is(200).says("Saved.");

    shop.stock_up(vec![], vec![simple("kettle", 2_000, 5)]).await;
    let form = browser.open(&general).await.is(200).form(&general);
    browser.send(&form.set("currency", "USD")).await.is(422).says("prices are in another one");
    shop.verify().await;
}

async fn programs_change_settings_by_their_version(engine: Engine) {
    let shop = TestApp::open(engine).await;
    shop.api().get("/api/admin/settings").await.refused(401, "unauthenticated");
    let ada = Staff::hire(&shop, ADMIN).await;
    let settings = ada.get("/api/admin/settings").await.ok(200);
    let version = &settings["version"];
    let patch = |members: Value| {
        let mut patch = members;
        patch["version"] = version.clone();
        patch
    };
    ada.patch("/api/admin/settings", &json!({ "name": "Quay" })).await.refused(422, "invalid_fields");
    let unknown = ada.patch("/api/admin/settings", &patch(json!({ "nmae": "Quay" }))).await;
    assert_eq!(unknown.wrong_fields(), ["nmae"]);
    let wrong = ada.patch("/api/admin/settings", &patch(json!({ "country": "XX" }))).await;
    assert_eq!(wrong.wrong_fields(), ["country"]);
    let rates = json!([{ "country": "NL", "rate": "21", "label": "BTW" }]);
    let tax = json!({ "prices_include_tax": true, "rates": rates });
    let taken = ada.patch("/api/admin/settings", &patch(json!({ "name": "Quay", "tax": tax }))).await.ok(200);
    assert_eq!((text(&taken["name"]), text(&taken["tax"]["rates"][0]["label"])), ("Quay", "BTW"));
    let stale = ada.patch("/api/admin/settings", &patch(json!({ "name": "Old" }))).await;
    let stale = stale.refused(409, "version_conflict");
    assert_eq!((&stale["current"]["name"], &stale["current"]["version"]), (&json!("Quay"), &taken["version"]));
}

async fn a_view_is_kept_for_oneself_or_for_everybody(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let (ada, bob) = (Staff::hire(&shop, ADMIN).await, Staff::hire(&shop, ADMIN).await);
    let view = |name: &str, shared: bool| json!({ "list": "orders", "name": name, "query": "q=oak", "shared": shared });
    let own = ada.post("/api/admin/views", &view("Oak", false)).await.ok(201);
    let shared = ada.post("/api/admin/views", &view("All oak", true)).await.ok(201);
    ada.post("/api/admin/views", &view(" ", false)).await.refused(422, "invalid_fields");
    let names = async |staff: &Staff| {
        let views = staff.get("/api/admin/views").await.ok(200);
        let views = views.as_array().cloned().unwrap_or_default();
        views.iter().map(|view| text(&view["name"]).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&ada).await, ["All oak", "Oak"]);
    assert_eq!(names(&bob).await, ["All oak"]);
    let at = |view: &Value| format!("/api/admin/views/{}", text(&view["id"]));
    bob.delete(&at(&shared)).await.refused(404, "not_found");
    ada.delete(&at(&own)).await;
    assert_eq!(names(&ada).await, ["All oak"]);
}

async fn a_list_keeps_its_view_and_forgets_it(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    let browser = ada.browser(&shop).await;
    let form = browser.open("/admin/orders?q=oak").await.is(200).form("/admin/views");
    let page = browser.send(&form.set("name", "Oak & ash")).await.is(200).says("The view is saved.");
    let views = ada.get("/api/admin/views").await.ok(200);
    let view = &views[0];
    assert_eq!((text(&view["list"]), text(&view["query"])), ("orders", "q=oak"));
    assert!(page.words().contains("Oak & ash"), "it has a tab");
    let delete = format!("/admin/views/{}/delete", text(&view["id"]));
    browser.send(&page.form(&delete)).await.is(200).says("The view is gone.");
    assert_eq!(ada.get("/api/admin/views").await.ok(200), json!([]));
}
