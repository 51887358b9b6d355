//! From the listing to the order: through the API, through plain forms, with every card and every way to pay.

use serde_json::json;

use crate::app::{Engine, Setup, TestApp, both_engines};
use crate::builders::{DECLINED_CARD, GOOD_CARD, LATE_CARD, POOR_CARD, SECURE_CARD, amount_off, card};
use crate::buyer::{Buyer, minor, text};
use crate::visitor::{Page, Visitor};

both_engines!(
    a_program_buys_with_a_declined_card_and_then_a_good_one,
    a_person_without_scripts_buys_the_same_way,
    the_bank_asks_the_buyer_to_confirm,
    a_person_confirms_at_the_bank_without_scripts,
    a_late_card_pays_after_two_seconds,
    a_bank_transfer_is_ordered_before_it_is_paid,
    a_coupon_that_pays_for_everything_needs_no_bank,
    what_is_not_counted_or_made_to_order_is_sold_without_end,
);

/// What a sale leaves behind when a declined card came first.
const OUTCOME: &str = "\
order open paid unfulfilled 10195 EUR
payment sandbox declined 0 of 10195
payment sandbox succeeded 10195 of 10195
moved KETTLE-BRICK-10 -1
moved MUG -2
event checkout.opened
event payment.started
event checkout.processing
event payment.declined
event checkout.reopened
event payment.started
event checkout.processing
event payment.succeeded
event checkout.completed
event order.placed
job mail_order_confirmation done";

async fn a_program_buys_with_a_declined_card_and_then_a_good_one(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut buyer = shop.buyer().await;

    let listed = buyer.get("/api/products?category=kitchen&sort=price-asc").await.ok(200);
    let slug = listed["items"].as_array().and_then(|items| items.iter().find(|item| item["name"] == "Stove kettle"));
    let product = buyer.get(&format!("/api/products/{}", text(&slug.expect("it is listed")["slug"]))).await.ok(200);
    let variant = product["variants"].as_array().and_then(|all| all.iter().find(|v| v["sku"] == "KETTLE-BRICK-10"));
    let add = json!({ "variant_id": variant.expect("it has three")["id"], "quantity": 1 });
    buyer.cart = buyer.post(&format!("{}/items", buyer.cart_path()), &add).await.ok(200);
    buyer.add(&shop, "MUG", 2).await.ok(200);

    let checkout = buyer.check_out().await.ok(201);
    assert_eq!(minor(&checkout["totals"]["total"]), 6800 + 2 * 1450 + 495);
    assert_eq!(checkout["shipping_method"], "standard", "the cheapest is the default");
    assert_eq!((shop.stock("MUG").await, shop.stock("KETTLE-BRICK-10").await), ((100, 2), (10, 1)));

    buyer.pay(DECLINED_CARD).await.refused(402, "card_declined");
    assert_eq!(shop.stock("MUG").await, (100, 2), "a decline keeps the reservation");
    let order = buyer.pay(GOOD_CARD).await.ok(200)["order"].clone();
    let again = buyer.pay(GOOD_CARD).await.ok(200)["order"].clone();
    assert_eq!(order, again, "paying again answers the same order");

    let seen = buyer.get(&link_of_api(&order)).await.ok(200);
    assert_eq!((&seen["payment_status"], minor(&seen["totals"]["total"])), (&json!("paid"), 10_195));
    let found =
        buyer.post("/api/orders/lookup", &json!({ "number": seen["number"], "email": "ADA@example.com" })).await;
    assert_eq!(found.ok(200)["id"], seen["id"]);

    // An hour later nothing has happened twice and nothing is held.
    shop.after_minutes(60).await;
    let subject = format!("mail {} to ada@example.com", shop.mails()[0].subject);
    assert_eq!(shop.outcome().await, format!("{OUTCOME}\n{subject}"));
    assert!(subject.contains(text(&seen["number"])), "{subject}");
    shop.verify().await;
}

/// `/api/orders/{id}?token=` of the private link that a checkout's `order` carries.
fn link_of_api(order: &serde_json::Value) -> String {
    let (_, query) = text(&order["url"]).split_once('?').expect("a private link has its token");
    let token = query.split('&').find(|pair| pair.starts_with("token=")).expect("a private link has its token");
    format!("/api/orders/{}?{token}", text(&order["id"]))
}

