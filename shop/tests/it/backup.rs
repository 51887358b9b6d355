//! The whole shop in a file and out of it again: under load, from either engine to either, and never half.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use oxcart::backup::{Standing, restore, write};
use oxcart::clock::Clock;
use oxcart::config::Config;
use oxcart::startup::{Purpose, open};
use tempfile::TempDir;

use crate::app::{Engine, TestApp, both_engines};
use crate::buyer::Api;
use crate::program::{Program, catalog};
use crate::rush::Rush;
use crate::starting::settings;
use crate::{admin_products, postgres, verify};

both_engines!(
    what_was_acknowledged_before_a_backup_is_in_it,
    a_shop_is_the_same_on_either_engine,
    a_place_that_is_not_empty_is_left_alone
);

/// Buyers at once.
const BUYERS: usize = 8;
/// Orders before the backup.
const ORDERS: usize = 40;
const SECRET: &str = "0123456789abcdef0123456789abcdef";

async fn what_was_acknowledged_before_a_backup_is_in_it(engine: Engine) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = Program::new(engine, folder.path()).await;
    program.run(&["import", &catalog(folder.path())]);
    let running = program.serve().await;
    let rush = Rush::on(&program, BUYERS);
    rush.sells(&program, ORDERS).await;
    let acknowledged = rush.orders();
    let file = folder.path().join("shop.backup");
    let backup = {
        let (program, file) = (program.clone(), file.display().to_string());
        tokio::task::spawn_blocking(move || program.run(&["backup", &file]))
    };
    let said = backup.await.expect("it ends");
    assert!(said.contains("holds the shop") && said.contains("keep it as safe"), "{said}");
    // Nobody had to wait for it.
    rush.sells(&program, ORDERS).await;
    drop(running);
    rush.over().await;
    assert_eq!(fs::metadata(&file).expect("it is there").permissions().mode() & 0o777, 0o600);
    is_whole_on(Engine::Sqlite, &file, &acknowledged).await;
    is_whole_on(Engine::Postgres, &file, &acknowledged).await;
}

/// Restores a backup elsewhere: its invariants hold, private links open, and it goes on selling.
async fn is_whole_on(engine: Engine, file: &Path, acknowledged: &[String]) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let elsewhere = Program::new(engine, folder.path()).await;
    let said = elsewhere.run(&["restore", &file.display().to_string()]);
    assert!(said.contains("The shop is back") && said.contains("invariants hold"), "{said}");
    elsewhere.run(&["verify"]);
    let kept = fs::read(folder.path().join("data/secret")).expect("the secret is back");
    let running = elsewhere.serve().await;
    let api = Api::new(&elsewhere.url());
    for url in acknowledged {
        let path = url.split_once("/orders/").expect("a private link").1;
        let (id, _) = path.split_once("?token=").expect("with its token");
        let token = oxcart::secret::Secret::new(std::str::from_utf8(&kept).expect("text"))
            .order_token(id.parse().expect("an id"));
        assert!(url.ends_with(&token), "the secret of the backup makes the links that were sent");
        if engine == Engine::Sqlite {
            assert_eq!(api.get(&format!("/api/orders/{path}")).await.ok(200)["payment_status"], "paid");
        }
    }
    let rush = Rush::on(&elsewhere, 1);
    rush.sells(&elsewhere, 3).await;
    drop(running);
    rush.over().await;
    elsewhere.run(&["verify"]);
}

/// A shop of any kind, as a backup sees it.
fn standing(shop: &TestApp) -> Standing {
    let app = &shop.app;
    Standing { db: app.db.clone(), files: app.files.clone(), secret: SECRET.into(), place: "here".into() }
}

/// A lively shop in a backup.
async fn backed_up(engine: Engine) -> (TempDir, PathBuf) {
    let shop = verify::lively_shop(engine).await;
    shop.app.files.keep(&admin_products::png()).expect("a picture");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("shop.backup");
    write(&standing(&shop), &shop.app.clock, &file).await.expect("it can be written");
    (folder, file)
}

/// Settings for an empty place.
async fn empty_place(engine: Engine, data: &Path) -> Config {
    match engine {
        Engine::Sqlite => settings(data, &[]),
        Engine::Postgres => {
            let url = postgres::empty_database().await;
            settings(data, &[("DATABASE_URL", &url), ("OXCART_SECRET", SECRET)])
        }
    }
}

async fn a_shop_is_the_same_on_either_engine(engine: Engine) {
    let (folder, file) = backed_up(engine).await;
    let first = entries(&file);
    assert!(first.keys().any(|name| name.starts_with("media/")), "{:?}", first.keys());
    for (other, name) in [(Engine::Sqlite, "lite"), (Engine::Postgres, "post")] {
        let data = folder.path().join(name);
        let config = empty_place(other, &data).await;
        let restored = restore(&config, &Clock::default(), &file).await.expect("it can be restored");
        assert_eq!((restored.violations.len(), restored.pictures, restored.other_secret), (0, 1, false));
        let again = folder.path().join(format!("{name}.backup"));
        let shop = Standing::open(&config).await.expect("it is there");
        write(&shop, &Clock::default(), &again).await.expect("it can be written");
        assert_eq!(rows(&first), rows(&entries(&again)), "every row is as it was");
        let mode = fs::metadata(data.join("secret")).expect("it is there").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
        assert!(!data.join("restoring").exists(), "nothing unfinished is left");
    }
}

/// The entries of a backup by name.
fn entries(file: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut tar = tar::Archive::new(GzDecoder::new(File::open(file).expect("it is there")));
    let read = |mut entry: tar::Entry<'_, _>| {
        let mut content = Vec::new();
        Read::read_to_end(&mut entry, &mut content).expect("it is whole");
        (entry.path().expect("a name").display().to_string(), content)
    };
    tar.entries().expect("a tar").map(|entry| read(entry.expect("an entry"))).collect()
}

