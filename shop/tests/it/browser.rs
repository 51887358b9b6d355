//! A person in a real Chromium, with scripts: what feels instant, what the keyboard does, what the bank asks.

use fantoccini::key::Key;

use oxcart::catalog::recommend::take_over;
use oxcart::flows::recommend::refresh;
use oxcart::visits;
use serde_json::json;

use crate::app::{Engine, Setup, both_engines};
use crate::builders::{self, DECLINED_CARD, GOOD_CARD, LATE_CARD, SECURE_CARD};
use crate::chromium::Look;
use crate::person::Person;

both_engines!(
    a_person_buys_with_a_declined_card_and_then_a_good_one,
    a_person_waits_for_a_late_card_and_finds_the_order_again,
);

async fn a_person_buys_with_a_declined_card_and_then_a_good_one(engine: Engine) {
    let ada = Person::enter(engine, Look::DESK).await;
    ada.open("/c/kitchen").await;
    ada.click(".card h3 a[href^=\"/p/stove-kettle\"]").await;
    ada.see("[data-buy]").await;

    // The variant changes price, stock and address at once, without another page.
    ada.ask("window.samePage = true").await;
    ada.choose_option("Size", "1.5 l").await;
    ada.reads("€78.00").await;
    ada.is_at("variant=").await;
    ada.choose_option("Colour", "Ink").await;
    let button = ada.see("[data-buy-button]").await;
    assert_eq!(button.attr("aria-disabled").await.expect("an attribute"), Some("true".into()), "no such combination");
    ada.choose_option("Colour", "Brick").await;
    ada.choose_option("Size", "1.0 l").await;
    ada.reads("€68.00").await;
    assert_eq!(ada.ask("return window.samePage").await, true);

    // The drawer takes the focus, counts, and gives the focus back.
    ada.click("[data-buy-button]").await;
    ada.see("dialog.drawer[open]").await;
    ada.reads("Added to your cart").await;
    assert_eq!(ada.ask("return document.querySelector('dialog.drawer').contains(document.activeElement)").await, true);
    ada.until("one is counted", async || {
        ada.ask("return document.querySelector('[data-cart-number]').textContent").await == "1"
    })
    .await;
    ada.press(&char::from(Key::Escape).to_string()).await;
    ada.until("the drawer is closed", async || {
        ada.ask("return document.querySelector('dialog.drawer[open]') === null").await == true
    })
    .await;
    assert_eq!(ada.ask("return document.activeElement.matches('[data-buy-button]')").await, true, "the focus is back");

    // The stepper changes the line at once and settles on the server's answer.
    ada.open("/cart").await;
    ada.click("[data-step=\"1\"]").await;
    ada.reads("€136.00").await;
    ada.until("two are kept", async || {
        ada.shop.texts("SELECT CAST(quantity AS TEXT) AS text FROM cart_items").await == ["2"]
    })
    .await;
    ada.click("a[href=\"/checkout\"]").await;

    // The fields follow the country, and what was typed stays.
    ada.fill("#email", "ada@example.com").await;
    ada.choose("#country", "US").await;
    ada.see("select#region").await;
    ada.reads("€155.95").await;
    ada.choose("#country", "NL").await;
    ada.until("the regions are gone", async || {
        ada.ask("return document.querySelector('select#region') === null").await == true
    })
    .await;
    assert_eq!(ada.ask("return document.querySelector('#email').value").await, "ada@example.com");

    ada.fill_checkout_in(DECLINED_CARD).await;
    ada.click("[data-pay]").await;
    ada.reads("Your bank declined the card").await;
    assert_eq!(ada.ask("return document.querySelector('#city').value").await, "Amsterdam", "what was typed stays");
    ada.fill_card_in(GOOD_CARD).await;
    ada.tick_terms().await;
    ada.click("[data-pay]").await;
    ada.is_at("/orders/").await;
    ada.reads("Thank you, Ada").await;
    ada.reads("€140.95").await;
    ada.browser.refresh().await.expect("the page loads again");
    ada.reads("€140.95").await;
    assert_eq!(ada.shop.count("SELECT COUNT(*) AS n FROM orders").await, 1);
    ada.leave().await;
}

impl Person {
    /// Chooses a value of an option, as somebody with a mouse does: by its visible label.
    async fn choose_option(&self, option: &str, value: &str) {
        let input = format!("input[name=\"option.{option}\"][value=\"{value}\"]");
        self.see(&input).await;
        self.ask(&format!("document.querySelector('{input}').closest('label').click()")).await;
    }

