//! Programs that talk to the API, and buyers who shop through it.

use std::ops::Deref;

use oxcart::app::Shop;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Client, ClientBuilder, Method, RequestBuilder};
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::builders::{address, card};

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The head.
    pub headers: HeaderMap,
    /// The body as it was sent.
    pub text: String,
}

impl Answer {
    /// Waits for an answer to have arrived whole.
    pub async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.expect("the shop answers");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.expect("the answer arrives whole");
        Answer { status, headers, text }
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// How many statements it took, as staff are told. A list that takes more for more rows asks once a row.
    #[track_caller]
    pub fn statements(&self) -> u64 {
        let cost = self.header("server-timing");
        let told = cost.split("desc=\"").nth(1).and_then(|rest| rest.split(' ').next()?.parse().ok());
        told.unwrap_or_else(|| panic!("no statements are told: {cost:?}"))
    }

    /// The body as a document.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error} in {} {}", self.status, self.text))
    }

    /// The document of an answer that has to have this status.
    #[track_caller]
    pub fn ok(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        assert!(self.header("content-type").starts_with("application/json"), "{:?}", self.headers);
        self.json()
    }

    /// The problem document of a refusal that has to have this status and code.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        let problem = self.problem();
        assert_eq!((self.status, problem["code"].as_str()), (status, Some(code)), "{}", self.text);
        problem
    }

    /// The problem document, which has to be whole, whatever it tells.
    #[track_caller]
    pub fn problem(&self) -> Value {
        assert!(self.status >= 400, "{} {}", self.status, self.text);
        assert_eq!(self.header("content-type"), "application/problem+json", "{} {}", self.status, self.text);
        let problem = self.json();
        assert_eq!(problem["status"], self.status, "{problem}");
        for member in ["type", "title", "detail", "code"] {
            assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "no {member}: {problem}");
        }
        let code = problem["code"].as_str().expect("looked at above");
        assert!(code.bytes().all(|letter| letter == b'_' || letter.is_ascii_lowercase()), "{code}");
        for error in problem["errors"].as_array().into_iter().flatten() {
            assert!(error["field"].is_string() && error["message"].is_string(), "{problem}");
        }
        problem
    }

    /// The fields that the problem document names.
    #[track_caller]
    pub fn wrong_fields(&self) -> Vec<String> {
        let problem = self.problem();
        let errors = problem["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().filter_map(|error| error["field"].as_str().map(str::to_owned)).collect()
    }
}

/// A client of HTTP, with the only TLS that this program brings along.
pub fn client() -> ClientBuilder {
    Client::builder().tls_backend_preconfigured(oxcart::outside::tls())
}

/// A program that talks to the API.
#[derive(Clone, Debug)]
pub struct Api {
    client: Client,
    url: String,
    bearer: Option<String>,
}

impl Api {
    /// A program at the door of a shop.
    pub fn new(url: &str) -> Self {
        Api { client: client().build().expect("a client without files"), url: url.to_owned(), bearer: None }
    }

    /// The same program with the token of a member of staff.
    pub fn with_bearer(self, token: &str) -> Self {
        Api { bearer: Some(token.to_owned()), ..self }
    }

    /// A request that can still be changed.
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method: Method = method.parse().expect("a method");
        let request = self.client.request(method, format!("{}{path}", self.url));
        match &self.bearer {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request("GET", path)).await
    }

    /// Posts a document.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request("POST", path).json(body)).await
    }

    /// Posts a document under an idempotency key.
    pub async fn post_once(&self, path: &str, key: &str, body: &Value) -> Answer {
        Answer::of(self.request("POST", path).header("Idempotency-Key", key).json(body)).await
    }

    /// Changes with a document.
    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request("PATCH", path).json(body)).await
    }

    /// Puts.
    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request("PUT", path).json(body)).await
    }

    /// Deletes.
    pub async fn delete(&self, path: &str) -> Answer {
        Answer::of(self.request("DELETE", path)).await
    }

    /// Sends bytes that may be anything.
    pub async fn send_bytes(&self, method: &str, path: &str, content_type: &str, body: Vec<u8>) -> Answer {
        let request = self.request(method, path).body(body);
        let named = if content_type.is_empty() { request } else { request.header(CONTENT_TYPE, content_type) };
        Answer::of(named).await
    }
}

/// Somebody with a cart, who shops through the API.
#[derive(Clone, Debug)]
pub struct Buyer {
    api: Api,
    /// The cart as it was last shown.
    pub cart: Value,
    /// The checkout as it was last shown.
    pub checkout: Value,
    /// Where the order's mails go.
    pub email: String,
    /// Where it is sent.
    pub address: Value,
}

impl Deref for Buyer {
    type Target = Api;
    fn deref(&self) -> &Api {
        &self.api
    }
}

