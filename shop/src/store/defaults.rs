//! The one market, price list and location that every shop begins with.

use chrono::{DateTime, Utc};
use commerce::ids::{LocationId, PriceListId};
use uuid::Uuid;

use super::{Conn, Db};
use crate::args;

/// The market that everybody buys in until there are more.
pub const MARKET: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);
/// The price list that everybody pays by until there are more.
pub const PRICE_LIST: PriceListId = PriceListId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002));
/// The place where stock lies until there are more.
pub const LOCATION: LocationId = LocationId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0003));
/// When a price without a beginning begins. No nullable column takes part in a unique key.
pub const ALWAYS: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// Makes the three rows where they are missing.
pub async fn ensure(db: &Db) -> sqlx::Result<()> {
    let mut tx = db.begin().await?;
    insert(&mut tx).await?;
    tx.commit().await
}

async fn insert(conn: &mut Conn) -> sqlx::Result<()> {
    const MARKETS: &str = "INSERT INTO markets (id, code, name, version) VALUES ($1, $2, $3, 1) ON CONFLICT DO NOTHING";
    const LISTS: &str = "INSERT INTO price_lists (id, market_id, code, name, version) VALUES ($1, $2, $3, $4, 1) ON CONFLICT DO NOTHING";
    const LOCATIONS: &str =
        "INSERT INTO locations (id, code, name, version) VALUES ($1, $2, $3, 1) ON CONFLICT DO NOTHING";
    conn.execute(MARKETS, args![MARKET, "default", "Everywhere"]).await?;
    conn.execute(LISTS, args![PRICE_LIST, MARKET, "default", "Prices"]).await?;
    conn.execute(LOCATIONS, args![LOCATION, "default", "Stock room"]).await?;
    Ok(())
}
