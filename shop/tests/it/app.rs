//! A shop for one test: a fresh database, the real server on a free port, a clock that obeys.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use commerce::catalog::{CategoryInput, ProductInput};
use commerce::ids::{CheckoutId, PaymentId, RefundId};
use commerce::money::Money;
use commerce::promotion::Coupon;
use oxcart::app::{App, Shop};
use oxcart::args;
use oxcart::catalog::{recommend, refresh};
use oxcart::clock::Clock;
use oxcart::config::{Config, gather};
use oxcart::payments::{Provider, Sandbox};
use oxcart::settings::ShopSettings;
use oxcart::startup::{self, Opened, Purpose};
use oxcart::store::{Arg, Row, coupons, events, sandbox, settings, verify};
use oxcart::web::server::{self, Limits};
use oxcart::{jobs, routes};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::builders;
use crate::buyer::{Api, Buyer};
use crate::html::unescape_mail;
use crate::nodes::Node;
use crate::visitor::Visitor;
use crate::{postgres, store};

/// Where the rows of a shop are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

/// Makes two tests of each `async fn name(engine: Engine)`: `name::sqlite` and `name::postgres`.
macro_rules! both_engines {
    ($($name:ident),* $(,)?) => {$(
        mod $name {
            use crate::app::Engine;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name(Engine::Sqlite).await
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::$name(Engine::Postgres).await
            }
        }
    )*};
}
pub(crate) use both_engines;

/// How often something is done: in `./check`, and in `./check --slow`.
pub fn rounds(quick: usize, slow: usize) -> usize {
    if std::env::var_os("OXCART_SLOW").is_some() { slow } else { quick }
}

/// A shop that is about to open.
pub struct Setup {
    engine: Engine,
    environment: Vec<(String, String)>,
    settings: ShopSettings,
    products: Vec<ProductInput>,
    coupons: Vec<Coupon>,
    bank: Option<Bank>,
    clock: Option<Clock>,
    folder: PathBuf,
    two_nodes: bool,
}

/// Makes of the sandbox bank another one.
type Bank = Box<dyn FnOnce(Sandbox) -> Arc<dyn Provider> + Send>;

impl Setup {
    /// The shop of the tests, as [`builders`] describe it.
    pub fn on(engine: Engine) -> Self {
        let environment =
            vec![("OXCART_RATE_LIMITS".into(), "off".into()), ("OXCART_PAGE_CACHE_MB".into(), "16".into())];
        let (settings, products) = (builders::settings(), builders::products());
        let folder = std::env::temp_dir();
        Setup {
            engine,
            environment,
            settings,
            products,
            coupons: vec![],
            bank: None,
            clock: None,
            folder,
            two_nodes: false,
        }
    }

    /// With a setting of the environment.
    pub fn setting(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// With other settings of the shop.
    pub fn shop(mut self, change: impl FnOnce(&mut ShopSettings)) -> Self {
        change(&mut self.settings);
        self
    }

    /// With another catalog.
    pub fn products(mut self, products: Vec<ProductInput>) -> Self {
        self.products = products;
        self
    }

    /// With a coupon.
    pub fn coupon(mut self, coupon: Coupon) -> Self {
        self.coupons.push(coupon);
        self
    }

    /// With another bank in front of the sandbox, or in place of it.
    pub fn bank(mut self, bank: impl FnOnce(Sandbox) -> Arc<dyn Provider> + Send + 'static) -> Self {
        self.bank = Some(Box::new(bank));
        self
    }

    /// With a second node on the same server.
    pub fn on_two_nodes(mut self) -> Self {
        self.two_nodes = true;
        self
    }

    /// With another clock than the machine's.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = Some(clock);
        self
    }

    /// With its files in memory, where the system has such a place: for shops that nobody pulls the plug of.
    pub fn in_memory(mut self) -> Self {
        let memory = Path::new("/dev/shm");
        if memory.is_dir() {
            self.folder = memory.into();
        }
        self
    }

