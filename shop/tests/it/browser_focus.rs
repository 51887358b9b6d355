//! Somebody at the keyboard who is quicker than the server: what was typed counts, and the focus stays where they are.

use fantoccini::key::Key;
use serde_json::json;

use crate::app::{Engine, Setup};
use crate::builders::{self, eur, simple, with};
use crate::chromium::Look;
use crate::person::Person;

impl Person {
    /// Puts the focus where Tab would bring it.
    async fn go_to(&self, css: &str) {
        self.see(css).await;
        self.ask(&format!("document.querySelector('{css}').focus()")).await;
    }

    /// Presses one key where the focus is.
    async fn strike(&self, key: Key) {
        self.press(&char::from(key).to_string()).await;
    }

    /// Goes there and presses Enter.
    async fn use_it(&self, css: &str) {
        self.go_to(css).await;
        self.strike(Key::Enter).await;
    }

    /// Types over what is in a field, and stays in it.
    async fn type_over(&self, css: &str, text: &str) {
        self.go_to(css).await;
        self.ask("document.activeElement.select()").await;
        self.press(text).await;
    }

    /// Whether the focus is on such an element.
    async fn is_on(&self, css: &str) -> bool {
        self.ask(&format!("return document.activeElement.matches('{css}')")).await == true
    }

    /// Waits until the page has so many of these.
    async fn counts(&self, css: &str, count: usize) {
        let script = format!("return document.querySelectorAll('{css}').length");
        self.until(&format!("{count} of {css}"), async || self.ask(&script).await == count).await;
    }

    /// Waits until whatever a script had kept back was sent.
    async fn outlasts_every_pause(&self) {
        self.ask("window.since = performance.now()").await;
        let over = "return performance.now() - since > 600";
        self.until("a moment later", async || self.ask(over).await == true).await;
    }

    /// One mug in the cart, and the drawer open over its page.
    async fn take_a_mug(&self) {
        self.open("/p/mug").await;
        self.click("[data-buy-button]").await;
        self.see("dialog.drawer[open]").await;
    }

    async fn kept(&self) -> Vec<String> {
        self.shop.texts("SELECT CAST(quantity AS TEXT) AS text FROM cart_items").await
    }
}

/// The list of countries is not drawn anew under the letters that look for one in it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_country_is_found_by_its_letters() {
    let far = builders::method("far", &["GE", "GR", "GT"], eur(2995), None);
    let shop = Setup::on(Engine::Sqlite).shop(|shop| shop.shipping.methods.push(far)).open().await;
    let ada = Person::enter_a(shop, Look::DESK).await;
    ada.take_a_mug().await;
    ada.open("/checkout").await;
    ada.see("[value=express]").await;
    ada.go_to("#country").await;
    ada.ask("window.list = document.activeElement").await;
    for letter in "Germany".chars() {
        ada.press(&letter.to_string()).await;
    }
    ada.counts("[value=express]", 0).await;
    ada.counts("[value=standard]", 1).await;
    let stands = "return [list.value, list.isConnected, document.activeElement === list]";
    assert_eq!(ada.ask(stands).await, json!(["DE", true, true]));

    // Whoever goes on at once is not called back, and keeps what they type meanwhile.
    ada.strike(Key::Tab).await;
    ada.go_to("#country").await;
    ada.press("Unit").await;
    ada.strike(Key::Tab).await;
    ada.press("Ada").await;
    ada.see("select#region").await;
    ada.reads("€34.45").await;
    ada.press(" L").await;
    let typed = "const { id, value, form } = document.activeElement; return [id, value, form.country.value]";
    assert_eq!(ada.ask(typed).await, json!(["name", "Ada L", "US"]));
    ada.leave().await;
}

/// What was typed a moment ago is what is checked out, from the page and from the drawer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_just_typed_goes_along_to_the_checkout() {
    let ada = Person::enter(Engine::Sqlite, Look::DESK).await;
    ada.take_a_mug().await;
    ada.open("/cart").await;
    ada.type_over("[data-line] input[data-max]", "3").await;
    ada.click("[data-check-out]").await;
    ada.is_at("/checkout").await;
    ada.reads("€48.45").await;
    assert_eq!(ada.kept().await, ["3"]);

    ada.take_a_mug().await;
    ada.type_over(".drawer [data-line] input[data-max]", "2").await;
    ada.use_it(".drawer a[href=\"/checkout\"]").await;
    ada.is_at("/checkout").await;
    ada.reads("€33.95").await;

    // Any other way out of the page takes it along too.
    ada.open("/cart").await;
    ada.type_over("[data-line] input[data-max]", "5").await;
    ada.use_it(".site-footer a[href=\"/terms\"]").await;
    ada.is_at("/terms").await;
    ada.until("five are kept", async || ada.kept().await == ["5"]).await;
    ada.leave().await;
}

/// A line that is taken out takes along what was typed in it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_is_removed_right_after_its_number_was_typed() {
    let ada = Person::enter(Engine::Sqlite, Look::DESK).await;
    ada.take_a_mug().await;
    ada.open("/cart").await;
    ada.type_over("[data-line] input[data-max]", "3").await;
    ada.use_it("[data-remove] button").await;
    ada.see("[data-undo]").await;
    ada.outlasts_every_pause().await;
    ada.counts(".note-error", 0).await;
    assert!(ada.is_on("[data-undo] button").await, "the way back is at hand");
    ada.strike(Key::Enter).await;
    ada.counts("[data-line]", 1).await;
    assert_eq!(ada.kept().await, ["1"]);
    ada.leave().await;
}

