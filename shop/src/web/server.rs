//! Serves HTTP/1.1 with limits of its own, for a visitor who dawdles, sends too much or never leaves must not keep
//! others out. `axum::serve` sets none of them.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;

use crate::web::middleware::HEADERS;
use crate::web::pages::Front;

/// How much one visitor may take, and how long a stopping server waits.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections served at once; further ones are told to come back.
    pub connections: usize,
    /// The time in which a request's head has to arrive; also how long a connection may idle between requests, and how
    /// long a visitor may take to read on.
    pub head_time: Duration,
    /// The size of a request's head in bytes, at least 8,192.
    pub head_size: usize,
    /// How long requests in flight may take to finish once the server stops.
    pub finish_time: Duration,
}

/// How many may wait to be let in. The usual 128 are fewer than come in the same moment when a shop is busy, and who finds no
/// room tries again a second later.
const DOORSTEP: u32 = 4096;

/// Listens at an address.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A shop that comes back at once takes its address although visitors of before are still leaving.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(DOORSTEP)
}

impl Limits {
    /// The limits of a shop, for a number of connections.
    pub fn for_connections(connections: usize) -> Self {
        let head_time = Duration::from_secs(10);
        Self { connections, head_time, head_size: 32 * 1024, finish_time: Duration::from_secs(30) }
    }
}

/// What a visitor beyond the last connection reads: small enough that a fresh socket takes it without waiting.
static FULL_HOUSE: LazyLock<String> = LazyLock::new(|| {
    let text = "The shop is very full. Please try again shortly.\r\n";
    let mut answer = String::from("HTTP/1.1 503 Service Unavailable\r\n");
    for (name, value) in &HEADERS {
        let value = value.to_str().expect("the static headers are ASCII");
        answer += &format!("{name}: {value}\r\n");
    }
    answer += "content-type: text/plain; charset=utf-8\r\nretry-after: 1\r\nconnection: close\r\n";
    answer + &format!("content-length: {}\r\n\r\n{text}", text.len())
});

/// Serves on `listener` until `shutdown` is ready, then takes nobody new and lets requests in flight finish.
pub async fn serve(
    listener: TcpListener,
    front: impl Into<Front>,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let places = Arc::new(Semaphore::new(limits.connections));
    let connections = GracefulShutdown::new();
    let http = http(&limits);
    let front = front.into();
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut shutdown => break,
        };
        let Some((stream, visitor)) = or_pause(accepted).await else { continue };
        let Ok(place) = places.clone().try_acquire_owned() else {
            tokio::spawn(turn_away(stream));
            continue;
        };
        // Answers leave at once instead of waiting for more to fill a packet. It fails only for who has left already.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(limits.head_time));
        let stream = TokioIo::new(Box::pin(stream));
        let connection = http.serve_connection(stream, service(front.clone(), visitor));
        let watched = connections.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = watched.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    }
    drop(listener);
    finish(connections, limits.finish_time).await;
    Ok(())
}

/// Ready when the operating system asks the program to stop: SIGTERM from a supervisor, SIGINT from a keyboard.
pub fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

fn http(limits: &Limits) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head_time).max_buf_size(limits.head_size);
    http
}

/// The shop as one connection's service; handlers find the visitor's address as `ConnectInfo`.
fn service(
    front: Front,
    visitor: SocketAddr,
) -> impl hyper::service::Service<
    hyper::Request<Incoming>,
    Response = axum::response::Response,
    Error = Infallible,
    Future: Send + 'static,
> {
    service_fn(move |request: hyper::Request<Incoming>| {
        let answer = front.clone().answer(request, visitor);
        async move { Ok(answer.await) }
    })
}

/// The connection, or a short pause when there is none: out of file descriptors, asking again at once would spin.
async fn or_pause(accepted: io::Result<(TcpStream, SocketAddr)>) -> Option<(TcpStream, SocketAddr)> {
    match accepted {
        Ok(connection) => Some(connection),
        Err(error) if is_visitors_fault(&error) => None,
        Err(error) => {
            tracing::error!(%error, "no connection can be taken");
            sleep(Duration::from_millis(100)).await;
            None
        }
    }
}

/// Whether a connection failed because its other end went away before it was taken.
fn is_visitors_fault(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn turn_away(mut stream: TcpStream) {
    let answer = async {
        stream.write_all(FULL_HOUSE.as_bytes()).await?;
        stream.shutdown().await?;
        // Until the visitor has read it: closing on unread bytes would reset the connection and lose the answer.
        tokio::io::copy(&mut stream, &mut tokio::io::sink()).await
    };
    if timeout(Duration::from_secs(1), answer).await.is_err() {
        tracing::debug!("a visitor turned away did not leave");
    }
}

async fn finish(connections: GracefulShutdown, time: Duration) {
    let in_flight = connections.count();
    if in_flight > 0 {
        tracing::info!(connections = in_flight, "finishing requests in flight");
    }
    if timeout(time, connections.shutdown()).await.is_err() {
        tracing::warn!(seconds = time.as_secs(), "some requests did not finish in time and were cut off");
    }
}
