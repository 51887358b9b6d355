//! A sheet of stock and prices, as staff type or paste it: every row is right, or nothing is changed and each wrong row
//! says why.

use std::collections::HashMap;

use super::{Level, MovementKind};
use crate::catalog::MAX_QUANTITY;
use crate::error::FieldError;
use crate::ids::{LocationId, ProductId, VariantId};
use crate::money::Money;

/// The most rows that one sheet has.
pub const MAX_ROWS: usize = 5_000;
/// The longest note, in characters.
pub const MAX_NOTE: usize = 200;

named_enum! {
    /// Why staff change what lies in stock: chosen once for what they do, kept with every movement.
    pub enum Reason {
        /// The number was wrong.
        Correction = "correction",
        /// A delivery came in.
        Received = "received",
        /// The shelf was counted.
        Stocktake = "stocktake",
        /// Broken, spoiled or lost.
        Damaged = "damaged",
        /// Brought back without an order.
        Returned = "returned",
        /// Brought to another location, or from there.
        Moved = "moved",
    }
}

impl Reason {
    /// The kind of the ledger that it is written as.
    pub fn kind(self) -> MovementKind {
        match self {
            Self::Correction => MovementKind::Correction,
            Self::Received => MovementKind::Received,
            Self::Stocktake => MovementKind::Stocktake,
            Self::Damaged => MovementKind::Damaged,
            Self::Returned => MovementKind::Returned,
            Self::Moved => MovementKind::Moved,
        }
    }
}

/// A row as it was given: nothing in it is known to be right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// The merchant's number of the variant, unless its id is given.
    pub sku: Option<String>,
    /// The variant itself, unless its SKU is given.
    pub variant_id: Option<VariantId>,
    /// Code or id of the place; the first one when it is left out.
    pub location: Option<String>,
    /// So many lie there.
    pub on_hand: Option<i64>,
    /// So many more, or fewer.
    pub delta: Option<i64>,
    /// How many lay there when the person looked. An `on_hand` that rests on an older number is refused.
    pub seen: Option<i64>,
    /// The new price, in minor units of the shop's currency.
    pub price: Option<i64>,
    /// The new price before; `Some(None)` takes it away.
    pub compare_at: Option<Option<i64>>,
    /// Why.
    pub reason: Option<Reason>,
    /// A word of the person's own.
    pub note: Option<String>,
}

/// What is known of a variant that a row may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its id.
    pub id: VariantId,
    /// The product it belongs to.
    pub product_id: ProductId,
    /// Its number.
    pub sku: Option<String>,
    /// Its stock by place; where it has none, its level is `unstocked`.
    pub levels: HashMap<LocationId, Level>,
    /// How it is counted, where it has no stock yet.
    pub unstocked: Level,
    /// What it costs and what it cost before.
    pub price: (Money, Option<Money>),
}

/// What the decision is made on.
#[derive(Debug, Clone, Copy)]
pub struct Shelves<'a> {
    /// The variants that the rows may mean.
    pub variants: &'a [Known],
    /// The places, by code and by id as text.
    pub locations: &'a HashMap<String, LocationId>,
    /// The place of rows that name none.
    pub first: LocationId,
}

/// A movement to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockChange {
    /// The row that asks for it.
    pub row: usize,
    /// Of what.
    pub variant_id: VariantId,
    /// Where.
    pub location_id: LocationId,
    /// How many lay there.
    pub was: i64,
    /// How many lie there now.
    pub on_hand: i64,
    /// Why.
    pub reason: Reason,
    /// A word of the person's own.
    pub note: String,
}

/// A price to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceChange {
    /// Of what.
    pub variant_id: VariantId,
    /// The product it belongs to.
    pub product_id: ProductId,
    /// What it cost, and what it had cost before.
    pub was: (Money, Option<Money>),
    /// What it costs now, and what it cost before.
    pub now: (Money, Option<Money>),
}

/// Everything that a sheet changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Rows that were taken, those that change nothing included.
    pub rows: usize,
    /// Movements, by row.
    pub stock: Vec<StockChange>,
    /// Prices, by row.
    pub prices: Vec<PriceChange>,
}

