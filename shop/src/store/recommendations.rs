//! What goes with what, as the job worked it out, and how far it has come.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use commerce::ids::ProductId;
use serde_json::json;
use sqlx::types::Json;
use uuid::Uuid;

use super::events::{self, Event};
use super::{Arg, Conn, keys};
use crate::args;
use crate::clock::Clock;

/// The sort of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Bought in the same orders; scores in thousandths.
    Together,
    /// Alike by what products say about themselves; scores in thousandths.
    Similar,
    /// What its buyers buy besides, by the linear model; scores in millionths.
    GoesWith,
    /// Bought more than usual of late, in the whole shop: [`SHOP`] stands for the product.
    Trending,
}

/// Stands in the place of a product where a list is the whole shop's.
pub const SHOP: ProductId = ProductId(Uuid::nil());

/// A list: products and how strong each is, the strongest first.
pub type List = Vec<(ProductId, i64)>;

/// Lists by what they are about.
pub type Lists = HashMap<(ProductId, Kind), List>;

impl Kind {
    const ALL: [Self; 4] = [Self::Together, Self::Similar, Self::GoesWith, Self::Trending];

    fn name(self) -> &'static str {
        match self {
            Self::Together => "together",
            Self::Similar => "similar",
            Self::GoesWith => "goes_with",
            Self::Trending => "trending",
        }
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    product_id: Uuid,
    kind: String,
    body: Json<Vec<(Uuid, i64)>>,
}

/// Every list there is.
pub async fn all(conn: &mut Conn) -> sqlx::Result<Vec<(ProductId, Kind, List)>> {
    let rows: Vec<Row> = conn.all("SELECT product_id, kind, body FROM recommendations", args![]).await?;
    Ok(rows.into_iter().filter_map(read).collect())
}

/// The lists about some products.
pub async fn about(conn: &mut Conn, products: &[ProductId]) -> sqlx::Result<Lists> {
    const ABOUT: &str = "SELECT product_id, kind, body FROM recommendations WHERE product_id IN";
    let rows: Vec<Row> = conn.all_in(ABOUT, keys(products.iter().copied()), "").await?;
    Ok(rows.into_iter().filter_map(read).map(|(product, kind, list)| ((product, kind), list)).collect())
}

/// A row as it was meant; one of a kind that is not known here is left alone.
fn read(row: Row) -> Option<(ProductId, Kind, List)> {
    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == row.kind)?;
    let list = row.body.0.into_iter().map(|(id, score)| (ProductId(id), score)).collect();
    Some((ProductId(row.product_id), kind, list))
}

/// Keeps lists in the place of their older selves.
pub async fn save(conn: &mut Conn, lists: Lists, now: DateTime<Utc>) -> sqlx::Result<()> {
    const HEAD: &str = "INSERT INTO recommendations (product_id, kind, body, made_at)";
    const AGAIN: &str = "ON CONFLICT (product_id, kind) DO UPDATE SET body = excluded.body, made_at = excluded.made_at";
    let rows = lists.into_iter().map(|((product, kind), list)| {
        let list: Vec<(Uuid, i64)> = list.into_iter().map(|(id, score)| (id.0, score)).collect();
        args![product, kind.name(), Arg::json(&list), now]
    });
    conn.insert_many(HEAD, rows.collect(), AGAIN).await.map(|_| ())
}

/// Forgets every list about products that are not sold any more.
pub async fn forget(conn: &mut Conn, products: &[ProductId]) -> sqlx::Result<()> {
    conn.delete_in("DELETE FROM recommendations WHERE product_id IN", keys(products.iter().copied())).await
}

/// The products that were looked at: each has a list of what is like it, were it empty.
pub async fn known(conn: &mut Conn) -> sqlx::Result<HashSet<ProductId>> {
    #[derive(sqlx::FromRow)]
    struct Known {
        product_id: Uuid,
    }
    const KNOWN: &str = "SELECT product_id FROM recommendations WHERE kind = 'similar'";
    let rows: Vec<Known> = conn.all(KNOWN, args![]).await?;
    Ok(rows.into_iter().map(|row| ProductId(row.product_id)).collect())
}

/// How far the job has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Run {
    /// When everything was worked out for the last time.
    pub full_at: DateTime<Utc>,
    /// Orders that were placed until then are in it.
    pub orders_to: DateTime<Utc>,
}

/// How far the job has come; `None` when it never ran.
pub async fn last_run(conn: &mut Conn) -> sqlx::Result<Option<Run>> {
    conn.optional("SELECT full_at, orders_to FROM recommendation_runs WHERE id = 1", args![]).await
}

/// Notes how far the job has come.
pub async fn note_run(conn: &mut Conn, run: Run) -> sqlx::Result<()> {
    const NOTE: &str = "INSERT INTO recommendation_runs (id, full_at, orders_to) VALUES (1, $1, $2)
         ON CONFLICT (id) DO UPDATE SET full_at = excluded.full_at, orders_to = excluded.orders_to";
    conn.execute(NOTE, args![run.full_at, run.orders_to]).await.map(|_| ())
}

/// Tells every node that lists have changed.
pub async fn tell(conn: &mut Conn, clock: &Clock) -> sqlx::Result<()> {
    let event = Event {
        kind: "recommendations.changed",
        subject: "recommendations",
        subject_id: SHOP.0,
        version: 0,
        data: json!({}),
        actor: "system",
        at: clock.now(),
    };
    events::append(conn, event).await
}
