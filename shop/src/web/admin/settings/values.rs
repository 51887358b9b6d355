//! A form of settings as texts: what a section shows, what was typed, and rows that come and go.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::web::storefront::form::Form;

/// The fields of a section by their path, such as `tax.rates[0].country`, with what is or was typed into them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values(BTreeMap<String, String>);

impl Values {
    /// What a form sent. Line ends are as the database keeps them.
    pub fn sent(form: &Form, prefixes: &[&str]) -> Self {
        let ours = |name: &str| prefixes.iter().any(|prefix| name == *prefix || is_under(name, prefix));
        let fields = form.fields().iter().filter(|(name, _)| ours(name));
        Self(fields.map(|(name, value)| (name.clone(), value.replace("\r\n", "\n"))).collect())
    }

    /// What is in a field; empty where it is not there.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.trim())
    }

    /// The same, or `None` where nothing is in it.
    pub fn some(&self, name: &str) -> Option<String> {
        Some(self.get(name)).filter(|value| !value.is_empty()).map(str::to_owned)
    }

    /// Puts something into a field.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }

    /// Every field.
    pub fn all(&self) -> &BTreeMap<String, String> {
        &self.0
    }

    /// How many rows there are under a name.
    pub fn count(&self, list: &str) -> usize {
        self.0.keys().filter_map(|name| index_of(name, list)).map(|(index, _)| index + 1).max().unwrap_or(0)
    }

    /// The rows under a name, each with its fields by their own names.
    fn rows(&self, list: &str) -> Vec<BTreeMap<String, String>> {
        let mut rows = vec![BTreeMap::new(); self.count(list)];
        for (name, value) in &self.0 {
            if let Some((index, field)) = index_of(name, list) {
                rows[index].insert(field.to_owned(), value.clone());
            }
        }
        rows.retain(|row| !row.is_empty());
        rows
    }

    /// Changes the rows under a name: adding, removing, moving.
    pub fn edit_rows(&mut self, list: &str, edit: impl FnOnce(&mut Vec<BTreeMap<String, String>>)) {
        let mut rows = self.rows(list);
        edit(&mut rows);
        self.0.retain(|name, _| index_of(name, list).is_none());
        for (index, row) in rows.into_iter().enumerate() {
            for (field, value) in row {
                self.0.insert(format!("{list}[{index}].{field}"), value);
            }
        }
    }

    /// What tells whether anything in it has changed.
    pub fn mark(&self) -> String {
        let mut digest = Sha256::new();
        for (name, value) in self.0.iter().filter(|(_, value)| !value.trim().is_empty()) {
            digest.update((name.len() as u64).to_be_bytes());
            digest.update(name);
            digest.update((value.trim().len() as u64).to_be_bytes());
            digest.update(value.trim());
        }
        digest.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The fields that say something else in another one: name, there, here.
    pub fn differences(&self, there: &Values) -> Vec<(String, String, String)> {
        let mut names: Vec<&String> = self.0.keys().chain(there.0.keys()).collect();
        names.sort();
        names.dedup();
        let differs = names.into_iter().filter(|name| self.get(name) != there.get(name));
        differs.map(|name| (name.clone(), there.get(name).to_owned(), self.get(name).to_owned())).collect()
    }
}

fn is_under(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('.') || rest.starts_with('['))
}

/// `tax.rates[3].country` under `tax.rates`: 3 and `country`.
pub fn index_of<'a>(name: &'a str, list: &str) -> Option<(usize, &'a str)> {
    let (index, field) = name.strip_prefix(list)?.strip_prefix('[')?.split_once("].")?;
    // No form has more rows, and an index must not make room for a million.
    Some((index.parse().ok().filter(|index| *index < 1_000)?, field))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_and_go_and_close_up() {
        let mut values = Values::default();
        for (index, country) in ["NL", "BE", "DE"].iter().enumerate() {
            values.set(format!("tax.rates[{index}].country"), *country);
        }
        values.edit_rows("tax.rates", |rows| {
            rows.remove(1);
            rows.push(BTreeMap::from([("country".into(), String::new())]));
        });
        assert_eq!(values.count("tax.rates"), 3);
        assert_eq!((values.get("tax.rates[1].country"), values.get("tax.rates[2].country")), ("DE", ""));
        assert_eq!(index_of("tax.rates[9999999].country", "tax.rates"), None);
    }

    #[test]
    fn a_mark_changes_with_what_is_said_alone() {
        let mut values = Values::default();
        values.set("name", "Shop");
        let mark = values.mark();
        values.set("notice", " ");
        assert_eq!(values.mark(), mark);
        values.set("notice", "Closed");
        assert_ne!(values.mark(), mark);
    }
}
