//! Whatever is sent, the answer is a problem document that names the field, never a 5xx, and nothing has changed.

use serde_json::{Value, json};

use crate::app::{Engine, TestApp, both_engines};
use crate::builders::{GOOD_CARD, address, card};
use crate::buyer::{Answer, Buyer, text};

both_engines!(
    bodies_that_are_no_document,
    fields_of_the_wrong_type_or_size,
    fields_that_only_the_server_decides,
    ids_that_name_nothing,
    what_is_wrong_is_said_in_the_words_of_json,
    addresses_that_no_mail_reaches,
    queries_that_make_no_sense,
    letters_of_the_whole_world_are_kept_as_they_are,
);

/// A route with a document that it takes.
struct Route {
    method: &'static str,
    path: String,
    good: Value,
    fields: Vec<(&'static str, Kind)>,
}

/// What a field holds.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Id,
    /// From this many on, up to 999.
    Count(i64),
    Version,
    Text,
    /// May be left out.
    Note,
    Document,
    /// One of a few.
    Word,
}

/// A buyer with an open checkout, and every route that takes a document.
async fn routes(shop: &TestApp) -> (Buyer, Vec<Route>) {
    let mut buyer = Buyer::at_the_till(shop, "MUG").await;
    buyer.look().await;
    let variant = shop.variant("LAMP").await;
    let item = format!("{}/items/{}", buyer.cart_path(), text(&buyer.cart["items"][0]["id"]));
    let mut whole_address = address();
    let more = json!({ "line2": "2", "phone": "+31 20 000 00 00", "region": null });
    whole_address.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    let mut form = buyer.order_form();
    form["shipping_address"] = whole_address.clone();
    form["billing_address"] = whole_address.clone();
    form["shipping_method"] = json!("standard");
    let pay = json!({ "version": buyer.checkout["version"], "card": card(GOOD_CARD) });
    let change = json!({ "email": "b@example.com", "shipping_address": whole_address, "shipping_method": "express" });
    let end = json!({ "checkout_id": buyer.checkout["id"], "outcome": "succeed" });
    let lookup = json!({ "number": "10001", "email": "a@example.com" });
    use Kind::{Count, Document, Id, Note, Text, Version, Word};
    let postal = [
        ("shipping_address", Document),
        ("shipping_address.name", Text),
        ("shipping_address.line1", Text),
        ("shipping_address.line2", Note),
        ("shipping_address.city", Text),
        ("shipping_address.postal_code", Text),
        ("shipping_address.country", Text),
        ("shipping_address.phone", Note),
    ];
    let mut checkout = vec![("cart_id", Id), ("cart_version", Version), ("email", Text), ("payment_method", Word)];
    checkout.extend([("billing_address.city", Text), ("shipping_method", Note)]);
    checkout.extend(postal);
    let mut changed = vec![("email", Note), ("shipping_method", Note)];
    changed.extend(postal.into_iter().skip(1));
    let route = |method, path: String, good, fields| Route { method, path, good, fields };
    let routes = vec![
        route("POST", "/api/carts".into(), json!({}), vec![]),
        route(
            "POST",
            format!("{}/items", buyer.cart_path()),
            json!({ "variant_id": variant, "quantity": 1 }),
            vec![("variant_id", Id), ("quantity", Count(1))],
        ),
        route("PATCH", item, json!({ "quantity": 2 }), vec![("quantity", Count(0))]),
        route("POST", format!("{}/coupons", buyer.cart_path()), json!({ "code": "X" }), vec![("code", Text)]),
        route("POST", "/api/checkouts".into(), form, checkout),
        route("PATCH", buyer.checkout_path(), change, changed),
        route(
            "POST",
            format!("{}/pay", buyer.checkout_path()),
            pay,
            vec![
                ("version", Version),
                ("card", Document),
                ("card.number", Text),
                ("card.exp", Text),
                ("card.cvc", Text),
            ],
        ),
        route("POST", "/api/dev/complete-payment".into(), end, vec![("checkout_id", Id), ("outcome", Word)]),
        route("POST", "/api/orders/lookup".into(), lookup, vec![("number", Text), ("email", Text)]),
    ];
    (buyer, routes)
}

/// The document with a field written as this JSON text, which may be none.
fn written(good: &Value, field: &str, json: &str) -> Vec<u8> {
    let mut document = good.clone();
    let place = field.split('.').fold(&mut document, |place, name| &mut place[name]);
    *place = json!("@here@");
    document.to_string().replace("\"@here@\"", json).into_bytes()
}