/// Why a row can't be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// Neither SKU nor id.
    #[error("Name the variant by its SKU or its id.")]
    NoName,
    /// Both SKU and id.
    #[error("Name the variant by its SKU or by its id, not by both.")]
    TwoNames,
    /// Nothing has that name.
    #[error("There is no such variant.")]
    Unknown,
    /// More than one has that SKU.
    #[error("More than one variant has this SKU. Name the one you mean by its id.")]
    Ambiguous,
    /// No place has that name.
    #[error("There is no such location.")]
    UnknownLocation,
    /// Another row is about the same stock.
    #[error("Row {} is about the same variant. Keep one of them.", .0 + 1)]
    Duplicate(usize),
    /// Neither a number nor a difference.
    #[error("Say how many there are, or how many more.")]
    NoQuantity,
    /// Both a number and a difference.
    #[error("Say how many there are or how many more, not both.")]
    TwoQuantities,
    /// A number that no shelf holds.
    #[error("This lies between {least} and {MAX_QUANTITY}.")]
    OutOfRange {
        /// The least that it may be.
        least: i64,
    },
    /// More would be taken away than lies there.
    #[error("Only {0} there.")]
    TooMany(i64),
    /// Its stock is not counted.
    #[error("The stock of this variant is not counted.")]
    NotCounted,
    /// Somebody changed or bought it since the person looked.
    #[error("It is {0} by now. Look again, and enter what is right.")]
    Changed(i64),
    /// Buyers were promised more.
    #[error("{on_hand} is fewer than the {reserved} reserved for buyers. Enter {reserved} or more, or wait.")]
    BelowReserved {
        /// Whose stock it is.
        variant_id: VariantId,
        /// Where it lies.
        location_id: LocationId,
        /// How many there would be.
        on_hand: i64,
        /// How many are promised.
        reserved: i64,
    },
    /// A price below zero.
    #[error("A price can't be below zero.")]
    NegativePrice,
    /// Two rows of one variant, at two places, with two prices.
    #[error("Row {} gives the same variant another price.", .0 + 1)]
    TwoPrices(usize),
    /// A note that goes on and on.
    #[error("A note has at most {MAX_NOTE} characters.")]
    LongNote,
}

/// A row that can't be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowRefusal {
    /// Its place in the sheet, from 0.
    pub row: usize,
    /// Which of its cells.
    pub column: &'static str,
    /// Why.
    pub why: Why,
}

impl RowRefusal {
    /// The same for a form or a document: `4.on_hand`, and what to do.
    pub fn to_field(&self) -> FieldError {
        FieldError::new(format!("{}.{}", self.row, self.column), self.why.to_string())
    }
}

/// Decides a whole sheet. The levels have been locked; nothing is changed unless every row is right.
pub fn decide(rows: &[Row], shelves: Shelves<'_>) -> Result<Plan, Vec<RowRefusal>> {
    let mut sheet =
        Sheet { shelves, by_id: HashMap::new(), by_sku: HashMap::new(), taken: HashMap::new(), priced: HashMap::new() };
    for known in shelves.variants {
        sheet.by_id.insert(known.id, known);
        if let Some(sku) = &known.sku {
            sheet.by_sku.entry(sku).or_default().push(known);
        }
    }
    let mut plan = Plan { rows: rows.len(), ..Plan::default() };
    let mut refusals = Vec::new();
    for (row, asked) in rows.iter().enumerate() {
        let mut refuse = |(column, why)| refusals.push(RowRefusal { row, column, why });
        let (known, location) = match sheet.place(row, asked) {
            Ok(place) => place,
            Err(refusal) => {
                refuse(refusal);
                continue;
            }
        };
        match moved(row, asked, known, location) {
            Ok(change) => plan.stock.extend(change),
            Err(refusal) => refuse(refusal),
        }
        match sheet.priced(row, asked, known) {
            Ok(change) => plan.prices.extend(change),
            Err(refusal) => refuse(refusal),
        }
    }
    if refusals.is_empty() { Ok(plan) } else { Err(refusals) }
}

type Refused = (&'static str, Why);

struct Sheet<'a> {
    shelves: Shelves<'a>,
    by_id: HashMap<VariantId, &'a Known>,
    by_sku: HashMap<&'a str, Vec<&'a Known>>,
    taken: HashMap<(VariantId, LocationId), usize>,
    priced: HashMap<VariantId, (usize, PriceChange)>,
}

impl<'a> Sheet<'a> {
    /// The one stock that a row is about, which no row before it was about.
    fn place(&mut self, row: usize, asked: &Row) -> Result<(&'a Known, LocationId), Refused> {
        let (column, known) = match (&asked.sku, asked.variant_id) {
            (None, None) => return Err(("sku", Why::NoName)),
            (Some(_), Some(_)) => return Err(("variant_id", Why::TwoNames)),
            (Some(sku), None) => ("sku", self.of_sku(sku).map_err(|why| ("sku", why))?),
            (None, Some(id)) => ("variant_id", self.by_id.get(&id).copied().ok_or(("variant_id", Why::Unknown))?),
        };
        let location = match &asked.location {
            None => self.shelves.first,
            Some(name) => *self.shelves.locations.get(name).ok_or(("location", Why::UnknownLocation))?,
        };
        match self.taken.insert((known.id, location), row) {
            Some(before) => {
                self.taken.insert((known.id, location), before);
                Err((column, Why::Duplicate(before)))
            }
            None => Ok((known, location)),
        }
    }

