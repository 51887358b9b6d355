//! Buyers: each with a cart and two tabs, which may show something that is no longer so.

use commerce::cart::{Cart, CartStatus};
use commerce::checkout::{Amendment, Checkout, OpenCommand, PayCommand};
use commerce::ids::{CartId, CheckoutId, OrderId};
use commerce::payment::{CardInput, ProviderKind};
use oxcart::error::Error;
use oxcart::flows::amend_checkout::amend_checkout;
use oxcart::flows::cart::{self, CartPicture, Edit};
use oxcart::flows::end_checkout;
use oxcart::flows::open_checkout::open_checkout;
use oxcart::flows::pay::{Paid, pay};
use oxcart::store::{carts, checkouts};
use serde_json::json;

use super::assortment::{CODES, EMAILS, address};
use super::world::{Answered, Done, World, then, violation};
use crate::builders::{DECLINED_CARD, GOOD_CARD, LATE_CARD, POOR_CARD, SECURE_CARD};

/// The cards, and how often each is used.
const CARDS: [(&str, usize); 5] =
    [(GOOD_CARD, 52), (DECLINED_CARD, 12), (POOR_CARD, 4), (SECURE_CARD, 17), (LATE_CARD, 15)];

/// A checkout as a tab shows it.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    checkout: CheckoutId,
    version: i64,
    total: i64,
    method: ProviderKind,
}

#[derive(Debug)]
pub struct Buyer {
    email: &'static str,
    /// The cart as it was last seen.
    cart: Option<Cart>,
    tabs: [Option<Seen>; 2],
    keys: usize,
}

impl Buyer {
    pub fn new(who: usize) -> Self {
        Buyer { email: EMAILS[who], cart: None, tabs: [None; 2], keys: 0 }
    }
}

/// One of a buyer's two tabs.
#[derive(Clone, Copy, Debug)]
struct Tab {
    who: usize,
    tab: usize,
}

impl World {
    /// A buyer does something, in one of their tabs.
    pub async fn buy(&mut self) -> Done {
        let at = Tab { who: self.dice.below(self.buyers.len()), tab: self.dice.below(2) };
        let Some(cart) = self.buyers[at.who].cart.clone() else { return self.take_a_cart(at.who).await };
        let bought = matches!(cart.status, CartStatus::Completed(_));
        if bought && self.dice.chance(60) {
            return self.take_a_cart(at.who).await;
        }
        if !bought && cart.items.is_empty() {
            return self.edit(at.who, &cart).await;
        }
        match self.dice.weighted(&[17, 20, 10, 3, 36, 8, 2, 4]) {
            0 => self.edit(at.who, &cart).await,
            1 => self.open(at, &cart).await,
            2 => self.amend(at, &cart).await,
            3 => self.give_up(at, &cart).await,
            4 => self.pay(at, &cart).await,
            5 => self.look(at, cart.id).await,
            6 => self.take_a_cart(at.who).await,
            _ => self.add_under_a_key(at.who, cart.id).await,
        }
    }

    async fn take_a_cart(&mut self, who: usize) -> Done {
        let shop = self.node();
        self.begin("new cart", async move {
            let made = cart::create(&shop).await;
            then(move |world| {
                let said = world.said("new cart", &made);
                if let Ok(picture) = made {
                    (world.buyers[who].cart, world.buyers[who].tabs) = (Some(picture.cart), [None; 2]);
                }
                said
            })
        })
        .await
    }

    async fn edit(&mut self, who: usize, cart: &Cart) -> Done {
        let items: Vec<_> = cart.items.iter().map(|item| item.id).collect();
        let variant = self.variants[self.dice.weighted(&[4, 3, 2, 3])];
        let code = CODES[self.dice.below(CODES.len())].to_owned();
        let edit = match (self.dice.below(10), self.dice.pick(&items)) {
            (0..=1, Some(item)) => Edit::Set(item, self.dice.between(0, 3)),
            (2..=5, Some(_)) => Edit::ApplyCoupon(code),
            (6, Some(_)) => Edit::RemoveCoupon(code),
            _ => Edit::Add(variant, self.dice.between(1, 2)),
        };
        let (shop, id) = (self.node(), cart.id);
        self.begin("edit cart", async move {
            let edited = cart::edit(&shop, id, edit, None).await;
            then(move |world| {
                let said = world.said("edit cart", &edited);
                world.sees_cart(who, id, edited);
                said
            })
        })
        .await
    }

