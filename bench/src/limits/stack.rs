//! The shop's own HTTP server with nothing behind it: it answers the same bytes, from memory.

use std::collections::HashMap;
use std::future::pending;
use std::sync::Arc;
use std::thread;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONNECTION, CONTENT_LENGTH, DATE, TRANSFER_ENCODING};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use hyper::body::Bytes;
use oxcart::web::server::{Limits, serve};
use tokio::net::TcpListener;
use tokio::runtime;
use tokio::sync::oneshot;

use crate::Failure;
use crate::load::goods::Goods;
use crate::load::wire::{Place, Wire};

/// Connections that it takes, as many as the shop does.
const CONNECTIONS: usize = 4_096;

/// Answers by their path and query.
type Answers = HashMap<String, (HeaderMap, Bytes)>;

/// Asks the shop for each of its pages once, and answers them from memory from then on, until this program ends.
pub async fn copy(shop: &Place, goods: &Goods) -> Result<Place, Failure> {
    let mut wire = Wire::new(shop);
    let mut answers = Answers::new();
    for path in goods.browse.iter().chain(&goods.product).chain(&goods.search) {
        let answer = wire.get(path).await?;
        if answer.status != 200 {
            return Err(format!("{path} answers {}", answer.status).into());
        }
        let mut headers = answer.headers;
        // The server says these itself.
        for name in [CONNECTION, CONTENT_LENGTH, DATE, TRANSFER_ENCODING] {
            headers.remove(name);
        }
        answers.insert(path.clone(), (headers, answer.body));
    }
    start(answers).await
}

/// On threads of its own, as the shop is a process of its own.
async fn start(answers: Answers) -> Result<Place, Failure> {
    let (tell, told) = oneshot::channel();
    thread::spawn(move || -> Result<(), Failure> {
        runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await?;
            // Whoever asked may have gone.
            let _ = tell.send(listener.local_addr()?);
            let router = Router::default().fallback(answer).with_state(Arc::new(answers));
            Ok(serve(listener, router, Limits::for_connections(CONNECTIONS), pending()).await?)
        })
    });
    Place::parse(&format!("http://{}", told.await?))
}

async fn answer(State(answers): State<Arc<Answers>>, uri: Uri) -> Response {
    let asked = uri.path_and_query().map_or("/", |path| path.as_str());
    match answers.get(asked) {
        Some((headers, body)) => (headers.clone(), Body::from(body.clone())).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
