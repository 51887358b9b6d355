//! An answer that is kept: its bodies, and how it is known whether it is still right.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use chrono::NaiveDate;
use http_body_util::BodyExt;

use super::Shown;
use super::encoding::{Encoding, WORTH_PACKING, matching_mark};
use crate::app::App;
use crate::catalog::{Catalog, Part};
use crate::settings::ShopSettings;
use crate::web::middleware::REQUEST_ID;

/// What an entry takes beside its bodies, in bytes: its heads and its place.
const OVERHEAD: usize = 2_048;

/// What the shop is like at a moment. It is taken before a page is made, so that a change that comes while it is being
/// made is seen by whoever looks later.
pub struct Moment {
    catalog: Arc<Catalog>,
    settings: Arc<ShopSettings>,
    day: NaiveDate,
}

impl Moment {
    /// What the shop is like now.
    pub fn of(app: &App) -> Self {
        Self { catalog: app.catalog.load_full(), settings: app.shop.load_full(), day: app.clock.now().date_naive() }
    }
}

/// A body as it goes out, with its head.
#[derive(Clone, Debug)]
struct Copy {
    encoding: Encoding,
    headers: HeaderMap,
    body: Bytes,
}

/// An answer that is kept.
#[derive(Debug)]
pub struct Entry {
    mark: String,
    /// As it is, then as it was packed for those who asked.
    copies: Vec<Copy>,
    /// The snapshot in which each part of it was last changed.
    versions: Box<[(Part, u64)]>,
    settings: Arc<ShopSettings>,
    /// Pages say when something arrives that is ordered today.
    day: NaiveDate,
    /// The last snapshot in which it was found to be right.
    right_in: AtomicU64,
}

/// What becomes of an answer: it can be kept, or goes out as it is.
pub enum Kept {
    /// It can be kept, if the catalog it was made of is that of the moment before.
    Entry(Box<Entry>, bool),
    /// It is somebody's own, an error, or says nothing of what it shows.
    Not(Response),
}

impl Entry {
    /// Takes an answer apart.
    pub async fn of(response: Response, before: Moment) -> Kept {
        let headers = response.headers();
        let mark = headers.get(ETAG).and_then(|mark| mark.to_str().ok());
        let mark = mark.and_then(|mark| mark.strip_prefix('"')?.strip_suffix('"')).map(str::to_owned);
        let shown = response.extensions().get::<Shown>().cloned();
        let (Some(mark), Some(shown), StatusCode::OK, false) =
            (mark, shown, response.status(), headers.contains_key(SET_COOKIE))
        else {
            return Kept::Not(response);
        };
        let (head, body) = response.into_parts();
        let mut headers = head.headers;
        // Each answer has its own, and the server counts the bytes itself.
        headers.remove(REQUEST_ID);
        headers.remove(CONTENT_LENGTH);
        let Ok(body) = body.collect().await else {
            return Kept::Not(status(StatusCode::INTERNAL_SERVER_ERROR));
        };
        let versions = shown.versions(&before.catalog);
        let is_whole = versions.is_some();
        let entry = Self {
            mark,
            copies: vec![Copy { encoding: Encoding::Identity, headers, body: body.to_bytes() }],
            versions: versions.unwrap_or_default(),
            right_in: AtomicU64::new(before.catalog.snapshot()),
            settings: before.settings,
            day: before.day,
        };
        Kept::Entry(Box::new(entry), is_whole)
    }

    /// Whether it is what the page would be now.
    pub fn is_right(&self, app: &App) -> bool {
        if !Arc::ptr_eq(&self.settings, &app.shop.load()) || self.day != app.clock.now().date_naive() {
            return false;
        }
        let catalog = app.catalog.load();
        if self.right_in.load(Ordering::Relaxed) == catalog.snapshot() {
            return true;
        }
        let is_right = self.versions.iter().all(|(part, version)| catalog.version(*part) == Some(*version));
        if is_right {
            self.right_in.store(catalog.snapshot(), Ordering::Relaxed);
        }
        is_right
    }

    /// What it takes in memory, in bytes.
    pub fn weight(&self) -> usize {
        let copies: usize = self.copies.iter().map(|copy| copy.body.len() + OVERHEAD).sum();
        copies + size_of_val(&*self.versions)
    }

    /// How the caller would like it best, where it is worth being packed so and was not yet.
    pub fn wanted(&self, request: &HeaderMap) -> Option<Encoding> {
        let wanted = Encoding::taken(request).next().filter(|_| self.plain().len() >= WORTH_PACKING)?;
        self.copy(wanted).is_none().then_some(wanted)
    }

    /// The same with a body packed in another way too; `None` where packing fails or does not make it smaller.
    pub fn with(&self, encoding: Encoding) -> Option<Self> {
        let body = encoding.pack(self.plain()).ok().filter(|body| body.len() < self.plain().len())?;
        let mut headers = self.copies.first()?.headers.clone();
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
        headers.insert(ETAG, HeaderValue::from_str(&format!("\"{}{}\"", self.mark, encoding.suffix())).ok()?);
        let copies = self.copies.iter().cloned().chain([Copy { encoding, headers, body }]).collect();
        Some(Self {
            mark: self.mark.clone(),
            copies,
            versions: self.versions.clone(),
            settings: self.settings.clone(),
            day: self.day,
            right_in: AtomicU64::new(self.right_in.load(Ordering::Relaxed)),
        })
    }

    /// The answer to a request: 304 when the caller has it, else the body packed as the caller likes it best among those
    /// that are there.
    pub fn answer(&self, request: &HeaderMap) -> Response {
        let copy = Encoding::taken(request).find_map(|encoding| self.copy(encoding)).or(self.copies.first());
        let Some(copy) = copy else { return status(StatusCode::INTERNAL_SERVER_ERROR) };
        let mut response = Response::new(Body::empty());
        *response.headers_mut() = copy.headers.clone();
        if let Some(mark) = matching_mark(request, &self.mark).and_then(|mark| HeaderValue::from_str(&mark).ok()) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response.headers_mut().remove(CONTENT_TYPE);
            response.headers_mut().remove(CONTENT_ENCODING);
            response.headers_mut().insert(ETAG, mark);
        } else {
            *response.body_mut() = Body::from(copy.body.clone());
        }
        response
    }

    fn copy(&self, encoding: Encoding) -> Option<&Copy> {
        self.copies.iter().find(|copy| copy.encoding == encoding)
    }

    fn plain(&self) -> &Bytes {
        static NOTHING: Bytes = Bytes::new();
        self.copies.first().map_or(&NOTHING, |copy| &copy.body)
    }
}

fn status(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
