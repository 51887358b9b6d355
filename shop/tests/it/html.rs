//! Reads pages as a browser without scripts does: their words, their links, and their forms with what is filled in.

/// A tag and what stands in it.
#[derive(Debug)]
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
    /// Where it ends in the page.
    end: usize,
    /// Where it begins.
    start: usize,
}

impl Tag {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn has(&self, name: &str) -> bool {
        self.attribute(name).is_some()
    }
}

/// A form as it stands in a page.
#[derive(Clone, Debug)]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    /// What is filled in, in order.
    pub fields: Vec<(String, String)>,
    /// Its buttons that have a name.
    buttons: Vec<(String, String)>,
    /// Boxes and choices that are not taken.
    choices: Vec<(String, String)>,
}

impl Form {
    /// A form that no page offered.
    pub fn to(action: &str, fields: Vec<(String, String)>) -> Self {
        Form { action: action.to_owned(), fields, buttons: vec![], choices: vec![] }
    }

    /// Fills a field in, or chooses one of several.
    pub fn set(mut self, name: &str, value: &str) -> Self {
        let offered = |list: &[(String, String)]| list.iter().any(|(known, _)| known == name);
        assert!(offered(&self.fields) || offered(&self.choices), "no field {name} in {self:#?}");
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.into(), value.into()));
        self
    }

    /// Presses a button that has a name.
    pub fn press(mut self, name: &str, value: &str) -> Self {
        let there = self.buttons.iter().any(|(known, offered)| known == name && offered == value);
        assert!(there, "no button {name}={value} in {self:#?}");
        self.fields.push((name.into(), value.into()));
        self
    }

    /// What is filled in under a name.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The forms of a page.
pub fn forms(page: &str) -> Vec<Form> {
    let tags = tags(page);
    let mut forms: Vec<Form> = vec![];
    let mut open = false;
    let mut select: Option<(String, Option<String>, bool)> = None;
    for (index, tag) in tags.iter().enumerate() {
        match tag.name.as_str() {
            "form" => {
                let action = tag.attribute("action").unwrap_or_default().to_owned();
                forms.push(Form { action, fields: vec![], buttons: vec![], choices: vec![] });
                open = true;
            }
            "/form" => open = false,
            _ if !open => {}
            "select" => select = tag.attribute("name").map(|name| (name.to_owned(), None, false)),
            "option" => {
                let Some((_, value, chosen)) = &mut select else { continue };
                let written = page[tag.end..].split('<').next().unwrap_or_default().trim();
                let own = tag.attribute("value").map_or_else(|| unescape(written), str::to_owned);
                // A browser shows the first one where none is marked.
                if tag.has("selected") || (value.is_none() && !*chosen) {
                    (*value, *chosen) = (Some(own), tag.has("selected"));
                }
            }
            "/select" => {
                let form = forms.last_mut().expect("a form is open");
                if let Some((name, Some(value), _)) = select.take() {
                    form.fields.push((name, value));
                }
            }
            "textarea" => {
                let form = forms.last_mut().expect("a form is open");
                let end = tags.get(index + 1).map_or(page.len(), |next| next.start);
                let name = tag.attribute("name").unwrap_or_default();
                form.fields.push((name.to_owned(), unescape(&page[tag.end..end])));
            }
            "input" | "button" => take(forms.last_mut().expect("a form is open"), tag),
            _ => {}
        }
    }
    forms
}

fn take(form: &mut Form, tag: &Tag) {
    let Some(name) = tag.attribute("name") else { return };
    let value = tag.attribute("value");
    let kind = tag.attribute("type").unwrap_or(if tag.name == "button" { "submit" } else { "text" });
    let pair = |value: &str| (name.to_owned(), value.to_owned());
    match kind {
        _ if tag.has("disabled") => {}
        "submit" | "button" | "image" => form.buttons.push(pair(value.unwrap_or_default())),
        "checkbox" | "radio" if tag.has("checked") => form.fields.push(pair(value.unwrap_or("on"))),
        "checkbox" | "radio" => form.choices.push(pair(value.unwrap_or("on"))),
        _ => form.fields.push(pair(value.unwrap_or_default())),
    }
}

/// Where the links of a page lead.
pub fn links(page: &str) -> Vec<String> {
    let tags = tags(page);
    tags.iter().filter(|tag| tag.name == "a").filter_map(|tag| tag.attribute("href").map(str::to_owned)).collect()
}

