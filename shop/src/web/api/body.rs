//! Reading what callers send. What can't be read is 400; what can be read but is wrong is 422 and names the field.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use commerce::error::FieldError;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;

use super::problem::ApiError;
use crate::error::Error;

/// A JSON body.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let json = says_json(&request);
        let bytes = bytes(request, state).await?;
        if !json {
            return Err(not_json().into());
        }
        Ok(Body(parse(&bytes)?))
    }
}

/// A body that is a list of documents. What is wrong in one of them is told with its place in the list: `4.price`.
pub struct List<T>(pub Vec<T>);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for List<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let json = says_json(&request);
        let bytes = bytes(request, state).await?;
        if !json {
            return Err(not_json().into());
        }
        Ok(List(parse_list(&bytes)?))
    }
}

/// A document that has lists in it, under these names alone.
pub trait WithLists {
    /// The names of the members that are lists, wherever they are.
    const LISTS: &'static [&'static str];
}

/// A body that is one document with lists in it.
pub struct Document<T>(pub T);

impl<T: DeserializeOwned + WithLists, S: Send + Sync> FromRequest<S> for Document<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let json = says_json(&request);
        let bytes = bytes(request, state).await?;
        if !json {
            return Err(not_json().into());
        }
        Ok(Document(parse_with(&bytes, T::LISTS)?))
    }
}

/// A body that has nothing to say: none, or a document without members.
pub struct NoBody;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

impl<S: Send + Sync> FromRequest<S> for NoBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let json = says_json(&request);
        let bytes = bytes(request, state).await?;
        if bytes.is_empty() {
            return Ok(NoBody);
        }
        if !json {
            return Err(not_json().into());
        }
        let Nothing {} = parse(&bytes)?;
        Ok(NoBody)
    }
}

/// The bytes of a body, of which there are not too many: whoever let the request in has seen to that.
async fn bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Error> {
    let unreadable = |_| Error::Malformed("The body could not be read to its end.".into());
    Bytes::from_request(request, state).await.map_err(unreadable)
}

fn says_json(request: &Request) -> bool {
    request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_none_or(is_json)
}

fn not_json() -> Error {
    Error::Code("unsupported_media_type", "Send JSON with the header Content-Type: application/json.".into())
}

fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json")
}

/// Reads a document of a request: one without lists and without NULs.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    parse_with(bytes, &[])
}

/// Reads a document of a request: one without NULs, and with lists under these names alone.
fn parse_with<T: DeserializeOwned>(bytes: &[u8], lists: &[&str]) -> Result<T, Error> {
    if bytes.trim_ascii_start().starts_with(b"[") {
        let _: Vec<Value> = read(bytes)?;
        return Err(Error::field("body", "has to be an object"));
    }
    let value = read(bytes)?;
    // A NUL can only be written as an escape, and PostgreSQL can't keep one. A list would pass for a document with its
    // fields in order, so it has to stand where one is meant.
    if bytes.contains(&b'[') || bytes.windows(6).any(|six| six == b"\\u0000") {
        let document: Value = serde_json::from_slice(bytes).map_err(|error| Error::Malformed(error.to_string()))?;
        let has_nul = |value: &Value| value.as_str().is_some_and(|text| text.contains('\0'));
        if let Some(field) = first(&document, &has_nul) {
            return Err(Error::field(&field, "must not contain a NUL character"));
        }
        if let Some(field) = misplaced_list(&document, lists, "", "") {
            return Err(Error::field(&field, "must not be a list"));
        }
    }
    Ok(value)
}

/// Reads a list of documents, each of them as [`parse`] does; everything that is wrong in any of them is told.
fn parse_list<T: DeserializeOwned>(bytes: &[u8]) -> Result<Vec<T>, Error> {
    let documents: Vec<Value> = read(bytes)?;
    let mut errors = Vec::new();
    for (place, document) in documents.iter().enumerate() {
        if let Err(wrong) = read_document::<T>(document) {
            errors.push(wrong.under(&place.to_string()));
        }
    }
    match errors.is_empty() {
        // The text knows what the values have lost: a field that was given twice.
        true => read(bytes),
        false => Err(Error::Invalid(errors)),
    }
}

fn read_document<T: DeserializeOwned>(document: &Value) -> Result<T, FieldError> {
    let has_nul = |value: &Value| value.as_str().is_some_and(|text| text.contains('\0'));
    if let Some(field) = first(document, &has_nul) {
        return Err(FieldError::new(field, "must not contain a NUL character"));
    }
    if let Some(field) = first(document, &Value::is_array) {
        return Err(FieldError::new(field, "must not be a list"));
    }
    serde_path_to_error::deserialize(document).map_err(|error| {
        let path = error.path().to_string();
        match wrong_field(&path, &error.into_inner().to_string()) {
            Error::Unknown(wrong) => wrong,
            Error::Invalid(mut wrong) => wrong.swap_remove(0),
            other => FieldError::new("body", other.to_string()),
        }
    })
}

