//! The bank fails, hangs, or does what it was asked and is cut off before it says so: at every call of every story.

use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use commerce::ids::RefundId;
use commerce::money::Money;
use commerce::payment::{Attempt, BankAnswer, Outcome, ProviderKind};
use commerce::returns::RefundOutcome;
use oxcart::payments::{Answer, Provider, RefundAnswer, Sandbox, Timely};
use serde_json::json;

use crate::app::{Engine, Setup, TestApp, both_engines};
use crate::builders::{DECLINED_CARD, GOOD_CARD, SECURE_CARD};
use crate::buyer::{Buyer, text};
use crate::deeds::last_order;
use crate::staff::{ADMIN, Staff};
use crate::violence::{IN_ORDERS, IN_THE_BANK, UNFINISHED};

both_engines!(whatever_call_the_bank_fails_at_nothing_is_paid_twice_or_forgotten);

/// How long the shop waits for the bank.
const SHORT: Duration = Duration::from_millis(100);

/// What happens to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// The bank hears nothing.
    Fails,
    /// The bank hears nothing, and nobody says so.
    Hangs,
    /// The bank does it and is cut off before it answers.
    IsCutOff,
}

/// Which call goes wrong, and how.
#[derive(Debug, Default)]
struct Mood {
    calls: usize,
    fault: Option<(usize, Fault)>,
}

/// The sandbox bank on a bad line.
struct BadLine {
    bank: Sandbox,
    mood: Arc<Mutex<Mood>>,
}

impl BadLine {
    async fn call<T>(&self, answer: impl Future<Output = T>, nothing: T) -> T {
        let fault = {
            let mut mood = self.mood.lock().expect("nobody panics with it");
            mood.calls += 1;
            mood.fault.filter(|(call, _)| *call == mood.calls).map(|(_, fault)| fault)
        };
        match fault {
            None => answer.await,
            Some(Fault::Fails) => nothing,
            Some(Fault::Hangs) => pending().await,
            Some(Fault::IsCutOff) => {
                answer.await;
                nothing
            }
        }
    }
}

impl Provider for BadLine {
    fn kind(&self) -> ProviderKind {
        self.bank.kind()
    }

    fn charge<'a>(&'a self, attempt: &'a Attempt, bank: Option<BankAnswer>) -> Answer<'a> {
        Box::pin(self.call(self.bank.charge(attempt, bank), Outcome::Unknown))
    }

    fn fetch<'a>(&'a self, attempt: &'a Attempt) -> Answer<'a> {
        Box::pin(self.call(self.bank.fetch(attempt), Outcome::Unknown))
    }

    fn cancel<'a>(&'a self, attempt: &'a Attempt) -> Answer<'a> {
        Box::pin(self.call(self.bank.cancel(attempt), Outcome::Unknown))
    }

    fn refund<'a>(&'a self, attempt: &'a Attempt, id: RefundId, amount: Money) -> RefundAnswer<'a> {
        Box::pin(self.call(self.bank.refund(attempt, id, amount), RefundOutcome::Unknown))
    }

    fn fetch_refund<'a>(&'a self, attempt: &'a Attempt, id: RefundId) -> RefundAnswer<'a> {
        Box::pin(self.call(self.bank.fetch_refund(attempt, id), RefundOutcome::Unknown))
    }
}

/// What people do that asks the bank.
#[derive(Clone, Copy, Debug)]
enum Story {
    /// A card that is declined, and then a good one.
    Pays,
    /// A confirmation that never comes, so that the payment is ended at the bank.
    NeverConfirms,
    /// An order, of which the money goes back.
    IsPaidBack,
    /// An order that is called off.
    IsCanceled,
}

/// With how many calls to the bank each story goes at the least.
const STORIES: [(Story, usize); 4] =
    [(Story::Pays, 2), (Story::NeverConfirms, 4), (Story::IsPaidBack, 2), (Story::IsCanceled, 2)];

