//! The server and what it puts around every request, over real connections.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::routing::{get, post};
use futures_util::future::join_all;
use oxcart::clock::Clock;
use oxcart::config::{Config, gather};
use oxcart::web::middleware::{Guard, HEADERS, method_not_allowed, not_found, request_id};
use oxcart::web::server::{Limits, listen, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// A server with a few routes. It stops when `stop` is sent or dropped.
struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    running: JoinHandle<std::io::Result<()>>,
}

const PATIENT: Limits = Limits {
    connections: 100,
    head_time: Duration::from_secs(10),
    head_size: 16 * 1024,
    finish_time: Duration::from_secs(10),
};

async fn start(limits: Limits) -> Server {
    start_at(limits, "https://shop.example").await
}

async fn start_at(limits: Limits, base_url: &str) -> Server {
    let routes = Router::new()
        .route("/", get(async || "hello"))
        .route("/long", get(async || vec![b'x'; 64 * 1024 * 1024]))
        .route("/slow", get(async || sleep(Duration::from_millis(500)).await))
        .route("/panic", get(async || -> &'static str { panic!("on purpose") }))
        .route("/api/panic", get(async || -> &'static str { panic!("on purpose") }))
        .route("/api/id", get(async || request_id().unwrap_or_default()))
        .route("/api/echo", post(async |body: Bytes| body))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed);
    let environment = [("OXCART_BASE_URL".to_owned(), base_url.to_owned())];
    let settings = gather(None, &environment).and_then(|table| Config::check(&table)).expect("good settings");
    let guard = Guard::new(&settings, &Clock::default());
    let router = guard.outer(guard.inner(routes));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let address = listener.local_addr().expect("a bound address");
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(serve(listener, router, limits, async move { stopped.await.unwrap_or_default() }));
    Server { address, stop, running }
}

impl Server {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("the server listens")
    }

    /// Sends bytes and reads until the server closes.
    async fn say(&self, bytes: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect().await;
        stream.write_all(bytes.as_ref()).await.expect("the server reads");
        read(&mut stream).await
    }

    /// The answer to a request with further headers.
    async fn ask(&self, line: &str, headers: &str) -> String {
        self.say(format!("{line} HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n{headers}\r\n")).await
    }
}

async fn read(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let all = stream.read_to_end(&mut answer);
    timeout(Duration::from_secs(5), all).await.expect("the server closes in time").unwrap_or_default();
    String::from_utf8(answer).expect("answers of these tests are text")
}

fn status(answer: &str) -> u16 {
    let code = answer.split(' ').nth(1).unwrap_or_default();
    code.parse().unwrap_or_else(|_| panic!("no status in {answer:?}"))
}

fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let head = answer.split("\r\n\r\n").next()?;
    head.lines().filter_map(|line| line.split_once(": ")).find(|(n, _)| *n == name).map(|(_, value)| value)
}

#[tokio::test]
async fn a_head_that_dawdles_is_cut_off() {
    let server = start(Limits { head_time: Duration::from_millis(100), ..PATIENT }).await;
    assert_eq!(server.say("GET / HTTP/1.1\r\nhost: sh").await, "");
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let server = start(PATIENT).await;
    let answer = server.ask("GET /", &format!("x-padding: {}\r\n", "x".repeat(20 * 1024))).await;
    assert_eq!(status(&answer), 431);
}

#[tokio::test]
async fn beyond_the_last_place_visitors_are_told_to_come_back() {
    let server = start(Limits { connections: 1, ..PATIENT }).await;
    let mut first = server.connect().await;
    first.write_all(b"GET / HTTP/1.1\r\nhost: shop\r\n\r\n").await.expect("the server reads");
    let mut start_of_answer = [0; 12];
    first.read_exact(&mut start_of_answer).await.expect("the first is served");
    assert_eq!(&start_of_answer, b"HTTP/1.1 200");

    let answer = server.ask("GET /", "").await;
    assert_eq!(status(&answer), 503);
    assert_eq!(header(&answer, "retry-after"), Some("1"));
    assert!(answer.ends_with("\r\n\r\nThe shop is very full. Please try again shortly.\r\n"), "{answer}");
    for (name, value) in &HEADERS {
        assert_eq!(header(&answer, name.as_str()), value.to_str().ok(), "{name}");
    }

    drop(first);
    sleep(Duration::from_millis(100)).await;
    assert_eq!(status(&server.ask("GET /", "").await), 200);
}

/// Who finds no room before the door would only try again a second later.
#[tokio::test]
async fn hundreds_may_come_before_the_first_is_let_in() {
    let listener = listen("127.0.0.1:0".parse().expect("an address")).expect("a free port");
    let address = listener.local_addr().expect("it has an address");
    let all = join_all((0..400).map(|_| TcpStream::connect(address)));
    let there = timeout(Duration::from_secs(60), all).await.expect("nobody waits for a door that nobody opens");
    assert!(there.iter().all(Result::is_ok));
}

#[tokio::test]
async fn who_reads_no_further_gives_the_place_to_others() {
    let server = start(Limits { connections: 1, head_time: Duration::from_millis(200), ..PATIENT }).await;
    let mut greedy = server.connect().await;
    greedy.write_all(b"GET /long HTTP/1.1\r\nhost: shop\r\n\r\n").await.expect("the server reads");
    let mut some = [0; 12];
    greedy.read_exact(&mut some).await.expect("the answer begins");
    for _ in 0..100 {
        if status(&server.ask("GET /", "").await) == 200 {
            return;
        }
        sleep(Duration::from_millis(50)).await;
    }
    panic!("the place is still taken by who does not read");
}

#[tokio::test]
async fn a_stopping_server_finishes_what_it_began_and_takes_nobody_new() {
    let server = start(PATIENT).await;
    let mut idle = server.connect().await;
    let mut busy = server.connect().await;
    busy.write_all(b"GET /slow HTTP/1.1\r\nhost: shop\r\n\r\n").await.expect("the server reads");
    sleep(Duration::from_millis(100)).await;

    server.stop.send(()).expect("it runs");
    assert_eq!(status(&read(&mut busy).await), 200);
    assert_eq!(read(&mut idle).await, "");
    server.running.await.expect("it did not panic").expect("it ended well");
    assert!(TcpStream::connect(server.address).await.is_err());
}

#[tokio::test]
async fn a_request_that_never_ends_does_not_keep_the_server_from_stopping() {
    let server = start(Limits { finish_time: Duration::from_millis(50), ..PATIENT }).await;
    let mut busy = server.connect().await;
    busy.write_all(b"GET /slow HTTP/1.1\r\nhost: shop\r\n\r\n").await.expect("the server reads");
    sleep(Duration::from_millis(100)).await;
    server.stop.send(()).expect("it runs");
    timeout(Duration::from_millis(300), server.running).await.expect("it stops").expect("well").expect("well");
}

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    let server = start(PATIENT).await;
    let cases = [
        ("GET /", "", 200),
        ("GET /nothing", "", 404),
        ("GET /api/nothing", "", 404),
        ("PUT /api/echo", "", 405),
        ("GET /panic", "", 500),
        ("GET /api/panic", "", 500),
        ("POST /api/echo", "sec-fetch-site: cross-site\r\n", 403),
        ("POST /api/echo", "content-length: 1048577\r\n", 413),
    ];
    for (line, headers, expected) in cases {
        let answer = server.ask(line, headers).await;
        assert_eq!(status(&answer), expected, "{line}");
        assert_eq!(header(&answer, "x-content-type-options"), Some("nosniff"), "{line}");
        assert_eq!(header(&answer, "x-frame-options"), Some("DENY"), "{line}");
        assert_eq!(header(&answer, "cache-control"), Some("no-store"), "{line}");
        assert_eq!(header(&answer, "strict-transport-security"), Some("max-age=31536000"), "{line}");
        assert_eq!(header(&answer, "server"), None, "{line}");
        let policy = header(&answer, "content-security-policy").unwrap_or_default();
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{line}: {policy}");
        let id = header(&answer, "x-request-id").unwrap_or_default();
        assert_eq!(id.len(), 32, "{line}");
        let is_document = header(&answer, "content-type") == Some("application/problem+json");
        assert_eq!(is_document, line.contains("/api/"), "{line}");
        assert!(!is_document || answer.contains(&format!("\"request_id\":\"{id}\"")), "{line}: {answer}");
        assert!(!answer.contains("on purpose"), "{line} told internals");
    }
}

