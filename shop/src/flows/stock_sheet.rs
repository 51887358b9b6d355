//! A sheet of stock and prices: read, decided and written in one transaction, all or nothing.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Utc};
use commerce::error::FieldError;
use commerce::ids::{LocationId, ProductId, VariantId};
use commerce::inventory::sheet::{MAX_ROWS, Plan, Reason, Row, RowRefusal, Shelves, StockChange, Why, decide};
use serde_json::{Value, json};

use super::retrying;
use crate::app::App;
use crate::error::{Error, Result};
use crate::store::defaults::LOCATION;
use crate::store::events::{self, Event};
use crate::store::stock_sheet::{self, Hold, Named};
use crate::store::{Conn, Tx, locations, products, stock};

/// What became of a sheet.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Everything is written.
    Saved(Plan),
    /// Nothing is: these rows can't be taken.
    Refused {
        /// The rows, each with its reason.
        rows: Vec<RowRefusal>,
        /// Who holds the stock that rows would go below.
        holds: Vec<Hold>,
    },
}

/// Writes a sheet, or says of each wrong row why.
pub async fn save(app: &App, rows: &[Row], actor: &str) -> Result<Outcome> {
    if rows.len() > MAX_ROWS {
        return Err(Error::field("body", format!("A sheet has at most {MAX_ROWS} rows.")));
    }
    retrying(|| save_once(app, rows, actor)).await
}

/// Brings units of a variant from one location to another, named by their codes: out here and in there, together.
pub async fn bring(
    app: &App,
    variant: VariantId,
    (from, to): (&str, &str),
    units: i64,
    note: Option<String>,
    actor: &str,
) -> Result<()> {
    if from == to {
        return Err(Error::field("to", "Choose another location than the one they lie at."));
    }
    let row = |place: &str, delta: i64| Row {
        variant_id: Some(variant),
        location: Some(place.to_owned()),
        delta: Some(delta),
        reason: Some(Reason::Moved),
        note: note.clone(),
        ..Row::default()
    };
    match save(app, &[row(from, -units), row(to, units)], actor).await? {
        Outcome::Saved(_) => Ok(()),
        Outcome::Refused { rows, .. } => Err(Error::Invalid(rows.iter().map(brought_wrong).collect())),
    }
}

/// The first row takes away, the second one adds.
fn brought_wrong(refusal: &RowRefusal) -> FieldError {
    let field = match (refusal.column, refusal.row) {
        ("location", 0) => "from",
        ("location", _) => "to",
        ("note", _) => "note",
        _ => "quantity",
    };
    FieldError::new(field, refusal.why.to_string())
}

async fn save_once(app: &App, rows: &[Row], actor: &str) -> Result<Outcome> {
    let mut tx = app.db.begin().await?;
    let skus = rows.iter().filter_map(|row| row.sku.clone()).collect();
    let ids = rows.iter().filter_map(|row| row.variant_id).collect();
    let named = stock_sheet::named(&mut tx, skus, ids).await?;
    let versions = match rows.iter().any(|row| row.price.is_some() || row.compare_at.is_some()) {
        true => products::lock_versions(&mut tx, products_of(&named)).await?,
        false => HashMap::new(),
    };
    let locations = locations::by_name(&mut tx).await?;
    let locked = lock(&mut tx, rows, &named, &locations).await?;
    let currency = app.shop.load().currency;
    let known = stock_sheet::known(&mut tx, currency, variants_of(&named), &locked).await?;
    match decide(rows, Shelves { variants: &known, locations: &locations, first: LOCATION }) {
        Ok(plan) => {
            // A time from before the wait for the locks would put the ledger in another order.
            write(app, &mut tx, &plan, &versions, actor, app.clock.now()).await?;
            tx.commit().await?;
            Ok(Outcome::Saved(plan))
        }
        Err(rows) => {
            let holds = stock_sheet::holds(&mut tx, below_reserved(&rows)).await?;
            Ok(Outcome::Refused { rows, holds })
        }
    }
}

