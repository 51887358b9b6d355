//! Staff edit the tree of categories. The whole tree is locked for an edit, so that two of them can't make a circle.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use commerce::catalog::{CategoryInput, slugify};
use commerce::error::Refusal;
use commerce::ids::CategoryId;
use serde::Deserialize;

use super::retrying;
use crate::app::App;
use crate::error::{Error, Result};
use crate::store::categories::{self, StoredCategory};
use crate::store::products::join_old_slugs;
use crate::store::{Conn, Tx};

/// What shall be otherwise about a category; what is `None` stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryPatch {
    /// The version that was seen when the change was thought of.
    pub version: Option<i64>,
    /// Its name.
    pub name: Option<String>,
    /// Its name in URLs; the one it has till now goes on leading to it. A new category gets one from its name.
    pub slug: Option<String>,
    /// The slug of what it stands under; empty is the top.
    pub parent: Option<String>,
    /// A sentence about it.
    pub description: Option<String>,
    /// A picture of the shop, or a link; empty is none.
    pub image: Option<String>,
    /// Its place among its siblings, from 0; without it a new or moved one comes last.
    pub place: Option<usize>,
}

/// What came of an edit.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It is kept.
    Saved(Box<StoredCategory>),
    /// Somebody else was there first: as it is now.
    Conflict(Box<StoredCategory>),
}

/// What becomes of what stands in a category that is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contents {
    /// There must be nothing.
    None,
    /// Products and categories move to what it stands under.
    ToParent,
}

/// The categories by slug, all of them locked.
struct Tree {
    all: HashMap<String, StoredCategory>,
    now: DateTime<Utc>,
}

/// Makes a category.
pub async fn create(app: &App, patch: &CategoryPatch, actor: &str) -> Result<StoredCategory> {
    retrying(|| create_once(app, patch, actor)).await
}

async fn create_once(app: &App, patch: &CategoryPatch, actor: &str) -> Result<StoredCategory> {
    let (mut tx, tree) = open(app).await?;
    let name = patch.name.clone().unwrap_or_default();
    let blank = CategoryInput {
        slug: tree.free_slug(&name),
        old_slugs: vec![],
        name,
        parent: None,
        description: String::new(),
        image: None,
        position: 0,
    };
    let new = StoredCategory { id: app.clock.id(), version: 0, input: blank };
    let saved = tree.write(&mut tx, &new, patch, actor).await?;
    tx.commit().await?;
    Ok(saved)
}

/// Changes what a patch names: rename, describe, move, put in another place among its siblings.
pub async fn save(app: &App, id: CategoryId, version: i64, patch: &CategoryPatch, actor: &str) -> Result<Outcome> {
    retrying(|| save_once(app, id, version, patch, actor)).await
}

async fn save_once(app: &App, id: CategoryId, version: i64, patch: &CategoryPatch, actor: &str) -> Result<Outcome> {
    let (mut tx, tree) = open(app).await?;
    let known = tree.by_id(id)?.clone();
    if known.version != version {
        return Ok(Outcome::Conflict(Box::new(known)));
    }
    let saved = tree.write(&mut tx, &known, patch, actor).await?;
    tx.commit().await?;
    Ok(Outcome::Saved(Box::new(saved)))
}

/// Deletes a category. Its address leads to what it stood under from then on.
pub async fn delete(app: &App, id: CategoryId, contents: Contents, actor: &str) -> Result<()> {
    retrying(|| delete_once(app, id, contents, actor)).await
}

async fn delete_once(app: &App, id: CategoryId, contents: Contents, actor: &str) -> Result<()> {
    let (mut tx, tree) = open(app).await?;
    let known = tree.by_id(id)?.clone();
    let parent = known.input.parent.as_ref().and_then(|slug| tree.all.get(slug)).map(|parent| parent.id);
    let products = categories::products_in(&mut tx, id).await?;
    let children: Vec<StoredCategory> = tree.children(Some(&known.input.slug)).into_iter().cloned().collect();
    if contents == Contents::None && (products > 0 || !children.is_empty()) {
        let refusal = "There are products or categories in it. Move them to the category above, or empty it first.";
        return Err(Refusal::NotAllowed(refusal).into());
    }
    if products > 0 && parent.is_none() {
        let refusal = "It stands at the top, so its products would stand nowhere. Move them first.";
        return Err(Refusal::NotAllowed(refusal).into());
    }
    for mut child in children {
        child.version += 1;
        child.input.parent.clone_from(&known.input.parent);
        categories::save(&mut tx, &child, parent, actor, tree.now).await?;
    }
    categories::delete(&mut tx, &known, parent, actor, tree.now).await?;
    Ok(tx.commit().await?)
}