    async fn tick_terms(&self) {
        let terms = self.see("#accept_terms").await;
        if !terms.is_selected().await.expect("a box is ticked or not") {
            terms.click().await.expect("the box can be ticked");
        }
    }

    async fn look_up(&self, number: &str, email: &str) {
        self.fill("#number", number).await;
        self.fill("#email", email).await;
        self.click("form[action=\"/orders/find\"] button").await;
    }

    /// From the front page of a mug to the filled-in checkout.
    async fn take_a_mug_to_the_till(&self, card: &str) {
        self.open("/p/mug").await;
        self.click("[data-buy-button]").await;
        self.see("dialog.drawer[open]").await;
        self.click("dialog.drawer a[href=\"/checkout\"]").await;
        self.fill_checkout_in(card).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_on_a_phone_confirms_at_the_bank() {
    let ada = Person::enter(Engine::Postgres, Look::PHONE).await;
    ada.take_a_mug_to_the_till(SECURE_CARD).await;
    ada.click("[data-pay]").await;
    ada.is_at("/sandbox/3ds/").await;
    ada.reads("€19.45").await;
    ada.click("button[value=\"fail\"]").await;
    ada.reads("did not go through").await;
    assert_eq!(ada.shop.count("SELECT COUNT(*) AS n FROM orders").await, 0);

    ada.open("/checkout").await;
    ada.fill_checkout_in(SECURE_CARD).await;
    ada.click("[data-pay]").await;
    ada.is_at("/sandbox/3ds/").await;
    ada.click("button[value=\"succeed\"]").await;
    ada.is_at("/orders/").await;
    ada.reads("Thank you, Ada").await;
    ada.browser.back().await.expect("the browser goes back");
    ada.open("/cart").await;
    ada.reads("Your cart is empty").await;
    ada.leave().await;
}

/// The page that waits goes on by itself, and a guest finds the order by number and address.
async fn a_person_waits_for_a_late_card_and_finds_the_order_again(engine: Engine) {
    let ada = Person::enter(engine, Look::PHONE).await;
    ada.take_a_mug_to_the_till(LATE_CARD).await;
    ada.click("[data-pay]").await;
    ada.is_at("/checkout/").await;
    ada.see("[data-checkout-status=\"processing\"]").await;
    assert_eq!(ada.shop.count("SELECT COUNT(*) AS n FROM orders").await, 0);
    ada.shop.after_seconds(3).await;
    ada.is_at("/orders/").await;
    ada.reads("Thank you, Ada").await;

    let number = ada.shop.texts("SELECT number AS text FROM orders").await.concat();
    ada.open("/orders/find").await;
    ada.look_up(&number, "bob@example.com").await;
    ada.reads("No order has both of these").await;
    assert_eq!(ada.ask("return document.querySelector('#number').value").await, number.as_str(), "it stays");
    ada.look_up(&format!("#{number}"), "ADA@example.com").await;
    ada.is_at("token=").await;
    ada.reads(&number).await;
    ada.reads("€19.45").await;
    let scrolls = "return getComputedStyle(document.querySelector('.order-box > details')).overflowY";
    assert_eq!(ada.ask(scrolls).await, "visible", "the order is no window in its page");
    ada.leave().await;
}

/// UX 1: the whole way by keyboard alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_with_a_keyboard_alone_buys() {
    let ada = Person::enter(Engine::Sqlite, Look::DESK).await;
    ada.open("/p/mug").await;
    let (tab, enter, space) = (char::from(Key::Tab), char::from(Key::Enter), " ");
    let reach = async |css: &str| {
        for _ in 0..80 {
            let reached = ada.ask(&format!("return document.activeElement.matches('{css}')")).await;
            if reached == true {
                return;
            }
            ada.press(&tab.to_string()).await;
        }
        panic!("{css} can't be reached by keyboard on {}", ada.address().await);
    };
    assert_eq!(ada.violations().await, serde_json::json!([]));
    ada.press(&tab.to_string()).await;
    assert_eq!(
        ada.ask("return document.activeElement.matches('a.skip')").await,
        true,
        "the first stop skips the header"
    );
    reach("[data-buy-button]").await;
    ada.press(&enter.to_string()).await;
    ada.see("dialog.drawer[open]").await;
    reach("dialog.drawer a[href=\"/checkout\"]").await;
    ada.press(&enter.to_string()).await;
    ada.see("#email").await;
    for (css, text) in [
        ("#email", "ada@example.com"),
        ("#name", "Ada Lovelace"),
        ("#line1", "Keizersgracht 1"),
        ("#postal_code", "1015 CJ"),
        ("#city", "Amsterdam"),
        ("#card_number", GOOD_CARD),
        ("#card_exp", "1279"),
        ("#card_cvc", "123"),
    ] {
        reach(css).await;
        ada.press(text).await;
    }
    reach("#accept_terms").await;
    ada.press(space).await;
    reach("[data-pay]").await;
    ada.press(&enter.to_string()).await;
    ada.is_at("/orders/").await;
    ada.reads("Thank you, Ada").await;
    let inline = "document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')";
    ada.ask(inline).await;
    assert_eq!(ada.violations().await, serde_json::json!(["inline"]), "what is forbidden would be noticed");
    ada.browser.refresh().await.expect("the page loads again");
    ada.leave().await;
}

/// UX 28: what is remembered stays in the browser; what is looked at is counted after a yes, and not before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn views_are_counted_for_those_who_agree() {
    let ada = Person::enter(Engine::Sqlite, Look::PHONE).await;
    let views = async || {
        visits::write_down(&ada.shop.app).await.expect("counts are written");
        ada.shop.count("SELECT COALESCE(SUM(views), 0) AS n FROM product_views").await
    };
    ada.open("/p/mug").await;
    ada.open("/p/stove-kettle").await;
    ada.reads("Recently viewed").await;
    assert_eq!(views().await, 0);
    ada.click("[data-answer=\"yes\"]").await;
    ada.reads("Thank you. You can change this").await;
    assert_eq!(ada.ask("return document.activeElement.closest('[data-ask-views]') !== null").await, true);
    ada.until("the product of the page is counted", async || views().await == 1).await;
    ada.open("/p/mug").await;
    ada.until("the mug and the two together are counted", async || views().await == 3).await;
    assert_eq!(ada.ask("return document.querySelector('[data-ask-views]').hidden").await, true, "asked once");

