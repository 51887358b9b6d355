//! SQLite's one writer: those who wait share a commit, and each still has what it did to itself.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use commerce::checkout::PayCommand;
use oxcart::app::Shop;
use oxcart::args;
use oxcart::flows::pay::{Paid, pay};
use oxcart::flows::settle::{Settled, settle};
use oxcart::store::Db;
use tokio::time::sleep;

use crate::app::{Engine, TestApp};
use crate::builders::{GOOD_CARD, SECURE_CARD};
use crate::buyer::Buyer;

async fn open(folder: &Path) -> Arc<Db> {
    let db = Db::open_sqlite(&folder.join("shop.db")).await.expect("it opens");
    let mut tx = db.begin().await.expect("nobody writes");
    tx.script("CREATE TABLE IF NOT EXISTS notes (id BIGINT NOT NULL PRIMARY KEY, text TEXT NOT NULL)".into())
        .await
        .expect("a table");
    tx.commit().await.expect("it is kept");
    Arc::new(db)
}

async fn note(db: &Db, id: i64, text: &str, keep: bool) -> sqlx::Result<()> {
    let mut tx = db.begin().await?;
    tx.execute("INSERT INTO notes (id, text) VALUES ($1, $2)", args![id, text]).await?;
    if keep { tx.commit().await } else { Ok(()) }
}

async fn notes(db: &Db) -> Vec<i64> {
    #[derive(sqlx::FromRow)]
    struct Note {
        id: i64,
    }
    let mut conn = db.read().await.expect("a reader");
    let rows: Vec<Note> = conn.all("SELECT id FROM notes ORDER BY id", args![]).await.expect("they are read");
    rows.into_iter().map(|row| row.id).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn those_who_wait_share_a_commit_and_take_back_only_their_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = open(folder.path()).await;
    let before = db.commits().expect("SQLite counts");
    let all = (0..64).map(|id| {
        let db = db.clone();
        // Every third is refused; some of those because another has the number already.
        tokio::spawn(async move { (id, id % 3 != 0, note(&db, id, "here", id % 3 != 0).await) })
    });
    let mut kept = vec![];
    for done in all.collect::<Vec<_>>() {
        let (id, keep, outcome) = done.await.expect("it ends");
        outcome.expect("nothing is in the way");
        kept.extend(keep.then_some(id));
    }
    assert_eq!(notes(&db).await, kept);
    let commits = db.commits().expect("SQLite counts") - before;
    assert!(commits < kept.len() as u64, "{commits} commits of {} that were kept", kept.len());
    assert!(note(&db, 1, "again", true).await.is_err(), "a number is given once");
    note(&db, 100, "alone", true).await.expect("the line goes on");
    db.close().await;
    assert!(note(&db, 101, "late", true).await.is_err(), "it is closed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_is_told_that_it_is_kept_finds_it_when_the_disk_is_full() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = open(folder.path()).await;
    let (mut kept, mut refused) = (vec![], 0);
    for round in 0..10 {
        let mut tx = db.begin().await.expect("nobody writes");
        tx.script("PRAGMA max_page_count = 12".into()).await.expect("a small disk");
        let all = (1..=24).map(|n| {
            let db = db.clone();
            let text = "x".repeat(if n % 8 == 0 { 60_000 } else { 10 });
            tokio::spawn(async move { (round * 100 + n, note(&db, round * 100 + n, &text, true).await) })
        });
        let all: Vec<_> = all.collect();
        drop(tx);
        for done in all {
            match done.await.expect("it ends") {
                (id, Ok(())) => kept.push(id),
                (_, Err(_)) => refused += 1,
            }
        }
    }
    assert!(refused >= 10, "the disk was full {refused} times");
    kept.sort_unstable();
    assert_eq!(notes(&db).await, kept, "nothing more and nothing less than was promised");
    db.close().await;
    let again = Db::open_sqlite(&folder.path().join("shop.db")).await.expect("it opens again");
    assert_eq!(notes(&again).await, kept);
}

/// Long enough for a task that is not held up to get through.
const A_WHILE: Duration = Duration::from_millis(40);

/// In line behind each other: the bank's word is taken in, the buyer pays again, and somebody keeps the writer before
/// the first two are durable.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_pays_again_hears_of_the_order_once_it_is_durable() {
    let shop = TestApp::open(Engine::Sqlite).await;
    Buyer::at_the_till(&shop, "MUG").await.pay(GOOD_CARD).await.ok(200);
    let mut told = 0;
    for _ in 0..5 {
        told += usize::from(is_told_in_time(&shop).await);
    }
    assert!(told > 0, "nobody was ever in line behind the bank");
    shop.verify().await;
}

/// Answers whether the buyer was in line behind the bank, which a busy machine may mix up.
async fn is_told_in_time(shop: &TestApp) -> bool {
    let mut buyer = Buyer::at_the_till(shop, "MUG").await;
    buyer.pay(SECURE_CARD).await.ok(202);
    let (payment, checkout) = shop.last_payment().await;
    let bank = shop.app.sandbox.as_ref().expect("the sandbox is open");
    let outcome = bank.finish(payment, true).await.expect("the bank answers");

    let first = shop.app.db.begin().await.expect("nobody writes");
    let settling = in_line(&shop.app, async move |app| settle(&app, payment, outcome).await).await;
    let again = PayCommand { version: 1, card: None };
    let paying = in_line(&shop.app, async move |app| pay(&app, checkout, &again).await).await;
    let keeper = in_line(&shop.app, async move |app| app.db.begin().await).await;
    drop(first);
    let keeper = keeper.await.expect("it does not panic").expect("the writer is free");
    sleep(A_WHILE).await;
    if paying.is_finished() {
        let told = paying.await.expect("it does not panic");
        assert!(told.is_err(), "an order was told that is not durable: {told:?}");
        return false;
    }
    drop(keeper);
    let settled = settling.await.expect("it does not panic").expect("it is taken in");
    assert!(matches!(settled, Settled::Order(_)), "{settled:?}");
    matches!(paying.await.expect("it does not panic"), Ok(Paid::Order(_)))
}

/// Begins something that will wait for the writer.
async fn in_line<T, F>(app: &Shop, story: impl FnOnce(Shop) -> F) -> tokio::task::JoinHandle<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let begun = tokio::spawn(story(app.clone()));
    sleep(A_WHILE).await;
    begun
}
