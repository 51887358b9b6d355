//! The sheet as a form sends it: what was typed into each cell, read into rows, and what is wrong told at its cell.
//!
//! A row sends `on_hand.{id}`, `price.{id}` and `compare_at.{id}`, and `was.{id}` with what stood there when the page was
//! drawn: only what is another one now is changed. A number with a sign before it is added: `+5`, `-2`.

use std::collections::HashMap;

use commerce::ids::VariantId;
use commerce::inventory::sheet::{Reason, Row, RowRefusal};
use commerce::money::{Currency, Money};

use crate::error::{Error, Result};
use crate::web::admin::views::inventory::{InventoryPage, SheetCell, SheetRow};
use crate::web::params;

/// More fields than the longest page has.
const MOST_FIELDS: usize = 1_000;

/// What came with the form.
pub(super) struct Typed(HashMap<String, String>);

impl Typed {
    /// Reads the body of the form.
    pub(super) fn read(form: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(form).map_err(|_| Error::Malformed("The form is not text.".into()))?;
        let pairs = params::pairs(Some(text))?;
        if pairs.len() > MOST_FIELDS {
            return Err(Error::Malformed(format!("A form has at most {MOST_FIELDS} fields.")));
        }
        Ok(Self(pairs.into_iter().collect()))
    }

    fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.trim())
    }

    fn cell(&self, column: &str, row: &SheetRow) -> Option<&str> {
        self.0.get(&format!("{column}.{}", row.id)).map(|value| value.trim())
    }

    /// What stood in a row when the page was drawn: on hand, price and price before.
    fn seen(&self, row: &SheetRow) -> Option<[&str; 3]> {
        let seen = self.0.get(&format!("was.{}", row.id))?;
        let mut parts = seen.split('|');
        Some([parts.next()?, parts.next()?, parts.next()?])
    }

    /// Puts what was typed into the cells of a page that is shown again.
    pub(super) fn fill(&self, page: &mut InventoryPage) {
        page.note = self.text("note").to_owned();
        if page.reasons.iter().any(|reason| reason == self.text("reason")) {
            page.reason = self.text("reason").to_owned();
        }
        for row in &mut page.rows {
            let typed = ["on_hand", "price", "compare_at"].map(|column| self.cell(column, row).map(str::to_owned));
            let seen = self.seen(row).map(|seen| seen.map(str::to_owned));
            let cells = [&mut row.on_hand, &mut row.price, &mut row.compare_at];
            for (index, (cell, typed)) in cells.into_iter().zip(typed).enumerate() {
                // What somebody else changed meanwhile shows, unless it was typed over here.
                let untouched = typed.as_ref() == seen.as_ref().map(|seen| &seen[index]);
                if let Some(typed) = typed.filter(|_| !untouched) {
                    cell.value = typed;
                }
            }
        }
    }

    /// The rows that are changed. Nothing, and the page says where, when a cell can't be read.
    pub(super) fn rows(&self, page: &mut InventoryPage, currency: Currency) -> Option<Vec<Row>> {
        let (reason, note) = (self.text("reason").parse().unwrap_or(Reason::Correction), self.text("note"));
        let mut rows = Vec::new();
        for shown in &mut page.rows {
            let Some(seen) = self.seen(shown).map(|seen| seen.map(str::to_owned)) else { continue };
            if let Some(row) = changed(shown, seen, page.location.clone(), currency) {
                let note = (!note.is_empty()).then(|| note.to_owned());
                rows.push(Row { reason: Some(reason), note, ..row });
            }
        }
        page.wrong = page.rows.iter().filter(|row| !row.errors.is_empty()).count();
        (page.wrong == 0).then_some(rows)
    }
}

/// What a row of the page asks for, where anything was typed over.
fn changed(shown: &mut SheetRow, seen: [String; 3], place: Option<String>, currency: Currency) -> Option<Row> {
    let [on_hand, price, compare_at] = seen;
    let typed_over = |cell: &SheetCell, seen: &str| cell.value != seen && cell.value != cell.was;
    let stock_changed = typed_over(&shown.on_hand, &on_hand);
    let price_changed = typed_over(&shown.price, &price);
    let compare_changed = typed_over(&shown.compare_at, &compare_at);
    if !(stock_changed || price_changed || compare_changed) {
        return None;
    }
    let mut row =
        Row { variant_id: shown.id.parse::<VariantId>().ok(), location: place, delta: Some(0), ..Row::default() };
    if stock_changed {
        match quantity(&shown.on_hand.value) {
            Some(Quantity::Set(number)) => {
                (row.on_hand, row.delta, row.seen) = (Some(number), None, on_hand.parse().ok())
            }
            Some(Quantity::Add(number)) => row.delta = Some(number),
            None => wrong(&mut shown.on_hand, &mut shown.errors, "Enter a whole number, or one with + or - to add it."),
        }
    }
    if price_changed {
        row.price = amount(&mut shown.price, &mut shown.errors, currency);
    }
    if compare_changed {
        row.compare_at = match shown.compare_at.value.as_str() {
            "" => Some(None),
            _ => amount(&mut shown.compare_at, &mut shown.errors, currency).map(Some),
        };
    }
    Some(row)
}

enum Quantity {
    Set(i64),
    Add(i64),
}

/// A number, or one to be added. Staff type a true minus as well as a hyphen.
fn quantity(typed: &str) -> Option<Quantity> {
    let typed = typed.replace('\u{2212}', "-");
    match typed.starts_with(['+', '-']) {
        true => typed.parse().ok().map(Quantity::Add),
        false => typed.parse().ok().map(Quantity::Set),
    }
}

fn amount(cell: &mut SheetCell, errors: &mut Vec<String>, currency: Currency) -> Option<i64> {
    match Money::parse_decimal(&cell.value, currency) {
        Ok(money) => Some(money.minor),
        Err(error) => {
            wrong(cell, errors, &format!("{error}."));
            None
        }
    }
}

fn wrong(cell: &mut SheetCell, errors: &mut Vec<String>, message: &str) {
    cell.wrong = true;
    errors.push(message.to_owned());
}

/// Tells every refusal at its cell.
pub(super) fn tell(page: &mut InventoryPage, rows: &[Row], refused: &[RowRefusal]) {
    for refusal in refused {
        let id = rows.get(refusal.row).and_then(|row| row.variant_id).map(|id| id.to_string());
        match page.rows.iter_mut().find(|row| Some(&row.id) == id.as_ref()) {
            Some(row) => {
                let cell = match refusal.column {
                    "price" => &mut row.price,
                    "compare_at_price" => &mut row.compare_at,
                    _ => &mut row.on_hand,
                };
                wrong(cell, &mut row.errors, &refusal.why.to_string());
            }
            // Somebody took the variant away, or sold so many that it left the page.
            None => page.error = Some(refusal.why.to_string()),
        }
    }
    page.wrong = page.rows.iter().filter(|row| !row.errors.is_empty()).count();
}