/// Reads JSON into a type, naming the field that does not fit.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    let text = std::str::from_utf8(bytes).map_err(|_| Error::Malformed("The body is not valid UTF-8.".into()))?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = serde_path_to_error::deserialize(&mut reader);
    let value = read.map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        match inner.classify() {
            Category::Data => wrong_field(&path, &inner.to_string()),
            _ => Error::Malformed(format!("The body is not valid JSON: {inner}.")),
        }
    })?;
    reader.end().map_err(|error| Error::Malformed(format!("Something follows the JSON document: {error}.")))?;
    Ok(value)
}

/// serde says `unknown field \`price\`, expected ...` under the path of the parent; people want the field itself.
fn wrong_field(path: &str, message: &str) -> Error {
    let message = message.split(" at line ").next().unwrap_or(message);
    let named = ["unknown field `", "missing field `", "duplicate field `"]
        .iter()
        .find_map(|start| message.strip_prefix(start)?.split('`').next().map(|name| (*start, name)));
    let parent = path.trim_matches('.');
    match named {
        Some((start, name)) => {
            let parent = parent.strip_suffix(name).unwrap_or(parent).trim_end_matches('.');
            let field = if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") };
            let said = match start {
                "unknown field `" => "is not a field of this document; the server decides it",
                "missing field `" => "is required",
                _ => "is given twice",
            };
            Error::field(&field, said)
        }
        None => {
            let field = if parent.is_empty() { "body" } else { parent };
            match message.starts_with("UUID parsing failed") {
                // Ids are opaque: a text that can't be one is one that names nothing.
                true => Error::unknown(field, "There is nothing under this id."),
                false => Error::field(field, said(message)),
            }
        }
    }
}

/// What a field has to be, in the words of JSON. serde names types of Rust; what our own types say stays as it is.
fn said(message: &str) -> String {
    if let Some(names) = message.strip_prefix("unknown variant ").and_then(|rest| rest.split_once(", expected ")) {
        let names = names.1.trim_start_matches("one of ").replace('`', "");
        return format!("has to be {names}");
    }
    let invalid =
        ["invalid type: ", "invalid value: ", "invalid length "].iter().any(|start| message.starts_with(start));
    let Some((_, expected)) = message.rsplit_once(", expected ").filter(|_| invalid) else {
        return message.to_owned();
    };
    let said = match expected {
        "i64" | "u64" | "i32" | "u32" | "i16" | "u16" | "u8" | "usize" => match message.starts_with("invalid value") {
            true => "is out of range",
            false => "has to be a whole number",
        },
        "a string" | "str" | "string" | "a borrowed string" => "has to be a text",
        "a boolean" => "has to be true or false",
        "a map" => "has to be an object",
        "a sequence" => "has to be a list",
        "a formatted UUID string" => "has to be an id",
        _ if expected.starts_with("struct ") => "has to be an object",
        _ => "is of another type than is expected here",
    };
    said.to_owned()
}

/// The path of the first list that stands under another name than these; `name` is that of the value itself.
fn misplaced_list(value: &Value, lists: &[&str], path: &str, name: &str) -> Option<String> {
    let at = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Array(_) if !lists.contains(&name) => Some(path.to_owned()),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(i, item)| misplaced_list(item, lists, &at(&i.to_string()), ""))
        }
        Value::Object(members) => members.iter().find_map(|(name, item)| misplaced_list(item, lists, &at(name), name)),
        _ => None,
    }
}

/// The path of the first value that a test finds; `body` for the document itself.
fn first(value: &Value, test: &impl Fn(&Value) -> bool) -> Option<String> {
    fn find(value: &Value, test: &impl Fn(&Value) -> bool, path: &str) -> Option<String> {
        if test(value) {
            return Some(path.to_owned());
        }
        let at = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        match value {
            Value::Array(items) => items.iter().enumerate().find_map(|(i, item)| find(item, test, &at(&i.to_string()))),
            Value::Object(members) => members.iter().find_map(|(name, item)| find(item, test, &at(name))),
            _ => None,
        }
    }
    find(value, test, "").map(|path| if path.is_empty() { "body".into() } else { path })
}

/// Ids in the path. One that can't be an id names nothing: 404.
pub struct Ids<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Ids<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(ids)) => Ok(Ids(ids)),
            Err(_) => Err(Error::NotFound.into()),
        }
    }
}

/// Parameters after the question mark; one that does not fit is 422 and named.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(params)) => Ok(Params(params)),
            Err(_) => Err(Error::field("query", "can't be read; give every parameter once").into()),
        }
    }
}
