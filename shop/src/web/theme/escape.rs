//! How values are written into a page. The engine's own way also turns every slash into `&#x2f;`, which guards against
//! nothing here and fills a page of links with them.

use std::fmt::{self, Write};

use minijinja::value::{Value, ValueKind};
use minijinja::{AutoEscape, Error, Output, State, escape_formatter};

/// Writes a value; in HTML escaped, unless it is known to be safe.
pub fn formatter(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if !value.is_safe() && matches!(state.auto_escape(), AutoEscape::Html) => {
            write_html(out, text).map_err(Error::from)
        }
        _ => escape_formatter(out, state, value),
    }
}

/// `{{ text|e }}`: the same, as a value that is safe.
pub fn filter(value: Value) -> Result<Value, Error> {
    if value.is_safe() || value.kind() == ValueKind::Undefined {
        return Ok(value);
    }
    let mut escaped = String::new();
    write_html(&mut escaped, &value.to_string())?;
    Ok(Value::from_safe_string(escaped))
}

fn write_html(out: &mut impl Write, text: &str) -> fmt::Result {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        out.write_str(&rest[..at])?;
        out.write_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        })?;
        rest = &rest[at + 1..];
    }
    out.write_str(rest)
}

#[cfg(test)]
mod tests {
    use minijinja::{Environment, context};

    #[test]
    fn what_could_end_a_text_or_an_attribute_is_escaped_and_nothing_else() {
        let mut environment = Environment::new();
        environment.set_formatter(super::formatter);
        environment.add_filter("e", super::filter);
        let render = |template: &str| {
            let context = context! { text => "/c/a?b='1'&d=\"<é>\"", number => 5 };
            environment.render_named_str("x.html", template, context).expect("renders")
        };
        let escaped = "/c/a?b=&#39;1&#39;&amp;d=&quot;&lt;é&gt;&quot;";
        assert_eq!(render("{{ text }}"), escaped);
        assert_eq!(render("{{ text|e }}"), escaped);
        assert_eq!(render("{{ text|safe }}{{ number }}"), "/c/a?b='1'&d=\"<é>\"5");
    }
}
