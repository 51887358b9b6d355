//! What pages cost: the statements that a request runs are counted, and staff are told.

use axum::routing::get;
use axum::{Extension, Router};
use oxcart::args;
use oxcart::config::{Config, gather};
use oxcart::store::Db;
use oxcart::web::middleware::{ForStaff, Guard};
use oxcart::web::server::{Limits, serve};
use tokio::net::TcpListener;

use crate::buyer::{Answer, Api};

#[tokio::test]
async fn staff_are_told_the_statements_of_an_answer_and_the_public_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let db = Db::open_sqlite(&folder.path().join("oxcart.db")).await.expect("a new file");
    let ask = move || async move {
        let mut conn = db.begin().await.expect("the database answers");
        for _ in 0..3 {
            conn.execute("SELECT 1", args![]).await.expect("the database answers");
        }
    };
    let staff = ask.clone();
    let routes = Router::new()
        .route("/", get(async || ask().await))
        .route("/admin", get(async || (Extension(ForStaff), staff().await)));
    let config = gather(None, &[]).and_then(|table| Config::check(&table)).expect("there are defaults");
    let guard = Guard::new(&config, &Default::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("a bound address"));
    let router = guard.outer(guard.inner(routes));
    let running = tokio::spawn(serve(listener, router, Limits::for_connections(10), std::future::pending()));

    assert_eq!(Answer::of(Api::new(&url).request("GET", "/")).await.header("server-timing"), "");
    let answer = Answer::of(Api::new(&url).request("GET", "/admin")).await;
    assert!(answer.header("server-timing").starts_with("app;dur="), "{:?}", answer.headers);
    assert_eq!(answer.statements(), 3);
    running.abort();
}