    /// Opens it.
    pub async fn open(self) -> TestApp {
        let data = tempfile::tempdir_in(&self.folder).expect("a temporary folder");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("the loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let config = config(self.engine, &address.to_string(), data.path(), &self.environment).await;
        let limits = Limits::for_connections(config.connections);

        let mut opened = startup::open(config, Purpose::Serve).await.expect("the shop opens");
        if let Some(clock) = self.clock {
            opened.clock = clock;
        }
        let mut tx = opened.db.begin().await.expect("a new database can be written");
        settings::save(&mut tx, &self.settings, opened.clock.now()).await.expect("settings are kept");
        tx.commit().await.expect("settings are kept");
        let mut app = App::build(&opened).await.expect("the shop is built");
        if let Some(bank) = self.bank {
            app.providers = vec![bank(app.sandbox.clone().expect("the sandbox is open"))];
        }
        let app = Arc::new(app);

        let (stop, stopped) = oneshot::channel::<()>();
        let front = routes::front(&app);
        tokio::spawn(server::serve(listener, front, limits, async move { drop(stopped.await) }));
        let second = if self.two_nodes { Some(Node::beside(&app).await) } else { None };
        let shop = TestApp { app, url: format!("http://{address}"), second, data, opened, _stop: stop };
        shop.stock_up(builders::categories(), self.products).await;
        for coupon in &self.coupons {
            shop.save_coupon(coupon).await;
        }
        shop
    }
}

async fn config(engine: Engine, address: &str, data: &Path, more: &[(String, String)]) -> Config {
    let mut environment = vec![
        ("OXCART_LISTEN".to_owned(), address.to_owned()),
        ("OXCART_DATA_DIR".to_owned(), data.display().to_string()),
        ("OXCART_SECRET".to_owned(), "a secret that is only good for tests".to_owned()),
    ];
    if engine == Engine::Postgres {
        environment.push(("DATABASE_URL".to_owned(), postgres::database().await));
    }
    environment.extend(more.iter().cloned());
    let effective = gather(None, &environment).expect("the settings have names of ours");
    Config::check(&effective).expect("the settings are good")
}

/// An open shop. It closes when this is dropped.
pub struct TestApp {
    /// The shop itself.
    pub app: Shop,
    /// Where it answers.
    pub url: String,
    second: Option<Node>,
    opened: Opened,
    _stop: oneshot::Sender<()>,
    data: TempDir,
}

impl TestApp {
    /// The shop of the tests, open.
    pub async fn open(engine: Engine) -> Self {
        Setup::on(engine).open().await
    }

    /// The node that serves the nth of many, and where it answers: they are spread over all there are.
    pub fn node(&self, nth: usize) -> (&Shop, &str) {
        match &self.second {
            Some(second) if nth % 2 == 1 => (&second.app, &second.url),
            _ => (&self.app, &self.url),
        }
    }

    /// Another node in the same process, which serves nobody by itself.
    pub async fn beside(&self) -> Shop {
        let app = App::build(&self.opened).await.expect("the shop is built");
        Arc::new(App { providers: self.app.providers.clone(), ..app })
    }

    /// Every node reads the catalog anew.
    async fn reload(&self) {
        let others = self.second.iter().map(|second| &second.app);
        for app in [&self.app].into_iter().chain(others) {
            refresh::reload(app).await.expect("the catalog is read");
            recommend::take_over(app).await.expect("the recommendations are read");
        }
    }

    /// Closes it, and throws its database away: many of them would fill the disk.
    pub async fn throw_away(self) {
        let url = self.app.config.database_url.clone();
        self.app.db.close().await;
        if let Some(url) = url {
            postgres::drop_database(&url).await;
        }
    }

    /// A program that talks to the API.
    pub fn api(&self) -> Api {
        Api::new(&self.url)
    }

    /// A buyer with an empty cart, who shops through the API.
    pub async fn buyer(&self) -> Buyer {
        Buyer::enter(self).await
    }

    /// A visitor whose browser runs no scripts.
    pub fn visitor(&self) -> Visitor {
        Visitor::new(&self.url)
    }

    /// Time passes, and what is due is done.
    pub async fn after_minutes(&self, minutes: i64) {
        self.after_seconds(minutes * 60).await;
    }

    /// Time passes, and what is due is done.
    pub async fn after_seconds(&self, seconds: i64) {
        self.app.clock.advance(seconds);
        self.drain().await;
    }

    /// Does what is due, and shows it.
    pub async fn drain(&self) {
        jobs::drain(&self.app).await.expect("jobs run");
        self.reload().await;
    }

    /// Recomputes every invariant from the database.
    pub async fn verify(&self) {
        let found = self.violations().await;
        assert!(found.is_empty(), "the database contradicts itself:\n{}", found.join("\n"));
    }

    /// What `oxcart verify` would print.
    pub async fn violations(&self) -> Vec<String> {
        let mut picture = self.app.db.snapshot().await.expect("the database answers");
        let found = verify::run(&mut picture).await.expect("the invariants can be computed");
        found.iter().map(|violation| format!("{}: {}", violation.invariant, violation.subject)).collect()
    }

    /// Puts more on the shelves.
    pub async fn stock_up(&self, categories: Vec<CategoryInput>, products: Vec<ProductInput>) {
        builders::write(&self.app, categories, products).await.expect("the catalog is good");
        self.reload().await;
    }

