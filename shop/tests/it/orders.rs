//! Orders are seen by those who hold the link, or know number and address, and by nobody else.

use serde_json::json;

use crate::app::{Engine, Setup, TestApp, both_engines};
use crate::builders::GOOD_CARD;
use crate::buyer::{Answer, Buyer, text};

both_engines!(
    only_the_private_link_opens_an_order,
    the_lookup_has_one_answer_for_wrong_and_unknown,
    the_lookup_stops_who_guesses,
    only_who_was_asked_has_accepted_the_terms,
);

/// Id, token and number of a new order.
async fn order(shop: &TestApp, email: &str) -> (String, String, String) {
    let mut buyer = Buyer::at_the_till(shop, "MUG").await;
    buyer.patch(&buyer.checkout_path(), &json!({ "email": email })).await.ok(200);
    buyer.look_at_checkout().await;
    let order = buyer.pay(GOOD_CARD).await.ok(200)["order"].clone();
    let url = text(&order["url"]).to_owned();
    let token = url.split_once("token=").expect("a private link has its token").1.split('&').next().unwrap_or_default();
    let id = text(&order["id"]).to_owned();
    let seen = buyer.get(&format!("/api/orders/{id}?token={token}")).await.ok(200);
    (id, token.to_owned(), text(&seen["number"]).to_owned())
}

/// The problem, without what tells one request from another.
fn plain(answer: &Answer) -> String {
    let mut problem = answer.problem();
    problem.as_object_mut().expect("a document").remove("request_id");
    format!("{} {problem}", answer.status)
}

/// P15, A2: another's link, a guessed token and an unknown id look the same.
async fn only_the_private_link_opens_an_order(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let (mine, token, _) = order(&shop, "ada@example.com").await;
    let (others, other_token, _) = order(&shop, "bob@example.com").await;
    let unknown = shop.api().get(&format!("/api/orders/{}?token={token}", uuid::Uuid::nil())).await;
    unknown.refused(404, "not_found");
    for path in [
        format!("/api/orders/{mine}"),
        format!("/api/orders/{mine}?token="),
        format!("/api/orders/{mine}?token={other_token}"),
        format!("/api/orders/{others}?token={token}"),
        format!("/api/orders/{mine}?token={}", token.to_uppercase()),
        format!("/api/orders/{mine}?token={}", &token[1..]),
        format!("/api/orders/{mine}?token={token}0"),
        format!("/api/orders/x?token={token}"),
    ] {
        assert_eq!(plain(&shop.api().get(&path).await), plain(&unknown), "{path}");
        assert_eq!(shop.visitor().open(path.trim_start_matches("/api")).await.status, 404, "{path}");
    }
    let page = shop.visitor().open(&format!("/orders/{mine}?token={token}")).await.is(200);
    assert_eq!((page.header("cache-control"), page.header("referrer-policy")), ("no-store", "no-referrer"));
    let (_, checkout) = shop.last_payment().await;
    assert_eq!(shop.visitor().open(&format!("/checkout/{checkout}")).await.status, 404, "another's checkout");
}

async fn the_lookup_has_one_answer_for_wrong_and_unknown(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let (id, _, number) = order(&shop, "ada@example.com").await;
    let lookup = async |number: &str, email: &str| {
        shop.api().post("/api/orders/lookup", &json!({ "number": number, "email": email })).await
    };
    for email in ["ada@example.com", " Ada@Example.COM "] {
        assert_eq!(lookup(&number, email).await.ok(200)["id"], id);
    }
    for copied in [format!("#{number}"), format!(" # {number} ")] {
        assert_eq!(lookup(&copied, "ada@example.com").await.ok(200)["id"], id, "{copied}");
    }
    let unknown = lookup("99999", "ada@example.com").await;
    unknown.refused(404, "not_found");
    for (number, email) in
        [(number.as_str(), "bob@example.com"), ("99999", "bob@example.com"), ("' OR 1=1 --", "ada@example.com")]
    {
        assert_eq!(plain(&lookup(number, email).await), plain(&unknown), "{number} {email}");
    }
    let (longest, longer) = ("9".repeat(64), "9".repeat(65));
    assert_eq!(plain(&lookup(&longest, "ada@example.com").await), plain(&unknown));
    for (number, email, field) in [
        (longer, "ada@example.com".to_owned(), "number"),
        ("9".repeat(900_000), "ada@example.com".to_owned(), "number"),
        (longest, format!("{}@example.com", "a".repeat(250)), "email"),
    ] {
        let answer = lookup(&number, &email).await;
        answer.refused(422, "invalid_fields");
        assert_eq!(answer.wrong_fields(), [field]);
    }
    let page = shop.visitor().post("/orders/find", &[("number", &number), ("email", "bob@example.com")]).await;
    assert!(page.status < 500 && !page.words().contains("Keizersgracht"), "{}", page.words());
}

async fn the_lookup_stops_who_guesses(engine: Engine) {
    let shop = Setup::on(engine).setting("OXCART_RATE_LIMITS", "on").open().await;
    let (id, _, number) = order(&shop, "ada@example.com").await;
    let right = json!({ "number": number, "email": "ada@example.com" });
    let mut guesses = 0;
    while shop.api().post("/api/orders/lookup", &json!({ "number": number, "email": "x@example.com" })).await.status
        == 404
    {
        guesses += 1;
        assert!(guesses < 50, "nobody stops the guessing");
    }
    let stopped = shop.api().post("/api/orders/lookup", &right).await;
    stopped.refused(429, "rate_limited");
    let seconds: i64 = stopped.header("retry-after").parse().expect("Retry-After tells the seconds");
    assert!((1..=15 * 60).contains(&seconds), "{seconds}");
    let page = shop.visitor().post("/orders/find", &[("number", &number), ("email", "ada@example.com")]).await;
    assert_eq!(page.status, 429, "the page is no way around");
    shop.app.clock.advance(15 * 60 + 1);
    assert_eq!(shop.api().post("/api/orders/lookup", &right).await.ok(200)["id"], id);
}

/// The page asks for it and the API does not: nobody is said to have accepted what they were never shown.
async fn only_who_was_asked_has_accepted_the_terms(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let (id, token, _) = order(&shop, "ada@example.com").await;
    let seen = shop.api().get(&format!("/api/orders/{id}?token={token}")).await.ok(200);
    assert_eq!(seen["terms_version"], serde_json::Value::Null);
    shop.verify().await;
}
