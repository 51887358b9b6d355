//! Two nodes on one PostgreSQL: what is promised has to hold wherever a buyer is served.

use std::sync::Arc;

use oxcart::app::{App, Shop};
use oxcart::config::Config;
use oxcart::routes;
use oxcart::startup::{self, Opened, Purpose};
use oxcart::web::server::{self, Limits};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::app::{Engine, Setup, TestApp};

/// Where a race is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Track {
    /// One node on a file.
    Sqlite,
    /// One node on a server.
    Postgres,
    /// Two nodes on a server.
    TwoNodes,
}

/// Makes three tests of each `async fn name(track: Track)`: `name::sqlite`, `name::postgres` and `name::two_nodes`.
macro_rules! on_every_track {
    ($($name:ident),* $(,)?) => {$(
        mod $name {
            use crate::nodes::Track;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name(Track::Sqlite).await
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::$name(Track::Postgres).await
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn two_nodes() {
                super::$name(Track::TwoNodes).await
            }
        }
    )*};
}
pub(crate) use on_every_track;

impl Track {
    /// The shop of the tests there, before it opens.
    pub fn setup(self) -> Setup {
        match self {
            Track::Sqlite => Setup::on(Engine::Sqlite),
            Track::Postgres => Setup::on(Engine::Postgres),
            Track::TwoNodes => Setup::on(Engine::Postgres).on_two_nodes(),
        }
    }

    /// The shop of the tests there, open.
    pub async fn open(self) -> TestApp {
        self.setup().open().await
    }
}

/// A node beside the first one. It closes when this is dropped.
pub struct Node {
    /// The shop, as this node has it.
    pub app: Shop,
    /// Where it answers.
    pub url: String,
    _opened: Opened,
    _stop: oneshot::Sender<()>,
    _data: TempDir,
}

impl Node {
    /// One with the settings and the clock of another.
    pub async fn beside(first: &App) -> Self {
        let data = tempfile::tempdir().expect("a temporary folder");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("the loopback has a free port");
        let listen = listener.local_addr().expect("a bound socket has an address");
        let (data_dir, base_url) = (data.path().to_owned(), format!("http://{listen}"));
        let config = Config { listen, data_dir, base_url: base_url.clone(), ..first.config.clone() };
        let limits = Limits::for_connections(config.connections);
        let mut opened = startup::open(config, Purpose::Serve).await.expect("a second node is welcome");
        opened.clock = first.clock.clone();
        let app = Arc::new(App::build(&opened).await.expect("the shop is built"));
        let (stop, stopped) = oneshot::channel::<()>();
        let front = routes::front(&app);
        tokio::spawn(server::serve(listener, front, limits, async move { drop(stopped.await) }));
        Node { app, url: base_url, _opened: opened, _stop: stop, _data: data }
    }
}
