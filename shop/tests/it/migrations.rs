//! What a shop has when a new version comes.

use chrono::{DateTime, Utc};
use oxcart::store::migrate;

use crate::app::{Engine, TestApp, both_engines};
use crate::builders::GOOD_CARD;
use crate::buyer::Buyer;

both_engines!(what_was_frozen_told_and_planned_comes_along);

/// Back to how 0023 had it, as far as the next one moves what is in it.
const BACK: &[&str] = &[
    "DROP INDEX payments_unanswered",
    "ALTER TABLE events ADD COLUMN id UUID",
    "ALTER TABLE checkouts ADD COLUMN body JSONB",
    "UPDATE checkouts SET body = (SELECT f.body FROM frozen_checkouts f WHERE f.checkout_id = checkouts.id)",
    "DROP TABLE frozen_checkouts",
    "DELETE FROM schema_migrations WHERE name = '0024_less_ahead'",
];

async fn what_was_frozen_told_and_planned_comes_along(engine: Engine) {
    const TOLD: &str = "SELECT CAST(position AS TEXT) || ' ' || kind AS text FROM events ORDER BY position";
    const PLANNED: &str = "SELECT kind || ' ' || lane || ' ' || status AS text FROM jobs ORDER BY id";
    const LINES: &str = "SELECT CAST(quantity * seen_price AS TEXT) AS text FROM cart_items ORDER BY id";
    const HELD: &str = "SELECT CAST(quantity AS TEXT) || status AS text FROM reservations ORDER BY checkout_id";
    let shop = TestApp::open(engine).await;
    Buyer::at_the_till(&shop, "MUG").await.pay(GOOD_CARD).await.ok(200);
    let mut waiting = Buyer::at_the_till(&shop, "MUG").await;
    let known =
        async || [shop.texts(TOLD).await, shop.texts(PLANNED).await, shop.texts(LINES).await, shop.texts(HELD).await];
    let before = known().await;
    for sql in BACK {
        shop.change(sql).await;
    }
    let applied = migrate::run(&shop.app.db, DateTime::<Utc>::UNIX_EPOCH).await.expect("it is brought up to date");
    assert_eq!(applied, ["0024_less_ahead"]);
    assert_eq!(known().await, before);
    assert!(before.iter().all(|rows| !rows.is_empty()), "{before:?}");
    waiting.pay(GOOD_CARD).await.ok(200);
    shop.drain().await;
    shop.verify().await;
}