fn long(length: usize) -> String {
    format!("\"{}\"", "x".repeat(length))
}

/// JSON texts that a field of this kind must not take.
fn wrong_values(kind: Kind) -> Vec<String> {
    let plain: &[&str] = match kind {
        Kind::Id => &["null", "1", "true", "[]", "{}", "\"\"", "\"x\"", "\"1 OR 1=1\"", "1e400"],
        Kind::Count(_) => &[
            "null",
            "\"1\"",
            "true",
            "[]",
            "{}",
            "1.5",
            "-1",
            "-0.5",
            "1000",
            "2147483647",
            "2147483648",
            "4294967296",
            "9007199254740993",
            "9223372036854775807",
            "-9223372036854775808",
            "1e30",
            "1e400",
            "1000000000000000000000000000000",
            "\u{2212}1",
            "NaN",
            "01",
            "0x1",
        ],
        Kind::Version => &["null", "\"1\"", "true", "[]", "{}", "1.5", "1e400", "9223372036854775808"],
        Kind::Text => &["null", "1", "true", "[]", "{}", "\"\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\u{0}\""],
        Kind::Note => &["1", "true", "[]", "{}", "\"a\\u0000b\"", "\"\\ud800\""],
        Kind::Document => &["1", "true", "[]", "\"\"", "{}", "[\"4242424242424242\", \"12/79\", \"123\"]"],
        Kind::Word => &["null", "1", "true", "[]", "{}", "\"\"", "\"nobody\"", "\"SANDBOX\"", "\"a\\u0000b\""],
    };
    let mut values: Vec<String> = plain.iter().map(|value| (*value).to_owned()).collect();
    match kind {
        Kind::Count(1) => values.extend(["0".into(), "-0".into()]),
        Kind::Text | Kind::Note => values.extend([long(1_000_000), long(10_000)]),
        Kind::Id | Kind::Word => values.push(long(1_000_000)),
        _ => {}
    }
    values
}

/// A 4xx problem document; one about fields names this one.
#[track_caller]
fn check(answer: &Answer, field: &str, sent: &str) {
    let sent: String = sent.chars().take(300).collect();
    assert!((400..500).contains(&answer.status), "{field} {sent}: {} {}", answer.status, answer.text);
    let code = answer.problem()["code"].clone();
    if code == "malformed" {
        assert_eq!(answer.status, 400, "{field} {sent}");
        return;
    }
    // The lookup does not tell what is wrong with a number or an address that fits no order.
    if code == "not_found" && sent.contains("/orders/lookup \"") {
        return;
    }
    let named = answer.wrong_fields();
    // A document that is wrong as a whole may name what is missing in it, and a coupon its code.
    let is_named = |name: &String| name == field || name.starts_with(&format!("{field}."));
    assert!(named.iter().any(is_named), "{field} is not named for {sent}: {}", answer.text);
}

async fn fields_of_the_wrong_type_or_size(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let (buyer, routes) = routes(&shop).await;
    let before = shop.dump().await;
    for route in &routes {
        for (field, kind) in &route.fields {
            for value in wrong_values(*kind) {
                let body = written(&route.good, field, &value);
                let answer = buyer.send_bytes(route.method, &route.path, "application/json", body).await;
                check(&answer, field, &format!("{} {} {value}", route.method, route.path));
            }
            let optional = matches!(kind, Kind::Note) || (route.method == "PATCH" && !field.contains('.'));
            let countryless = matches!(*field, "billing_address.city" | "card" | "quantity");
            if !optional && !countryless {
                let mut body = route.good.clone();
                let (parent, name) = field.rsplit_once('.').unwrap_or(("", field));
                let parent =
                    parent.split('.').filter(|name| !name.is_empty()).fold(&mut body, |place, name| &mut place[name]);
                parent.as_object_mut().expect("an object").remove(name);
                let sent = body.to_string();
                let answer =
                    buyer.send_bytes(route.method, &route.path, "application/json", sent.clone().into_bytes()).await;
                check(&answer, field, &sent);
            }
        }
        assert_eq!(shop.dump().await, before, "{} {} changed something", route.method, route.path);
    }
    shop.verify().await;
}

