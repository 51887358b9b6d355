//! What home tells: sums over orders and carts, what needs somebody, and whether the set-up list is put away.

use std::ops::Range;

use chrono::{DateTime, Utc};
use commerce::ids::{ProductId, VariantId};
use commerce::money::Currency;
use serde_json::json;
use sqlx::types::Json;
use uuid::Uuid;

use super::{Arg, Conn, Query, keys, reviews};
use crate::args;

/// A stretch of time.
pub type Moments = Range<DateTime<Utc>>;

/// What orders of a stretch of time come to. Canceled ones count as never placed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sold {
    /// How many orders.
    pub orders: i64,
    /// What they come to, less what of it was paid back.
    pub revenue: i64,
}

#[derive(sqlx::FromRow)]
struct SlotRow {
    slot: i64,
    orders: i64,
    revenue: i64,
}

#[derive(sqlx::FromRow)]
struct RefundRow {
    placed_at: DateTime<Utc>,
    amount: i64,
}

/// What was sold in each of these stretches of time.
pub async fn sold(conn: &mut Conn, stretches: &[Moments], currency: Currency) -> sqlx::Result<Vec<Sold>> {
    // One look into the index for each stretch and sum: joined, either engine may go through every order instead.
    const SOLD: &str = "SELECT v.column1 AS slot,
            (SELECT COUNT(*) FROM orders o WHERE o.placed_at >= v.column2 AND o.placed_at < v.column3
               AND o.currency = v.column4 AND o.status <> 'canceled') AS orders,
            (SELECT CAST(COALESCE(SUM(o.total), 0) AS BIGINT) FROM orders o WHERE o.placed_at >= v.column2
               AND o.placed_at < v.column3 AND o.currency = v.column4 AND o.status <> 'canceled') AS revenue
         FROM";
    const REFUNDED: &str = "SELECT o.placed_at, r.amount FROM refunds r JOIN orders o ON o.id = r.order_id
         WHERE r.created_at >= $1 AND r.status = 'succeeded' AND o.placed_at >= $1 AND o.currency = $2
           AND o.status <> 'canceled'";
    let mut sold = vec![Sold::default(); stretches.len()];
    let Some(first) = stretches.iter().map(|stretch| stretch.start).min() else { return Ok(sold) };
    let row = |(slot, stretch): (i64, &Moments)| args![slot, stretch.start, stretch.end, currency.code()];
    let mut query = Query::new(SOLD);
    query.values((0..).zip(stretches).map(row));
    for row in conn.all_by::<SlotRow>(query).await? {
        sold[row.slot as usize] = Sold { orders: row.orders, revenue: row.revenue };
    }
    let refunds: Vec<RefundRow> = conn.all(REFUNDED, args![first, currency.code()]).await?;
    for refund in refunds {
        let of_it = stretches.iter().zip(&mut sold).filter(|(stretch, _)| stretch.contains(&refund.placed_at));
        of_it.for_each(|(_, sold)| sold.revenue -= refund.amount);
    }
    Ok(sold)
}

/// Carts that were begun, and how many of them became orders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Carts {
    /// Begun in the period.
    pub carts: i64,
    /// Of those, bought.
    pub bought: i64,
    /// Begun in the period before.
    pub carts_before: i64,
    /// Of those, bought.
    pub bought_before: i64,
}

/// What became of the carts of a period and of the one before.
pub async fn carts(conn: &mut Conn, now: &Moments, before: &Moments) -> sqlx::Result<Carts> {
    const CARTS: &str = "SELECT
            COUNT(*) FILTER (WHERE created_at >= $1) AS carts, COUNT(order_id) FILTER (WHERE created_at >= $1) AS bought,
            COUNT(*) FILTER (WHERE created_at < $3) AS carts_before,
            COUNT(order_id) FILTER (WHERE created_at < $3) AS bought_before
         FROM carts WHERE created_at >= $2 AND created_at < $4";
    conn.one(CARTS, args![now.start, before.start, before.end, now.end]).await
}

/// A product and what was sold of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopProduct {
    /// Which.
    pub id: ProductId,
    /// What it is called now.
    pub name: String,
    /// Its picture.
    pub picture: Option<String>,
    /// Units.
    pub units: i64,
    /// What the lines come to.
    pub revenue: i64,
}

#[derive(sqlx::FromRow)]
struct TopRow {
    product_id: Uuid,
    name: String,
    picture: Option<String>,
    units: i64,
    revenue: i64,
}

