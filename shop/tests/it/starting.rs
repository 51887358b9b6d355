//! What can be in the way of opening the shop, and what the person who starts it is told.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use oxcart::config::{Config, gather};
use oxcart::startup::{Purpose, StartError, open};

/// The settings of a shop in a folder.
pub fn settings(folder: &Path, more: &[(&str, &str)]) -> Config {
    let mut environment = vec![("OXCART_DATA_DIR".to_owned(), folder.display().to_string())];
    environment.extend(more.iter().map(|(name, value)| (name.to_string(), value.to_string())));
    gather(None, &environment).and_then(|table| Config::check(&table)).expect("good settings")
}

async fn refusal(config: Config, purpose: Purpose) -> String {
    open(config, purpose).await.err().expect("this can't be opened").to_string()
}

#[tokio::test]
async fn the_secret_is_made_once_and_for_its_owner_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("shop/data");
    let first = open(settings(&data, &[]), Purpose::Beside).await.expect("a new shop");
    let again = open(settings(&data, &[]), Purpose::Beside).await.expect("the same shop");
    assert_eq!(first.secret.digest("test", &[]), again.secret.digest("test", &[]));
    let mode = |path: &Path| fs::metadata(path).expect("it was made").permissions().mode() & 0o777;
    assert_eq!((mode(&data), mode(&data.join("secret"))), (0o700, 0o600));
}

#[tokio::test]
async fn a_secret_that_was_cut_short_is_refused_rather_than_replaced() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("secret"), "short").expect("it can be written");
    let refusal = refusal(settings(folder.path(), &[]), Purpose::Serve).await;
    assert!(refusal.contains("fewer than 32 characters"), "{refusal}");
}

#[tokio::test]
async fn a_second_server_is_refused_and_other_commands_are_not() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let serving = open(settings(folder.path(), &[]), Purpose::Serve).await.expect("the first server");
    let second = open(settings(folder.path(), &[]), Purpose::Serve).await;
    assert!(matches!(second, Err(StartError::Locked(_))));
    open(settings(folder.path(), &[]), Purpose::Beside).await.expect("a command beside it");
    drop(serving);
    open(settings(folder.path(), &[]), Purpose::Serve).await.expect("the first has gone");
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named_with_its_setting() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("file");
    fs::write(&file, "").expect("it can be written");
    let refusal = refusal(settings(&file.join("data"), &[]), Purpose::Serve).await;
    assert!(refusal.contains("file/data") && refusal.contains("OXCART_DATA_DIR"), "{refusal}");
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_named_without_its_password() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = ("DATABASE_URL", "postgres://oxcart:hunter2@127.0.0.1:1/shop?application_name=test");
    let secret = ("OXCART_SECRET", "0123456789abcdef0123456789abcdef");
    let refusal = refusal(settings(folder.path(), &[url, secret]), Purpose::Serve).await;
    assert!(refusal.contains("127.0.0.1:1/shop") && refusal.contains("DATABASE_URL"), "{refusal}");
    assert!(!refusal.contains("hunter2"), "{refusal}");
}
