//! The sheet of stock and prices in a real Chromium: a member of staff who never takes the hands off the keys.

use std::time::Duration;

use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use crate::app::{Engine, TestApp, both_engines};
use crate::chromium::{Look, browser};
use crate::staff::{ADMIN, PASSWORD, Staff};

both_engines!(a_grid_is_worked_by_keys_pasted_into_undone_and_saved_whole);

/// The sheet as somebody sees it.
struct Grid {
    browser: Client,
}

impl Grid {
    async fn open(shop: &TestApp, ada: &Staff) -> Self {
        let browser = browser(Look::DESK).await;
        let grid = Grid { browser };
        grid.browser.goto(&format!("{}/admin/sign-in?next=/admin/inventory", shop.url)).await.expect("the page opens");
        let typed = |css: &'static str, text: &str| (css, text.to_owned());
        for (css, text) in [typed("input[name=email]", &ada.email), typed("input[type=password]", PASSWORD)] {
            let field = grid.browser.find(Locator::Css(css)).await.expect("the field is there");
            field.send_keys(&text).await.expect("it takes letters");
        }
        grid.press(&char::from(Key::Enter).to_string()).await;
        grid.until("return document.querySelector('[role=grid]') !== null", json!(true)).await;
        grid
    }

    async fn press(&self, keys: &str) {
        let active = self.browser.active_element().await.expect("something has the focus");
        active.send_keys(keys).await.expect("it takes keys");
    }

    async fn ask(&self, script: &str) -> Value {
        self.browser.execute(script, vec![]).await.unwrap_or(Value::Null)
    }

    /// Waits until a script answers this.
    async fn until(&self, script: &str, expected: Value) {
        let mut answer = Value::Null;
        for _ in 0..200 {
            answer = self.ask(script).await;
            if answer == expected {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{script}: {answer} and never {expected}");
    }

    /// Stands on a cell.
    async fn stand_on(&self, sku: &str, column: &str) {
        let css = format!("tr[data-name='{sku}'] [data-col={column}]");
        self.browser
            .find(Locator::Css(&css))
            .await
            .expect("the cell is there")
            .click()
            .await
            .expect("it takes a click");
    }

    /// What a cell shows: the old value struck, and the new one.
    async fn shows(&self, sku: &str, column: &str, text: &str) {
        let cell = format!("document.querySelector(\"tr[data-name='{sku}'] [data-col={column}]\")");
        self.until(&format!("return {cell}?.lastChild?.textContent ?? ''"), json!(text)).await;
    }

    /// Pastes as a spreadsheet does: what the clipboard has goes to whatever has the focus.
    async fn paste(&self, block: &str) {
        const PASTE: &str = "const data = new DataTransfer(); data.setData('text/plain', arguments[0]);
            document.activeElement.dispatchEvent(
                new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))";
        self.browser.execute(PASTE, vec![json!(block)]).await.expect("the page takes it");
    }

    async fn reads(&self, text: &str) {
        let script = format!("return document.body.innerText.includes({})", json!(text));
        self.until(&script, json!(true)).await;
    }
}

fn key(key: Key) -> String {
    char::from(key).to_string()
}

/// A letter with the control key held.
fn ctrl(letter: &str) -> String {
    format!("{}{letter}{}", char::from(Key::Control), char::from(Key::Null))
}

async fn a_grid_is_worked_by_keys_pasted_into_undone_and_saved_whole(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    let mut buyer = shop.buyer().await;
    buyer.add(&shop, "MUG", 4).await.ok(200);
    buyer.check_out().await.ok(201);

    let grid = Grid::open(&shop, &ada).await;
    assert_eq!(
        grid.ask("return document.querySelectorAll('[role=grid] [tabindex=\"0\"]').length").await,
        1,
        "one tab stop"
    );
    grid.stand_on("KETTLE-BRICK-10", "on_hand").await;
    grid.press("12").await;
    grid.press(&key(Key::Enter)).await;
    grid.shows("KETTLE-BRICK-10", "on_hand", "12").await;
    // Down one more, and what is typed is given up.
    grid.press(&(key(Key::Down) + &key(Key::F2))).await;
    grid.press("99").await;
    grid.press(&key(Key::Escape)).await;
    grid.shows("KETTLE-INK-10", "on_hand", "0").await;
    grid.press(&(key(Key::Up) + &key(Key::Up))).await;
    grid.paste("20\t70.00\n21\t79,50\n22\t1.071,00\n").await;
    grid.reads("6 cells changed").await;
    grid.shows("KETTLE-INK-10", "price", "1071.00").await;
    grid.press(&ctrl("z")).await;
    grid.reads("1 cell changed").await;
    grid.shows("KETTLE-BRICK-10", "on_hand", "12").await;
    grid.press(&ctrl("y")).await;
    grid.reads("6 cells changed").await;

    // One cell is wrong: nothing is saved, and its row says why.
    grid.stand_on("MUG", "on_hand").await;
    grid.press("3").await;
    grid.press(&key(Key::Tab)).await;
    grid.press(&ctrl("s")).await;
    grid.reads("MUG: 3 is fewer than the 4 reserved for buyers.").await;
    assert_eq!(shop.stock("KETTLE-BRICK-10").await, (10, 0), "all or nothing");
    grid.stand_on("MUG", "on_hand").await;
    grid.press("4").await;
    grid.press(&key(Key::Enter)).await;
    grid.press(&ctrl("s")).await;
    grid.reads("Stock and prices are saved.").await;
    grid.shows("KETTLE-BRICK-10", "on_hand", "20").await;
    assert_eq!((shop.stock("KETTLE-INK-10").await, shop.stock("MUG").await), ((22, 0), (4, 4)));
    let seen = "const seen = new ReportingObserver(() => {}, { buffered: true, types: ['csp-violation'] });
        seen.observe(); return seen.takeRecords().length";
    assert_eq!(grid.ask(seen).await, 0, "nothing that the policy forbids");
    grid.browser.close().await.expect("the browser closes");
    shop.verify().await;
}