    fn of_sku(&self, sku: &str) -> Result<&'a Known, Why> {
        match self.by_sku.get(sku).map_or(&[][..], Vec::as_slice) {
            [] => Err(Why::Unknown),
            [known] => Ok(known),
            _ => Err(Why::Ambiguous),
        }
    }

    /// The price that a row sets, where it is another one. A variant at two places has one price.
    fn priced(&mut self, row: usize, asked: &Row, known: &Known) -> Result<Option<PriceChange>, Refused> {
        if asked.price.is_none() && asked.compare_at.is_none() {
            return Ok(None);
        }
        if asked.price.is_some_and(|minor| minor < 0) {
            return Err(("price", Why::NegativePrice));
        }
        if asked.compare_at.flatten().is_some_and(|minor| minor < 0) {
            return Err(("compare_at_price", Why::NegativePrice));
        }
        let was = known.price;
        let amount = |minor| Money::new(minor, was.0.currency);
        let price = asked.price.map_or(was.0, amount);
        let compare_at = asked.compare_at.map_or(was.1, |minor| minor.map(amount));
        let change = PriceChange { variant_id: known.id, product_id: known.product_id, was, now: (price, compare_at) };
        match self.priced.get(&known.id) {
            Some((before, same)) if same.now != change.now => return Err(("price", Why::TwoPrices(*before))),
            Some(_) => return Ok(None),
            None => self.priced.insert(known.id, (row, change)),
        };
        Ok((change.now != was).then_some(change))
    }
}

/// The movement that a row asks for, where anything moves.
fn moved(row: usize, asked: &Row, known: &Known, location: LocationId) -> Result<Option<StockChange>, Refused> {
    let level = known.levels.get(&location).copied().unwrap_or(known.unstocked);
    let (column, on_hand) = match (asked.on_hand, asked.delta) {
        (None, None) => return Err(("on_hand", Why::NoQuantity)),
        (Some(_), Some(_)) => return Err(("delta", Why::TwoQuantities)),
        (Some(on_hand), None) => ("on_hand", counted(on_hand, asked.seen, level)?),
        (None, Some(delta)) => ("delta", added(delta, level)?),
    };
    let note = asked.note.clone().unwrap_or_default();
    if note.chars().count() > MAX_NOTE {
        return Err(("note", Why::LongNote));
    }
    if on_hand == level.on_hand {
        return Ok(None);
    }
    if !level.tracked {
        return Err((column, Why::NotCounted));
    }
    // A delivery is taken even where more are promised than there will be.
    if on_hand < level.on_hand
        && let Err(below) = level.set_on_hand(on_hand)
    {
        let why = match below.reserved {
            0 => Why::TooMany(level.on_hand.max(0)),
            reserved => Why::BelowReserved { variant_id: known.id, location_id: location, on_hand, reserved },
        };
        return Err((column, why));
    }
    let reason = asked.reason.unwrap_or(Reason::Correction);
    let (variant_id, location_id, was) = (known.id, location, level.on_hand);
    Ok(Some(StockChange { row, variant_id, location_id, was, on_hand, reason, note }))
}

/// What a person counted. It must not rest on a number that has changed since.
fn counted(on_hand: i64, seen: Option<i64>, level: Level) -> Result<i64, Refused> {
    // Only what is sold on when empty is ever owed.
    let least = if level.on_hand < 0 { -MAX_QUANTITY } else { 0 };
    if !(least..=MAX_QUANTITY).contains(&on_hand) {
        return Err(("on_hand", Why::OutOfRange { least }));
    }
    match seen {
        // Who finds the shelf as they counted it is right, whoever wrote it down.
        Some(seen) if seen != level.on_hand && on_hand != level.on_hand => {
            Err(("on_hand", Why::Changed(level.on_hand)))
        }
        _ => Ok(on_hand),
    }
}

/// What there is after so many more. A difference holds whatever was sold meanwhile.
fn added(delta: i64, level: Level) -> Result<i64, Refused> {
    let within = |number: &i64| (-MAX_QUANTITY..=MAX_QUANTITY).contains(number);
    let sum = Some(delta).filter(within).and_then(|delta| level.on_hand.checked_add(delta));
    sum.filter(within).ok_or(("delta", Why::OutOfRange { least: -MAX_QUANTITY }))
}
