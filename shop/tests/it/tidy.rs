//! What the house agreed on and no compiler checks. Each rule reads the files that git has or is about to have.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The most lines of logic that one file may have.
const MOST_LINES: usize = 500;

/// One file as the rules see it.
struct File {
    path: String,
    text: String,
}

impl File {
    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    fn is_test(&self) -> bool {
        self.path.contains("/tests/") || self.path.ends_with("/tests.rs")
    }

    /// The numbered lines that run, without the tests at the end.
    fn logic(&self) -> impl Iterator<Item = (usize, &str)> {
        let end = if self.is_test() { 0 } else { self.text.find("#[cfg(test)]").unwrap_or(self.text.len()) };
        let is_said = |line: &str| line.is_empty() || line.starts_with("//");
        self.text[..end]
            .lines()
            .map(str::trim)
            .zip(1..)
            .filter(move |(line, _)| !is_said(line))
            .map(|(line, n)| (n, line))
    }

    /// Every line of logic that has one of these in it.
    fn lines_with(&self, marks: &[String]) -> Vec<String> {
        let hit = |line: &str| marks.iter().any(|mark| line.contains(mark.as_str()));
        self.logic().filter(|(_, line)| hit(line)).map(|(n, line)| format!("{}:{n}: {line}", self.path)).collect()
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every text file that git has, or would have after `git add`.
fn files() -> Vec<File> {
    paths()
        .into_iter()
        .filter_map(|path| {
            let text = fs::read_to_string(root().join(&path)).ok()?;
            Some(File { path, text })
        })
        .collect()
}

fn paths() -> BTreeSet<String> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git is installed");
    assert!(listed.status.success(), "this is no checkout of the repository");
    String::from_utf8(listed.stdout).expect("paths are UTF-8").lines().map(str::to_owned).collect()
}

fn none_of(what: &str, found: Vec<String>) {
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

fn rust_with(marks: &[&str], allowed: impl Fn(&str) -> bool) -> Vec<String> {
    let marks: Vec<String> = marks.iter().map(ToString::to_string).collect();
    let sources = files().into_iter().filter(|file| file.is_rust() && !allowed(&file.path));
    sources.flat_map(|file| file.lines_with(&marks)).collect()
}

#[test]
fn files_are_short_enough_to_read() {
    let rust = files().into_iter().filter(File::is_rust);
    let lengths = rust.map(|file| (file.logic().count(), file.path));
    let long = lengths.filter(|(lines, _)| *lines > MOST_LINES).map(|(lines, path)| format!("{path}: {lines} lines"));
    none_of("split these along a seam", long.collect());
}

#[test]
fn nothing_is_left_for_later() {
    // Written in two parts, for this file is read too.
    let marks = [["TO", "DO"], ["FIX", "ME"], ["XX", "X:"], ["todo", "!("], ["unimplemented", "!("], ["dbg", "!("]];
    let marks = marks.map(|halves| halves.concat());
    let left = files().into_iter().flat_map(|file| {
        let lines = file.text.lines().zip(1..).filter(|(line, _)| marks.iter().any(|mark| line.contains(mark)));
        lines.map(|(line, n)| format!("{}:{n}: {line}", file.path)).collect::<Vec<_>>()
    });
    none_of("do it, or write an issue", left.collect());
}

#[test]
fn no_test_is_skipped() {
    let mark = ["#[ig", "nore"].concat();
    let skipped = files().into_iter().filter(|file| file.is_rust() && file.text.contains(&mark)).map(|file| file.path);
    none_of("a test that does not run proves nothing", skipped.collect());
}

#[test]
fn nothing_unwraps_without_a_reason() {
    none_of("use `?`, or expect() with the reason it can't fail", rust_with(&[".unwrap()"], |_| false));
}

#[test]
fn sql_is_in_the_store_alone() {
    let marks =
        ["\"SELECT ", "\"INSERT INTO ", "\"UPDATE ", "\"DELETE FROM ", "\"WITH ", "sqlx::query", "sqlx::raw_sql"];
    // What fills a shop for measuring writes its rows past the shop's own doors, in one file.
    let is_allowed = |path: &str| path.starts_with("shop/src/store/") || path == "bench/src/seed/tables.rs";
    none_of("SQL belongs into shop/src/store", rust_with(&marks, is_allowed));
}

#[test]
fn routes_are_in_one_table() {
    let marks = [".route(", "Router::new()", ".nest("];
    // The table that routes.rs is written in is the one other place that knows axum's router.
    let written_there = |path: &str| ["shop/src/routes.rs", "shop/src/web/access/table.rs"].contains(&path);
    none_of("routes belong into shop/src/routes.rs", rust_with(&marks, written_there));
}

#[test]
fn lines_end_where_their_text_ends() {
    const ENDS: &[&str] = &[".rs", ".md", ".toml", ".sql", ".html", ".css", ".js", ".ftl", "check", ".ci/run"];
    let ours = files().into_iter().filter(|file| ENDS.iter().any(|end| file.path.ends_with(end)));
    let untidy = ours.flat_map(|file| {
        let trailing = file.text.lines().zip(1..).filter(|(line, _)| line.ends_with([' ', '\t', '\r']));
        let mut found: Vec<String> = trailing.map(|(_, n)| format!("{}:{n}: trailing space", file.path)).collect();
        if !file.text.is_empty() && (!file.text.ends_with('\n') || file.text.ends_with("\n\n")) {
            found.push(format!("{}: ends with one newline", file.path));
        }
        found
    });
    none_of("whitespace", untidy.collect());
}

#[test]
fn migrations_are_numbered_and_come_in_whole_pairs() {
    let mut engines: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in paths() {
        if let Some(file) = path.strip_prefix("shop/migrations/").and_then(|file| file.strip_suffix(".sql")) {
            let (name, engine) = file.split_once('.').unwrap_or((file, "both"));
            engines.entry(name.to_owned()).or_default().push(engine.to_owned());
        }
    }
    for (number, (name, engines)) in (1..).zip(&engines) {
        assert!(name.starts_with(&format!("{number:04}_")), "{name} should have number {number:04}");
        let whole = engines == &["both"] || engines == &["postgres", "sqlite"];
        assert!(whole, "{name} is there for {engines:?}: one text for both, or a .postgres.sql and a .sqlite.sql");
    }
    assert!(!engines.is_empty(), "no migrations found");
}

#[test]
fn documents_name_files_that_exist() {
    let paths = paths();
    let folders: BTreeSet<&str> =
        paths.iter().flat_map(|path| Path::new(path).ancestors().skip(1)).filter_map(Path::to_str).collect();
    // From the root, or as far down as the name is clear: `flows/pay.rs`, `store/`.
    let exists = |name: &str| {
        let (name, inside) = (name.trim_end_matches('/'), format!("/{}", name.trim_end_matches('/')));
        let mut all = paths.iter().map(String::as_str).chain(folders.iter().copied());
        all.any(|path| path == name || path.ends_with(&inside))
    };
    let documents = files().into_iter().filter(|file| file.path.ends_with(".md"));
    let missing = documents.flat_map(|file| {
        let named = names_of_files(&file.text).into_iter().filter(|name| !exists(name));
        named.map(|name| format!("{}: {name}", file.path)).collect::<Vec<_>>()
    });
    none_of("these are not there", missing.collect());
}

/// What a document says in backticks, or links to, that can only be a file or a folder of the repository.
fn names_of_files(text: &str) -> Vec<String> {
    const ENDS: &[&str] = &[".rs", ".md", ".toml", ".sql", ".html", ".css", ".js", ".ftl", ".jsonl", "/"];
    // What a shop makes when it runs.
    const MADE: &[&str] = &["data/", "oxcart.toml", "target/"];
    let prose = text.split("```").step_by(2);
    let quoted = prose.clone().flat_map(|part| part.split('`').skip(1).step_by(2));
    let linked = prose.flat_map(|part| part.split("](").skip(1)).filter_map(|rest| rest.split([')', '#']).next());
    quoted
        .chain(linked)
        .map(|name| name.trim_start_matches("./").trim_start_matches("../"))
        .filter(|name| ENDS.iter().any(|end| name.ends_with(end)) && !MADE.iter().any(|made| name.starts_with(made)))
        .filter(|name| !name.starts_with(['/', '.']) && !name.contains([' ', '*', '{', '<', ':', '@', '|']))
        .map(str::to_owned)
        .collect()
}