    /// Keeps a coupon.
    pub async fn save_coupon(&self, coupon: &Coupon) {
        let mut tx = self.app.db.begin().await.expect("the database can be written");
        coupons::save(&mut tx, coupon, "import", self.app.clock.now()).await.expect("the coupon is kept");
        tx.commit().await.expect("the coupon is kept");
    }

    /// Waits until the catalog has taken note of everything. PostgreSQL shows an event when every older transaction of
    /// the whole server has ended, those of other tests too.
    pub async fn catch_up(&self) {
        let mut conn = self.app.db.read().await.expect("the database answers");
        let last = events::end(&mut conn).await.expect("the database answers");
        drop(conn);
        for _ in 0..500 {
            refresh::catch_up(&self.app).await.expect("the database answers");
            if self.app.catalog.load().read_to() >= last {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("event {last:?} was not heard of for five seconds");
    }

    /// The id of the variant with a SKU.
    pub async fn variant(&self, sku: &str) -> String {
        #[derive(sqlx::FromRow)]
        struct Found {
            id: uuid::Uuid,
        }
        let found: Vec<Found> = self.query("SELECT id FROM variants WHERE sku = $1", args![sku]).await;
        found.first().unwrap_or_else(|| panic!("no variant {sku}")).id.to_string()
    }

    /// What lies in stock of a SKU everywhere, and how many of those are promised.
    pub async fn stock(&self, sku: &str) -> (i64, i64) {
        #[derive(sqlx::FromRow)]
        struct Level {
            on_hand: i64,
            reserved: i64,
        }
        const LEVEL: &str =
            "SELECT CAST(SUM(s.on_hand) AS BIGINT) AS on_hand, CAST(SUM(s.reserved) AS BIGINT) AS reserved
             FROM stock s JOIN variants v ON v.id = s.variant_id WHERE v.sku = $1 GROUP BY v.id";
        let level: Vec<Level> = self.query(LEVEL, args![sku]).await;
        level.first().map(|level| (level.on_hand, level.reserved)).expect("it has a stock row")
    }

    /// How many rows a query counts as `n`.
    pub async fn count(&self, sql: &'static str) -> i64 {
        #[derive(sqlx::FromRow)]
        struct Count {
            n: i64,
        }
        self.query::<Count>(sql, args![]).await.first().expect("a count has a row").n
    }

    /// One column `text` of a query, row by row.
    pub async fn texts(&self, sql: &'static str) -> Vec<String> {
        #[derive(sqlx::FromRow)]
        struct Text {
            text: String,
        }
        self.query::<Text>(sql, args![]).await.into_iter().map(|row| row.text).collect()
    }

    /// Rows of the database, past every rule.
    pub async fn query<R: Row>(&self, sql: &'static str, args: Vec<Arg>) -> Vec<R> {
        let mut conn = self.app.db.read().await.expect("the database answers");
        conn.all(sql, args).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Changes the database past every rule.
    pub async fn tamper(&self, sql: &'static str) {
        let mut tx = self.app.db.begin().await.expect("the database answers");
        let touched = tx.execute(sql, args![]).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert!(touched > 0, "nothing was touched by {sql}");
        tx.commit().await.expect("the database answers");
    }

    /// Changes the schema past every rule.
    pub async fn change(&self, sql: &'static str) {
        let mut tx = self.app.db.begin().await.expect("the database answers");
        tx.execute(sql, args![]).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        tx.commit().await.expect("the database answers");
    }

    /// The sandbox bank pays back, and nobody hears of it.
    pub async fn bank_pays_back(&self, payment: PaymentId, refund: RefundId, amount: Money) {
        let mut tx = self.app.db.begin().await.expect("the database answers");
        sandbox::refund(&mut tx, payment, refund, amount, self.app.clock.now()).await.expect("the bank writes it down");
        tx.commit().await.expect("the database answers");
    }

    /// Every row of every table, as text: two that are the same mean that nothing has changed.
    pub async fn dump(&self) -> Vec<String> {
        let mut rows = vec![];
        for table in store::tables(self).await {
            let found = self.texts(table.everything(self.app.db.engine()).leak()).await;
            rows.extend(found.into_iter().map(|row| format!("{}: {row}", table.name)));
        }
        rows
    }

    /// The latest attempt to pay.
    pub async fn last_payment(&self) -> (PaymentId, CheckoutId) {
        #[derive(sqlx::FromRow)]
        struct Payment {
            id: uuid::Uuid,
            checkout_id: uuid::Uuid,
        }
        let found: Vec<Payment> = self.query("SELECT id, checkout_id FROM payments ORDER BY id DESC", args![]).await;
        let last = found.first().expect("somebody tried to pay");
        (PaymentId(last.id), CheckoutId(last.checkout_id))
    }

    /// The whole outcome: orders, payments, stock that moved, events of sales, jobs, mails. A line each.
    pub async fn outcome(&self) -> String {
        const ORDERS: &str = "SELECT 'order ' || status || ' ' || payment_status || ' ' || fulfillment_status || ' '
                 || CAST(total AS TEXT) || ' ' || currency AS text FROM orders ORDER BY placed_at, id";
        const PAYMENTS: &str =
            "SELECT 'payment ' || provider || ' ' || status || ' ' || CAST(captured AS TEXT) || ' of '
                 || CAST(amount AS TEXT) AS text FROM payments ORDER BY created_at, id";
        const MOVES: &str = "SELECT 'moved ' || v.sku || ' ' || CAST(m.delta AS TEXT) AS text
             FROM stock_movements m JOIN variants v ON v.id = m.variant_id WHERE m.kind = 'sale' ORDER BY v.sku";
        const HELD: &str = "SELECT 'held ' || v.sku || ' ' || CAST(s.reserved AS TEXT) AS text
             FROM stock s JOIN variants v ON v.id = s.variant_id WHERE s.reserved <> 0 ORDER BY v.sku";
        const EVENTS: &str = "SELECT 'event ' || kind AS text FROM events
             WHERE subject IN ('cart', 'checkout', 'payment', 'order') ORDER BY position";
        const JOBS: &str = "SELECT 'job ' || kind || ' ' || status AS text FROM jobs
             WHERE kind NOT IN ('prune', 'recommend') ORDER BY created_at, id";
        let mut lines = vec![];
        for sql in [ORDERS, PAYMENTS, MOVES, HELD, EVENTS, JOBS] {
            lines.extend(self.texts(sql).await);
        }
        lines.extend(self.mails().into_iter().map(|mail| format!("mail {} to {}", mail.subject, mail.to)));
        lines.join("\n")
    }

    /// The mails that were sent, in the order of their names.
    pub fn mails(&self) -> Vec<Mail> {
        let folder = std::fs::read_dir(self.data.path().join("mail")).into_iter().flatten().flatten();
        let mut files: Vec<_> = folder.map(|entry| entry.path()).collect();
        files.retain(|file| file.extension().is_some_and(|ending| ending == "eml"));
        files.sort();
        files.iter().map(|file| Mail::parse(&std::fs::read_to_string(file).expect("a mail is text"))).collect()
    }

    /// The path and query of an absolute or relative link of this shop.
    pub fn path<'l>(&self, link: &'l str) -> &'l str {
        link.strip_prefix(&self.url).unwrap_or(link)
    }
}

/// A mail as it was sent.
#[derive(Debug)]
pub struct Mail {
    /// Who gets it.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// Everything after the head, decoded.
    pub body: String,
}

impl Mail {
    fn parse(text: &str) -> Self {
        let text = text.replace("\r\n", "\n");
        let (head, body) = text.split_once("\n\n").expect("a mail has a head and a body");
        let header = |name: &str| {
            let start = format!("{name}: ");
            let line = head.lines().find_map(|line| line.strip_prefix(&start));
            line.unwrap_or_else(|| panic!("no {name} in {head}")).to_owned()
        };
        Mail { to: header("To"), subject: header("Subject"), body: unescape_mail(body) }
    }

    /// The first link whose path begins so.
    pub fn link(&self, path: &str) -> String {
        let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>' | ')');
        let mut links = self.body.match_indices("http").map(|(start, _)| {
            let rest = &self.body[start..];
            &rest[..rest.find(is_end).unwrap_or(rest.len())]
        });
        let found = links.find(|link| link.contains(path));
        found.unwrap_or_else(|| panic!("no link to {path} in {}", self.body)).replace("&amp;", "&")
    }
}

/// Starts this many tasks, lets all of them go at the same moment, and waits for what each brings.
pub async fn burst<T, F>(tasks: Vec<F>) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let barrier = Arc::new(tokio::sync::Barrier::new(tasks.len()));
    let started: Vec<_> = tasks
        .into_iter()
        .map(|task| {
            let barrier = barrier.clone();
            tokio::spawn(async move {
                barrier.wait().await;
                task.await
            })
        })
        .collect();
    let mut brought = Vec::with_capacity(started.len());
    for task in started {
        brought.push(task.await.expect("the task came through"));
    }
    brought
}
