//! A file that is sent piece by piece.

use std::fs::File;
use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use hyper::body::Frame;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

/// Bytes that are sent at once.
const PIECE: usize = 64 * 1024;
/// Pieces that are read ahead of the one who takes them.
const AHEAD: usize = 2;

/// Sends a file to be kept under a name of ours.
pub fn download(file: File, name: &str, media_type: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, media_type.to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, Body::new(Pieces::of(file))).into_response()
}

/// The pieces of a file, read where waiting for a disk holds nobody up.
struct Pieces(mpsc::Receiver<io::Result<Bytes>>);

impl Pieces {
    fn of(mut file: File) -> Self {
        let (to, pieces) = mpsc::channel(AHEAD);
        spawn_blocking(move || {
            loop {
                let mut piece = vec![0; PIECE];
                let read = match file.read(&mut piece) {
                    Ok(0) => return,
                    Ok(read) => Ok(Bytes::from(piece).slice(..read)),
                    Err(error) => Err(error),
                };
                let is_last = read.is_err();
                // Whoever hangs up has enough.
                if to.blocking_send(read).is_err() || is_last {
                    return;
                }
            }
        });
        Self(pieces)
    }
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.0.poll_recv(cx).map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}
