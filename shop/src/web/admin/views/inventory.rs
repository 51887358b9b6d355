//! The inventory: the sheet of stock and prices, and the page of one variant.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{FieldView, ListView, sampled};

/// The sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InventoryPage {
    /// Everything around the rows.
    pub list: ListView,
    /// The locations to look at, where there are several: all that sell together first.
    pub locations: Vec<PlaceLink>,
    /// The code of the one whose stock is shown; absent where several are added up, which can't be typed over.
    pub location: Option<String>,
    /// The variants.
    pub rows: Vec<SheetRow>,
    /// Prices are written in it.
    pub currency: String,
    /// Decimals that its amounts have.
    pub exponent: u32,
    /// Reasons to choose from: texts `inventory-reason-{reason}`.
    pub reasons: Vec<String>,
    /// The one that is chosen.
    pub reason: String,
    /// A word of the person's own.
    pub note: String,
    /// What is wrong with the sheet as a whole.
    pub error: Option<String>,
    /// Rows that can't be taken.
    pub wrong: usize,
}

sampled!(InventoryPage, "inventory.json");

/// A location to look at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceLink {
    /// Its name; absent for all that sell together.
    pub name: Option<String>,
    /// The sheet of it.
    pub url: String,
    /// Whether this is it.
    pub current: bool,
}

/// A variant in the sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetRow {
    /// Its id.
    pub id: String,
    /// Its own page.
    pub url: String,
    /// The product's name.
    pub product: String,
    /// Its options, as `Rust / S`.
    pub variant: Option<String>,
    /// The merchant's number for it.
    pub sku: Option<String>,
    /// Whether the product is still a draft.
    pub draft: bool,
    /// Whether its stock is counted.
    pub tracked: bool,
    /// What lies there.
    pub on_hand: SheetCell,
    /// Units of those that are promised.
    pub reserved: i64,
    /// What is free to buy; absent where it is not counted.
    pub available: Option<i64>,
    /// `in`, `low`, `out` or `backorder`.
    pub state: String,
    /// At how many units it counts as low.
    pub low_at: i64,
    /// The price of one.
    pub price: SheetCell,
    /// What it cost before.
    pub compare_at: SheetCell,
    /// Why the row can't be taken, a sentence a cell.
    pub errors: Vec<String>,
}

/// A cell that can be changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetCell {
    /// What the shop has.
    pub was: String,
    /// What is typed.
    pub value: String,
    /// Whether it can't be taken.
    pub wrong: bool,
}

/// One variant: its stock, who holds it, and its ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VariantStockPage {
    /// The product's name.
    pub product: String,
    /// Where it is edited.
    pub product_url: String,
    /// Its options, as `Rust / S`.
    pub variant: Option<String>,
    /// Its own page.
    pub url: String,
    /// The merchant's number for it.
    pub sku: Option<String>,
    /// Whether its stock is counted.
    pub tracked: bool,
    /// What lies there.
    pub on_hand: i64,
    /// Units of those that are promised.
    pub reserved: i64,
    /// What is free to buy.
    pub available: Option<i64>,
    /// `in`, `low`, `out` or `backorder`.
    pub state: String,
    /// At how many units it counts as low.
    pub low_at: i64,
    /// What lies at each location, where the shop has several.
    pub places: Vec<PlaceLevel>,
    /// Brings some of it elsewhere; absent where there is nowhere else.
    pub bring: Option<BringForm>,
    /// Who holds it.
    pub holds: Vec<HoldView>,
    /// The ledger, the latest first.
    pub movements: Vec<MovementView>,
    /// Entries in all.
    pub total: i64,
    /// The page with later entries.
    pub newer_url: Option<String>,
    /// The page with earlier entries.
    pub older_url: Option<String>,
}

sampled!(VariantStockPage, "variant_stock.json");

/// What lies at a location.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceLevel {
    /// Its name in forms.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// Whether the shop sells what lies there.
    pub sells: bool,
    /// What lies there.
    pub on_hand: i64,
    /// Units of those that are promised.
    pub reserved: i64,
}

/// The form that brings units from one location to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BringForm {
    /// Where they lie.
    pub from: FieldView,
    /// Where they go.
    pub to: FieldView,
    /// How many.
    pub quantity: FieldView,
    /// A word for the ledger.
    pub note: FieldView,
}

/// Units that a checkout holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldView {
    /// The end of the checkout's id: enough to tell two apart.
    pub checkout: String,
    /// How many.
    pub quantity: i64,
    /// Where, if the shop has several locations.
    pub place: Option<String>,
    /// Text `inventory-hold-{status}`: `open`, `processing` or `needs_review`.
    pub status: String,
    /// When an open checkout gives them back.
    pub until: DateTime<Utc>,
    /// Whole minutes till then.
    pub minutes: i64,
}

/// An entry of the ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MovementView {
    /// Text `inventory-moved-{kind}`.
    pub kind: String,
    /// How many more, with its sign: `+3` or `−2`.
    pub delta: String,
    /// Where, if the shop has several locations.
    pub place: Option<String>,
    /// How many lay there then.
    pub left: i64,
    /// A note, or what it came from.
    pub reference: String,
    /// The order that it is about.
    pub order_url: Option<String>,
    /// A name; absent where it was no member of staff.
    pub by: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}