    /// A picture of a cart that came back, of the one the buyer still has.
    fn sees_cart(&mut self, who: usize, id: CartId, picture: Result<CartPicture, Error>) {
        let buyer = &mut self.buyers[who];
        if let (Ok(picture), true) = (picture, buyer.cart.as_ref().is_some_and(|cart| cart.id == id)) {
            buyer.cart = Some(picture.cart);
        }
    }

    async fn open(&mut self, at: Tab, cart: &Cart) -> Done {
        let manual = self.dice.chance(15);
        let command = OpenCommand {
            checkout_id: self.shop.clock.id(),
            cart_version: cart.version - i64::from(self.dice.chance(3)),
            email: self.buyers[at.who].email.to_owned(),
            shipping_address: address("NL"),
            billing_address: None,
            shipping_method: None,
            payment_method: if manual { ProviderKind::Manual } else { ProviderKind::Sandbox },
            terms_accepted: true,
            locale: "en".to_owned(),
        };
        let (shop, id) = (self.node(), cart.id);
        self.begin("open checkout", async move {
            let opened = open_checkout(&shop, id, &command).await;
            then(move |world| world.sees_checkout("open checkout", at, opened))
        })
        .await
    }

    /// A checkout that came back, or why it did not. Who is told that it is no longer so mostly looks again.
    fn sees_checkout(&mut self, what: &'static str, at: Tab, checkout: Result<Checkout, Error>) -> &'static str {
        let said = self.said(what, &checkout);
        if let Ok(checkout) = checkout {
            let seen = self.shows(&checkout);
            self.buyers[at.who].tabs[at.tab] = Some(seen);
        }
        self.told(at, said)
    }

    fn told(&mut self, at: Tab, said: &'static str) -> &'static str {
        if matches!(said, "checkout_canceled" | "checkout_expired" | "checkout_changed") && self.dice.chance(70) {
            self.buyers[at.who].tabs[at.tab] = None;
        }
        said
    }

    fn shows(&mut self, checkout: &Checkout) -> Seen {
        let total = checkout.quote.totals.total.minor;
        let before = *self.shown.entry((checkout.id, checkout.version)).or_insert(total);
        if before != total {
            self.found.push(violation("a_version_has_one_total", checkout.id));
        }
        Seen { checkout: checkout.id, version: checkout.version, total, method: checkout.payment_method }
    }

    /// A tab that shows no checkout shows the one there is, or a new one.
    async fn look_or_open(&mut self, at: Tab, cart: &Cart) -> Done {
        if self.dice.chance(50) { self.look(at, cart.id).await } else { self.open(at, cart).await }
    }

    async fn amend(&mut self, at: Tab, cart: &Cart) -> Done {
        let Some(seen) = self.buyers[at.who].tabs[at.tab] else { return self.look_or_open(at, cart).await };
        let mut change = Amendment::default();
        match self.dice.below(5) {
            0 => change.email = Some(EMAILS[self.dice.below(EMAILS.len())].to_owned()),
            1 => change.shipping_address = Some(address(["NL", "DE"][self.dice.below(2)])),
            2 => change.shipping_method = Some(["standard", "express", "moon"][self.dice.below(3)].to_owned()),
            3 => change.payment_method = Some(ProviderKind::Manual),
            _ => change.payment_method = Some(ProviderKind::Sandbox),
        }
        let shop = self.node();
        self.begin("amend checkout", async move {
            let amended = amend_checkout(&shop, seen.checkout, &change).await;
            then(move |world| world.sees_checkout("amend checkout", at, amended))
        })
        .await
    }

    async fn give_up(&mut self, at: Tab, cart: &Cart) -> Done {
        let Some(seen) = self.buyers[at.who].tabs[at.tab] else { return self.look_or_open(at, cart).await };
        let shop = self.node();
        self.begin("cancel checkout", async move {
            let canceled = end_checkout::cancel(&shop, seen.checkout).await;
            then(move |world| world.sees_checkout("cancel checkout", at, canceled))
        })
        .await
    }

    /// The buyer comes back: the cart as it is, and its checkout.
    async fn look(&mut self, at: Tab, id: CartId) -> Done {
        let shop = self.node();
        self.begin("look", async move {
            let looked = async {
                let picture = cart::show(&shop, id, None).await?;
                let mut conn = shop.db.read().await?;
                let checkout = match carts::load(&mut conn, id).await?.checkout {
                    Some(checkout) => Some(checkouts::load(&mut conn, checkout).await?.checkout),
                    None => None,
                };
                Ok((picture, checkout))
            };
            let looked: Result<_, Error> = looked.await;
            then(move |world| {
                let said = world.said("look", &looked);
                if let Ok((picture, checkout)) = looked {
                    world.sees_cart(at.who, id, Ok(picture));
                    let seen = checkout.map(|checkout| world.shows(&checkout));
                    world.buyers[at.who].tabs[at.tab] = seen;
                }
                said
            })
        })
        .await
    }

    async fn pay(&mut self, at: Tab, cart: &Cart) -> Done {
        let Some(seen) = self.buyers[at.who].tabs[at.tab] else { return self.look_or_open(at, cart).await };
        let needs_card = seen.method == ProviderKind::Sandbox && seen.total > 0;
        let number = CARDS[self.dice.weighted(&CARDS.map(|(_, weight)| weight))].0;
        let card = CardInput { number: number.to_owned(), exp: "12/79".to_owned(), cvc: "123".to_owned() };
        let has_card = needs_card != self.dice.chance(2);
        let command = PayCommand { version: seen.version, card: has_card.then_some(card) };
        let shop = self.node();
        self.begin("pay", async move {
            let paid = pay(&shop, seen.checkout, &command).await;
            then(move |world| {
                let said = world.said("pay", &paid);
                match paid {
                    Ok(Paid::Order(order)) => world.is_answered(at, seen.checkout, order),
                    Ok(Paid::Declined(_)) => "declined",
                    Ok(Paid::Waiting(_)) => "waiting",
                    Err(_) => world.told(at, said),
                }
            })
        })
        .await
    }

    /// Whoever pays again is answered the order there is.
    fn is_answered(&mut self, at: Tab, checkout: CheckoutId, order: OrderId) -> &'static str {
        if let Some(cart) = &mut self.buyers[at.who].cart {
            // The page says so; another cart that was begun meanwhile is soon looked at anew.
            cart.status = CartStatus::Completed(order);
        }
        match self.answered.iter().find(|answered| answered.checkout == checkout) {
            None => {
                self.answered.push(Answered { checkout, order });
                "ordered"
            }
            Some(before) if before.order == order => "ordered before",
            Some(_) => {
                self.found.push(violation("repetition_has_the_same_order", checkout));
                "another order"
            }
        }
    }

    /// A program sends a request to the API twice under one key, as one does that heard no answer.
    async fn add_under_a_key(&mut self, who: usize, id: CartId) -> Done {
        self.buyers[who].keys += 1;
        let key = format!("{who}-{}", self.buyers[who].keys);
        let body = json!({ "variant_id": self.variants[3], "quantity": 1 });
        let path = format!("/api/carts/{id}/items");
        let (first, again) =
            (self.api.post_once(&path, &key, &body).await, self.api.post_once(&path, &key, &body).await);
        self.changed();
        if (first.status, &first.text) != (again.status, &again.text) {
            self.found.push(violation("one_key_has_one_answer", format!("{path}: {} {}", first.text, again.text)));
        }
        let units = |text: &str| -> Option<i64> {
            let cart: serde_json::Value = serde_json::from_str(text).ok()?;
            cart["version"].as_i64()
        };
        if let (200, Some(version), Some(cart)) = (first.status, units(&first.text), &mut self.buyers[who].cart) {
            cart.version = version;
        }
        ("add under a key", if first.status == 200 { "done" } else { "refused" })
    }
}
