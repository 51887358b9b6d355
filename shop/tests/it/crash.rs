//! The real program is killed in the middle of selling. What it said yes to is there; the rest is as if never asked.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use oxcart::args;
use oxcart::store::Db;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Mutex;

use crate::app::{Engine, both_engines};
use crate::builders::{GOOD_CARD, address, card};
use crate::buyer::{Api, client, text};
use crate::postgres;

both_engines!(what_was_acknowledged_outlives_a_kill);

/// How often it is killed.
const KILLS: usize = 4;
/// Buyers at once.
const BUYERS: usize = 8;
/// Orders between two kills.
const ORDERS: usize = 25;

/// The program, with its own folder and address.
#[derive(Clone)]
pub struct Program {
    /// Where it runs; its data folder is in it.
    pub folder: PathBuf,
    address: String,
    database: Option<String>,
}

impl Program {
    /// In a folder of its own, with an empty database.
    pub async fn new(engine: Engine, folder: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("the loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address").to_string();
        let database = if engine == Engine::Postgres { Some(postgres::empty_database().await) } else { None };
        Program { folder: folder.to_owned(), address, database }
    }

    /// Where it answers.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_oxcart"));
        command.env_clear().current_dir(&self.folder).stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(File::options().create(true).append(true).open(self.folder.join("log")).expect("a file"));
        command.env("OXCART_DATA_DIR", self.folder.join("data")).env("OXCART_LISTEN", &self.address);
        command.env("OXCART_RATE_LIMITS", "off").env("OXCART_TEST_CLOCK", "0");
        if let Some(url) = &self.database {
            command.env("DATABASE_URL", url).env("OXCART_SECRET", "a secret that is only good for tests");
        }
        command
    }

    /// Runs a command that has to succeed; answers what it said.
    pub fn run(&self, arguments: &[&str]) -> String {
        let output = self.command().args(arguments).stdout(Stdio::piped()).output().expect("the program runs");
        let (said, log) = (String::from_utf8_lossy(&output.stdout).into_owned(), self.log());
        assert!(output.status.success(), "{arguments:?}: {said}\n{log}");
        said
    }

    /// Serves until it is killed.
    pub async fn serve(&self) -> Running {
        let running = Running(self.command().arg("serve").spawn().expect("the program runs"));
        let ready = format!("http://{}/api/ready", self.address);
        let client = client().build().expect("a client without files");
        for _ in 0..400 {
            if client.get(&ready).send().await.is_ok_and(|answer| answer.status().is_success()) {
                return running;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("it did not start:\n{}", self.log());
    }

    async fn open_database(&self) -> Db {
        let opened = match &self.database {
            Some(url) => Db::open_postgres(url).await,
            None => Db::open_sqlite(&self.folder.join("data/oxcart.db")).await,
        };
        opened.expect("the database answers beside the server")
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

/// Killed when dropped, as by a power cut: nothing is said to it before.
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().expect("it can be killed");
        self.0.wait().expect("it is gone");
    }
}

async fn what_was_acknowledged_outlives_a_kill(engine: Engine) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = Program::new(engine, folder.path()).await;
    program.run(&["import", &catalog(folder.path())]);

    let orders = Arc::new(Mutex::new(Vec::<String>::new()));
    for kill in 1..=KILLS {
        let running = program.serve().await;
        let sold = Arc::new(AtomicUsize::new(0));
        let buyers: Vec<_> =
            (0..BUYERS).map(|_| tokio::spawn(buy_on(program.url(), orders.clone(), sold.clone()))).collect();
        for _ in 0..2400 {
            if sold.load(Ordering::Relaxed) >= ORDERS {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        assert!(sold.load(Ordering::Relaxed) >= ORDERS, "it sells, kill {kill}:\n{}", program.log());
        drop(running);
        for buyer in buyers {
            buyer.await.expect("a buyer without a shop goes home");
        }
        program.run(&["verify"]);
    }

    let running = program.serve().await;
    let api = Api::new(&program.url());
    let orders = orders.lock().await;
    assert!(orders.len() >= KILLS * ORDERS);
    for url in orders.iter() {
        let path = url.split_once("/orders/").expect("a private link").1;
        assert_eq!(api.get(&format!("/api/orders/{path}")).await.ok(200)["payment_status"], "paid");
    }
    // Once the time is over, nothing that a kill interrupted is held or waits any more.
    api.post("/api/dev/clock", &json!({ "advance_seconds": 2 * 3600 })).await.ok(200);
    let db = program.open_database().await;
    for _ in 0..400 {
        if unfinished(&db).await == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert_eq!(unfinished(&db).await, 0, "{}", program.log());
    drop(running);
    program.run(&["verify"]);
}

/// Units that are held and checkouts that wait.
async fn unfinished(db: &Db) -> i64 {
    #[derive(sqlx::FromRow)]
    struct Count {
        n: i64,
    }
    const UNFINISHED: &str = "SELECT CAST((SELECT SUM(reserved) FROM stock) AS BIGINT)
         + (SELECT COUNT(*) FROM checkouts WHERE status IN ('open', 'processing')) AS n";
    let mut conn = db.read().await.expect("the database answers");
    conn.one::<Count>(UNFINISHED, args![]).await.expect("the database answers").n
}

/// A catalog of one thing that never runs out.
pub fn catalog(folder: &Path) -> String {
    let line = json!({
        "kind": "product",
        "slug": "mug",
        "name": "Mug",
        "status": "active",
        "variants": [{ "sku": "MUG", "price": { "amount": 1450, "currency": "EUR" }, "on_hand": 1_000_000 }],
    });
    let file = folder.join("catalog.jsonl");
    std::fs::write(&file, format!("{line}\n")).expect("the folder can be written");
    file.display().to_string()
}

/// Buys mugs until the shop is gone; notes every order that was acknowledged.
pub async fn buy_on(url: String, orders: Arc<Mutex<Vec<String>>>, sold: Arc<AtomicUsize>) {
    let client = client().build().expect("a client without files");
    let post = async |path: &str, body: Value| -> Option<Value> {
        let answer = client.post(format!("{url}{path}")).json(&body).send().await.ok()?;
        if !answer.status().is_success() {
            return None;
        }
        answer.json().await.ok()
    };
    let variant = async || -> Option<Value> {
        let product: Value = client.get(format!("{url}/api/products/mug")).send().await.ok()?.json().await.ok()?;
        Some(product["variants"][0]["id"].clone())
    };
    let Some(variant) = variant().await else { return };
    let one = async || -> Option<String> {
        let cart = post("/api/carts", json!({})).await?;
        let path = format!("/api/carts/{}/items", text(&cart["id"]));
        let cart = post(&path, json!({ "variant_id": variant, "quantity": 1 })).await?;
        let form = json!({
            "cart_id": cart["id"],
            "cart_version": cart["version"],
            "email": "ada@example.com",
            "shipping_address": address(),
            "payment_method": "sandbox",
        });
        let checkout = post("/api/checkouts", form).await?;
        let path = format!("/api/checkouts/{}/pay", text(&checkout["id"]));
        let paid = post(&path, json!({ "version": checkout["version"], "card": card(GOOD_CARD) })).await?;
        paid["order"]["url"].as_str().map(str::to_owned)
    };
    while let Some(order) = one().await {
        orders.lock().await.push(order);
        sold.fetch_add(1, Ordering::Relaxed);
    }
}