async fn bodies_that_are_no_document(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let (buyer, routes) = routes(&shop).await;
    let before = shop.dump().await;
    for route in &routes {
        let good = route.good.to_string();
        let utf_16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let bodies: Vec<(&str, Vec<u8>)> = vec![
            ("nothing", vec![]),
            ("half", good.as_bytes()[..good.len() - 1].to_vec()),
            ("an array", b"[]".to_vec()),
            ("null", b"null".to_vec()),
            ("a number", b"7".to_vec()),
            ("a text", b"\"x\"".to_vec()),
            ("twice", [good.as_bytes(), good.as_bytes()].concat()),
            ("rubbish behind", [good.as_bytes(), b"x"].concat()),
            ("a byte order mark", [b"\xef\xbb\xbf", good.as_bytes()].concat()),
            ("UTF-16", utf_16),
            ("no UTF-8", b"{\"code\":\"\xff\xfe\"}".to_vec()),
            ("a NUL", b"{\"code\":\"\0\"}".to_vec()),
            ("a NUL behind", [good.as_bytes(), b"\0"].concat()),
            ("deep", "[".repeat(100_000).into_bytes()),
            ("deeper", "{\"a\":".repeat(100_000).into_bytes()),
            ("a deep unknown field", format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000)).into_bytes()),
            ("a form", b"quantity=1&code=X".to_vec()),
        ];
        for (name, body) in bodies {
            let answer = buyer.send_bytes(route.method, &route.path, "application/json", body).await;
            let what = format!("{} {} {name}", route.method, route.path);
            assert!(matches!(answer.status, 400 | 422), "{what}: {} {}", answer.status, answer.text);
            answer.problem();
        }
        for other in
            ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json", "x"]
        {
            let answer = buyer.send_bytes(route.method, &route.path, other, good.clone().into_bytes()).await;
            assert_eq!(answer.status, 415, "{} {} {other}", route.method, route.path);
            answer.refused(415, "unsupported_media_type");
        }
        let huge = format!("{{\"code\":{}}}", long(2_000_000)).into_bytes();
        buyer.send_bytes(route.method, &route.path, "application/json", huge).await.refused(413, "body_too_large");
        assert_eq!(shop.dump().await, before, "{} {} changed something", route.method, route.path);
    }
}

/// M1, M2: whatever a client says about prices is not heard.
async fn fields_that_only_the_server_decides(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let (buyer, routes) = routes(&shop).await;
    let before = shop.dump().await;
    let decided = [
        "price",
        "unit_price",
        "total",
        "totals",
        "subtotal",
        "discount",
        "tax",
        "shipping",
        "currency",
        "status",
        "id",
    ];
    for route in &routes {
        for field in decided {
            let mut body = route.good.clone();
            body[field] = json!(1);
            let answer =
                buyer.send_bytes(route.method, &route.path, "application/json", body.to_string().into_bytes()).await;
            answer.refused(422, "invalid_fields");
            assert_eq!(answer.wrong_fields(), [field], "{} {}", route.method, route.path);
        }
    }
    for (route, inside) in [(4, "shipping_address"), (6, "card")] {
        let mut body = routes[route].good.clone();
        body[inside]["price"] = json!(1);
        let answer = buyer.post(&routes[route].path, &body).await;
        answer.refused(422, "invalid_fields");
        assert_eq!(answer.wrong_fields(), [format!("{inside}.price")]);
    }
    assert_eq!(shop.dump().await, before);
}