/// The products that brought in most in a stretch of time.
pub async fn top(conn: &mut Conn, of: &Moments, currency: Currency, limit: i64) -> sqlx::Result<Vec<TopProduct>> {
    const TOP: &str = "SELECT t.product_id, p.name,
            (SELECT m.src FROM images m WHERE m.product_id = p.id AND m.position = 0) AS picture, t.units, t.revenue
         FROM (SELECT i.product_id, CAST(SUM(i.quantity) AS BIGINT) AS units, CAST(SUM(i.total) AS BIGINT) AS revenue
               FROM orders o JOIN order_items i ON i.order_id = o.id
               WHERE o.placed_at >= $1 AND o.placed_at < $2 AND o.currency = $3 AND o.status <> 'canceled'
               GROUP BY i.product_id ORDER BY revenue DESC, i.product_id LIMIT $4) t
         JOIN products p ON p.id = t.product_id ORDER BY t.revenue DESC, t.product_id";
    let rows: Vec<TopRow> = conn.all(TOP, args![of.start, of.end, currency.code(), limit]).await?;
    let top = |TopRow { product_id, name, picture, units, revenue }: TopRow| {
        let id = ProductId(product_id);
        TopProduct { id, name, picture, units, revenue }
    };
    Ok(rows.into_iter().map(top).collect())
}

/// How much waits for somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Needs {
    /// Payments that a person has to look at, as their list counts them.
    #[sqlx(default)]
    pub reviews: i64,
    /// Refunds that the provider refused.
    pub failed_refunds: i64,
    /// Jobs that were given up.
    pub dead_jobs: i64,
    /// Paid orders of which something is to be sent.
    pub to_ship: i64,
    /// Those of them that have waited too long.
    pub to_ship_late: i64,
    /// Orders that nobody has paid yet.
    pub unpaid: i64,
    /// Whether anything was ever ordered.
    pub has_orders: bool,
}

/// What waits for somebody; an order placed before `late` has waited too long.
pub async fn needs(conn: &mut Conn, late: DateTime<Utc>) -> sqlx::Result<Needs> {
    const NEEDS: &str = "SELECT
            (SELECT COUNT(*) FROM refunds WHERE status = 'failed') AS failed_refunds,
            (SELECT COUNT(*) FROM jobs WHERE status = 'dead' AND status IN ('done', 'dead')) AS dead_jobs,
            s.to_ship, s.to_ship_late, s.unpaid, EXISTS (SELECT 1 FROM orders) AS has_orders
         FROM (SELECT
                 COUNT(*) FILTER (WHERE payment_status IN ('paid', 'partially_refunded')) AS to_ship,
                 COUNT(*) FILTER (WHERE payment_status IN ('paid', 'partially_refunded') AND placed_at < $1)
                     AS to_ship_late,
                 COUNT(*) FILTER (WHERE payment_status = 'pending') AS unpaid
               FROM orders WHERE status = 'open' AND (fulfillment_status IN ('unfulfilled', 'partial')
                                                      OR payment_status = 'pending')) s";
    let needs: Needs = conn.one(NEEDS, args![late]).await?;
    Ok(Needs { reviews: reviews::count(conn).await?, ..needs })
}

#[derive(sqlx::FromRow)]
struct Count {
    n: i64,
}

/// How many paid orders have something to be sent.
pub async fn to_ship(conn: &mut Conn) -> sqlx::Result<i64> {
    const TO_SHIP: &str = "SELECT COUNT(*) AS n FROM orders WHERE status = 'open'
         AND payment_status IN ('paid', 'partially_refunded') AND fulfillment_status IN ('unfulfilled', 'partial')";
    let count: Count = conn.one(TO_SHIP, args![]).await?;
    Ok(count.n)
}

#[derive(sqlx::FromRow)]
struct WentRow {
    variant_id: Uuid,
    went: i64,
}

/// How many units of these variants were sold since a moment.
pub async fn went(
    conn: &mut Conn,
    variants: &[VariantId],
    since: DateTime<Utc>,
) -> sqlx::Result<Vec<(VariantId, i64)>> {
    let mut query = Query::new("SELECT variant_id, CAST(-SUM(delta) AS BIGINT) AS went FROM stock_movements");
    if variants.is_empty() {
        return Ok(vec![]);
    }
    query.and_one_of("variant_id", keys(variants.iter().copied()));
    query.and("kind = 'sale'");
    query.and_is("at >=", since);
    query.then("GROUP BY variant_id");
    let rows: Vec<WentRow> = conn.all_by(query).await?;
    Ok(rows.into_iter().map(|row| (VariantId(row.variant_id), row.went)).collect())
}

#[derive(sqlx::FromRow)]
struct SettingRow {
    value: Json<serde_json::Value>,
}

/// Whether somebody put the set-up list away.
pub async fn is_setup_hidden(conn: &mut Conn) -> sqlx::Result<bool> {
    let row: Option<SettingRow> = conn.optional("SELECT value FROM settings WHERE name = $1", args!["home"]).await?;
    Ok(row.is_some_and(|row| row.value.0["setup_hidden"] == true))
}

/// Puts the set-up list away, or back.
pub async fn hide_setup(conn: &mut Conn, hidden: bool, now: DateTime<Utc>) -> sqlx::Result<()> {
    const SAVE: &str = "INSERT INTO settings (name, value, version, updated_at) VALUES ($1, $2, 1, $3)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value, version = settings.version + 1,
            updated_at = excluded.updated_at";
    conn.execute(SAVE, args!["home", Arg::json(&json!({ "setup_hidden": hidden })), now]).await?;
    Ok(())
}
