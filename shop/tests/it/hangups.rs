//! Others that hang up, say nothing or come back: nobody else suffers, and what was begun is done once.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use oxcart::store::Conn;
use oxcart::store::events::{self, Cursor, Event};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::sleep;
use uuid::Uuid;

use crate::app::{Engine, Setup, TestApp, both_engines};
use crate::builders::{GOOD_CARD, SECURE_CARD};
use crate::buyer::{Buyer, text};

both_engines!(
    transactions_that_nobody_waits_for_leave_the_pool_clean,
    a_buyer_who_hangs_up_has_it_done_once,
    a_silent_mail_server_keeps_no_stock_back,
    asking_the_bank_often_is_no_failure,
    what_its_job_left_behind_is_ended_all_the_same,
);

async fn transactions_that_nobody_waits_for_leave_the_pool_clean(engine: Engine) {
    let shop = TestApp::open(engine).await;
    for polls in 0..10 {
        let hangups = (0..12).map(|_| {
            let db = shop.app.db.clone();
            tokio::spawn(async move { dropped_after(polls, db.snapshot()).await })
        });
        for hangup in hangups.collect::<Vec<_>>() {
            hangup.await.expect("it does not panic");
        }
        let buyers = (0..12).map(|_| shop.buyer());
        for buyer in buyers.collect::<Vec<_>>() {
            buyer.await.add(&shop, "MUG", 1).await.ok(200);
        }
    }
    shop.verify().await;
}

/// Polls a future so many times and drops it the next time it is woken: within a round trip, when the answer is there.
async fn dropped_after<F: Future>(polls: usize, future: F) {
    let mut future = std::pin::pin!(future);
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        future.as_mut().poll(context).map(|_| ())
    })
    .await;
}

async fn a_buyer_who_hangs_up_has_it_done_once(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut buyer = shop.buyer().await;
    let item = json!({ "variant_id": shop.variant("MUG").await, "quantity": 1 });
    let path = format!("{}/items", buyer.cart_path());
    let mut rounds = 0;
    for delay in 0..12 {
        let key = format!("round-{delay}");
        let mut connection =
            TcpStream::connect(shop.url.trim_start_matches("http://")).await.expect("the shop listens");
        let body = item.to_string();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nIdempotency-Key: {key}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        connection.write_all(format!("{head}{body}").as_bytes()).await.expect("it is sent");
        sleep(Duration::from_millis(delay)).await;
        drop(connection);
        // Whoever comes back with the same key hears of the one effect, however far the first try had come.
        let again = loop {
            let again = buyer.post_once(&path, &key, &item).await;
            if again.status != 409 {
                break again;
            }
            sleep(Duration::from_millis(20)).await;
        };
        again.ok(200);
        rounds += 1;
    }
    let cart = buyer.look().await;
    assert_eq!(cart["items"][0]["quantity"], rounds);
}