impl Buyer {
    /// Takes a cart at the door.
    pub async fn enter(shop: &TestApp) -> Self {
        let api = shop.api();
        let cart = api.post("/api/carts", &json!({})).await.ok(201);
        Buyer { api, cart, checkout: Value::Null, email: "ada@example.com".into(), address: address() }
    }

    /// The same person under another e-mail address.
    pub fn named(mut self, email: &str) -> Self {
        self.email = email.into();
        self
    }

    /// The same person, served by another node.
    pub fn at(mut self, (_, url): (&Shop, &str)) -> Self {
        self.api.url = url.to_owned();
        self
    }

    /// The same person with another cart.
    pub fn with_cart(mut self, cart: Value) -> Self {
        self.cart = cart;
        self
    }

    /// Where the cart is.
    pub fn cart_path(&self) -> String {
        format!("/api/carts/{}", text(&self.cart["id"]))
    }

    /// Where the checkout is.
    pub fn checkout_path(&self) -> String {
        format!("/api/checkouts/{}", text(&self.checkout["id"]))
    }

    /// Puts so many of a SKU into the cart.
    pub async fn add(&mut self, shop: &TestApp, sku: &str, quantity: i64) -> Answer {
        let body = json!({ "variant_id": shop.variant(sku).await, "quantity": quantity });
        let answer = self.api.post(&format!("{}/items", self.cart_path()), &body).await;
        self.see_cart(answer)
    }

    /// Sets a line, by its place, to so many.
    pub async fn set(&mut self, line: usize, quantity: i64) -> Answer {
        let path = format!("{}/items/{}", self.cart_path(), text(&self.cart["items"][line]["id"]));
        let answer = self.api.patch(&path, &json!({ "quantity": quantity })).await;
        self.see_cart(answer)
    }

    /// Types a coupon in.
    pub async fn coupon(&mut self, code: &str) -> Answer {
        let answer = self.api.post(&format!("{}/coupons", self.cart_path()), &json!({ "code": code })).await;
        self.see_cart(answer)
    }

    /// Looks into the cart.
    pub async fn look(&mut self) -> Value {
        let answer = self.api.get(&self.cart_path()).await;
        self.see_cart(answer).ok(200)
    }

    fn see_cart(&mut self, answer: Answer) -> Answer {
        if answer.status < 300 {
            self.cart = answer.json();
        }
        answer
    }

    /// What goes into a checkout with a card.
    pub fn order_form(&self) -> Value {
        json!({
            "cart_id": self.cart["id"],
            "cart_version": self.cart["version"],
            "email": self.email,
            "shipping_address": self.address,
            "payment_method": "sandbox",
        })
    }

    /// Opens a checkout with a card.
    pub async fn check_out(&mut self) -> Answer {
        self.check_out_with(json!({})).await
    }

    /// Opens a checkout, with members of the form changed.
    pub async fn check_out_with(&mut self, members: Value) -> Answer {
        let mut form = self.order_form();
        let (form_members, Value::Object(members)) = (form.as_object_mut(), members) else { panic!("an object") };
        form_members.expect("a form is an object").extend(members);
        let answer = self.api.post("/api/checkouts", &form).await;
        self.see_checkout(answer)
    }

    /// Pays with a card.
    pub async fn pay(&mut self, number: &str) -> Answer {
        self.pay_with(&json!({ "version": self.checkout["version"], "card": card(number) })).await
    }

    /// Pays with anything.
    pub async fn pay_with(&mut self, body: &Value) -> Answer {
        let answer = self.api.post(&format!("{}/pay", self.checkout_path()), body).await;
        self.see_checkout(answer)
    }

    /// Looks how the checkout stands.
    pub async fn look_at_checkout(&mut self) -> Value {
        let answer = self.api.get(&self.checkout_path()).await;
        self.see_checkout(answer).ok(200)
    }

    fn see_checkout(&mut self, answer: Answer) -> Answer {
        if answer.status < 300 {
            self.checkout = answer.json();
        }
        answer
    }

    /// Ends a pending payment of the sandbox bank.
    pub async fn complete_payment(&mut self, outcome: &str) -> Answer {
        let body = json!({ "checkout_id": self.checkout["id"], "outcome": outcome });
        self.api.post("/api/dev/complete-payment", &body).await
    }

    /// A buyer who has checked out one of a SKU and only has to pay.
    pub async fn at_the_till(shop: &TestApp, sku: &str) -> Self {
        let mut buyer = Buyer::enter(shop).await;
        buyer.add(shop, sku, 1).await.ok(200);
        buyer.check_out().await.ok(201);
        buyer
    }
}

/// The text of a member that has to be one.
#[track_caller]
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

/// The minor units of an amount.
#[track_caller]
pub fn minor(money: &Value) -> i64 {
    money["amount"].as_i64().unwrap_or_else(|| panic!("{money} is no amount"))
}
