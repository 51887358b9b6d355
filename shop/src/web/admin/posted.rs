//! A form as a page of the admin sends it: texts, ticks and files, whichever way the browser packs them.

use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use percent_encoding::percent_decode_str;

use super::errors::AdminError;
use crate::error::{Error, Result};

/// More fields than the largest product has.
const MOST_FIELDS: usize = 60_000;

/// The fields of a form, in the order of the page, and the files that came with it.
#[derive(Clone, Debug, Default)]
pub struct Posted {
    /// Name and value.
    pub fields: Vec<(String, String)>,
    /// Files that were chosen.
    pub files: Vec<PostedFile>,
}

/// A file of a form.
#[derive(Clone, Debug)]
pub struct PostedFile {
    /// The field it was chosen in.
    pub field: String,
    /// What it is called on the other side; proves nothing.
    pub name: String,
    /// What is in it.
    pub bytes: Bytes,
}

impl Posted {
    /// What was typed into a field; empty when it is not there.
    pub fn text(&self, name: &str) -> &str {
        self.fields.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value)
    }

    /// Everything that was sent under a name.
    pub fn all<'p>(&'p self, name: &'p str) -> impl Iterator<Item = &'p str> {
        self.fields.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    fn add(&mut self, name: String, value: String) -> Result<()> {
        if self.fields.len() >= MOST_FIELDS {
            return Err(Error::Malformed(format!("A form has at most {MOST_FIELDS} fields.")));
        }
        if value.contains('\0') || name.contains('\0') {
            return Err(no_text());
        }
        self.fields.push((name, value));
        Ok(())
    }
}

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = AdminError;

    async fn from_request(request: Request, state: &S) -> Result<Self, AdminError> {
        let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if media_type.starts_with("multipart/form-data") {
            let parts = Multipart::from_request(request, state).await;
            return Ok(of_parts(parts.map_err(|_| not_whole())?).await?);
        }
        let is_form = media_type.starts_with("application/x-www-form-urlencoded");
        let body = Bytes::from_request(request, state).await.map_err(|_| not_whole())?;
        if !is_form {
            return Err(Error::Malformed("This is not a form.".into()).into());
        }
        Ok(of_pairs(&body)?)
    }
}

fn of_pairs(body: &[u8]) -> Result<Posted> {
    let body = std::str::from_utf8(body).map_err(|_| no_text())?;
    let mut posted = Posted::default();
    for pair in body.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        posted.add(decode(name)?, decode(value)?)?;
    }
    Ok(posted)
}

fn decode(part: &str) -> Result<String> {
    let spaced = part.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().map(Into::into).map_err(|_| no_text())
}

async fn of_parts(mut parts: Multipart) -> Result<Posted> {
    let mut posted = Posted::default();
    while let Some(part) = parts.next_field().await.map_err(|_| not_whole())? {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(|_| not_whole())?;
        match file {
            // A field for files where none was chosen sends an empty one without a name.
            Some(file) if file.is_empty() && bytes.is_empty() => {}
            Some(file) => posted.files.push(PostedFile { field: name, name: file, bytes }),
            None => posted.add(name, String::from_utf8(bytes.to_vec()).map_err(|_| no_text())?)?,
        }
    }
    Ok(posted)
}

fn no_text() -> Error {
    Error::Malformed("The form has something in it that is not text.".into())
}

fn not_whole() -> Error {
    Error::Malformed("The form did not arrive whole.".into())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    async fn read(media_type: &str, body: &'static [u8]) -> Result<Posted, AdminError> {
        let request = Request::builder().header(CONTENT_TYPE, media_type).body(Body::from(body));
        Posted::from_request(request.expect("a request"), &()).await
    }

    #[tokio::test]
    async fn both_ways_of_packing_give_the_same_fields() {
        let plain = read("application/x-www-form-urlencoded", b"name=Apron+%26+co&tag=a&tag=b%0D%0Ac&").await;
        let parts = b"--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nApron & co\r\n\
            --x\r\nContent-Disposition: form-data; name=\"tag\"\r\n\r\na\r\n\
            --x\r\nContent-Disposition: form-data; name=\"tag\"\r\n\r\nb\r\nc\r\n\
            --x\r\nContent-Disposition: form-data; name=\"none\"; filename=\"\"\r\n\r\n\r\n\
            --x\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\n\r\n\x89PNG\r\n--x--\r\n";
        let multipart = read("multipart/form-data; boundary=x", parts).await.expect("is a form");
        assert_eq!(plain.expect("is a form").fields, multipart.fields);
        assert_eq!(multipart.all("tag").collect::<Vec<_>>(), ["a", "b\r\nc"]);
        assert_eq!((multipart.files.len(), &multipart.files[0].bytes[..]), (1, &b"\x89PNG"[..]));
    }

    #[tokio::test]
    async fn what_is_no_form_is_refused() {
        for (media_type, body) in [
            ("application/json", &b"{}"[..]),
            ("application/x-www-form-urlencoded", b"a=%FF"),
            ("application/x-www-form-urlencoded", b"a=%00"),
            ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ncut"),
        ] {
            assert!(read(media_type, body).await.is_err(), "{media_type}");
        }
    }
}
