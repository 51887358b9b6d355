//! One SQL text, two engines: the schemas agree, and every statement is one that both understand.

use std::collections::BTreeMap;
use std::path::Path;

use oxcart::args;

use crate::app::{Engine, TestApp};

/// A table and its columns in the order they were made.
pub struct Table {
    /// Its name.
    pub name: String,
    columns: Vec<Column>,
}

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
struct Column {
    table_name: String,
    name: String,
    kind: String,
    required: bool,
}

impl Table {
    /// The statement that answers every row of the table as one text, in an order of its own.
    pub fn everything(&self, engine: &str) -> String {
        if engine == "postgres" {
            return format!("SELECT CAST(t AS TEXT) AS text FROM {} AS t ORDER BY 1", self.name);
        }
        let columns: Vec<String> = self.columns.iter().map(|column| format!("quote({})", column.name)).collect();
        format!("SELECT {} AS text FROM {} ORDER BY 1", columns.join(" || ' ' || "), self.name)
    }
}

/// The tables of a shop, by name.
pub async fn tables(shop: &TestApp) -> Vec<Table> {
    const SQLITE: &str = "SELECT m.name AS table_name, c.name, LOWER(c.type) AS kind, c.\"notnull\" <> 0 AS required
         FROM sqlite_master m JOIN pragma_table_info(m.name) c
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid";
    const POSTGRES: &str = "SELECT CAST(table_name AS TEXT) AS table_name, CAST(column_name AS TEXT) AS name,
             CAST(data_type AS TEXT) AS kind, is_nullable = 'NO' AS required FROM information_schema.columns
         WHERE table_schema = 'public' ORDER BY table_name, ordinal_position";
    let sql = if shop.app.db.engine() == "postgres" { POSTGRES } else { SQLITE };
    let columns: Vec<Column> = shop.query(sql, args![]).await;
    let mut tables: Vec<Table> = vec![];
    for column in columns {
        match tables.last_mut().filter(|table| table.name == column.table_name) {
            Some(table) => table.columns.push(column),
            None => tables.push(Table { name: column.table_name.clone(), columns: vec![column] }),
        }
    }
    tables
}

#[tokio::test]
async fn the_two_schemas_are_the_same() {
    let (sqlite, postgres) = (TestApp::open(Engine::Sqlite).await, TestApp::open(Engine::Postgres).await);
    let (sqlite, postgres) = (described(tables(&sqlite).await), described(tables(&postgres).await));
    assert!(sqlite.len() > 20, "{sqlite:?}");
    for (name, columns) in &sqlite {
        assert_eq!(Some(columns), postgres.get(name), "{name}");
    }
    assert_eq!(sqlite.keys().collect::<Vec<_>>(), postgres.keys().collect::<Vec<_>>());
}

fn described(tables: Vec<Table>) -> BTreeMap<String, Vec<String>> {
    let describe = |column: &Column| {
        let kind = match column.kind.as_str() {
            "timestamp with time zone" => "timestamptz",
            kind => kind,
        };
        match (column.table_name.as_str(), column.name.as_str()) {
            // Only PostgreSQL needs to know which transaction wrote an event.
            ("events", "xid") => None,
            // SQLite numbers rows by itself where a key is called just so.
            ("events", "position") => Some("position".to_owned()),
            (_, name) => Some(format!("{name} {kind}{}", if column.required { " required" } else { "" })),
        }
    };
    tables.into_iter().map(|table| (table.name, table.columns.iter().filter_map(describe).collect())).collect()
}

/// Every statement in the source is prepared on both engines, also those that no other test runs.
#[tokio::test]
async fn every_statement_is_understood_by_both_engines() {
    let statements = statements();
    assert!(statements.len() > 80, "only {} statements were found", statements.len());
    let mut refused = vec![];
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let shop = TestApp::open(engine).await;
        let foreign = if engine == Engine::Sqlite { "POSTGRES" } else { "SQLITE" };
        for (number, (place, name, sql)) in statements.iter().enumerate().filter(|(_, (_, name, _))| name != foreign) {
            let mut conn = shop.app.db.begin().await.expect("the database answers");
            let prepare = match engine {
                Engine::Sqlite => format!("EXPLAIN {sql}"),
                Engine::Postgres => format!("PREPARE s{number} AS {sql}"),
            };
            // Which type `$1 + $2` is of is known only once they are bound.
            let untyped = |error: &sqlx::Error| error.to_string().contains("operator is not unique: unknown");
            if let Err(error) = conn.script(prepare).await
                && !untyped(&error)
            {
                refused.push(format!("{place} {name} on {engine:?}: {error}\n    {sql}"));
            }
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

/// File, name and text of every statement in `shop/src/store`, those that are put together at run time made whole.
fn statements() -> Vec<(String, String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let mut files = vec![];
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the source is there").flatten() {
            let path = entry.path();
            match path.is_dir() {
                true => folders.push(path),
                false => files.push(path),
            }
        }
    }
    files.sort();
    let mut found = vec![];
    for file in files.iter().filter(|file| !file.ends_with("migrate.rs")) {
        let source = std::fs::read_to_string(file).expect("source is text");
        let code: Vec<&str> = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        let place = file.file_name().expect("a file has a name").to_string_lossy().into_owned();
        for (name, literal) in literals(&code.join("\n")) {
            found.extend(whole(&literal).map(|sql| (place.clone(), name.clone(), sql)));
        }
    }
    found
}

/// The string literals of a source file, each with the name of the constant that it follows.
fn literals(source: &str) -> Vec<(String, String)> {
    let (mut found, mut name, mut rest) = (vec![], String::new(), source);
    while let Some(start) = rest.find('"') {
        let before = &rest[..start];
        if let Some((_, after)) = before.rsplit_once("const ") {
            name = after.split(':').next().unwrap_or_default().to_owned();
        }
        // A quote that is a character is no beginning.
        if before.ends_with('\'') {
            rest = &rest[start + 1..];
            continue;
        }
        // What a query begins with is half a statement: the tests of its list run it whole.
        let half = before.trim_end().ends_with("Query::new(");
        let body = &rest[start + 1..];
        let mut end = 0;
        while !body[end..].starts_with('"') {
            end += if body[end..].starts_with('\\') { 2 } else { body[end..].chars().next().map_or(1, char::len_utf8) };
        }
        if !half {
            let text = body[..end].replace("\\\n", " ").split_whitespace().collect::<Vec<_>>().join(" ");
            found.push((name.clone(), text));
        }
        rest = &body[end + 1..];
    }
    found
}

/// A statement, completed where the text stops short of what is added at run time; nothing for other texts.
fn whole(literal: &str) -> Option<String> {
    let begins = |word: &str| literal.starts_with(&format!("{word} "));
    if !(begins("SELECT") || begins("INSERT INTO") || begins("UPDATE") || begins("DELETE FROM")) {
        return None;
    }
    if literal.contains(" {}") {
        // Tables whose names are only known then: the tests of backups run these.
        return None;
    }
    if literal.contains("v.column") {
        // Types of a list of values are only known once they are bound.
        return None;
    }
    let written = literal.trim_end_matches('(').trim_end();
    if written.ends_with(" IN") {
        return Some(format!("{written} ($1)"));
    }
    if begins("INSERT INTO") && written.ends_with(')') && !literal.contains("VALUES") && !literal.contains("SELECT") {
        let columns = written.matches(',').count() + 1;
        let values: Vec<String> = (1..=columns).map(|number| format!("${number}")).collect();
        return Some(format!("{written} VALUES ({})", values.join(", ")));
    }
    Some(literal.to_owned())
}
