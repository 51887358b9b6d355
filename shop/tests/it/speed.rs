//! What pages cost: the statements that a request runs are counted, and staff are told.

use axum::routing::get;
use axum::{Extension, Router};
use commerce::checkout::{OpenCommand, PayCommand};
use commerce::ids::VariantId;
use commerce::payment::ProviderKind;
use oxcart::args;
use oxcart::config::{Config, gather};
use oxcart::flows::cart::{self, Edit};
use oxcart::flows::open_checkout::open_checkout;
use oxcart::flows::pay::{Paid, pay};
use oxcart::store::Db;
use oxcart::store::events;
use oxcart::store::learn::learn;
use oxcart::store::statements::Tally;
use oxcart::web::middleware::{ForStaff, Guard};
use oxcart::web::server::{Limits, serve};
use tokio::net::TcpListener;

use crate::app::{Engine, TestApp, both_engines};
use crate::builders::{GOOD_CARD, address, card};
use crate::buyer::{Answer, Api};

both_engines!(a_purchase_runs_no_more_statements_than_it_has_to);

/// What a cart, its line, its checkout and its payment cost. A bound: whoever raises it says why.
async fn a_purchase_runs_no_more_statements_than_it_has_to(engine: Engine) {
    let shop = TestApp::open(engine).await;
    // The first order takes a block of numbers for those that follow.
    bought(&shop).await;
    let most = if engine == Engine::Postgres { [1, 2, 4, 3] } else { [1, 3, 7, 16] };
    assert_eq!(bought(&shop).await, most);
    shop.verify().await;
}

/// Buys a mug; answers the statements of each step.
async fn bought(shop: &TestApp) -> [u64; 4] {
    let tallies: [Tally; 4] = Default::default();
    let mug: VariantId = serde_json::from_value(shop.variant("MUG").await.into()).expect("an id");
    let app = &shop.app;
    let cart = tallies[0].over(cart::create(app)).await.expect("a cart").cart;
    let filled = tallies[1].over(cart::edit(app, cart.id, Edit::Add(mug, 1), None)).await.expect("there are mugs").cart;
    let command = OpenCommand {
        checkout_id: app.clock.id(),
        cart_version: filled.version,
        email: "ada@example.com".into(),
        shipping_address: serde_json::from_value(address()).expect("an address"),
        billing_address: None,
        shipping_method: None,
        payment_method: ProviderKind::Sandbox,
        terms_accepted: true,
        locale: "en".into(),
    };
    let checkout = tallies[2].over(open_checkout(app, cart.id, &command)).await.expect("it opens");
    let card = serde_json::from_value(card(GOOD_CARD)).expect("a card");
    let command = PayCommand { version: checkout.version, card: Some(card) };
    let paid = tallies[3].over(pay(app, checkout.id, &command)).await.expect("it is paid");
    assert!(matches!(paid, Paid::Order(_)), "{paid:?}");
    tallies.map(|tally| tally.statements())
}

#[derive(sqlx::FromRow)]
struct Count {
    n: i64,
}

/// On SQLite the place in the log is its key. Here it is an index, which is only of use when it is asked for by its columns.
#[tokio::test]
async fn reading_on_in_a_long_log_reads_nothing_of_what_was_read() {
    const MANY: &str = "INSERT INTO events (kind, subject, subject_id, version, data, actor, at)
         SELECT 'order.placed', 'order', gen_random_uuid(), 1, '{}', 'buyer', now()
         FROM generate_series(1, 5000); ANALYZE events";
    const READ: &str = "SELECT seq_tup_read AS n FROM pg_stat_xact_user_tables WHERE relname = 'events'";
    let shop = TestApp::open(Engine::Postgres).await;
    let mut tx = shop.app.db.begin().await.expect("the database answers");
    tx.script(MANY.to_owned()).await.expect("it is written");
    tx.commit().await.expect("it is kept");
    let mut tx = shop.app.db.begin().await.expect("the database answers");
    let end = events::end(&mut tx).await.expect("the log has an end");
    let (news, _) = events::tail(&mut tx, end, 500).await.expect("the log is read");
    assert_eq!(news.len(), 0, "{news:?}");
    assert_eq!(tx.one::<Count>(READ, args![]).await.expect("PostgreSQL counts").n, 0);
}

/// A queue that was short when it was looked at would be read from end to end when it is long.
#[tokio::test]
async fn what_is_known_of_sizes_leaves_out_what_comes_and_goes() {
    const KNOWN: &str = "SELECT COUNT(*) AS n FROM sqlite_stat1 WHERE idx = $1 OR (tbl = $1 AND idx IS NOT NULL)";
    let shop = TestApp::open(Engine::Sqlite).await;
    bought(&shop).await;
    let mut tx = shop.app.db.begin().await.expect("the database answers");
    learn(&mut tx).await.expect("the tables can be looked at");
    for (name, is_known) in [("orders", true), ("reservations", true), ("reservations_held", false), ("jobs", false)] {
        let known = tx.one::<Count>(KNOWN, args![name]).await.expect("SQLite has its table of sizes").n > 0;
        assert_eq!(known, is_known, "{name}");
    }
}

#[tokio::test]
async fn staff_are_told_the_statements_of_an_answer_and_the_public_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let db = Db::open_sqlite(&folder.path().join("oxcart.db")).await.expect("a new file");
    let ask = move || async move {
        let mut conn = db.begin().await.expect("the database answers");
        for _ in 0..3 {
            conn.execute("SELECT 1", args![]).await.expect("the database answers");
        }
    };
    let staff = ask.clone();
    let routes = Router::new()
        .route("/", get(async || ask().await))
        .route("/admin", get(async || (Extension(ForStaff), staff().await)));
    let config = gather(None, &[]).and_then(|table| Config::check(&table)).expect("there are defaults");
    let guard = Guard::new(&config, &Default::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("a bound address"));
    let router = guard.outer(guard.inner(routes));
    let running = tokio::spawn(serve(listener, router, Limits::for_connections(10), std::future::pending()));

    assert_eq!(Answer::of(Api::new(&url).request("GET", "/")).await.header("server-timing"), "");
    let answer = Answer::of(Api::new(&url).request("GET", "/admin")).await;
    assert!(answer.header("server-timing").starts_with("app;dur="), "{:?}", answer.headers);
    assert_eq!(answer.statements(), 3);
    running.abort();
}
