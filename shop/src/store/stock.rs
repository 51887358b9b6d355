//! Stock and its ledger. Rows are locked in the order (variant, location), so that no two sales wait for each other.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use commerce::checkout::Reserve;
use commerce::ids::{CheckoutId, LocationId, VariantId};
use commerce::inventory::MovementKind;
use commerce::inventory::sheet::StockChange;
use uuid::Uuid;

use super::{Conn, defaults::LOCATION, keys};
use crate::args;
use crate::clock::Clock;
use crate::faults::{self, Fault};

#[derive(Clone, Debug, sqlx::FromRow)]
struct StockRow {
    variant_id: Uuid,
    on_hand: i64,
    reserved: i64,
}

/// Locks the stock of these variants; answers (on hand, reserved) of those that have any.
pub async fn lock(conn: &mut Conn, variants: &[VariantId]) -> sqlx::Result<HashMap<VariantId, (i64, i64)>> {
    const HEAD: &str = "SELECT variant_id, on_hand, reserved FROM stock WHERE variant_id IN";
    let keys = keys(variants.iter().copied());
    let rows: Vec<StockRow> = conn.lock_in(HEAD, keys, "ORDER BY variant_id, location_id").await?;
    Ok(rows.into_iter().map(|row| (VariantId(row.variant_id), (row.on_hand, row.reserved))).collect())
}

/// Holds the stock of these variants until the transaction ends, in the one order. SQLite's writer is alone already.
pub async fn hold(conn: &mut Conn, variants: &[VariantId]) -> sqlx::Result<()> {
    if conn.is_postgres() {
        lock(conn, variants).await?;
    }
    Ok(())
}

/// Promises units to a checkout. The rows have been locked and the rules have decided.
pub async fn reserve(conn: &mut Conn, checkout: CheckoutId, reserves: &[Reserve]) -> sqlx::Result<()> {
    const RESERVATIONS: &str = "INSERT INTO reservations (checkout_id, variant_id, location_id, quantity, status)";
    const STOCK: &str = "UPDATE stock SET reserved = stock.reserved + v.column2";
    let rows = reserves.iter().map(|r| args![checkout, r.variant_id, LOCATION, r.quantity, "active"]);
    if !faults::is(Fault::ReservationForgotten) {
        conn.insert_many(RESERVATIONS, rows.collect(), "").await?;
    }
    let rows = reserves.iter().map(|r| args![r.variant_id, r.quantity]).collect();
    conn.update_many(STOCK, rows, "WHERE stock.variant_id = v.column1").await?;
    Ok(())
}

/// Units that a checkout holds right now.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Held {
    /// Of what.
    pub variant_id: Uuid,
    /// Where.
    pub location_id: Uuid,
    /// How many.
    pub quantity: i64,
}

/// What a checkout holds, in locking order.
pub async fn held(conn: &mut Conn, checkout: CheckoutId) -> sqlx::Result<Vec<Held>> {
    const HELD: &str = "SELECT variant_id, location_id, quantity FROM reservations
         WHERE checkout_id = $1 AND status = 'active' ORDER BY variant_id, location_id";
    conn.all(HELD, args![checkout]).await
}

/// Gives back what a checkout holds; answers what that was.
pub async fn release(conn: &mut Conn, checkout: CheckoutId) -> sqlx::Result<Vec<Held>> {
    const STOCK: &str = "UPDATE stock SET reserved = stock.reserved - v.column3";
    let held = end_reservations(conn, checkout, "released").await?;
    let times = if faults::is(Fault::ReleasedTwice) { 2 } else { 1 };
    let rows = held.iter().map(|h| args![h.variant_id, h.location_id, h.quantity * times]).collect();
    conn.update_many(STOCK, rows, "WHERE stock.variant_id = v.column1 AND stock.location_id = v.column2").await?;
    Ok(held)
}

