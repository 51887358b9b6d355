//! PostgreSQL goes away under load, in each of the ways it can: nobody waits for it longer than seconds, whoever asks is
//! told when to come back, and when it is back so is the shop.

use std::time::{Duration, Instant};

use crate::app::rounds;
use crate::buyer::{Answer, Api};
use crate::postgres::Cluster;
use crate::program::{Program, catalog};
use crate::rush::Rush;
use crate::violence::keeps_its_word;

/// Buyers at once.
const BUYERS: usize = 8;
/// The longest anybody waits for an answer while it is gone.
const MOST_WAIT: Duration = Duration::from_secs(5);
/// The longest it takes until the shop sells again.
const MOST_RECOVERY: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_goes_away_is_waited_for_only_seconds_and_the_shop_is_back_with_it() {
    let mut cluster = Cluster::start();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = Program::on(Some(cluster.url()), folder.path()).await;
    program.run(&["import", &catalog(folder.path())]);
    let running = program.serve().await;
    let rush = Rush::on(&program, BUYERS);

    rush.sells(&program, 20).await;
    let gone = Instant::now();
    cluster.stop();
    told_to_come_back(&program, &rush, gone, "stopped").await;
    cluster.start_again();
    recovers(&program, &rush, "stopped").await;

    let gone = Instant::now();
    let frozen = cluster.freeze();
    told_to_come_back(&program, &rush, gone, "frozen").await;
    tokio::time::sleep(Duration::from_secs(rounds(0, 20) as u64)).await;
    told_to_come_back(&program, &rush, gone, "frozen for long").await;
    drop(frozen);
    recovers(&program, &rush, "frozen").await;

    for _ in 0..rounds(1, 20) {
        let gone = Instant::now();
        cluster.kill();
        told_to_come_back(&program, &rush, gone, "killed").await;
        cluster.start_again();
        recovers(&program, &rush, "killed").await;
    }

    let acknowledged = rush.over().await;
    keeps_its_word(&program, &acknowledged).await;
    drop(running);
    program.run(&["verify"]);
}

/// Everybody hears in time that it can't be done now; what needs no database goes on.
async fn told_to_come_back(program: &Program, rush: &Rush, gone: Instant, how: &str) {
    let api = Api::new(&program.url());
    program.until("buyers are refused", async || rush.refusals(gone).len() >= BUYERS).await;
    let asked = Instant::now();
    let ready = api.get("/api/ready").await;
    assert!(asked.elapsed() < MOST_WAIT, "{how}: ready took {:?}", asked.elapsed());
    assert_eq!((ready.status, ready.header("retry-after").is_empty()), (503, false), "{how}: {}", ready.text);
    for path in ["/", "/p/mug", "/api/products/mug", "/api/health"] {
        let page: Answer = api.get(path).await;
        assert_eq!(page.status, 200, "{how}: {path} is in memory: {}", page.text);
    }
    for refusal in rush.refusals(gone) {
        assert_eq!((refusal.status, refusal.retry_after), (503, true), "{how}: {} {refusal:?}", refusal.path);
        assert!(refusal.took < MOST_WAIT, "{how}: {refusal:?}");
        assert_eq!(refusal.document["code"], "unavailable", "{how}: {refusal:?}");
    }
}

/// It sells again, without anybody's help.
async fn recovers(program: &Program, rush: &Rush, how: &str) {
    let back = Instant::now();
    rush.sells(program, 20).await;
    assert!(back.elapsed() < MOST_RECOVERY, "{how}: it sold again after {:?}", back.elapsed());
}