async fn a_silent_mail_server_keeps_no_stock_back(engine: Engine) {
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = silent.local_addr().expect("a bound address");
    let listening = tokio::spawn(async move {
        let mut connections = Vec::new();
        while let Ok((connection, _)) = silent.accept().await {
            connections.push(connection);
        }
    });
    let shop = Setup::on(engine).setting("SMTP_URL", &format!("smtp://{address}")).open().await;
    let mut happy = Buyer::at_the_till(&shop, "MUG").await;
    happy.pay(GOOD_CARD).await.ok(200);
    let mut gone = Buyer::at_the_till(&shop, "LAMP").await;
    let (stop, stopped) = oneshot::channel::<()>();
    let worker = tokio::spawn(oxcart::jobs::work(shop.app.clone(), async move { stopped.await.unwrap_or_default() }));
    shop.app.clock.advance(16 * 60);
    let mut status = String::new();
    for _ in 0..200 {
        status = text(&gone.look_at_checkout().await["status"]).to_owned();
        if status == "expired" {
            break;
        }
        sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(status, "expired", "letters have a lane of their own");
    assert_eq!(shop.stock("LAMP").await, (1, 0));
    drop(stop);
    worker.abort();
    listening.abort();
}

async fn asking_the_bank_often_is_no_failure(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut buyer = Buyer::at_the_till(&shop, "LAMP").await;
    buyer.pay(SECURE_CARD).await.ok(202);
    for _ in 0..15 {
        shop.after_seconds(31).await;
    }
    let attempts = "SELECT MAX(attempts) AS n FROM jobs WHERE kind = 'reconcile_payment'";
    assert_eq!(shop.count(attempts).await, 0, "a job that only waits has not failed");
    buyer.complete_payment("succeed").await.ok(200);
    assert_eq!(buyer.look_at_checkout().await["status"], "completed");
    shop.verify().await;
}

async fn what_its_job_left_behind_is_ended_all_the_same(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let mut open = Buyer::at_the_till(&shop, "LAMP").await;
    let mut paying = Buyer::at_the_till(&shop, "MUG").await;
    paying.pay(SECURE_CARD).await.ok(202);
    // It has failed too often.
    shop.tamper("UPDATE jobs SET status = 'dead' WHERE kind = 'reconcile_payment'").await;
    let mut forgotten = Buyer::at_the_till(&shop, "MUG").await;
    forgotten.pay(SECURE_CARD).await.ok(202);
    shop.tamper("DELETE FROM jobs WHERE kind = 'reconcile_payment' AND status = 'waiting'").await;
    assert_eq!(
        shop.count("SELECT COUNT(*) AS n FROM jobs WHERE kind = 'expire_checkout'").await,
        0,
        "none is written ahead"
    );
    let mut tx = shop.app.db.begin().await.expect("the database answers");
    let (clock, now) = (&shop.app.clock, shop.app.clock.now());
    oxcart::jobs::enqueue(&mut tx, clock, oxcart::jobs::Job::Prune {}, now, now).await.expect("a job is written");
    tx.commit().await.expect("it is kept");
    for _ in 0..4 {
        shop.after_minutes(60).await;
    }
    for buyer in [&mut open, &mut paying, &mut forgotten] {
        assert_eq!(buyer.look_at_checkout().await["status"], "expired");
    }
    assert_eq!(shop.stock("LAMP").await, (1, 0));
    shop.verify().await;
}

/// On PostgreSQL a position may commit after a higher one. SQLite has one writer, so there it can't.
#[tokio::test]
async fn an_event_that_commits_late_is_not_skipped() {
    let shop = TestApp::open(Engine::Postgres).await;
    let (clock, now) = (&shop.app.clock, shop.app.clock.now());
    let event = |id| Event {
        kind: "test.happened",
        subject: "test",
        subject_id: id,
        version: 1,
        data: json!({}),
        actor: "test",
        at: now,
    };
    let (early, late): (Uuid, Uuid) = (clock.id(), clock.id());
    let mut conn = shop.app.db.read().await.expect("the database answers");
    let before = events::end(&mut conn).await.expect("the database answers");
    let mut first = shop.app.db.begin().await.expect("the database answers");
    let mut second = shop.app.db.begin().await.expect("the database answers");
    // The first takes the lower transaction id, the second the lower position.
    oxcart::jobs::enqueue(&mut first, clock, oxcart::jobs::Job::Prune {}, now, now).await.expect("a job is written");
    events::append(&mut second, event(late)).await.expect("an event is written");
    events::append(&mut first, event(early)).await.expect("an event is written");
    first.commit().await.expect("it is kept");
    let cursor = heard(&mut conn, before, early).await;
    second.commit().await.expect("it is kept");
    heard(&mut conn, cursor, late).await;
}

/// Reads on until an event is heard of; answers where that was.
async fn heard(conn: &mut Conn, mut cursor: Cursor, id: Uuid) -> Cursor {
    for _ in 0..500 {
        let (seen, end) = events::tail(conn, cursor, 100).await.expect("the database answers");
        cursor = end;
        if seen.iter().any(|event| event.subject_id == id) {
            return cursor;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("an event was skipped");
}