async fn whatever_call_the_bank_fails_at_nothing_is_paid_twice_or_forgotten(engine: Engine) {
    let mood = Arc::<Mutex<Mood>>::default();
    let line = mood.clone();
    let bank = |bank| Arc::new(Timely::new(BadLine { bank, mood: line }).within(SHORT)) as Arc<dyn Provider>;
    let shop = Setup::on(engine).bank(bank).open().await;
    for (story, least) in STORIES {
        for fault in [Fault::Fails, Fault::Hangs, Fault::IsCutOff] {
            let mut call = 1;
            // On to the next call until the story ends before it.
            while goes_wrong(&shop, &mood, story, (call, fault)).await {
                call += 1;
            }
            assert!(call > least, "{story:?} asked the bank {} times", call - 1);
        }
    }
}

/// Tells a story in which one call goes wrong; answers whether the bank was called that often.
async fn goes_wrong(shop: &TestApp, mood: &Mutex<Mood>, story: Story, (call, fault): (usize, Fault)) -> bool {
    let case = format!("{story:?}, call {call} {fault:?}");
    let set = |mood: &Mutex<Mood>, fault| {
        std::mem::replace(&mut *mood.lock().expect("nobody panics with it"), Mood { calls: 0, fault }).calls
    };
    let orders = shop.count("SELECT COUNT(*) AS n FROM orders").await;
    let refunds = shop.count("SELECT COUNT(*) AS n FROM sandbox_refunds").await;
    let mut buyer = Buyer::at_the_till(shop, "MUG").await;
    set(mood, Some((call, fault)));
    match story {
        Story::Pays => pays(shop, &mut buyer).await,
        Story::NeverConfirms => drop(buyer.pay(SECURE_CARD).await.ok(202)),
        Story::IsPaidBack | Story::IsCanceled => {
            set(mood, None);
            buyer.pay(GOOD_CARD).await.ok(200);
            let order = last_order(shop).await.id;
            let (path, expected) = match story {
                Story::IsPaidBack => (format!("/api/admin/orders/{order}/refunds"), 201),
                _ => (format!("/api/admin/orders/{order}/cancel"), 200),
            };
            // Sessions end with the hours that pass here.
            let ada = Staff::hire(shop, ADMIN).await;
            set(mood, Some((call, fault)));
            let told = ada.post(&path, &json!({ "reason": "Broken", "restock": true })).await.ok(expected);
            let status = text(&told["refunds"][0]["status"]);
            assert!(matches!(status, "pending" | "succeeded"), "{case}: staff are told {status}");
        }
    }
    everything_ends(shop, &case).await;
    let was_hit = set(mood, None) >= call;

    let now = shop.count("SELECT COUNT(*) AS n FROM orders").await - orders;
    let back = shop.count("SELECT COUNT(*) AS n FROM sandbox_refunds").await - refunds;
    let expected = match story {
        Story::Pays => (1, 0),
        Story::NeverConfirms => (0, 0),
        Story::IsPaidBack | Story::IsCanceled => (1, 1),
    };
    assert_eq!((now, back), expected, "{case}: orders and refunds");
    assert_eq!(shop.count(IN_THE_BANK).await, shop.count(IN_ORDERS).await, "{case}: money");
    shop.verify().await;
    was_hit
}

/// A declined card, then a good one, until there is an order. Whoever is left waiting looks again.
async fn pays(shop: &TestApp, buyer: &mut Buyer) {
    let mut cards = [DECLINED_CARD].into_iter().chain([GOOD_CARD; 4]);
    while buyer.checkout["status"] != "completed" {
        let answer = buyer.pay(cards.next().expect("one of them is taken")).await;
        match answer.status {
            200 => return,
            402 => drop(answer.refused(402, "card_declined")),
            _ => {
                assert_eq!(text(&answer.ok(202)["status"]), "processing");
                shop.after_seconds(31).await;
                shop.after_seconds(31).await;
                buyer.look_at_checkout().await;
            }
        }
    }
}

/// The time passes until nothing is held and nobody waits.
async fn everything_ends(shop: &TestApp, case: &str) {
    for _ in 0..12 {
        shop.after_minutes(11).await;
        if shop.count(UNFINISHED).await == 0 {
            return;
        }
    }
    panic!("{case}: something is left");
}
