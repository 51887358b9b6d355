//! Shopify's product CSV, as merchants really have it: several rows a product, old and new column names, missing columns,
//! rows that only bring a picture, commas or semicolons.

mod columns;
mod product;
mod quotes;
mod variants;

use std::collections::HashMap;

use commerce::catalog::slugify;
use commerce::money::Currency;
use csv::{ReaderBuilder, StringRecord};

pub(super) use self::columns::PROBLEM;
pub(crate) use self::product::category_slug;

use self::columns::{Columns, Field};
use super::{Item, Row};
use crate::error::{Error, Result};

/// The rows of one product.
struct Group {
    /// What it is called in URLs.
    slug: String,
    lines: Vec<Line>,
    /// What has to be said about how the rows came together.
    remarks: Vec<(u64, String)>,
    /// Why it can't be taken.
    broken: Option<(u64, String)>,
}

/// A row and the line it begins on.
struct Line {
    number: u64,
    cells: StringRecord,
}

/// Reads a whole file. All rows are gathered first, because a product may come back later in the file.
pub(super) fn read(text: &str, currency: Currency, take: &mut dyn FnMut(Item)) -> Result<()> {
    let mut reader = ReaderBuilder::new().delimiter(delimiter(text)).flexible(true).from_reader(text.as_bytes());
    let unreadable = |error: csv::Error| Error::Malformed(format!("the file is not a CSV: {error}"));
    let unclosed = quotes::unclosed(text, delimiter(text));
    if unclosed == Some(1) {
        return Err(Error::Malformed(format!("the first line names the columns, but {}", quotes::SWALLOWED)));
    }
    let mut columns = Columns::read(reader.headers().map_err(unreadable)?);
    if !columns.has(Field::Handle) && !columns.has(Field::Title) {
        let problem = "the file has neither a column Handle nor a column Title; it is not a Shopify product CSV";
        return Err(Error::Malformed(problem.into()));
    }
    let mut groups = Groups::default();
    let mut records = reader.records().peekable();
    while let Some(record) = records.next() {
        let cells = record.map_err(unreadable)?;
        let number = cells.position().map_or(0, csv::Position::line);
        if unclosed.is_some() && records.peek().is_none() {
            groups.end_unclosed(&columns, Line { number, cells }, take);
            break;
        }
        columns.count_unkept(&cells);
        groups.add(&columns, Line { number, cells }, take);
    }
    for remark in columns.unkept() {
        take(Item::Row(Row::of_file(remark)));
    }
    for group in groups.in_order {
        product::read(group, &columns, currency, take);
    }
    Ok(())
}

/// What parts the cells of the first line.
pub(super) fn delimiter(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or_default();
    let count = |delimiter: &u8| head.bytes().filter(|byte| byte == delimiter).count();
    // The last of equals wins, and that is the comma.
    [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',')
}

/// What says to which product a row belongs.
fn handle<'l>(columns: &Columns, line: &'l Line) -> &'l str {
    match columns.get(&line.cells, Field::Handle) {
        "" => columns.get(&line.cells, Field::Title),
        handle => handle,
    }
}

/// The slug of the product that a row belongs to; empty when it belongs to none.
pub(super) fn slug_of_row(headers: &StringRecord, cells: &StringRecord) -> String {
    let columns = Columns::read(headers);
    match handle(&columns, &Line { number: 0, cells: cells.clone() }) {
        "" => String::new(),
        handle => slug(handle),
    }
}

/// The products of a file, in the order of their first rows.
#[derive(Default)]
struct Groups {
    in_order: Vec<Group>,
    by_handle: HashMap<String, usize>,
    /// Where the row before this one went.
    current: usize,
}

impl Groups {
    /// Puts a row to the product it belongs to.
    fn add(&mut self, columns: &Columns, line: Line, take: &mut dyn FnMut(Item)) {
        if line.cells.iter().all(|cell| cell.trim().is_empty()) {
            return;
        }
        let handle = handle(columns, &line);
        if handle.is_empty() {
            return take(Item::Row(Row::skipped(
                line.number,
                "",
                "the row has no handle, so it belongs to no product",
            )));
        }
        let last = self.in_order.len();
        let place = *self.by_handle.entry(handle.to_owned()).or_insert(last);
        if place == last {
            self.in_order.push(Group::new(handle, line.number));
        }
        let group = &mut self.in_order[place];
        let came_back = place != last && place != self.current;
        self.current = place;
        if came_back {
            group
                .remarks
                .push((line.number, "the handle comes back after other products; its rows were put together".into()));
        }
        if line.cells.len() > columns.len() && line.cells.iter().skip(columns.len()).any(|cell| !cell.trim().is_empty())
        {
            let problem = format!(
                "the row has {} cells under {} columns; look for a missing quote",
                line.cells.len(),
                columns.len()
            );
            group.broken.get_or_insert((line.number, problem));
        }
        group.lines.push(line);
    }

    /// The last row, in which a quote never ends. What it swallowed may belong to its product or to the one before, so
    /// neither is taken.
    fn end_unclosed(&mut self, columns: &Columns, line: Line, take: &mut dyn FnMut(Item)) {
        let problem = (line.number, quotes::SWALLOWED.to_owned());
        if let Some(before) = self.in_order.get_mut(self.current) {
            before.broken.get_or_insert(problem.clone());
        }
        let handle = handle(columns, &line);
        // A handle that goes over lines is itself what was swallowed.
        let own = self.by_handle.get(handle).copied();
        match own.and_then(|place| self.in_order.get_mut(place)) {
            Some(group) => _ = group.broken.get_or_insert(problem),
            None if handle.is_empty() || handle.contains('\n') => {
                take(Item::Row(Row::skipped(line.number, "", problem.1)))
            }
            None => take(Item::Row(Row::skipped(line.number, &slug(handle), problem.1))),
        }
    }
}

impl Group {
    fn new(handle: &str, line: u64) -> Self {
        let slug = slug(handle);
        let mut remarks = Vec::new();
        if slug != handle {
            remarks.push((line, format!("the handle {handle:?} became {slug}")));
        }
        Group { slug, lines: Vec::new(), remarks, broken: None }
    }
}

/// A slug for any name: one without a Latin letter gets a number that follows from it.
fn slug(name: &str) -> String {
    let slug = slugify(name);
    if slug.is_empty() { format!("n-{:08x}", checksum(name)) } else { slug }
}

/// FNV-1a: short, and the same on every machine and in every version.
fn checksum(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests;
