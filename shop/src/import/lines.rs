//! Our own format: one JSON object a line, told apart by its `kind`.

use commerce::catalog::ProductInput;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::shopify::PROBLEM;
use super::{Entry, Item, Row, Says, Wanted};

/// Reads one line.
pub(super) fn entry(number: u64, line: &str, take: &mut dyn FnMut(Item)) {
    let mut members = match serde_json::from_str::<Map<String, Value>>(line) {
        Ok(members) => members,
        Err(error) => {
            return take(Item::Row(Row::skipped(number, "", format!("not a JSON object: {error}"))));
        }
    };
    let name =
        ["slug", "code"].iter().find_map(|key| Some(members.get(*key)?.as_str()?.to_owned())).unwrap_or_default();
    match wanted(&mut members) {
        Ok(wanted) => take(Item::Entry(Entry { line: number, wanted, says: Says::Everything })),
        Err(problem) => take(Item::Row(Row::skipped(number, &name, problem))),
    }
}

fn wanted(members: &mut Map<String, Value>) -> Result<Wanted, String> {
    let kind = members.remove("kind").unwrap_or_default();
    // A line of an error file may be mended without taking out what was wrong with it.
    members.remove(PROBLEM);
    let fields = Value::Object(std::mem::take(members));
    match kind.as_str() {
        Some("category") => typed(fields).map(Wanted::Category),
        Some("product") => typed::<ProductInput>(fields).map(Box::new).map(Wanted::Product),
        Some("coupon") => typed(fields).map(Wanted::Coupon),
        _ => Err(format!("kind is {kind}; \"category\", \"product\" or \"coupon\" is expected")),
    }
}

/// Reads the fields; an error names the one that is wrong.
fn typed<T: DeserializeOwned>(fields: Value) -> Result<T, String> {
    serde_path_to_error::deserialize(fields).map_err(|error| match error.path().to_string().as_str() {
        "." => error.inner().to_string(),
        path => format!("{path}: {}", error.inner()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> String {
        let mut said = String::new();
        entry(7, line, &mut |item| {
            said = match item {
                Item::Entry(entry) => format!("{} {:?}", entry.name(), std::mem::discriminant(&entry.wanted)),
                Item::Row(row) => row.to_string(),
            }
        });
        said
    }

    #[test]
    fn an_error_names_line_thing_and_field() {
        for (line, expected) in [
            (r#"{"kind":"category","slug":"brew","nane":"Brew"}"#, "line 7, brew skipped: nane: unknown field `nane`"),
            (r#"{"kind":"product","slug":"cup"}"#, "line 7, cup skipped: missing field `name`"),
            (r#"{"kind":"coupon","code":"A","total_limit":"x"}"#, "line 7, A skipped: total_limit: invalid type"),
            (r#"{"slug":"cup"}"#, "line 7, cup skipped: kind is null"),
            (r#"[1]"#, "line 7 skipped: not a JSON object"),
        ] {
            let said = read(line);
            assert!(said.starts_with(expected), "{line}\n  {said}");
        }
    }

    #[test]
    fn a_product_needs_a_slug_and_a_name_only() {
        assert!(read(r#"{"kind":"product","slug":"cup","name":"Cup"}"#).starts_with("cup "));
    }
}