/// The words of a page, one space between them.
pub fn words(page: &str) -> String {
    let (mut text, mut from, mut hidden) = (String::new(), 0, 0);
    for tag in tags(page) {
        if hidden == 0 {
            text.push_str(&page[from..tag.start]);
            text.push(' ');
        }
        match tag.name.as_str() {
            "script" | "style" => hidden += 1,
            "/script" | "/style" => hidden -= 1,
            _ => {}
        }
        from = tag.end;
    }
    text.push_str(&page[from..]);
    unescape(&text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every tag of a page, in order; what stands in scripts is not looked at.
fn tags(page: &str) -> Vec<Tag> {
    let (mut found, mut at) = (vec![], 0);
    while let Some(start) = page[at..].find('<').map(|offset| at + offset) {
        if page[start..].starts_with("<!") {
            let mark = if page[start..].starts_with("<!--") { "-->" } else { ">" };
            at = page[start..].find(mark).map_or(page.len(), |offset| start + offset + mark.len());
            found.push(Tag { name: "!".into(), attributes: vec![], start, end: at });
            continue;
        }
        let tag = tag(page, start);
        at = tag.end;
        if tag.name == "script" {
            at = page[at..].find("</script").map_or(page.len(), |offset| at + offset);
        }
        found.push(tag);
    }
    found
}

fn tag(page: &str, start: usize) -> Tag {
    let is_end = |c: char| c.is_whitespace() || c == '>';
    let head = &page[start + 1..];
    let name = head[..head.find(is_end).unwrap_or(head.len())].trim_end_matches('/').to_lowercase();
    let mut at = start + 1 + head.find(is_end).unwrap_or(head.len());
    let mut attributes = vec![];
    loop {
        at += page[at..].len() - page[at..].trim_start_matches(|c: char| c.is_whitespace() || c == '/').len();
        let rest = &page[at..];
        if rest.is_empty() || rest.starts_with('>') {
            return Tag { name, attributes, start, end: (at + 1).min(page.len()) };
        }
        let length = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>')).unwrap_or(rest.len());
        let attribute = rest[..length].to_lowercase();
        at += length.max(1);
        let value = match page[at..].strip_prefix('=') {
            None => String::new(),
            Some(value) => {
                let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
                let inside = &value[quote.map_or(0, char::len_utf8)..];
                let end = inside.find(|c| quote.map_or(is_end(c), |quote| c == quote)).unwrap_or(inside.len());
                at += 1 + end + 2 * quote.map_or(0, char::len_utf8);
                unescape(&inside[..end])
            }
        };
        attributes.push((attribute, value));
    }
}

/// Text without character references.
pub fn unescape(text: &str) -> String {
    let (mut plain, mut rest) = (String::new(), text);
    while let Some(start) = rest.find('&') {
        plain.push_str(&rest[..start]);
        rest = &rest[start..];
        let known = rest[1..].split_once(';').and_then(|(name, after)| Some((character(name)?, after)));
        let (letter, after) = known.unwrap_or(('&', &rest[1..]));
        plain.push(letter);
        rest = after;
    }
    plain + rest
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = number
                .strip_prefix(['x', 'X'])
                .map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok());
            char::from_u32(code?)
        }
    }
}

/// The body of a mail without quoted-printable.
pub fn unescape_mail(body: &str) -> String {
    let joined = body.replace("=\n", "");
    let (mut bytes, mut rest) = (vec![], joined.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        let escaped = (*first == b'=' && after.len() >= 2)
            .then(|| u8::from_str_radix(std::str::from_utf8(&after[..2]).ok()?, 16).ok())
            .flatten();
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_a_browser_would_send_it() {
        let page = r#"<form action=/nowhere></form><p>Hello &amp; <!-- <form> --> bye</p>
            <form method="post" action="/cart&#x2f;items"><input type="hidden" name="a" value="1 &quot;2&quot;">
            <input name=b><input type="radio" name="c" value="x"><input type="radio" name="c" value="y" checked>
            <input type="checkbox" name="d"><select name="e"><option value="1">one<option selected>two</select>
            <button name="f" value="g">Go</button><button>Or</button></form>"#;
        let form = forms(page).remove(1).press("f", "g").set("d", "on");
        assert_eq!(form.action, "/cart/items");
        let sent: Vec<String> = form.fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(sent, ["a=1 \"2\"", "b=", "c=y", "e=two", "f=g", "d=on"]);
        assert_eq!(words("<p>Hello &amp; <!-- <form> --> bye</p><script>if (1<2) x()</script>!"), "Hello & bye !");
    }
}
