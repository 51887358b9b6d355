//! Stock and its ledger. Rows are locked in the order (variant, location), so that no two sales wait for each other.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use commerce::ids::{CheckoutId, LocationId, VariantId};
use commerce::inventory::sheet::StockChange;
use commerce::inventory::{MovementKind, Reserve, put_back};
use uuid::Uuid;

use super::{Conn, Writes, keys};
use crate::args;
use crate::clock::Clock;
use crate::faults::{self, Fault};

#[derive(Clone, Debug, sqlx::FromRow)]
struct StockRow {
    variant_id: Uuid,
    location_id: Uuid,
    on_hand: i64,
    reserved: i64,
}

/// On hand and reserved, by shelf.
pub type Levels = BTreeMap<ShelfKey, (i64, i64)>;

/// Locks the stock of these variants in every place; answers what lies there.
pub async fn lock(conn: &mut Conn, variants: &[VariantId]) -> sqlx::Result<Levels> {
    const HEAD: &str = "SELECT variant_id, location_id, on_hand, reserved FROM stock WHERE variant_id IN";
    let keys = keys(variants.iter().copied());
    Ok(by_shelf(conn.lock_in(HEAD, keys, "ORDER BY variant_id, location_id").await?))
}

/// What lies of these variants in every place.
pub async fn levels(conn: &mut Conn, variants: &[VariantId]) -> sqlx::Result<Levels> {
    const HEAD: &str = "SELECT variant_id, location_id, on_hand, reserved FROM stock WHERE variant_id IN";
    Ok(by_shelf(conn.all_in(HEAD, keys(variants.iter().copied()), "").await?))
}

fn by_shelf(rows: Vec<StockRow>) -> Levels {
    let level = |row: StockRow| ((VariantId(row.variant_id), LocationId(row.location_id)), (row.on_hand, row.reserved));
    rows.into_iter().map(level).collect()
}

/// Holds the stock of these variants until the transaction ends, in the one order. SQLite's writer is alone already.
pub async fn hold(conn: &mut Conn, variants: &[VariantId]) -> sqlx::Result<()> {
    if conn.is_postgres() {
        lock(conn, variants).await?;
    }
    Ok(())
}

/// Writes down what was promised to checkouts. The levels follow with [`shift`].
pub fn reserve(writes: &mut Writes, reserves: &[(CheckoutId, Reserve)]) {
    const HEAD: &str = "INSERT INTO reservations (checkout_id, variant_id, location_id, quantity, status)";
    let row = |(checkout, reserve): &(CheckoutId, Reserve)| {
        args![*checkout, reserve.variant_id, reserve.location_id, reserve.quantity, "active"]
    };
    if faults::is(Fault::ReservationForgotten) {
        return;
    }
    writes.insert(HEAD, reserves.iter().map(row).collect(), "");
}

/// A shelf: a variant in a place.
pub type ShelfKey = (VariantId, LocationId);

/// Changes what lies on shelves and what of it is promised. The rows were held and the rules have decided; should a row
/// be missing, nothing of it may be kept.
pub fn shift(writes: &mut Writes, shifts: &BTreeMap<ShelfKey, Shift>) {
    const SHIFT: &str = "UPDATE stock SET on_hand = stock.on_hand + v.column3, reserved = stock.reserved + v.column4";
    let row = |((variant, location), by): (&ShelfKey, &Shift)| args![*variant, *location, by.on_hand, by.reserved];
    let rows = shifts.iter().filter(|(_, by)| **by != Shift::default()).map(row).collect();
    let tail = "WHERE stock.variant_id = v.column1 AND stock.location_id = v.column2";
    writes.update_each(SHIFT, rows, tail);
}

/// By how much a shelf changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shift {
    /// So many more lie there.
    pub on_hand: i64,
    /// So many more are promised.
    pub reserved: i64,
}

/// Units that a checkout holds right now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Held {
    /// Who holds them.
    pub checkout_id: Uuid,
    /// Of what.
    pub variant_id: Uuid,
    /// Where.
    pub location_id: Uuid,
    /// How many.
    pub quantity: i64,
}

impl Held {
    /// What a checkout is promised.
    pub fn of((checkout, promised): &(CheckoutId, Reserve)) -> Self {
        let Reserve { variant_id, location_id, quantity } = *promised;
        Held { checkout_id: checkout.0, variant_id: variant_id.0, location_id: location_id.0, quantity }
    }

