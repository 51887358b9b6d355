//! A merchant and a shopper, each in a Chromium of their own, on one shop: a product is made and sold, sent in part, paid
//! back in part, and another order is called off. After every step the database agrees with itself.

use std::sync::Arc;

use commerce::staff::Role;
use fantoccini::Locator;
use image::{ImageFormat, Rgb, RgbImage};

use crate::app::{Engine, TestApp, both_engines};
use crate::builders::GOOD_CARD;
use crate::chromium::Look;
use crate::person::Person;
use crate::staff::{PASSWORD, Staff};

both_engines!(a_merchant_makes_sells_sends_and_pays_back);

const COLOURS: [&str; 3] = ["Oak", "Ink", "Rust"];
const SIZES: [&str; 4] = ["S", "M", "L", "XL"];

async fn a_merchant_makes_sells_sends_and_pays_back(engine: Engine) {
    let shop = Arc::new(TestApp::open(engine).await);
    let merchant = Person::enter_a(shop.clone(), Look::DESK).await;
    sign_in(&merchant).await;

    make_the_apron(&merchant).await;
    agrees(&shop).await;
    let address = publish(&merchant).await;
    agrees(&shop).await;

    let shopper = Person::enter_a(shop.clone(), Look::PHONE).await;
    let order = buy(&shopper, &address, 3).await;
    agrees(&shop).await;

    open_order(&merchant, "10001").await;
    ship(&merchant, 1).await;
    agrees(&shop).await;
    shopper.open(&order).await;
    shopper.reads("1 Z 2345").await;

    open_order(&merchant, "10001").await;
    refund_one(&merchant).await;
    agrees(&shop).await;
    shopper.open(&order).await;
    shopper.reads("€36.00").await;

    let other = buy(&shopper, &address, 1).await;
    open_order(&merchant, "10002").await;
    call_off(&merchant).await;
    agrees(&shop).await;
    shopper.open(&other).await;
    shopper.reads("Nothing will be sent").await;
    // Five lay there: three were sold, of which one came back; the fourth was sold and put back.
    assert_eq!(shop.texts(ON_HAND).await, ["3"], "what was not sold or came back lies there");

    let subjects: Vec<String> = shop.mails().into_iter().map(|mail| mail.subject).collect();
    assert_eq!(subjects.len(), 5, "two receipts, what was sent, paid back and called off: {subjects:?}");
    shopper.leave().await;
    merchant.leave().await;
}

const ON_HAND: &str = "SELECT CAST(s.on_hand AS TEXT) AS text FROM stock s
     JOIN order_items i ON i.variant_id = s.variant_id JOIN orders o ON o.id = i.order_id WHERE o.number = '10001'";

async fn agrees(shop: &TestApp) {
    shop.drain().await;
    shop.verify().await;
}

async fn sign_in(merchant: &Person) {
    let ada = Staff::hire(&merchant.shop, Role::Admin).await;
    merchant.open("/admin/products").await;
    merchant.fill("#email", &ada.email).await;
    merchant.fill("#password", PASSWORD).await;
    merchant.click("button[type=submit]").await;
    merchant.is_at("/admin/products").await;
}

