//! Pages: shareable ones carry nothing personal, private ones are kept by nobody, and no input breaks any of them.

use serde_json::json;

use crate::app::{Engine, TestApp, both_engines};
use crate::builders::{simple, with};
use crate::html;

both_engines!(forms_with_nonsense_are_answered_with_a_page);

/// W7: what a cache may keep is the same for everybody.
#[tokio::test]
async fn shareable_pages_carry_nothing_of_a_visitor() {
    let shop = TestApp::open(Engine::Sqlite).await;
    let (nobody, ada) = (shop.visitor(), shop.visitor());
    ada.send(&ada.open("/p/mug").await.form("/cart/items")).await.is(200);
    for path in ["/", "/products", "/c/kitchen", "/p/stove-kettle", "/search?q=kettle", "/terms", "/nowhere"] {
        let (first, second) = (nobody.open(path).await, ada.open(path).await);
        assert_eq!(first.html, second.html, "{path} is the same with a cart");
        for page in [first, second] {
            assert!(page.headers.get("set-cookie").is_none(), "{path} sets no cookie");
            assert!(!page.html.contains("form_token"), "{path} has no token of a form");
        }
    }
    for path in ["/cart", "/checkout", "/orders/find"] {
        assert_eq!(ada.open(path).await.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn every_page_has_one_title_and_no_dead_link() {
    let shop = TestApp::open(Engine::Sqlite).await;
    let visitor = shop.visitor();
    let (mut seen, mut open) = (vec!["/".to_owned()], vec!["/".to_owned()]);
    while let Some(path) = open.pop() {
        let page = visitor.open(&path).await.is(200);
        if !page.header("content-type").starts_with("text/html") {
            continue;
        }
        assert_eq!(page.html.matches("<h1").count(), 1, "one title on {path}");
        assert!(
            !page.html.contains(" style=\"") && !page.html.contains(" onclick="),
            "the policy forbids it on {path}"
        );
        for link in html::links(&page.html) {
            let address = link.split('#').next().unwrap_or_default().to_owned();
            if address.starts_with('/') && !seen.contains(&address) {
                seen.push(address.clone());
                open.push(address);
            }
        }
        assert!(seen.len() < 500, "links without end: {seen:?}");
    }
    for expected in
        ["/c/kitchen", "/p/mug", "/p/stove-kettle", "/terms", "/privacy", "/imprint", "/returns", "/orders/find"]
    {
        assert!(seen.iter().any(|path| path.starts_with(expected)), "nothing leads to {expected}: {seen:?}");
    }
    for hidden in ["/p/draft", "/p/gone"] {
        assert_eq!(visitor.open(hidden).await.status, 404, "{hidden}");
        assert!(!seen.iter().any(|path| path.starts_with(hidden)), "{hidden} is linked");
    }
    let sitemap = visitor.open("/sitemap.xml").await.is(200);
    assert!(sitemap.html.contains(&shop.url), "addresses are whole: {}", sitemap.html);
    assert!(visitor.open("/robots.txt").await.is(200).html.contains("/sitemap.xml"));
}

/// I9: what merchants write is text in every place it is shown.
#[tokio::test]
async fn names_are_text_wherever_they_are_shown() {
    let shop = TestApp::open(Engine::Sqlite).await;
    let evil = r#""><svg/onload=alert(1)></script><script>alert(2)</script>{{7*7}}'"#;
    let members = json!({ "name": evil, "brand": evil, "summary": evil, "tags": [evil], "attributes": [{ "name": evil, "value": evil }] });
    shop.stock_up(vec![], vec![with(simple("EVIL", 100, 5), members)]).await;
    let visitor = shop.visitor();
    for path in ["/p/evil", "/products", "/search?q=svg", "/"] {
        let page = visitor.open(path).await.is(200);
        for harm in ["<svg/onload", "<script>alert", "</script><script>"] {
            assert!(!page.html.contains(harm), "{harm} on {path}");
        }
    }
    assert!(visitor.open("/p/evil").await.words().contains(evil), "it is shown as it is");
    let cart = visitor.send(&visitor.open("/p/evil").await.form("/cart/items")).await.is(200);
    assert!(cart.words().contains("{{7*7}}") && !cart.html.contains("<svg/onload"));
    let reflected = visitor.open("/search?q=%22%3E%3Csvg%2Fonload%3Dalert(1)%3E").await;
    assert!(!reflected.html.contains("<svg/onload"), "neither is what was searched for");
}

async fn forms_with_nonsense_are_answered_with_a_page(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let visitor = shop.visitor();
    let cart = visitor.send(&visitor.open("/p/mug").await.form("/cart/items")).await.is(200);
    let line = html::forms(&cart.html).into_iter().find(|form| form.action.starts_with("/cart/items/"));
    let line = line.expect("the cart has a line").action;
    let mug = shop.variant("MUG").await;
    let before = shop.dump().await;
    let long = "x".repeat(200_000);
    for quantity in ["-1", "1.5", "abc", "", "1000", "9999999999999999999999", "\0", "１", long.as_str()] {
        let page = visitor.post(&line, &[("quantity", quantity)]).await;
        assert!((200..500).contains(&page.status), "{quantity:.20}: {}", page.status);
        let page = visitor
            .post("/cart/items", &[("variant", &mug), ("quantity", if quantity.is_empty() { "0" } else { quantity })])
            .await;
        assert!((200..500).contains(&page.status), "{quantity:.20}: {}", page.status);
    }
    for fields in [
        vec![],
        vec![("variant", "x"), ("quantity", "1")],
        vec![("product", "\0"), ("quantity", "1")],
        vec![("product", mug.as_str()), ("option.Colour", "None"), ("quantity", "1")],
        vec![("price", "1"), ("unit_price", "1")],
    ] {
        let page = visitor.post("/cart/items", &fields).await;
        assert!((400..500).contains(&page.status), "{fields:?}: {}", page.status);
    }
    for (path, fields) in [
        ("/cart/coupons", vec![("code", "\0")]),
        ("/cart/coupons", vec![("code", long.as_str())]),
        ("/cart/coupons/remove", vec![("code", "never")]),
        ("/checkout", vec![("action", "pay")]),
        (
            "/checkout",
            vec![
                ("action", "pay"),
                ("name", long.as_str()),
                ("country", "\0"),
                ("seen_total", "-1"),
                ("cart_version", "x"),
            ],
        ),
        ("/orders/find", vec![("number", "\0"), ("email", long.as_str())]),
    ] {
        let page = visitor.post(path, &fields).await;
        assert!((200..500).contains(&page.status), "{path}: {}", page.status);
    }
    assert_eq!(shop.dump().await, before, "nothing was changed");
    let api = shop.api();
    for body in [b"quantity=%ff".to_vec(), b"\xff\xfe=\x00".to_vec(), b"&&==&".to_vec(), b"quantity=%".to_vec()] {
        let answer = api.send_bytes("POST", "/cart/items", "application/x-www-form-urlencoded", body).await;
        assert!((400..500).contains(&answer.status), "{}", answer.status);
    }
    for cookie in
        ["oxcart_cart=x", "oxcart_cart=", "oxcart_cart=0190a000-0000-7000-8000-000000000000", "=;;=", "oxcart_cart=%00"]
    {
        let answer = crate::buyer::Answer::of(api.request("GET", "/cart").header("cookie", cookie)).await;
        assert_eq!(answer.status, 200, "{cookie}");
    }
    for path in [
        "/p/%00",
        "/p/%ff",
        "/c/..%2f",
        "/p/x?variant=%00",
        "/p/mug?variant=x",
        "//",
        "/./p/mug",
        "/%2e%2e/etc/passwd",
        "/checkout/x",
    ] {
        assert!((200..500).contains(&api.get(path).await.status), "{path}");
    }
}
