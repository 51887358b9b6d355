//! The places where stock lies, as its rows point to them. Which there are, their names and their order are a setting of
//! the shop; a place that has left the settings keeps its row for the ledger, and nothing is sold from it.

use std::collections::{HashMap, HashSet};

use commerce::ids::{CheckoutId, LocationId, VariantId};
use uuid::Uuid;

use super::Conn;
use crate::args;
use crate::settings::Location;

#[derive(sqlx::FromRow)]
struct LocationRow {
    code: String,
    name: String,
    sells: bool,
}

/// Lets the rows follow the settings.
pub async fn keep(conn: &mut Conn, locations: &[Location]) -> sqlx::Result<()> {
    const KEEP: &str = "INSERT INTO locations (id, code, name, sells, version)";
    const KNOWN: &str = "ON CONFLICT (id) DO UPDATE SET name = excluded.name, sells = excluded.sells";
    const GONE: &str = "UPDATE locations SET sells = false";
    let known = all(conn).await?;
    let stays: HashSet<&str> = locations.iter().map(|location| location.code.as_str()).collect();
    let row = |one: &Location| args![one.id(), &one.code, &one.name, one.sells, 1];
    let new = |one: &&Location| !known.contains(one);
    conn.insert_many(KEEP, locations.iter().filter(new).map(row).collect(), KNOWN).await?;
    let gone = known.iter().filter(|one| one.sells && !stays.contains(one.code.as_str()));
    conn.update_many(GONE, gone.map(|one| args![one.id()]).collect(), "WHERE locations.id = v.column1").await?;
    Ok(())
}

/// Every place there ever was.
pub async fn all(conn: &mut Conn) -> sqlx::Result<Vec<Location>> {
    let rows: Vec<LocationRow> = conn.all("SELECT code, name, sells FROM locations ORDER BY code", args![]).await?;
    Ok(rows.into_iter().map(|row| Location { code: row.code, name: row.name, sells: row.sells }).collect())
}

/// The places that staff look at: those of the settings in their order, then such as have left them and still hold
/// something.
pub async fn shown(conn: &mut Conn, listed: &[Location]) -> sqlx::Result<Vec<Location>> {
    let all = all(conn).await?;
    let gone: Vec<&Location> = all.iter().filter(|one| listed.iter().all(|other| other.code != one.code)).collect();
    let full = in_use(conn, &gone).await?;
    let rest = gone.into_iter().filter(|one| full.contains(&one.code));
    Ok(listed.iter().chain(rest).cloned().collect())
}

/// Every place by its code and by its id.
pub async fn by_name(conn: &mut Conn) -> sqlx::Result<HashMap<String, LocationId>> {
    let names = |one: Location| [(one.code.clone(), one.id()), (one.id().to_string(), one.id())];
    Ok(all(conn).await?.into_iter().flat_map(names).collect())
}

/// From where the lines of orders were taken: name or code of each place, and units.
pub type Taken = HashMap<(CheckoutId, VariantId), Vec<(Location, i64)>>;

#[derive(sqlx::FromRow)]
struct TakenRow {
    checkout_id: Uuid,
    variant_id: Uuid,
    code: String,
    name: String,
    sells: bool,
    quantity: i64,
}

/// From where what was sold in these checkouts was taken. What is not counted was taken from nowhere.
pub async fn taken(conn: &mut Conn, checkouts: impl IntoIterator<Item = CheckoutId>) -> sqlx::Result<Taken> {
    const TAKEN: &str = "SELECT r.checkout_id, r.variant_id, l.code, l.name, l.sells, r.quantity
         FROM reservations r JOIN locations l ON l.id = r.location_id WHERE r.status = 'sold' AND r.checkout_id IN";
    let rows: Vec<TakenRow> = conn.all_in(TAKEN, super::keys(checkouts), "ORDER BY l.name").await?;
    let mut taken = Taken::new();
    for TakenRow { checkout_id, variant_id, code, name, sells, quantity } in rows {
        let of = (CheckoutId(checkout_id), VariantId(variant_id));
        taken.entry(of).or_default().push((Location { code, name, sells }, quantity));
    }
    Ok(taken)
}

#[derive(sqlx::FromRow)]
struct Used {
    code: String,
}

/// Those of these places, by code, where something lies or is promised.
pub async fn in_use(conn: &mut Conn, locations: &[&Location]) -> sqlx::Result<Vec<String>> {
    const USED: &str = "SELECT l.code FROM locations l WHERE EXISTS
         (SELECT 1 FROM stock s WHERE s.location_id = l.id AND (s.on_hand <> 0 OR s.reserved <> 0)) AND l.id IN";
    let ids = super::keys(locations.iter().map(|location| location.id()));
    Ok(conn.all_in::<Used>(USED, ids, "ORDER BY l.code").await?.into_iter().map(|row| row.code).collect())
}