#[tokio::test]
async fn a_method_that_is_not_known_is_answered_with_those_that_are() {
    let server = start(PATIENT).await;
    let answer = server.ask("DELETE /api/echo", "").await;
    assert_eq!((status(&answer), header(&answer, "allow")), (405, Some("POST")));
}

#[tokio::test]
async fn the_id_of_a_request_is_our_own_and_reaches_its_handler() {
    let server = start(PATIENT).await;
    let answer = server.ask("GET /api/id", "x-request-id: mine\r\n").await;
    let id = header(&answer, "x-request-id").expect("every answer has one");
    assert_ne!(id, "mine");
    assert!(answer.ends_with(id), "{answer}");
}

#[tokio::test]
async fn a_body_that_hides_its_size_is_cut_off_at_a_mebibyte() {
    let server = start(PATIENT).await;
    let body = "x".repeat(1024 * 1024 + 1);
    let head = "POST /api/echo HTTP/1.1\r\nhost: shop\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n";
    let answer = server.say(format!("{head}{:x}\r\n{body}\r\n0\r\n\r\n", body.len())).await;
    assert_eq!(status(&answer), 413);
}

#[tokio::test]
async fn over_plain_http_nobody_is_told_to_use_tls() {
    let server = start_at(PATIENT, "http://shop.example").await;
    assert_eq!(header(&server.ask("GET /", "").await, "strict-transport-security"), None);
}
