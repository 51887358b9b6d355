//! A visitor whose browser keeps cookies and follows redirects, but runs no scripts.

use reqwest::Client;
use reqwest::header::{CONTENT_TYPE, HeaderMap};

use crate::buyer::client;
use crate::html::{self, Form};

/// A visitor with a browser without scripts.
pub struct Visitor {
    browser: Client,
    url: String,
}

/// A page as it was shown.
#[derive(Debug)]
pub struct Page {
    /// The HTTP status.
    pub status: u16,
    /// Path and query of where the visitor is.
    pub path: String,
    /// The head of the answer.
    pub headers: HeaderMap,
    /// The page itself.
    pub html: String,
}

impl Page {
    /// The form that is sent to a path and has all these fields.
    #[track_caller]
    pub fn form(&self, action: &str) -> Form {
        let mut forms = self.forms(action);
        assert!(!forms.is_empty(), "no form to {action} on {}:\n{}", self.path, self.html);
        forms.remove(0)
    }

    /// Every form that is sent to a path.
    pub fn forms(&self, action: &str) -> Vec<Form> {
        html::forms(&self.html).into_iter().filter(|form| form.action == action).collect()
    }

    /// The page's words.
    pub fn words(&self) -> String {
        html::words(&self.html)
    }

    /// The page, which has to say this.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        let words = self.words();
        assert!(words.contains(text), "{} does not say {text:?} but:\n{words}", self.path);
        self
    }

    /// The page, which has to have a status.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}:\n{}", self.path, self.words());
        self
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// How many statements it took, as staff are told.
    #[track_caller]
    pub fn statements(&self) -> u64 {
        let cost = self.header("server-timing");
        let told = cost.split("desc=\"").nth(1).and_then(|rest| rest.split(' ').next()?.parse().ok());
        told.unwrap_or_else(|| panic!("no statements are told: {cost:?}"))
    }

    /// The first link whose address begins so.
    #[track_caller]
    pub fn link(&self, start: &str) -> String {
        let links = html::links(&self.html);
        let found = links.iter().find(|link| link.starts_with(start));
        found.unwrap_or_else(|| panic!("no link to {start} on {}: {links:?}", self.path)).clone()
    }
}

impl Visitor {
    /// A visitor at the door of a shop.
    pub fn new(url: &str) -> Self {
        let browser = client().cookie_store(true).build().expect("a client without files");
        Visitor { browser, url: url.to_owned() }
    }

    /// The same visitor with the token of a member of staff.
    pub fn with_bearer(self, token: &str) -> Self {
        let bearer = format!("Bearer {token}").parse().expect("a token is plain");
        let headers = HeaderMap::from_iter([(reqwest::header::AUTHORIZATION, bearer)]);
        let browser = client().cookie_store(true).default_headers(headers).build().expect("a client without files");
        Visitor { browser, ..self }
    }

    /// Opens a page of the shop.
    pub async fn open(&self, path: &str) -> Page {
        self.page(self.browser.get(self.address(path))).await
    }

    /// Sends a form as a browser does.
    pub async fn send(&self, form: &Form) -> Page {
        // Browsers tell where the page came from; the shop refuses forms of others.
        let request = self.browser.post(self.address(&form.action)).header("origin", &self.url);
        self.page(request.header("sec-fetch-site", "same-origin").form(&form.fields)).await
    }

    /// Sends a form in parts, with a file chosen in one of its fields.
    pub async fn send_with_file(&self, form: &Form, field: &str, name: &str, bytes: Vec<u8>) -> Page {
        let mut body = Vec::new();
        for (name, value) in &form.fields {
            let head = format!("--oxcart-part\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
            body.extend([head.as_bytes(), value.as_bytes(), b"\r\n"].concat());
        }
        let file = format!("name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: image/png\r\n\r\n");
        body.extend(format!("--oxcart-part\r\nContent-Disposition: form-data; {file}").into_bytes());
        body.extend([bytes.as_slice(), b"\r\n--oxcart-part--\r\n"].concat());
        let request = self.browser.post(self.address(&form.action)).body(body);
        self.page(request.header(CONTENT_TYPE, "multipart/form-data; boundary=oxcart-part")).await
    }

    /// Sends fields that no page offered.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.page(self.browser.post(self.address(path)).form(fields)).await
    }

    fn address(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.url) }
    }

    async fn page(&self, request: reqwest::RequestBuilder) -> Page {
        let response = request.send().await.expect("the shop answers");
        let url = response.url();
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let (status, path) = (response.status().as_u16(), format!("{}{query}", url.path()));
        let headers = response.headers().clone();
        let html = response.text().await.expect("the page arrives whole");
        Page { status, path, headers, html }
    }
}
