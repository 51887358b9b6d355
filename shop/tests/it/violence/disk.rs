//! SQLite's disk is full, or does not keep what it was given: nothing is sold that was not kept, nothing is broken, and
//! when the disk is well again so is the shop.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use oxcart::store::Db;

use crate::app::{Engine, rounds};
use crate::buyer::Api;
use crate::program::{Program, catalog, count, rows};
use crate::rush::Rush;
use crate::violence::keeps_its_word;

/// Buyers at once.
const BUYERS: usize = 8;
const ORDERS: &str = "SELECT COUNT(*) AS n FROM orders";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_is_full_sells_nothing_that_is_not_kept() {
    goes_bad("full").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_makes_nothing_durable_sells_nothing_that_is_not_kept() {
    goes_bad("sync").await;
}

async fn goes_bad(how: &str) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let shim = shim(folder.path());
    let program = Program::new(Engine::Sqlite, folder.path()).await;
    program.run(&["import", &catalog(folder.path())]);
    let program = program.with("LD_PRELOAD", shim.display()).with("BAD_DISK", folder.path().display());
    let switch = folder.path().join(how);
    let mut acknowledged = vec![];

    let running = program.serve().await;
    let rush = Rush::on(&program, BUYERS);
    let db = program.open_database().await;
    for _ in 0..rounds(2, 20) {
        rush.sells(&program, 10).await;
        fs::write(&switch, "").expect("the folder can be written");
        sells_nothing(&program, &rush, &db, how).await;
        fs::remove_file(&switch).expect("it was there");
        rush.sells(&program, 10).await;
        assert_eq!(Api::new(&program.url()).get("/api/ready").await.status, 200, "{how}: it is well again");
    }
    acknowledged.extend(rush.over().await);
    db.close().await;
    keeps_its_word(&program, &acknowledged).await;

    // And killed while it can't write.
    let rush = Rush::on(&program, BUYERS);
    rush.sells(&program, 10).await;
    let bad = Instant::now();
    fs::write(&switch, "").expect("the folder can be written");
    program.until("buyers are refused", async || rush.refusals(bad).len() >= BUYERS).await;
    drop(running);
    acknowledged.extend(rush.over().await);
    fs::remove_file(&switch).expect("it was there");
    let program = program.with("OXCART_TEST_CLOCK", 3 * 3600);
    let running = program.serve().await;
    keeps_its_word(&program, &acknowledged).await;
    drop(running);
    program.run(&["verify"]);
    assert_eq!(integrity(&program).await, ["ok"], "{how}");
}

/// Everybody is told that it can't be done; nobody is told that it was; pages go on.
async fn sells_nothing(program: &Program, rush: &Rush, db: &Db, how: &str) {
    let bad = Instant::now();
    program.until("buyers are refused", async || rush.refusals(bad).len() >= BUYERS).await;
    let kept = count(db, ORDERS).await;
    let more = rush.refusals(bad).len() + 3 * BUYERS;
    program.until("buyers go on being refused", async || rush.refusals(bad).len() >= more).await;
    let acknowledged = rush.orders().len() as i64;
    assert_eq!(count(db, ORDERS).await, kept, "{how}: kept on a bad disk");
    assert!(acknowledged <= kept, "{how}: {acknowledged} were acknowledged and {kept} kept");
    for refusal in rush.refusals(bad) {
        let told = (refusal.status, refusal.retry_after, refusal.document["code"].as_str());
        assert_eq!(told, (503, true, Some("unavailable")), "{how}: {}: {}", refusal.path, refusal.document);
    }
    let api = Api::new(&program.url());
    for path in ["/", "/p/mug", "/api/products/mug"] {
        assert_eq!(api.get(path).await.status, 200, "{how}: {path} is in memory");
    }
    let ready = api.get("/api/ready").await;
    assert_eq!((ready.status, ready.header("retry-after").is_empty()), (503, false), "{how}: {}", ready.text);
}

/// What SQLite says of its own file.
async fn integrity(program: &Program) -> Vec<String> {
    #[derive(sqlx::FromRow)]
    struct Said {
        text: String,
    }
    let db = program.open_database().await;
    let said: Vec<Said> = rows(&db, "SELECT integrity_check AS text FROM pragma_integrity_check").await;
    db.close().await;
    said.into_iter().map(|said| said.text).collect()
}

/// Builds what stands between the program and its disk.
fn shim(folder: &Path) -> PathBuf {
    let (source, shim) = (folder.join("disk.c"), folder.join("disk.so"));
    fs::write(&source, include_str!("disk.c")).expect("the folder can be written");
    let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&shim).arg(&source).arg("-ldl").output();
    let built = built.expect("a C compiler is there");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    shim
}
