//! What was not taken of a file, in the file's own format, each with why: to be mended and brought again.

use std::collections::HashMap;
use std::io::{BufRead, Read, Write};

use csv::{ReaderBuilder, StringRecord, Writer};
use serde_json::{Map, Value};

use super::shopify::{self, PROBLEM};
use super::source::{decode, unpacked};
use super::{Format, Row};
use crate::csv_cells::{guarded, unguarded};
use crate::error::{Error, Result};

/// Why something was not taken.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The line.
    pub line: u64,
    /// The slug or code, if it has one.
    pub name: String,
    /// Why.
    pub message: String,
}

/// Writes what was not taken; answers how it is written.
pub fn error_file(source: impl Read, format: Option<Format>, problems: Vec<Problem>, to: impl Write) -> Result<Format> {
    let unreadable = |error: std::io::Error| Error::Malformed(format!("the file can't be read: {error}"));
    let mut source = unpacked(source).map_err(unreadable)?;
    let format = match format {
        Some(format) => format,
        None => Format::of_content(source.fill_buf().map_err(unreadable)?),
    };
    match format {
        Format::Shopify => rows(source, problems, to)?,
        Format::Lines | Format::Icecat => lines(source, problems, to).map_err(unreadable)?,
    }
    Ok(format)
}

/// The lines that were not taken. One that is no JSON object stands as it is.
fn lines(mut source: impl BufRead, problems: Vec<Problem>, mut to: impl Write) -> std::io::Result<()> {
    let mut by_line: HashMap<u64, String> = HashMap::new();
    for problem in problems {
        join(by_line.entry(problem.line).or_default(), &problem.message);
    }
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        if source.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let Some(problem) = by_line.remove(&number) else { continue };
        match serde_json::from_slice::<Map<String, Value>>(&line) {
            Ok(mut members) => {
                members.insert(PROBLEM.to_owned(), problem.into());
                serde_json::to_writer(&mut to, &members)?;
                to.write_all(b"\n")?;
            }
            Err(_) => {
                to.write_all(line.trim_ascii_end())?;
                to.write_all(b"\n")?;
            }
        }
    }
    to.flush()
}

/// All rows of the products that were not taken.
fn rows(mut source: impl Read, problems: Vec<Problem>, to: impl Write) -> Result<()> {
    let unreadable = |error: &dyn std::fmt::Display| Error::Malformed(format!("the file can't be read: {error}"));
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    let (text, _) = decode(&bytes);
    let text = text.trim_start_matches('\u{feff}');
    let mut reader =
        ReaderBuilder::new().delimiter(shopify::delimiter(text)).flexible(true).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| unreadable(&error))?.clone();
    let place = headers.iter().position(|header| header.trim() == PROBLEM).unwrap_or(headers.len());
    let mut problems = Problems::new(problems);
    let mut writer = Writer::from_writer(to);
    let mut write = |cells: &StringRecord, problem: &str| {
        let count = headers.len().max(place + 1);
        let cell = |index: usize| if index == place { problem } else { cells.get(index).unwrap_or_default() };
        let row: StringRecord = (0..count).map(|index| guarded(unguarded(cell(index))).into_owned()).collect();
        writer.write_record(&row).map_err(|error| unreadable(&error))
    };
    write(&headers, PROBLEM)?;
    for record in reader.records() {
        let cells = record.map_err(|error| unreadable(&error))?;
        let line = cells.position().map_or(0, csv::Position::line);
        if let Some(problem) = problems.of(&shopify::slug_of_row(&headers, &cells), line) {
            write(&cells, &problem)?;
        }
    }
    writer.flush().map_err(|error| unreadable(&error))
}

/// What is wrong, by product or, where a row belongs to none, by line.
struct Problems {
    by_name: HashMap<String, Vec<Problem>>,
    by_line: HashMap<u64, String>,
}

impl Problems {
    fn new(problems: Vec<Problem>) -> Self {
        let mut sorted = Self { by_name: HashMap::new(), by_line: HashMap::new() };
        for problem in problems {
            match problem.name.is_empty() {
                true => join(sorted.by_line.entry(problem.line).or_default(), &problem.message),
                false => sorted.by_name.entry(problem.name.clone()).or_default().push(problem),
            }
        }
        sorted
    }

    /// What is wrong with a row; `None` when it was taken. What is wrong elsewhere in a product stands in its first row.
    fn of(&mut self, slug: &str, line: u64) -> Option<String> {
        let of_product = self.by_name.get_mut(slug).map(|problems| {
            let said = problems.drain(..).map(|problem| match problem.line == line {
                true => problem.message,
                false => Row::skipped(problem.line, "", problem.message).to_string(),
            });
            said.collect::<Vec<_>>().join("; ")
        });
        of_product.or_else(|| self.by_line.remove(&line))
    }
}

fn join(text: &mut String, more: &str) {
    if !text.is_empty() {
        text.push_str("; ");
    }
    text.push_str(more);
}
