//! What staff say about searches.

use commerce::ids::ProductId;
use discovery::search::{Language, QueryRule, Rules};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::types::Json;
use uuid::Uuid;

use super::events::{self, Event};
use super::{Arg, Conn, keys};
use crate::args;
use crate::clock::Clock;

/// One thing that is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum SearchRule {
    /// Words that mean the same; one-way: who searches for the first also finds the others.
    Synonyms {
        /// The words, or short phrases.
        words: Vec<String>,
        /// Whether it is not true the other way round.
        one_way: bool,
    },
    /// What one query is answered with.
    Query {
        /// What was typed, however it is written.
        query: String,
        /// Products that stand first, in this order.
        pinned: Vec<ProductId>,
        /// Products that rank higher.
        boosted: Vec<ProductId>,
        /// Products that are left out.
        hidden: Vec<ProductId>,
        /// A path of the shop to go to instead.
        redirect: Option<String>,
    },
}

/// A rule with its id and version.
#[derive(Clone, Debug)]
pub struct StoredRule {
    /// Which one.
    pub id: Uuid,
    /// What it says.
    pub rule: SearchRule,
    /// How often it was changed.
    pub version: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    body: Json<SearchRule>,
    version: i64,
}

/// All of them, the oldest first.
pub async fn all(conn: &mut Conn) -> sqlx::Result<Vec<StoredRule>> {
    const ALL: &str = "SELECT id, body, version FROM search_rules ORDER BY created_at, id";
    let rows: Vec<Row> = conn.all(ALL, args![]).await?;
    Ok(rows.into_iter().map(|row| StoredRule { id: row.id, rule: row.body.0, version: row.version }).collect())
}

/// One of them.
pub async fn load(conn: &mut Conn, id: Uuid) -> sqlx::Result<Option<StoredRule>> {
    const ONE: &str = "SELECT id, body, version FROM search_rules WHERE id = $1";
    let row: Option<Row> = conn.optional(ONE, args![id]).await?;
    Ok(row.map(|row| StoredRule { id: row.id, rule: row.body.0, version: row.version }))
}

/// A product by name, whether it is for sale or not.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct NamedProduct {
    /// Which one.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// `draft`, `active` or `archived`.
    pub status: String,
}

/// Those of these products that there are.
pub async fn products(conn: &mut Conn, ids: &[ProductId]) -> sqlx::Result<Vec<NamedProduct>> {
    conn.all_in("SELECT id, name, status FROM products WHERE id IN", keys(ids.iter().copied()), "").await
}

/// Keeps a new rule.
pub async fn insert(conn: &mut Conn, clock: &Clock, rule: &SearchRule, actor: &str) -> sqlx::Result<Uuid> {
    const INSERT: &str = "INSERT INTO search_rules (id, body, version, created_at) VALUES ($1, $2, 1, $3)";
    let id = clock.id::<Uuid>();
    conn.execute(INSERT, args![id, Arg::json(rule), clock.now()]).await?;
    tell(conn, clock, id, 1, actor).await?;
    Ok(id)
}

/// Changes a rule, unless somebody else has since it was read at `version`; whether it was.
pub async fn update(conn: &mut Conn, clock: &Clock, stored: &StoredRule, actor: &str) -> sqlx::Result<bool> {
    const UPDATE: &str = "UPDATE search_rules SET body = $1, version = version + 1 WHERE id = $2 AND version = $3";
    let changed = conn.execute(UPDATE, args![Arg::json(&stored.rule), stored.id, stored.version]).await? > 0;
    if changed {
        tell(conn, clock, stored.id, stored.version + 1, actor).await?;
    }
    Ok(changed)
}

/// Takes a rule away; whether there was one.
pub async fn remove(conn: &mut Conn, clock: &Clock, id: Uuid, actor: &str) -> sqlx::Result<bool> {
    const REMOVE: &str = "DELETE FROM search_rules WHERE id = $1";
    let gone = conn.execute(REMOVE, args![id]).await? > 0;
    if gone {
        tell(conn, clock, id, 0, actor).await?;
    }
    Ok(gone)
}

/// Every node hears of it from the events.
async fn tell(conn: &mut Conn, clock: &Clock, id: Uuid, version: i64, actor: &str) -> sqlx::Result<()> {
    let (kind, subject, at) = ("search_rule.changed", "search_rule", clock.now());
    events::append(conn, Event { kind, subject, subject_id: id, version, data: json!({}), actor, at }).await
}

/// The rules as searches use them.
pub fn rules(stored: &[StoredRule], language: Language) -> Rules {
    let mut rules = Rules::new(language);
    for StoredRule { rule, .. } in stored {
        match rule {
            SearchRule::Synonyms { words, one_way } => {
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                match words.split_first() {
                    Some((from, to)) if *one_way => to.iter().for_each(|to| rules.one_way(from, to)),
                    _ => rules.two_way(&words),
                }
            }
            SearchRule::Query { query, pinned, boosted, hidden, redirect } => {
                let ids = |products: &[ProductId]| products.iter().map(|id| id.0.as_u128()).collect();
                let rule = QueryRule {
                    pinned: ids(pinned),
                    boosted: ids(boosted),
                    hidden: ids(hidden),
                    redirect: redirect.clone(),
                };
                rules.about(query, rule);
            }
        }
    }
    rules
}
