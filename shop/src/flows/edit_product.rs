//! Staff edit a product: make one, change what a patch names, put an edit beside what others changed meanwhile, archive.
//! The product's row is locked first, then its stock, so that edits of one product follow each other.

mod wanted;

use chrono::{DateTime, Utc};
use commerce::catalog::{
    FieldChange, FieldConflict, ProductInput, ProductPatch, ProductStatus, Seo, merge, slugify, taking,
};
use commerce::ids::ProductId;
use commerce::inventory::MovementKind;

use super::retrying;
use crate::app::App;
use crate::error::{Error, Result};
use crate::store::products::{self, StoredProduct};
use crate::store::{Conn, Tx, locations};

pub(super) use wanted::Wanted;

/// A product after an edit.
#[derive(Clone, Debug)]
pub struct Saved {
    /// As it is now.
    pub product: StoredProduct,
    /// Whether the edit changed anything.
    pub changed: bool,
    /// What others had changed meanwhile, which was kept.
    pub by_them: Vec<FieldChange>,
}

/// An edit that met another one. Nothing was written.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// The product as it is now.
    pub current: StoredProduct,
    /// The edit put together with it, with the editor's own words where the two conflict.
    pub merged: ProductInput,
    /// What has to be decided.
    pub conflicts: Vec<FieldConflict>,
    /// What others changed since the edit began.
    pub by_them: Vec<FieldChange>,
}

/// What came of an edit.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It is kept.
    Saved(Box<Saved>),
    /// Somebody else was there first.
    Conflict(Box<Conflict>),
}

/// An edit of a whole product in a form.
#[derive(Clone, Debug)]
pub struct Edit {
    /// The product as the form was filled with: [`StoredProduct::editable`].
    pub base: ProductInput,
    /// The product as it is wanted.
    pub yours: ProductInput,
    /// Fields of an earlier conflict in which the others were given in to: they become what `base` has.
    pub theirs: Vec<String>,
}

/// Makes a product. Without a slug it gets one from its name; a stock level is its first count.
pub async fn create(app: &App, product: ProductInput, actor: &str) -> Result<Saved> {
    retrying(|| create_once(app, product.clone(), actor)).await
}

async fn create_once(app: &App, product: ProductInput, actor: &str) -> Result<Saved> {
    let mut tx = app.db.begin().await?;
    let id = write(app, &mut tx, None, product, actor, app.clock.now()).await?;
    let id = id.ok_or_else(|| Error::Internal("a new product is a change".into()))?;
    committed(app, tx, id, true, vec![]).await
}

/// The product that a patch makes out of nothing.
pub fn drafted(app: &App, patch: ProductPatch) -> Result<ProductInput> {
    let nothing = ProductInput {
        slug: String::new(),
        old_slugs: vec![],
        name: String::new(),
        brand: None,
        summary: None,
        description_html: String::new(),
        status: ProductStatus::Draft,
        categories: vec![],
        tags: vec![],
        options: vec![],
        variants: vec![],
        images: vec![],
        attributes: vec![],
        low_stock_threshold: 0,
        seo: Seo::default(),
        parts: vec![],
        related: vec![],
    };
    patch.apply(nothing, app.shop.load().currency).map_err(Error::Invalid)
}

/// Changes what a patch names, provided that the product still has the version that was seen.
pub async fn save(app: &App, id: ProductId, version: i64, patch: ProductPatch, actor: &str) -> Result<Outcome> {
    retrying(|| save_once(app, id, version, patch.clone(), actor)).await
}

async fn save_once(app: &App, id: ProductId, version: i64, patch: ProductPatch, actor: &str) -> Result<Outcome> {
    let mut tx = app.db.begin().await?;
    let stored = locked(app, &mut tx, id).await?;
    let current = stored.editable();
    if stored.version != version {
        let conflict = Conflict { merged: current, current: stored, conflicts: vec![], by_them: vec![] };
        return Ok(Outcome::Conflict(Box::new(conflict)));
    }
    let wanted = patch.apply(current, app.shop.load().currency).map_err(Error::Invalid)?;
    let changed = write(app, &mut tx, Some(&stored), wanted, actor, app.clock.now()).await?.is_some();
    Ok(Outcome::Saved(Box::new(committed(app, tx, id, changed, vec![]).await?)))
}

/// Saves a form, keeping what others changed since it was filled. Where both changed the same field nothing is written
/// and both are shown.
pub async fn save_form(app: &App, id: ProductId, edit: &Edit, actor: &str) -> Result<Outcome> {
    retrying(|| save_form_once(app, id, edit, actor)).await
}

async fn save_form_once(app: &App, id: ProductId, edit: &Edit, actor: &str) -> Result<Outcome> {
    let mut tx = app.db.begin().await?;
    let stored = locked(app, &mut tx, id).await?;
    let yours = wanted::tidied(taking(&edit.yours, &edit.base, &edit.theirs));
    let merge = merge(&edit.base, &stored.editable(), &yours);
    if !merge.conflicts.is_empty() {
        let (conflicts, by_them) = (merge.conflicts, merge.by_them);
        let conflict = Conflict { current: stored, merged: merge.merged, conflicts, by_them };
        return Ok(Outcome::Conflict(Box::new(conflict)));
    }
    let changed = write(app, &mut tx, Some(&stored), merge.merged, actor, app.clock.now()).await?.is_some();
    Ok(Outcome::Saved(Box::new(committed(app, tx, id, changed, merge.by_them).await?)))
}

/// Takes a product out of the catalog. One that is out already stays as it is.
pub async fn archive(app: &App, id: ProductId, actor: &str) -> Result<Saved> {
    retrying(|| archive_once(app, id, actor)).await
}

async fn archive_once(app: &App, id: ProductId, actor: &str) -> Result<Saved> {
    let mut tx = app.db.begin().await?;
    let stored = locked(app, &mut tx, id).await?;
    let wanted = ProductInput { status: ProductStatus::Archived, ..stored.editable() };
    let changed = write(app, &mut tx, Some(&stored), wanted, actor, app.clock.now()).await?.is_some();
    committed(app, tx, id, changed, vec![]).await
}

/// The product with its row and its stock locked.
pub(super) async fn locked(app: &App, conn: &mut Conn, id: ProductId) -> Result<StoredProduct> {
    let currency = app.shop.load().currency;
    products::load_one(conn, currency, id, true).await?.ok_or(Error::NotFound)
}

/// Checks a product and writes it, if it differs from what is stored; answers its id then.
pub(super) async fn write(
    app: &App,
    conn: &mut Conn,
    stored: Option<&StoredProduct>,
    product: ProductInput,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<Option<ProductId>> {
    let Wanted { product, categories } = Wanted::checked(app, conn, stored, product).await?;
    let places = locations::by_name(conn).await?;
    let Some(change) = products::change(stored, product, &places, &app.clock, now).map_err(Error::Invalid)? else {
        return Ok(None);
    };
    let (id, changes, by) = (change.id, [change], (actor, MovementKind::Stocktake));
    products::write(conn, &app.clock, &changes, &categories, by, now).await?;
    Ok(Some(id))
}

async fn committed(app: &App, mut tx: Tx, id: ProductId, changed: bool, by_them: Vec<FieldChange>) -> Result<Saved> {
    let currency = app.shop.load().currency;
    let product = products::load_one(&mut tx, currency, id, false).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    Ok(Saved { product, changed, by_them })
}

/// A slug from a name, for a product that was given none.
fn drafted_slug(name: &str) -> String {
    let slug = slugify(name);
    if slug.is_empty() { "product".to_owned() } else { slug }
}
