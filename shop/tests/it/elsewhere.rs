//! Somebody else's web server, on this machine: it counts who asks for what.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A picture of one dot.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n-- a dot";
/// Another one.
const GIF: &[u8] = b"GIF89a-- another dot";

/// A server with a few files.
pub struct Elsewhere {
    /// Where it listens.
    pub port: u16,
    asked: Arc<Mutex<HashMap<String, usize>>>,
}

impl Elsewhere {
    /// Opens on a free port.
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let asked: Arc<Mutex<HashMap<String, usize>>> = Arc::default();
        let counts = asked.clone();
        tokio::spawn(async move {
            while let Ok((visitor, _)) = listener.accept().await {
                tokio::spawn(answer(visitor, counts.clone()));
            }
        });
        Elsewhere { port, asked }
    }

    /// How often a path was asked for.
    pub fn asked(&self, path: &str) -> usize {
        self.asked.lock().expect("nobody panics with it").get(path).copied().unwrap_or(0)
    }

    /// How many requests there were.
    pub fn requests(&self) -> usize {
        self.asked.lock().expect("nobody panics with it").values().sum()
    }
}

/// Answers one request and hangs up.
async fn answer(visitor: TcpStream, asked: Arc<Mutex<HashMap<String, usize>>>) {
    let mut visitor = BufReader::new(visitor);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if visitor.read_line(&mut head).await.is_ok_and(|read| read > 0) {
            continue;
        }
        return;
    }
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let (status, body) = file(&path);
    *asked.lock().expect("nobody panics with it").entry(path).or_default() += 1;
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status}\r\nlocation: /a.png\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
    // Whoever has heard enough hangs up.
    let _ = visitor.write_all(head.as_bytes()).await;
    let _ = visitor.write_all(&body).await;
}

fn file(path: &str) -> (&'static str, Vec<u8>) {
    match path {
        "/a.png" | "/a-again.png" => ("200 OK", PNG.to_vec()),
        "/b.gif" => ("200 OK", GIF.to_vec()),
        "/drawing.svg" => ("200 OK", b"<svg></svg>".to_vec()),
        "/page.png" => ("200 OK", b"<html></html>".to_vec()),
        "/large.png" => ("200 OK", [PNG, &vec![b'.'; 6 << 20]].concat()),
        "/moved.png" => ("302 Found", vec![]),
        _ => ("404 Not Found", vec![]),
    }
}