fn unpacked(file: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    GzDecoder::new(file).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The rows of each table, whatever the order they came in, and the pictures.
fn rows(entries: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<&[u8]>> {
    let mut rows: BTreeMap<String, Vec<&[u8]>> = BTreeMap::new();
    for (name, content) in entries.iter().filter(|(name, _)| name.contains('/')) {
        let table = name.rsplit_once('/').expect("in a folder").0.to_owned();
        rows.entry(table).or_default().extend(content.split(|byte| *byte == b'\n'));
    }
    rows.values_mut().for_each(|rows| rows.sort_unstable());
    rows
}

async fn a_place_that_is_not_empty_is_left_alone(engine: Engine) {
    let (folder, file) = backed_up(Engine::Sqlite).await;
    let config = empty_place(engine, &folder.path().join("data")).await;
    let serving = open(config.clone(), Purpose::Serve).await.expect("a new shop");
    let refused = async || restore(&config, &Clock::default(), &file).await.expect_err("somebody is there").to_string();
    let said = refused().await;
    assert!(said.contains(if engine == Engine::Sqlite { "is serving this shop" } else { "is not empty" }), "{said}");
    drop(serving);
    let said = refused().await;
    assert!(said.contains("is not empty, so nothing was restored"), "{said}");
    let again = open(config, Purpose::Serve).await.expect("it is as it was");
    again.db.close().await;
}

#[tokio::test]
async fn nothing_is_restored_from_what_is_not_whole() {
    let (folder, file) = backed_up(Engine::Sqlite).await;
    let whole = fs::read(&file).expect("it is there");
    let config = settings(&folder.path().join("data"), &[]);
    let bad = folder.path().join("bad");
    let mut cases: Vec<(String, Vec<u8>)> =
        vec![("nothing".into(), vec![]), ("a letter".into(), b"Dear shop".to_vec())];
    for part in [10, 100, whole.len() / 3, whole.len() / 2, whole.len() - 30, whole.len() - 4] {
        cases.push((format!("{part} bytes of it"), whole[..part].to_vec()));
    }
    for at in (20..whole.len()).step_by(whole.len() / 15) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x10;
        // Few bits between packed blocks mean nothing.
        if unpacked(&flipped).is_ok_and(|bytes| bytes == unpacked(&whole).expect("it is whole")) {
            continue;
        }
        cases.push((format!("a bit at {at}"), flipped));
    }
    let good = entries(&file);
    let without = |gone: &str| packed(good.iter().filter(|(name, _)| !name.starts_with(gone)));
    cases.push(("no orders".into(), without("tables/orders/")));
    cases.push(("no end".into(), without("end.json")));
    for (what, bytes) in cases {
        fs::write(&bad, bytes).expect("it can be written");
        let refused = restore(&config, &Clock::default(), &bad).await.expect_err(&what).to_string();
        assert!(
            ["is no backup", "damaged or not whole"].iter().any(|said| refused.contains(said)),
            "{what}: {refused}"
        );
        let left: Vec<_> = fs::read_dir(folder.path().join("data")).into_iter().flatten().flatten().collect();
        assert!(left.iter().all(|entry| entry.file_name() == "oxcart.lock"), "{what} leaves {left:?}");
    }
    let mut newer = good.clone();
    let manifest = String::from_utf8(newer["manifest.json"].clone()).expect("text");
    newer.insert("manifest.json".into(), manifest.replace("0001_shop", "9999_moon").into_bytes());
    fs::write(&bad, packed(newer.iter())).expect("it can be written");
    let refused = restore(&config, &Clock::default(), &bad).await.expect_err("it is newer").to_string();
    assert!(refused.contains("newer version") && refused.contains("9999_moon"), "{refused}");
    restore(&config, &Clock::default(), &file).await.expect("the whole one is taken");
}

/// A backup of these entries: what it is first, its end last.
fn packed<'e>(entries: impl Iterator<Item = (&'e String, &'e Vec<u8>)>) -> Vec<u8> {
    let mut entries: Vec<_> = entries.collect();
    entries.sort_by_key(|(name, _)| (*name != "manifest.json", *name == "end.json"));
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (name, content) in entries {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        tar.append_data(&mut header, name, content.as_slice()).expect("memory takes it");
    }
    tar.into_inner().and_then(GzEncoder::finish).expect("memory takes it")
}

#[tokio::test]
async fn a_backup_overwrites_nothing_and_needs_a_shop() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let config = settings(&folder.path().join("data"), &[]);
    let said = Standing::open(&config).await.err().expect("there is no shop").to_string();
    assert!(said.contains("there is no shop in") && !folder.path().join("data").exists(), "{said}");
    drop(open(settings(&folder.path().join("data"), &[]), Purpose::Beside).await.expect("a new shop"));
    let file = folder.path().join("shop.backup");
    fs::write(&file, "last week").expect("it can be written");
    let shop = Standing::open(&config).await.expect("there is one now");
    let said = write(&shop, &Clock::default(), &file).await.expect_err("it is there").to_string();
    assert!(said.contains("overwrites nothing"), "{said}");
    assert_eq!(fs::read_to_string(&file).ok().as_deref(), Some("last week"));
    write(&shop, &Clock::default(), &folder.path().join("new.backup")).await.expect("another name");
    let names: Vec<_> =
        fs::read_dir(folder.path()).into_iter().flatten().flatten().map(|entry| entry.file_name()).collect();
    assert!(names.iter().all(|name| !name.to_string_lossy().ends_with(".part")), "{names:?}");
}
