//! The texts of the theme, in Fluent. The folder's file is laid over the built-in one, text by text.

use std::collections::HashMap;
use std::fmt;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use minijinja::ErrorKind;
use minijinja::value::{Kwargs, Value};
use unic_langid::langid;

use super::source::Source;
use crate::error::{Error, Result};

/// The file of the one language there is.
const FILE: &str = "locales/en.ftl";

/// The texts of one language.
pub struct Texts {
    bundle: FluentBundle<FluentResource>,
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Texts({FILE})")
    }
}

impl Texts {
    /// Reads the texts, or says what is wrong in which file.
    pub fn load(source: &Source) -> Result<Self> {
        let mut bundle = FluentBundle::new_concurrent(vec![langid!("en")]);
        // Marks around values are for mixed directions of writing; copied text and tests are better without.
        bundle.set_use_isolating(false);
        let built_in = source.built_in_file(FILE).unwrap_or_default().into_owned();
        for text in [Some(built_in), source.own_file(FILE)].into_iter().flatten() {
            let text = String::from_utf8(text).map_err(|_| Error::Internal(format!("{FILE} is not UTF-8")))?;
            let resource = FluentResource::try_new(text).map_err(|(_, problems)| {
                let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
                Error::Internal(format!("{FILE}: {}", problems.join("; ")))
            })?;
            bundle.add_resource_overriding(resource);
        }
        Ok(Self { bundle })
    }

    /// Whether there is a text of this name.
    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }

    /// A text with its values, or what is wrong with it.
    pub fn format(&self, key: &str, values: &HashMap<&str, FluentValue<'_>>) -> Result<String, String> {
        let pattern = self.bundle.get_message(key).and_then(|message| message.value());
        let pattern = pattern.ok_or_else(|| format!("the theme has no text {key:?}"))?;
        let arguments: FluentArgs = values.iter().map(|(name, value)| (*name, value.clone())).collect();
        let mut problems = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&arguments), &mut problems).into_owned();
        match problems.first() {
            None => Ok(text),
            Some(problem) => Err(format!("the text {key:?}: {problem}")),
        }
    }

    /// `t("key", name=value)` of a template. A text that is missing stops a page while the theme is being made; in
    /// production its key is shown rather than no page.
    pub fn call(&self, key: &str, values: &Kwargs) -> Result<String, minijinja::Error> {
        let mut arguments = HashMap::new();
        for name in values.args() {
            arguments.insert(name, fluent_value(&values.get::<Value>(name)?));
        }
        match self.format(key, &arguments) {
            Ok(text) => Ok(text),
            Err(problem) if cfg!(debug_assertions) => Err(minijinja::Error::new(ErrorKind::InvalidOperation, problem)),
            Err(_) => Ok(key.to_owned()),
        }
    }
}

/// Whole numbers choose plural forms; everything else is text.
fn fluent_value(value: &Value) -> FluentValue<'static> {
    match value.as_i64().filter(|_| value.is_integer()) {
        Some(number) => FluentValue::from(number),
        None => FluentValue::from(value.to_string()),
    }
}
