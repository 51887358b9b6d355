//! A form of settings as texts: what a section shows, what was typed, and rows that come and go.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::web::admin::posted::Posted;

/// The mark of a part that holds nothing: the start of the digest of nothing.
const NOTHING: &str = "e3b0c44298fc1c149a";

/// The fields of a section by their path, such as `tax.rates[0].country`, with what is or was typed into them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values(BTreeMap<String, String>);

impl Values {
    /// What a form sent. Line ends are as the database keeps them.
    pub fn sent(form: &Posted, prefixes: &[&str]) -> Self {
        let ours = |name: &str| prefixes.iter().any(|prefix| name == *prefix || is_under(name, prefix));
        let fields = form.fields.iter().filter(|(name, _)| ours(name));
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

    /// What tells later which parts of it have changed: the fields, and a list of rows as one.
    pub fn marks(&self, list: Option<&str>) -> Marks {
        let mut digests: BTreeMap<String, Sha256> = BTreeMap::new();
        for (name, value) in &self.0 {
            let row = list.filter(|list| index_of(name, list).is_some());
            let digest = digests.entry(row.unwrap_or(name).to_owned()).or_default();
            if !value.trim().is_empty() {
                digest.update((name.len() as u64).to_be_bytes());
                digest.update(name);
                digest.update((value.trim().len() as u64).to_be_bytes());
                digest.update(value.trim());
            }
        }
        let short = |digest: Sha256| digest.finalize().iter().take(9).map(|byte| format!("{byte:02x}")).collect();
        Marks(digests.into_iter().map(|(name, digest)| (name, short(digest))).collect())
    }

    /// Takes one part from another form: a field, or all rows of a list.
    pub fn take(&mut self, part: &str, from: &Values) {
        let is_part = |name: &str| name == part || index_of(name, part).is_some();
        self.0.retain(|name, _| !is_part(name));
        let theirs = from.0.iter().filter(|(name, _)| is_part(name));
        self.0.extend(theirs.map(|(name, value)| (name.clone(), value.clone())));
    }

    /// The fields of some parts that say something else in another form: name, there, here.
    pub fn differences(&self, there: &Values, parts: &[String]) -> Vec<(String, String, String)> {
        let is_of = |name: &String| parts.iter().any(|part| name == part || index_of(name, part).is_some());
        let mut names: Vec<&String> = self.0.keys().chain(there.0.keys()).filter(|name| is_of(name)).collect();
        names.sort();
        names.dedup();
        let differs = names.into_iter().filter(|name| self.get(name) != there.get(name));
        differs.map(|name| (name.clone(), there.get(name).to_owned(), self.get(name).to_owned())).collect()
    }
}

/// What a form was like, part by part, in as many signs as it takes to tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks(BTreeMap<String, String>);

impl Marks {
    /// As a form carries them.
    pub fn written(&self) -> String {
        let parts = self.0.iter().map(|(name, mark)| format!("{name}={mark}"));
        parts.collect::<Vec<_>>().join(" ")
    }

    /// As a form sent them.
    pub fn read(text: &str) -> Self {
        let parts = text.split(' ').filter_map(|part| part.split_once('='));
        Self(parts.map(|(name, mark)| (name.to_owned(), mark.to_owned())).collect())
    }

    /// The mark of a part; what is not there is empty.
    fn of(&self, part: &str) -> &str {
        self.0.get(part).map_or(NOTHING, String::as_str)
    }

    /// The parts that only the second has changed since the first, and those that both have.
    pub fn changes(was: &Marks, now: &Marks, yours: &Marks) -> (Vec<String>, Vec<String>) {
        let mut parts: Vec<&String> = was.0.keys().chain(now.0.keys()).chain(yours.0.keys()).collect();
        parts.sort();
        parts.dedup();
        let theirs = parts.into_iter().filter(|part| now.of(part) != was.of(part) && now.of(part) != yours.of(part));
        let (both, theirs) = theirs.cloned().partition(|part| yours.of(part) != was.of(part));
        (theirs, both)
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

    fn values(fields: &[(&str, &str)]) -> Values {
        let mut values = Values::default();
        for (name, value) in fields {
            values.set(*name, *value);
        }
        values
    }

    #[test]
    fn two_who_change_different_fields_are_both_heard_and_the_same_field_is_asked_about() {
        let marks = |fields: &[(&str, &str)]| values(fields).marks(Some("tax.rates"));
        let was = marks(&[("name", "Shop"), ("notice", ""), ("tax.rates[0].rate", "21")]);
        let read = Marks::read(&was.written());
        assert_eq!(read, was);
        let now = marks(&[("name", "Shop"), ("notice", "Closed"), ("tax.rates[0].rate", "20")]);
        let yours = marks(&[("name", "Store"), ("tax.rates[0].rate", "21"), ("tax.rates[1].rate", "9")]);
        let (theirs, both) = Marks::changes(&read, &now, &yours);
        assert_eq!((theirs, both), (vec!["notice".to_owned()], vec!["tax.rates".to_owned()]));
        let same = Marks::changes(&was, &now, &now);
        assert_eq!(same, (vec![], vec![]), "both changed it to the same");
    }

    #[test]
    fn a_part_is_taken_whole() {
        let mut yours = values(&[("name", "Store"), ("tax.rates[0].rate", "21"), ("tax.rates[1].rate", "9")]);
        let theirs = values(&[("name", "Shop"), ("tax.rates[0].rate", "20")]);
        let parts = ["tax.rates".to_owned()];
        assert_eq!(yours.differences(&theirs, &parts).len(), 2);
        yours.take("tax.rates", &theirs);
        assert_eq!(yours, values(&[("name", "Store"), ("tax.rates[0].rate", "20")]));
    }
}
