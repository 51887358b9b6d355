//! Categories as they are kept.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use commerce::catalog::CategoryInput;
use commerce::ids::CategoryId;
use serde_json::json;
use uuid::Uuid;

use super::events::{self, Event};
use super::{Conn, products};
use crate::args;
use crate::error::Result;

/// A category in the words of a catalog file, with what stands behind it.
#[derive(Clone, Debug)]
pub struct StoredCategory {
    /// Its id.
    pub id: CategoryId,
    /// Raised by every change.
    pub version: i64,
    /// What an export writes.
    pub input: CategoryInput,
}

#[derive(sqlx::FromRow)]
struct CategoryRow {
    id: Uuid,
    parent: Option<String>,
    slug: String,
    name: String,
    description: String,
    image: Option<String>,
    position: i64,
    version: i64,
}

#[derive(sqlx::FromRow)]
struct OldSlugRow {
    entity_id: Uuid,
    slug: String,
}

/// Every category, by slug.
pub async fn all(conn: &mut Conn) -> sqlx::Result<HashMap<String, StoredCategory>> {
    const ALL: &str = "SELECT c.id, p.slug AS parent, c.slug, c.name, c.description, c.image, c.position, c.version
         FROM categories c LEFT JOIN categories p ON p.id = c.parent_id";
    const OLD_SLUGS: &str = "SELECT entity_id, slug FROM slug_history WHERE entity = 'category'";
    let mut old_slugs: HashMap<Uuid, Vec<String>> = HashMap::new();
    for old in conn.all::<OldSlugRow>(OLD_SLUGS, args![]).await? {
        old_slugs.entry(old.entity_id).or_default().push(old.slug);
    }
    old_slugs.values_mut().for_each(|slugs| slugs.sort_unstable());
    let rows: Vec<CategoryRow> = conn.all(ALL, args![]).await?;
    let stored = rows.into_iter().map(|row| {
        let old_slugs = old_slugs.remove(&row.id).unwrap_or_default();
        (row.slug.clone(), row.into_stored(old_slugs))
    });
    Ok(stored.collect())
}

impl CategoryRow {
    fn into_stored(self, old_slugs: Vec<String>) -> StoredCategory {
        let CategoryRow { id, parent, slug, name, description, image, position, version } = self;
        let input = CategoryInput { slug, old_slugs, name, parent, description, image, position };
        StoredCategory { id: CategoryId(id), version, input }
    }
}

/// Writes a category, its old addresses and its event. `wanted` carries the version after this change: 1 for a new one.
pub async fn save(
    conn: &mut Conn,
    wanted: &StoredCategory,
    parent: Option<CategoryId>,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    const SAVE: &str = "INSERT INTO categories
         (id, parent_id, slug, name, description, image, position, version, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
         ON CONFLICT (id) DO UPDATE SET parent_id = excluded.parent_id, slug = excluded.slug,
         name = excluded.name, description = excluded.description, image = excluded.image, position = excluded.position,
         version = excluded.version, updated_at = excluded.updated_at
         WHERE categories.version = excluded.version - 1";
    let StoredCategory { id, version, input } = wanted;
    let row =
        args![*id, parent, &input.slug, &input.name, &input.description, &input.image, input.position, *version, now];
    if conn.execute(SAVE, row).await? == 0 {
        return Err(products::changed_meanwhile(&input.slug));
    }
    const TAKEN: &str = "DELETE FROM slug_history WHERE entity = 'category' AND slug = $1";
    const OLD_SLUGS: &str = "INSERT INTO slug_history (entity, slug, entity_id, at)";
    conn.execute(TAKEN, args![&input.slug]).await?;
    let old_slugs = input.old_slugs.iter().map(|slug| args!["category", slug, *id, now]);
    conn.insert_many(OLD_SLUGS, old_slugs.collect(), "ON CONFLICT (entity, slug) DO NOTHING").await?;
    let kind = if *version == 1 { "category.created" } else { "category.updated" };
    let event =
        Event { kind, subject: "category", subject_id: id.0, version: *version, data: json!({}), actor, at: now };
    Ok(events::append(conn, event).await?)
}

#[derive(sqlx::FromRow)]
struct IdRow {
    #[expect(dead_code, reason = "the row is locked, not read")]
    id: Uuid,
}

/// Locks every category until the transaction ends: a tree is only a tree as a whole.
pub async fn lock(conn: &mut Conn) -> sqlx::Result<()> {
    conn.lock_all::<IdRow>("SELECT id FROM categories ORDER BY id", args![]).await.map(|_| ())
}

#[derive(sqlx::FromRow)]
struct CountRow {
    category_id: Uuid,
    products: i64,
}

/// How many products of any status stand directly in each category.
pub async fn product_counts(conn: &mut Conn) -> sqlx::Result<HashMap<CategoryId, i64>> {
    const COUNTS: &str = "SELECT category_id, COUNT(*) AS products FROM product_categories GROUP BY category_id";
    let rows: Vec<CountRow> = conn.all(COUNTS, args![]).await?;
    Ok(rows.into_iter().map(|row| (CategoryId(row.category_id), row.products)).collect())
}

/// How many products of any status stand directly in a category.
pub async fn products_in(conn: &mut Conn, id: CategoryId) -> sqlx::Result<i64> {
    const COUNT: &str =
        "SELECT category_id, COUNT(*) AS products FROM product_categories WHERE category_id = $1 GROUP BY category_id";
    Ok(conn.optional::<CountRow>(COUNT, args![id]).await?.map_or(0, |row| row.products))
}

/// Deletes a category that has no children. Its products and its addresses go to what it stood under, if there is that.
pub async fn delete(
    conn: &mut Conn,
    category: &StoredCategory,
    parent: Option<CategoryId>,
    actor: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    const TO_PARENT: &str = "INSERT INTO product_categories (product_id, category_id, position)
         SELECT product_id, $2, position FROM product_categories WHERE category_id = $1
         ON CONFLICT (product_id, category_id) DO NOTHING";
    const ADDRESSES: &str = "UPDATE slug_history SET entity_id = $2 WHERE entity = 'category' AND entity_id = $1";
    const ADDRESS: &str = "INSERT INTO slug_history (entity, slug, entity_id, at) VALUES ('category', $1, $2, $3)";
    let StoredCategory { id, version, input } = category;
    if let Some(parent) = parent {
        conn.execute(TO_PARENT, args![*id, parent]).await?;
        conn.execute(ADDRESSES, args![*id, parent]).await?;
        conn.execute(ADDRESS, args![&input.slug, parent, now]).await?;
    }
    conn.execute("DELETE FROM slug_history WHERE entity = 'category' AND entity_id = $1", args![*id]).await?;
    conn.execute("DELETE FROM product_categories WHERE category_id = $1", args![*id]).await?;
    conn.execute("DELETE FROM categories WHERE id = $1", args![*id]).await?;
    let (kind, subject, data) = ("category.deleted", "category", json!({ "parent": parent }));
    events::append(conn, Event { kind, subject, subject_id: id.0, version: version + 1, data, actor, at: now }).await
}