/// A product of three colours and four sizes, with two pictures, as a draft.
async fn make_the_apron(merchant: &Person) {
    merchant.click("a[href=\"/admin/products/new\"]").await;
    merchant.fill("#name", "Field apron").await;
    merchant.fill("#description_html", "<p>Cut long enough to kneel in.</p>").await;
    add_option(merchant, 0, "Colour", &COLOURS).await;
    add_option(merchant, 1, "Size", &SIZES).await;
    let rows = merchant.browser.find_all(Locator::Css("tr[data-variant]")).await.expect("the page is there");
    assert_eq!(rows.len(), COLOURS.len() * SIZES.len());
    for row in 0..rows.len() {
        merchant.fill(&format!("[name=\"variant.{row}.price\"]"), "36.00").await;
        merchant.fill(&format!("[name=\"variant.{row}.on_hand\"]"), "5").await;
        merchant.fill(&format!("[name=\"variant.{row}.sku\"]"), &format!("FA-{row}")).await;
    }
    for (place, colour) in [[120, 90, 60], [40, 40, 80]].into_iter().enumerate() {
        let picture = merchant.shop.app.config.data_dir.join(format!("apron-{place}.jpg"));
        RgbImage::from_pixel(800, 1000, Rgb(colour)).save_with_format(&picture, ImageFormat::Jpeg).expect("a picture");
        let field = merchant.see("#pictures").await;
        field.send_keys(&picture.display().to_string()).await.expect("the field takes a file");
        merchant.see(&format!("li[data-picture]:nth-child({})", place + 1)).await;
        merchant.fill(&format!("[name=\"picture.{place}.alt\"]"), &format!("Apron {place}")).await;
    }
    save(merchant).await;
    merchant.reads("12 variants").await;
}

async fn add_option(merchant: &Person, place: usize, name: &str, values: &[&str]) {
    merchant.click("button[value=\"option-add\"]").await;
    merchant.fill(&format!("[name=\"option.{place}.name\"]"), name).await;
    merchant.fill(&format!("[name=\"option.{place}.add\"]"), &values.join(", ")).await;
    merchant.click("button.btn[value=\"variants\"]:not(.btn-icon)").await;
    merchant.see(&format!("[name=\"option.{place}.value.{}\"]", values.len() - 1)).await;
}

async fn save(merchant: &Person) {
    merchant.click("[data-save-bar] button[type=submit]").await;
    merchant.see(".toast").await;
}

/// Puts the product on sale; answers its address in the shop.
async fn publish(merchant: &Person) -> String {
    merchant.choose("#status", "active").await;
    save(merchant).await;
    let link = merchant.see(".head a[href^=\"/p/\"]").await;
    link.attr("href").await.expect("the page is there").expect("a link leads somewhere")
}

/// Buys some of the apron; answers the address of the order.
async fn buy(shopper: &Person, address: &str, quantity: usize) -> String {
    shopper.open(address).await;
    for _ in 1..quantity {
        shopper.click("[data-step=\"1\"]").await;
    }
    shopper.click("[data-buy-button]").await;
    shopper.click("dialog.drawer a[href=\"/checkout\"]").await;
    shopper.fill_checkout_in(GOOD_CARD).await;
    shopper.click("[data-pay]").await;
    shopper.is_at("/orders/").await;
    let address = shopper.address().await;
    shopper.shop.path(&address).to_owned()
}

async fn open_order(merchant: &Person, number: &str) {
    merchant.open(&format!("/admin/orders?q={number}")).await;
    merchant.click(".rowlink").await;
    merchant.reads(&format!("Order {number}")).await;
}

async fn ship(merchant: &Person, units: usize) {
    merchant.fill("[data-ship] input.qty", &units.to_string()).await;
    merchant.fill("#carrier", "UPS").await;
    merchant.fill("#tracking_number", "1 Z 2345").await;
    merchant.click("[data-ship] button[type=submit]").await;
    merchant.reads("Partly shipped").await;
}

async fn refund_one(merchant: &Person) {
    merchant.click("a.act[href$=\"/refund\"]").await;
    merchant.fill("dialog form[data-preview] input.qty", "1").await;
    merchant.fill("dialog [name=reason]", "A seam came open").await;
    // It says what it comes to before it can be done.
    merchant.click("dialog form[data-preview] .btn-main").await;
    merchant.reads("Partly refunded").await;
}

async fn call_off(merchant: &Person) {
    merchant.click("a.act[href$=\"/cancel\"]").await;
    merchant.fill("dialog [name=reason]", "Ordered twice").await;
    merchant.click("dialog form[action$=\"/cancel\"] button[type=submit]").await;
    merchant.reads("Canceled").await;
}
