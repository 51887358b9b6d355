//! A damaged SQLite file: the start says so and what to do, or the shop is right. It never tells wrong totals.

use std::fs;
use std::path::Path;
use std::process::Command;

use oxcart::app::App;
use oxcart::args;
use oxcart::backup::{Standing, restore, write};
use oxcart::clock::Clock;
use oxcart::startup::{Purpose, open};
use oxcart::store::{Db, verify};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::app::Engine;
use crate::starting::settings;
use crate::verify::lively_shop;

/// Files that are damaged by chance.
const SEEDS: u64 = 40;

#[derive(sqlx::FromRow)]
struct Text {
    text: String,
}

async fn totals(db: &Db) -> Option<Vec<String>> {
    const TOTALS: &str = "SELECT number || ' ' || CAST(total AS TEXT) AS text FROM orders ORDER BY number";
    let rows: Vec<Text> = db.read().await.ok()?.all(TOTALS, args![]).await.ok()?;
    Some(rows.into_iter().map(|row| row.text).collect())
}

/// What a shop in this folder tells once it is open, or why it does not open.
async fn told(folder: &Path) -> Result<Vec<String>, String> {
    let mut opened = open(settings(folder, &[]), Purpose::Serve).await.map_err(|error| error.to_string())?;
    let built = App::build(&opened).await;
    if let Some(damage) = opened.check.take().expect("who serves looks").damage().await {
        return Err(damage.to_string());
    }
    built.map_err(|error| format!("{error} without a word about the file"))?;
    let mut snapshot = opened.db.snapshot().await.map_err(|error| error.to_string())?;
    match verify::run(&mut snapshot).await {
        Ok(violations) if violations.is_empty() => Ok(totals(&opened.db).await.expect("every invariant was computed")),
        _ => Err("verify tells".into()),
    }
}

/// A shop in which something was sold, as one file that nobody has open.
async fn shop_in(folder: &Path) -> Vec<String> {
    let shop = lively_shop(Engine::Sqlite).await;
    let (app, file) = (&shop.app, folder.join("backup"));
    let standing = Standing { db: app.db.clone(), files: app.files.clone(), secret: "s".repeat(32), place: "".into() };
    write(&standing, &app.clock, &file).await.expect("it can be written");
    restore(&settings(&folder.join("data"), &[]), &Clock::default(), &file).await.expect("it can be restored");
    totals(&app.db).await.expect("it answers")
}

#[tokio::test]
async fn a_damaged_file_is_refused_or_harmless() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let sold = shop_in(folder.path()).await;
    let whole = fs::read(folder.path().join("data/oxcart.db")).expect("it is there");
    assert_eq!(told(&folder.path().join("data")).await, Ok(sold.clone()));
    let mut refused = 0;
    for seed in 0..SEEDS {
        let mut dice = StdRng::seed_from_u64(seed);
        let mut bytes = whole.clone();
        for _ in 0..dice.random_range(1..200) {
            let at = dice.random_range(0..bytes.len());
            bytes[at] ^= dice.random_range(1..=255_u8);
        }
        match with_file(&bytes).await {
            Ok(totals) => assert_eq!(totals, sold, "seed {seed}"),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > SEEDS / 2, "only {refused} of {SEEDS} were noticed");
}

#[tokio::test]
async fn a_file_that_was_cut_or_lost_its_head_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    shop_in(folder.path()).await;
    let whole = fs::read(folder.path().join("data/oxcart.db")).expect("it is there");
    let mut headless = whole.clone();
    headless[..4096].fill(0);
    for (what, bytes) in [
        ("emptied", &[][..]),
        ("half a page", &whole[..2048]),
        ("one page", &whole[..4096]),
        ("half", &whole[..whole.len() / 2]),
        ("all but a page", &whole[..whole.len() - 4096]),
        ("no head", &headless),
    ] {
        let said = with_file(bytes).await.expect_err(what);
        assert!(said.contains("is damaged") && said.contains("oxcart restore FILE"), "{what}: {said}");
    }
}

#[tokio::test]
async fn the_program_does_not_serve_a_damaged_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    shop_in(folder.path()).await;
    let file = folder.path().join("data/oxcart.db");
    let whole = fs::read(&file).expect("it is there");
    fs::write(&file, &whole[..whole.len() - 4096]).expect("it can be written");
    let mut serve = Command::new(env!("CARGO_BIN_EXE_oxcart"));
    serve.arg("serve").env_clear().current_dir(folder.path()).env("OXCART_LISTEN", "127.0.0.1:0");
    let ended = serve.output().expect("the program runs");
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(1), "{said}");
    assert!(said.contains("oxcart restore FILE"), "{said}");
}

async fn with_file(bytes: &[u8]) -> Result<Vec<String>, String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("secret"), "s".repeat(32)).expect("it can be written");
    fs::write(folder.path().join("oxcart.db"), bytes).expect("it can be written");
    told(folder.path()).await
}