/// Turns what a checkout holds into a sale: it leaves the stock, and the ledger says so.
pub async fn sell(
    conn: &mut Conn,
    clock: &Clock,
    checkout: CheckoutId,
    order_number: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Held>> {
    const STOCK: &str = "UPDATE stock SET on_hand = stock.on_hand - v.column3, reserved = stock.reserved - v.column3";
    const KEPT: &str = "UPDATE stock SET on_hand = stock.on_hand - v.column3";
    let held = end_reservations(conn, checkout, "sold").await?;
    let rows = held.iter().map(|h| args![h.variant_id, h.location_id, h.quantity]).collect();
    let stock = if faults::is(Fault::SoldStaysReserved) { KEPT } else { STOCK };
    conn.update_many(stock, rows, "WHERE stock.variant_id = v.column1 AND stock.location_id = v.column2").await?;
    let moves = held.iter().map(|h| Movement {
        variant: VariantId(h.variant_id),
        location: LocationId(h.location_id),
        kind: MovementKind::Sale,
        delta: -h.quantity,
        reference: order_number,
        actor: "buyer",
    });
    record(conn, clock, moves.collect(), now).await?;
    Ok(held)
}

/// Puts goods of an order back on the shelf they were sold from; answers those that were counted.
pub async fn restock(
    conn: &mut Conn,
    clock: &Clock,
    checkout: CheckoutId,
    units: &[(VariantId, i64)],
    cause: (MovementKind, &str, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<VariantId>> {
    const SOLD: &str = "SELECT variant_id, location_id, quantity FROM reservations
         WHERE checkout_id = $1 AND status = 'sold' ORDER BY variant_id, location_id";
    const STOCK: &str = "UPDATE stock SET on_hand = stock.on_hand + v.column3";
    let sold: Vec<Held> = conn.all(SOLD, args![checkout]).await?;
    let back = |held: &Held| units.iter().find(|(variant, _)| variant.0 == held.variant_id).map(|(_, units)| *units);
    let times = if faults::is(Fault::RestockedTwice) { 2 } else { 1 };
    let back: Vec<(Held, i64)> = sold.into_iter().filter_map(|held| Some((held, back(&held)? * times))).collect();
    let variants: Vec<VariantId> = back.iter().map(|(held, _)| VariantId(held.variant_id)).collect();
    lock(conn, &variants).await?;
    let rows = back.iter().map(|(held, units)| args![held.variant_id, held.location_id, *units]).collect();
    conn.update_many(STOCK, rows, "WHERE stock.variant_id = v.column1 AND stock.location_id = v.column2").await?;
    let (kind, reference, actor) = cause;
    let moves = back.iter().map(|(held, units)| Movement {
        variant: VariantId(held.variant_id),
        location: LocationId(held.location_id),
        kind,
        delta: *units,
        reference,
        actor,
    });
    record(conn, clock, moves.collect(), now).await?;
    Ok(variants)
}

async fn end_reservations(conn: &mut Conn, checkout: CheckoutId, status: &'static str) -> sqlx::Result<Vec<Held>> {
    const END: &str = "UPDATE reservations SET status = $2 WHERE checkout_id = $1 AND status = 'active'
         RETURNING variant_id, location_id, quantity";
    let mut held: Vec<Held> = conn.all(END, args![checkout, status]).await?;
    held.sort_by_key(|held| (held.variant_id, held.location_id));
    // A single one is held by the write that follows.
    if held.len() > 1 {
        hold(conn, &held.iter().map(|held| VariantId(held.variant_id)).collect::<Vec<_>>()).await?;
    }
    Ok(held)
}

/// One change of what lies in stock.
struct Movement<'a> {
    variant: VariantId,
    location: LocationId,
    kind: MovementKind,
    delta: i64,
    reference: &'a str,
    actor: &'a str,
}

async fn record(conn: &mut Conn, clock: &Clock, moves: Vec<Movement<'_>>, now: DateTime<Utc>) -> sqlx::Result<()> {
    const HEAD: &str = "INSERT INTO stock_movements (id, variant_id, location_id, kind, delta, reference, actor, at)";
    if faults::is(Fault::MovementForgotten) {
        return Ok(());
    }
    let row = |m: Movement<'_>| {
        let id: Uuid = clock.id();
        args![id, m.variant, m.location, m.kind.as_str(), m.delta, m.reference, m.actor, now]
    };
    conn.insert_many(HEAD, moves.into_iter().map(row).collect(), "").await?;
    Ok(())
}

/// Sets what lies in stock, writing the difference to the ledger. Variants that have no stock row get one.
pub async fn set_on_hand(
    conn: &mut Conn,
    clock: &Clock,
    levels: &[(VariantId, i64)],
    kind: MovementKind,
    reference: &str,
    actor: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    const MAKE: &str = "INSERT INTO stock (variant_id, location_id, on_hand, reserved)";
    const SET: &str = "UPDATE stock SET on_hand = v.column3";
    let variants: Vec<VariantId> = levels.iter().map(|(variant, _)| *variant).collect();
    let before = lock(conn, &variants).await?;
    let new = levels.iter().filter(|(variant, _)| !before.contains_key(variant));
    let rows = new.map(|(variant, on_hand)| args![*variant, LOCATION, *on_hand, 0]).collect();
    conn.insert_many(MAKE, rows, "").await?;
    let was = |variant: &VariantId| before.get(variant).map_or(0, |(on_hand, _)| *on_hand);
    let changed: Vec<_> = levels.iter().filter(|(variant, on_hand)| was(variant) != *on_hand).collect();
    let known = changed.iter().filter(|(variant, _)| before.contains_key(variant));
    let rows = known.map(|(variant, on_hand)| args![*variant, LOCATION, *on_hand]).collect();
    conn.update_many(SET, rows, "WHERE stock.variant_id = v.column1 AND stock.location_id = v.column2").await?;
    let moves = changed.iter().map(|(variant, on_hand)| Movement {
        variant: *variant,
        location: LOCATION,
        kind,
        delta: on_hand - was(variant),
        reference,
        actor,
    });
    record(conn, clock, moves.collect(), now).await
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
    record(conn, clock, moves.collect(), now).await
}
