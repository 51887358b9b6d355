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
use super::large::{LARGE_CART, Large};
use super::tally::Tally;
use super::unheard;
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
    /// Looks at a shelf between two prices.
    Narrow,
    /// Searches, and mistypes.
    Typo,
    /// Begins to type a search.
    Suggest,
    /// Searches for what might break it.
    Hostile,
    /// Looks at a variant of many, and adds it to a cart of a hundred lines.
    Large,
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
    large_cart: Option<String>,
    /// What they saw.
    pub tally: Tally,
}

impl Buyer {
    /// A visitor whose choices follow from a number.
    pub fn new(place: &Place, goods: &Arc<Goods>, seed: u64, tally: Tally) -> Self {
        let draw = StdRng::seed_from_u64(seed);
        Buyer { wire: Wire::new(place), goods: goods.clone(), draw, expected: None, large_cart: None, tally }
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
            Deed::Narrow => {
                let path = unheard::narrowed(self.one_of(&goods.browse[1..]), &mut self.draw);
                self.see("narrow", &path).await
            }
            Deed::Typo => {
                let path = unheard::misspelt(self.one_of(&goods.search), &mut self.draw);
                self.see("typo", &path).await
            }
            Deed::Suggest => {
                let path = unheard::begun(self.one_of(&goods.search), &mut self.draw);
                self.see("suggest", &path).await
            }
            Deed::Hostile => {
                let path = unheard::hostile(&mut self.draw);
                self.see("hostile", &path).await
            }
            Deed::Large => self.add_to_large().await,
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
        let page = self.one_of(pages);
        self.see(kind, page).await
    }

    fn one_of<'p>(&mut self, pages: &'p [String]) -> &'p str {
        &pages[self.draw.random_range(0..pages.len())]
    }

    async fn see(&mut self, kind: &'static str, path: &str) -> Result<(), Refused> {
        self.ask(kind, Method::GET, path, None, 200).await.map(drop)
    }

    /// Looks at one of the many variants of the large product, and adds one to the cart. The first time the cart is filled.
    async fn add_to_large(&mut self) -> Result<(), Refused> {
        let goods = self.goods.clone();
        let Some(large) = &goods.large else { return Err(self.count_wrong("large: there is no such product".into())) };
        let cart = match self.large_cart.take() {
            Some(cart) => cart,
            None => self.fill_large(large).await?,
        };
        let one = self.draw.random_range(0..LARGE_CART);
        self.see("large-page", &format!("/p/{}?variant={}", large.slug, large.variants[one])).await?;
        self.add("large-item", &cart, &large.variants[one]).await?;
        self.large_cart = Some(cart);
        Ok(())
    }

    async fn fill_large(&mut self, large: &Large) -> Result<String, Refused> {
        let cart = self.new_cart().await?.id;
        for variant in &large.variants[..LARGE_CART] {
            self.add("large-fill", &cart, variant).await?;
        }
        Ok(cart)
    }

    async fn new_cart(&mut self) -> Result<Cart, Refused> {
        let cart = self.ask("cart", Method::POST, "/api/carts", Some(json!({})), 201).await?;
        self.read("cart", &cart)
    }

    async fn add(&mut self, kind: &'static str, cart: &str, variant: &str) -> Result<Cart, Refused> {
        let item = json!({ "variant_id": variant, "quantity": 1 });
        let cart = self.ask(kind, Method::POST, &format!("/api/carts/{cart}/items"), Some(item), 200).await?;
        self.read(kind, &cart)
    }

    /// From the cart to the order.
    pub async fn buy(&mut self, good: usize) -> Result<(), Refused> {
        let open = self.open(good).await?;
        self.pay(&open).await
    }

    async fn fill_cart(&mut self, good: usize) -> Result<Cart, Refused> {
        let cart = self.new_cart().await?;
        let goods = self.goods.clone();
        self.add("item", &cart.id, &goods.variants[good].id).await
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