async fn ids_that_name_nothing(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let (buyer, routes) = routes(&shop).await;
    let before = shop.dump().await;
    let nobody = "0190a000-0000-7000-8000-000000000000";
    for route in &routes {
        for (field, _) in route.fields.iter().filter(|(_, kind)| *kind == Kind::Id) {
            let body = written(&route.good, field, &format!("\"{nobody}\""));
            let answer = buyer.send_bytes(route.method, &route.path, "application/json", body).await;
            answer.refused(404, "not_found");
            for text in ["", "x", "1 OR 1=1", "0190a000-0000-7000-8000-00000000000g", &"9".repeat(5000)] {
                let body = written(&route.good, field, &json!(text).to_string());
                let answer = buyer.send_bytes(route.method, &route.path, "application/json", body).await;
                answer.refused(404, "not_found");
                assert_eq!(answer.wrong_fields(), [*field], "{text:?} names nothing");
            }
            for other in ["null", "1", "true", "{}"] {
                let body = written(&route.good, field, other);
                let answer = buyer.send_bytes(route.method, &route.path, "application/json", body).await;
                answer.refused(422, "invalid_fields");
            }
        }
        let mut parts: Vec<&str> = route.path.split('/').collect();
        let Some(place) = parts.iter().position(|part| part.len() == 36) else { continue };
        for id in [nobody, "x", "%00", "%ff", "..", "1%20OR%201=1", "%F0%9F%AB%96", &"9".repeat(5000)] {
            parts[place] = id;
            let answer = Answer::of(buyer.request(route.method, &parts.join("/")).json(&route.good)).await;
            assert!(matches!(answer.status, 400 | 404 | 405), "{id}: {} {}", answer.status, answer.text);
        }
    }
    for path in
        ["/api/carts/x", "/api/checkouts/x", "/api/orders/x", "/api/products/x", "/api/products/%00", "/api/x", "/api"]
    {
        buyer.get(path).await.refused(404, "not_found");
    }
    assert_eq!(shop.dump().await, before);
}

async fn what_is_wrong_is_said_in_the_words_of_json(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let (buyer, routes) = routes(&shop).await;
    let of = |path: &str| routes.iter().find(|route| route.path.ends_with(path)).expect("such a route");
    let (items, checkouts, end) = (of("/items"), of("/api/checkouts"), of("/complete-payment"));
    for (route, field, value, message) in [
        (items, "quantity", "\"1\"", "has to be a whole number"),
        (items, "quantity", "1.5", "has to be a whole number"),
        (items, "quantity", "9223372036854775808", "is out of range"),
        (items, "variant_id", "1", "has to be an id"),
        (items, "variant_id", "\"x\"", "There is nothing under this id."),
        (checkouts, "email", "1", "has to be a text"),
        (checkouts, "email", "null", "has to be a text"),
        (checkouts, "shipping_address", "7", "has to be an object"),
        (checkouts, "shipping_address.line2", "{}", "has to be a text"),
        (checkouts, "payment_method", "\"bitcoin\"", "one of sandbox, manual, stripe is expected"),
        (checkouts, "payment_method", "1", "has to be a text"),
        (of("/pay"), "card", "true", "has to be an object"),
        (of("/pay"), "version", "true", "has to be a whole number"),
        (end, "outcome", "\"perhaps\"", "has to be succeed or fail"),
        (end, "outcome", "1", "has to be a text"),
    ] {
        let answer =
            buyer.send_bytes(route.method, &route.path, "application/json", written(&route.good, field, value)).await;
        assert_eq!(answer.problem()["errors"], json!([{ "field": field, "message": message }]), "{value}");
    }
    for route in &routes {
        for body in ["7", "null", "\"x\"", "[]", "[1]"] {
            let answer = buyer.send_bytes(route.method, &route.path, "application/json", body.into()).await;
            let expected = json!([{ "field": "body", "message": "has to be an object" }]);
            assert_eq!(answer.problem()["errors"], expected, "{} {body}", route.path);
        }
    }
}

async fn addresses_that_no_mail_reaches(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut buyer = shop.buyer().await;
    buyer.add(&shop, "MUG", 1).await.ok(200);
    let before = shop.dump().await;
    for (field, value) in [
        ("country", "XX"),
        ("country", "Netherlands"),
        ("postal_code", "12345678901"),
        ("postal_code", "' --"),
        ("city", "a\nb"),
        ("name", "\u{7f}"),
        ("name", "   "),
    ] {
        buyer.address = address();
        buyer.address[field] = json!(value);
        let answer = buyer.check_out().await;
        answer.refused(422, "invalid_fields");
        assert_eq!(answer.wrong_fields(), [format!("shipping_address.{field}")], "{value:?}");
    }
    buyer.address = address();
    for email in ["", "x", "a@", "@b", "a@b@c.d", "a b@c.d", "a@c.d\r\nBcc: x@y.z", "a@\u{0}b.c"] {
        let answer = buyer.check_out_with(json!({ "email": email })).await;
        answer.refused(422, "invalid_fields");
        assert_eq!(answer.wrong_fields(), ["email"], "{email:?}");
    }
    // M20: a delivery that is not offered there, or nowhere.
    for method in ["world", "never", ""] {
        let answer = buyer.check_out_with(json!({ "shipping_method": method })).await;
        answer.refused(422, "shipping_method_unavailable");
        assert_eq!(answer.wrong_fields(), ["shipping_method"]);
    }
    buyer.address = json!({ "name": "A", "line1": "B", "city": "Paris", "postal_code": "75001", "country": "FR" });
    buyer.check_out().await.refused(422, "shipping_unavailable");
    buyer.address = address();
    let answer = buyer.check_out_with(json!({ "payment_method": "stripe" })).await;
    answer.refused(422, "payment_method_unavailable");
    assert_eq!(answer.wrong_fields(), ["payment_method"]);
    assert_eq!(shop.dump().await, before);
}