/// More than there are becomes what there are, and the line says so, once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_large_a_number_becomes_what_there_is() {
    let ada = Person::enter(Engine::Sqlite, Look::DESK).await;
    ada.take_a_mug().await;
    for key in [Key::Enter, Key::Tab] {
        ada.open("/cart").await;
        ada.type_over("[data-line] input[data-max]", "999").await;
        ada.strike(key).await;
        ada.reads("Only 100 left, so we set the quantity to 100.").await;
        ada.outlasts_every_pause().await;
        let shown = "const asked = performance.getEntries().filter((one) => one.name.includes('/cart/items/'));
            return [document.querySelector('[data-line] input[data-max]').value, asked.length]";
        assert_eq!(ada.ask(shown).await, json!(["100", 1]), "{key:?}");
        ada.reads("Only 100 left").await;
        ada.counts(".note-error", 0).await;
        assert_eq!(ada.kept().await, ["100"]);
        ada.type_over("[data-line] input[data-max]", "1").await;
        ada.strike(Key::Enter).await;
        ada.until("one is kept", async || ada.kept().await == ["1"]).await;
    }
    // Somebody who is on the way to the till learns of it before they go.
    ada.open("/cart").await;
    ada.type_over("[data-line] input[data-max]", "999").await;
    ada.use_it("[data-check-out]").await;
    ada.reads("so we set the quantity to 100.").await;
    assert!(ada.is_on("[data-check-out]").await);
    ada.strike(Key::Enter).await;
    ada.is_at("/checkout").await;
    ada.leave().await;
}

/// So many products with so much to tell them apart that the filters are taller than a phone.
fn many_cups() -> Setup {
    let cup = |n: i64| {
        let told = ["Shape", "Glaze", "Use"].map(|name| json!({ "name": name, "value": format!("{name} {}", n % 8) }));
        with(simple(&format!("CUP-{n}"), 900 + 97 * n, 5), json!({ "attributes": told }))
    };
    Setup::on(Engine::Sqlite).products((0..48).map(cup).collect())
}

/// A choice in the sheet leaves it where it was scrolled to, with the focus in sight; nobody gets behind it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sheet_of_filters_stays_where_it_is() {
    let ada = Person::enter_a(many_cups().open().await, Look::PHONE).await;
    ada.open("/products").await;
    ada.use_it("[data-open-filters]").await;
    ada.see("#filters[data-open]").await;
    assert_eq!(ada.ask("return document.querySelector('.site-header').inert").await, true);

    // Where it stood is noted when it is chosen: the driver scrolls before it presses.
    let noting = "const top = () => document.activeElement.getBoundingClientRect().top;
        for (const kind of ['change', 'click']) document.addEventListener(kind, () => (window.stood = top()), true);";
    ada.ask(noting).await;
    let moved = "const at = document.activeElement.getBoundingClientRect();
        const foot = document.querySelector('.filters-foot').getBoundingClientRect();
        return [Math.abs(at.top - window.stood), at.top >= 0 && at.bottom <= foot.top]";
    ada.go_to("#filters [name=in_stock]").await;
    ada.press(" ").await;
    ada.see("[name=in_stock][checked]").await;
    assert!(ada.is_on("#filters [name=in_stock]").await);
    assert_eq!(ada.ask(moved).await, json!([0, true]), "it stands where it stood, and can be seen");
    assert_ne!(ada.ask("return document.querySelector('#filters').scrollTop").await, 0);

    ada.use_it("#filters .ranges a").await;
    ada.see("#filters .ranges a[aria-current]").await;
    assert!(ada.is_on("#filters .ranges a[aria-current]").await, "in the sheet, on what was chosen");
    // What is left to choose from is less than the sheet is high, so that it can't stand where it stood.
    assert_eq!(ada.ask(moved).await[1], true);
    assert_eq!(ada.ask("return document.querySelector('#sort').closest('[inert]') !== null").await, true);

    ada.strike(Key::Escape).await;
    ada.counts("[inert]", 0).await;
    assert!(ada.is_on("[data-open-filters]").await);
    ada.leave().await;
}

/// After every answer the focus is on what was used, or on what has taken its place.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_focus_stays_in_a_list_that_changes() {
    let ada = Person::enter_a(many_cups().open().await, Look::DESK).await;
    ada.open("/products").await;
    ada.go_to("#sort").await;
    ada.strike(Key::Down).await;
    ada.is_at("sort=").await;
    assert!(ada.is_on("select#sort").await, "one goes on through the orders");

    ada.use_it("#filters .ranges a").await;
    ada.counts(".chip", 1).await;
    assert!(ada.is_on("#filters .ranges a[aria-current]").await);

    ada.open("/products?in_stock=true&min_price=10&attr.Shape=Shape+1").await;
    for left in [2, 1] {
        ada.use_it(".chip").await;
        ada.counts(".chip", left).await;
        assert!(ada.is_on(".chip").await, "the next filter can be taken away");
    }
    ada.strike(Key::Enter).await;
    ada.counts(".chip", 0).await;
    assert!(ada.is_on("[data-total]").await, "there is none left: the number of all");

    ada.open("/products?in_stock=true&min_price=10").await;
    ada.use_it(".chips .link-button").await;
    ada.counts(".chip", 0).await;
    assert!(ada.is_on("[data-total]").await);
    ada.leave().await;
}