    /// Where they lie.
    pub fn shelf(&self) -> ShelfKey {
        (VariantId(self.variant_id), LocationId(self.location_id))
    }
}

/// What checkouts hold.
pub async fn held(conn: &mut Conn, checkouts: Vec<CheckoutId>) -> sqlx::Result<Vec<Held>> {
    const HELD: &str = "SELECT checkout_id, variant_id, location_id, quantity FROM reservations
         WHERE status = 'active' AND checkout_id IN";
    let mut held: Vec<Held> = conn.all_in(HELD, keys(checkouts), "").await?;
    held.sort_by_key(|held| (held.variant_id, held.location_id));
    Ok(held)
}

/// Ends what checkouts hold: 'released' or 'sold'. The levels follow with [`shift`].
pub fn end(writes: &mut Writes, ended: &[(CheckoutId, &'static str)]) {
    const END: &str = "UPDATE reservations SET status = v.column2";
    let rows = ended.iter().map(|(checkout, status)| args![*checkout, *status]).collect();
    let tail = "WHERE reservations.checkout_id = v.column1 AND reservations.status = 'active'";
    writes.update(END, rows, tail);
}

/// Gives back what a checkout holds; answers what that was.
pub async fn release(conn: &mut Conn, checkout: CheckoutId) -> sqlx::Result<Vec<Held>> {
    let held = held(conn, vec![checkout]).await?;
    hold(conn, &held.iter().map(|held| VariantId(held.variant_id)).collect::<Vec<_>>()).await?;
    let back = |held: &Held| (held.shelf(), Shift { on_hand: 0, reserved: -held.quantity });
    let mut writes = Writes::default();
    end(&mut writes, &[(checkout, "released")]);
    shift(&mut writes, &held.iter().map(back).collect());
    conn.write(writes).await?;
    Ok(held)
}

/// Puts goods of an order back on the shelves they were sold from; answers what was counted, once for each shelf.
pub async fn restock(
    conn: &mut Conn,
    clock: &Clock,
    checkout: CheckoutId,
    units: &[(VariantId, i64)],
    cause: (MovementKind, &str, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<VariantId>> {
    const STOCK: &str = "UPDATE stock SET on_hand = stock.on_hand + v.column3";
    let (kind, reference, actor) = cause;
    let still_out = still_out(conn, checkout, reference).await?;
    let times = if faults::is(Fault::RestockedTwice) { 2 } else { 1 };
    let mut back: Vec<(ShelfKey, i64)> = vec![];
    for (variant, units) in units {
        let shelves = still_out.get(variant).map(Vec::as_slice).unwrap_or_default();
        back.extend(put_back(*units, shelves).into_iter().map(|(place, units)| ((*variant, place), units * times)));
    }
    back.sort_unstable();
    let variants: Vec<VariantId> = back.iter().map(|((variant, _), _)| *variant).collect();
    hold(conn, &variants).await?;
    let rows = back.iter().map(|((variant, location), units)| args![*variant, *location, *units]).collect();
    let mut writes = Writes::default();
    writes.update(STOCK, rows, "WHERE stock.variant_id = v.column1 AND stock.location_id = v.column2");
    let moves = back.iter().map(|((variant, location), delta)| Movement {
        variant: *variant,
        location: *location,
        kind,
        delta: *delta,
        reference,
        actor,
    });
    record(&mut writes, clock, moves.collect(), now);
    conn.write(writes).await?;
    Ok(variants)
}

/// What an order has sold from each place and has not put back there.
async fn still_out(
    conn: &mut Conn,
    checkout: CheckoutId,
    number: &str,
) -> sqlx::Result<HashMap<VariantId, Vec<(LocationId, i64)>>> {
    const SOLD: &str = "SELECT r.checkout_id, r.variant_id, r.location_id,
             r.quantity - CAST(COALESCE((SELECT SUM(m.delta) FROM stock_movements m
                 WHERE m.variant_id = r.variant_id AND m.location_id = r.location_id AND m.reference = $2
                   AND m.kind IN ('return', 'cancel')), 0) AS BIGINT) AS quantity
         FROM reservations r WHERE r.checkout_id = $1 AND r.status = 'sold' ORDER BY r.variant_id, r.location_id";
    let sold: Vec<Held> = conn.all(SOLD, args![checkout, number]).await?;
    let mut out: HashMap<VariantId, Vec<(LocationId, i64)>> = HashMap::new();
    for held in sold {
        let (variant, place) = held.shelf();
        out.entry(variant).or_default().push((place, held.quantity));
    }
    Ok(out)
}

/// One change of what lies in stock.
pub struct Movement<'a> {
    /// Of what.
    pub variant: VariantId,
    /// Where.
    pub location: LocationId,
    /// Why.
    pub kind: MovementKind,
    /// So many more, or fewer.
    pub delta: i64,
    /// What caused it: an order, a catalog, a note.
    pub reference: &'a str,
    /// Who did it.
    pub actor: &'a str,
}

/// Writes the ledger.
pub fn record(writes: &mut Writes, clock: &Clock, moves: Vec<Movement<'_>>, now: DateTime<Utc>) {
    const HEAD: &str = "INSERT INTO stock_movements (id, variant_id, location_id, kind, delta, reference, actor, at)";
    if faults::is(Fault::MovementForgotten) {
        return;
    }
    let row = |m: Movement<'_>| {
        let id: Uuid = clock.id();
        args![id, m.variant, m.location, m.kind.as_str(), m.delta, m.reference, m.actor, now]
    };
    writes.insert(HEAD, moves.into_iter().map(row).collect(), "");
}

/// Sets what lies on shelves, writing the difference to the ledger. Shelves that are not there yet are made.
pub async fn set_on_hand(
    conn: &mut Conn,
    clock: &Clock,
    levels: &[(ShelfKey, i64)],
    kind: MovementKind,
    reference: &str,
    actor: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    const MAKE: &str = "INSERT INTO stock (variant_id, location_id, on_hand, reserved)";
    const SET: &str = "UPDATE stock SET on_hand = v.column3";
    let variants: BTreeSet<VariantId> = levels.iter().map(|((variant, _), _)| *variant).collect();
    let before = lock(conn, &variants.into_iter().collect::<Vec<_>>()).await?;
    let new = levels.iter().filter(|(shelf, _)| !before.contains_key(shelf));
    let rows = new.map(|((variant, location), on_hand)| args![*variant, *location, *on_hand, 0]).collect();
    conn.insert_many(MAKE, rows, "").await?;
    let was = |shelf: &ShelfKey| before.get(shelf).map_or(0, |(on_hand, _)| *on_hand);
    let changed: Vec<_> = levels.iter().filter(|(shelf, on_hand)| was(shelf) != *on_hand).collect();
    let known = changed.iter().filter(|(shelf, _)| before.contains_key(shelf));
    let rows = known.map(|((variant, location), on_hand)| args![*variant, *location, *on_hand]).collect();
    conn.update_many(SET, rows, "WHERE stock.variant_id = v.column1 AND stock.location_id = v.column2").await?;
    let moves = changed.iter().map(|(shelf, on_hand)| Movement {
        variant: shelf.0,
        location: shelf.1,
        kind,
        delta: on_hand - was(shelf),
        reference,
        actor,
    });
    let mut writes = Writes::default();
    record(&mut writes, clock, moves.collect(), now);
    conn.write(writes).await
}

/// Makes the stock of variants where they have none yet: nothing lies there.
pub async fn ensure(conn: &mut Conn, stock: Vec<(VariantId, LocationId)>) -> sqlx::Result<()> {
    const MAKE: &str = "INSERT INTO stock (variant_id, location_id, on_hand, reserved)";
    let rows = stock.into_iter().map(|(variant, location)| args![variant, location, 0, 0]).collect();
    conn.insert_many(MAKE, rows, "ON CONFLICT (variant_id, location_id) DO NOTHING").await.map(|_| ())
}

/// Writes what a sheet has decided on locked stock, and the ledger.
pub async fn apply(
    conn: &mut Conn,
    clock: &Clock,
    changes: &[StockChange],
    actor: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    const SET: &str = "UPDATE stock SET on_hand = v.column3";
    let rows = changes.iter().map(|change| args![change.variant_id, change.location_id, change.on_hand]).collect();
    conn.update_many(SET, rows, "WHERE stock.variant_id = v.column1 AND stock.location_id = v.column2").await?;
    let moves = changes.iter().map(|change| Movement {
        variant: change.variant_id,
        location: change.location_id,
        kind: change.reason.kind(),
        delta: change.on_hand - change.was,
        reference: &change.note,
        actor,
    });
    let mut writes = Writes::default();
    record(&mut writes, clock, moves.collect(), now);
    conn.write(writes).await
}