/// I8, I18, I21: parameters are refused by name, or taken as the plain words they are.
async fn queries_that_make_no_sense(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let api = shop.api();
    for (query, field) in [
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=x", "page"),
        ("page=1.5", "page"),
        ("page=99999999999999999999", "page"),
        ("per_page=0", "per_page"),
        ("per_page=101", "per_page"),
        ("per_page=1000000000", "per_page"),
        ("min_price=-1", "min_price"),
        ("min_price=x", "min_price"),
        ("max_price=1.5", "max_price"),
        ("max_price=99999999999999999999", "max_price"),
        ("sort=cheap", "sort"),
        ("sort=price-asc;DROP", "sort"),
        ("rating=x", "rating"),
        ("in_stock=perhaps", "in_stock"),
        ("brand=%00", "brand"),
        ("q=%FF", "q"),
        ("price=1", "price"),
    ] {
        let answer = api.get(&format!("/api/products?{query}")).await;
        assert_eq!(answer.status, 422, "{query}: {}", answer.text);
        assert_eq!(answer.wrong_fields(), [field], "{query}");
        let page = shop.visitor().open(&format!("/products?{query}")).await;
        assert!(page.status < 500, "{query} as a page: {}", page.status);
    }
    let beyond = api.get("/api/products?page=1000000").await.ok(200);
    assert_eq!(beyond["items"], json!([]));
    for words in [
        "%25",
        "_",
        "%00",
        "%27%20OR%201%3D1--",
        "%22%29%3B",
        "%7B%7B7*7%7D%7D",
        "NEAR(",
        "*",
        "-",
        "(((",
        "%F0%9F%AB%96",
    ] {
        let found = api.get(&format!("/api/products?q={words}")).await;
        assert!(matches!(found.status, 200 | 422), "{words}: {} {}", found.status, found.text);
        let page = shop.visitor().open(&format!("/search?q={words}")).await;
        assert!(page.status < 500, "{words} as a page: {}", page.status);
    }
    for name in ["category", "brand", "tag", "option.Colour", "attr.Material"] {
        let found = api.get(&format!("/api/products?{name}=%27--")).await.ok(200);
        assert_eq!(found["total"], 0, "{name}");
    }
    let long = api.get(&format!("/api/products?q={}", "x".repeat(10_000))).await;
    assert!(matches!(long.status, 200 | 422), "{}", long.status);
    let longer = api.get(&format!("/api/products?q={}", "x".repeat(60_000))).await;
    assert!((400..500).contains(&longer.status), "{}", longer.status);
}

/// I6: what is no control character comes back as it was sent.
async fn letters_of_the_whole_world_are_kept_as_they_are(engine: Engine) {
    let shop = TestApp::open(engine).await;
    for name in [
        "Zoë Ångström",
        "Ada \u{202e}ecalevoL",
        "陳大文",
        "🫖🫖🫖",
        "O'Neil; DROP TABLE orders; --",
        "<script>alert(1)</script>",
        "{{7*7}} ${7*7}",
    ] {
        let mut buyer = shop.buyer().await;
        buyer.add(&shop, "MUG", 1).await.ok(200);
        buyer.address["name"] = json!(name);
        assert_eq!(buyer.check_out().await.ok(201)["shipping_address"]["name"], name);
        let order = buyer.pay(GOOD_CARD).await.ok(200)["order"].clone();
        let page = shop.visitor().open(shop.path(text(&order["url"]))).await.is(200);
        assert!(page.words().contains(name), "{}", page.words());
        assert!(!page.html.contains("<script>alert"), "what a buyer writes is text");
    }
    shop.drain().await;
    assert!(shop.mails().iter().all(|mail| !mail.body.contains("<script>alert(1)</script>\n</p>")));
    shop.verify().await;
}