    refresh(&ada.shop.app).await.expect("works");
    take_over(&ada.shop.app).await.expect("is read");
    ada.open("/").await;
    ada.reads("For you, after what you looked at").await;
    assert_eq!(ada.violations().await, json!([]));

    ada.open("/privacy").await;
    ada.click("[data-count-views]").await;
    ada.click("[data-forget]").await;
    ada.reads("Forgotten.").await;
    ada.open("/p/stove-kettle").await;
    ada.open("/p/mug").await;
    ada.open("/").await;
    assert_eq!(ada.ask("return document.querySelector('[data-for-you]').hidden").await, true);
    assert_eq!(views().await, 3, "nothing more was counted");
    ada.leave().await;
}

/// UX 44, 52: a mistake is told in words and has the focus; two clicks make one order.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mistakes_are_told_and_two_clicks_are_one_order() {
    let ada = Person::enter(Engine::Sqlite, Look::PHONE).await;
    ada.take_a_mug_to_the_till(GOOD_CARD).await;
    ada.fill("#email", "ada").await;
    ada.click("[data-pay]").await;
    ada.see("#email[aria-invalid=\"true\"]").await;
    assert_eq!(ada.shop.count("SELECT COUNT(*) AS n FROM checkouts").await, 0, "nothing was sent");
    ada.fill("#email", "ada@example.com").await;
    let gone = "return document.querySelector('#email').getAttribute('aria-invalid')";
    ada.until("the mistake is mended", async || ada.ask(gone).await.is_null()).await;
    ada.ask("const pay = document.querySelector('[data-pay]'); pay.click(); pay.click()").await;
    ada.is_at("/orders/").await;
    assert_eq!(ada.shop.count("SELECT COUNT(*) AS n FROM payments").await, 1);
    ada.leave().await;
}

/// Where nothing is to be paid, the page says so, asks for no card and counts that part as done.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_with_nothing_to_pay_is_asked_for_no_card() {
    let shop = Setup::on(Engine::Sqlite).coupon(builders::percent_off("GIFT", "100")).open().await;
    let ada = Person::enter_a(shop, Look::PHONE).await;
    ada.open("/p/plan").await;
    ada.click("[data-buy-button]").await;
    ada.see("dialog.drawer[open]").await;
    ada.open("/cart").await;
    ada.click(".summary .fold > summary").await;
    ada.fill("#code", "gift").await;
    ada.click(".join button").await;
    ada.see(".totals .chip").await;
    ada.open("/checkout").await;
    ada.reads("no card is needed").await;
    ada.reads("Nothing is charged").await;
    ada.see(".steps a[href=\"#pay\"].done-step").await;
    ada.leave().await;
}

