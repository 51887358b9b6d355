//! A person in a real Chromium, with scripts: what feels instant, what the keyboard does, what the bank asks.

use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::{Client, Locator};

use crate::app::{Engine, TestApp};
use crate::builders::{DECLINED_CARD, GOOD_CARD, SECURE_CARD};
use crate::chromium::{Look, browser};

/// A person in front of a browser.
struct Person {
    browser: Client,
    shop: TestApp,
}

impl Person {
    async fn enter(engine: Engine, look: Look) -> Self {
        let shop = TestApp::open(engine).await;
        Person { browser: browser(look).await, shop }
    }

    async fn open(&self, path: &str) {
        self.browser.goto(&format!("{}{path}", self.shop.url)).await.expect("the page opens");
    }

    /// The element that is there, or will be in a moment.
    async fn see(&self, css: &str) -> Element {
        let found = self.browser.wait().at_most(Duration::from_secs(10)).for_element(Locator::Css(css)).await;
        match found {
            Ok(element) => element,
            Err(error) => panic!("{css} is not on {}: {error}\n{}", self.address().await, self.words().await),
        }
    }

    async fn click(&self, css: &str) {
        // A page that is just settling may put a new element in the place of the one that was seen.
        self.until(&format!("{css} can be clicked"), async || self.see(css).await.click().await.is_ok()).await;
    }

    async fn fill(&self, css: &str, text: &str) {
        let field = self.see(css).await;
        field.clear().await.expect("the field can be emptied");
        field.send_keys(text).await.expect("the field takes letters");
    }

    async fn choose(&self, css: &str, value: &str) {
        self.see(css)
            .await
            .select_by_value(value)
            .await
            .unwrap_or_else(|error| panic!("{css} has no {value}: {error}"));
    }

    async fn press(&self, keys: &str) {
        let active = self.browser.active_element().await.expect("something has the focus");
        active.send_keys(keys).await.expect("it takes keys");
    }

    async fn words(&self) -> String {
        // Between two pages there is nothing to read.
        let words = self.browser.execute("return document.body.innerText", vec![]).await.unwrap_or_default();
        words.as_str().unwrap_or_default().to_owned()
    }

    async fn address(&self) -> String {
        self.browser.current_url().await.expect("the browser is somewhere").to_string()
    }

    /// Waits until the page says so.
    async fn reads(&self, text: &str) {
        self.until(&format!("{text:?} is read"), async || self.words().await.contains(text)).await;
    }

    /// Waits until the address contains this.
    async fn is_at(&self, part: &str) {
        self.until(&format!("the address has {part:?}"), async || self.address().await.contains(part)).await;
    }

    async fn until(&self, what: &str, condition: impl AsyncFn() -> bool) {
        for _ in 0..200 {
            if condition().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("never: {what}, on {}\n{}", self.address().await, self.words().await);
    }

    /// What a script answers.
    async fn ask(&self, script: &str) -> serde_json::Value {
        self.browser.execute(script, vec![]).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Contact, address, card and terms, up to the pay button.
    async fn fill_checkout_in(&self, card: &str) {
        self.fill("#email", "ada@example.com").await;
        self.fill("#name", "Ada Lovelace").await;
        self.fill("#line1", "Keizersgracht 1").await;
        self.fill("#postal_code", "1015 CJ").await;
        self.fill("#city", "Amsterdam").await;
        self.fill_card_in(card).await;
        self.click("#accept_terms").await;
    }

    async fn fill_card_in(&self, card: &str) {
        self.fill("#card_number", card).await;
        self.fill("#card_exp", "1279").await;
        self.fill("#card_cvc", "123").await;
    }

    /// What the page did that the policy forbids.
    async fn violations(&self) -> serde_json::Value {
        let observe = "const seen = new ReportingObserver(() => {}, { buffered: true, types: ['csp-violation'] });
            seen.observe(); return seen.takeRecords().map((report) => report.body.blockedURL)";
        self.ask(observe).await
    }

    /// The last page did nothing that the policy forbids and fits its window, and the database agrees with itself.
    async fn leave(self) {
        assert_eq!(self.violations().await, serde_json::json!([]));
        let width =
            self.ask("return document.documentElement.scrollWidth - document.documentElement.clientWidth").await;
        assert_eq!(width, 0, "nothing is wider than the window");
        self.browser.close().await.expect("the browser closes");
        self.shop.drain().await;
        self.shop.verify().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_buys_with_a_declined_card_and_then_a_good_one() {
    let ada = Person::enter(Engine::Sqlite, Look::DESK).await;
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
