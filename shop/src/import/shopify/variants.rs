//! The options and variants of a product.

use std::collections::{BTreeMap, HashSet};

use commerce::catalog::{OptionInput, StockPolicy, VariantInput};
use commerce::money::Money;

use super::Line;
use super::columns::{Columns, Field, OPTIONS};
use super::product::{Problem, Reader};

/// The name Shopify gives the one option of a product that has none, and its value.
const NO_OPTION: (&str, &str) = ("Title", "Default Title");
/// Who counts the stock of a shop of Shopify's.
const OWN_TRACKER: &str = "shopify";

impl Reader<'_> {
    /// The options, with their values in the order they first come up.
    pub(super) fn options(&mut self, lines: &[Line]) -> Vec<OptionInput> {
        let mut options: Vec<OptionInput> = Vec::new();
        for (number, (name, value)) in OPTIONS.into_iter().enumerate() {
            let mut seen = HashSet::new();
            let values = lines.iter().map(|line| self.cell(line, value)).filter(|value| !value.is_empty());
            let values: Vec<String> = values.filter(|value| seen.insert(*value)).map(str::to_owned).collect();
            let given = self.first(lines, name);
            let nameless = given.is_none() || given.as_deref() == Some(NO_OPTION.0);
            if values.is_empty() || (nameless && values == [NO_OPTION.1]) {
                continue;
            }
            if given.is_none() {
                self.remark(&lines[0], format!("option {} has values but no name", number + 1));
            }
            let name = given.unwrap_or_else(|| format!("Option {}", number + 1));
            options.push(OptionInput { name, values, swatches: BTreeMap::new() });
        }
        options
    }

    pub(super) fn variants(&mut self, lines: &[Line], options: &[OptionInput]) -> Result<Vec<VariantInput>, Problem> {
        let mut variants: Vec<VariantInput> = Vec::new();
        let columns = self.columns;
        for line in lines.iter().filter(|line| is_variant(columns, line)) {
            let variant = self.variant(line, lines, options)?;
            let same = variants.iter().find(|known| known.options == variant.options);
            match same {
                None => variants.push(variant),
                Some(known) if *known == variant => {
                    self.remark(line, "the variant is there twice, and the same; it is kept once")
                }
                Some(_) => return Err((line.number, "another variant has the same options".into())),
            }
        }
        if variants.is_empty() {
            return Err((lines[0].number, "the product has no row with a price".into()));
        }
        Ok(variants)
    }

    fn variant(&mut self, line: &Line, lines: &[Line], options: &[OptionInput]) -> Result<VariantInput, Problem> {
        let quantity = self.cell(line, Field::Quantity);
        let on_hand =
            whole_number(quantity).ok_or_else(|| (line.number, format!("{quantity:?} is not a number of units")))?;
        let compare_at_price = self.money(line, Field::CompareAtPrice)?.filter(|price| !price.is_zero());
        Ok(VariantInput {
            id: None,
            sku: text(self.cell(line, Field::Sku)),
            // Spreadsheets and Shopify put a mark before digits, so that they stay text.
            barcode: text(self.cell(line, Field::Barcode).trim_start_matches('\'')),
            options: self.option_values(line, lines, options)?,
            price: self
                .money(line, Field::Price)?
                .ok_or_else(|| (line.number, "the variant has no price".to_owned()))?,
            compare_at_price,
            on_hand,
            elsewhere: BTreeMap::new(),
            tracked: self.is_tracked(line, on_hand),
            policy: self.policy(line),
            weight_grams: self.grams(line)?,
            image: text(self.cell(line, Field::VariantImage)),
            requires_shipping: self.flag(line, Field::RequiresShipping, true),
            taxable: self.flag(line, Field::Taxable, true),
            position: None,
        })
    }

    fn option_values(
        &self,
        line: &Line,
        lines: &[Line],
        options: &[OptionInput],
    ) -> Result<BTreeMap<String, String>, Problem> {
        let mut values = BTreeMap::new();
        for (number, (name, value)) in OPTIONS.into_iter().enumerate() {
            let name = self.first(lines, name).unwrap_or_else(|| format!("Option {}", number + 1));
            if options.iter().all(|option| option.name != name) {
                continue;
            }
            match self.cell(line, value) {
                "" => return Err((line.number, format!("the variant has no {name}"))),
                value => values.insert(name, value.to_owned()),
            };
        }
        Ok(values)
    }

    fn money(&self, line: &Line, field: Field) -> Result<Option<Money>, Problem> {
        match self.cell(line, field) {
            "" => Ok(None),
            cell => {
                Money::parse_decimal(cell, self.currency).map(Some).map_err(|error| (line.number, error.to_string()))
            }
        }
    }

    /// Counted when somebody counts it; without the column, when there is a count.
    fn is_tracked(&mut self, line: &Line, on_hand: Option<i64>) -> bool {
        let tracker = self.cell(line, Field::Tracker);
        if !self.columns.has(Field::Tracker) {
            return on_hand.is_some();
        }
        if !tracker.is_empty() && !tracker.eq_ignore_ascii_case(OWN_TRACKER) {
            self.remark(line, format!("stock was counted by {tracker}; now the shop counts it"));
        }
        !tracker.is_empty()
    }

    fn policy(&mut self, line: &Line) -> StockPolicy {
        let cell = self.cell(line, Field::Policy);
        match cell.to_lowercase().as_str() {
            "continue" | "true" | "yes" | "1" => StockPolicy::Continue,
            "" | "deny" | "false" | "no" | "0" => StockPolicy::Deny,
            _ => {
                self.remark(
                    line,
                    format!("{}: {cell:?} is not known; it is read as deny", self.columns.name(Field::Policy)),
                );
                StockPolicy::Deny
            }
        }
    }

    /// Whole grams; Shopify writes 0 where nobody weighed.
    fn grams(&mut self, line: &Line) -> Result<Option<i64>, Problem> {
        let cell = self.cell(line, Field::Grams);
        if let Some(grams) = whole_number(cell) {
            return Ok(grams.filter(|grams| *grams != 0));
        }
        let grams: f64 = cell.parse().map_err(|_| (line.number, format!("{cell:?} is not a weight in grams")))?;
        if !(0.0..1e9).contains(&grams) {
            return Err((line.number, format!("{cell:?} is not a weight in grams")));
        }
        self.remark(line, format!("{cell} g was rounded to whole grams"));
        Ok(Some(grams.round() as i64))
    }
}

/// Rows that only bring a picture have neither option nor price nor SKU.
fn is_variant(columns: &Columns, line: &Line) -> bool {
    let fields = [Field::Option1Value, Field::Option2Value, Field::Option3Value, Field::Price, Field::Sku];
    fields.iter().any(|field| !columns.get(&line.cells, *field).is_empty())
}

fn text(cell: &str) -> Option<String> {
    (!cell.is_empty()).then(|| cell.to_owned())
}

/// A whole number, which spreadsheets may write with zeros after the point. `None`: it is none; `Some(None)`: empty.
fn whole_number(cell: &str) -> Option<Option<i64>> {
    if cell.is_empty() {
        return Some(None);
    }
    let (whole, fraction) = cell.split_once('.').unwrap_or((cell, ""));
    if fraction.bytes().any(|digit| digit != b'0') {
        return None;
    }
    whole.parse().ok().map(Some)
}
