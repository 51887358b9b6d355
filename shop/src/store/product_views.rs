//! What was looked at, and what beside it in the same visit, counted by day. Nobody is in it.

use chrono::NaiveDate;
use commerce::ids::ProductId;
use uuid::Uuid;

use super::{Arg, Conn};
use crate::args;

/// Two products of one visit, the smaller id first; a product beside itself is the product alone.
pub type Pair = (ProductId, ProductId);

/// How often two products were looked at in one visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Which two.
    pub pair: Pair,
    /// How often.
    pub views: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    product_id: Uuid,
    beside_id: Uuid,
    views: i64,
}

#[derive(sqlx::FromRow)]
struct Number {
    n: i64,
}

/// Adds to the counts of a day, which may have so many pairs: beyond them only those count that are there already.
pub async fn add(conn: &mut Conn, day: NaiveDate, mut seen: Vec<Seen>, most: i64) -> sqlx::Result<()> {
    const HEAD: &str = "INSERT INTO product_views (day, product_id, beside_id, views)";
    const TAIL: &str = "ON CONFLICT (day, product_id, beside_id)
         DO UPDATE SET views = product_views.views + excluded.views";
    const UPDATE: &str = "UPDATE product_views SET views = product_views.views + v.column4";
    // Writers agree on an order, so that none waits for another in a circle.
    seen.sort_by_key(|one| one.pair);
    let day = day.to_string();
    let row = |one: Seen| -> Vec<Arg> { args![day.as_str(), one.pair.0, one.pair.1, one.views] };
    let rows: Vec<Vec<Arg>> = seen.into_iter().map(row).collect();
    let there: Number = conn.one("SELECT COUNT(*) AS n FROM product_views WHERE day = $1", args![day.as_str()]).await?;
    match there.n < most {
        true => conn.insert_many(HEAD, rows, TAIL).await?,
        false => {
            let same = "WHERE product_views.day = v.column1 AND product_views.product_id = v.column2
                 AND product_views.beside_id = v.column3";
            conn.update_many(UPDATE, rows, same).await?
        }
    };
    Ok(())
}

/// What was looked at since a day, the most first. What only one visit had is left out: it says nothing about others.
pub async fn since(conn: &mut Conn, day: NaiveDate, most: i64) -> sqlx::Result<Vec<Seen>> {
    const SINCE: &str = "SELECT product_id, beside_id, CAST(SUM(views) AS BIGINT) AS views
         FROM product_views WHERE day >= $1 GROUP BY product_id, beside_id HAVING SUM(views) > 1
         ORDER BY SUM(views) DESC, product_id, beside_id LIMIT $2";
    let rows: Vec<Row> = conn.all(SINCE, args![day.to_string(), most]).await?;
    let seen = |row: Row| Seen { pair: (ProductId(row.product_id), ProductId(row.beside_id)), views: row.views };
    Ok(rows.into_iter().map(seen).collect())
}

/// The products that were looked at since a day, the most first; those that somebody looked at once are left out.
pub async fn alone(conn: &mut Conn, day: NaiveDate, most: i64) -> sqlx::Result<Vec<ProductId>> {
    const ALONE: &str = "SELECT product_id, beside_id, CAST(SUM(views) AS BIGINT) AS views
         FROM product_views WHERE day >= $1 AND product_id = beside_id
         GROUP BY product_id, beside_id HAVING SUM(views) > 1 ORDER BY SUM(views) DESC, product_id LIMIT $2";
    let rows: Vec<Row> = conn.all(ALONE, args![day.to_string(), most]).await?;
    Ok(rows.into_iter().map(|row| ProductId(row.product_id)).collect())
}

/// Forgets the days before one.
pub async fn prune(conn: &mut Conn, before: NaiveDate) -> sqlx::Result<()> {
    conn.execute("DELETE FROM product_views WHERE day < $1", args![before.to_string()]).await.map(|_| ())
}
