//! A visitor who looks around, fills carts and pays, one thing after the other.

use std::sync::Arc;
use std::time::Instant;

use hyper::Method;
use hyper::body::Bytes;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::goods::Goods;
use super::tally::Tally;
use super::wire::{Place, Wire};

/// How many different people buy.
const PEOPLE: u32 = 100_000;
/// The place of the variant that everybody buys.
const HOT: usize = 0;

/// What a visitor does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Looks at the front page and the shelves.
    Browse,
    /// Looks at a product.
    Product,
    /// Searches.
    Search,
    /// Takes a cart and puts something in.
    AddToCart,
    /// Buys one of many SKUs, from the cart to the order.
    Checkout,
    /// Buys the SKU that everybody buys.
    Hot,
}

/// Why somebody did not get what they came for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// As it may be.
    AsExpected,
    /// As it must not be. It has been counted.
    Wrong,
}

/// A checkout that can be paid.
#[derive(Deserialize)]
pub struct Open {
    id: String,
    version: i64,
}

#[derive(Deserialize)]
struct Cart {
    id: String,
    version: i64,
}

#[derive(Deserialize)]
struct Paid {
    order: Option<Value>,
}

#[derive(Deserialize)]
struct Problem {
    code: String,
}

/// A visitor with a connection of their own.
pub struct Buyer {
    wire: Wire,
    goods: Arc<Goods>,
    draw: StdRng,
    /// A refusal that is no error but what is looked for.
    expected: Option<&'static str>,
    /// What they saw.
    pub tally: Tally,
}

impl Buyer {
    /// A visitor whose choices follow from a number.
    pub fn new(place: &Place, goods: &Arc<Goods>, seed: u64, tally: Tally) -> Self {
        let draw = StdRng::seed_from_u64(seed);
        Buyer { wire: Wire::new(place), goods: goods.clone(), draw, expected: None, tally }
    }

    /// The same, who may be refused like this.
    pub fn expecting(self, code: &'static str) -> Self {
        Buyer { expected: Some(code), ..self }
    }

    /// Does it once, and counts it if it went well.
    pub async fn once(&mut self, deed: Deed) {
        let began = Instant::now();
        if self.act(deed).await.is_ok() {
            self.tally.deed(began.elapsed());
        }
    }

    async fn act(&mut self, deed: Deed) -> Result<(), Refused> {
        let goods = self.goods.clone();
        match deed {
            Deed::Browse => self.look("browse", &goods.browse).await,
            Deed::Product => self.look("product", &goods.product).await,
            Deed::Search => self.look("search", &goods.search).await,
            Deed::AddToCart => {
                let good = self.some_good();
                self.fill_cart(good).await.map(drop)
            }
            Deed::Checkout => {
                let good = self.some_good();
                self.buy(good).await
            }
            Deed::Hot => self.buy(HOT).await,
        }
    }

    /// Any variant but the first, which everybody buys, and the last, which is sold out.
    pub fn some_good(&mut self) -> usize {
        let last = self.goods.variants.len() - 1;
        if last > HOT + 1 { self.draw.random_range(HOT + 1..last) } else { last }
    }

    async fn look(&mut self, kind: &'static str, pages: &[String]) -> Result<(), Refused> {
        let page = &pages[self.draw.random_range(0..pages.len())];
        self.ask(kind, Method::GET, page, None, 200).await.map(drop)
    }

    /// From the cart to the order.
    pub async fn buy(&mut self, good: usize) -> Result<(), Refused> {
        let open = self.open(good).await?;
        self.pay(&open).await
    }

    async fn fill_cart(&mut self, good: usize) -> Result<Cart, Refused> {
        let cart = self.ask("cart", Method::POST, "/api/carts", Some(json!({})), 201).await?;
        let cart: Cart = self.read("cart", &cart)?;
        let item = json!({ "variant_id": self.goods.variants[good].id, "quantity": 1 });
        let path = format!("/api/carts/{}/items", cart.id);
        let cart = self.ask("item", Method::POST, &path, Some(item), 200).await?;
        self.read("item", &cart)
    }

    /// A checkout of one variant, open to be paid.
    pub async fn open(&mut self, good: usize) -> Result<Open, Refused> {
        let cart = self.fill_cart(good).await?;
        let form = json!({
            "cart_id": cart.id,
            "cart_version": cart.version,
            "email": format!("buyer-{}@mail.example", self.draw.random_range(0..PEOPLE)),
            "shipping_address": {
                "name": "Ada Lovelace",
                "line1": "Keizersgracht 1",
                "postal_code": "1015 CJ",
                "city": "Amsterdam",
                "country": "NL",
            },
            "payment_method": "sandbox",
        });
        let open = self.ask("open", Method::POST, "/api/checkouts", Some(form), 201).await?;
        self.read("open", &open)
    }

    /// Pays, and sees that there is an order.
    pub async fn pay(&mut self, open: &Open) -> Result<(), Refused> {
        let card = json!({ "number": "4242424242424242", "exp": "12/79", "cvc": "123" });
        let body = json!({ "version": open.version, "card": card });
        let path = format!("/api/checkouts/{}/pay", open.id);
        let paid = self.ask("pay", Method::POST, &path, Some(body), 200).await?;
        match self.read::<Paid>("pay", &paid)?.order {
            Some(_) => Ok(()),
            None => Err(self.count_wrong("pay: paid without an order".into())),
        }
    }

    async fn ask(
        &mut self,
        kind: &'static str,
        method: Method,
        path: &str,
        body: Option<Value>,
        status: u16,
    ) -> Result<Bytes, Refused> {
        let began = Instant::now();
        match self.wire.send(method, path, body.as_ref()).await {
            Ok(answer) if answer.status == status => {
                self.tally.request(kind, began.elapsed());
                Ok(answer.body)
            }
            Ok(answer) => {
                let code = serde_json::from_slice::<Problem>(&answer.body).ok().map(|problem| problem.code);
                if code.is_some() && code.as_deref() == self.expected {
                    return Err(Refused::AsExpected);
                }
                let told = code.as_deref().unwrap_or("no code");
                Err(self.count_wrong(format!("{kind}: {} {told}", answer.status)))
            }
            Err(failure) => Err(self.count_wrong(format!("{kind}: {failure}"))),
        }
    }

    fn read<T: DeserializeOwned>(&mut self, kind: &str, body: &[u8]) -> Result<T, Refused> {
        serde_json::from_slice(body)
            .map_err(|error| self.count_wrong(format!("{kind}: answers something else: {error}")))
    }

    fn count_wrong(&mut self, what: String) -> Refused {
        self.tally.wrong(what);
        Refused::Wrong
    }
}