/// What a finger would miss: targets under 44 px, links in running text under 24 px.
const SMALL_TARGETS: &str = r#"
const reach = (it) => {
  const label = it.matches("[type=checkbox], [type=radio]") && it.labels[0];
  const own = (label || it).getBoundingClientRect();
  const cover = getComputedStyle(it, "::after");
  if (cover.content === "none" || cover.position !== "absolute") return own;
  // The link of a card, or of a small word, reaches as far as what it lays over.
  const around = (getComputedStyle(it).position === "static" ? it.offsetParent : it).getBoundingClientRect();
  const { left, right, top, bottom } = cover;
  const [width, height] = [[left, right], [top, bottom]].map((sides) => sides.reduce((sum, side) => sum + parseFloat(side), 0));
  return { width: around.width - width, height: around.height - height };
};
const shown = (it) => it.checkVisibility({ visibilityProperty: true }) && it.tabIndex >= 0 && !it.closest(".visually-hidden");
const inWords = (it) =>
  getComputedStyle(it).display === "inline" && it.parentElement.textContent.trim() !== it.textContent.trim();
const within = document.querySelector("dialog[open]") ?? document;
const targets = [...within.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")].filter(shown);
if (!targets.length) throw new Error("nothing to press");
return targets.flatMap((it) => {
  const { width, height } = reach(it);
  const small = inWords(it) ? it.getClientRects()[0].height < 23.5 : Math.min(width, height) < 43.5;
  return small ? [`${it.outerHTML.slice(0, 120)}: ${width} x ${height}`] : [];
});"#;

/// UX 2: whatever can be pressed can be hit.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_finger_hits_whatever_can_be_pressed() {
    let tablet = Look { width: 768, height: 1024, ..Look::DESK };
    for look in [Look::PHONE, tablet, Look::DESK] {
        let ada = Person::enter_a(with_much_to_press().open().await, look).await;
        let all_are_large = async |place: &str| {
            assert_eq!(ada.ask(SMALL_TARGETS).await, json!([]), "{place}, {} px wide", look.width);
        };
        let pages =
            ["/", "/c/kettles", "/products", "/products?page=5", "/p/stove-kettle", "/search?q=mug", "/nowhere"];
        for path in pages.into_iter().chain(["/orders/find", "/returns", "/cart"]) {
            ada.open(path).await;
            all_are_large(path).await;
        }
        ada.open("/p/stove-kettle").await;
        ada.click("[data-buy-button]").await;
        ada.see("dialog.drawer[open]").await;
        all_are_large("the drawer").await;
        ada.open("/cart").await;
        ada.click(".summary .fold > summary").await;
        ada.fill("#code", "TEN").await;
        ada.click(".join button").await;
        ada.see(".totals .chip").await;
        all_are_large("the cart").await;
        ada.open("/checkout").await;
        ada.click(".test-note summary").await;
        ada.click("[data-pay]").await;
        ada.see("[data-error-summary] a").await;
        all_are_large("the checkout and what is missing in it").await;
        ada.fill_checkout_in(GOOD_CARD).await;
        ada.click("[data-pay]").await;
        ada.is_at("/orders/").await;
        all_are_large("the order").await;
        ada.leave().await;
    }
}

/// A kettle with eight pictures, a coupon, and so many products that they stand on nine pages.
fn with_much_to_press() -> Setup {
    let picture = |n: u32| json!({ "src": format!("https://pictures.example/{n}.jpg"), "width": 800, "height": 1000 });
    let pictures: Vec<_> = (1..=8).map(picture).collect();
    let mut products = builders::products();
    let kettle = products.remove(0);
    products
        .insert(0, builders::with(kettle, json!({ "images": pictures, "parts": [{ "number": "1", "slug": "mug" }] })));
    products.extend((0..200).map(|n| builders::simple(&format!("CUP-{n}"), 900, 5)));
    Setup::on(Engine::Sqlite).products(products).coupon(builders::percent_off("TEN", "10"))
}

/// Eight small pictures beside a large one are taller than it; nothing grey hangs below it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_large_picture_ends_where_its_frame_ends() {
    let tall = Look { height: 1500, ..Look::DESK };
    let ada = Person::enter_a(with_much_to_press().open().await, tall).await;
    ada.open("/p/stove-kettle").await;
    ada.see("[data-thumbs]").await;
    let below = "const end = (css) => document.querySelector(css).getBoundingClientRect().bottom;
        return Math.round(end('.gallery-views') - end('.gallery-views img'))";
    assert_eq!(ada.ask(below).await, 0);
    ada.leave().await;
}