async fn a_person_without_scripts_buys_the_same_way(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = shop.visitor();

    let listing = ada.open("/c/kitchen").await.is(200).says("Stove kettle");
    let product = ada.open(&listing.link("/p/stove-kettle")).await.is(200).says("€68.00").says("€80.00");
    let kettle = product.form("/cart/items").set("option.Colour", "Brick").set("option.Size", "1.0 l");
    ada.send(&kettle).await.is(200).says("Stove kettle");
    let mug = ada.open("/p/mug").await.form("/cart/items").set("quantity", "1");
    let cart = ada.send(&mug).await.is(200);
    assert_eq!(cart.path, "/cart", "adding leads to the cart");
    let more = cart.html.contains("name=\"quantity\" value=\"2\"");
    assert!(more, "the mug can be raised to two");
    let raise = html_form_with(&cart, "quantity", "2");
    ada.send(&raise).await.is(200).says("€97.00");

    let checkout = ada.open("/checkout").await.is(200);
    let refused = ada.send(&checkout.form("/checkout").press("action", "pay")).await.is(422);
    assert!(refused.html.contains("aria-invalid"), "empty fields are marked");
    let declined = ada.send(&filled(&refused, DECLINED_CARD)).await.is(402).says("€101.95");
    assert_eq!(declined.form("/checkout").value("name"), Some("Ada Lovelace"), "what was typed stays");
    let thanks = ada.send(&filled(&declined, GOOD_CARD)).await.is(200).says("€101.95");
    assert!(thanks.path.starts_with("/orders/") && thanks.path.contains("token="), "{}", thanks.path);

    let back = ada.open("/checkout").await.is(200);
    assert_eq!(back.path.split('&').next(), thanks.path.split('&').next(), "the button back leads to the order");

    shop.after_minutes(60).await;
    assert_eq!(ada.open("/checkout").await.is(200).path, "/cart", "but not whoever sits here later");
    let mail = shop.mails().remove(0);
    let order = ada.open(&mail.link("/orders/")).await.is(200).says("Keizersgracht 1").says("€101.95");
    let number = shop.texts("SELECT number AS text FROM orders").await.remove(0);
    let find = ada.open("/orders/find").await.is(200).form("/orders/find");
    let found = shop.visitor().send(&find.set("number", &number).set("email", "ada@example.com")).await.is(200);
    assert_eq!(found.path.split('?').next(), order.path.split('?').next(), "the lookup leads to the same order");
    // Pressing the button again is a new checkout in place of the old one, which is never in the way.
    let outcome = OUTCOME.replace(
        "event checkout.reopened\n",
        "event checkout.reopened\nevent checkout.canceled\nevent checkout.opened\n",
    );
    assert_eq!(shop.outcome().await, format!("{outcome}\nmail {} to ada@example.com", mail.subject));
    shop.verify().await;
}

/// The first form of the cart that sends a quantity.
fn html_form_with(cart: &Page, field: &str, value: &str) -> crate::html::Form {
    let mut forms = crate::html::forms(&cart.html);
    forms.retain(|form| form.action.starts_with("/cart/items/") && form.value(field) == Some(value));
    forms.into_iter().next_back().expect("the cart has such a form")
}

/// The checkout's form, filled in by Ada.
fn filled(page: &Page, number: &str) -> crate::html::Form {
    let fields = [
        ("email", "ada@example.com"),
        ("name", "Ada Lovelace"),
        ("line1", "Keizersgracht 1"),
        ("postal_code", "1015 CJ"),
        ("city", "Amsterdam"),
        ("shipping_method", "standard"),
        ("payment_method", "sandbox"),
        ("card_number", number),
        ("card_exp", "12/79"),
        ("card_cvc", "123"),
        ("accept_terms", "true"),
    ];
    let form = page.form("/checkout").press("action", "pay");
    fields.into_iter().fold(form, |form, (name, value)| form.set(name, value))
}

async fn the_bank_asks_the_buyer_to_confirm(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut buyer = Buyer::at_the_till(&shop, "LAMP").await;

    let waiting = buyer.pay(SECURE_CARD).await.ok(202);
    assert_eq!(waiting["status"], "processing");
    assert_eq!(waiting["payment"]["next_action"]["type"], "redirect");
    assert!(!text(&waiting["payment"]["next_action"]["url"]).is_empty());
    buyer.pay(GOOD_CARD).await.refused(409, "payment_in_progress");
    buyer.set(0, 0).await.refused(409, "payment_in_progress");
    assert!(buyer.complete_payment("fail").await.status < 300);
    let open = buyer.look_at_checkout().await;
    assert_eq!((&open["status"], shop.stock("LAMP").await), (&json!("open"), (1, 1)), "refused, and held on");
    shop.drain().await;
    assert_eq!(shop.mails().len(), 1, "who was sent away is told");

    buyer.pay(SECURE_CARD).await.ok(202);
    assert!(buyer.complete_payment("succeed").await.status < 300);
    let paid = buyer.look_at_checkout().await;
    assert_eq!((&paid["status"], shop.stock("LAMP").await), (&json!("completed"), (0, 0)));
    shop.drain().await;
    assert_eq!(shop.mails().len(), 2, "and so is who has ordered");
    shop.verify().await;
}