/// Locks the stock that the rows may mean. Where there is none yet it is made first: two sheets that begin it at once
/// have to meet on one row.
async fn lock(
    conn: &mut Conn,
    rows: &[Row],
    named: &[Named],
    locations: &HashMap<String, LocationId>,
) -> Result<stock::Levels> {
    let locked = stock::lock(conn, &variants_of(named)).await?;
    let by_sku: HashMap<&str, VariantId> =
        named.iter().filter_map(|named| Some((named.sku.as_deref()?, named.variant()))).collect();
    let known: HashSet<VariantId> = named.iter().map(Named::variant).collect();
    let place = |row: &Row| {
        let by_name = || by_sku.get(row.sku.as_deref()?).copied();
        let variant = row.variant_id.filter(|id| known.contains(id)).or_else(by_name)?;
        let location = row.location.as_ref().map_or(Some(LOCATION), |name| locations.get(name).copied())?;
        Some((variant, location))
    };
    let new: BTreeSet<_> = rows.iter().filter_map(place).filter(|place| !locked.contains_key(place)).collect();
    if new.is_empty() {
        return Ok(locked);
    }
    stock::ensure(conn, new.into_iter().collect()).await?;
    Ok(stock::lock(conn, &variants_of(named)).await?)
}

fn variants_of(named: &[Named]) -> Vec<VariantId> {
    named.iter().map(Named::variant).collect()
}

fn products_of(named: &[Named]) -> Vec<ProductId> {
    named.iter().map(Named::product).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The variants whose buyers were promised more than a row would leave.
fn below_reserved(rows: &[RowRefusal]) -> Vec<VariantId> {
    let variants = rows.iter().filter_map(|refusal| match refusal.why {
        Why::BelowReserved { variant_id, .. } => Some(variant_id),
        _ => None,
    });
    variants.collect::<BTreeSet<_>>().into_iter().collect()
}

async fn write(
    app: &App,
    tx: &mut Tx,
    plan: &Plan,
    versions: &HashMap<ProductId, i64>,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    products::set_prices(tx, &app.clock, &plan.prices, versions, actor, now).await?;
    stock::apply(tx, &app.clock, &plan.stock, actor, now).await?;
    tell(tx, &plan.stock, actor, now).await
}

async fn tell(conn: &mut Conn, changes: &[StockChange], actor: &str, now: DateTime<Utc>) -> Result<()> {
    let event = |change: &StockChange| Event {
        kind: "stock.changed",
        subject: "variant",
        subject_id: change.variant_id.0,
        version: 0,
        data: json!({
            "location": change.location_id,
            "was": change.was,
            "now": change.on_hand,
            "reason": change.reason,
        }),
        actor,
        at: now,
    };
    Ok(events::append_all(conn, changes.iter().map(event).collect()).await?)
}

/// The refusal of a sheet as programs are told it: what is in the way of every row, else that fields are wrong. Rows that
/// rest on an old number come with what it is now.
pub fn refused(rows: &[RowRefusal], holds: &[Hold]) -> Error {
    const BELOW: &str = "Buyers were promised more of the marked rows. Enter what is reserved or more, or wait until \
                         the reservations have ended.";
    const CHANGED: &str = "The marked rows were changed or sold meanwhile. Look at them again and enter what is right.";
    let errors = rows.iter().map(RowRefusal::to_field).collect();
    let all = |is: fn(&Why) -> bool| rows.iter().all(|refusal| is(&refusal.why));
    let (code, detail) = if all(|why| matches!(why, Why::BelowReserved { .. })) {
        ("below_reserved", BELOW)
    } else if all(|why| matches!(why, Why::Changed(_))) {
        ("version_conflict", CHANGED)
    } else {
        ("invalid_fields", "Please check the marked fields.")
    };
    let level = |refusal: &RowRefusal| match refusal.why {
        Why::Changed(on_hand) => Some(json!({ "row": refusal.row, "on_hand": on_hand })),
        _ => None,
    };
    let facts: [(&str, Vec<Value>); 2] = [
        ("reservations", holds.iter().map(Hold::to_json).collect()),
        ("levels", rows.iter().filter_map(level).collect()),
    ];
    let told = facts.into_iter().filter(|(_, facts)| !facts.is_empty());
    let extra = told.map(|(name, facts)| (name.to_owned(), Value::Array(facts))).collect();
    Error::Rows { code, detail, errors, extra }
}
