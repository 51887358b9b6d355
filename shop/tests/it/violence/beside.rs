//! Programs beside a server on one SQLite file: a second server is refused, everything else works while it sells.

use std::io::Write;
use std::process::Stdio;
use std::time::Instant;

use serde_json::json;

use crate::app::Engine;
use crate::buyer::Api;
use crate::program::{Program, catalog};
use crate::rush::Rush;
use crate::staff::PASSWORD;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_program_serves_a_file_and_others_work_beside_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = Program::new(Engine::Sqlite, folder.path()).await;
    let file = catalog(folder.path());
    program.run(&["import", &file]);
    let running = program.serve().await;
    let (begun, rush) = (Instant::now(), Rush::on(&program, 4));
    rush.sells(&program, 5).await;

    for second in ["serve", "demo"] {
        let refused = program.clone().with("OXCART_LISTEN", "127.0.0.1:0").end_of(&[second]);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(1), "{second}: {said}");
        for told in ["another Oxcart is serving this shop", "oxcart.lock", "stop it, or set OXCART_DATA_DIR"] {
            assert!(said.contains(told), "{second}: {told:?} is not in {said}");
        }
    }

    assert!(program.run(&["verify"]).contains("invariants hold"));
    let more = json!({
        "kind": "product",
        "slug": "lamp",
        "name": "Lamp",
        "status": "active",
        "variants": [{ "sku": "LAMP", "price": { "amount": 2900, "currency": "EUR" }, "on_hand": 3 }],
    });
    std::fs::write(&file, format!("{more}\n")).expect("the folder can be written");
    program.run(&["import", &file]);
    let api = Api::new(&program.url());
    program.until("the server shows it", async || api.get("/api/products/lamp").await.status == 200).await;
    hire(&program);
    let sign_in = json!({ "email": "bob@example.com", "password": PASSWORD });
    api.post("/api/auth/login", &sign_in).await.ok(200);
    program.run(&["export", "orders", "--output", &folder.path().join("orders.csv").display().to_string()]);

    rush.sells(&program, 5).await;
    assert!(rush.refusals(begun).is_empty(), "nobody was kept waiting: {:?}", rush.refusals(begun));
    drop(running);
    rush.over().await;
    program.run(&["verify"]);
}

/// Makes an account, as a person does at a terminal.
fn hire(program: &Program) {
    let arguments = ["staff", "create", "--email", "bob@example.com", "--password-stdin"];
    let mut created = program.command().args(arguments).stdin(Stdio::piped()).spawn().expect("the program runs");
    writeln!(created.stdin.take().expect("it was asked for"), "{PASSWORD}").expect("it reads");
    assert!(created.wait().expect("it ends").success(), "{}", program.log());
}