async fn a_person_confirms_at_the_bank_without_scripts(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = shop.visitor();
    let bank = pay_for_a_mug(&ada, SECURE_CARD).await.is(200).says("€19.45");
    assert!(bank.path.starts_with("/sandbox/3ds/"), "{}", bank.path);
    let no = html_form_at(&bank).press("outcome", "fail");
    let back = ada.send(&no).await;
    assert!(back.path.starts_with("/checkout"), "a refusal leads back to the checkout: {}", back.path);

    let again = ada.open("/checkout").await.is(200);
    let bank = ada.send(&filled(&again, SECURE_CARD)).await.is(200);
    let thanks = ada.send(&html_form_at(&bank).press("outcome", "succeed")).await.is(200);
    assert!(thanks.path.starts_with("/orders/"), "{}", thanks.path);
    let forged = thanks.path.replace("token=", "token=0");
    assert_eq!(ada.open(&forged).await.status, 404, "a forged link shows nothing");
    shop.drain().await;
    shop.verify().await;
}

fn html_form_at(bank: &Page) -> crate::html::Form {
    bank.form(bank.path.split('?').next().expect("a path"))
}

/// Everything up to the pay button, for one mug.
async fn pay_for_a_mug(visitor: &Visitor, number: &str) -> Page {
    let mug = visitor.open("/p/mug").await.is(200).form("/cart/items");
    visitor.send(&mug).await.is(200);
    let checkout = visitor.open("/checkout").await.is(200);
    visitor.send(&filled(&checkout, number)).await
}

async fn a_late_card_pays_after_two_seconds(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut buyer = Buyer::at_the_till(&shop, "LAMP").await;
    let waiting = buyer.pay(LATE_CARD).await.ok(202);
    assert_eq!((&waiting["status"], &waiting["payment"]["next_action"]), (&json!("processing"), &json!(null)));
    shop.after_seconds(1).await;
    assert_eq!(buyer.look_at_checkout().await["status"], "processing");
    shop.after_seconds(2).await;
    assert_eq!(buyer.look_at_checkout().await["status"], "completed");
    assert_eq!(shop.stock("LAMP").await, (0, 0));

    let ada = shop.visitor();
    let waiting = pay_for_a_mug(&ada, LATE_CARD).await.is(200);
    assert!(waiting.path.starts_with("/checkout/"), "{}", waiting.path);
    shop.after_seconds(3).await;
    let thanks = ada.open(&waiting.path).await.is(200);
    assert!(thanks.path.starts_with("/orders/"), "{}", thanks.path);
    shop.verify().await;
}

async fn a_bank_transfer_is_ordered_before_it_is_paid(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut buyer = shop.buyer().await;
    buyer.add(&shop, "MUG", 1).await.ok(200);
    let checkout = buyer.check_out_with(json!({ "payment_method": "manual" })).await.ok(201);
    buyer
        .pay_with(&json!({ "version": checkout["version"], "card": card(GOOD_CARD) }))
        .await
        .refused(422, "invalid_fields");
    let ordered = buyer.pay_with(&json!({ "version": checkout["version"] })).await.ok(200);
    let order = buyer.get(&link_of_api(&ordered["order"])).await.ok(200);
    assert_eq!((&order["status"], &order["payment_status"]), (&json!("open"), &json!("pending")));
    shop.after_minutes(24 * 60).await;
    assert_eq!(shop.stock("MUG").await, (99, 0), "it is sold, and stays so");
    shop.verify().await;
}

async fn a_coupon_that_pays_for_everything_needs_no_bank(engine: Engine) {
    let shop = Setup::on(engine).coupon(amount_off("GIFT", 100_000)).open().await;
    let mut buyer = shop.buyer().await;
    buyer.add(&shop, "PLAN", 1).await.ok(200);
    let cart = buyer.coupon(" gift ").await.ok(200);
    assert_eq!(minor(&cart["totals"]["total"]), 0, "never below nothing");
    let checkout = buyer.check_out().await.ok(201);
    assert_eq!((minor(&checkout["totals"]["total"]), minor(&checkout["totals"]["tax"])), (0, 0));
    let paid = buyer.pay_with(&json!({ "version": checkout["version"] })).await.ok(200);
    let order = buyer.get(&link_of_api(&paid["order"])).await.ok(200);
    assert_eq!((&order["payment_status"], minor(&order["totals"]["discount"])), (&json!("paid"), 500));
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM sandbox_payments").await, 0, "the bank was not asked");
    shop.drain().await;
    shop.verify().await;
}

async fn what_is_not_counted_or_made_to_order_is_sold_without_end(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut buyer = shop.buyer().await;
    buyer.add(&shop, "PLAN", 999).await.ok(200);
    buyer.add(&shop, "STOOL", 3).await.ok(200);
    buyer.check_out().await.ok(201);
    buyer.pay(POOR_CARD).await.refused(402, "insufficient_funds");
    buyer.pay(GOOD_CARD).await.ok(200);
    assert_eq!(shop.stock("STOOL").await, (-3, 0), "what is owed to buyers is below zero");
    assert_eq!(shop.stock("PLAN").await, (0, 0), "what is not counted never moves");
    shop.verify().await;
}
