//! Buyers who keep a program busy and remember what they were told.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::Client;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::builders::{GOOD_CARD, address, card};
use crate::buyer::{client, text};
use crate::program::Program;

/// How long somebody who was refused waits before the next try.
const PAUSE: Duration = Duration::from_millis(50);

/// Buyers who buy one mug after the other, until they are sent home or nobody answers any more.
pub struct Rush {
    told: Arc<Told>,
    buyers: Vec<JoinHandle<()>>,
}

#[derive(Default)]
struct Told {
    orders: Mutex<Vec<String>>,
    refusals: Mutex<Vec<Refusal>>,
    is_over: AtomicBool,
}

/// An answer that was no.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// What was asked.
    pub path: String,
    /// The HTTP status.
    pub status: u16,
    /// Whether it said when to come back.
    pub retry_after: bool,
    /// How long the answer took.
    pub took: Duration,
    /// When it came.
    pub at: Instant,
    /// The document that came with it.
    pub document: Value,
}

impl Rush {
    /// So many buyers at once.
    pub fn on(program: &Program, buyers: usize) -> Self {
        let told = Arc::<Told>::default();
        let buyer =
            || RushBuyer { client: client().build().expect("no files"), url: program.url(), told: told.clone() };
        let stay = |buyer: RushBuyer| tokio::spawn(async move { drop(buyer.stay().await) });
        let buyers = (0..buyers).map(|_| stay(buyer())).collect();
        Rush { told, buyers }
    }

    /// The links to the orders that were acknowledged so far.
    pub fn orders(&self) -> Vec<String> {
        self.told.orders.lock().expect("nobody panics with it").clone()
    }

    /// What was refused since then.
    pub fn refusals(&self, since: Instant) -> Vec<Refusal> {
        let refusals = self.told.refusals.lock().expect("nobody panics with it");
        refusals.iter().filter(|refusal| refusal.at >= since).cloned().collect()
    }

    /// Waits until so many more were ordered.
    pub async fn sells(&self, program: &Program, more: usize) {
        let wanted = self.orders().len() + more;
        program.until("it sells", async || self.orders().len() >= wanted).await;
    }

    /// Sends everybody home; answers the links to the orders.
    pub async fn over(self) -> Vec<String> {
        self.told.is_over.store(true, Ordering::Relaxed);
        let orders = self.told.clone();
        for buyer in self.buyers {
            buyer.await.expect("who is sent home goes");
        }
        orders.orders.lock().expect("nobody panics with it").clone()
    }
}

struct RushBuyer {
    client: Client,
    url: String,
    told: Arc<Told>,
}

/// Nobody answers any more.
struct Gone;

impl RushBuyer {
    async fn stay(&self) -> Result<(), Gone> {
        let variant = loop {
            if let Some(product) = self.ask("GET", "/api/products/mug", &Value::Null).await? {
                break product["variants"][0]["id"].clone();
            }
        };
        while !self.told.is_over.load(Ordering::Relaxed) {
            if let Some(order) = self.buy(&variant).await? {
                self.told.orders.lock().expect("nobody panics with it").push(order);
            }
        }
        Ok(())
    }

    /// From the cart to the order; none when there was a no on the way.
    async fn buy(&self, variant: &Value) -> Result<Option<String>, Gone> {
        let Some(cart) = self.ask("POST", "/api/carts", &json!({})).await? else { return Ok(None) };
        let path = format!("/api/carts/{}/items", text(&cart["id"]));
        let add = json!({ "variant_id": variant, "quantity": 1 });
        let Some(cart) = self.ask("POST", &path, &add).await? else { return Ok(None) };
        let form = json!({
            "cart_id": cart["id"],
            "cart_version": cart["version"],
            "email": "ada@example.com",
            "shipping_address": address(),
            "payment_method": "sandbox",
        });
        let Some(checkout) = self.ask("POST", "/api/checkouts", &form).await? else { return Ok(None) };
        let path = format!("/api/checkouts/{}/pay", text(&checkout["id"]));
        let pay = json!({ "version": checkout["version"], "card": card(GOOD_CARD) });
        let paid = self.ask("POST", &path, &pay).await?;
        Ok(paid.and_then(|paid| paid["order"]["url"].as_str().map(str::to_owned)))
    }

    /// The document of a yes; a no is remembered.
    async fn ask(&self, method: &str, path: &str, body: &Value) -> Result<Option<Value>, Gone> {
        let asked = Instant::now();
        let request = self.client.request(method.parse().expect("a method"), format!("{}{path}", self.url));
        let request = if method == "GET" { request } else { request.json(body) };
        let answer = request.send().await.map_err(|_| Gone)?;
        let (status, retry_after) = (answer.status(), answer.headers().contains_key("retry-after"));
        let document: Value = answer.json().await.map_err(|_| Gone)?;
        if status.is_success() {
            return Ok(Some(document));
        }
        let (took, at, path, status) = (asked.elapsed(), Instant::now(), path.to_owned(), status.as_u16());
        let refusal = Refusal { path, status, retry_after, took, at, document };
        self.told.refusals.lock().expect("nobody panics with it").push(refusal);
        sleep(PAUSE).await;
        Ok(None)
    }
}
