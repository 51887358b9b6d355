//! A person in a real Chromium, with scripts.

use std::sync::Arc;
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::{Client, Locator};

use crate::app::{Engine, TestApp};
use crate::chromium::{Look, browser};

/// A person in front of a browser.
pub struct Person {
    /// The browser itself.
    pub browser: Client,
    /// The shop they are in.
    pub shop: Arc<TestApp>,
}

impl Person {
    /// In front of a new shop.
    pub async fn enter(engine: Engine, look: Look) -> Self {
        Self::enter_a(TestApp::open(engine).await, look).await
    }

    /// In front of a shop.
    pub async fn enter_a(shop: impl Into<Arc<TestApp>>, look: Look) -> Self {
        Person { browser: browser(look).await, shop: shop.into() }
    }

    /// Goes to a path.
    pub async fn open(&self, path: &str) {
        self.browser.goto(&format!("{}{path}", self.shop.url)).await.expect("the page opens");
    }

    /// The element that is there, or will be in a moment.
    pub async fn see(&self, css: &str) -> Element {
        let found = self.browser.wait().at_most(Duration::from_secs(10)).for_element(Locator::Css(css)).await;
        match found {
            Ok(element) => element,
            Err(error) => panic!("{css} is not on {}: {error}\n{}", self.address().await, self.words().await),
        }
    }

    /// Clicks on the element, as soon as it can be clicked.
    pub async fn click(&self, css: &str) {
        // A page that is just settling may put a new element in the place of the one that was seen, and bars that float
        // may lie over what was only just scrolled to.
        self.until(&format!("{css} can be clicked"), async || {
            let into_view =
                "document.querySelector(arguments[0])?.scrollIntoView({ block: 'center', behavior: 'instant' })";
            self.browser.execute(into_view, vec![css.into()]).await.unwrap_or_default();
            self.see(css).await.click().await.is_ok()
        })
        .await;
    }

    /// Types into a field, over what was there.
    pub async fn fill(&self, css: &str, text: &str) {
        let field = self.see(css).await;
        field.clear().await.expect("the field can be emptied");
        field.send_keys(text).await.expect("the field takes letters");
    }

    /// Chooses a value of a select.
    pub async fn choose(&self, css: &str, value: &str) {
        self.see(css)
            .await
            .select_by_value(value)
            .await
            .unwrap_or_else(|error| panic!("{css} has no {value}: {error}"));
    }

    /// Presses keys where the focus is.
    pub async fn press(&self, keys: &str) {
        let active = self.browser.active_element().await.expect("something has the focus");
        active.send_keys(keys).await.expect("it takes keys");
    }

    /// What can be read.
    pub async fn words(&self) -> String {
        // Between two pages there is nothing to read.
        let words = self.browser.execute("return document.body.innerText", vec![]).await.unwrap_or_default();
        words.as_str().unwrap_or_default().to_owned()
    }

    /// Where the browser is.
    pub async fn address(&self) -> String {
        self.browser.current_url().await.expect("the browser is somewhere").to_string()
    }

    /// Waits until the page says so.
    pub async fn reads(&self, text: &str) {
        self.until(&format!("{text:?} is read"), async || self.words().await.contains(text)).await;
    }

    /// Waits until the address contains this.
    pub async fn is_at(&self, part: &str) {
        self.until(&format!("the address has {part:?}"), async || self.address().await.contains(part)).await;
    }

    /// Waits until something is so.
    pub async fn until(&self, what: &str, condition: impl AsyncFn() -> bool) {
        for _ in 0..200 {
            if condition().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("never: {what}, on {}\n{}", self.address().await, self.words().await);
    }

    /// What a script answers.
    pub async fn ask(&self, script: &str) -> serde_json::Value {
        self.browser.execute(script, vec![]).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Contact, address, card and terms, up to the pay button.
    pub async fn fill_checkout_in(&self, card: &str) {
        self.fill("#email", "ada@example.com").await;
        self.fill("#name", "Ada Lovelace").await;
        self.fill("#line1", "Keizersgracht 1").await;
        self.fill("#postal_code", "1015 CJ").await;
        self.fill("#city", "Amsterdam").await;
        self.fill_card_in(card).await;
        self.click("#accept_terms").await;
    }

    /// The card.
    pub async fn fill_card_in(&self, card: &str) {
        self.fill("#card_number", card).await;
        self.fill("#card_exp", "1279").await;
        self.fill("#card_cvc", "123").await;
    }

    /// What the page did that the policy forbids.
    pub async fn violations(&self) -> serde_json::Value {
        let observe = "const seen = new ReportingObserver(() => {}, { buffered: true, types: ['csp-violation'] });
            seen.observe(); return seen.takeRecords().map((report) => report.body.blockedURL)";
        self.ask(observe).await
    }

    /// The last page did nothing that the policy forbids and fits its window, and the database agrees with itself.
    pub async fn leave(self) {
        assert_eq!(self.violations().await, serde_json::json!([]));
        let width =
            self.ask("return document.documentElement.scrollWidth - document.documentElement.clientWidth").await;
        assert_eq!(width, 0, "nothing is wider than the window");
        self.browser.close().await.expect("the browser closes");
        self.shop.drain().await;
        self.shop.verify().await;
    }
}
