//! The write desk: what waits together is written together, and nobody pays for another's trouble.

use commerce::checkout::{Amendment, Checkout, OpenCommand, PayCommand};
use commerce::error::Refusal;
use commerce::ids::{CartId, VariantId};
use commerce::payment::ProviderKind;
use futures_util::future::join_all;
use futures_util::poll;
use oxcart::app::App;
use oxcart::args;
use oxcart::desk::LINE;
use oxcart::error::Error;
use oxcart::flows::amend_checkout::amend_checkout;
use oxcart::flows::cart::{self, Edit};
use oxcart::flows::open_checkout::open_checkout;
use oxcart::flows::pay::{Paid, pay};
use oxcart::store::orders;
use oxcart::store::statements::Tally;
use oxcart::store::{Conn, Tx};
use serde_json::json;
use tokio::task::yield_now;

use crate::app::{Engine, TestApp, both_engines};
use crate::builders::{GOOD_CARD, address, card, percent_off, simple};

both_engines!(
    sixty_four_purchases_share_their_statements,
    one_that_can_not_be_read_spoils_no_other,
    who_finds_the_desk_full_is_told_to_come_back,
    the_last_use_of_a_coupon_goes_to_one_of_a_batch,
    what_another_changed_is_not_done_by_heart,
);

/// Buyers at once.
const BUYERS: usize = 64;

/// A statement for one of them and for all of them is the same. One who buys alone needs 27 on SQLite and 10 on
/// PostgreSQL; here it is a few, by how many come in one batch.
async fn sixty_four_purchases_share_their_statements(engine: Engine) {
    let shop = TestApp::open(engine).await;
    shop.stock_up(vec![], vec![simple("HOT", 1000, BUYERS as i64)]).await;
    // The first order takes a block of numbers for those that follow.
    let hot = variant(&shop, "HOT").await;
    bought(&shop, variant(&shop, "MUG").await).await.expect("there are mugs");
    let tally = Tally::default();
    let app = &shop.app;
    let carts = at_once(&shop, (0..BUYERS).map(|_| tally.over(cart::create(app)))).await;
    let edits = carts.iter().map(|made| tally.over(cart::edit(app, made.cart.id, Edit::Add(hot, 1), None)));
    let carts = at_once(&shop, edits).await;
    let commands: Vec<OpenCommand> = carts.iter().map(|made| command(&shop, made.cart.version)).collect();
    let opens =
        carts.iter().zip(&commands).map(|(made, command)| tally.over(open_checkout(app, made.cart.id, command)));
    let opened = at_once(&shop, opens).await;
    let bought = at_once(&shop, opened.iter().map(|checkout| tally.over(paid(app, checkout)))).await;
    assert!(bought.iter().all(|paid| matches!(paid, Paid::Order(_))), "{bought:?}");
    let statements = tally.statements();
    let most = if engine == Engine::Postgres { 3 } else { 5 };
    assert!(statements <= most * BUYERS as u64, "{statements} statements for {BUYERS} purchases");
    assert_eq!(shop.stock("HOT").await, (0, 0));
    shop.verify().await;
}

async fn one_that_can_not_be_read_spoils_no_other(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mug = variant(&shop, "MUG").await;
    let opened: Vec<Checkout> = join_all((0..8).map(|_| checkout(&shop, mug))).await;
    shop.change(
        "UPDATE frozen_checkouts SET body = '{}' WHERE checkout_id = (SELECT id FROM checkouts ORDER BY id LIMIT 1)",
    )
    .await;
    let spoilt = opened.iter().map(|checkout| checkout.id).min();
    // Another node remembers nothing of them and has to read it.
    let other = shop.beside().await;
    let paid = join_all(opened.iter().map(|checkout| paid(&other, checkout))).await;
    for (checkout, paid) in opened.iter().zip(paid) {
        let is_spoilt = Some(checkout.id) == spoilt;
        assert!(
            matches!((&paid, is_spoilt), (Ok(Paid::Order(_)), false) | (Err(Error::Internal(_)), true)),
            "{paid:?}"
        );
    }
}

async fn who_finds_the_desk_full_is_told_to_come_back(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let closed = closed(&shop).await;
    let app = &shop.app;
    let mut waiting = vec![];
    let clerks = if engine == Engine::Sqlite { 1 } else { 2 };
    // Each clerk takes one and then nothing more; the others stand in line.
    while waiting.len() < clerks || app.desk.waiting() < LINE {
        let mut one = Box::pin(cart::create(app));
        // Looked at once, it has handed its command in.
        assert!(poll!(&mut one).is_pending(), "there is room");
        waiting.push(one);
        while waiting.len() <= clerks && app.desk.waiting() > 0 {
            yield_now().await;
        }
    }
    let answer = shop.api().post("/api/carts", &json!({})).await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, "2"), "{}", answer.text);
    closed.commit().await.expect("the desk opens again");
    let made = join_all(waiting).await;
    assert!(made.len() >= LINE && made.iter().all(Result::is_ok), "who was let in is served");
    assert_eq!(app.desk.waiting(), 0);
}