async fn open(app: &App) -> Result<(Tx, Tree)> {
    let mut tx = app.db.begin().await?;
    categories::lock(&mut tx).await?;
    let all = categories::all(&mut tx).await?;
    let now = app.clock.now();
    Ok((tx, Tree { all, now }))
}

impl Tree {
    fn by_id(&self, id: CategoryId) -> Result<&StoredCategory> {
        self.all.values().find(|category| category.id == id).ok_or(Error::NotFound)
    }

    /// What stands directly under a category, in order; under `None`, the top.
    fn children(&self, parent: Option<&String>) -> Vec<&StoredCategory> {
        let mut children: Vec<_> = self.all.values().filter(|one| one.input.parent.as_ref() == parent).collect();
        children.sort_by_key(|child| (child.input.position, &child.input.name));
        children
    }

    /// A slug that no category has or had.
    fn free_slug(&self, name: &str) -> String {
        let slug = match slugify(name) {
            slug if slug.is_empty() => "category".to_owned(),
            slug => slug,
        };
        let is_known = |slug: &String| {
            self.all.values().any(|known| known.input.slug == *slug || known.input.old_slugs.contains(slug))
        };
        let numbered = (2..).map(|number| format!("{slug}-{number}"));
        let mut tried = std::iter::once(slug.clone()).chain(numbered);
        tried.find(|slug| !is_known(slug)).unwrap_or(slug)
    }

    /// Writes a category as a patch wants it, and the siblings that make room for it. Version 0 is a new one.
    async fn write(
        &self,
        conn: &mut Conn,
        known: &StoredCategory,
        patch: &CategoryPatch,
        actor: &str,
    ) -> Result<StoredCategory> {
        let mut wanted = patched(&known.input, patch);
        let before = (known.version > 0).then_some((&known.input.slug, &known.input.old_slugs));
        join_old_slugs(&mut wanted.old_slugs, &wanted.slug, before);
        wanted.check().map_err(Error::Invalid)?;
        self.check(known, &wanted)?;
        let moved = known.version == 0 || wanted.parent != known.input.parent || patch.place.is_some();
        if moved {
            wanted.position = self.make_room(conn, known, &wanted, patch.place, actor).await?;
        }
        if known.version > 0 && wanted == known.input {
            return Ok(known.clone());
        }
        let parent = wanted.parent.as_ref().and_then(|slug| self.all.get(slug)).map(|parent| parent.id);
        let saved = StoredCategory { id: known.id, version: known.version + 1, input: wanted };
        categories::save(conn, &saved, parent, actor, self.now).await?;
        Ok(saved)
    }

    /// What the shop has against it: an address that is taken, a parent that is not there or stands below it.
    fn check(&self, known: &StoredCategory, wanted: &CategoryInput) -> Result<()> {
        if self.all.get(&wanted.slug).is_some_and(|other| other.id != known.id) {
            return Err(Error::field("slug", "Another category has this address."));
        }
        let mut above = wanted.parent.as_ref();
        while let Some(slug) = above {
            let parent = self.all.get(slug).ok_or_else(|| Error::field("parent", "There is no such category."))?;
            if parent.id == known.id {
                return Err(Error::field("parent", "A category can't stand under itself."));
            }
            above = parent.input.parent.as_ref();
        }
        Ok(())
    }

    /// Numbers the siblings anew around the place that is wanted; answers its position.
    async fn make_room(
        &self,
        conn: &mut Conn,
        known: &StoredCategory,
        wanted: &CategoryInput,
        place: Option<usize>,
        actor: &str,
    ) -> Result<i64> {
        let mut siblings = self.children(wanted.parent.as_ref());
        siblings.retain(|sibling| sibling.id != known.id);
        let place = place.unwrap_or(siblings.len()).min(siblings.len());
        let parent = wanted.parent.as_ref().and_then(|slug| self.all.get(slug)).map(|parent| parent.id);
        for (index, sibling) in siblings.into_iter().enumerate() {
            let position = (if index < place { index } else { index + 1 }) as i64;
            if sibling.input.position != position {
                let mut moved = sibling.clone();
                moved.version += 1;
                moved.input.position = position;
                categories::save(conn, &moved, parent, actor, self.now).await?;
            }
        }
        Ok(place as i64)
    }
}

fn patched(was: &CategoryInput, patch: &CategoryPatch) -> CategoryInput {
    let or_none = |text: &String| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    CategoryInput {
        slug: patch.slug.clone().unwrap_or_else(|| was.slug.clone()),
        old_slugs: was.old_slugs.clone(),
        name: patch.name.as_ref().map_or_else(|| was.name.clone(), |name| name.trim().to_owned()),
        parent: patch.parent.as_ref().map_or_else(|| was.parent.clone(), or_none),
        description: patch.description.clone().unwrap_or_else(|| was.description.clone()),
        image: patch.image.as_ref().map_or_else(|| was.image.clone(), or_none),
        position: was.position,
    }
}
