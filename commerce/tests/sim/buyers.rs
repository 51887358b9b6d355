//! Buyers: each with a cart and two tabs, which may show something that is no longer so.

use super::assortment::{CODES, EMAILS, address};
use super::faults::Fault;
use super::flows::cart::Edit;
use super::flows::pay::Begun;
use super::processes::{By, Process, Step};
use super::shop::{Ended, Shop, variant_at};
use super::world::{Done, World};
use commerce::cart::CartStatus;
use commerce::checkout::{Amendment, Checkout, CheckoutStatus, OpenCommand, PayCommand};
use commerce::ids::{CheckoutId, OrderId};
use commerce::payment::{CardInput, ProviderKind};
use uuid::Uuid;

/// The cards, and how often each is used: paid, declined twice, confirmed, late.
const CARDS: [(&str, usize); 5] = [
    ("4242424242424242", 52),
    ("4000000000000002", 12),
    ("4000000000009995", 4),
    ("4000002760003184", 17),
    ("4000000000000077", 15),
];

/// A checkout as a tab shows it.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    checkout: CheckoutId,
    version: i64,
    total: i64,
    method: ProviderKind,
}

#[derive(Debug)]
pub struct Buyer {
    cart: usize,
    tabs: [Option<Seen>; 2],
    command: OpenCommand,
    /// The order that was answered for each checkout.
    answered: Vec<(CheckoutId, OrderId)>,
}

impl Buyer {
    pub fn new(shop: &mut Shop, who: usize) -> Self {
        let cart = shop.surely(Shop::create_cart);
        let command = OpenCommand {
            checkout_id: Uuid::nil().into(),
            cart_version: 1,
            email: EMAILS[who].to_owned(),
            shipping_address: address("NL"),
            billing_address: None,
            shipping_method: None,
            payment_method: ProviderKind::Sandbox,
            terms_accepted: true,
            locale: String::new(),
        };
        Self { cart, tabs: [None; 2], command, answered: Vec::new() }
    }
}

impl From<&Checkout> for Seen {
    fn from(checkout: &Checkout) -> Self {
        Self {
            checkout: checkout.id,
            version: checkout.version,
            total: checkout.quote.totals.total.minor,
            method: checkout.payment_method,
        }
    }
}

impl World {
    /// A buyer does something, in one of their tabs.
    pub fn buy(&mut self) -> Done {
        let (who, tab) = (self.dice.below(self.buyers.len()), self.dice.below(2));
        let at = self.buyers[who].cart;
        let row = &self.shop.db.carts[at];
        let bought = matches!(row.cart.status, CartStatus::Completed(_));
        if bought && self.dice.chance(60) {
            return self.begin_again(who);
        }
        if !bought && row.cart.items.is_empty() {
            return self.edit(at);
        }
        match self.dice.weighted(&[18, 20, 14, 3, 36, 7, 2]) {
            0 => self.edit(at),
            1 => self.open(who, tab),
            2 => self.amend(who, tab),
            3 => self.cancel(who, tab),
            4 => self.pay(who, tab),
            5 => self.look(who, tab),
            _ => self.begin_again(who),
        }
    }

    fn begin_again(&mut self, who: usize) -> Done {
        match self.transact(Shop::create_cart) {
            Ended::Done(cart) => {
                (self.buyers[who].cart, self.buyers[who].tabs) = (cart, [None; 2]);
                ("new cart", cart as u128, "made")
            }
            ended => ("new cart", 0, said(&ended)),
        }
    }

    fn edit(&mut self, at: usize) -> Done {
        let cart = &self.shop.db.carts[at].cart;
        let items: Vec<_> = cart.items.iter().map(|item| item.id).collect();
        let variant = variant_at(self.dice.weighted(&[4, 3, 2, 3]));
        let code = CODES[self.dice.below(CODES.len())];
        let edit = match (self.dice.below(10), self.dice.pick(&items)) {
            (0..=1, Some(item)) => Edit::Set(item, self.dice.between(0, 3)),
            (2..=5, Some(_)) => Edit::ApplyCoupon(code),
            (6, Some(_)) => Edit::RemoveCoupon(code),
            _ => Edit::Add(variant, self.dice.between(1, 2)),
        };
        let ended = self.transact(|shop| shop.edit_cart(at, edit));
        ("edit cart", at as u128, said(&ended))
    }

    fn open(&mut self, who: usize, tab: usize) -> Done {
        let at = self.buyers[who].cart;
        let checkout_id = self.shop.id();
        let stale = i64::from(self.dice.chance(3));
        let manual = self.dice.chance(15);
        let command = &mut self.buyers[who].command;
        command.checkout_id = checkout_id;
        command.cart_version = self.shop.db.carts[at].cart.version - stale;
        command.payment_method = if manual { ProviderKind::Manual } else { ProviderKind::Sandbox };
        let command = command.clone();
        let ended = self.transact(|shop| shop.open_checkout(at, &command));
        if let Ended::Done(checkout) = &ended {
            self.buyers[who].tabs[tab] = Some(checkout.into());
        }
        ("open checkout", checkout_id.0.as_u128(), said(&ended))
    }

