//! One visitor's connection: HTTP/1.1, kept open, and opened again when the shop has closed it.

use std::net::{SocketAddr, ToSocketAddrs};
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap, HeaderValue};
use hyper::{Method, Request, Uri};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::Failure;

/// How long an answer may take before it counts as none.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where the shop answers.
#[derive(Clone, Debug)]
pub struct Place {
    socket: SocketAddr,
    host: HeaderValue,
}

impl Place {
    /// The place of an address like `http://127.0.0.1:3000`.
    pub fn parse(url: &str) -> Result<Self, Failure> {
        let uri: Uri = url.parse()?;
        let name = uri.authority().filter(|_| uri.scheme_str() == Some("http"));
        let name = name.ok_or_else(|| format!("{url} is no address like http://127.0.0.1:3000"))?;
        let mut sockets = (name.host(), name.port_u16().unwrap_or(80)).to_socket_addrs()?;
        let socket = sockets.next().ok_or_else(|| format!("{url} leads nowhere"))?;
        Ok(Place { socket, host: HeaderValue::from_str(name.as_str())? })
    }
}

/// What came back.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The head.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// A connection.
pub struct Wire {
    place: Place,
    bearer: Option<HeaderValue>,
    sender: Option<SendRequest<Full<Bytes>>>,
}

impl Wire {
    /// A connection that is opened when it is first needed.
    pub fn new(place: &Place) -> Self {
        Wire { place: place.clone(), bearer: None, sender: None }
    }

    /// The same with the token of a member of staff.
    pub fn with_bearer(self, token: &str) -> Result<Self, Failure> {
        Ok(Wire { bearer: Some(HeaderValue::from_str(&format!("Bearer {token}"))?), ..self })
    }

    /// Asks, and waits for the whole answer.
    pub async fn send(&mut self, method: Method, path: &str, body: Option<&Value>) -> Result<Answer, Failure> {
        let request = self.request(method, path, body)?;
        let answer = timeout(PATIENCE, self.exchange(request)).await;
        let answer = answer.unwrap_or_else(|_| Err("no answer in time".into()));
        if answer.is_err() {
            // What is left of a broken exchange must not be taken for the next answer.
            self.sender = None;
        }
        answer
    }

    /// Asks for a document.
    pub async fn get(&mut self, path: &str) -> Result<Answer, Failure> {
        self.send(Method::GET, path, None).await
    }

    fn request(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Request<Full<Bytes>>, Failure> {
        let mut request = Request::new(Full::default());
        *request.method_mut() = method;
        *request.uri_mut() = path.parse()?;
        let headers = request.headers_mut();
        headers.insert(HOST, self.place.host.clone());
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        if let Some(bearer) = &self.bearer {
            headers.insert(AUTHORIZATION, bearer.clone());
        }
        if let Some(body) = body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *request.body_mut() = Full::new(serde_json::to_vec(body)?.into());
        }
        Ok(request)
    }

    async fn exchange(&mut self, request: Request<Full<Bytes>>) -> Result<Answer, Failure> {
        let sender = match self.sender.take() {
            Some(sender) if !sender.is_closed() => sender,
            _ => open(&self.place).await?,
        };
        let sender = self.sender.insert(sender);
        sender.ready().await?;
        let (head, body) = sender.send_request(request).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(Answer { status: head.status.as_u16(), headers: head.headers, body })
    }
}

async fn open(place: &Place) -> Result<SendRequest<Full<Bytes>>, Failure> {
    let stream = TcpStream::connect(place.socket).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}