/// Lets all of them come to a closed desk, then opens it.
async fn at_once<T, F>(shop: &TestApp, asked: impl Iterator<Item = F>) -> Vec<T>
where
    F: Future<Output = Result<T, Error>>,
{
    let closed = closed(shop).await;
    let (answers, ()) = tokio::join!(join_all(asked), async {
        // The clerk has taken a batch, and the others have come too.
        for _ in 0..100 {
            yield_now().await;
        }
        closed.commit().await.expect("the desk opens");
    });
    answers.into_iter().map(|answer| answer.expect("there is no reason to refuse")).collect()
}

/// Nothing is written while this is there.
async fn closed(shop: &TestApp) -> Tx {
    let mut tx = shop.app.db.begin().await.expect("the database answers");
    if (&*tx as &Conn).is_postgres() {
        tx.execute("LOCK TABLE carts IN EXCLUSIVE MODE", args![]).await.expect("it can be locked");
    }
    tx
}

async fn the_last_use_of_a_coupon_goes_to_one_of_a_batch(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let coupon = percent_off("ONCE", "10");
    shop.save_coupon(&commerce::promotion::Coupon { total_limit: Some(1), ..coupon }).await;
    let mug = variant(&shop, "MUG").await;
    let carts = join_all((0..8).map(|_| filled(&shop, mug, vec!["ONCE".to_owned()]))).await;
    let commands: Vec<OpenCommand> = carts.iter().map(|(_, version)| command(&shop, *version)).collect();
    let opened =
        join_all(carts.iter().zip(&commands).map(|((cart, _), command)| open_checkout(&shop.app, *cart, command)));
    let opened = opened.await;
    assert_eq!(opened.iter().filter(|opened| opened.is_ok()).count(), 1, "{opened:?}");
    shop.verify().await;
}

/// Two nodes by turns, and an amendment, which does not come to the desk.
async fn what_another_changed_is_not_done_by_heart(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let (one, other) = (&shop.app, &shop.beside().await);
    let mug = variant(&shop, "MUG").await;
    let cart = cart::create(one).await.expect("a cart").cart.id;
    let mut filled = None;
    for node in [one, other, one, one, other] {
        filled = Some(cart::edit(node, cart, Edit::Add(mug, 1), None).await.expect("there are mugs").cart);
    }
    let filled = filled.expect("it was filled");
    assert_eq!(filled.items[0].quantity, 5);

    let opened = open_checkout(one, cart, &command(&shop, filled.version)).await.expect("it opens");
    let change = Amendment { email: Some("grace@example.com".into()), ..Amendment::default() };
    let amended = amend_checkout(other, opened.id, &change).await.expect("it can be changed");
    let refused = paid(one, &opened).await.expect_err("it is not what the buyer saw");
    assert!(matches!(refused, Error::Refused(Refusal::CheckoutChanged { .. })), "{refused:?}");
    let Paid::Order(order) = paid(one, &amended).await.expect("it is what the buyer saw") else { panic!("it is paid") };
    let Paid::Order(again) = paid(other, &amended).await.expect("it was paid") else { panic!("it was paid") };
    assert_eq!(order, again);
    let sold = orders::load(&mut one.db.read().await.expect("the database answers"), order).await.expect("it is there");
    assert_eq!(sold.order.email, "grace@example.com");
    for node in [one, other] {
        let misremembered = node.desk.misremembered(&mut node.db.read().await.expect("the database answers")).await;
        assert_eq!(misremembered.expect("it can be read"), vec![]);
    }
    shop.verify().await;
}

async fn variant(shop: &TestApp, sku: &str) -> VariantId {
    serde_json::from_value(shop.variant(sku).await.into()).expect("an id")
}

async fn bought(shop: &TestApp, variant: VariantId) -> Result<Paid, Error> {
    let checkout = checkout(shop, variant).await;
    paid(&shop.app, &checkout).await
}

async fn paid(app: &App, checkout: &Checkout) -> Result<Paid, Error> {
    let card = serde_json::from_value(card(GOOD_CARD)).expect("a card");
    pay(app, checkout.id, &PayCommand { version: checkout.version, card: Some(card) }).await
}

async fn checkout(shop: &TestApp, variant: VariantId) -> Checkout {
    let (cart, version) = filled(shop, variant, vec![]).await;
    open_checkout(&shop.app, cart, &command(shop, version)).await.expect("it opens")
}

/// A cart with one in it; its version too.
async fn filled(shop: &TestApp, variant: VariantId, coupons: Vec<String>) -> (CartId, i64) {
    let app = &shop.app;
    let cart = cart::create(app).await.expect("a cart").cart.id;
    let mut filled = cart::edit(app, cart, Edit::Add(variant, 1), None).await.expect("it is there").cart;
    for coupon in coupons {
        filled = cart::edit(app, cart, Edit::ApplyCoupon(coupon), None).await.expect("it applies").cart;
    }
    (cart, filled.version)
}

fn command(shop: &TestApp, cart_version: i64) -> OpenCommand {
    OpenCommand {
        checkout_id: shop.app.clock.id(),
        cart_version,
        email: "ada@example.com".into(),
        shipping_address: serde_json::from_value(address()).expect("an address"),
        billing_address: None,
        shipping_method: None,
        payment_method: ProviderKind::Sandbox,
        terms_accepted: true,
        locale: "en".into(),
    }
}