    fn amend(&mut self, who: usize, tab: usize) -> Done {
        let Some(seen) = self.buyers[who].tabs[tab] else { return self.look_or_open(who, tab) };
        let mut change = Amendment::default();
        match self.dice.below(5) {
            0 => change.email = Some(EMAILS[self.dice.below(EMAILS.len())].to_owned()),
            1 => change.shipping_address = Some(address(["NL", "DE"][self.dice.below(2)])),
            2 => change.shipping_method = Some(["post", "fast", "moon"][self.dice.below(3)].to_owned()),
            3 => change.payment_method = Some(ProviderKind::Manual),
            _ => change.payment_method = Some(ProviderKind::Sandbox),
        }
        let ended = self.transact(|shop| shop.amend_checkout(seen.checkout, &change));
        if let Ended::Done(checkout) = &ended {
            self.buyers[who].tabs[tab] = Some(checkout.into());
        }
        ("amend checkout", seen.checkout.0.as_u128(), self.told(who, tab, said(&ended)))
    }

    fn cancel(&mut self, who: usize, tab: usize) -> Done {
        let Some(seen) = self.buyers[who].tabs[tab] else { return self.look_or_open(who, tab) };
        let ended = self.transact(|shop| shop.cancel_checkout(seen.checkout));
        ("cancel checkout", seen.checkout.0.as_u128(), said(&ended))
    }

    /// A tab that shows no checkout shows the one there is, or a new one.
    fn look_or_open(&mut self, who: usize, tab: usize) -> Done {
        let latest = self.shop.db.carts[self.buyers[who].cart].checkout;
        if latest.is_some() && self.dice.chance(50) { self.look(who, tab) } else { self.open(who, tab) }
    }

    /// Who is told that the checkout is no longer so mostly looks again before going on.
    fn told(&mut self, who: usize, tab: usize, told: &'static str) -> &'static str {
        if matches!(told, "checkout_canceled" | "checkout_expired" | "checkout_changed") && self.dice.chance(70) {
            self.buyers[who].tabs[tab] = None;
        }
        told
    }

    fn look(&mut self, who: usize, tab: usize) -> Done {
        let at = self.buyers[who].cart;
        let latest = self.shop.db.carts[at].checkout;
        let checkout = latest.map(|id| self.shop.db.checkouts[self.shop.checkout_at(id)].checkout.clone());
        self.buyers[who].tabs[tab] = checkout.as_deref().map(Seen::from);
        ("look at checkout", at as u128, "seen")
    }

    fn pay(&mut self, who: usize, tab: usize) -> Done {
        let Some(seen) = self.buyers[who].tabs[tab] else { return self.look_or_open(who, tab) };
        let needs_card = seen.method == ProviderKind::Sandbox && seen.total > 0;
        let weights = CARDS.map(|(_, weight)| weight);
        let number = CARDS[self.dice.weighted(&weights)].0;
        let card = CardInput { number: number.to_owned(), exp: "12/40".to_owned(), cvc: "123".to_owned() };
        let has_card = needs_card != self.dice.chance(2);
        let command = PayCommand { version: seen.version, card: has_card.then_some(card) };
        let ended = if self.shop.is(Fault::AskedBeforeCommit) {
            self.pay_before_commit(seen, &command)
        } else {
            self.transact(|shop| shop.begin_payment(seen.checkout, &command, seen.total))
        };
        let told = self.told(who, tab, said(&ended));
        match ended {
            Ended::Done(Begun::Order(order)) => self.answered(who, seen.checkout, order),
            Ended::Done(Begun::Ask { attempt, bank }) => {
                let step = Step::Charge { attempt, bank };
                self.processes.push(Process { step, by: By::Request });
            }
            Ended::Refused(_) | Ended::Lost => {}
        }
        ("pay checkout", seen.checkout.0.as_u128(), told)
    }

    /// The fault of asking the bank inside the transaction.
    fn pay_before_commit(&mut self, seen: Seen, command: &PayCommand) -> Ended<Begun> {
        let Self { bank, dice, shop, .. } = self;
        let fate = if dice.chance(10) { super::shop::Fate::CrashAt(40) } else { super::shop::Fate::Commit };
        shop.transact(fate, |shop| {
            let begun = shop.begin_payment(seen.checkout, command, seen.total)?;
            if let Begun::Ask { attempt, bank: answer } = &begun {
                bank.charge(attempt, *answer, shop.now, dice);
            }
            Ok(begun)
        })
    }

    /// Whoever pays again is answered the order there is.
    fn answered(&mut self, who: usize, checkout: CheckoutId, order: OrderId) {
        let row = &self.shop.db.checkouts[self.shop.checkout_at(checkout)];
        debug_assert_eq!(row.checkout.status, CheckoutStatus::Completed);
        let kept = row.checkout.order;
        let before = self.buyers[who].answered.iter().find(|(paid, _)| *paid == checkout).map(|(_, order)| *order);
        let same = kept == Some(order) && before.is_none_or(|before| before == order);
        self.shop.found.holds("repetition_has_the_same_order", same, || checkout);
        if before.is_none() {
            self.buyers[who].answered.push((checkout, order));
        }
    }
}

/// How a transaction ended, in a word.
pub fn said<T>(ended: &Ended<T>) -> &'static str {
    match ended {
        Ended::Done(_) => "done",
        Ended::Refused(refusal) => refusal.code(),
        Ended::Lost => "lost",
    }
}
