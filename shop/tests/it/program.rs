//! The real program in a folder of its own.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use oxcart::store::{Db, Row};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::time::sleep;

use crate::app::Engine;
use crate::buyer::client;
use crate::postgres;

/// How long something may take that has to happen.
const PATIENCE: Duration = Duration::from_secs(30);

/// The program, with its own folder and address.
#[derive(Clone)]
pub struct Program {
    /// Where it runs; its data folder is in it.
    pub folder: PathBuf,
    address: String,
    database: Option<String>,
    environment: Vec<(&'static str, String)>,
}

impl Program {
    /// In a folder of its own, with an empty database.
    pub async fn new(engine: Engine, folder: &Path) -> Self {
        let database = if engine == Engine::Postgres { Some(postgres::empty_database().await) } else { None };
        Self::on(database, folder).await
    }

    /// In a folder of its own, on a database of PostgreSQL or its own file.
    pub async fn on(database: Option<String>, folder: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("the loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address").to_string();
        let environment = vec![("OXCART_TEST_CLOCK", "0".to_owned())];
        Program { folder: folder.to_owned(), address, database, environment }
    }

    /// With a variable of the environment in the place of what it was.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.environment.retain(|(known, _)| *known != name);
        self.environment.push((name, value.to_string()));
        self
    }

    /// Where it answers.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The file of SQLite.
    pub fn file(&self) -> PathBuf {
        self.folder.join("data/oxcart.db")
    }

    /// A command of it that has not been started.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_oxcart"));
        command.env_clear().current_dir(&self.folder).stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(File::options().create(true).append(true).open(self.folder.join("log")).expect("a file"));
        command.env("OXCART_DATA_DIR", self.folder.join("data")).env("OXCART_LISTEN", &self.address);
        command.env("OXCART_LOG", "warn").env("OXCART_RATE_LIMITS", "off").envs(self.environment.iter().cloned());
        if let Some(url) = &self.database {
            command.env("DATABASE_URL", url).env("OXCART_SECRET", "a secret that is only good for tests");
        }
        command
    }

    /// Runs a command to its end; answers how that came.
    pub fn end_of(&self, arguments: &[&str]) -> Output {
        let mut command = self.command();
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.output().expect("the program runs")
    }

    /// Runs a command that has to succeed; answers what it said.
    pub fn run(&self, arguments: &[&str]) -> String {
        let output = self.end_of(arguments);
        let [said, told] = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
        assert!(output.status.success(), "{arguments:?}: {said}\n{told}\n{}", self.log());
        said
    }

    /// Serves until it is killed.
    pub async fn serve(&self) -> Running {
        let mut running = Running(self.command().arg("serve").spawn().expect("the program runs"));
        let ready = format!("{}/api/ready", self.url());
        let client = client().build().expect("a client without files");
        self.until("it starts", async || {
            let ended = running.0.try_wait().expect("it is our own");
            assert!(ended.is_none(), "it ended with {ended:?}:\n{}", self.log());
            client.get(&ready).send().await.is_ok_and(|answer| answer.status().is_success())
        })
        .await;
        running
    }

    /// Waits until something is so.
    pub async fn until(&self, what: &str, mut is_so: impl AsyncFnMut() -> bool) {
        let begun = Instant::now();
        while !is_so().await {
            assert!(begun.elapsed() < PATIENCE, "not in time: {what}\n{}", self.log());
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// Its database, beside it.
    pub async fn open_database(&self) -> Db {
        let opened = match &self.database {
            Some(url) => Db::open_postgres(url).await,
            None => Db::open_sqlite(&self.file()).await,
        };
        opened.expect("the database answers beside the server")
    }

    /// What it has written down so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

/// What a query counts as `n`.
pub async fn count(db: &Db, sql: &'static str) -> i64 {
    #[derive(sqlx::FromRow)]
    struct Count {
        n: i64,
    }
    rows::<Count>(db, sql).await.first().expect("a count has a row").n
}

/// Rows of a database beside its server.
pub async fn rows<R: Row>(db: &Db, sql: &'static str) -> Vec<R> {
    let mut conn = db.read().await.expect("the database answers");
    conn.all(sql, oxcart::args![]).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// Killed when dropped, as by a power cut: nothing is said to it before.
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().expect("it can be killed");
        self.0.wait().expect("it is gone");
    }
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
